/** The vocabulary: the clinic's list and one's own, and the rules that corrections make. */
import * as api from "./api.js";
import { closer, show } from "./dialog.js";
import { el } from "./dom.js";
import { maySeeRules } from "./permissions.js";
import { RulesView } from "./rules_view.js";
import { S } from "./strings.js";
import { TermList } from "./term_list.js";

/** Shows the vocabulary over whatever is open. */
export function showVocabulary(app) {
  if (!document.querySelector("dialog.vocabulary")) new Vocabulary(app);
}

class Vocabulary {
  constructor(app) {
    this.app = app;
    this.status = el("p", { class: "vocabulary-status", role: "status" });
    this.body = el("div", { class: "vocabulary-body" });
    const views = ["clinic", "own", ...(maySeeRules(app.user) ? ["rules"] : [])];
    const tab = (name) => el("label", { class: "tab" },
      el("input", { type: "radio", name: "vocabulary", value: name, checked: name === views[0], on: { change: () => this.open(name) } }),
      el("span", {}, S.lists.tabs[name]));
    const dialog = el("dialog", { class: "dialog vocabulary", "aria-label": S.lists.title },
      el("header", { class: "dialog-head" }, el("h2", {}, S.lists.title), closer(() => dialog.close())),
      el("div", { class: "vocabulary-top" },
        el("p", { class: "muted" }, S.lists.hint),
        el("div", { class: "tabs", role: "radiogroup", "aria-label": S.lists.title }, views.map(tab))),
      this.body, this.status);
    show(dialog);
    this.open(views[0]);
  }

  open(name) {
    this.say("");
    this.view = name === "rules" ? new RulesView(this) : new TermList(this, name);
    this.body.replaceChildren(this.view.root);
    this.view.refresh();
  }

  /** Says something at the foot of the dialog; `action` is a button beside it. */
  say(text, action = null, kind = "") {
    this.status.replaceChildren(...[text ? el("span", {}, text) : null, action].filter(Boolean));
    this.status.className = `vocabulary-status ${kind}`;
  }

  /** Does something with the service and returns its answer, or null where that failed; then it has been said why. */
  async ask(work) {
    try {
      return (await work()) ?? true;
    } catch (exc) {
      if (exc.status === 401 && (await this.app.signedOut())) return this.ask(work);
      this.say(exc.message, null, "form-error");
      return null;
    }
  }

  /** Returns a list's terms. */
  async terms(scope) {
    const all = await this.ask(api.terms);
    return all && all.filter((term) => term.scope === scope);
  }
}
