import { type Fields, type Wire, integer, text } from "../../core/fields";
import { canonicalCron } from "../cron";
import { type ReadTerms, asNumber, asText, isNothing, numbered, reading, set, shown } from "./spelling";
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
  isAmbiguous,
  readCycle,
  readSelfDepend,
} from "./words";

/** When a task runs. Source, unless another one is named: ModifyTaskInfo 2021-08-20. */
export interface Schedule {
  /**
   * Cycle, as a word or as the number that the API takes. How reads call `UserDriven`, `FlexibleWeek`, `FlexibleMonth`
   * and `Instant` is not documented: those never show drift. Default of the service: `Day`. Removing it keeps the cycle.
   */
  cycleType?: Cycle | CycleNumber;
  /**
   * Interval in units of the cycle, from 1. Minute tasks take 5, 10, 15, 20 or 30, hour tasks 1 to 12; must be 1 beside
   * `taskAction` (both by ModifyTaskInfoDs). Of no use to one-time, user-driven and instant tasks.
   */
  cycleStep?: number;
  /**
   * Cron of six fields, second first, or seven with a year; required with, and only with, `cycleType: "Crontab"`. For
   * other cycles the service shows one that it computes.
   */
  crontabExpression?: string;
  /**
   * Chosen hours (0 to 23), weekdays or days of the month of hour, week, month and year tasks, such as `"0,3,4"`; order
   * and blanks mean nothing. Which weekday is 1 is not documented. `""` chooses none; removing it clears.
   */
  taskAction?: string;
  /** Minutes after midnight at which day, week, month and year tasks run: 120 is 02:00. */
  delayTimeMinutes?: number;
  /**
   * `StartupTime` as the API takes it. No document gives a meaning or a unit, and ModifyTaskInfoDs calls it abandoned: a
   * service that does not take it is believed, with one warning.
   */
  startupTime?: number;
  /** First moment of the schedule, `yyyy-MM-dd HH:mm:ss` in the schedule's time zone. */
  startTime?: string;
  /** Last moment of the schedule, `yyyy-MM-dd HH:mm:ss` in the schedule's time zone. */
  endTime?: string;
  /** First minute of the daily window of hour and minute tasks, inclusive, `HH:mm`. */
  executionStartTime?: string;
  /** Last minute of the daily window of hour and minute tasks, inclusive, `HH:mm`. */
  executionEndTime?: string;
  /**
   * How instances of this task follow each other: `orderedSerial` (1) one at a time, queued; `unorderedSerial` (2) one
   * at a time, not queued; `parallel` (3) several at once. No document says by which word reads call the two serial
   * kinds: in an adopted task they are not compared before an update has set one of them.
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

const service = (value: string) => `${value}, of the service (samples of the detail)`;

// Some reads may show a fraction, or leave the seconds out (contracts.md §4.2 for the daily window).
const moment = {
  pattern: [/^\s*\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\s*$/, "a time such as 2026-01-31 00:00:00"],
  canonical: (value: string) =>
    value
      .trim()
      .replace(/\.\d+$/, "")
      .replace(/^(\S+ \d\d:\d\d)$/, "$1:00"),
  from: asText,
} as const;
// Some reads show the seconds as well (contracts.md §4.2).
const clock = {
  pattern: [/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/, "a time of day such as 08:30"],
  canonical: (value: string) => value.replace(/^(\d\d:\d\d):00$/, "$1"),
  from: asText,
} as const;

/** `4, 0,3` and `0,3,4` choose the same hours. */
function canonicalAction(value: string): string {
  const chosen = value
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  return [...new Set(chosen)].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : a > b ? 1 : 0)).join(",");
}

const mainland = (name: string): Wire => ({ ModifyTaskInfoDs: name, DescribeTaskDetailDs: name });

export const scheduleFields = {
  cycleType: numbered(CYCLES, {
    wire: { ...set("CycleType"), ...shown("CycleType", "CycleUnit") },
    default: service("`Day`"),
    from: (answer, trip) => (isNothing(answer) ? undefined : readCycle(answer, reading(trip).declared?.cycleType)),
  }),
  cycleStep: integer({
    minimum: 1,
    from: asNumber,
    wire: { ...set("CycleStep"), ...shown("CycleStep", "CycleNum") },
    default: service("1"),
  }),
  crontabExpression: text({
    canonical: canonicalCron,
    from: asText,
    wire: { ...set("CrontabExpression"), ...shown("CrontabExpression", "Crontab") },
  }),
  taskAction: text({
    clear: "",
    canonical: canonicalAction,
    from: asText,
    wire: { ...set("TaskAction"), ...shown("TaskAction") },
    default: "none, of the service",
  }),
  delayTimeMinutes: integer({
    minimum: 0,
    unit: "minutes",
    from: asNumber,
    wire: { ...set("DelayTime"), ...shown("DelayTime") },
  }),
  startupTime: integer({
    minimum: 0,
    unit: "not documented",
    from: asNumber,
    wire: { ...set("StartupTime"), ...shown("StartupTime") },
  }),
  startTime: text({ ...moment, wire: { ...set("StartTime"), ...shown("StartTime", "StartDate") } }),
  endTime: text({ ...moment, wire: { ...set("EndTime"), ...shown("EndTime", "EndDate") } }),
  executionStartTime: text({
    ...clock,
    wire: { ...set("ExecutionStartTime"), ...shown("ExecutionStartTime") },
    default: service("`00:00`"),
  }),
  executionEndTime: text({
    ...clock,
    wire: { ...set("ExecutionEndTime"), ...shown("ExecutionEndTime") },
    default: service("`23:59`"),
  }),
  selfDepend: numbered(SELF_DEPENDS, {
    wire: { ...set("SelfDepend"), ...shown("SelfDepend") },
    from: (answer, trip) => selfDependOf(answer, reading(trip)),
  }),
  scheduleTimeZone: text({
    canonical: (value) => value.trim(),
    from: asText,
    wire: {
      ...mainland("ScheduleTimeZone"),
      DescribeDependTaskLists: "ScheduleTimeZone",
      DescribeOperateOpsTasks: "ScheduleTimeZone",
    },
  }),
  scheduleRunType: numbered(RUN_TYPES, { wire: mainland("ScheduleRunType") }),
  concurrentStrategy: numbered(CONCURRENT_STRATEGIES, { wire: mainland("ConcurrentStrategy") }),
  minuteOffset: integer({ minimum: 0, unit: "minutes", from: asNumber, wire: mainland("MinuteOffset") }),
} satisfies Fields<Schedule>;

/** What a read says of the self dependency; nothing where its word may be either kind, and one of them is declared. */
function selfDependOf(answer: unknown, { reading: known, declared, trusting }: ReadTerms): unknown {
  const doubtful = isAmbiguous(answer) && known?.selfDepend === undefined && trusting !== true;
  const declaresSerial = declared?.selfDepend !== undefined && declared.selfDepend !== "parallel";
  return doubtful && declaresSerial ? undefined : readSelfDepend(answer, known?.selfDepend === "swapped");
}
