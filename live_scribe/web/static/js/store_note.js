/** The fold's rules for the note: statements, suggestions, flags (the service's core/fold_note.py). */
import { number } from "./format.js";

/** Returns statements in the order in which they stand. */
export const standing = (statements) =>
  statements.toSorted((a, b) => a.order - b.order || number(a.id) - number(b.id));

/** Returns suggestions that nobody has answered, by id. */
export const openSuggestions = (suggestions) =>
  new Map((suggestions ?? []).filter((s) => s.state === "open").map((s) => [s.id, s]));

function put(view, statement) {
  const before = view.statements.get(statement.id);
  const statements = new Map(view.statements).set(statement.id, statement);
  if (!before || before.version === statement.version) return { statements };
  const history = new Map(view.history).set(before.id, [...(view.history.get(before.id) ?? []), before]);
  return { statements, history };
}

/** Puts a person's version: what was suggested for the one before is stale. */
function putByPerson(view, statement) {
  const suggestions = new Map([...view.suggestions].filter(([, s]) => s.statement !== statement.id));
  return { ...put(view, { ...statement, owner: "human" }), suggestions };
}

/** Changes a known statement. One that is not known was taken out before the snapshot: ask for a fresh one. */
function change(view, id, how, putting = put) {
  const before = view.statements.get(id);
  return before ? putting(view, { ...before, ...how(before) }) : { incomplete: true };
}

/** Flags whose words the new text still has move along with them. */
function flagsStillThere(before, text) {
  return before.flags.flatMap((flag) => {
    const words = before.text.slice(flag.start, flag.end);
    const places = placesOf(words, text);
    if (!places.length) return [];
    const start = places.reduce((a, b) => (Math.abs(b - flag.start) < Math.abs(a - flag.start) ? b : a));
    return [{ ...flag, start, end: start + words.length }];
  });
}

function placesOf(words, text) {
  const places = [];
  for (let at = words ? text.indexOf(words) : -1; at >= 0; at = text.indexOf(words, at + words.length)) places.push(at);
  return places;
}

function withoutSuggestion(view, fact) {
  const suggestions = new Map(view.suggestions);
  suggestions.delete(fact.suggestion);
  return { suggestions };
}

const drafted = ({ section, text, evidence, assertion, confidence, problem, item }) => ({
  section, text, evidence, assertion, confidence, problem, item, flags: [], deleted: false,
});

export const NOTE_RULES = {
  statement_proposed: (view, fact) =>
    put(view, {
      id: fact.statement, author: "machine", owner: "machine", version: 1, order: fact.order, ...drafted(fact),
    }),
  statement_revised: (view, fact) => change(view, fact.statement, () => ({ version: fact.version, ...drafted(fact) })),
  statement_withdrawn: (view, fact) => change(view, fact.statement, () => ({ version: fact.version, deleted: true })),
  statement_edited: (view, fact) =>
    change(
      view,
      fact.statement,
      (before) => ({
        version: fact.version,
        text: fact.text,
        assertion: fact.assertion,
        author: fact.text === before.text ? before.author : fact.by,
        flags: flagsStillThere(before, fact.text),
        evidence: fact.evidence ?? before.evidence,
        deleted: false,
      }),
      putByPerson,
    ),
  statement_added: (view, fact) =>
    putByPerson(view, {
      id: fact.statement, author: fact.by, version: 1, order: fact.order, confidence: null, item: null, ...drafted(fact),
    }),
  statement_moved: (view, fact) =>
    change(
      view,
      fact.statement,
      () => ({ version: fact.version, section: fact.section, order: fact.order }),
      putByPerson,
    ),
  statement_deleted: (view, fact) =>
    change(view, fact.statement, () => ({ version: fact.version, deleted: true }), putByPerson),
  statement_restored(view, fact) {
    const now = view.statements.get(fact.statement);
    const versions = [...(view.history.get(fact.statement) ?? []), ...(now ? [now] : [])];
    const old = versions.find((statement) => statement.version === fact.restored);
    return old ? putByPerson(view, { ...old, version: fact.version, deleted: false }) : { incomplete: true };
  },
  suggestion_made: (view, fact) => ({
    suggestions: new Map(view.suggestions).set(fact.suggestion, { ...fact, id: fact.suggestion, state: "open" }),
  }),
  suggestion_accepted: withoutSuggestion,
  suggestion_dismissed: withoutSuggestion,
  flag_raised: (view, fact) =>
    change(view, fact.statement, (before) => {
      const flag = { id: fact.flag, code: fact.code, start: fact.start, end: fact.end, kind: fact.kind, why: fact.why, other: fact.other, confirmed_by: null };
      return { flags: [...before.flags, flag] };
    }),
  flag_withdrawn: (view, fact) =>
    change(view, fact.statement, (before) => ({ flags: before.flags.filter((flag) => flag.id !== fact.flag) })),
  flag_confirmed: (view, fact) =>
    change(view, fact.statement, (before) => ({
      flags: before.flags.map((flag) => (flag.id === fact.flag ? { ...flag, confirmed_by: fact.by } : flag)),
    })),
};
