import type { Timing } from "../../provider/core/outlook";
import type { Review } from "./model";
import { DEFAULT_TIME_ZONE, timeAt } from "../../provider/resources/time";
import { isZone, runs, zoneOf } from "./schedule";

/** A task of the program, changed or not, and when it runs. */
export interface Scheduled {
  readonly name: string;
  readonly before?: Timing;
  readonly after?: Timing;
}

const DAYS = 7;
const HOUR = 60 * 60_000;
/** More runs of one task in the week are not counted: one a minute. */
const MOST_RUNS = DAYS * 24 * 60;
/** So many tasks that start in one minute are a pile-up. */
const PILE = 10;
const NAMED = 10;
const MOST_PILES = 50;

/** The starts of the coming seven days by the hour, before and after, and the minutes in which many tasks start at once. */
export function calendarOf(tasks: readonly Scheduled[], from: number): Review["calendar"] {
  const zone = commonZone(tasks);
  const local = zoneOf(zone);
  const start = Math.ceil(from / HOUR) * HOUR;
  const end = start + DAYS * 24 * HOUR;
  const known = new Map<string, readonly number[]>();
  const startsOf = (timing: Timing | undefined): readonly number[] => {
    if (timing === undefined) return [];
    const key = JSON.stringify(timing);
    let starts = known.get(key);
    if (starts === undefined) {
      starts = startsUntil(timing, start, end);
      known.set(key, starts);
    }
    return starts;
  };
  const hours = Array.from({ length: DAYS * 24 }, () => ({ before: 0, after: 0 }));
  const minutes = new Map<number, { before: string[]; after: string[] }>();
  for (const { name, before, after } of tasks) {
    for (const [side, timing] of [["before", before] as const, ["after", after] as const]) {
      for (const moment of startsOf(timing)) {
        const hour = hours[Math.floor((moment - start) / HOUR)];
        if (hour !== undefined) hour[side] += 1;
        const minute = Math.floor(moment / 60_000) * 60_000;
        const pile = minutes.get(minute) ?? { before: [], after: [] };
        if (pile[side].length === 0 && !minutes.has(minute)) minutes.set(minute, pile);
        pile[side].push(name);
      }
    }
  }
  const piles = [...minutes]
    .filter(([, { before, after }]) => Math.max(before.length, after.length) >= PILE)
    .sort(([one, a], [other, b]) => b.after.length - a.after.length || one - other)
    .slice(0, MOST_PILES);
  return {
    zone,
    hours: hours.map((hour, index) => ({ at: timeAt(start + index * HOUR, local).slice(0, 16), ...hour })),
    pileUps: piles.map(([minute, { before, after }]) => ({
      at: timeAt(minute, local).slice(0, 16),
      before: before.length,
      after: after.length,
      tasks: [...(after.length > 0 ? after : before)].sort().slice(0, NAMED),
    })),
  };
}

/** The runs from a start to an end at most a week later, asked for in growing numbers: most tasks run once a day. */
export function startsUntil(timing: Timing, start: number, end: number): readonly number[] {
  for (let count = 16; ; count *= 8) {
    // What is due at the very start belongs to the week.
    const found = runs(timing, start - 1000, Math.min(count, MOST_RUNS));
    if (found.length < count || count >= MOST_RUNS || (found.at(-1) ?? end) >= end)
      return found.filter((moment) => moment < end);
  }
}

/** The zone of most tasks, of those in which times can be told. */
export function commonZone(tasks: readonly Scheduled[]): string {
  const counts = new Map<string, number>();
  for (const { before, after } of tasks) {
    const zone = (after ?? before)?.zone;
    if (zone !== undefined && isZone(zone)) counts.set(zone, (counts.get(zone) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  return most?.[0] ?? DEFAULT_TIME_ZONE;
}
