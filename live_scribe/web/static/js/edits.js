/**
 * What a person is writing, has sent, or was refused: kept by visit while the page is open, whatever becomes of the line.
 *
 * Keys are statement ids, or "add:SECTION" for a new one. Kept in memory alone: a browser's storage is no place for
 * a patient's words.
 */
import { S } from "./strings.js";

const kept = new Map();

export class Edits {
  /** Returns a visit's edits, the same ones however often its desk is opened. */
  static of(visitId) {
    if (!kept.has(visitId)) kept.set(visitId, new Edits());
    return kept.get(visitId);
  }

  constructor() {
    this.writing = new Map(); // key -> {text, original, base, section, after}
    this.pending = new Map(); // key -> {text}: sent, and not yet seen in the view
    this.refused = new Map(); // key -> {mine, theirs, why, again}
    this.turns = new Map(); // key -> the last command's promise
    this.awaited = new Set(); // {seq, resolve}: accepted, and not yet seen in the view
  }

  /** Ties the edits to an open desk. */
  attach(desk) {
    this.desk = desk;
  }

  get unsaved() {
    return this.writing.size + this.pending.size + this.refused.size > 0;
  }

  /** Begins to write over a statement. */
  begin(statement, text = statement.text) {
    if (this.writing.has(statement.id)) return;
    this.refused.delete(statement.id);
    this.writing.set(statement.id, { text, original: statement.text, base: statement.version });
    this.desk.drawNow();
  }

  /** Begins a new statement in a section, behind `after` or at its end. */
  beginAdding(section, after = null, text = "") {
    const key = `add:${section}`;
    if (!this.writing.has(key)) this.writing.set(key, { text, original: "", section, after });
    this.desk.drawNow();
    return key;
  }

  /** Stops writing without saving. */
  cancel(key) {
    this.writing.delete(key);
    this.desk.redraw();
  }

  /** Saves what was written under `key`; unchanged or empty text is no edit. */
  save(key) {
    const draft = this.writing.get(key);
    if (!draft) return;
    const text = draft.text.trim();
    this.writing.delete(key);
    if (!text || text === draft.original) return this.desk.redraw();
    if (draft.section) return this.sendNew(key, draft, text);
    this.sendText(key, text, draft);
  }

  sendText(id, text, draft) {
    const build = () => ({ type: "edit_statement", statement: id, base_version: draft.base, text });
    return this.send(id, build, text, (answer) => {
      const unchanged = answer.current?.text === draft.original && !answer.current?.deleted;
      // The text that this person began with still stands: only its place or claim has changed, which is no conflict.
      if (unchanged) return this.sendText(id, text, { ...draft, base: answer.current.version, original: null });
      this.refuse(id, { mine: text, answer, again: (base) => this.sendText(id, text, { base, original: null }) });
    });
  }

  sendNew(key, draft, text) {
    const build = () => {
      const stands = this.desk.statement(draft.after)?.section === draft.section;
      return { type: "add_statement", section: draft.section, text, after: stands ? draft.after : null, problem: null };
    };
    return this.send(key, build, text, (answer) =>
      this.refuse(key, { mine: text, answer, again: () => this.sendNew(key, draft, text) }),
    );
  }

  /** Sends a command about a statement as it stands when its turn has come; `fields(statement)` gives the rest. */
  change(id, fields) {
    const build = () => {
      const statement = this.desk.statement(id);
      return statement && { statement: id, base_version: statement.version, ...fields(statement) };
    };
    return this.send(id, build, undefined, (answer) => this.desk.say(S.notSaved(reason(answer))));
  }

  /** Commands on one statement go one after the other: each names the version that the one before has left. */
  send(key, build, text, refusedBy) {
    const pending = { text };
    this.pending.set(key, pending);
    this.desk.redraw();
    const before = this.turns.get(key) ?? Promise.resolve();
    const turn = before.then(() => this.carryOut(build));
    this.turns.set(key, turn);
    return turn.then((answer) => {
      if (this.pending.get(key) === pending) this.pending.delete(key);
      if (answer?.type === "refused") refusedBy(answer);
      this.desk.redraw();
      return answer;
    });
  }

  async carryOut(build) {
    const command = build();
    if (!command) return null;
    const answer = await this.desk.live.send(command);
    if (answer.type === "accepted") await this.seen(answer.seq);
    return answer;
  }

  /** Resolves when the view holds fact `seq`. */
  seen(seq) {
    if (this.desk.view?.seq >= seq) return null; // a desk that was just opened has no view yet
    return new Promise((resolve) => this.awaited.add({ seq, resolve }));
  }

  /** To be called whenever the view has moved on. */
  settle(seq) {
    for (const waiting of this.awaited) {
      if (waiting.seq > seq) continue;
      this.awaited.delete(waiting);
      waiting.resolve();
    }
  }

  refuse(key, { mine, answer, again }) {
    const theirs = answer.code === "stale" ? answer.current : null;
    this.refused.set(key, { mine, theirs, why: reason(answer), again });
    this.desk.redraw();
  }

  /** Answers a refusal: the person's own text once more, over what stands now. */
  keepMine(key) {
    const { again, theirs } = this.refused.get(key);
    this.refused.delete(key);
    again(this.desk.statement(key)?.version ?? theirs?.version);
  }

  /** Answers a refusal: what stands stays. */
  keepTheirs(key) {
    this.refused.delete(key);
    this.desk.redraw();
  }
}

const reason = (answer) => S.refusals[answer.code] ?? answer.message ?? answer.code;
