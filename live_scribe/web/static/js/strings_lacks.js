/** The English words of what the note lacks. */
export const LACKS = {
  title: "Heard, but not in the note",
  count: (n) => `${n} not in the note`,
  hint: "y adds a line, n puts it aside, Space plays it.",
  play: "Play (Space)",
  add: (section) => `Add to ${section} (y)`,
  dismiss: "Not needed in this note (n)",
  dismissed: "Put aside: it is not listed again.",
  none: "All that was heard stands in the note, as far as can be told.",
  told: (n) => (n === 1 ? "One fact was heard that is not in the note." : `${n} facts were heard that are not in the note.`),
  submitTitle: "Submit the note as it stands?",
  more: (n) => `and ${n} more`,
  kinds: {
    allergy: "Allergy", medication: "Medication", vital: "Vital sign", result: "Result", family: "Family history",
    condition: "History", symptom: "Symptom", finding: "Finding", plan: "Plan", social: "Social history",
  },
};

const LACKING = { asked: "asked, no answer", answered: "heard, not in the note" };

export const COVERAGE = {
  title: "What was covered",
  score: (noted, required) => `${noted} of ${required} covered`,
  hint: "What this note needs (t)",
  optional: "optional",
  listen: "Go to where it was spoken of",
  write: "Write a statement about it",
  lacking: (title, state, part, live) => `${title}: ${LACKING[state] ?? (part === "subjective" ? "not asked" : "nothing heard")}${live && !LACKING[state] ? " yet" : ""}`,
  states: { not_asked: "Not asked or told yet", asked: "Asked, no answer yet", answered: "Answered, not in the note", noted: "In the note" },
};
