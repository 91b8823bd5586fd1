/** One list of terms: shown, added to, taken from, imported and exported. */
import * as api from "./api.js";
import { field, select } from "./dialog.js";
import { arrange, button, el, icon, readForm } from "./dom.js";
import { mayEditList } from "./permissions.js";
import { S } from "./strings.js";

const MANY = 12; // terms that are taken in without searching

export class TermList {
  constructor(vocabulary, scope) {
    this.vocabulary = vocabulary;
    this.scope = scope;
    this.editable = mayEditList(vocabulary.app.user, scope);
    this.terms = [];
    this.rows = el("ul", { class: "term-rows", "aria-label": S.lists.tabs[scope] });
    this.empty = el("div", { class: "empty small", hidden: true });
    this.count = el("span", { class: "muted" });
    this.find = el("input", { type: "search", class: "search", placeholder: S.lists.find, "aria-label": S.lists.find, hidden: true, on: { input: () => this.draw() } });
    this.root = el("section", { class: "term-list" }, this.editable ? this.form() : null, this.find,
      el("div", { class: "term-scroll" }, this.rows, this.empty), this.foot());
  }

  form() {
    const l = S.lists;
    this.text = el("input", { name: "text", required: true, maxlength: 60, autocomplete: "off", spellcheck: "false", placeholder: l.placeholder });
    return el("form", { class: "term-form", on: { submit: (event) => this.submit(event) } },
      field(l.term, this.text),
      field(l.kind, select("kind", Object.entries(l.kinds), "drug")),
      el("button", { type: "submit", class: "button primary" }, l.add));
  }

  foot() {
    const chosen = el("input", { type: "file", accept: ".txt,text/plain", hidden: true, tabIndex: -1, "aria-label": S.lists.import });
    chosen.addEventListener("change", () => this.import(chosen));
    const pick = button({ title: S.lists.fileHint, on: { click: () => chosen.click() } }, "upload", S.lists.import);
    const save = el("a", { class: "button", href: api.termsFile(this.scope), download: `terms-${this.scope}.txt` }, icon("download"), el("span", {}, S.lists.export));
    return el("footer", { class: "term-foot" }, this.count, el("div", { class: "spacer" }), this.editable ? [chosen, pick] : null, save);
  }

  async submit(event) {
    event.preventDefault();
    const form = event.currentTarget;
    const told = { ...readForm(form), scope: this.scope };
    if (await this.vocabulary.ask(() => api.addTerm(told))) {
      this.vocabulary.say("");
      this.text.value = "";
      await this.refresh();
    }
    this.text.focus();
  }

  async import(chosen) {
    const [file] = chosen.files;
    const answer = file && (await this.vocabulary.ask(() => api.importTerms(this.scope, file)));
    chosen.value = "";
    if (!answer) return;
    await this.refresh();
    this.vocabulary.say(S.lists.imported(answer.added));
  }

  async remove(term) {
    if (!(await this.vocabulary.ask(() => api.removeTerm(term.id)))) return;
    await this.refresh();
    const back = () => this.bringBack(term);
    this.vocabulary.say(S.lists.removed(term.text), button({ kind: "button quiet small", on: { click: back } }, "undo", S.lists.undo));
  }

  async bringBack({ text, kind, scope }) {
    if (!(await this.vocabulary.ask(() => api.addTerm({ text, kind, scope })))) return;
    this.vocabulary.say("");
    await this.refresh();
  }

  /** Asks for the list anew and shows it. */
  async refresh() {
    const terms = await this.vocabulary.terms(this.scope);
    if (!terms) return;
    this.terms = terms;
    this.draw();
  }

  draw() {
    const l = S.lists;
    this.find.hidden = this.terms.length <= MANY && !this.find.value;
    const wanted = this.find.value.trim().toLowerCase();
    const shown = this.terms.filter((term) => term.text.toLowerCase().includes(wanted));
    arrange(this.rows, shown.map((term) => this.row(term)));
    this.count.textContent = this.terms.length ? l.count(this.terms.length) : "";
    this.empty.hidden = shown.length > 0;
    if (wanted) this.empty.replaceChildren(el("p", { class: "muted" }, l.noMatch));
    else this.empty.replaceChildren(el("p", { class: "empty-title" }, l.empty[this.scope]), el("p", { class: "muted" }, this.editable ? l.emptyHint[this.scope] : l.emptyReadOnly));
  }

  row(term) {
    const l = S.lists;
    const { learnt } = term;
    const about = learnt ? l.learntFrom(learnt.heard, learnt.times, learnt.visits) : l.addedBy(term.added_by);
    const out = button({ kind: "button icon-only", label: l.remove(term.text), on: { click: () => this.remove(term) } }, "trash");
    return el("li", { class: "term" },
      el("span", { class: "term-text" }, term.text),
      el("span", { class: "term-kind muted" }, l.kinds[term.kind]),
      el("small", { class: "term-about muted" }, learnt ? el("span", { class: "pill learnt" }, l.learnt) : null, about),
      this.editable ? out : null);
  }
}
