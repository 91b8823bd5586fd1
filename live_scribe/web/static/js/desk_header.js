/** The head of the desk: whose visit it is, where it stands, how the line is, and what can be done next. */
import * as api from "./api.js";
import { button, el, icon } from "./dom.js";
import { born, clock } from "./format.js";
import { showHelp } from "./help_dialog.js";
import { languageKey, languageNotice } from "./language_notice.js";
import { openMenu } from "./menu.js";
import { MicrophoneMeter } from "./meter.js";
import { isLive, may } from "./permissions.js";
import { askForAddendum, askToEnd, askToReturn, askToSign, askToSubmit } from "./sign_dialog.js";
import { countIn, isOpen } from "./flags.js";
import { nextReading } from "./readings.js";
import { oddKey, oddNotice } from "./odd_notice.js";
import { S } from "./strings.js";
import { toggleTheme } from "./theme.js";
import { showVocabulary } from "./vocabulary_dialog.js";
import { statePill } from "./worklist.js";

const LATE_S = 5; // a reader waits this long for a word without wondering

export class DeskHeader {
  constructor(desk) {
    this.desk = desk;
    this.patient = el("div", { class: "banner" });
    this.state = el("div", { class: "state" });
    this.line = el("span", { class: "line", role: "status", data: { line: "connecting" } }, S.connection.connecting);
    this.lag = el("span", { class: "lag" });
    this.clock = el("span", { class: "clock" });
    this.actions = el("div", { class: "actions" });
    this.notice = el("div", { class: "notice", hidden: true });
    this.meter = new MicrophoneMeter(desk);
    const menus = [
      button({ kind: "button icon-only", label: S.download, "aria-haspopup": "menu", on: { click: (event) => this.downloads(event.currentTarget) } }, "download"),
      button({ kind: "button icon-only", label: S.lists.title, on: { click: () => showVocabulary(desk.app) } }, "book"),
      button({ kind: "button icon-only", label: S.theme, on: { click: toggleTheme } }, "theme"),
      button({ kind: "button icon-only", label: S.shortcuts, on: { click: showHelp } }, "help"),
    ];
    const back = el("a", { href: "#", class: "button icon-only", "aria-label": S.back, title: S.back }, icon("back"));
    this.root = el("header", { class: "desk-head" },
      el("div", { class: "desk-bar" }, back, this.patient,
        el("div", { class: "status" }, this.state, this.clock, this.lag, this.line),
        el("div", { class: "tools-right" }, this.meter.root, this.actions, ...menus)),
      this.notice);
  }

  update(view) {
    if (this.visit !== view.visit) this.drawPatient((this.visit = view.visit));
    this.clock.textContent = view.clock ? clock(view.clock) : "";
    this.meter.update(view);
    const toConfirm = countIn(view, isOpen);
    const key = `${view.state}/${view.comment}/${toConfirm}/${view.readings.size}/${this.desk.app.user.role}/${languageKey(view)}/${oddKey(this.desk)}`;
    if (this.key === key) return;
    this.key = key;
    this.state.replaceChildren(statePill(view.state));
    this.actions.replaceChildren(...this.buttons(view, toConfirm));
    this.tell(view);
  }

  drawPatient({ patient }) {
    const birth = born(patient.birth_date);
    const about = [patient.mrn, birth && `${birth.date} (${birth.age})`, S.sexes[patient.sex] ?? patient.sex].filter(Boolean);
    this.patient.replaceChildren(el("h1", {}, patient.name || S.noName), el("span", { class: "muted" }, about.join(" · ")));
    document.title = `${patient.name || S.noName} · ${S.name}`;
  }

  buttons(view, toConfirm) {
    const { desk } = this;
    const can = (action) => may(desk.app.user, action, view.state);
    const act = (kind, sign, text, run) => button({ kind, on: { click: run } }, sign, text);
    const offered = desk.canEdit ? view.readings.size : 0;
    const readings = offered ? act("button quiet", "spark", S.toRead(offered), () => nextReading(desk)) : null;
    const flags = toConfirm && desk.canEdit ? act("button warn", "flag", S.toConfirm(toConfirm), () => desk.nextFlag()) : null;
    return [
      readings,
      flags,
      can("pause") && act("button", "pause", S.pause, () => this.pause()),
      can("resume") && act("button primary", "mic", S.resume, () => desk.command({ type: "resume" })),
      can("end") && act("button", "stop", S.end, () => askToEnd(desk, this.meter)),
      can("return") && act("button", "undo", S.return, () => askToReturn(desk)),
      can("submit") && act(can("sign") ? "button" : "button primary", "send", S.submit, () => this.submit()),
      can("sign") && act("button primary", "signature", S.sign, () => askToSign(desk)),
      can("amend") && act("button", "add", S.addendum, () => askForAddendum(desk)),
    ].filter(Boolean);
  }

  /** Pauses or resumes, whichever is possible. */
  togglePause() {
    const { app, view } = this.desk;
    if (may(app.user, "pause", view.state)) this.pause();
    else if (may(app.user, "resume", view.state)) this.desk.command({ type: "resume" });
  }

  /** Records nothing more at once; the service is told when it has all that was said before. */
  async pause() {
    if (this.pausing) return;
    this.pausing = true;
    try {
      let left = await this.meter.drain();
      if (left > 0) this.desk.say(S.pauseWaits(left));
      while (left > 0) left = await this.meter.drain();
      const answer = await this.desk.command({ type: "pause" });
      if (answer.type === "refused") this.meter.release();
    } finally {
      this.pausing = false;
    }
  }

  async submit() {
    try {
      await askToSubmit(this.desk);
    } catch (exc) {
      this.desk.say(exc.message);
    }
  }

  tell(view) {
    const text = view.state === "review" && view.comment ? S.returned(view.comment) : "";
    const told = [...(text ? [text] : languageNotice(this.desk, view)), ...oddNotice(this.desk)];
    this.notice.replaceChildren(...told);
    this.notice.hidden = !told.length;
  }

  /** Shows how the connection is. */
  connection(status) {
    this.line.dataset.line = status;
    this.line.textContent = S.connection[status] ?? "";
    this.meter.connection(status);
  }

  /** Shows how far hearing is behind the sound, and on hovering what it goes without to catch up. */
  behind(seconds, level) {
    const live = isLive(this.desk.view?.state);
    const late = seconds > LATE_S && live;
    this.lag.textContent = late ? S.catchingUp(seconds) : live ? S.behind(seconds) : S.stillHearing;
    this.lag.title = (live && S.levels[level]) || "";
    this.lag.classList.toggle("late", late);
  }

  /** Shows that all has been heard. */
  settled() {
    this.lag.textContent = "";
    this.lag.title = "";
    this.lag.classList.remove("late");
  }

  /** Shows that the sound is listened to a second time, and how much of it is left. */
  again(seconds) {
    this.lag.textContent = seconds > 0 ? S.listeningAgain(clock(seconds)) : "";
    this.lag.title = seconds > 0 ? S.listeningAgainHint : "";
    this.lag.classList.remove("late");
  }

  downloads(anchor) {
    const files = Object.entries(S.formats).map(([ending, text]) => ({
      text,
      href: api.visitPath(this.desk.visitId, `/note.${ending}`),
      download: `note.${ending}`,
    }));
    const summary = { text: S.summary, href: api.visitPath(this.desk.visitId, "/summary.html"), open: true };
    openMenu(anchor, [...files, { heading: S.forPatient }, summary]);
  }
}
