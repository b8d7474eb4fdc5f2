import type { Cloud } from "./errors";

export interface Count {
  cloud: Cloud;
  operation: string;
  /** "ok", or the class of the failure. */
  outcome: string;
  count: number;
}

/** How often each operation was really sent in this process, repeats included: calls are a budget. */
const counts = new Map<string, Count>();

/** Adds one HTTP attempt to the counters of this process. */
export function count(cloud: Cloud, operation: string, outcome: string): void {
  const key = `${cloud} ${operation} ${outcome}`;
  const entry = counts.get(key);
  if (entry === undefined) counts.set(key, { cloud, operation, outcome, count: 1 });
  else entry.count += 1;
}

/** All counters of this process, sorted by cloud, operation and outcome. */
export function counters(): Count[] {
  return [...counts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => ({ ...entry }));
}

/** Empties the counters, for the start of another run in the same process. */
export function resetCounters(): void {
  counts.clear();
}
