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

/**
 * Assumption, named here alone: what reads call a cycle (contracts.md §6.22). Words have been seen in samples or stand
 * in the enum of the next version; letters are those of DescribeOperateOpsTasks, and one sample of the detail has a `D`.
 * W, M and R may stand for more than one cycle. Those for UserDriven, FlexibleWeek, FlexibleMonth and Instant are
 * nowhere documented.
 */
const CYCLE_WORDS: Readonly<Record<string, readonly [Cycle, ...Cycle[]]>> = {
  CRONTAB_CYCLE: ["Crontab"],
  MINUTE_CYCLE: ["Minute"],
  HOUR_CYCLE: ["Hour"],
  DAY_CYCLE: ["Day"],
  WEEK_CYCLE: ["Week"],
  MONTH_CYCLE: ["Month"],
  ONEOFF_CYCLE: ["OneTime"],
  YEAR_CYCLE: ["Year"],
  C: ["Crontab"],
  I: ["Minute"],
  H: ["Hour"],
  D: ["Day"],
  O: ["OneTime"],
  Y: ["Year"],
  W: ["Week", "FlexibleWeek"],
  M: ["Month", "FlexibleMonth"],
  R: ["UserDriven", "Instant"],
};
/** Cycles whose word on read nobody has documented. */
export const UNREADABLE_CYCLES: readonly Cycle[] = ["UserDriven", "FlexibleWeek", "FlexibleMonth", "Instant"];

/**
 * The cycle that an answer means: a word, a letter, or the number that writes take. `undefined` for a word that nobody
 * has documented, and for a letter that may well stand for the declared cycle.
 */
export function readCycle(answer: unknown, declared?: unknown): Cycle | undefined {
  const word = String(answer);
  const number = /^\d+$/.test(word) ? Number(word) : undefined;
  if (number !== undefined) return (Object.keys(CYCLES) as Cycle[]).find((cycle) => CYCLES[cycle] === number);
  const candidates = CYCLE_WORDS[word];
  if (candidates === undefined) return undefined;
  return candidates.length > 1 && candidates.includes(declared as Cycle) ? undefined : candidates[0];
}

/** Self dependency by the number that writes take. */
export const SELF_DEPENDS = { orderedSerial: 1, unorderedSerial: 2, parallel: 3 } as const;
export type SelfDepend = keyof typeof SELF_DEPENDS;

/**
 * Assumption, named here alone: reads call the ordered queue `orderly` and the unordered one `serial`. The documents
 * list the words without saying which is which (contracts.md §6.21). `swapped` turns it round where a task that we have
 * set shows the contrary. A number means what it means in writes; 0, which the vendor's sample sends, means nothing.
 */
export function readSelfDepend(answer: unknown, swapped: boolean): SelfDepend | undefined {
  switch (String(answer)) {
    case "parallel":
    case "3":
      return "parallel";
    case "orderly":
      return swapped ? "unorderedSerial" : "orderedSerial";
    case "serial":
      return swapped ? "orderedSerial" : "unorderedSerial";
    case "1":
      return "orderedSerial";
    case "2":
      return "unorderedSerial";
    default:
      return undefined;
  }
}

/** Whether a word of the reads may mean either serial kind. */
export const isAmbiguous = (answer: unknown): boolean => answer === "orderly" || answer === "serial";

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
