/** One statement of the note: its text with what must be looked at, what can be done to it, and what stands beside it. */
import { button, el } from "./dom.js";
import { select } from "./dialog.js";
import { refusalCard, suggestionCard } from "./beside.js";
import { StatementEditor } from "./statement_editor.js";
import { S } from "./strings.js";

const UNSURE = 0.33; // the writer proposes nothing below 0.3: what is as low as this it would nearly have left out

export class StatementView {
  constructor(desk, id) {
    this.desk = desk;
    this.id = id;
    this.root = el("li", {
      class: "statement",
      tabindex: -1,
      data: { statement: id },
      on: {
        click: (event) => this.clicked(event),
        dblclick: (event) => this.inText(event) && desk.edit(id),
        focus: (event) => event.target === this.root && desk.focused(id),
      },
    });
  }

  /** Draws the statement where anything about it is different. */
  update(statement, suggestions) {
    const { edits, selected, canEdit } = this.desk;
    const draft = edits.writing.get(this.id);
    // Not drawn anew for being selected: a press selects, and what it was on must still be there when it is let go.
    this.root.classList.toggle("selected", selected === this.id);
    const drawn = [statement, draft, edits.pending.get(this.id), edits.refused.get(this.id), canEdit, ...suggestions];
    if (this.drawn?.length === drawn.length && drawn.every((part, i) => part === this.drawn[i])) return;
    this.drawn = drawn;
    this.statement = statement;
    this.suggestions = suggestions;
    this.mark();
    if (!draft) this.editor = null;
    if (this.editor) return statement.version === draft.base || this.editor.changed();
    if (draft) this.editor = new StatementEditor(edits, this.id, S.edit);
    this.root.replaceChildren(...this.content(draft).filter(Boolean));
  }

  mark() {
    const { statement, desk } = this;
    const { root } = this;
    root.classList.toggle("human", statement.owner === "human");
    root.classList.toggle("pending", desk.edits.pending.has(this.id));
    root.classList.toggle("editing", desk.edits.writing.has(this.id));
    root.classList.toggle("unsure", statement.owner === "machine" && statement.confidence !== null && statement.confidence < UNSURE);
    root.classList.toggle("flagged", statement.flags.some((flag) => !flag.confirmed_by));
  }

  content(draft) {
    const { edits } = this.desk;
    const refused = edits.refused.get(this.id);
    return [
      draft ? this.editor.root : this.text(),
      draft ? null : el("div", { class: "gutter" }, this.aside(), this.toolbar()),
      refused ? refusalCard(this.desk, this.id, refused) : null,
      ...this.suggestions.map((suggestion) => suggestionCard(this.desk, suggestion)),
    ];
  }

  text() {
    const pending = this.desk.edits.pending.get(this.id);
    const parts = pending?.text === undefined ? this.flagged() : [pending.text];
    return el("div", { class: "statement-line", title: this.about() }, el("span", { class: "statement-text" }, parts));
  }

  /** Returns what stands at the side while the toolbar does not: that it is being saved, else what it claims. */
  aside() {
    const { assertion } = this.statement;
    if (this.desk.edits.pending.has(this.id)) return el("span", { class: "aside" }, S.saving);
    return assertion && assertion !== "present" ? el("span", { class: "aside" }, S.assertions[assertion]) : null;
  }

  about() {
    if (this.statement.owner === "human") return S.byPerson(this.statement.author === "machine" ? S.desk : this.statement.author);
    return this.root.classList.contains("unsure") ? S.lowConfidence : null;
  }

  /** Returns the text in parts, with a mark and a button where values are to be confirmed. */
  flagged() {
    const { text, flags } = this.statement;
    const parts = [];
    let at = 0;
    for (const group of groups(flags, text)) {
      parts.push(text.slice(at, group.start), ...this.marked(group, text.slice(group.start, group.end)));
      at = group.end;
    }
    return [...parts, text.slice(at)];
  }

  marked({ ids, confirmed_by }, words) {
    if (confirmed_by) return [el("mark", { class: "confirmed", title: S.confirmed(confirmed_by) }, words)];
    const mark = el("mark", { class: "flag" }, words);
    const confirm = () => this.desk.confirm(this.id, ids);
    if (!this.desk.canEdit) return [mark];
    return [el("span", { class: "to-confirm" }, mark, button({ kind: "confirm", label: S.confirmFlag(words), on: { click: confirm } }, "check"))];
  }

  toolbar() {
    const { desk, id, statement } = this;
    const act = (label, sign, run) => button({ kind: "button icon-only", label, on: { click: run } }, sign);
    const play = statement.evidence.length ? act(S.play, "play", () => desk.select(id, { play: true })) : null;
    if (!desk.canEdit) return play && el("div", { class: "toolbar" }, play);
    const claim = select("claim", Object.entries(S.assertions), statement.assertion, { "aria-label": S.assertionLabel, title: S.assertionLabel });
    claim.addEventListener("change", () => desk.setAssertion(id, claim.value));
    return el("div", { class: "toolbar" }, play,
      act(S.edit, "edit", () => desk.edit(id)),
      act(S.moveUp, "up", () => desk.moveBy(id, -1)),
      act(S.moveDown, "down", () => desk.moveBy(id, 1)),
      claim,
      act(S.delete, "trash", () => desk.remove(id)));
  }

  inText(event) {
    return event.target.closest(".statement-line") && !event.target.closest("button");
  }

  clicked(event) {
    if (!this.inText(event) || getSelection().type === "Range") return;
    this.desk.select(this.id, { play: true });
  }
}

/** Returns flags in order; those with nothing but a space between them ("10 mg") are looked at, and confirmed, as one. */
function groups(flags, text) {
  const found = [];
  for (const flag of flags.toSorted((a, b) => a.start - b.start)) {
    const last = found.at(-1);
    if (last && flag.start < last.end) continue;
    const goesOn = last && !text.slice(last.end, flag.start).trim() && Boolean(last.confirmed_by) === Boolean(flag.confirmed_by);
    if (goesOn) Object.assign(last, { end: flag.end, ids: [...last.ids, flag.id] });
    else found.push({ start: flag.start, end: flag.end, ids: [flag.id], confirmed_by: flag.confirmed_by });
  }
  return found;
}
