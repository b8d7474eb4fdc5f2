import { reasonOf, sleep as realSleep } from "./time";
import type { Sleep } from "./time";

export interface LimiterOptions {
  /** May be a fraction: 0.5 is one call in two seconds. */
  perSecond: number;
  now?: () => number;
  sleep?: Sleep;
}

export interface Limiter {
  /** Waits for its turn, first come first served. */
  turn: (signal?: AbortSignal) => Promise<void>;
  /** Lets nobody through for so long: the service has asked for it. */
  pause: (milliseconds: number) => void;
}

/** Calls leave us evenly but arrive unevenly; a window a little longer keeps the service's own second within the limit. */
const MARGIN = 1.05;

/**
 * A limiter that never lets more than `perSecond` calls start within any second (a sliding window: a token bucket
 * would let twice as many through after a rest, which the services answer with throttling).
 */
export function limiter({ perSecond, now = Date.now, sleep = realSleep }: LimiterOptions): Limiter {
  const places = Math.max(1, Math.floor(perSecond));
  const window = (places / perSecond) * 1000 * MARGIN;
  const starts: number[] = [];
  let notBefore = -Infinity;
  let queue: Promise<void> = Promise.resolve();

  const untilFree = (): number => {
    const time = now();
    while (starts.length > 0 && time - (starts[0] ?? 0) >= window) starts.shift();
    const full = starts.length < places ? 0 : (starts[0] ?? 0) + window - time;
    return Math.max(full, notBefore - time);
  };
  const take = async (signal: AbortSignal | undefined): Promise<void> => {
    for (;;) {
      if (signal?.aborted) throw reasonOf(signal);
      const wait = untilFree();
      if (wait <= 0) break;
      await sleep(wait, signal);
    }
    starts.push(now());
  };

  return {
    turn(signal) {
      const mine = queue.then(() => take(signal));
      queue = mine.catch(() => undefined);
      return mine;
    },
    pause(milliseconds) {
      notBefore = Math.max(notBefore, now() + milliseconds);
    },
  };
}
