/** One utterance: who said it, its words, when. */
import { el } from "./dom.js";
import { clock } from "./format.js";
import { withReadings } from "./readings.js";
import { openSpeakerMenu, speakerLabel } from "./speaker_menu.js";
import { S } from "./strings.js";
import { WordEditor } from "./word_editor.js";
import { wholeGroups, wordSpans } from "./words.js";

export class UtteranceView {
  constructor(desk) {
    this.desk = desk;
    this.speaker = el("button", { type: "button", class: "speaker", on: { click: () => openSpeakerMenu(desk, this) } });
    this.words = el("p", { class: "said", on: { dblclick: (event) => this.pick(event) } });
    this.time = el("button", { type: "button", class: "time", on: { click: () => desk.playFrom(this.said) } });
    this.root = el("div", { class: "utterance" }, this.speaker, this.words, this.time);
  }

  /** Draws `said`; `continued`: the same voice goes on. An open correction is left alone until it is done. */
  update(said, continued, mayEdit, readings) {
    this.root.classList.toggle("continued", continued);
    const offered = readings.map((reading) => reading.id).join();
    const same = this.offered === offered && this.mayEdit === mayEdit;
    if (this.said === said && same) return;
    const sameWords = this.said?.words === said.words && same;
    Object.assign(this, { said, mayEdit, readings, offered });
    this.root.dataset.role = said.role ?? "unknown";
    this.root.dataset.utterance = said.id;
    this.drawSpeaker();
    this.time.textContent = clock(said.start);
    this.time.setAttribute("aria-label", S.playFrom(clock(said.start)));
    if (!sameWords && !this.editor) this.drawWords();
  }

  drawSpeaker() {
    const label = speakerLabel(this.said);
    this.speaker.textContent = label;
    this.speaker.disabled = !this.mayEdit;
    this.speaker.setAttribute("aria-label", this.mayEdit ? S.speakerMenu(label) : label);
  }

  drawWords() {
    this.words.replaceChildren(...withReadings(this.desk, wordSpans(this.said.words), this.readings));
  }

  /** A double click corrects the word under it, or the words that are selected. */
  pick(event) {
    if (!this.mayEdit || this.editor || event.target.closest(".reading")) return;
    const selection = getSelection();
    const spans = [...this.words.querySelectorAll("[data-word]")].filter((span) => selection.containsNode(span, true));
    const chosen = spans.length ? spans : [event.target.closest("[data-word]")].filter(Boolean);
    if (!chosen.length) return;
    selection.removeAllRanges();
    this.correct(chosen);
  }

  /** Opens an editor over these word spans; with none, over all of them. */
  correct(spans = [...this.words.querySelectorAll("[data-word]")], text = null) {
    if (this.editor || !spans.length) return;
    this.editor = new WordEditor(this.desk, this.said, wholeGroups(this.words, spans), text, () => {
      this.editor = null;
      this.drawWords();
    });
  }
}
