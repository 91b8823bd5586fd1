/** In the audio thread: the microphone's sound as 16 kHz, 16-bit mono, in pieces of a tenth of a second. */
const RATE_HZ = 16000;
const PIECE = RATE_HZ / 10;
const TOP = 0.99; // of full scale: what was resampled at its limit is not all exactly there

class MicWorklet extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = sampleRate / RATE_HZ; // 1 where the browser gives 16 kHz itself, which most do
    this.sum = 0;
    this.count = 0;
    this.due = this.step;
    this.piece = new Int16Array(PIECE);
    this.filled = 0;
    this.peak = 0;
    this.tops = 0;
  }

  process([input]) {
    const sound = input[0];
    if (sound) for (let i = 0; i < sound.length; i++) this.take(sound[i]);
    return true;
  }

  /** Averages the samples that fall into one of ours: a plain low-pass that also takes them down to our rate. */
  take(sample) {
    this.sum += sample;
    this.count += 1;
    if (this.count < this.due) return;
    this.put(this.sum / this.count);
    this.due += this.step - this.count; // what the rounding owes goes to the next one
    this.sum = this.count = 0;
  }

  put(value) {
    const clipped = Math.max(-1, Math.min(1, value));
    this.peak = Math.max(this.peak, Math.abs(clipped));
    if (Math.abs(clipped) >= TOP) this.tops += 1;
    this.piece[this.filled++] = Math.round(clipped * 32767);
    if (this.filled < PIECE) return;
    // The time is taken here: the page's own thread may be late by seconds.
    const told = { pcm: this.piece, peak: this.peak, tops: this.tops, wall: Date.now() };
    this.port.postMessage(told, [this.piece.buffer]);
    this.piece = new Int16Array(PIECE);
    this.filled = this.peak = this.tops = 0;
  }
}

registerProcessor("mic", MicWorklet);
