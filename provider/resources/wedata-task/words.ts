/** Cycles by the number that writes take (ModifyTaskInfo, CycleType). */
export const CYCLES = {
  Crontab: 0,
  Minute: 1,
  Hour: 2,
  Day: 3,
  Week: 4,
  Month: 5,
  OneTime: 6,
  UserDriven: 7,
  FlexibleWeek: 10,
  FlexibleMonth: 11,
  Year: 12,
  Instant: 13,
} as const;
export type Cycle = keyof typeof CYCLES;
export type CycleNumber = (typeof CYCLES)[Cycle];

/** Words of the reads. Those for UserDriven, FlexibleWeek, FlexibleMonth and Instant are nowhere documented (contracts.md §6.22). */
const CYCLE_WORDS: Readonly<Record<string, Cycle>> = {
  CRONTAB_CYCLE: "Crontab",
  MINUTE_CYCLE: "Minute",
  HOUR_CYCLE: "Hour",
  DAY_CYCLE: "Day",
  WEEK_CYCLE: "Week",
  MONTH_CYCLE: "Month",
  ONEOFF_CYCLE: "OneTime",
  YEAR_CYCLE: "Year",
  // Letters of DescribeOperateOpsTasks; W, M and R stand for more than one cycle, or nobody says for which.
  C: "Crontab",
  I: "Minute",
  H: "Hour",
  D: "Day",
  O: "OneTime",
  Y: "Year",
};
/** Cycles whose word on read nobody has documented. */
export const UNREADABLE_CYCLES: readonly Cycle[] = ["UserDriven", "FlexibleWeek", "FlexibleMonth", "Instant"];

/** The cycle that a read means, or `undefined` for a word that nobody has documented. */
export const readCycle = (word: string | null | undefined): Cycle | undefined => CYCLE_WORDS[word ?? ""];

/** Self dependency by the number that writes take. */
export const SELF_DEPENDS = { orderedSerial: 1, unorderedSerial: 2, parallel: 3 } as const;
export type SelfDepend = keyof typeof SELF_DEPENDS;

/**
 * Assumption, named here alone: reads call the ordered queue `orderly` and the unordered one `serial`. The documents
 * list the words without saying which is which (contracts.md §6.21), so `swapped` turns it round where a task that we
 * have just set shows the contrary.
 */
export function readSelfDepend(word: string | null | undefined, swapped: boolean): SelfDepend | undefined {
  if (word === "parallel") return "parallel";
  if (word === "orderly") return swapped ? "unorderedSerial" : "orderedSerial";
  if (word === "serial") return swapped ? "orderedSerial" : "unorderedSerial";
  return undefined;
}

export const PRIORITIES = { high: 4, medium: 5, low: 6 } as const;
export type Priority = keyof typeof PRIORITIES;

export const RUN_TYPES = { normal: 0, dryRun: 1 } as const;
export type RunType = keyof typeof RUN_TYPES;

export const CONCURRENT_STRATEGIES = { queue: 0, kill: 1 } as const;
export type ConcurrentStrategy = keyof typeof CONCURRENT_STRATEGIES;

/** The word for a wire number; a word, and a number that no document names, stay as they are. */
export function wordOf<W extends string>(words: Readonly<Record<W, number>>, value: W | number): W {
  const known = Object.entries(words).find(([, number]) => number === value);
  return (known?.[0] ?? value) as W;
}

/** Every spelling that an argument accepts: the words first, as the canonical ones, then the wire's numbers. */
export const spellings = <W extends string, N extends number>(words: Readonly<Record<W, N>>): readonly (W | N)[] => [
  ...(Object.keys(words) as W[]),
  ...Object.values<N>(words),
];
