/** One statement of the note: its text with what must be looked at, what can be done to it, and what stands beside it. */
import { button, el } from "./dom.js";
import { select } from "./dialog.js";
import { refusalCard, suggestionCard } from "./beside.js";
import { groups, sentence } from "./flags.js";
import { StatementEditor } from "./statement_editor.js";
import { S } from "./strings.js";
import { S as F } from "./strings_flags.js";

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
    if (this.claiming && !edits.pending.has(this.id)) this.claim();
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
      draft ? null : this.wrongs(),
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

  marked(group, words) {
    if (group.confirmed_by) return [el("mark", { class: "confirmed", title: S.confirmed(group.confirmed_by) }, words)];
    const mark = el("mark", { class: "flag", title: this.wrong(group) }, words);
    const confirm = () => this.desk.confirm(this.id, group.flags.map((flag) => flag.id));
    if (!this.desk.canEdit) return [mark];
    return [el("span", { class: "to-confirm" }, mark, button({ kind: "confirm", label: S.confirmFlag(words), on: { click: confirm } }, "check"))];
  }

  wrong(group) {
    const other = (id) => this.desk.statement(id);
    return sentence(group, this.statement.text, (id) => (other(id)?.deleted ? null : other(id)?.text));
  }

  /** Returns, below a statement that is looked at, what is wrong with it: a sentence for each place. */
  wrongs() {
    const open = groups(this.statement.flags, this.statement.text).filter((group) => !group.confirmed_by);
    const told = [...new Set(open.map((group) => this.wrong(group)))];
    return told.length ? el("div", { class: "wrongs", role: "note" }, told.map((text) => el("p", {}, text))) : null;
  }

  /** Returns who said what the statement rests on. */
  who() {
    const roles = this.statement.evidence.map((part) => this.desk.view.utterances.get(part.utterance)?.role ?? "unknown");
    return [...new Set(roles)].map((role) => S.roles[role]).join(", ");
  }

  toolbar() {
    const { desk, id, statement } = this;
    const act = (label, sign, run) => button({ kind: "button icon-only", label, on: { click: run } }, sign);
    const play = statement.evidence.length ? act(S.play, "play", () => desk.select(id, { play: true })) : null;
    if (!desk.canEdit) return play && el("div", { class: "toolbar" }, play);
    const claim = select("claim", Object.entries(S.assertions), statement.assertion, { "aria-label": S.assertionLabel });
    const tell = () => (claim.title = statement.evidence.length ? `${S.assertionLabel} (s). ${F.saidBy(this.who())}` : S.assertionLabel);
    for (const near of ["pointerenter", "focus"]) claim.addEventListener(near, tell); // whose voice it was may be known later
    claim.addEventListener("change", () => {
      this.claiming = document.activeElement === claim; // saving hides it for a moment, and the focus comes back
      desk.setAssertion(id, claim.value);
    });
    claim.addEventListener("keydown", (event) => event.key === "Escape" && this.root.focus());
    return el("div", { class: "toolbar" }, play,
      act(S.edit, "edit", () => desk.edit(id)),
      act(S.moveUp, "up", () => desk.moveBy(id, -1)),
      act(S.moveDown, "down", () => desk.moveBy(id, 1)),
      claim,
      act(S.delete, "trash", () => desk.remove(id)));
  }

  /** Puts the focus on what the statement claims, for the arrow keys. */
  claim() {
    this.claiming = false;
    this.root.querySelector("select[name=claim]")?.focus({ preventScroll: true });
  }

  inText(event) {
    return event.target.closest(".statement-line") && !event.target.closest("button");
  }

  clicked(event) {
    if (!this.inText(event) || getSelection().type === "Range") return;
    this.desk.select(this.id, { play: true });
  }
}
