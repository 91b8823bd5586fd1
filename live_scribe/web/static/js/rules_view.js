/** Rules that corrections make: what speaks for each and against it, to be approved, declined, and taken back. */
import * as api from "./api.js";
import { button, el } from "./dom.js";
import { mayDecideRules, mayRead } from "./permissions.js";
import { S } from "./strings.js";

export class RulesView {
  constructor(vocabulary) {
    this.vocabulary = vocabulary;
    this.list = el("div", { class: "rules" }, el("p", { class: "muted" }, S.loading));
    this.root = el("section", { class: "term-list" }, el("p", { class: "muted" }, S.lists.rulesHint),
      el("div", { class: "term-scroll" }, this.list));
  }

  /** Asks for the rules anew and shows them. */
  async refresh() {
    this.looking = mayRead(this.vocabulary.app.user);
    this.show(await this.vocabulary.ask(() => api.rules(false)));
    if (!this.looking) return;
    const rules = await this.vocabulary.ask(() => api.rules(true));
    this.looking = false;
    this.show(rules);
  }

  show(rules) {
    if (!rules) return;
    const none = el("div", { class: "empty small" }, el("p", { class: "empty-title" }, S.lists.noRules), el("p", { class: "muted" }, S.lists.noRulesHint));
    this.list.replaceChildren(...(rules.length ? rules.map((rule) => this.card(rule)) : [none]));
  }

  card(rule) {
    const l = S.lists;
    return el("article", { class: "rule", data: { state: rule.state }, "aria-label": `${rule.heard} ${l.becomes} ${rule.text}` },
      el("header", { class: "rule-head" },
        el("h3", {}, el("span", { class: "heard" }, rule.heard), el("span", { class: "muted" }, ` ${l.becomes} `), el("span", {}, rule.text)),
        el("span", { class: "pill", data: { rule: rule.state } }, l.states[rule.state])),
      el("p", {}, rule.times ? l.rests(rule.times, rule.visits) : l.noRest, rule.against ? ` ${l.against(rule.against)}` : ""),
      rule.state === "contradicted" ? el("p", { class: "rule-against" }, l.contradicted) : null,
      rule.effect ? this.effect(rule.effect) : this.looking ? el("p", { class: "muted" }, S.lists.looking) : null,
      this.foot(rule));
  }

  effect(effect) {
    const l = S.lists;
    const told = Object.entries(l.verdicts).filter(([name]) => effect[name]).map(([name, say]) => el("li", {}, say(effect[name])));
    const line = (label, text) => el("p", { class: "passage" }, el("span", { class: "muted" }, label), el("span", {}, text));
    return el("div", { class: "effect" },
      el("p", { class: "muted" }, l.heardIn(effect.times)),
      told.length ? el("ul", { class: "verdicts" }, told) : null,
      effect.examples.map((example) => el("div", { class: "example" }, line(l.before, example.before), line(l.after, example.after))));
  }

  foot(rule) {
    const l = S.lists;
    const decided = rule.state === "approved" || rule.state === "declined";
    const act = (kind, sign, text, step) => button({ kind, on: { click: () => this.decide(rule, step) } }, sign, text);
    const may = mayDecideRules(this.vocabulary.app.user);
    return el("footer", { class: "rule-foot" },
      decided ? el("span", { class: "muted" }, l.decided(rule.state, rule.decided_by)) : null,
      el("div", { class: "spacer" }),
      may && decided ? act("button", "undo", l.undo, "undo") : null,
      may && !decided ? act("button quiet", null, l.decline, "decline") : null,
      may && rule.state === "proposed" && !this.looking ? act("button primary", "check", l.approve, "approve") : null);
  }

  async decide(rule, step) {
    const rules = await this.vocabulary.ask(() => api.decideRule(rule.id, step));
    if (rules) this.vocabulary.say("");
    this.show(rules);
  }
}
