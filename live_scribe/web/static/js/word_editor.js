/** Correcting words of the transcript in their place. */
import { el } from "./dom.js";
import { S } from "./strings.js";
import { toast } from "./toast.js";
import { rangeOf, textOf } from "./words.js";

const SPARE_CH = 3;

export class WordEditor {
  /** Puts an input in place of `spans`; `done()` is called when it is over. */
  constructor(desk, said, spans, text, done) {
    this.desk = desk;
    this.said = said;
    this.done = done;
    this.ids = [spans[0].dataset.word, spans.at(-1).dataset.word];
    this.before = textOf(spans);
    this.input = el("input", { class: "word-input", value: text ?? this.before, "aria-label": S.correctWord, spellcheck: "true" });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("input", () => this.fit());
    this.input.addEventListener("blur", () => this.input.dataset.moving || this.save());
    spans[0].before(this.input);
    spans.forEach((span) => (span.hidden = true));
    this.fit();
    this.input.focus();
    this.input.select();
  }

  fit() {
    this.input.style.width = `${this.input.value.length + SPARE_CH}ch`;
  }

  key(event) {
    event.stopPropagation();
    if (event.key === "Enter") this.save();
    if (event.key === "Escape") this.finish();
  }

  finish() {
    if (this.over) return;
    this.over = true;
    this.done();
  }

  async save() {
    const text = this.input.value.trim();
    if (this.over || !text || text === this.before) return this.finish();
    this.over = true;
    this.input.disabled = true;
    const range = rangeOf(this.desk.view.utterances.get(this.said.id), ...this.ids);
    const answer = range
      ? await this.desk.live.send({ type: "correct_words", utterance: this.said.id, ...range, text })
      : { type: "refused", code: "stale" };
    this.done();
    if (answer.type === "accepted") return;
    const again = { text: S.tryAgain, run: () => this.desk.correctUtterance(this.said.id, this.ids, text) };
    toast(S.notSaved(S.refusals[answer.code] ?? answer.message ?? S.conflict), again);
  }
}
