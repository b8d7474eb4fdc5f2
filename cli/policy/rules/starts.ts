import { type Rule } from "../../../provider/core/check";
import { error } from "../../../provider/core/findings";
import { choice, integer, list, text } from "../../../provider/core/fields";
import type { Timing } from "../../../provider/core/outlook";
import { show } from "../../../provider/core/quoting";
import { runsBetween } from "../../../provider/resources/cron";
import { DEFAULT_TIME_ZONE, momentOf, timeAt } from "../../../provider/resources/time";
import { commonZone, startsUntil } from "../../review/calendar";
import { isZone, runs, zoneOf } from "../../review/schedule";
import type { JudgedTask, Objection, PolicyRule, RuleOptions } from "../rule";

/** Keeps starts apart, so that the clouds' queues and the resource groups are not overrun. */
export interface StartsPerMinute extends RuleOptions {
  /** The most tasks that may start within one minute of the coming seven days. */
  atMost: number;
}

const DAYS_OF_WEEK = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

/** Keeps a part of the day free of starts: for maintenance, for a database's backup, for others. */
export interface QuietWindow extends RuleOptions {
  /** The time of day at which the window opens, such as `22:00`. */
  from: string;
  /** The time of day at which it closes, such as `06:00`; not later than `from` means on the next day. */
  to: string;
  /** The time zone of both, such as `Asia/Shanghai`, which is the default, or `UTC+8`. */
  timeZone?: string;
  /** The days on which it opens. Default: every day. */
  days?: ("Sun" | "Mon" | "Tue" | "Wed" | "Thu" | "Fri" | "Sat")[];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A schedule that comes into the window in a later year only is none that anybody means. */
const DAYS_AHEAD = 366;
const NAMED = 8;
const MOST_MINUTES = 10;

/** Runs that do something; a dry run and a run by hand disturb nobody. */
const isActive = ({ cron, mode }: Timing): boolean => cron !== undefined && (mode === "runs" || mode === "unknown");

interface Crowd {
  readonly first: string;
  readonly names: readonly string[];
}

export const startsPerMinute: PolicyRule<StartsPerMinute> = {
  description: "No more than so many tasks start in one minute.",
  remedy: "Move some of the tasks by some minutes, or let them wait for each other.",
  options: { atMost: integer({ required: true, minimum: 1 }) },
  *judgeAll(tasks, { atMost }, at) {
    const active = tasks.filter(({ timing }) => isActive(timing));
    if (active.length <= atMost) return;
    const zone = commonZone(active.map(({ name, timing }) => ({ name, after: timing })));
    const crowds = crowdsOf(active, atMost, zone, at);
    for (const { first, names } of crowds.slice(0, MOST_MINUTES)) {
      const shown = `${names.slice(0, NAMED).join(", ")}${names.length > NAMED ? ", …" : ""}`;
      yield `${names.length} tasks start at ${first.slice(11)} (${zone}, on ${first.slice(0, 10)}), and at most ${atMost} may: ${shown}`;
    }
    if (crowds.length > MOST_MINUTES)
      yield `more than ${atMost} start in each of ${crowds.length - MOST_MINUTES} other minutes of the day`;
  },
};

/** The fullest minute of each time of day, fullest first; a daily crowd is one and not seven. */
function crowdsOf(tasks: readonly JudgedTask[], atMost: number, zone: string, at: number): Crowd[] {
  const start = Math.ceil(at / HOUR) * HOUR;
  const minutes = new Map<number, string[]>();
  const known = new Map<string, readonly number[]>();
  for (const { name, timing } of tasks) {
    const key = JSON.stringify(timing);
    const starts = known.get(key) ?? [...new Set(startsUntil(timing, start, start + 7 * DAY).map(inMinutes))];
    known.set(key, starts);
    for (const minute of starts) {
      const names = minutes.get(minute);
      if (names === undefined) minutes.set(minute, [name]);
      else names.push(name);
    }
  }
  const fullest = new Map<string, Crowd>();
  for (const [minute, names] of [...minutes].sort(([one], [other]) => one - other)) {
    if (names.length <= atMost) continue;
    const first = timeAt(minute, zoneOf(zone)).slice(0, 16);
    const before = fullest.get(first.slice(11));
    if (before === undefined || before.names.length < names.length)
      fullest.set(first.slice(11), { first, names: [...names].sort() });
  }
  return [...fullest.values()].sort(
    (one, other) => other.names.length - one.names.length || (one.first.slice(11) < other.first.slice(11) ? -1 : 1),
  );
}

const inMinutes = (moment: number): number => Math.floor(moment / MINUTE) * MINUTE;

const CLOCK = [/^([01]\d|2[0-3]):[0-5]\d$/, "a time of day such as 22:00"] as const;

const hasZone: Rule = function* ({ value }) {
  const zone = value("timeZone");
  if (typeof zone === "string" && !isZone(zone))
    yield error("timeZone", "format", `must be a time zone such as Asia/Shanghai or UTC+8, got ${show(zone)}`);
};
const isSome: Rule = function* ({ value }) {
  const days = value("days");
  if (Array.isArray(days) && days.length === 0)
    yield error("days", "empty", "must name at least one day; leave it out for every day");
};

export const quietWindow: PolicyRule<QuietWindow> = {
  description: "No task starts inside the quiet window.",
  remedy: "Move the schedule out of the window.",
  options: {
    from: text({ required: true, pattern: CLOCK }),
    to: text({ required: true, pattern: CLOCK }),
    timeZone: text(),
    days: list(choice(DAYS_OF_WEEK), { mayBeEmpty: true }),
  },
  checks: [hasZone, isSome],
  *judge(task, options, at) {
    const { timing, governance } = task;
    if (!isActive(timing)) return;
    const run = firstInside(timing, options, at);
    if (run !== undefined) yield objection(governance.schedule, run, options);
  },
};

const objection = (
  property: string,
  run: number,
  { from, to, timeZone = DEFAULT_TIME_ZONE }: QuietWindow,
): Objection => ({
  property,
  reason: `starts the task at ${timeAt(run, zoneOf(timeZone))}, inside the quiet window from ${from} to ${to} (${timeZone})`,
});

/** The first run inside the window. It goes from window to window, not from run to run. */
function firstInside(timing: Timing, options: QuietWindow, at: number): number | undefined {
  const { from, to, timeZone = DEFAULT_TIME_ZONE, days } = options;
  const zone = zoneOf(timeZone);
  // No time of day of most schedules lies in the window, whatever the days: that is known without their runs.
  if (!shiftsBetween(zone, zoneOf(timing.zone), at).some((shift) => comesInto(timing.cron ?? "", from, to, shift)))
    return undefined;
  const overnight = to <= from;
  for (let cursor = at; cursor < at + DAYS_AHEAD * DAY;) {
    // What is due at the very opening is inside.
    const [run] = runs(timing, cursor - 1000, 1);
    if (run === undefined) return undefined;
    const [date = "", time = ""] = timeAt(run, zone).split(" ");
    const clock = time.slice(0, 5);
    const isEarly = overnight && clock < to;
    const opened = isEarly ? dayAfter(date, -1) : date;
    const inside = overnight ? clock >= from || isEarly : clock >= from && clock < to;
    if (inside && (days === undefined || days.includes(weekday(opened)))) return run;
    const today = momentOf(`${date} ${from}:00`, zone);
    cursor = today > run ? today : momentOf(`${dayAfter(date, 1)} ${from}:00`, zone);
  }
  return undefined;
}

/** Whether any time of day of a schedule lies in the window, seen on a clock that is so many minutes ahead. */
function comesInto(cron: string, from: string, to: string, shift: number): boolean {
  const [opens, closes] = [shifted(from, shift), shifted(to, shift)];
  return closes <= opens
    ? (runsBetween(cron, opens, "24:00") ?? runsBetween(cron, "00:00", closes)) !== undefined
    : runsBetween(cron, opens, closes) !== undefined;
}

function shifted(clock: string, shift: number): string {
  const [hours = "", minutes = ""] = clock.split(":");
  const moved = (((Number(hours) * 60 + Number(minutes) + shift) % 1440) + 1440) % 1440;
  return `${String(Math.floor(moved / 60)).padStart(2, "0")}:${String(moved % 60).padStart(2, "0")}`;
}

/** By how many minutes one zone's clock is ahead of another's in the course of a year: one number, or some with summer time. */
function shiftsBetween(zone: string, other: string, at: number): number[] {
  if (zone === other) return [0];
  const clock = (moment: number, where: string) => Date.parse(`${timeAt(moment, where).replace(" ", "T")}Z`);
  const months = Array.from({ length: 13 }, (_, month) => at + month * 30 * DAY);
  return [...new Set(months.map((moment) => Math.round((clock(moment, other) - clock(moment, zone)) / MINUTE)))];
}

const dayAfter = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
const weekday = (date: string): (typeof DAYS_OF_WEEK)[number] =>
  DAYS_OF_WEEK[new Date(`${date}T00:00:00Z`).getUTCDay()] as (typeof DAYS_OF_WEEK)[number];
