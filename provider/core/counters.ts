import type { Cloud } from "./errors";

export interface Count {
  cloud: Cloud;
  operation: string;
  /** "ok", or the class of the failure. */
  outcome: string;
  count: number;
}

/** Calls that carry many things. */
export interface Batched {
  cloud: Cloud;
  operation: string;
  batches: number;
  items: number;
}

/** How often each operation was really sent in this process, repeats included: calls are a budget. */
const counts = new Map<string, Count>();
const batches = new Map<string, Batched>();

/** Adds one HTTP attempt to the counters of this process. */
export function count(cloud: Cloud, operation: string, outcome: string): void {
  const key = `${cloud} ${operation} ${outcome}`;
  const entry = counts.get(key);
  if (entry === undefined) counts.set(key, { cloud, operation, outcome, count: 1 });
  else entry.count += 1;
}

/** Adds one call that carries so many things. */
export function countBatch(cloud: Cloud, operation: string, items: number): void {
  const key = `${cloud} ${operation}`;
  const entry = batches.get(key) ?? { cloud, operation, batches: 0, items: 0 };
  batches.set(key, entry);
  entry.batches += 1;
  entry.items += items;
}

const sorted = <T extends object>(entries: ReadonlyMap<string, T>): T[] =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => ({ ...entry }));

/** All counters of this process, sorted by cloud, operation and outcome. */
export const counters = (): Count[] => sorted(counts);
/** The calls that carried many things, sorted by cloud and operation. */
export const batchCounters = (): Batched[] => sorted(batches);

/** Empties the counters, for the start of another run in the same process. */
export function resetCounters(): void {
  counts.clear();
  batches.clear();
}
