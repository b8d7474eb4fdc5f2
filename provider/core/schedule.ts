/** The slack that nobody is below, and how much longer than a second the window is beside it: together 5 % at whole rates. */
export const LEAST_SLACK = 20;
const MARGIN = 1.03;

/**
 * Starts are half of an even spacing apart, and no more than that many milliseconds. Those of one moment get in each
 * other's way, and what left in time arrives late: of 160 calls that one process made on two busy cores for a limit of 50
 * a second, the service refused 50 without it, none with it.
 */
const PACE = 0.5;
const WIDEST_GAP = 25;

/**
 * Start times such that never more than `perSecond` calls start within any second (a sliding window: a token bucket
 * would let twice as many through after a rest, which the services answer with throttling). It reads no clock: who
 * books in the same order gets the same starts, in whichever process.
 */
export class Schedule {
  /** How many starts share a window, and how long that is; 2.5 a second is two in 800 ms. */
  readonly places: number;
  readonly window: number;
  /** Milliseconds from one start to the next, at least. */
  readonly gap: number;
  /** For each of the last `places` starts, when one more may follow. Never falls. */
  readonly #ends: number[] = [];
  #latest = -Infinity;
  #held = -Infinity;

  constructor(perSecond: number) {
    this.places = Math.max(1, Math.floor(perSecond));
    this.window = (this.places / perSecond) * 1000 * MARGIN;
    const gap = Math.min((PACE * this.window) / this.places, WIDEST_GAP);
    // No timer is finer.
    this.gap = gap < 1 ? 0 : gap;
  }

  /** The earliest `count` starts not before `at`; each may be used up to `slack` milliseconds after its time. */
  book(at: number, count: number, slack: number): number[] {
    const starts: number[] = [];
    for (let i = 0; i < count; i += 1) {
      const full = this.#ends.length < this.places ? -Infinity : (this.#ends.shift() ?? -Infinity);
      const start = Math.max(at, this.#held, this.#latest + this.gap, full);
      this.#latest = start;
      this.#ends.push(Math.max(start + this.window + slack, this.#ends.at(-1) ?? -Infinity));
      starts.push(start);
    }
    return starts;
  }

  /** Gives no start before `time` from now on. */
  hold(time: number): void {
    this.#held = Math.max(this.#held, time);
  }

  /** The time before which nobody starts. */
  get held(): number {
    return this.#held;
  }
}
