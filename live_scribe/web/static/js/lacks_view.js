/** What was heard and stands nowhere in the note: a line each, with its sound, one key to add it, one to put it aside. */
import { arrange, button, el } from "./dom.js";
import { clock } from "./format.js";
import { isLive, isSigned } from "./permissions.js";
import { S } from "./strings.js";

export class LacksView {
  constructor(desk) {
    this.desk = desk;
    this.rows = new Map();
    this.open = null; // as the reader left it; until then open where the visit is over
    this.list = el("ul", { class: "lacks-list", id: "lacks-list" });
    this.count = el("span", { class: "lacks-count" });
    this.head = button({ kind: "lacks-head", "aria-controls": "lacks-list", on: { click: () => this.toggle() } }, "down", S.lacks.title);
    this.head.append(this.count);
    this.hint = el("p", { class: "muted lacks-hint" }, S.lacks.hint);
    this.root = el("section", { class: "lacks", hidden: true, "aria-label": S.lacks.title }, this.head, this.hint, this.list);
  }

  get lines() {
    return isSigned(this.desk.view?.state) ? [] : (this.desk.lacks?.omitted ?? []);
  }

  /** Draws what has changed. */
  update(view) {
    const { lines } = this;
    const open = this.open ?? !isLive(view.state);
    this.root.hidden = !lines.length;
    this.root.classList.toggle("open", open);
    this.head.setAttribute("aria-expanded", String(open));
    this.count.textContent = String(lines.length);
    this.hint.hidden = !open || !this.desk.canEdit;
    this.list.hidden = !open;
    const before = this.focused();
    if (open && this.drawn !== `${lines.map((line) => line.fact)}/${this.desk.canEdit}`) this.draw(lines, before);
  }

  draw(lines, before) {
    this.drawn = `${lines.map((line) => line.fact)}/${this.desk.canEdit}`;
    const kept = new Map();
    for (const line of lines) {
      const key = `${line.fact}/${line.id}/${this.desk.canEdit}`;
      kept.set(key, this.rows.get(key) ?? this.row(line));
    }
    this.rows = kept;
    arrange(this.list, [...kept.values()]);
    // The line that had the focus is done with: the next one takes its place, so that keys go on.
    if (before !== null && this.focused() === null) this.goTo(Math.min(before, lines.length - 1));
  }

  row(line) {
    const { desk } = this;
    const said = el("span", { class: "lacks-about" }, S.lacks.kinds[line.kind] ?? line.kind, line.start === null ? "" : ` · ${clock(line.start)}`);
    const text = el("div", { class: "lacks-text" }, el("span", {}, line.text), said);
    const act = (label, sign, run) => button({ kind: "button icon-only", label, on: { click: run } }, sign);
    const section = desk.view.visit.sections.find((s) => s.id === line.section)?.title ?? line.section;
    const tools = el("div", { class: "lacks-tools" }, line.start === null ? null : act(S.lacks.play, "play", () => this.play(line)),
      desk.canEdit ? act(S.lacks.add(section), "add", () => this.add(line, root)) : null,
      desk.canEdit ? act(S.lacks.dismiss, "close", () => this.dismiss(line, root)) : null);
    const keys = { y: () => this.add(line, root), Enter: () => this.add(line, root), n: () => this.dismiss(line, root), Delete: () => this.dismiss(line, root), " ": () => this.play(line), ArrowDown: () => this.step(root, 1), j: () => this.step(root, 1), ArrowUp: () => this.step(root, -1), k: () => this.step(root, -1) };
    const root = el("li", { class: "lacks-row", tabindex: 0, data: { omission: line.id, fact: line.fact }, on: { keydown: (event) => pressed(event, root, keys), click: (event) => event.target.closest("button") || this.play(line), focus: (event) => event.target === root && this.light(line) } }, text, tools);
    return root;
  }

  /** Goes to the next line behind the one that has the focus, opening the list. */
  next() {
    if (!this.lines.length) return this.desk.say(S.lacks.none);
    const at = this.focused();
    this.open = true;
    this.update(this.desk.view);
    this.goTo(at === null ? 0 : (at + 1) % this.lines.length, true);
  }

  step(root, by) {
    const rows = [...this.list.children];
    rows[Math.min(rows.length - 1, Math.max(0, rows.indexOf(root) + by))]?.focus();
  }

  goTo(at, play = false) {
    const row = this.list.children[at];
    if (!row) return;
    row.scrollIntoView({ block: "center" });
    row.focus({ preventScroll: true });
    if (play) this.play(this.lines[at]);
  }

  focused() {
    const at = [...this.list.children].findIndex((row) => row.contains(document.activeElement));
    return at < 0 ? null : at;
  }

  light(line) {
    const utterances = new Set([line.utterance]);
    for (const said of this.desk.view.utterances.values()) if (said.words.some((w) => line.words.includes(w.id))) utterances.add(said.id);
    this.desk.transcript.light([...utterances].map((utterance) => ({ utterance, words: line.words })));
  }

  play(line) {
    this.light(line);
    if (line.start !== null && line.end !== null) this.desk.player.play([{ start: line.start, end: line.end }]);
  }

  add(line, row) {
    const { section, statement, assertion, words } = line;
    return this.settle(row, { type: "add_statement", section, text: statement, assertion, words });
  }

  async dismiss(line, row) {
    const answer = await this.settle(row, { type: "dismiss_omission", utterance: line.utterance, fact: line.fact });
    const restore = () => this.desk.command({ type: "restore_omission", fact: line.fact });
    if (answer?.type === "accepted") this.desk.say(S.lacks.dismissed, { text: S.undo, run: restore });
  }

  /** Sends what was decided once; the line goes when the service says what the note lacks now. */
  async settle(row, command) {
    if (!this.desk.canEdit || row.classList.contains("pending")) return null;
    row.classList.add("pending");
    const answer = await this.desk.command(command);
    if (answer.type === "refused") row.classList.remove("pending");
    return answer;
  }

  toggle() {
    this.open = !this.root.classList.contains("open");
    this.update(this.desk.view);
  }
}

function pressed(event, root, keys) {
  const run = keys[event.key];
  if (!run || event.target !== root || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  run();
}
