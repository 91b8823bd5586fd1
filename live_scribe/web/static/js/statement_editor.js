/** Writing over a statement in its place, or a new one. What is typed lives in `edits`, not in the textarea. */
import { el } from "./dom.js";
import { S } from "./strings.js";
import { toast } from "./toast.js";

export class StatementEditor {
  /** Returns an editor on what `edits.writing` holds under `key`. */
  constructor(edits, key, label) {
    this.edits = edits;
    this.key = key;
    this.note = el("span", { class: "editor-note" }, S.editing);
    this.input = el("textarea", { class: "editor-text", rows: 1, "aria-label": label, value: edits.writing.get(key).text });
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.keydown(event));
    this.input.addEventListener("blur", () => this.left());
    this.root = el("div", { class: "editor" }, this.input, this.note);
    queueMicrotask(() => this.ready()); // once it stands in the page, and before the next key
  }

  ready() {
    this.fit();
    this.input.focus();
    this.input.setSelectionRange(this.input.value.length, this.input.value.length);
    this.root.scrollIntoView({ block: "nearest" });
  }

  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight + 2}px`;
  }

  typed() {
    const draft = this.edits.writing.get(this.key);
    if (draft) draft.text = this.input.value;
    this.fit();
  }

  keydown(event) {
    event.stopPropagation();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.finish(() => this.edits.save(this.key));
    if (event.key === "Escape") {
      event.preventDefault();
      this.cancel();
    }
  }

  /** Leaving saves. A page that goes to the back, or a node that is moved, is not the writer's leaving. */
  left() {
    if (this.over || this.input.dataset.moving || !document.hasFocus() || !this.root.isConnected) return;
    this.finish(() => this.edits.save(this.key));
  }

  cancel() {
    const draft = this.edits.writing.get(this.key);
    this.finish(() => this.edits.cancel(this.key));
    if (!draft || draft.text.trim() === draft.original) return;
    const back = () => {
      this.edits.writing.set(this.key, draft);
      this.edits.desk.redraw();
    };
    toast(S.discarded, { text: S.bringBack, run: back });
  }

  finish(how) {
    if (this.over) return;
    this.over = true;
    const desk = this.edits.desk;
    how();
    desk.note.focus(this.key);
  }

  /** Says that what stands has changed under the writer's hand. */
  changed() {
    this.note.textContent = S.editingChanged;
    this.note.classList.add("warn");
  }
}
