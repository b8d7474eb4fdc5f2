import { type Fields, choice, integer, text } from "../../core/fields";
import {
  CONCURRENT_STRATEGIES,
  CYCLES,
  type ConcurrentStrategy,
  type Cycle,
  type CycleNumber,
  RUN_TYPES,
  type RunType,
  SELF_DEPENDS,
  type SelfDepend,
  spellings,
  wordOf,
} from "./words";

/** When a task runs. Source, unless another one is named: ModifyTaskInfo 2021-08-20. */
export interface Schedule {
  /**
   * Cycle, as a word or as the number that the API takes. How reads call `UserDriven`, `FlexibleWeek`, `FlexibleMonth`
   * and `Instant` is not documented: those never show drift. Default of the service: `Day`.
   */
  cycleType?: Cycle | CycleNumber;
  /**
   * Interval in units of the cycle, from 1. Minute tasks take 5, 10, 15, 20 or 30, hour tasks 1 to 12; must be 1 beside
   * `taskAction` (both by ModifyTaskInfoDs).
   */
  cycleStep?: number;
  /** Cron; required with, and only with, `cycleType: "Crontab"`. For other cycles the service shows one that it computes. */
  crontabExpression?: string;
  /** Chosen hours or days of hour, week, month and year tasks, such as `"0,3,4"`; order means nothing. Removing it clears. */
  taskAction?: string;
  /** Minutes after midnight at which day, week, month and year tasks run: 120 is 02:00. */
  delayTimeMinutes?: number;
  /** `StartupTime` as the API takes it. No document gives a meaning or a unit, and ModifyTaskInfoDs calls it abandoned. */
  startupTime?: number;
  /** First moment of the schedule, `yyyy-MM-dd HH:mm:ss`. */
  startTime?: string;
  /** Last moment of the schedule, `yyyy-MM-dd HH:mm:ss`. */
  endTime?: string;
  /** First minute of the daily window of hour and minute tasks, inclusive, `HH:mm`. */
  executionStartTime?: string;
  /** Last minute of the daily window of hour and minute tasks, inclusive, `HH:mm`. */
  executionEndTime?: string;
  /**
   * How instances of this task follow each other: `orderedSerial` (1) one at a time, queued; `unorderedSerial` (2) one
   * at a time, not queued; `parallel` (3) several at once.
   */
  selfDepend?: SelfDepend | 1 | 2 | 3;
  /** Time zone in whole hours, such as `UTC+8`. Mainland site only. Source: ModifyTaskInfoDs. */
  scheduleTimeZone?: string;
  /** `normal` (0), or `dryRun` (1): instances succeed without executing. Mainland site only. Source: ModifyTaskInfoDs. */
  scheduleRunType?: RunType | 0 | 1;
  /** At the concurrency limit: `queue` (0) waits, `kill` (1) ends. Mainland site only. Source: ModifyTaskInfoDs. */
  concurrentStrategy?: ConcurrentStrategy | 0 | 1;
  /** Minutes by which minute tasks are shifted. Mainland site only. Source: ModifyTaskInfoDs. */
  minuteOffset?: number;
}

const moment = {
  pattern: [/^\s*\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\s*$/, "a time such as 2026-01-31 00:00:00"],
  canonical: (value: string) => value.trim(),
} as const;
// Some reads show the seconds as well (contracts.md §4.2).
const clock = {
  pattern: [/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/, "a time of day such as 08:30"],
  canonical: (value: string) => value.replace(/^(\d\d:\d\d):00$/, "$1"),
} as const;

/** `4, 0,3` and `0,3,4` choose the same hours. */
function canonicalAction(value: string): string {
  const chosen = value
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  return [...new Set(chosen)].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : a > b ? 1 : 0)).join(",");
}

export const scheduleFields = {
  cycleType: choice(spellings(CYCLES), { canonical: (value) => wordOf(CYCLES, value) }),
  cycleStep: integer({ minimum: 1 }),
  crontabExpression: text({ canonical: (value) => value.trim().split(/\s+/).join(" ") }),
  taskAction: text({ clear: "", canonical: canonicalAction }),
  delayTimeMinutes: integer({ minimum: 0 }),
  startupTime: integer({ minimum: 0 }),
  startTime: text(moment),
  endTime: text(moment),
  executionStartTime: text(clock),
  executionEndTime: text(clock),
  selfDepend: choice(spellings(SELF_DEPENDS), { canonical: (value) => wordOf(SELF_DEPENDS, value) }),
  scheduleTimeZone: text({ canonical: (value) => value.trim() }),
  scheduleRunType: choice(spellings(RUN_TYPES), { canonical: (value) => wordOf(RUN_TYPES, value) }),
  concurrentStrategy: choice(spellings(CONCURRENT_STRATEGIES), {
    canonical: (value) => wordOf(CONCURRENT_STRATEGIES, value),
  }),
  minuteOffset: integer({ minimum: 0 }),
} satisfies Fields<Schedule>;
