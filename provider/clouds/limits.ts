import { limiter } from "../core/rate";
import type { Limiter } from "../core/rate";

/** One limiter per account, region and class of calls in this process, whichever client makes them. */
const limiters = new Map<string, Limiter>();

/** The limiter shared by all calls with this key and limit. */
export function sharedLimiter(key: string, perSecond: number): Limiter {
  const name = `${key} ${String(perSecond)}`;
  const known = limiters.get(name);
  if (known !== undefined) return known;
  const made = limiter({ perSecond });
  limiters.set(name, made);
  return made;
}
