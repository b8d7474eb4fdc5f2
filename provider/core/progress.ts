import { now } from "./clock";

/** What is over sooner is not worth a line. */
const QUIET_MILLISECONDS = 10_000;
const EVERY_MILLISECONDS = 15_000;

/**
 * Follows something that the service does by itself: a function that is told at every look how it stands. It passes that on
 * to the user when it has changed, else every 15 s, and not before 10 s are over; its result is for how many milliseconds it
 * has stood like this.
 */
export function progress(inform: (message: string) => void, about: string): (state: string) => number {
  const began = now();
  let [state, since, told] = ["", began, -Infinity];
  return (seen) => {
    const time = now();
    if (seen !== state) [state, since, told] = [seen, time, -Infinity];
    if (time - began >= QUIET_MILLISECONDS && time - told >= EVERY_MILLISECONDS) {
      told = time;
      inform(`${about}: ${state} (${String(Math.round((time - began) / 1000))} s)`);
    }
    return time - since;
  };
}
