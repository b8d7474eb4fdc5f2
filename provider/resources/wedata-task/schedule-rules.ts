import { type Rule, type View } from "../../core/check";
import { type Finding, caution, error, warning } from "../../core/findings";
import { cronProblem, nextFireTime } from "../cron";
import { isTime } from "../time";
import { type Cycle, UNREADABLE_CYCLES } from "./words";
import { show } from "../../core/quoting";

const SOURCE = "ModifyTaskInfo 2021-08-20";
const SUCCESSOR = "ModifyTaskInfoDs 2021-08-20";

/** Which cycles a property is documented for; the flexible ones are taken as their plain ones. */
const APPLIES: Readonly<Record<string, { cycles: readonly Cycle[]; source: string }>> = {
  delayTimeMinutes: {
    cycles: ["Day", "Week", "Month", "Year", "FlexibleWeek", "FlexibleMonth"],
    source: `${SOURCE}, DelayTime`,
  },
  taskAction: {
    cycles: ["Hour", "Week", "Month", "Year", "FlexibleWeek", "FlexibleMonth"],
    source: `${SOURCE}, TaskAction`,
  },
  minuteOffset: { cycles: ["Minute"], source: `${SUCCESSOR}, MinuteOffset` },
};
/** Cycles that have no interval: they run once, or when somebody starts them. */
const WITHOUT_STEP: readonly Cycle[] = ["OneTime", "UserDriven", "Instant"];
const WHOLE_DAY: Readonly<Record<string, string>> = { executionStartTime: "00:00", executionEndTime: "23:59" };

const cycleOf = ({ value }: View): Cycle | undefined => {
  const cycle = value("cycleType");
  return typeof cycle === "string" ? (cycle as Cycle) : undefined;
};

/** Rules over the schedule. Those that depend on the cycle are silent where the program does not name one. */
export const scheduleRules: readonly Rule[] = [
  function* crontab(view) {
    const cycle = cycleOf(view);
    const { value, declared } = view;
    if (cycle === "Crontab" && !declared("crontabExpression")) {
      yield error(
        "crontabExpression",
        "required",
        `is required with cycleType "Crontab" (${SOURCE}, CrontabExpression)`,
      );
    }
    if (declared("crontabExpression") && cycle !== undefined && cycle !== "Crontab") {
      yield error(
        "crontabExpression",
        "crontab-only",
        `has an effect only with cycleType "Crontab", not with ${show(cycle)}; leave it out (${SOURCE}, CrontabExpression)`,
      );
    }
    const cron = value("crontabExpression");
    if (typeof cron !== "string") return;
    const problem = cronProblem(cron, { fields: [5, 6, 7] });
    if (problem !== undefined) {
      yield error("crontabExpression", "cron", `must be ${problem} (${SOURCE}, CrontabExpression)`);
      return;
    }
    if (cron.split(" ").length === 5) {
      yield warning(
        "crontabExpression",
        "cron-five-fields",
        `has five fields; the samples of the service have six, second first, as in "0 0 2 * * ?"`,
      );
    }
    if (nextFireTime(cron, "UTC", view.now) === undefined)
      yield warning("crontabExpression", "cron-never-runs", `is ${show(cron)}, which never comes again`);
  },
  function* readable(view) {
    const cycle = cycleOf(view);
    if (cycle !== undefined && UNREADABLE_CYCLES.includes(cycle)) {
      yield warning(
        "cycleType",
        "unreadable-word",
        `is ${cycle}, for which no document gives the word that reads use: a change of the cycle elsewhere will not be noticed`,
      );
    }
  },
  function* window({ value, now }) {
    for (const path of ["startTime", "endTime"]) {
      const time = value(path);
      if (typeof time === "string" && !isTime(time)) {
        const parameter = path === "startTime" ? "StartTime" : "EndTime";
        yield error(path, "format", `must be a time that exists, got ${time} (${SOURCE}, ${parameter})`);
      }
    }
    const [start, end] = [value("startTime"), value("endTime")];
    if (typeof end !== "string" || !isTime(end)) return;
    if (typeof start === "string" && start >= end) {
      yield error("endTime", "order", `must be later than startTime ${start}, got ${end} (${SOURCE}, EndTime)`);
    } else if (momentIn(end, value("scheduleTimeZone")) < now.getTime()) {
      yield warning("endTime", "schedule-over", `is ${end}, which has passed: the task does not run any more`);
    }
  },
  function* dailyWindow(view) {
    const { value, declared } = view;
    const [start, end] = [value("executionStartTime"), value("executionEndTime")];
    if (typeof start === "string" && typeof end === "string" && start > end) {
      yield caution(
        "executionEndTime",
        "window-order",
        `must not be before executionStartTime ${start}, got ${end}: no document says that a window goes over midnight (${SOURCE}, ExecutionEndTime)`,
      );
    }
    const cycle = cycleOf(view);
    if (cycle === undefined || cycle === "Hour" || cycle === "Minute") return;
    for (const [path, whole] of Object.entries(WHOLE_DAY)) {
      // The vendor's own sample gives the whole day beside a daily cycle.
      if (declared(path) && value(path) !== whole && value(path) !== undefined) {
        yield withoutEffect(path, cycle, "hour tasks", `${SOURCE}, ExecutionStartTime`);
      }
    }
  },
  function* applies(view) {
    const cycle = cycleOf(view);
    if (cycle === undefined) return;
    for (const [path, { cycles, source }] of Object.entries(APPLIES)) {
      const value = view.value(path);
      const isNone = value === undefined || value === "" || value === 0;
      if (!isNone && !cycles.includes(cycle)) yield withoutEffect(path, cycle, cycles.slice(0, 4).join(", "), source);
    }
  },
  function* step(view) {
    const cycle = cycleOf(view);
    const [step, action, offset] = ["cycleStep", "taskAction", "minuteOffset"].map(view.value);
    if (typeof step !== "number") return;
    if (typeof action === "string" && action !== "" && step > 1) {
      yield error(
        "cycleStep",
        "step-with-action",
        `must be 1 beside taskAction, got ${step} (${SUCCESSOR}, TaskAction)`,
      );
    }
    if (cycle === "Minute" && ![5, 10, 15, 20, 30].includes(step)) {
      yield warning(
        "cycleStep",
        "step-undocumented",
        `is ${step}: for minute tasks the documents name 5, 10, 15, 20 and 30 (${SUCCESSOR}, CycleStep)`,
      );
    }
    if (cycle === "Hour" && step > 12) {
      yield warning(
        "cycleStep",
        "step-undocumented",
        `is ${step}: for hour tasks the documents name 1 to 12 (${SUCCESSOR}, CycleStep)`,
      );
    }
    if (cycle !== undefined && WITHOUT_STEP.includes(cycle) && step > 1)
      yield withoutEffect("cycleStep", cycle, "tasks that repeat", `${SOURCE}, CycleType`);
    if (cycle === "Minute" && typeof offset === "number" && offset >= step) {
      yield warning(
        "minuteOffset",
        "offset-beyond-step",
        `is ${offset}, not less than the interval of ${step} minutes (${SUCCESSOR}, MinuteOffset)`,
      );
    }
  },
  function* delay({ value }) {
    const delay = value("delayTimeMinutes");
    if (typeof delay === "number" && delay >= 24 * 60) {
      yield warning(
        "delayTimeMinutes",
        "delay-beyond-day",
        `is ${delay}, more than a day of 1440 minutes after midnight (${SOURCE}, DelayTime)`,
      );
    }
  },
  function* action(view) {
    const cycle = cycleOf(view);
    const action = view.value("taskAction");
    if (cycle === undefined || typeof action !== "string" || action === "") return;
    for (const entry of action.split(",")) yield* actionProblem(entry, cycle);
  },
  function* startup({ declared }) {
    if (declared("startupTime")) {
      yield warning(
        "startupTime",
        "startup-time",
        `has no documented meaning, and is called abandoned (${SUCCESSOR}, StartupTime); delayTimeMinutes or a crontab says when a task runs`,
      );
    }
  },
  function* zone({ value }) {
    const zone = value("scheduleTimeZone");
    if (typeof zone === "string" && !/^UTC[+-](\d|1[0-4])$/.test(zone)) {
      yield caution(
        "scheduleTimeZone",
        "time-zone",
        `must be whole hours such as UTC+8 or UTC-5, got ${show(zone)} (${SUCCESSOR}, ScheduleTimeZone)`,
      );
    }
  },
];

const withoutEffect = (path: string, cycle: Cycle, meant: string, source: string): Finding =>
  warning(path, "without-effect", `is for ${meant}, and cycleType is ${show(cycle)} (${source})`);

/** What each cycle can choose from: refused is what cannot be, and a warning is for what the documents leave open. */
function* actionProblem(entry: string, cycle: Cycle): Generator<Finding> {
  const source = `${SOURCE}, TaskAction`;
  const number = /^\d{1,4}$/.test(entry) ? Number(entry) : undefined;
  const out = (range: string) =>
    error("taskAction", "action-range", `must have ${range} with cycleType ${show(cycle)}, got ${entry} (${source})`);
  if (cycle === "Hour" && (number === undefined || number > 23)) yield out("hours from 0 to 23");
  if (cycle === "Week" || cycle === "FlexibleWeek") {
    if (number === undefined || number > 7) yield out("weekdays from 0 or 1 to 7");
    else if (number === 0 || number === 7) {
      yield warning(
        "taskAction",
        "weekday-disputed",
        `has weekday ${entry}; no document says whether weekdays count from 0 or from 1, nor which one is Sunday (${source})`,
      );
    }
  }
  if ((cycle === "Month" || cycle === "FlexibleMonth") && !isDayOfMonth(entry, number))
    yield out("days from 1 to 31, or L for the last one,");
}

const isDayOfMonth = (entry: string, number: number | undefined): boolean =>
  number === undefined ? /^L(-\d{1,2})?$|^-\d{1,2}$/.test(entry) : number >= 1 && number <= 31;

/** A wall-clock time in whole hours from UTC; without a zone in that of the mainland. */
function momentIn(time: string, zone: unknown): number {
  const hours = typeof zone === "string" ? (/^UTC([+-]\d{1,2})$/.exec(zone)?.[1] ?? "+8") : "+8";
  return Date.parse(`${time.replace(" ", "T")}Z`) - Number(hours) * 3_600_000;
}
