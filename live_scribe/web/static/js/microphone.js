/**
 * This browser's microphone, into a visit. What was not acknowledged is kept and sent again after a cut line, from the
 * sample that the service names: nothing is lost, nothing is heard twice.
 */
import { visitPath } from "./api.js";
import { message, SoundBuffer } from "./sound_buffer.js";
import { S } from "./strings.js";
import { toast } from "./toast.js";

const LONGEST_WAIT_MS = 5000;
const SILENT_MS = 3000;
const SILENCE = 0.0005; // -66 dBFS: an open microphone is never as still as this
const DRAIN_MS = 5000;
const BUSY_MS = 60_000; // the service notices within two pings that a line was cut: until then it counts as in use
const FIRST_BUSY_MS = 2000; // and a line that was closed properly, at once
const BUSY = 4409;
const FATAL = { 4403: S.lost.forbidden, 4404: S.lost.gone, [BUSY]: S.micBusy };

const running = new Map();

// Whoever leaves the page ends its microphones, and the sound that waits for a line would be gone.
addEventListener("beforeunload", (event) => running.size && event.preventDefault());

export class BrowserMicrophone {
  /** Asks for the microphone. Throws an Error with a sentence for the reader. */
  static async ask() {
    if (!navigator.mediaDevices) throw new Error(S.micInsecure);
    try {
      const wanted = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: true };
      const microphone = new BrowserMicrophone(await navigator.mediaDevices.getUserMedia({ audio: wanted }));
      await microphone.open();
      return microphone;
    } catch (exc) {
      throw new Error(exc.name === "NotFoundError" ? S.micMissing : exc.name === "NotAllowedError" ? S.micDenied : exc.message);
    }
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

  constructor(stream) {
    this.stream = stream;
    this.buffer = new SoundBuffer();
    this.level = 0;
    this.loudAt = Date.now();
    this.paused = false; // the visit is: the service keeps no sound
    this.held = false; // somebody has asked for the pause or the end: nothing more is kept, what was kept is sent
    this.started = false;
    this.known = false; // whether the service has ever taken this microphone
    this.attempt = 0;
  }

  async open() {
    this.context = await contextFor(this.stream);
    await this.context.audioWorklet.addModule("/static/js/mic_worklet.js");
    const worklet = new AudioWorkletNode(this.context, "mic", { numberOfOutputs: 0, channelCount: 1 });
    worklet.port.onmessage = ({ data }) => this.heard(data);
    this.context.createMediaStreamSource(this.stream).connect(worklet);
    await this.context.resume();
  }

  heard({ pcm, peak }) {
    this.level = peak;
    if (peak > SILENCE) this.loudAt = Date.now();
    if (this.paused || this.held || !this.visitId) return;
    const piece = this.buffer.add(pcm);
    if (this.ready) this.socket.send(message(piece));
  }

  /** Whether nothing, or nothing but dead silence, has come for three seconds. */
  get silent() {
    return Date.now() - this.loudAt > SILENT_MS;
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
    if (told.type !== "ready") return;
    this.attempt = 0;
    this.busySince = null;
    if (this.started) this.buffer.acknowledge(told.next_sample);
    else this.buffer.moveTo(told.next_sample);
    this.started = this.ready = this.known = true;
    this.buffer.pieces.forEach((piece) => this.socket.send(message(piece)));
  }

  /** A session that is over is waited for like a cut line: the sound is kept until somebody has signed in again. */
  closed(code) {
    this.ready = false;
    if (code === BUSY) this.busySince ??= Date.now();
    const mayWait = code === BUSY && Date.now() - this.busySince < (this.known ? BUSY_MS : FIRST_BUSY_MS);
    if (FATAL[code] && !mayWait) return this.stop(FATAL[code]);
    if (code === 1000 || this.ended) return;
    const wait = Math.min(LONGEST_WAIT_MS, 250 * 2 ** this.attempt++);
    this.timer = setTimeout(() => this.connect(), wait);
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
    clearTimeout(this.timer);
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
    this.stream.getTracks().forEach((track) => track.stop());
    this.context?.close().catch(() => null);
    if (running.get(this.visitId) === this) running.delete(this.visitId);
  }
}

/** Returns a context at 16 kHz; at the microphone's own rate where a browser cannot join the two. */
async function contextFor(stream) {
  const context = new AudioContext({ sampleRate: 16000 });
  try {
    context.createMediaStreamSource(stream).disconnect();
    return context;
  } catch {
    await context.close();
    return new AudioContext();
  }
}
