import cronstrue from "cronstrue/i18n";
import type { Timing } from "../../provider/core/outlook";
import { fireTimes, numbersWeekdays } from "../../provider/resources/cron";
import { DEFAULT_TIME_ZONE, isTimeZone, momentOf, timeAt } from "../../provider/resources/time";
import type { ScheduleChange, ScheduleText } from "./model";

/** How many of the next moments are shown. */
const SHOWN = 5;
/** So many runs of both schedules are compared, few at first, to find the first that differs. */
const COMPARED = [8, 64, 1024] as const;

/** The zone as the date functions may know it: `UTC+8` is `Etc/GMT-8` there. */
function spelling(zone: string): string {
  const [, sign, hours] = /^(?:UTC|GMT)\s*([+-])(\d{1,2})(?::?00)?$/i.exec(zone) ?? [];
  if (sign === undefined || hours === undefined) return zone;
  return Number(hours) === 0 ? "UTC" : `Etc/GMT${sign === "+" ? "-" : "+"}${Number(hours)}`;
}

/** Whether times can be told in the zone; not in what is secret, nor in `UTC+5:30`. */
export const isZone = (zone: string): boolean => isTimeZone(spelling(zone));

/** A zone that the date functions know: this one, or the default in its place, of which a remark tells. */
export const zoneOf = (zone: string): string => (isZone(zone) ? spelling(zone) : DEFAULT_TIME_ZONE);

/** The next moments at which a task really runs, within the limits of its schedule. */
export function runs(timing: Timing, from: number, count: number): number[] {
  if (timing.cron === undefined || timing.mode === "manual" || timing.mode === "paused") return [];
  const zone = zoneOf(timing.zone);
  const start = bound(timing.start, zone);
  const end = bound(timing.end, zone);
  // The first moment of the schedule itself may be one of them.
  const first = Math.max(from, start === undefined ? 0 : start - 1000);
  return fireTimes(timing.cron, zone, new Date(first), count)
    .map((moment) => moment.getTime())
    .filter((moment) => end === undefined || moment <= end);
}

function bound(time: string | undefined, zone: string): number | undefined {
  if (time === undefined) return undefined;
  try {
    const moment = momentOf(time, zone);
    return Number.isNaN(moment) ? undefined : moment;
  } catch {
    return undefined;
  }
}

export function scheduleText(timing: Timing, from: number): ScheduleText {
  const { mode, zone, cron, summary } = timing;
  return {
    mode,
    zone,
    ...(cron !== undefined && { cron, ...words(cron) }),
    ...(cron === undefined && summary !== undefined && { english: summary }),
    next: runs(timing, from, SHOWN).map((moment) => timeAt(moment, zoneOf(zone))),
  };
}

/** A cron in both languages; nothing where the library can't read a form of Quartz. */
function words(cron: string): { english?: string; chinese?: string } {
  const say = (locale: string): string | undefined => {
    try {
      return cronstrue.toString(cron, { locale, use24HourTimeFormat: true, verbose: false });
    } catch {
      return undefined;
    }
  };
  const [english, chinese] = [say("en"), say("zh_CN")];
  return { ...(english !== undefined && { english }), ...(chinese !== undefined && { chinese }) };
}

const isSame = (one: Timing | undefined, other: Timing | undefined): boolean =>
  one?.mode === other?.mode &&
  one?.cron === other?.cron &&
  one?.zone === other?.zone &&
  one?.summary === other?.summary &&
  one?.start === other?.start &&
  one?.end === other?.end;

/** How the fire times of a task move; `undefined` when its schedule stays as it is. */
export function scheduleChange(
  before: Timing | undefined,
  after: Timing | undefined,
  from: number,
): ScheduleChange | undefined {
  if (isSame(before, after)) return undefined;
  const told = (timing: Timing | undefined) => (timing === undefined ? undefined : scheduleText(timing, from));
  const [was, is] = [told(before), told(after)];
  const difference = before && after ? firstDifference(before, after, from) : undefined;
  return {
    ...(was && { before: was }),
    ...(is && { after: is }),
    ...(difference !== undefined && { firstDifference: difference.sentence }),
    remarks: [...(difference?.remarks ?? []), ...remarks(before, after, from)],
  };
}

function remarks(before: Timing | undefined, after: Timing | undefined, from: number): string[] {
  const fires = after?.cron !== undefined && after.mode !== "paused" && after.mode !== "manual";
  const timed = [before, after].filter((timing) => timing?.cron !== undefined) as Timing[];
  const strange = new Set(timed.map(({ zone }) => zone).filter((zone) => !isZone(zone)));
  return [
    ...[...strange].map(
      (zone) => `no time can be told in the time zone ${zone}: times are those of ${DEFAULT_TIME_ZONE}`,
    ),
    ...(timed.some(({ cron = "" }) => numbersWeekdays(cron))
      ? [
          "weekdays by number are read with 1 as Monday, and no document says whether 1 is that or Sunday: write SUN to SAT",
        ]
      : []),
    ...(before !== undefined && after !== undefined && before.zone !== after.zone
      ? [`the time zone changes from ${before.zone} to ${after.zone}`]
      : []),
    ...(fires && runs(after, from, 1).length === 0
      ? ["no moment to come fits the schedule: the task does not run"]
      : []),
  ];
}

interface Difference {
  readonly sentence: string;
  readonly remarks: readonly string[];
}

/** The first moment at which one schedule runs and the other does not, and the run that takes its place. */
function firstDifference(before: Timing, after: Timing, from: number): Difference | undefined {
  for (const count of COMPARED) {
    const [old, now] = [runs(before, from, count), runs(after, from, count)];
    // Beyond the last moment of a full list nothing is known.
    const known = Math.min(...[old, now].map((all) => (all.length < count ? Infinity : (all.at(-1) ?? Infinity))));
    const lost = old.filter((moment) => !now.includes(moment));
    const gained = now.filter((moment) => !old.includes(moment));
    const first = Math.min(lost[0] ?? Infinity, gained[0] ?? Infinity);
    if (first === Infinity || first > known) continue;
    const isLost = first === lost[0];
    const others = isLost ? gained : lost;
    const other = before.zone === after.zone ? counterpart(first, others, farthest(before, after, from)) : others[0];
    const [was, is] = isLost ? [first, other] : [other, first];
    return {
      sentence: sentence(
        was === undefined ? undefined : timeAt(was, zoneOf(before.zone)),
        is === undefined ? undefined : timeAt(is, zoneOf(after.zone)),
        isLost,
      ),
      remarks: isOverMidnight(before, after, from, [was, is])
        ? ["the run moves over midnight, so its bizdate changes"]
        : [],
    };
  }
  return undefined;
}

function sentence(was: string | undefined, is: string | undefined, isLost: boolean): string {
  if (is === undefined) return `the run of ${was ?? ""} is the first that no longer happens`;
  if (was === undefined) return `the run of ${is} is the first that is new`;
  return isLost
    ? `the first run that differs is that of ${was}: it comes at ${is} instead`
    : `the first run that differs is that of ${is}, which was to come at ${was}`;
}

/** The run that takes the place of one; of two that are as near, the later. */
function counterpart(moment: number, others: readonly number[], limit: number): number | undefined {
  const gap = (each: number) => Math.abs(each - moment);
  const [nearest] = [...others].sort((a, b) => gap(a) - gap(b) || b - a);
  return nearest !== undefined && gap(nearest) <= limit ? nearest : undefined;
}

/** How far a run can move and be the same one: half of the time between two of them, and a rare one nearly all of it. */
function farthest(before: Timing, after: Timing, from: number): number {
  const period = Math.min(periodOf(before, from), periodOf(after, from));
  return Number.isFinite(period) ? Math.max(period / 2, period - DAY / 2) : DAY / 2;
}

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
/** A move by more than this could as well be one in the other direction. */
const SHORT_MOVE = 6 * HOUR;

/** The time from the next run to the one after it, also where the last one is near. */
function periodOf(timing: Timing, from: number): number {
  const [next = 0, later = Infinity] = runs(unbounded(timing), from, 2);
  return later - next;
}

const unbounded = ({ start: _start, end: _end, ...timing }: Timing): Timing => timing;

/** Whether a daily run, or a rarer one, moves to the other side of midnight by a short move. */
function isOverMidnight(
  before: Timing,
  after: Timing,
  from: number,
  [was, is]: readonly [number | undefined, number | undefined],
): boolean {
  const periods = [periodOf(before, from), periodOf(after, from)];
  // A day may have 23 or 25 hours.
  if (before.zone !== after.zone || periods.some((period) => period < DAY - HOUR)) return false;
  const zone = zoneOf(before.zone);
  const dateOf = (moment: number) => timeAt(moment, zone).slice(0, 10);
  /** The time of day of the next run, in milliseconds. */
  const clockOf = (timing: Timing) =>
    Date.parse(`1970-01-01T${timeAt(runs(unbounded(timing), from, 1)[0] ?? 0, zone).slice(11)}Z`);
  if (periods.some((period) => period > DAY + HOUR))
    return was !== undefined && is !== undefined && Math.abs(is - was) <= SHORT_MOVE && dateOf(was) !== dateOf(is);
  const [old, now] = [clockOf(before), clockOf(after)];
  const move = ((now - old + 1.5 * DAY) % DAY) - DAY / 2;
  return Math.abs(move) <= SHORT_MOVE && (old + move < 0 || old + move >= DAY);
}
