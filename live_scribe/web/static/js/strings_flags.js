/** What the page says of words that a person must look at. */
export const S = {
  tokens: {
    unheard: (words) => `“${words}” was not heard here. Listen, then confirm or edit.`,
    elsewhere: (words) => `“${words}” was heard, but of something else. Listen, then confirm or edit.`,
    unsure: (words) => `Was “${words}” heard? Listen, then confirm.`,
  },
  denial: "Was this said, or denied? Listen, then confirm or edit.",
  implausible: (words) => `Can this be: ${words}? Listen, then confirm or edit.`,
  contradiction: (texts) => `Elsewhere in the note: ${texts.map((text) => `“${text}”`).join(" ")} Take one out, or confirm both.`,
  saidBy: (who) => `Said by: ${who}`,
};
