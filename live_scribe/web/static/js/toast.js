/** Short messages at the foot of the page; each goes by itself, and may offer one thing to do. */
import { button, el } from "./dom.js";

const SHOWN_MS = 7000;

/** Shows a message; `action` is {text, run}. */
export function toast(text, action = null) {
  const shown = el("div", { class: "toast" }, el("span", {}, text));
  const timer = setTimeout(() => shown.remove(), SHOWN_MS);
  if (action) {
    const run = () => {
      clearTimeout(timer);
      shown.remove();
      action.run();
    };
    shown.append(button({ kind: "button quiet", on: { click: run } }, null, action.text));
  }
  document.getElementById("toasts").append(shown);
}
