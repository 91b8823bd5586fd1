/** Words of the transcript as spans that can be lit, played and corrected one by one. */
import { el } from "./dom.js";
import { groupsOf } from "./written.js";

const UNSURE = 0.5; // below this, whisper's own probability is worth a second look

/**
 * Returns a span for each word; the space behind it is inside, so that words lit together look like one passage.
 * Words written as one share a group, named after the first: its span shows the form and, pointed at, what was heard.
 */
export function wordSpans(words) {
  return groupsOf(words).flatMap((group) => {
    const unsure = group.some((word) => word.probability !== null && word.probability < UNSURE);
    const heard = group.map((word) => word.text).join(" ");
    return group.map((word, i) => {
      const shown = word.display ?? word.text;
      const look = { class: unsure && shown ? "unsure" : null, title: !i && word.display ? heard : null };
      return el("span", { data: { word: word.id, group: group[0].id }, ...look }, shown && `${shown} `);
    });
  });
}

/** Returns all word spans of `root` that share a group with one of `spans`. */
export function wholeGroups(root, spans) {
  const groups = new Set(spans.map((span) => span.dataset.group));
  return [...root.querySelectorAll("[data-word]")].filter((span) => groups.has(span.dataset.group));
}

/** Returns what spans of words say. */
export const textOf = (spans) => spans.map((span) => span.textContent.trim()).filter(Boolean).join(" ");

/** Returns the words of an utterance between two ids, both included, as {start_word, end_word}; null if they are gone. */
export function rangeOf(said, first, last) {
  const start = said?.words.findIndex((word) => word.id === first) ?? -1;
  const end = said?.words.findIndex((word) => word.id === last) ?? -1;
  return start < 0 || end < start ? null : { start_word: start, end_word: end + 1 };
}
