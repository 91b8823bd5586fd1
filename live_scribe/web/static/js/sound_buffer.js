/** Sound that the service has not acknowledged: it is kept here until it is safe there. Pure: no socket, no clock. */
import { RATE_HZ } from "./sample_clock.js";

const HEADER_BYTES = 8;
const KEEP_SAMPLES = 30 * 60 * RATE_HZ; // half an hour of a cut line, 58 MB; then the oldest goes, and that is said
// A minute on its way: with more, the line's own signs of life wait behind the sound until it is taken for dead.
const MOST_ON_ITS_WAY = 600;

export class SoundBuffer {
  constructor() {
    this.pieces = []; // {offset, pcm, missing: why there is a hole before it, or null}
    this.next = 0;
    this.held = 0; // samples in all pieces
    this.sent = 0; // pieces, from the first on, that are on their way
    this.lost = false;
  }

  get seconds() {
    return this.held / RATE_HZ;
  }

  /** Adds sound at the end, behind `hole` samples that are missing and why, and returns its piece. */
  add(pcm, hole = 0, why = null) {
    const piece = { offset: this.next + hole, pcm, missing: hole ? why : null };
    this.pieces.push(piece);
    this.held += pcm.length;
    this.next = piece.offset + pcm.length;
    while (this.held > KEEP_SAMPLES) {
      this.forget();
      this.lost = true;
    }
    return piece;
  }

  forget() {
    this.held -= this.pieces.shift().pcm.length;
    this.sent = Math.max(0, this.sent - 1);
  }

  /** Yields the pieces that are to be sent now; they count as sent. */
  *due() {
    while (this.sent < Math.min(this.pieces.length, MOST_ON_ITS_WAY)) yield this.pieces[this.sent++];
  }

  /** The line was cut: nothing is on its way. */
  rewind() {
    this.sent = 0;
  }

  /** Forgets what lies below `sample`: it is safe on the service's disk. */
  acknowledge(sample) {
    while (this.pieces.length && this.pieces[0].offset + this.pieces[0].pcm.length <= sample) this.forget();
    if (!this.pieces.length) this.next = Math.max(this.next, sample);
  }

  /** Starts anew at `sample`: after a pause nothing that was heard during it is sent. */
  restart(sample) {
    this.pieces = [];
    this.held = this.sent = 0;
    this.next = sample;
  }

  /** Shifts what is kept so that it begins at `sample`: sound from before the service told where it stands. */
  moveTo(sample) {
    const by = sample - (this.pieces[0]?.offset ?? this.next);
    this.pieces.forEach((piece) => (piece.offset += by));
    this.next += by;
  }
}

/** Returns a piece as the audio socket takes it: its offset, 8 bytes, then 16-bit PCM; both little-endian. */
export function message({ offset, pcm }) {
  const bytes = new DataView(new ArrayBuffer(HEADER_BYTES + pcm.length * 2));
  bytes.setBigUint64(0, BigInt(offset), true);
  pcm.forEach((sample, i) => bytes.setInt16(HEADER_BYTES + i * 2, sample, true));
  return bytes.buffer;
}
