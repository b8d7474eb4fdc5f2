import { now, sleep } from "./clock";

/** Asks again and again, slower each time, until there is an answer; `undefined` when the deadline came first. */
export async function poll<T>(
  ask: () => Promise<T | undefined>,
  { deadline, first = 100, longest = 5_000 }: { deadline: number; first?: number; longest?: number },
): Promise<T | undefined> {
  for (let wait = first; ; wait = Math.min(longest, wait * 1.5)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    const left = deadline - now();
    if (left <= 0) return undefined;
    await sleep(Math.min(wait, left));
    // At the deadline itself no call would have time to answer. A timer may ring a millisecond early.
    if (wait >= left || now() >= deadline) return undefined;
  }
}
