/** The microphone in the desk's head: how loud it is, what is wrong with it, and the button that lends it. */
import { button, el, icon } from "./dom.js";
import { BrowserMicrophone } from "./microphone.js";
import { may } from "./permissions.js";
import { S } from "./strings.js";

const DRAW_MS = 100;
const WAITING_S = 3; // sound not yet acknowledged: below this it is the usual way of things
const FLOOR_DB = -60;

export class MicrophoneMeter {
  constructor(desk) {
    this.desk = desk;
    this.bar = el("span", { class: "meter-bar" });
    this.words = el("span", { class: "meter-words", role: "status" });
    this.shown = el("span", { class: "meter", hidden: true, title: S.level }, icon("mic"), el("span", { class: "meter-track" }, this.bar), this.words);
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
    this.lend.hidden = mine || view.visit.sample !== null || !may(this.desk.app.user, "record", view.state) || view.visit.channels !== 1;
    this.shown.hidden = !mine;
  }

  draw() {
    const { microphone } = this;
    if (!microphone) return;
    const db = microphone.level > 0 ? 20 * Math.log10(microphone.level) : FLOOR_DB;
    this.bar.style.transform = `scaleX(${Math.max(0, 1 - db / FLOOR_DB)})`;
    const words = this.trouble(microphone);
    if (this.words.textContent !== words) this.words.textContent = words;
    this.shown.classList.toggle("warn", words !== "");
  }

  trouble(microphone) {
    if (microphone.buffer.lost) return S.micLost;
    if (microphone.silent && !microphone.paused && !microphone.held) return S.noArriving;
    const waiting = Math.round(microphone.buffer.seconds);
    return waiting > WAITING_S ? S.micWaiting(waiting) : "";
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
