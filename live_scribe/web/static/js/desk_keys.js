/** The desk by keyboard. Single keys count only where nobody is typing. */

import { nextReading } from "./readings.js";
import { giveToVoice, swapMainRoles } from "./speaker_menu.js";

/** Returns the desk's listener for keydown. */
export function deskKeys(desk) {
  const step = (by) => () => goTo(desk, by);
  const keys = {
    ArrowDown: step(1),
    j: step(1),
    ArrowUp: step(-1),
    k: step(-1),
    Enter: () => desk.selected && desk.edit(desk.selected),
    " ": () => (desk.player.playing ? desk.player.stop() : desk.selected && desk.select(desk.selected, { play: true })),
    a: () => desk.canEdit && addBehind(desk),
    Delete: () => desk.selected && desk.remove(desk.selected),
    c: () => confirmAll(desk),
    s: () => desk.canEdit && desk.selected && desk.note.statements.get(desk.selected)?.claim(),
    y: () => answer(desk, "accept_suggestion"),
    n: () => answer(desk, "dismiss_suggestion"),
    u: () => desk.nextFlag(),
    r: () => nextReading(desk),
    o: () => desk.note.lacks.next(),
    t: () => desk.note.coverage.toggle(),
    l: () => [desk.transcript, desk.note].forEach((pane) => pane.follow.toLive()),
    m: () => desk.canEdit && desk.command({ type: "mark_moment" }),
    p: () => desk.header.togglePause(),
    x: () => swapMainRoles(desk),
  };
  for (let number = 1; number <= 9; number += 1) keys[number] = () => giveToVoice(desk, number);
  return (event) => {
    if (!desk.view || event.ctrlKey || event.metaKey) return;
    if (event.altKey) return moveKey(desk, event);
    if (isTyping(event.target) || document.querySelector("dialog[open], .menu")) return;
    const run = keys[event.key];
    // A focused button or link keeps its own keys.
    if (!run || (event.target.closest("button, a") && ["Enter", " "].includes(event.key))) return;
    event.preventDefault();
    run();
  };
}

const isTyping = (target) => target.closest("input, textarea, select, dialog") !== null;

function moveKey(desk, event) {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!by || !desk.selected || isTyping(event.target)) return;
  event.preventDefault();
  desk.moveBy(desk.selected, by);
}

function goTo(desk, by) {
  const { order } = desk.note;
  const at = order.indexOf(desk.selected);
  const next = order[at < 0 ? (by > 0 ? 0 : order.length - 1) : Math.min(order.length - 1, Math.max(0, at + by))];
  if (!next) return;
  desk.select(next, { play: true });
  desk.note.statements.get(next).root.focus();
}

function addBehind(desk) {
  const statement = desk.selected && desk.statement(desk.selected);
  const section = statement?.section ?? desk.view.visit.sections[0].id;
  desk.edits.beginAdding(section, statement?.id ?? null);
}

function confirmAll(desk) {
  const flags = desk.statement(desk.selected)?.flags.filter((flag) => !flag.confirmed_by) ?? [];
  if (desk.canEdit) desk.confirm(desk.selected, flags.map((flag) => flag.id));
}

function answer(desk, type) {
  const suggestion = [...desk.view.suggestions.values()].find((s) => s.statement === desk.selected);
  if (suggestion && desk.canEdit) desk.command({ type, suggestion: suggestion.id });
}
