/** Words of the transcript as spans that can be lit, played and corrected one by one. */
import { el } from "./dom.js";

const UNSURE = 0.5; // below this, whisper's own probability is worth a second look

/** Returns a span for each word; the space behind it is inside, so that words lit together look like one passage. */
export function wordSpans(words) {
  return words.map((word) => {
    const unsure = word.probability !== null && word.probability < UNSURE;
    return el("span", { data: { word: word.id }, class: unsure ? "unsure" : null }, `${word.display ?? word.text} `);
  });
}

/** Returns what spans of words say. */
export const textOf = (spans) => spans.map((span) => span.textContent.trim()).join(" ");

/** Returns the words of an utterance between two ids, both included, as {start_word, end_word}; null if they are gone. */
export function rangeOf(said, first, last) {
  const start = said?.words.findIndex((word) => word.id === first) ?? -1;
  const end = said?.words.findIndex((word) => word.id === last) ?? -1;
  return start < 0 || end < start ? null : { start_word: start, end_word: end + 1 };
}
