import { type Rule, type View } from "../../core/check";
import { type Fields, choice, group, text } from "../../core/fields";
import { error, warning } from "../../core/findings";
import { canonicalCron, cronProblem, nextFireTime, namesBothDays, namesHours, runsBetween } from "../cron";
import { DEFAULT_TIME_ZONE, isTime, isTimeZone, momentOf, timeAt } from "../time";
import { show } from "../../core/quoting";
import { batched, inNode, listed } from "./parameters";

/** When a task runs. */
export interface Trigger {
  /** `Scheduler` runs by `cron`, `Manual` only when started by hand. */
  type?: "Scheduler" | "Manual";
  /**
   * What happens at each fire time: `Normal` runs, `Skip` runs dry (succeeds at once without executing), `Pause` fails
   * the instance and so blocks what depends on it. Only with `type: "Scheduler"`; the service's default is `Normal`.
   */
  recurrence?: "Pause" | "Skip" | "Normal";
  /** Quartz-like cron with six fields (second first) or seven (with a year), in `timeZone`. Only with `type: "Scheduler"`. */
  cron?: string;
  /** First moment of the schedule, `yyyy-mm-dd hh:mm:ss`. Only with `type: "Scheduler"`. */
  startTime?: string;
  /** Last moment of the schedule, `yyyy-mm-dd hh:mm:ss`. Only with `type: "Scheduler"`. */
  endTime?: string;
  /**
   * How a cron that names hours is counted: `Daily` as one cycle of a day, `NotDaily` hour by hour. Only with
   * `type: "Scheduler"`; the service's default is `Daily`. Write-only: UpdateTask takes it since 2025-10-09, no
   * operation returns it.
   */
  cycleType?: "Daily" | "NotDaily";
  /** Time zone of the schedule, such as `Asia/Shanghai`. Kept in the node, write-only; only for tasks created here. */
  timeZone?: string;
}

const TIME = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;
const time = (parameter: string) =>
  text({
    pattern: [TIME, "a time such as 2026-01-31 00:00:00"],
    wire: listed(batched(parameter)),
  });

export const triggerFields = group<Trigger>({
  type: choice(["Scheduler", "Manual"], { wire: listed(batched("Trigger.Type")) }),
  recurrence: choice(["Pause", "Skip", "Normal"], { wire: listed(batched("Trigger.Recurrence")) }),
  cron: text({ canonical: canonicalCron, wire: listed(batched("Trigger.Cron")) }),
  startTime: time("Trigger.StartTime"),
  endTime: time("Trigger.EndTime"),
  cycleType: choice(["Daily", "NotDaily"], {
    writeOnly: true,
    default: "`Daily` (UpdateTask 2024-05-18, Trigger.CycleType)",
    wire: { UpdateTask: "Trigger.CycleType", ...inNode },
  }),
  timeZone: text({ writeOnly: true, default: `\`${DEFAULT_TIME_ZONE}\`, our assumption`, wire: inNode }),
} satisfies Fields<Trigger>);

const SOURCE = "UpdateTask 2024-05-18";
const SHAPE = { fields: [6, 7] } as const;

/**
 * Assumption, named here alone: the hours in which the service makes the next day's instances. The UpdateTask page of
 * 2026-01-12 says 23:30 to 24:00, newer SDKs say 22:00 to 24:00 (contracts.md §6.8): the longer one is warned of.
 */
const QUIET_FROM = "22:00";
const QUIET_TO = "24:00";
const QUIET =
  "22:00 to 24:00 by the newer SDKs, 23:30 to 24:00 by the UpdateTask page of 2026-01-12 (UpdateTask 2024-05-18, InstanceMode)";

const zoneOf = ({ value }: View): string => {
  const zone = value("trigger.timeZone");
  return typeof zone === "string" && isTimeZone(zone) ? zone : DEFAULT_TIME_ZONE;
};
/** The cron, when it can be read. */
const cronOf = ({ value }: View): string | undefined => {
  const cron = value("trigger.cron");
  return typeof cron === "string" && cronProblem(cron, SHAPE) === undefined ? cron : undefined;
};

/** What a schedule has to obey. */
export const scheduleRules: readonly Rule[] = [
  function* schedulerOnly({ value, declared }) {
    if (value("trigger.type") !== "Manual") return;
    for (const name of ["recurrence", "cron", "startTime", "endTime", "cycleType"] as const) {
      if (!declared(`trigger.${name}`)) continue;
      const parameter = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      const reason = `has an effect only with trigger.type "Scheduler"; leave it out (${SOURCE}, Trigger.${parameter})`;
      yield error(`trigger.${name}`, "scheduler-only", reason);
    }
  },
  function* readable({ value }) {
    const cron = value("trigger.cron");
    const problem = typeof cron === "string" ? cronProblem(cron, SHAPE) : undefined;
    if (problem !== undefined) yield error("trigger.cron", "cron", `must be ${problem} (${SOURCE}, Trigger.Cron)`);
  },
  function* scheduled({ value, declared }) {
    if (value("trigger.type") !== "Scheduler" || declared("trigger.cron") || declared("adopt")) return;
    const reason = `is not given, and the schedule of a new task is the service's own then (${SOURCE}, Trigger.Cron)`;
    yield warning("trigger.cron", "cron-missing", reason);
  },
  function* days(view) {
    const cron = cronOf(view);
    if (cron === undefined || !namesBothDays(cron)) return;
    const reason = `names days of the month and days of the week at once; write ? for one of them, since what both mean together is not documented (${SOURCE}, Trigger.Cron)`;
    yield warning("trigger.cron", "cron-both-days", reason);
  },
  function* hours(view) {
    const cron = cronOf(view);
    const cycleType = view.value("trigger.cycleType");
    if (cron === undefined || cycleType === undefined || namesHours(cron)) return;
    const reason = `counts only when the cron runs in several hours, and ${show(cron)} runs in one (${SOURCE}, Trigger.CycleType)`;
    yield warning("trigger.cycleType", "cycle-type-without-hours", reason);
  },
  function* times({ value }) {
    for (const name of ["startTime", "endTime"]) {
      const time = value(`trigger.${name}`);
      if (typeof time !== "string" || isTime(time)) continue;
      const parameter = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      const reason = `must be a time that the calendar has, got ${show(time)} (${SOURCE}, Trigger.${parameter})`;
      yield error(`trigger.${name}`, "format", reason);
    }
    const zone = value("trigger.timeZone");
    if (typeof zone === "string" && !isTimeZone(zone)) {
      const reason = `must be the name of a time zone such as Asia/Shanghai, got ${show(zone)}`;
      yield error("trigger.timeZone", "format", reason);
    }
  },
  function* window({ value }) {
    const [start, end] = [value("trigger.startTime"), value("trigger.endTime")];
    if (typeof start === "string" && typeof end === "string" && start >= end) {
      const reason = `must be later than trigger.startTime ${start}, got ${end} (${SOURCE}, Trigger.EndTime)`;
      yield error("trigger.endTime", "order", reason);
    }
  },
  function* everRuns(view) {
    const cron = cronOf(view);
    if (cron === undefined) return;
    const zone = zoneOf(view);
    const [start, end] = ["trigger.startTime", "trigger.endTime"].map((path) => {
      const time = view.value(path);
      return typeof time === "string" && isTime(time) ? momentOf(time, zone) : undefined;
    });
    const from = new Date(Math.max(view.now.getTime(), start ?? 0));
    // The first moment of the schedule itself may be one of them.
    const next = nextFireTime(cron, zone, new Date(from.getTime() - 1000));
    if (next !== undefined && (end === undefined || next.getTime() <= end)) return;
    const until = end === undefined ? "" : ` up to trigger.endTime ${timeAt(end, zone)}`;
    const reason = `is ${show(cron)}, and no moment from ${timeAt(from.getTime(), zone)} on${until} fits it: the task never runs (${SOURCE}, Trigger.Cron)`;
    yield warning("trigger.cron", "cron-never-runs", reason);
  },
  function* quietHours(view) {
    if (view.value("instanceMode") !== "Immediately" || view.value("trigger.type") === "Manual") return;
    const cron = cronOf(view);
    const run = cron === undefined ? undefined : runsBetween(cron, QUIET_FROM, QUIET_TO);
    if (run !== undefined) {
      const reason = `runs at ${run}, in the hours in which instanceMode Immediately makes no instances: ${QUIET}`;
      yield warning("trigger.cron", "immediate-in-quiet-window", reason);
    }
    const clock = timeAt(view.now.getTime(), DEFAULT_TIME_ZONE).slice(11, 16);
    if (clock >= QUIET_FROM && view.value("publish") !== false) {
      const reason = `is Immediately, and what is published now, at ${clock} in ${DEFAULT_TIME_ZONE}, gets no instances until tomorrow: not in the hours from ${QUIET}`;
      yield warning("instanceMode", "immediate-in-quiet-window", reason);
    }
  },
];
