/** The desk of one visit: ties the live connection to what is drawn, and what is done to what is sent. */
import { Edits } from "./edits.js";
import { DeskHeader } from "./desk_header.js";
import { deskKeys } from "./desk_keys.js";
import { el } from "./dom.js";
import { Live } from "./live.js";
import { NoteView } from "./note_view.js";
import { may } from "./permissions.js";
import { Player } from "./player.js";
import { sectionsOf } from "./store.js";
import { S } from "./strings.js";
import { toast } from "./toast.js";
import { TranscriptView } from "./transcript_view.js";

const UTTERANCE_S = 60; // how long an utterance may play when its end is not known

export class Desk {
  constructor(app, visitId) {
    this.app = app;
    this.visitId = visitId;
    this.view = null;
    this.lacks = null;
    this.selected = null;
    this.edits = Edits.of(visitId);
    this.edits.attach(this);
    this.header = new DeskHeader(this);
    this.transcript = new TranscriptView(this);
    this.note = new NoteView(this);
    this.player = new Player(visitId, { on: (second) => this.transcript.playing(second), say: toast });
    this.panes = el("main", { class: "panes", hidden: true }, this.transcript.root, this.note.root);
    this.message = el("div", { class: "empty" }, el("p", { class: "muted" }, S.loading));
    this.root = el("div", { class: "desk" }, this.header.root, this.message, this.panes);
    this.keys = deskKeys(this);
    this.unload = (event) => this.edits.unsaved && event.preventDefault();
    addEventListener("keydown", this.keys);
    addEventListener("beforeunload", this.unload);
    this.live = new Live(visitId, {
      view: (view) => this.moved(view),
      hint: (hint) => this.hint(hint),
      status: (status) => this.status(status),
    });
  }

  close() {
    this.live.close();
    this.player.stop();
    this.header.meter.close();
    removeEventListener("keydown", this.keys);
    removeEventListener("beforeunload", this.unload);
  }

  get canEdit() {
    return Boolean(this.view) && may(this.app.user, "edit", this.view.state);
  }

  statement(id) {
    return this.view.statements.get(id) ?? null;
  }

  say(text, action) {
    toast(text, action);
  }

  moved(view) {
    if (view.lacks !== this.view?.lacks) this.lacks = view.lacks; // a snapshot; between two of them hints tell
    this.view = view;
    this.edits.settle(view.seq);
    this.redraw();
  }

  /** Draws once before the next frame, however many facts come in one go. */
  redraw() {
    if (this.drawing) return;
    this.drawing = true;
    // A timer where the page is in the back: frames stand still there.
    const next = document.hidden ? (run) => setTimeout(run, 100) : requestAnimationFrame;
    next(() => {
      this.drawing = false;
      if (this.view) this.draw();
    });
  }

  /** Draws at once: an editor must have the focus before the writer's next key. */
  drawNow() {
    if (this.view) this.draw();
  }

  draw() {
    this.panes.hidden = false;
    this.message.hidden = true;
    this.header.update(this.view);
    this.transcript.update(this.view);
    this.note.update(this.view);
  }

  status(status) {
    if (status === "signed-out") return this.signInAgain();
    if (S.lost[status]) {
      this.panes.hidden = true;
      this.message.hidden = false;
      this.message.replaceChildren(el("p", { class: "empty-title" }, S.lost[status]), el("a", { href: "#" }, S.back));
    }
    this.header.connection(status);
  }

  async signInAgain() {
    if (await this.app.signedOut()) return this.live.connect();
    this.header.connection("signed-out");
    this.say(S.signedOut, { text: S.signIn, run: () => this.signInAgain() });
  }

  hint(hint) {
    if (hint.type === "tail") this.transcript.hint(hint.text);
    if (hint.type === "lag") this.header.behind(hint.seconds, hint.level);
    if (hint.type === "level") this.header.meter.hint(hint);
    if (hint.type === "lacks") this.lacking(hint);
    if (hint.type === "again") this.header.again(hint.seconds);
    if (hint.type === "trouble") this.say(S.trouble);
    if (hint.type === "settled") {
      this.transcript.hint("");
      this.header.settled();
    }
  }

  lacking({ omitted, completeness, notices }) {
    this.lacks = { omitted, completeness, notices };
    this.redraw();
  }

  /** Sends a command that needs no turn; a refusal is said. */
  async command(command) {
    const answer = await this.live.send(command);
    if (answer.type === "refused") this.say(S.refusals[answer.code] ?? answer.message);
    return answer;
  }

  /** Selects a statement: its words light up, and its sound plays where that is asked for. */
  select(id, { play = false } = {}) {
    const statement = this.statement(id);
    if (!statement) return;
    this.selected = id;
    this.redraw();
    this.transcript.light(statement.evidence);
    const heard = statement.evidence.filter((e) => e.start !== null && e.start !== undefined);
    if (play && heard.length) this.player.play(heard);
    else if (play) this.player.stop();
  }

  focused(id) {
    if (this.selected !== id) this.select(id);
  }

  playFrom(said) {
    if (said.start !== null) this.player.play([{ start: said.start, end: said.end ?? said.start + UTTERANCE_S }]);
  }

  edit(id) {
    if (!this.canEdit || !this.statement(id)) return;
    this.selected = id;
    this.edits.begin(this.statement(id));
  }

  setAssertion(id, assertion) {
    this.edits.change(id, () => ({ type: "set_assertion", assertion }));
  }

  confirm(id, flags) {
    flags.forEach((flag) => this.edits.change(id, () => ({ type: "confirm_flag", flag })));
  }

  async remove(id) {
    if (!this.canEdit) return;
    const version = this.statement(id)?.version;
    const answer = await this.edits.change(id, () => ({ type: "delete_statement" }));
    if (answer?.type !== "accepted") return;
    const restore = () => this.edits.change(id, () => ({ type: "restore_statement", version }));
    this.say(S.deleted, { text: S.undo, run: restore });
  }

  /** Moves a statement one place up or down, over the edge of its section into the next one. */
  moveBy(id, step) {
    if (!this.canEdit) return;
    this.edits.change(id, (statement) => ({ type: "move_statement", ...this.placeFor(statement, step) }));
  }

  placeFor(statement, step) {
    const sections = sectionsOf(this.view);
    const at = sections.findIndex((section) => section.id === statement.section);
    const others = sections[at].statements.map((s) => s.id);
    const to = others.indexOf(statement.id) + step;
    const rest = others.filter((id) => id !== statement.id);
    if (to >= 0 && to <= rest.length) return { section: sections[at].id, after: rest[to - 1] ?? null };
    const beside = sections[Math.min(sections.length - 1, Math.max(0, at + step))];
    if (beside.id === statement.section) return { section: beside.id, after: step > 0 ? (rest.at(-1) ?? null) : null };
    return { section: beside.id, after: step < 0 ? (beside.statements.at(-1)?.id ?? null) : null };
  }

  correctUtterance(id, [first, last], text) {
    const shown = this.transcript.utterances.get(id);
    const spans = [...(shown?.root.querySelectorAll("[data-word]") ?? [])];
    const from = spans.findIndex((span) => span.dataset.word === first);
    const to = spans.findIndex((span) => span.dataset.word === last);
    shown?.correct(from < 0 || to < from ? spans : spans.slice(from, to + 1), text);
  }

  /** Goes to the next value that nobody has confirmed. */
  nextFlag() {
    const open = this.note.order.filter((id) => this.statement(id).flags.some((flag) => !flag.confirmed_by));
    const next = open.find((id) => this.note.order.indexOf(id) > this.note.order.indexOf(this.selected)) ?? open[0];
    if (!next) return;
    this.note.statements.get(next).root.scrollIntoView({ block: "center" });
    this.select(next, { play: true });
  }
}
