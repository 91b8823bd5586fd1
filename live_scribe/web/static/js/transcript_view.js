/** The transcript: utterances, gaps, struck passages and marks in order of time; at its end what may still change. */
import { arrange, el, icon } from "./dom.js";
import { Follow } from "./follow.js";
import { clock } from "./format.js";
import { isLive } from "./permissions.js";
import { readingsOf } from "./readings.js";
import { S } from "./strings.js";
import { UtteranceView } from "./utterance_view.js";
import { wholeGroups, wordSpans } from "./words.js";

export class TranscriptView {
  constructor(desk) {
    this.desk = desk;
    this.utterances = new Map();
    this.marks = new Map();
    this.lit = new Set();
    this.list = el("div", { class: "utterances" });
    this.open = el("p", { class: "said" });
    this.tail = el("span", { class: "tail" });
    this.openRow = el("div", { class: "utterance open", hidden: true }, el("span", { class: "speaker" }, S.listening), this.open);
    this.empty = el("div", { class: "empty" }, el("p", { class: "empty-title" }, S.nothingSaid), el("p", { class: "muted" }, S.nothingSaidHint));
    this.pane = el("div", { class: "pane-scroll", tabindex: 0, role: "region", "aria-label": S.transcript }, this.empty, this.list, this.openRow);
    this.follow = new Follow(this.pane);
    this.root = el("section", { class: "pane transcript" }, el("h2", { class: "pane-title" }, S.transcript), this.pane, this.follow.jump);
  }

  /** Draws what has changed. */
  update(view) {
    const { utterances, gaps, struck, moments, speakers, readings, openWords } = view;
    const may = this.desk.canEdit;
    const drawn = [utterances, gaps, struck, moments, speakers, readings, may, openWords];
    if (this.drawn && drawn.every((part, i) => part === this.drawn[i])) return;
    const before = this.drawn;
    const openOnly = this.drawn && drawn.slice(0, -1).every((part, i) => part === this.drawn[i]);
    this.drawn = drawn;
    if (!openOnly) this.arrange(view);
    this.drawOpen(openWords);
    this.empty.hidden = Boolean(utterances.size || openWords.length);
    // Whoever opens a visit that is over reads it from its beginning; who follows one stays at its end.
    if (!before) this.follow.following = isLive(view.state);
    const grown = !before || before[0].size !== utterances.size || before.at(-1) !== openWords;
    if (grown && (before || this.follow.following)) this.follow.grown();
  }

  arrange(view) {
    const nodes = [];
    const marks = this.marksOf(view);
    const readings = readingsOf(view);
    let before = null;
    for (const said of view.utterances.values()) {
      while (marks.length && marks[0].start < (said.start ?? 0)) nodes.push(this.markNode(marks.shift()));
      nodes.push(this.utteranceNode(said, before, readings.get(said.id) ?? []));
      before = said;
    }
    nodes.push(...marks.map((mark) => this.markNode(mark)));
    arrange(this.list, nodes);
  }

  utteranceNode(said, before, readings) {
    let shown = this.utterances.get(said.id);
    if (!shown) this.utterances.set(said.id, (shown = new UtteranceView(this.desk)));
    shown.update(said, before?.speaker === said.speaker && before?.role === said.role, this.desk.canEdit, readings);
    return shown.root;
  }

  marksOf(view) {
    const gaps = view.gaps.map((g) => ({ start: g.start, kind: "gap", text: S.gap(clock(g.start), clock(g.end), S.gapReasons[g.reason] ?? g.reason) }));
    const struck = view.struck.map((s) => ({ start: s.start, kind: "struck", text: S.struck(clock(s.start), clock(s.end)) }));
    const moments = view.moments.map((m) => ({ start: m, kind: "moment", text: S.marked(clock(m)) }));
    return [...gaps, ...struck, ...moments].sort((a, b) => a.start - b.start);
  }

  markNode({ kind, text }) {
    const key = `${kind}/${text}`;
    if (!this.marks.has(key)) this.marks.set(key, el("div", { class: `mark-line ${kind}` }, kind === "moment" ? icon("pin") : null, text));
    return this.marks.get(key);
  }

  drawOpen(words) {
    this.open.replaceChildren(...wordSpans(words), this.tail);
    this.showOpen(words.length > 0);
  }

  /** Shows the words that the engine has not settled on. */
  hint(text) {
    if (this.tail.textContent === text) return;
    this.tail.textContent = text;
    this.showOpen(this.open.childNodes.length > 1);
    if (text) this.empty.hidden = true;
    this.follow.grown();
  }

  showOpen(hasWords) {
    this.openRow.hidden = !hasWords && !this.tail.textContent;
  }

  /** Lights the words that a statement rests on, and brings the first of them into view. */
  light(evidence) {
    this.lit.forEach((span) => span.classList.remove("lit"));
    this.lit = new Set(evidence.flatMap((e) => this.spansOf(e)));
    this.lit.forEach((span) => span.classList.add("lit"));
    const [first] = this.lit;
    if (first) this.bringIn(first);
  }

  /** Scrolls this pane alone: the page, which may scroll too, stays where the reader is. */
  bringIn(span) {
    const [at, pane] = [span.getBoundingClientRect(), this.pane.getBoundingClientRect()];
    if (at.top > pane.top && at.bottom < pane.bottom) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.pane.scrollBy({ top: at.top - pane.top - pane.height / 3, behavior: calm ? "auto" : "smooth" });
  }

  spansOf({ utterance, words }) {
    const shown = this.utterances.get(utterance);
    if (!shown) return [];
    const named = new Set(words ?? []);
    const spans = [...shown.root.querySelectorAll("[data-word]")];
    return named.size ? wholeGroups(shown.root, spans.filter((span) => named.has(span.dataset.word))) : spans;
  }

  /** Marks the word that is being played; null when nothing is. */
  playing(second) {
    this.heard?.classList.remove("heard");
    this.heard = null;
    if (second === null) return;
    const said = [...this.desk.view.utterances.values()].findLast((u) => u.start !== null && u.start <= second);
    const word = said?.words.findLast((w) => w.start !== null && w.start <= second);
    const root = this.utterances.get(said?.id)?.root;
    const span = word && root?.querySelector(`[data-word="${CSS.escape(word.id)}"]`);
    this.heard = span ? wholeGroups(root, [span])[0] : null;
    this.heard?.classList.add("heard");
  }
}
