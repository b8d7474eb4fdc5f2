import type { Sleep } from "../../provider/core/time";

export interface Time {
  now: () => number;
  sleep: Sleep;
  /** Lets time pass until all of these have settled. */
  during: (promises: readonly Promise<unknown>[]) => Promise<void>;
}

/** A clock that moves only when everybody sleeps; everybody wakes up to `late` milliseconds late. */
export function simulated({ seed, start = 0, late = 4 }: { seed: number; start?: number; late?: number }): Time {
  let time = start;
  let state = seed;
  const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  const sleepers: { until: number; wake: () => void }[] = [];
  return {
    now: () => time,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        const stop = (): void => reject(new Error("stopped"));
        const wake = (): void => {
          signal?.removeEventListener("abort", stop);
          resolve();
        };
        sleepers.push({ until: time + milliseconds + random() * late, wake });
        signal?.addEventListener("abort", stop, { once: true });
      }),
    async during(promises) {
      let settled = false;
      const all = Promise.all(promises).finally(() => (settled = true));
      for (;;) {
        await new Promise(setImmediate);
        if (settled) break;
        sleepers.sort((a, b) => a.until - b.until);
        const next = sleepers.shift();
        if (next === undefined) throw new Error("everybody waits for somebody else");
        time = Math.max(time, next.until);
        next.wake();
      }
      await all;
    },
  };
}

/** The most of these times that lie within any span of so many milliseconds. */
export function mostWithin(milliseconds: number, times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  let [most, first] = [0, 0];
  sorted.forEach((time, i) => {
    while (time - (sorted[first] ?? 0) >= milliseconds) first += 1;
    most = Math.max(most, i - first + 1);
  });
  return most;
}
