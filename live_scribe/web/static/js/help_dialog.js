/** The list of keyboard shortcuts. */
import { el } from "./dom.js";
import { closer, show } from "./dialog.js";
import { S } from "./strings.js";

/** Shows the shortcuts. */
export function showHelp() {
  if (document.querySelector("dialog.help")) return;
  const rows = S.shortcutList.map(([keys, what]) => el("div", { class: "shortcut" }, el("dt", {}, keyCaps(keys)), el("dd", {}, what)));
  const dialog = el(
    "dialog",
    { class: "dialog help", "aria-label": S.shortcuts },
    el("header", { class: "dialog-head" }, el("h2", {}, S.shortcuts), closer(() => dialog.close())),
    el("dl", { class: "shortcuts" }, rows),
  );
  show(dialog);
}

const keyCaps = (keys) => keys.split(/\s+/).filter(Boolean).map((key) => (key === "or" ? " " : el("kbd", {}, key)));
