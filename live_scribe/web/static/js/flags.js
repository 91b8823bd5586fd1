/** What a person must look at in a statement: which words belong together, and what is wrong with them, in a sentence. */
import { S } from "./strings_flags.js";

/** Whether the note cannot be signed until somebody has confirmed it (the service's core/note.py). */
export const blocks = (flag) =>
  !flag.confirmed_by && (flag.code === "critical-token" || (flag.code === "contradiction" && ["drug", "allergy"].includes(flag.kind)));

/** Returns how many statements `which(flag)` is true in. */
export const countIn = (view, which) =>
  [...view.statements.values()].filter((statement) => !statement.deleted && statement.flags.some(which)).length;

export const isOpen = (flag) => !flag.confirmed_by;

/**
 * Returns flags in order, those that overlap or have only a space between them ("10 mg") as one to look at and confirm.
 * What is confirmed gives way to what is not.
 */
export function groups(flags, text) {
  const open = joined(flags.filter(isOpen), text);
  const done = joined(flags.filter((flag) => flag.confirmed_by), text);
  const free = done.filter((group) => open.every((other) => group.end <= other.start || other.end <= group.start));
  return [...open, ...free].toSorted((a, b) => a.start - b.start);
}

function joined(flags, text) {
  const found = [];
  for (const flag of flags.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = found.at(-1);
    if (last && !text.slice(last.end, Math.max(last.end, flag.start)).trim() && flag.start <= last.end + 1) {
      Object.assign(last, { end: Math.max(last.end, flag.end), flags: [...last.flags, flag] });
    } else found.push({ start: flag.start, end: flag.end, flags: [flag], confirmed_by: flag.confirmed_by });
  }
  return found;
}

/** Returns what is wrong with the words of a group, in a sentence; `textOf(id)` is the text of another statement. */
export function sentence(group, text, textOf) {
  const words = text.slice(group.start, group.end);
  const odds = group.flags.filter((flag) => flag.code === "contradiction").map((flag) => textOf(flag.other)).filter(Boolean);
  const said = [];
  const token = group.flags.find((flag) => flag.code === "critical-token");
  if (token?.kind === "negation") said.push(S.denial);
  else if (token) said.push((S.tokens[token.why] ?? S.tokens.unsure)(words));
  if (group.flags.some((flag) => flag.code === "implausible")) said.push(S.implausible(words));
  if (odds.length) said.push(S.contradiction([...new Set(odds)]));
  return said.join(" ");
}
