/** What stands beside a statement and waits for a person: suggestions of the machine, and edits that were refused. */
import { button, el } from "./dom.js";
import { S } from "./strings.js";

/** Returns a suggestion with its two answers. */
export function suggestionCard(desk, suggestion) {
  const answer = (type) => () => desk.command({ type, suggestion: suggestion.id });
  const text = suggestion.op === "delete" ? null : el("p", { class: "card-text" }, suggestion.text);
  return el("div", { class: "card suggestion", data: { suggestion: suggestion.id } },
    el("div", { class: "card-label" }, S.suggestion[suggestion.op] ?? S.suggestion.add), text,
    desk.canEdit ? el("div", { class: "card-actions" },
      button({ kind: "button small", on: { click: answer("accept_suggestion") } }, null, S.accept),
      button({ kind: "button small quiet", on: { click: answer("dismiss_suggestion") } }, null, S.dismiss)) : null);
}

/** Returns an edit that did not go through, with both texts where there are two to choose from. */
export function refusalCard(desk, key, { mine, theirs, why }) {
  const keep = (mineStays) => () => (mineStays ? desk.edits.keepMine(key) : desk.edits.keepTheirs(key));
  const version = (label, text) => el("div", { class: "version" }, el("div", { class: "card-label" }, label), el("p", { class: "card-text" }, text));
  return el("div", { class: "card refusal", role: "alert" },
    el("div", { class: "card-title" }, theirs ? S.conflict : S.notSaved(why)),
    el("div", { class: "versions" }, version(S.mine, mine), theirs ? version(S.theirs, theirs.deleted ? S.takenOut : theirs.text) : null),
    el("div", { class: "card-actions" },
      button({ kind: "button small", on: { click: keep(true) } }, null, theirs ? S.keepMine : S.tryAgain),
      button({ kind: "button small quiet", on: { click: keep(false) } }, null, theirs ? S.keepTheirs : S.discard)));
}
