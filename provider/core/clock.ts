import { sleep as realSleep } from "./time";
import type { Sleep } from "./time";

/** By which deadlines are kept, and repeats and looks are waited for. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly sleep: Sleep;
}

const machine: Clock = { now: Date.now, sleep: realSleep };
let clock = machine;

/** The time, in milliseconds since the epoch. Signatures and limits of calls have the machine's own time instead. */
export const now = (): number => clock.now();

/** Waits; ends early with the signal's reason when that is aborted. */
export const sleep: Sleep = (milliseconds, signal) => clock.sleep(milliseconds, signal);

/** Lets deadlines and waits go by another clock: whoever plays failures can't wait for minutes. Without one, by the machine's. */
export function goBy(other: Clock = machine): void {
  clock = other;
}
