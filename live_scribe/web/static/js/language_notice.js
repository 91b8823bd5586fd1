/** What is to be said of the visit's language: that it sounds like another one, or that no note is drafted of it. */
import { button, el } from "./dom.js";
import { S } from "./strings.js";

const DRAFTED = ["en"]; // core/languages.py

const names = new Intl.DisplayNames(["en"], { type: "language" });

/** Returns a language's English name. */
export function languageName(code) {
  try {
    return names.of(code) ?? code;
  } catch {
    return code; // a code of the model's own
  }
}

/** Returns what the notice depends on: it is drawn anew when this changes. */
export const languageKey = (view) => `${view.visit.language}/${view.visit.detected?.language}`;

/** Returns the notice's nodes, none where there is nothing to say. */
export function languageNotice(desk, view) {
  const { language, detected } = view.visit;
  const undrafted = DRAFTED.includes(language) ? [] : [el("span", {}, S.notDrafted(languageName(language)))];
  if (!detected || detected.language === language || !desk.canEdit) return undrafted;
  const other = languageName(detected.language);
  const change = () => desk.command({ type: "set_language", language: detected.language });
  return [
    el("span", {}, S.soundsLike(other, languageName(language))), " ",
    button({ kind: "button", on: { click: change } }, null, S.hearAs(other)),
  ];
}
