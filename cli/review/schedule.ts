import cronstrue from "cronstrue/i18n";
import type { Timing } from "../../provider/core/outlook";
import { fireTimes } from "../../provider/resources/cron";
import { momentOf, timeAt } from "../../provider/resources/time";
import type { ScheduleChange, ScheduleText } from "./model";

/** How many of the next moments are shown. */
const SHOWN = 5;
/** So many runs of both schedules are compared, few at first, to find the first that differs. */
const COMPARED = [8, 64, 1024] as const;

/** A zone that the date functions know: `UTC+8` is `Etc/GMT-8` there. */
export function zoneOf(zone: string): string {
  const [, sign, hours] = /^(?:UTC|GMT)\s*([+-])(\d{1,2})(?::?00)?$/i.exec(zone) ?? [];
  if (sign === undefined || hours === undefined) return zone;
  return Number(hours) === 0 ? "UTC" : `Etc/GMT${sign === "+" ? "-" : "+"}${Number(hours)}`;
}

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
  return [
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

function firstDifference(before: Timing, after: Timing, from: number): Difference | undefined {
  let [old, now]: [number[], number[]] = [[], []];
  let index = -1;
  for (const count of COMPARED) {
    [old, now] = [runs(before, from, count), runs(after, from, count)];
    const at = old.findIndex((moment, each) => moment !== now[each]);
    index = at === -1 && now.length > old.length ? old.length : at;
    if (index !== -1) break;
  }
  if (index === -1) return undefined;
  const [lost, gained] = [old[index], now[index]];
  const was = lost === undefined ? undefined : timeAt(lost, zoneOf(before.zone));
  const is = gained === undefined ? undefined : timeAt(gained, zoneOf(after.zone));
  if (was === undefined && is === undefined) return undefined;
  if (is === undefined) return { sentence: `the run of ${was ?? ""} is the first that no longer happens`, remarks: [] };
  if (was === undefined) return { sentence: `the run of ${is} is the first that is new`, remarks: [] };
  const gap = Math.abs((gained ?? 0) - (lost ?? 0));
  const isDailyOrRarer = Math.min(lasts(old, index), lasts(now, index)) >= DAY - CLOCK_CHANGE;
  // A daily run moves by half a day at most. Beyond it, the run that would be the other's counterpart has been today.
  const isDaily = isDailyOrRarer && Math.max(lasts(old, index), lasts(now, index)) <= DAY + CLOCK_CHANGE;
  const areCounterparts = !isDaily || gap <= DAY / 2 || gap >= DAY;
  const isMoved = isDailyOrRarer && gap < DAY && was.slice(11) !== is.slice(11);
  const isOverMidnight = isMoved && areCounterparts === (was.slice(0, 10) !== is.slice(0, 10));
  return {
    sentence: sentence({ was, is, isLater: (lost ?? 0) < (gained ?? 0), areCounterparts }),
    remarks: isOverMidnight ? ["the run moves over midnight, so its bizdate changes"] : [],
  };
}

function sentence(run: { was: string; is: string; isLater: boolean; areCounterparts: boolean }): string {
  if (run.areCounterparts)
    return run.isLater
      ? `the first run that differs is that of ${run.was}: it comes at ${run.is} instead`
      : `the first run that differs is that of ${run.is}, which was to come at ${run.was}`;
  return run.isLater
    ? `the run of ${run.was} is the first that no longer happens, and the next comes at ${run.is}`
    : `the run of ${run.is} is the first that is new, and the next was to come at ${run.was}`;
}

const DAY = 24 * 60 * 60_000;
const CLOCK_CHANGE = 2 * 60 * 60_000;
/** The time from one run to the one after it. */
const lasts = (moments: readonly number[], index: number): number =>
  (moments[index + 1] ?? Infinity) - (moments[index] ?? 0);
