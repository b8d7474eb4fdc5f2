import { type Rule, type View } from "../../core/check";
import { error, warning } from "../../core/findings";
import { cronProblem, fireTimes } from "../cron";
import { isTime, isTimeZone, momentOf, timeAt } from "../time";
import { sourceOf } from "./sources";
import { zoneOf } from "./wire";
import { show } from "../../core/quoting";

const of = (parameter: string): string => sourceOf("UpdateFile", parameter);
/** A moment of the schedule's period, where it is given and real. */
function momentAt({ value, declared }: View, path: string): number | undefined {
  const [time, zone] = [value(path), value("schedule.timeZone")];
  if (typeof time !== "string" || !isTime(time)) return undefined;
  if (zone === undefined) return declared("schedule.timeZone") ? undefined : momentOf(time, zoneOf(undefined));
  return typeof zone === "string" && isTimeZone(zone) ? momentOf(time, zone) : undefined;
}

/** The vendor's own limits on a cron: 5 minutes between runs, and none before 00:05. */
const SHORTEST_GAP = 5 * 60_000;
const FIRST_MINUTE = "00:05";
const DAY = 24 * 3_600_000;
/** Runs to look at: enough to meet the shortest gap between two of them, and few enough to cost no time. */
const LOOKED_AT = 4;

const isReadable = (cron: unknown): cron is string =>
  typeof cron === "string" && cronProblem(cron, { fields: [6, 7] }) === undefined;

const timeRules: readonly Rule[] = [
  function* times({ value }) {
    for (const [path, parameter] of [
      ["schedule.startTime", "StartEffectDate"],
      ["schedule.endTime", "EndEffectDate"],
    ] as const) {
      const time = value(path);
      if (typeof time === "string" && !isTime(time))
        yield error(path, "format", `must be a time that exists, got ${time}${of(parameter)}`);
    }
    const zone = value("schedule.timeZone");
    if (typeof zone === "string" && !isTimeZone(zone)) {
      yield error(
        "schedule.timeZone",
        "format",
        `must be the name of a time zone such as Asia/Shanghai, got ${show(zone)}`,
      );
    }
  },
  function* period(view) {
    const [start, end] = [momentAt(view, "schedule.startTime"), momentAt(view, "schedule.endTime")];
    const shown = String(view.value("schedule.endTime"));
    if (start !== undefined && end !== undefined && start >= end) {
      yield error(
        "schedule.endTime",
        "order",
        `must be later than schedule.startTime ${String(view.value("schedule.startTime"))}, got ${shown}${of("EndEffectDate")}`,
      );
    } else if (end !== undefined && end <= view.now.getTime()) {
      const reason = `has passed, so the task does not run any more, got ${shown}${of("EndEffectDate")}`;
      yield warning("schedule.endTime", "cron-never-runs", reason);
    }
  },
  function* zoneAlone({ declared }) {
    if (declared("schedule.timeZone") && !declared("schedule.startTime") && !declared("schedule.endTime")) {
      yield warning(
        "schedule.timeZone",
        "without-effect",
        "says how startTime and endTime are written, and neither is given",
      );
    }
  },
];

const cronRules: readonly Rule[] = [
  function* cron({ value }) {
    const cron = value("schedule.cron");
    const problem = typeof cron === "string" ? cronProblem(cron, { fields: [6, 7] }) : undefined;
    if (problem !== undefined) yield error("schedule.cron", "cron", `must be ${problem}${of("CronExpress")}`);
  },
  function* limits({ value, now }) {
    const cron = value("schedule.cron");
    if (!isReadable(cron)) return;
    const runs = fireTimes(cron, "UTC", now, LOOKED_AT);
    if (runs.length === 0) {
      const reason = `names no moment to come, got ${show(cron)}${of("CronExpress")}`;
      yield warning("schedule.cron", "cron-never-runs", reason);
      return;
    }
    const gaps = runs.slice(1).map((run, index) => run.getTime() - (runs[index] as Date).getTime());
    const shortest = Math.min(...gaps);
    if (shortest < SHORTEST_GAP) {
      yield warning(
        "schedule.cron",
        "cron-limits",
        `runs every ${shortest / 1000} seconds; the scheduler keeps 5 minutes between two runs${of("CronExpress")}`,
      );
    }
    const often = shortest < DAY;
    const early = runs.map((run) => timeAt(run.getTime(), "UTC").slice(11)).find((time) => time < FIRST_MINUTE);
    // A schedule of minutes or hours may well name midnight; the vendor's own samples do.
    if (early !== undefined && !often) {
      const reason = `runs at ${early}; the scheduler starts its day at ${FIRST_MINUTE}${of("CronExpress")}`;
      yield warning("schedule.cron", "cron-limits", reason);
    }
    const type = value("schedule.cycleType");
    if (type === (often ? "DAY" : "NOT_DAY")) {
      yield warning(
        "schedule.cycleType",
        "cycle-type",
        `${String(type)} is for a schedule of ${often ? "days, weeks or months" : "minutes or hours"}, and schedule.cron ${show(cron)} runs ${often ? "several times a day" : "once a day at most"}${of("CycleType")}`,
      );
    }
  },
  function* byHand({ value, declared }) {
    if (value("schedule.schedulerType") !== "MANUAL" || !declared("schedule.cron")) return;
    yield warning(
      "schedule.cron",
      "without-effect",
      `has no effect while schedule.schedulerType is MANUAL${of("SchedulerType")}`,
    );
  },
  function* stopped({ value }) {
    const [stop, type] = [value("schedule.stop"), value("schedule.schedulerType")];
    if (typeof stop !== "boolean" || typeof type !== "string" || stop === (type === "PAUSE")) return;
    yield warning(
      "schedule.stop",
      "stop-against-scheduler-type",
      `${String(stop)} and schedule.schedulerType ${type} contradict each other: the console has one setting for both${of("Stop")}`,
    );
  },
];

const rerunRules: readonly Rule[] = [
  function* reruns({ value, declared }) {
    const [mode, times] = [value("schedule.rerunMode"), value("schedule.rerunTimes")];
    if (mode === "ALL_DENIED" && typeof times === "number" && times > 0) {
      yield warning(
        "schedule.rerunTimes",
        "rerun-without-effect",
        `has no effect while schedule.rerunMode is ALL_DENIED${of("AutoRerunTimes")}`,
      );
    }
    const reason = mode === "ALL_DENIED" ? "schedule.rerunMode is ALL_DENIED" : "schedule.rerunTimes is 0";
    if ((mode === "ALL_DENIED" || times === 0) && declared("schedule.rerunIntervalSeconds")) {
      yield warning(
        "schedule.rerunIntervalSeconds",
        "rerun-without-effect",
        `has no effect while ${reason}${of("AutoRerunIntervalMillis")}`,
      );
    }
    if (typeof times === "number" && times > 10) {
      yield warning(
        "schedule.rerunTimes",
        "rerun-times",
        `should be at most 10, got ${times} (CreateFile 2020-05-18, AutoRerunTimes)`,
      );
    }
  },
  function* timeout({ value }) {
    const timeout = value("schedule.timeout");
    if (typeof timeout !== "number" || timeout <= 168) return;
    yield warning(
      "schedule.timeout",
      "timeout-unit",
      `is more than a week if it counts hours as the console does, got ${timeout}; no document names the unit${of("Timeout")}`,
    );
  },
];

export const scheduleRules: readonly Rule[] = [...timeRules, ...cronRules, ...rerunRules];
