/** Sound that the service has not acknowledged: it is kept here until it is safe there. Pure: no socket, no clock. */
export const RATE_HZ = 16000;
const HEADER_BYTES = 8;
const KEEP_SAMPLES = 30 * 60 * RATE_HZ; // half an hour of a cut line, 58 MB; then the oldest goes, and that is said

export class SoundBuffer {
  constructor() {
    this.pieces = []; // {offset, pcm}, without holes, unless `lost`
    this.next = 0;
    this.lost = false;
  }

  get seconds() {
    return this.pieces.length ? (this.next - this.pieces[0].offset) / RATE_HZ : 0;
  }

  /** Adds sound at the end and returns its piece. */
  add(pcm) {
    const piece = { offset: this.next, pcm };
    this.pieces.push(piece);
    this.next += pcm.length;
    while (this.next - this.pieces[0].offset > KEEP_SAMPLES) {
      this.pieces.shift();
      this.lost = true;
    }
    return piece;
  }

  /** Forgets what lies below `sample`: it is safe on the service's disk. */
  acknowledge(sample) {
    while (this.pieces.length && this.pieces[0].offset + this.pieces[0].pcm.length <= sample) this.pieces.shift();
    if (!this.pieces.length) this.next = Math.max(this.next, sample);
  }

  /** Starts anew at `sample`: after a pause nothing that was heard during it is sent. */
  restart(sample) {
    this.pieces = [];
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
