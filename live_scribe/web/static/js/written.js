/** Words that are written as one ("120/80"): the first carries the form, the others show nothing (core/words.py). */

/** Returns the words with these forms; a form some of whose words are gone is passed over. */
export function withForms(words, forms = []) {
  const there = new Set(words.map((word) => word.id));
  const shown = new Map();
  for (const form of forms.filter((f) => f.words.every((id) => there.has(id)))) {
    form.words.forEach((id, i) => shown.set(id, i ? "" : form.display));
  }
  return shown.size ? words.map((word) => (shown.has(word.id) ? { ...word, display: shown.get(word.id) } : word)) : words;
}

/** Returns the words, those that are written as one with a word of `touched` (ids) as they were heard again. */
export function withoutForms(words, touched) {
  const freed = new Set(groupsOf(words).filter((group) => group.some((word) => touched.has(word.id))).flat());
  return words.map((word) => (freed.has(word) && word.display !== null ? { ...word, display: null } : word));
}

/** Returns the words in groups: a word that shows nothing belongs to the one before it. */
export function groupsOf(words) {
  const groups = [];
  for (const word of words) {
    if (groups.length && word.display === "") groups.at(-1).push(word);
    else groups.push([word]);
  }
  return groups;
}
