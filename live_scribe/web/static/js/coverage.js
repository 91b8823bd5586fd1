/** How complete the note is: one quiet line in its head, which opens to what is not asked, asked, answered, noted. */
import { button, el, icon } from "./dom.js";
import { S } from "./strings.js";

const ORDER = ["not_asked", "asked", "answered", "noted"];

export class CoverageView {
  constructor(desk) {
    this.desk = desk;
    this.text = el("span", {});
    this.root = button({ kind: "button quiet small coverage", hidden: true, "aria-haspopup": "dialog", on: { click: () => this.toggle() } });
    this.ring = ring();
    this.root.append(this.ring.svg, this.text);
  }

  get complete() {
    return this.desk.lacks?.completeness ?? null;
  }

  /** Draws what has changed. */
  update() {
    const { complete } = this;
    if (complete === this.drawn) return;
    this.drawn = complete;
    this.root.hidden = !complete?.topics.length;
    if (this.root.hidden) return this.panel?.hidePopover();
    this.text.textContent = complete.required ? S.coverage.score(complete.noted, complete.required) : S.coverage.title;
    this.root.title = S.coverage.hint;
    this.ring.show(complete.required ? complete.noted / complete.required : 1);
    if (this.panel) this.panel.replaceChildren(...this.content());
  }

  toggle() {
    if (this.panel) return this.panel.hidePopover();
    if (!this.complete?.topics.length) return null;
    this.panel = el("div", { class: "coverage-panel", popover: "auto", role: "dialog", "aria-label": S.coverage.title, tabindex: -1 }, ...this.content());
    this.panel.addEventListener("toggle", (event) => {
      if (event.newState !== "closed") return;
      this.panel?.remove();
      this.panel = null;
    });
    document.body.append(this.panel);
    this.panel.showPopover();
    const [at, { offsetWidth }] = [this.root.getBoundingClientRect(), this.panel];
    this.panel.style.left = `${Math.max(8, Math.min(at.right, innerWidth - 8) - offsetWidth)}px`;
    this.panel.style.top = `${at.bottom + 6}px`;
    (this.panel.querySelector("button") ?? this.panel).focus();
    return null;
  }

  content() {
    const topics = this.complete.topics.toSorted((a, b) => b.required - a.required);
    const groups = ORDER.map((state) => [state, topics.filter((topic) => topic.state === state)]).filter(([, some]) => some.length);
    return groups.map(([state, some]) => el("section", { class: "coverage-group", data: { state } },
      el("h3", {}, S.coverage.states[state]), el("ul", {}, ...some.map((topic) => el("li", {}, this.topic(topic))))));
  }

  topic(topic) {
    const title = el("span", {}, topic.title);
    const optional = topic.required ? null : el("span", { class: "muted" }, S.coverage.optional);
    const content = [icon(topic.state === "noted" ? "check" : "more"), title, optional];
    const said = topic.utterance && this.desk.view.utterances.get(topic.utterance);
    if (topic.state === "noted" || (!said && !this.desk.canEdit)) return el("div", { class: "coverage-topic" }, ...content);
    return el("button", { type: "button", class: "coverage-topic", title: said ? S.coverage.listen : S.coverage.write, on: { click: () => this.follow(topic, said) } }, ...content);
  }

  /** Goes to where a topic was spoken of; where it was not, begins a statement about it. */
  follow(topic, said) {
    this.panel?.hidePopover();
    if (!said) return this.desk.edits.beginAdding(topic.section);
    this.desk.transcript.light([{ utterance: said.id, words: [] }]);
    return this.desk.playFrom(said);
  }
}

/** A ring that fills: what is noted of what is required. */
function ring() {
  const svg = icon("ring");
  svg.classList.add("coverage-ring");
  const [, arc] = svg.children;
  arc.setAttribute("pathLength", "1");
  return { svg, show: (share) => arc.setAttribute("stroke-dasharray", `${share} 1`) };
}
