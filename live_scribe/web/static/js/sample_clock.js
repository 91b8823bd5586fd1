/**
 * Where a microphone's sound lies in time: offsets follow the clock on the wall, however badly the microphone's own
 * runs. Pure; the same rule as the service's core/sample_clock.py, where each figure has its reason.
 */
export const RATE_HZ = 16000;
const SLACK = 0.1 * RATE_HZ;
const GAP = 0.5 * RATE_HZ;
const SEAM = 0.05 * RATE_HZ;
const MOST_STRETCH = 1 / 800;
const SETTLING = 10 * RATE_HZ;
const CLOCK_SET = 5 * RATE_HZ;

export class SampleClock {
  constructor() {
    this.restart();
  }

  /** Counts anew: what comes next begins at once, whatever time has passed. */
  restart() {
    this.next = 0;
    this.began = null;
  }

  /** Returns how many samples are missing by now, were nothing more to come. */
  behind(wallMs) {
    return this.began === null ? 0 : (wallMs / 1000) * RATE_HZ - this.began - this.next;
  }

  /** Places samples, the last heard at `wallMs`; `broken`: some were lost. Returns {hole, length to stretch them to}. */
  place(length, wallMs, broken = false) {
    const end = this.next + length;
    const wall = (wallMs / 1000) * RATE_HZ;
    this.began ??= wall - end;
    let ahead = end - (wall - this.began);
    if (ahead > CLOCK_SET || (ahead > 0 && this.next < SETTLING)) [this.began, ahead] = [wall - end, 0];
    const hole = -ahead > (broken ? SEAM : GAP) ? Math.round(-ahead) : 0;
    const change = !hole && Math.abs(ahead) > SLACK ? Math.max(1, Math.round(length * MOST_STRETCH)) : 0;
    const made = ahead > 0 ? Math.max(1, length - change) : length + change;
    this.next += hole + made;
    return { hole, length: made };
  }
}

/** Returns samples made `length` long by straight lines between them: for a few more or fewer. */
export function stretched(pcm, length) {
  if (pcm.length === length) return pcm;
  const made = new Int16Array(length);
  const step = length > 1 ? (pcm.length - 1) / (length - 1) : 0;
  for (let i = 0; i < length; i++) {
    const at = Math.floor(i * step);
    const next = pcm[Math.min(at + 1, pcm.length - 1)];
    made[i] = Math.round(pcm[at] + (next - pcm[at]) * (i * step - at));
  }
  return made;
}
