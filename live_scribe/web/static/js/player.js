/** The sound behind a statement: stretches of the recording, one after the other, through one <audio>. */
import { visitPath } from "./api.js";
import { S } from "./strings.js";

const LEAD_S = 0.5; // the ear needs a moment before the first word
const TRAIL_S = 0.3;
const JOIN_S = 2; // question and answer closer than this play as one

export class Player {
  /** `on(time)` hears where the sound is, in seconds of the visit; null when it has ended. */
  constructor(visitId, { on, say }) {
    this.visitId = visitId;
    this.on = on;
    this.say = say;
    this.queue = [];
    this.audio = new Audio();
    this.audio.preload = "auto";
    this.audio.addEventListener("ended", () => this.next());
    this.audio.addEventListener("error", () => this.playing && this.failed());
    this.audio.addEventListener("timeupdate", () => this.playing && this.on(this.from + this.audio.currentTime));
  }

  /** Plays stretches [{start, end}] of the visit, in seconds. */
  play(stretches) {
    this.queue = joined(stretches);
    this.next();
  }

  next() {
    const stretch = this.queue.shift();
    if (!stretch) return this.stop();
    this.from = Math.max(0, stretch.start - LEAD_S);
    const end = (stretch.end + TRAIL_S).toFixed(2);
    this.playing = true;
    this.audio.src = visitPath(this.visitId, `/audio.wav?start=${this.from.toFixed(2)}&end=${end}`);
    // A new sound before this one could begin is no failure.
    this.audio.play().catch((exc) => exc.name !== "AbortError" && this.failed());
    this.on(this.from);
  }

  failed() {
    if (!this.playing) return;
    this.stop();
    this.say(S.noPlayback);
  }

  stop() {
    this.queue = [];
    this.playing = false;
    this.audio.pause();
    this.on(null);
  }
}

/** Returns stretches in order of time, those close to each other as one. */
export function joined(stretches) {
  const sorted = stretches.filter((s) => s.start !== null && s.end !== null).sort((a, b) => a.start - b.start);
  const whole = [];
  for (const { start, end } of sorted) {
    const last = whole.at(-1);
    if (last && start - last.end <= JOIN_S) last.end = Math.max(last.end, end);
    else whole.push({ start, end });
  }
  return whole;
}
