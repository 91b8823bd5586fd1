/**
 * What the screen shows, as a pure fold over the snapshot and the facts behind it (the service's core/fold.py).
 *
 * Nothing is changed in place: whoever draws compares by identity, and redraws what is another object.
 */
import { NOTE_RULES, openSuggestions, standing } from "./store_note.js";
import { withForms, withoutForms } from "./written.js";

/** Returns the view that a snapshot tells of. */
export function fromSnapshot(snapshot) {
  const { visit, note } = snapshot;
  const statements = note.sections.flatMap((section) => section.statements);
  return {
    seq: snapshot.seq,
    visit,
    state: visit.state,
    comment: visit.comment,
    clock: visit.clock,
    speakers: snapshot.speakers,
    utterances: byId(snapshot.transcript),
    openWords: snapshot.open_words ?? [],
    gaps: visit.gaps ?? [],
    struck: visit.struck ?? [],
    moments: visit.moments ?? [],
    statements: byId(statements),
    history: new Map(),
    suggestions: openSuggestions(note.suggestions),
    readings: byId(snapshot.readings ?? []),
    signature: note.signature ?? null,
    addenda: note.addenda ?? [],
    lacks: { omitted: note.omitted ?? [], completeness: note.completeness ?? null, notices: note.notices ?? [] },
    incomplete: false,
  };
}

const byId = (things) => new Map(things.map((thing) => [thing.id, thing]));

/** Returns the view after one more fact. Types that are not known change the number alone. */
export function applyFact(view, fact) {
  const rule = fact.struck_out ? undefined : RULES[fact.type];
  const changed = rule ? rule(view, fact) : {};
  return { ...view, ...changed, seq: fact.seq, clock: Math.max(view.clock, fact.clock ?? 0) };
}

/** Returns the template's sections with the statements that stand in each, in their order. */
export function sectionsOf(view) {
  const filled = new Map(view.visit.sections.map((section) => [section.id, []]));
  for (const statement of view.statements.values()) {
    if (!statement.deleted) filled.get(statement.section)?.push(statement);
  }
  return view.visit.sections.map((section) => ({ ...section, statements: standing(filled.get(section.id)) }));
}

function withUtterance(view, id, change, more = {}) {
  const said = view.utterances.get(id);
  return said ? { ...more, utterances: new Map(view.utterances).set(id, { ...said, ...change(said) }) } : {};
}

function withoutReadings(view, isGone) {
  return new Map([...view.readings].filter(([, reading]) => !isGone(reading)));
}

const RULES = {
  ...NOTE_RULES,
  language_detected: ({ visit }, { language, probability }) => ({ visit: { ...visit, detected: { language, probability } } }),
  language_set: ({ visit }, { language }) => ({ visit: { ...visit, language } }),
  words_committed: (view, fact) => ({ openWords: [...view.openWords, ...fact.words] }),
  open_words_restated: (view, fact) => ({ openWords: fact.words }),
  utterance_closed(view, fact) {
    const named = new Set(fact.words);
    const words = withForms(view.openWords.filter((word) => named.has(word.id)), fact.written);
    const role = view.speakers[fact.speaker]?.role ?? fact.role;
    const said = { id: fact.utterance, speaker: fact.speaker, role, words };
    said.start = words[0]?.start ?? null;
    said.end = words.at(-1)?.end ?? null;
    return {
      openWords: view.openWords.filter((word) => !named.has(word.id)),
      utterances: words.length ? new Map(view.utterances).set(said.id, said) : view.utterances,
    };
  },
  speaker_assigned: (view, fact) =>
    withUtterance(view, fact.utterance, () => ({
      speaker: fact.speaker,
      role: view.speakers[fact.speaker]?.role ?? "unknown",
    })),
  role_assigned(view, fact) {
    const utterances = new Map(view.utterances);
    for (const said of utterances.values()) {
      if (said.speaker === fact.speaker && said.role !== fact.role) utterances.set(said.id, { ...said, role: fact.role });
    }
    const speaker = { role: fact.role, confidence: fact.confidence };
    return { speakers: { ...view.speakers, [fact.speaker]: speaker }, utterances };
  },
  words_corrected: (view, fact) =>
    withUtterance(view, fact.utterance, (said) => {
      const removed = new Set(fact.removed);
      const place = said.words.findIndex((word) => removed.has(word.id));
      if (place < 0) return {};
      const kept = withoutForms(said.words, removed).filter((word) => !removed.has(word.id));
      return { words: withForms([...kept.slice(0, place), ...fact.words, ...kept.slice(place)], fact.written) };
    }, { readings: withoutReadings(view, (reading) => reading.words.some((id) => fact.removed.includes(id))) }),
  reading_offered: (view, fact) => ({
    readings: new Map(view.readings).set(fact.reading, { ...fact, id: fact.reading, state: "open" }),
  }),
  reading_accepted: (view, fact) => ({ readings: withoutReadings(view, (reading) => reading.id === fact.reading) }),
  reading_dismissed: (view, fact) => ({ readings: withoutReadings(view, (reading) => reading.id === fact.reading) }),
  audio_gap: (view, fact) => ({ gaps: [...view.gaps, { start: fact.start, end: fact.end, reason: fact.reason }] }),
  // What went with the passage the service knows best: ask for the whole again.
  audio_struck: () => ({ incomplete: true }),
  utterance_restated: () => ({ incomplete: true }),
  utterance_found: () => ({ incomplete: true }), // its place among the others, too
  moment_marked: (view, fact) => ({ moments: [...view.moments, fact.moment] }),
  state_changed(view, fact) {
    const signed = fact.state === "signed" && fact.content_hash;
    const signature = { by: fact.by, at: fact.at, attestation: fact.attestation, content_hash: fact.content_hash };
    return { state: fact.state, comment: fact.comment, signature: signed ? signature : view.signature };
  },
  addendum_added: (view, fact) => ({
    addenda: [...view.addenda, { id: fact.addendum, text: fact.text, by: fact.by, at: fact.at }],
  }),
};
