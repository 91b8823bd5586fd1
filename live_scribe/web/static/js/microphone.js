/**
 * This browser's microphone, into a visit. What was not acknowledged is kept and sent again after a cut line, from the
 * sample that the service names: nothing is lost, nothing is heard twice. Where the microphone gave nothing, the hole
 * keeps its length, and the service is told why.
 */
import { visitPath } from "./api.js";
import { SampleClock, stretched } from "./sample_clock.js";
import { message, SoundBuffer } from "./sound_buffer.js";
import { SoundInput } from "./sound_input.js";
import { S } from "./strings.js";
import { toast } from "./toast.js";

const LONGEST_WAIT_MS = 5000;
const SILENT_MS = 3000;
const SILENCE = 0.0005; // -66 dBFS: an open microphone is never as still as this
const CLIPPED_SAMPLES = 8; // in a tenth of a second: a click touches the limit less often, a voice too loud at every top
const CLIPPED_MS = 4000; // long enough to be read
const TICK_MS = 1000;
const SLEPT_MS = 3000; // a timer that is so late stood still with the whole computer
const HOLE_SAMPLES = 8000; // half a second: of less there is no talk
const DRAIN_MS = 5000;
const BUSY_MS = 60_000; // the service notices within two pings that a line was cut: until then it counts as in use
const FIRST_BUSY_MS = 2000; // and a line that was closed properly, at once
const BUSY = 4409;
const FATAL = { 4403: S.lost.forbidden, 4404: S.lost.gone, 4413: S.micTooLong, [BUSY]: S.micBusy };

const running = new Map();

// Whoever leaves the page ends its microphones, and the sound that waits for a line would be gone.
addEventListener("beforeunload", (event) => running.size && event.preventDefault());

export class BrowserMicrophone {
  /** Asks for the microphone. Throws an Error with a sentence for the reader. */
  static async ask() {
    const microphone = new BrowserMicrophone();
    microphone.input = await SoundInput.open({
      sound: (sound) => microphone.heard(sound),
      broken: () => (microphone.broken = true),
      changed: (label) => toast(label ? S.micChanged(label) : S.micGone),
    });
    microphone.timer = setInterval(() => microphone.tick(), TICK_MS);
    return microphone;
  }

  /** Lets a microphone hear a visit until it is stopped, whatever screen is open. */
  static keep(visitId, microphone) {
    running.get(visitId)?.stop();
    running.set(visitId, microphone);
    microphone.hear(visitId);
  }

  static of(visitId) {
    return running.get(visitId) ?? null;
  }

  constructor() {
    this.buffer = new SoundBuffer();
    this.clock = new SampleClock();
    this.level = 0;
    this.loudAt = this.ticked = Date.now();
    this.clippedAt = this.sleptAt = 0;
    this.broken = false; // the microphone was changed: even a short hole is one
    this.passed = false; // sound was passed over while a pause was asked for
    this.paused = false; // the visit is: the service keeps no sound
    this.held = false; // somebody has asked for the pause or the end: nothing more is kept, what was kept is sent
    this.started = false;
    this.known = false; // whether the service has ever taken this microphone
    this.attempt = 0;
  }

  tick() {
    const now = Date.now();
    if (now - this.ticked > SLEPT_MS) this.sleptAt = now;
    this.ticked = now;
  }

  heard({ pcm, peak, tops, wall }) {
    this.level = peak;
    if (peak > SILENCE) this.loudAt = Date.now();
    if (tops >= CLIPPED_SAMPLES) this.clippedAt = Date.now();
    if (this.paused || !this.visitId) return this.clock.restart();
    if (this.held) return (this.passed = true);
    const { hole, length } = this.clock.place(pcm.length, wall, this.broken);
    this.buffer.add(stretched(pcm, length), hole, this.why());
    this.broken = this.passed = false;
    this.send();
  }

  /** Returns why sound is missing now, should some be. */
  why() {
    if (this.passed) return "pause";
    this.tick();
    return !this.broken && Date.now() - this.sleptAt < SLEPT_MS ? "sleep" : "device";
  }

  send() {
    if (!this.ready) return;
    for (const piece of this.buffer.due()) {
      if (piece.missing) this.socket.send(JSON.stringify({ type: "gap", reason: piece.missing }));
      this.socket.send(message(piece));
    }
  }

  /** Marks with one silent sample how long nothing has come, where the recording ends before anything does again. */
  markHole() {
    if (this.clock.behind(Date.now()) < HOLE_SAMPLES) return;
    const { hole } = this.clock.place(1, Date.now(), true);
    this.buffer.add(new Int16Array(1), hole, this.why());
    this.send();
  }

  /** Whether nothing, or nothing but dead silence, has come for three seconds. */
  get silent() {
    return Date.now() - this.loudAt > SILENT_MS;
  }

  get clipped() {
    return Date.now() - this.clippedAt < CLIPPED_MS;
  }

  hear(visitId) {
    this.visitId = visitId;
    this.connect();
  }

  connect() {
    this.ready = false;
    const socket = new WebSocket(location.origin.replace(/^http/, "ws") + visitPath(this.visitId, "/audio"));
    this.socket = socket;
    socket.onmessage = ({ data }) => this.told(JSON.parse(data));
    socket.onclose = (event) => this.closed(event.code);
  }

  told(told) {
    if (told.type === "ack") this.buffer.acknowledge(told.next_sample);
    if (told.type !== "ready") return this.send();
    this.attempt = 0;
    this.busySince = null;
    if (this.started) this.buffer.acknowledge(told.next_sample);
    else this.buffer.moveTo(told.next_sample);
    this.started = this.ready = this.known = true;
    this.buffer.rewind();
    this.send();
  }

  /** A session that is over is waited for like a cut line: the sound is kept until somebody has signed in again. */
  closed(code) {
    this.ready = false;
    if (code === BUSY) this.busySince ??= Date.now();
    const mayWait = code === BUSY && Date.now() - this.busySince < (this.known ? BUSY_MS : FIRST_BUSY_MS);
    if (FATAL[code] && !mayWait) return this.stop(FATAL[code]);
    if (code === 1000 || this.ended) return;
    const wait = Math.min(LONGEST_WAIT_MS, 250 * 2 ** this.attempt++);
    this.again = setTimeout(() => this.connect(), wait);
  }

  /** Follows the visit's state: while it is paused nothing is kept; afterwards the service says where to go on. */
  follow(state) {
    const paused = state === "paused";
    if (state !== "recording" && !paused) return this.stop();
    if (paused === this.paused) return;
    this.paused = paused;
    this.held = false;
    this.drop();
    if (paused) return;
    this.buffer.restart(0);
    this.started = false;
    this.connect();
  }

  /** Keeps nothing more and waits, a few seconds at most, until all that was kept is safe; returns the seconds left. */
  async drain() {
    if (!this.held && !this.paused && !this.ended) this.markHole();
    this.held = true;
    const until = Date.now() + DRAIN_MS;
    while (this.unsafe && Date.now() < until) await new Promise((done) => setTimeout(done, 100));
    return this.unsafe;
  }

  /** Goes on where nothing came of the pause or the end. */
  release() {
    this.held = false;
  }

  /** Seconds of sound that are here alone. */
  get unsafe() {
    return this.ended ? 0 : this.buffer.seconds;
  }

  drop() {
    clearTimeout(this.again);
    this.ready = false;
    if (!this.socket) return;
    this.socket.onclose = null;
    this.socket.close();
    this.socket = null;
  }

  stop(trouble = "") {
    if (this.ended) return;
    this.ended = true;
    if (trouble) toast(trouble);
    this.drop();
    clearInterval(this.timer);
    this.input.close();
    if (running.get(this.visitId) === this) running.delete(this.visitId);
  }
}
