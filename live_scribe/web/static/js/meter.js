/**
 * The sound in the desk's head: how loud it is, what is wrong with it, and the button that lends a microphone.
 *
 * Where this browser has the microphone it is asked itself; elsewhere the service's `level` hints tell.
 */
import { button, el, icon } from "./dom.js";
import { openMenu } from "./menu.js";
import { BrowserMicrophone } from "./microphone.js";
import { may } from "./permissions.js";
import { S } from "./strings.js";

const DRAW_MS = 100;
const WAITING_S = 3; // sound not yet acknowledged: below this it is the usual way of things
const FLOOR_DB = -60;
const SILENT_MS = 3000;
const DEAD_S = 10; // one of two channels: a headset gives nothing while its wearer listens
const CLIPPED_MS = 4000;

export class MicrophoneMeter {
  constructor(desk) {
    this.desk = desk;
    this.level = null; // the service's last hint
    this.heardAt = Date.now();
    this.clippedAt = 0;
    this.bar = el("span", { class: "meter-bar" });
    this.words = el("span", { class: "meter-words", role: "status" });
    this.choose = button({ kind: "button icon-only", label: S.micChoose, "aria-haspopup": "menu", on: { click: () => this.menu() } }, "mic");
    this.sign = icon("mic");
    this.shown = el("span", { class: "meter", hidden: true, title: S.level }, this.choose, this.sign, el("span", { class: "meter-track" }, this.bar), this.words);
    this.lend = button({ kind: "button quiet", hidden: true, on: { click: () => this.start() } }, "mic", S.useMicrophone);
    this.root = el("div", { class: "microphone" }, this.shown, this.lend);
    this.timer = setInterval(() => this.draw(), DRAW_MS);
  }

  get microphone() {
    return BrowserMicrophone.of(this.desk.visitId);
  }

  update(view) {
    this.microphone?.follow(view.state);
    const mine = this.microphone !== null;
    if (this.state !== view.state) this.heardAt = Date.now(); // three seconds from now on
    this.state = view.state;
    this.lend.hidden = mine || view.visit.sample !== null || !may(this.desk.app.user, "record", view.state) || view.visit.channels !== 1;
    this.shown.hidden = !mine && view.state !== "recording";
    this.choose.hidden = !mine;
    this.sign.toggleAttribute("hidden", mine);
  }

  /** Takes the service's word for how loud it is. */
  hint(level) {
    this.level = level;
    this.heardAt = Date.now() - 1000 * Math.min(...level.channels.map((channel) => channel.silence));
    if (level.channels.some((channel) => channel.clipped)) this.clippedAt = Date.now();
  }

  /** The line to the service is cut, or back: what it did not tell meanwhile says nothing. */
  connection(status) {
    this.connected = status === "live";
    this.heardAt = Date.now();
  }

  draw() {
    if (this.shown.hidden) return;
    const { microphone } = this;
    const db = microphone ? 20 * Math.log10(microphone.level || 1e-9) : this.remoteDb();
    this.bar.style.transform = `scaleX(${Math.min(1, Math.max(0, 1 - db / FLOOR_DB))})`;
    const [words, hint] = (microphone ? this.trouble(microphone) : this.remoteTrouble()) ?? ["", S.level];
    if (this.words.textContent === words) return;
    this.words.textContent = words;
    this.shown.title = hint;
    this.shown.classList.toggle("warn", words !== "");
  }

  /** Returns what is wrong, and what to do about it; null where nothing is. */
  trouble(microphone) {
    if (microphone.buffer.lost) return S.micLost;
    if (!microphone.paused && !microphone.held) {
      if (microphone.input.gone) return S.micUnplugged;
      if (microphone.silent) return S.noArriving;
      if (microphone.clipped) return S.tooLoud;
    }
    const waiting = Math.round(microphone.buffer.seconds);
    return waiting > WAITING_S ? S.micWaiting(waiting) : null;
  }

  remoteDb() {
    const quiet = Date.now() - this.heardAt > SILENT_MS;
    return this.level && !quiet ? Math.max(...this.level.channels.map((channel) => channel.db)) : FLOOR_DB;
  }

  remoteTrouble() {
    if (!this.connected) return null;
    if (Date.now() - this.heardAt > SILENT_MS) return S.noArriving;
    const dead = this.level?.channels.findIndex((channel) => channel.silence > DEAD_S) ?? -1;
    if (dead >= 0) return S.channelDead(dead + 1);
    return Date.now() - this.clippedAt < CLIPPED_MS ? S.tooLoud : null;
  }

  /** Shows the microphones of this computer, to choose from. */
  async menu() {
    const { microphone } = this;
    if (!microphone) return;
    const found = await microphone.input.devices();
    const choose = (id) => microphone.input.use(id).catch((exc) => this.desk.say(exc.message));
    const items = found.map(({ id, label, used }) => ({ text: label, checked: used, run: () => choose(id) }));
    openMenu(this.choose, [{ heading: items.length ? S.micChoose : S.micMissing }, ...items]);
  }

  async start() {
    try {
      BrowserMicrophone.keep(this.desk.visitId, await BrowserMicrophone.ask());
      this.update(this.desk.view);
    } catch (exc) {
      this.desk.say(exc.message);
    }
  }

  /** Keeps nothing more, and waits until the last sound is safe; returns the seconds that are not. */
  async drain() {
    return (await this.microphone?.drain()) ?? 0;
  }

  /** Records on. */
  release() {
    this.microphone?.release();
  }

  close() {
    clearInterval(this.timer);
  }
}
