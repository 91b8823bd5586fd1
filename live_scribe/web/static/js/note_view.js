/** The note: sections in the template's order, each with its statements; at the end what has not been heard of yet. */
import { refusalCard, suggestionCard } from "./beside.js";
import { CoverageView } from "./coverage.js";
import { arrange, button, el, icon } from "./dom.js";
import { Follow } from "./follow.js";
import { LacksView } from "./lacks_view.js";
import { openMenu } from "./menu.js";
import { isLive } from "./permissions.js";
import { signatureBlock } from "./signature.js";
import { StatementEditor } from "./statement_editor.js";
import { StatementView } from "./statement_view.js";
import { sectionsOf } from "./store.js";
import { S } from "./strings.js";

export class NoteView {
  constructor(desk) {
    this.desk = desk;
    this.statements = new Map();
    this.sections = new Map();
    this.parts = new Map();
    this.editors = new Map();
    this.body = el("div", { class: "note-body" });
    this.empty = el("div", { class: "empty" }, el("p", { class: "empty-title" }, S.nothingDrafted), el("p", { class: "muted" }, S.nothingDraftedHint));
    this.signed = el("div", { class: "signatures" });
    this.missing = el("div", { class: "missing" });
    this.lacks = new LacksView(desk);
    this.coverage = new CoverageView(desk);
    this.toLacks = button({ kind: "button quiet small", hidden: true, on: { click: () => this.lacks.next() } }, null, S.lacks.count(0));
    this.pane = el("div", { class: "pane-scroll", role: "region", "aria-label": S.note, tabindex: -1 }, this.empty, this.body, this.lacks.root, this.missing, this.signed);
    this.follow = new Follow(this.pane, () => this.statements.get(this.newest)?.root);
    this.root = el("section", { class: "pane note" }, el("div", { class: "note-title" }, el("h2", { class: "pane-title" }, S.note), this.toLacks, this.coverage.root), this.pane, this.follow.jump);
  }

  /** Draws what has changed. */
  update(view) {
    const grown = this.drawn && view.statements !== this.drawn.statements;
    if (grown) this.newest = newestOf(view.statements, this.drawn.statements) ?? this.newest;
    const sections = sectionsOf(view);
    this.order = sections.flatMap((section) => section.statements.map((statement) => statement.id));
    const open = Map.groupBy([...view.suggestions.values()], (s) => s.statement ?? `add:${s.section}`);
    const shown = sections.filter((section) => this.isShown(section, open));
    arrange(this.body, shown.flatMap((section, i) => this.nodes(section, shown[i - 1], open)));
    this.empty.hidden = shown.length > 0;
    this.drawLacks(view);
    this.drawMissing(sections.filter((section) => !shown.includes(section)));
    if (this.drawn?.signature !== view.signature || this.drawn?.addenda !== view.addenda) this.signed.replaceChildren(...signatureBlock(view));
    if (!this.drawn) this.follow.scrolled(); // a long note opens at its beginning, and stays there
    this.drawn = view;
    if (grown) this.follow.grown();
    this.rove();
  }

  isShown(section, open) {
    const { writing, pending, refused } = this.desk.edits;
    const key = `add:${section.id}`;
    return section.statements.length || open.has(key) || writing.has(key) || pending.has(key) || refused.has(key);
  }

  nodes(section, before, open) {
    const shown = this.sectionNode(section);
    const statements = this.withWriting(section).map((statement) => this.statementNode(statement, open.get(statement.id) ?? []));
    arrange(shown.list, this.withAdding(section, statements, open));
    shown.add.hidden = !this.desk.canEdit;
    return section.part === before?.part ? [shown.root] : [this.partNode(section.part), shown.root];
  }

  /** A statement that somebody is writing over stays, even where it has been taken out meanwhile. */
  withWriting(section) {
    const { view, edits } = this.desk;
    const kept = [...edits.writing.keys(), ...edits.refused.keys()].map((id) => view.statements.get(id));
    return [...section.statements, ...new Set(kept.filter((s) => s?.deleted && s.section === section.id))];
  }

  statementNode(statement, suggestions) {
    let shown = this.statements.get(statement.id);
    if (!shown) this.statements.set(statement.id, (shown = new StatementView(this.desk, statement.id)));
    shown.update(statement, suggestions);
    return shown.root;
  }

  /** Puts a new statement's editor, or what became of it, in its place among the others. */
  withAdding(section, nodes, open) {
    const { edits } = this.desk;
    const key = `add:${section.id}`;
    const draft = edits.writing.get(key);
    if (!draft) this.editors.delete(key);
    const extra = [];
    if (draft) extra.push(this.adding(key, section));
    const { text } = edits.pending.get(key) ?? {};
    if (text) extra.push(el("li", { class: "statement human pending" }, el("span", { class: "statement-text" }, text), el("div", { class: "gutter" }, el("span", { class: "aside" }, S.saving))));
    if (edits.refused.has(key)) extra.push(el("li", { class: "statement" }, refusalCard(this.desk, key, edits.refused.get(key))));
    extra.push(...(open.get(key) ?? []).map((s) => el("li", { class: "statement" }, suggestionCard(this.desk, s))));
    const place = draft?.after ? nodes.findIndex((node) => node.dataset.statement === draft.after) + 1 : 0;
    return nodes.toSpliced(place || nodes.length, 0, ...extra);
  }

  adding(key, section) {
    if (!this.editors.has(key)) {
      const editor = new StatementEditor(this.desk.edits, key, S.addStatement(section.title));
      this.editors.set(key, el("li", { class: "statement editing" }, editor.root));
    }
    return this.editors.get(key);
  }

  sectionNode(section) {
    if (!this.sections.has(section.id)) {
      const list = el("ul", { class: "statements" });
      const add = button({ kind: "button icon-only add", label: S.addStatement(section.title), on: { click: () => this.desk.edits.beginAdding(section.id) } }, "add");
      const root = el("section", { class: "note-section", data: { section: section.id } }, el("div", { class: "section-head" }, el("h4", {}, section.title), add), list);
      this.sections.set(section.id, { root, list, add });
    }
    return this.sections.get(section.id);
  }

  partNode(part) {
    if (!this.parts.has(part)) this.parts.set(part, el("h3", { class: "part" }, S.parts[part] ?? part));
    return this.parts.get(part);
  }

  drawLacks(view) {
    const count = this.lacks.lines.length;
    this.lacks.update(view);
    this.coverage.update();
    this.toLacks.hidden = !count;
    this.toLacks.lastChild.textContent = S.lacks.count(count);
  }

  drawMissing(sections) {
    const states = new Map((this.desk.lacks?.completeness?.topics ?? []).map((topic) => [topic.id, topic.state]));
    const key = `${sections.map((s) => `${s.id}:${states.get(s.id)}`)}/${this.desk.canEdit}/${isLive(this.desk.view.state)}`;
    if (this.missing.dataset.key === key) return;
    this.missing.dataset.key = key;
    const lines = sections.filter((s) => s.required).map((s) => el("p", { class: "missing-line" }, icon("more"), S.coverage.lacking(s.title, states.get(s.id), s.part, isLive(this.desk.view.state))));
    const others = sections.map((s) => ({ text: s.title, run: () => this.desk.edits.beginAdding(s.id) }));
    const add = button({ kind: "button quiet small", on: { click: () => openMenu(add, others) } }, "add", S.addTo);
    this.missing.replaceChildren(...lines, ...(this.desk.canEdit && others.length ? [add] : []));
  }

  /** One statement at a time is in the order of the Tab key; arrows go to the others. */
  rove() {
    const current = this.order.includes(this.desk.selected) ? this.desk.selected : this.order[0];
    for (const id of this.order) this.statements.get(id).root.tabIndex = id === current ? 0 : -1;
  }

  /** Puts the focus on a statement, after its editor has closed; anywhere else it stays. */
  focus(key) {
    const lost = !document.activeElement || document.activeElement === document.body || document.activeElement.matches("textarea");
    if (lost) this.statements.get(key)?.root.focus({ preventScroll: true });
  }
}

function newestOf(statements, before) {
  return [...statements.values()].findLast((s) => !s.deleted && before.get(s.id) !== s)?.id;
}
