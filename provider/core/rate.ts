import { LEAST_SLACK, Schedule } from "./schedule";
import { reasonOf, sleep as realSleep } from "./time";
import type { Sleep } from "./time";

export interface LimiterOptions {
  /** May be a fraction: 0.5 is one call in two seconds. */
  perSecond: number;
  /** Where starts are booked: all limiters with the same book keep the limit together. Default: one of its own. */
  book?: Book;
  /** The clock of the book, in milliseconds; it must not jump. */
  now?: () => number;
  sleep?: Sleep;
  /** Awaited before the clock is looked at for the last time: whoever is let through then starts in the same breath. */
  lookAround?: () => Promise<void>;
}

export interface Limiter {
  /** Waits for its turn, first come first served. */
  turn: (signal?: AbortSignal) => Promise<void>;
  /** Lets nobody through for so long: the service has asked for it. */
  pause: (milliseconds: number) => void;
}

/** Who may start when. One for a process, or one that processes or machines share. */
export interface Book {
  /**
   * Books up to `wanted` starts (at least one, unless it says when to ask again), at most a fair share of what the
   * limit allows. Each may be used from its time on, for `slack` milliseconds.
   */
  book: (wanted: number, slack: number) => Booking | Promise<Booking>;
  /** Gives no start before `time` from now on. Must not fail: nobody waits for it. */
  hold: (time: number) => void | Promise<void>;
  /** The time before which nobody may start, also as others have said meanwhile. */
  held: () => number | Promise<number>;
}

/** Times on the clock of the book, rising. */
export type Booking = { starts: readonly number[] } | { again: number };

/** A clock that never jumps; on one machine it is the same for all processes. */
export const monotonic = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;

/** A book that only this process knows. */
export function bookHere(perSecond: number, now: () => number = monotonic): Book {
  const schedule = new Schedule(perSecond);
  return {
    book: (wanted, slack) => ({ starts: schedule.book(now(), Math.min(wanted, schedule.places), slack) }),
    hold: (time) => schedule.hold(time),
    held: () => schedule.held,
  };
}

/** However slow this machine is, a start that late is given back rather than awaited longer. */
const MOST_SLACK = 5_000;

/** A timer can't be set for more than 24 days. */
const LONGEST_NAP = 24 * 60 * 60_000;

interface Waiting {
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** A limiter that never lets more than `perSecond` calls start within any second, together with all that share its book. */
export function limiter(options: LimiterOptions): Limiter {
  const { perSecond, now = monotonic, sleep = realSleep, book = bookHere(perSecond, now), lookAround } = options;
  const waiting: Waiting[] = [];
  let running = false;
  let slack = LEAST_SLACK;
  /** Ends the nap of a run that nobody waits for any more. */
  let nobody = new AbortController();

  const napUntil = async (time: number): Promise<void> => {
    for (let rest = time - now(); rest > 0 && waiting.length > 0; rest = time - now()) {
      await sleep(Math.min(rest, LONGEST_NAP), nobody.signal).catch(() => undefined);
    }
  };

  /** Lets one waiting call through per start. A start that has passed is given up: the next ones rely on its time. */
  const use = async (starts: readonly number[], room: number): Promise<void> => {
    for (let i = 0; i < starts.length && waiting.length > 0;) {
      const next = starts[i] ?? 0;
      if (next > now()) {
        await napUntil(next);
        if ((await book.held()) > now()) return;
      }
      await lookAround?.();
      // All that are due leave in one breath: what the first one does then must not make the others late.
      const time = now();
      let missed = false;
      for (; i < starts.length && (starts[i] ?? 0) <= time; i += 1) {
        if ((starts[i] ?? 0) + room < time) missed = true;
        else waiting.shift()?.resolve();
      }
      // A machine that wakes us too late gets more room, so that it makes progress; the window grows by as much.
      slack = missed ? Math.min(room * 2, MOST_SLACK) : Math.max(slack * 0.75, LEAST_SLACK);
    }
  };

  const run = async (): Promise<void> => {
    try {
      while (waiting.length > 0) {
        const room = slack;
        const booking = await book.book(waiting.length, room);
        if ("again" in booking) await napUntil(booking.again);
        else await use(booking.starts, room);
      }
    } catch (error) {
      for (const { reject } of waiting.splice(0)) reject(error);
    } finally {
      running = false;
    }
  };

  return {
    turn: (signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(reasonOf(signal));
        const mine: Waiting = {
          resolve: () => {
            signal?.removeEventListener("abort", leave);
            resolve();
          },
          reject: (error) => {
            signal?.removeEventListener("abort", leave);
            reject(error instanceof Error ? error : new Error(String(error)));
          },
        };
        const leave = (): void => {
          waiting.splice(waiting.indexOf(mine), 1);
          if (waiting.length === 0) {
            nobody.abort();
            nobody = new AbortController();
          }
          reject(reasonOf(signal));
        };
        signal?.addEventListener("abort", leave, { once: true });
        waiting.push(mine);
        if (running) return;
        running = true;
        // One microtask later, so that calls of the same breath are booked together.
        queueMicrotask(() => void run());
      }),
    pause: (milliseconds) => void book.hold(now() + milliseconds),
  };
}
