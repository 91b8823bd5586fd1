/** Light or dark: as the system says, until the reader says otherwise. Loaded first, so that nothing flashes. */
const KEY = "live_scribe.theme";
const DARK = matchMedia("(prefers-color-scheme: dark)");

const kept = localStorage.getItem(KEY);
if (kept) document.documentElement.dataset.theme = kept;

/** Switches between light and dark; choosing what the system says anyway goes back to following it. */
export function toggleTheme() {
  const now = document.documentElement.dataset.theme ?? systemTheme();
  const wanted = now === "dark" ? "light" : "dark";
  if (wanted === systemTheme()) {
    localStorage.removeItem(KEY);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(KEY, wanted);
    document.documentElement.dataset.theme = wanted;
  }
}

function systemTheme() {
  return DARK.matches ? "dark" : "light";
}
