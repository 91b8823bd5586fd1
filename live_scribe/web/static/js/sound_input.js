/**
 * A microphone of this browser: pieces of sound with the time at which they were heard. Where it is unplugged another
 * takes its place, and where there is none it is waited for.
 */
import { S } from "./strings.js";

const CHOSEN = "live_scribe.microphone"; // the device a person chose, for the next visit
const WANTED = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: true };

export class SoundInput {
  /** `on`: {sound({pcm, peak, tops, wall}), broken(), changed(label or null)}. Throws an Error with a sentence. */
  static async open(on) {
    if (!navigator.mediaDevices) throw new Error(S.micInsecure);
    const input = new SoundInput(on);
    try {
      await input.take({ ideal: localStorage.getItem(CHOSEN) ?? "default" });
      return input;
    } catch (exc) {
      input.close();
      throw new Error(exc.name === "NotFoundError" ? S.micMissing : exc.name === "NotAllowedError" ? S.micDenied : exc.message);
    }
  }

  constructor(on) {
    this.on = on;
    this.gone = false;
    this.plugged = () => this.gone && this.replace();
    this.awake = () => this.wake();
    navigator.mediaDevices.addEventListener("devicechange", this.plugged);
    document.addEventListener("visibilitychange", this.awake);
  }

  get track() {
    return this.stream?.getAudioTracks()[0] ?? null;
  }

  /** Returns the microphones there are, {id, label, used}. */
  async devices() {
    const used = this.gone ? null : this.track?.getSettings().deviceId;
    const all = await navigator.mediaDevices.enumerateDevices();
    return all
      .filter((device) => device.kind === "audioinput")
      .map(({ deviceId, label }, i) => ({ id: deviceId, label: label || S.micNumber(i + 1), used: deviceId === used }));
  }

  /** Hears another microphone from now on, and in visits to come. */
  async use(deviceId) {
    await this.take({ exact: deviceId });
    localStorage.setItem(CHOSEN, deviceId);
  }

  /** Opens a microphone; the one before is heard until this one is ready. */
  async take(deviceId) {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { ...WANTED, deviceId } });
    const context = await contextFor(stream);
    await context.audioWorklet.addModule("/static/js/mic_worklet.js");
    const worklet = new AudioWorkletNode(context, "mic", { numberOfOutputs: 0, channelCount: 1 });
    context.createMediaStreamSource(stream).connect(worklet);
    await context.resume();
    this.letGo();
    if (this.closed) return stream.getTracks().forEach((track) => track.stop());
    [this.stream, this.context, this.worklet, this.gone] = [stream, context, worklet, false];
    worklet.port.onmessage = ({ data }) => this.on.sound(data);
    context.onstatechange = this.awake;
    this.track.onended = () => this.lost();
    this.on.broken();
  }

  /** The microphone was unplugged: any other is better than none. */
  async lost() {
    this.letGo();
    this.gone = true;
    this.on.broken();
    await this.replace();
  }

  async replace() {
    if (this.replacing) return;
    this.replacing = true;
    try {
      await this.take({ ideal: localStorage.getItem(CHOSEN) ?? "default" });
      this.on.changed(this.track.label);
    } catch {
      this.on.changed(null);
    } finally {
      this.replacing = false;
    }
  }

  /** Phones stop the sound of a page that goes to the back, and do not start it again by themselves. */
  wake() {
    if (this.context && !["running", "closed"].includes(this.context.state)) this.context.resume().catch(() => null);
  }

  letGo() {
    if (!this.stream) return;
    this.worklet.port.onmessage = this.track.onended = this.context.onstatechange = null;
    this.stream.getTracks().forEach((track) => track.stop());
    this.context.close().catch(() => null);
    this.stream = this.context = null;
  }

  close() {
    this.closed = true;
    navigator.mediaDevices.removeEventListener("devicechange", this.plugged);
    document.removeEventListener("visibilitychange", this.awake);
    this.letGo();
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
