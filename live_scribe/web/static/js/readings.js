/** Other readings of words in the transcript: what a second look heard, or a name that sounds like them. */
import { button, el } from "./dom.js";
import { S } from "./strings.js";

const BEFORE_S = 0.5; // sound played before the words, so that their beginning is heard

/** Returns the view's open readings by utterance. */
export function readingsOf(view) {
  const found = new Map();
  for (const reading of view.readings.values()) found.set(reading.utterance, [...(found.get(reading.utterance) ?? []), reading]);
  return found;
}

export const textOfReading = (reading) => reading.heard.map((word) => word.display ?? word.text).filter(Boolean).join(" ");

/** Puts each reading behind the last of its words, which are marked. */
export function withReadings(desk, spans, readings) {
  const places = new Map(spans.map((span, i) => [span.dataset.word, i]));
  const nodes = spans.map((span) => [span]);
  for (const reading of readings) {
    const at = reading.words.map((id) => places.get(id)).filter((i) => i !== undefined);
    if (!at.length) continue;
    if (!reading.apart) at.forEach((i) => spans[i].classList.add("doubted"));
    nodes[at.at(-1)].push(chip(desk, reading), " ");
  }
  return nodes.flat();
}

function chip(desk, reading) {
  const text = textOfReading(reading);
  const why = reading.apart ? S.passedOver : S.readingReasons[reading.reason] ?? S.readingReasons["second-look"];
  if (!desk.canEdit) return el("span", { class: "reading", title: why }, text);
  const answer = (type) => () => desk.command({ type, reading: reading.id });
  const accept = button({ kind: "reading-text", title: why, "aria-label": S.acceptReading(text, why), on: { click: answer("accept_reading") } }, null, text);
  const dismiss = button({ kind: "reading-dismiss", label: S.dismissReading(text), on: { click: answer("dismiss_reading") } }, "close");
  const keys = (event) => {
    const run = { y: accept, n: dismiss, Delete: dismiss }[event.key];
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    run.click();
  };
  return el("span", { class: "reading", data: { reading: reading.id }, on: { keydown: keys } }, accept, dismiss);
}

const WEIGHT = ["name", "number", "answer", "side", "other"]; // in this order they are walked: core/readings.py

const weight = (reading) => WEIGHT.indexOf(reading?.concern ?? "other");

/** Goes to the next open reading behind the one that has the focus, and plays what was said there: names and numbers first. */
export function nextReading(desk) {
  const heft = (chip) => weight(desk.view.readings.get(chip.dataset.reading));
  const chips = [...desk.transcript.root.querySelectorAll("[data-reading]")].sort((a, b) => heft(a) - heft(b));
  if (!chips.length) return;
  const at = chips.findIndex((chip) => chip.contains(document.activeElement));
  const next = chips[(at + 1) % chips.length];
  next.scrollIntoView({ block: "center" });
  next.querySelector("button").focus({ preventScroll: true });
  const { heard } = desk.view.readings.get(next.dataset.reading);
  const [start, end] = [heard[0]?.start, heard.at(-1)?.end];
  if (start !== null && end !== null) desk.player.play([{ start: Math.max(0, start - BEFORE_S), end }]);
}
