/** The worklist: which visits there are and where each stands. */
import * as api from "./api.js";
import { button, el, icon, arrange } from "./dom.js";
import { born, moment } from "./format.js";
import { showHelp } from "./help_dialog.js";
import { mayOpen, mayRead, STATES } from "./permissions.js";
import { S } from "./strings.js";
import { toggleTheme } from "./theme.js";
import { openVisitDialog } from "./visit_dialog.js";
import { showVocabulary } from "./vocabulary_dialog.js";

const REFRESH_MS = 4000;
const TYPING_MS = 200;

export class Worklist {
  constructor(app) {
    this.app = app;
    this.filter = { state: "", q: "" };
    this.rows = new Map();
    this.body = el("div", { class: "visit-rows" });
    this.empty = el("div", { class: "empty", hidden: true });
    this.root = el("div", { class: "page" }, this.top(), el("main", { class: "worklist" }, this.heading(), this.tools(), this.table()));
    this.keys = (event) => this.key(event);
    addEventListener("keydown", this.keys);
    document.title = `${S.visits} · ${S.name}`;
    this.refresh();
    this.timer = setInterval(() => document.hidden || this.refresh(), REFRESH_MS);
  }

  close() {
    clearInterval(this.timer);
    removeEventListener("keydown", this.keys);
  }

  top() {
    const { name, role } = this.app.user;
    return el("header", { class: "topbar" },
      el("div", { class: "brand" }, icon("wave"), el("span", {}, S.name)),
      el("div", { class: "spacer" }),
      el("span", { class: "muted who" }, `${name} · ${role}`),
      button({ kind: "button icon-only", label: S.lists.title, on: { click: () => showVocabulary(this.app) } }, "book"),
      button({ kind: "button icon-only", label: S.theme, on: { click: toggleTheme } }, "theme"),
      button({ kind: "button icon-only", label: S.shortcuts, on: { click: showHelp } }, "help"),
      button({ kind: "button quiet", on: { click: () => this.app.leave() } }, null, S.signOut));
  }

  heading() {
    const open = () => openVisitDialog(this.app);
    return el("div", { class: "worklist-head" }, el("h1", {}, S.visits),
      mayOpen(this.app.user) ? button({ kind: "button primary", on: { click: open } }, "add", S.newVisit) : null);
  }

  tools() {
    this.search = el("input", { type: "search", class: "search", placeholder: S.search, "aria-label": S.search, hidden: !mayRead(this.app.user) });
    this.search.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.choose({ q: this.search.value }), TYPING_MS);
    });
    const choice = (state) => el("label", { class: "tab" },
      el("input", { type: "radio", name: "state", value: state, checked: state === "", on: { change: () => this.choose({ state }) } }),
      el("span", {}, state ? S.state[state] : S.allStates));
    return el("div", { class: "tools" }, this.search,
      el("div", { class: "tabs", role: "radiogroup", "aria-label": S.columns.state }, ["", ...STATES].map(choice)));
  }

  table() {
    const c = S.columns;
    const head = [c.patient, c.state, c.opened, c.by, c.template];
    return el("section", { class: "visit-table", "aria-label": S.visits },
      el("div", { class: "visit-row head", "aria-hidden": "true" }, head.map((text) => el("span", {}, text))),
      this.body, this.empty);
  }

  choose(change) {
    Object.assign(this.filter, change);
    this.refresh();
  }

  async refresh() {
    const asked = JSON.stringify(this.filter);
    try {
      const lines = await api.visits(this.filter);
      if (asked === JSON.stringify(this.filter)) this.show(lines);
    } catch (exc) {
      if (exc.status === 401) return (await this.app.signedOut()) ? this.refresh() : this.app.leave();
      if (!this.rows.size) this.say(exc.message, "");
    }
  }

  show(lines) {
    const nodes = lines.map((line) => this.row(line));
    arrange(this.body, nodes);
    const filtered = this.filter.q || this.filter.state;
    if (nodes.length) this.empty.hidden = true;
    else this.say(filtered ? S.noMatch : S.noVisits, filtered ? S.noMatchHint : this.hint());
  }

  hint() {
    return { admin: S.adminHint, coder: S.coderHint }[this.app.user.role] ?? S.noVisitsHint;
  }

  say(title, hint) {
    this.empty.replaceChildren(el("p", { class: "empty-title" }, title), el("p", { class: "muted" }, hint));
    this.empty.hidden = false;
  }

  row(line) {
    const key = `${line.state}/${line.seq && JSON.stringify(line.patient)}`;
    const known = this.rows.get(line.id);
    if (known?.dataset.key === key) return known;
    const { name, mrn, birth_date } = line.patient;
    const about = [mrn, born(birth_date)?.age].filter(Boolean).join(" · ");
    const row = el("a", { class: "visit-row", href: `#/visits/${line.id}`, data: { key } },
      el("span", { class: "cell-patient" }, el("strong", {}, name || S.noName), el("small", { class: "muted" }, about)),
      el("span", {}, statePill(line.state)),
      el("span", { class: "muted" }, moment(line.created_at)),
      el("span", { class: "muted" }, line.created_by),
      el("span", { class: "muted" }, line.template));
    this.rows.set(line.id, row);
    return row;
  }

  key(event) {
    if (event.key !== "/" || event.target.closest("input, textarea, dialog")) return;
    event.preventDefault();
    this.search.focus();
  }
}

/** Returns a visit's state as a small label. */
export const statePill = (state) => el("span", { class: "pill", data: { state } }, S.state[state] ?? state);
