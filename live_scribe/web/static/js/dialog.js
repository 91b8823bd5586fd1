/** A modal dialog with a form, by the browser's own <dialog>: it keeps the focus and Escape closes it. */
import { button, el, readForm } from "./dom.js";
import { S } from "./strings.js";

/**
 * Opens a dialog. `submit(fields, form)` does the work: its error is shown and the dialog stays open with all that was
 * typed; when it returns, the dialog closes.
 */
export function openDialog({ title, body, action, danger = false, submit, kind = "" }) {
  const error = el("p", { class: "form-error", role: "alert" });
  const go = el("button", { type: "submit", class: danger ? "button danger" : "button primary" }, action);
  const form = el(
    "form",
    { novalidate: false },
    el("header", { class: "dialog-head" }, el("h2", {}, title), closer(() => dialog.close())),
    el("div", { class: "dialog-body" }, body, error),
    el(
      "footer",
      { class: "dialog-foot" },
      button({ on: { click: () => dialog.close() } }, null, S.cancel),
      go,
    ),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    go.disabled = true;
    error.textContent = "";
    try {
      await submit(readForm(form), form);
      dialog.close();
    } catch (exc) {
      error.textContent = exc.message;
    } finally {
      go.disabled = false;
    }
  });
  const dialog = show(el("dialog", { class: `dialog ${kind}`, "aria-label": title }, form));
  return { dialog, form, go, error };
}

export const closer = (run) => button({ kind: "button icon-only", label: S.close, on: { click: run } }, "close");

/** Shows a dialog until it is closed; then it is gone. */
export function show(dialog) {
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Returns a labelled field. */
export function field(label, input, hint = null) {
  return el("label", { class: "field" }, el("span", { class: "field-label" }, label), input,
    hint ? el("span", { class: "field-hint" }, hint) : null);
}

/** Returns a <select> with these [value, text] choices. */
export function select(name, choices, value = "", props = {}) {
  const options = choices.map(([v, text]) => el("option", { value: v, selected: v === value }, text));
  return el("select", { name, ...props }, options);
}
