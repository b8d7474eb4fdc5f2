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

/** What is counted for a cloud as a whole. */
export interface Effort {
  cloud: Cloud;
  /** Attempts that repeated one which had failed. */
  repeats: number;
  /** Milliseconds in which at least one call waited for its turn. */
  waited: number;
  /** How much of a limited day is used, by everybody that was counted together. */
  day?: { used: number; allowed: number };
}

/** How often each operation was really sent in this process, repeats included: calls are a budget. */
const counts = new Map<string, Count>();
const batches = new Map<string, Batched>();
const efforts = new Map<Cloud, Effort & { waiting: number; since: number }>();

const effortOf = (cloud: Cloud) => {
  let effort = efforts.get(cloud);
  if (effort === undefined) efforts.set(cloud, (effort = { cloud, repeats: 0, waited: 0, waiting: 0, since: 0 }));
  return effort;
};

/** Adds one attempt that repeats another. */
export const countRepeat = (cloud: Cloud): void => void (effortOf(cloud).repeats += 1);

/** Begins to wait for a turn; what it gives ends that. Those who wait together have waited once. */
export function waiting(cloud: Cloud, now: () => number = () => performance.now()): () => void {
  const effort = effortOf(cloud);
  if (effort.waiting === 0) effort.since = now();
  effort.waiting += 1;
  return () => {
    effort.waiting -= 1;
    if (effort.waiting === 0) effort.waited += now() - effort.since;
  };
}

/** Says how much of today's calls is used. */
export const noteDay = (cloud: Cloud, used: number, allowed: number): void =>
  void (effortOf(cloud).day = { used, allowed });

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

/** What was counted for the clouds as a whole. */
export const effortCounters = (): Effort[] =>
  sorted(efforts).map(({ cloud, repeats, waited, day }) => ({
    cloud,
    repeats,
    waited: Math.round(waited),
    ...(day && { day }),
  }));

/** Empties the counters, for the start of another run in the same process. */
export function resetCounters(): void {
  counts.clear();
  batches.clear();
  efforts.clear();
}
