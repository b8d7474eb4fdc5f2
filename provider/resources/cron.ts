import { Cron } from "croner";
import { show, spelt } from "../core/quoting";
import { momentOf, timeAt } from "./time";

/** So many schedules are remembered. */
const MOST_KNOWN = 1_000;

/** How many fields a schedule may have: five start with the minute, six with the second, seven end with the year. */
export interface CronShape {
  readonly fields: readonly (5 | 6 | 7)[];
}

/**
 * One spelling for the same text: single blanks, no leading zeros, words in upper case (`00 00 02 ? * mon` is
 * `0 0 2 ? * MON`). `*` and `?` stay as they are: whether they mean the same to the service is not documented.
 */
export const canonicalCron = remembered((cron: string): string =>
  cron
    .trim()
    .toUpperCase()
    .split(/\s+/)
    .map((field) => field.replace(/^0+(?=\d)/, "").replace(/([,/-])0+(?=\d)/g, "$1"))
    .join(" "),
);

/** The same function, which remembers: the tasks of a program share few schedules, and each is asked for in many ways. */
function remembered<T>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, T>();
  return (text) => {
    const before = made.get(text);
    if (before !== undefined) return before;
    const value = make(text);
    if (made.size >= MOST_KNOWN) made.clear();
    made.set(text, value);
    return value;
  };
}

const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] as const;
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"] as const;

interface Part {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Words for numbers, the first for `least`. */
  readonly words?: readonly string[];
}

/**
 * The seven fields in their order. Whether weekday 1 is Sunday (Quartz) or Monday is not documented, so 0 to 7 pass, no check
 * depends on it, and a review says that it takes 1 for Monday.
 */
const PARTS: readonly Part[] = [
  { name: "second", least: 0, most: 59 },
  { name: "minute", least: 0, most: 59 },
  { name: "hour", least: 0, most: 23 },
  { name: "day of the month", least: 1, most: 31 },
  { name: "month", least: 1, most: 12, words: MONTHS },
  { name: "day of the week", least: 0, most: 6, words: WEEKDAYS },
  { name: "year", least: 1970, most: 2199 },
];
const DAY_OF_MONTH = 3;
const DAY_OF_WEEK = 5;

const numberOf = (text: string, { words, least }: Part): number => {
  const word = words?.indexOf(text) ?? -1;
  return word < 0 ? Number(text) : word + least;
};

/** `L-3`: so many days before the last of the month. */
const BEFORE_LAST = /^L-([1-9]|[12]\d|30)$/;

/**
 * Quartz forms that the library does not take, in its words: ranges over the end (`22-2`, `FRI-MON`), `L` as a weekday.
 * `L-3` has none: what is only to be readable has `L` in its place.
 */
function inWordsOfTheLibrary(field: string, index: number): string {
  const part = PARTS[index] as Part;
  return field
    .split(",")
    .map((item) => {
      if (index === DAY_OF_MONTH && BEFORE_LAST.test(item)) return "L";
      if (index === DAY_OF_WEEK && item === "L") return "6";
      const [, start = "", to = "", step = "1"] = /^(\w+)-(\w+)(?:\/(\d+))?$/.exec(item) ?? [];
      // As the start of a range, the weekday 7 lies before all others.
      const from = index === DAY_OF_WEEK && start === "7" ? "0" : start;
      const [first, last, every] = [numberOf(from, part), numberOf(to, part), Number(step)];
      const isInside = (value: number) => value >= part.least && value <= part.most;
      if (from === "" || !isInside(first) || !isInside(last) || every < 1) return item;
      if (first <= last) return start === from ? item : item.replace("7", "0");
      const size = part.most - part.least + 1;
      const values: number[] = [];
      for (let value = first; value <= last + size; value += every) {
        values.push(value > part.most ? value - size : value);
      }
      return values.join(",");
    })
    .join(",");
}

/** The seven fields of a schedule that has five, six or seven. */
const sevenFields = remembered((cron: string): readonly string[] => {
  const fields = canonicalCron(cron).split(" ");
  if (fields.length === 5) fields.unshift("0");
  if (fields.length === 6) fields.push("*");
  return fields;
});

/** Reading a schedule takes half a check. */
const read = remembered((fieldsAndZone: string): Cron => {
  const [fields = "", zone = ""] = fieldsAndZone.split("\n");
  return new Cron(fields.split(" ").map(inWordsOfTheLibrary).join(" "), {
    paused: true,
    mode: "7-part",
    // Quartz's `0/30` and `5/10`.
    sloppyRanges: true,
    ...(zone !== "" && { timezone: zone }),
  });
});
const parse = (fields: readonly string[], zone = ""): Cron => read(`${fields.join(" ")}\n${zone}`);

/** What is wrong with a schedule, as the end of the sentence “… must be”; `undefined` when it can be read. */
export function cronProblem(cron: string, { fields: allowed }: CronShape): string | undefined {
  const given = canonicalCron(cron).split(" ");
  if (!allowed.includes(given.length as 6)) return `a cron of ${shapeOf(allowed)}, got ${show(cron)}`;
  const fields = sevenFields(cron);
  if (isReadable(fields) === true) return undefined;
  for (const [index, field] of fields.entries()) {
    const alone: string[] = PARTS.map(({ name }) =>
      name === "second" || name === "minute" || name === "hour" ? "0" : "*",
    );
    alone[index] = field;
    const reason = isReadable(alone, index);
    if (reason !== true) {
      return `a cron, and its ${PARTS[index]?.name ?? ""} ${show(field)} is none${reason}; got ${show(cron)}`;
    }
  }
  return `a cron that can be read, got ${show(cron)}`;
}

/** True, or the reason in brackets: the library's own, but for a number outside of the part, which that counts from 0. */
function isReadable(fields: readonly string[], index?: number): true | string {
  try {
    parse(fields);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? spelt(error.message.replace(/^CronPattern: /, "")) : "";
    const { least, most } = PARTS[index ?? -1] ?? {};
    if (least !== undefined && most !== undefined && /^Invalid value for/i.test(reason))
      return ` (it goes from ${least} to ${index === DAY_OF_WEEK ? 7 : most})`;
    return reason === "" ? "" : ` (${reason.charAt(0).toLowerCase()}${reason.slice(1)})`;
  }
}

const shapeOf = (allowed: readonly number[]) => {
  const words = { 5: "five", 6: "six", 7: "seven" } as const;
  const counts = allowed.map((count) => words[count as 5]);
  const start = allowed.includes(5) ? "minute first, with six second first" : "second first";
  return `${counts.slice(0, -1).join(", ")}${counts.length > 1 ? " or " : ""}${counts.at(-1)} fields, ${start}`;
};

const nextTimes = new Map<string, { readonly from: number; readonly next: number }>();

/** The next moment of a schedule after `from`; none when it never runs, or can't be read. */
export function nextFireTime(cron: string, zone: string, from: Date): Date | undefined {
  const key = `${cron}\n${zone}`;
  const known = nextTimes.get(key);
  const since = from.getTime();
  // Between a moment and the next one there is no other.
  if (known !== undefined && known.from <= since && since < known.next) return new Date(known.next);
  const [next] = fireTimes(cron, zone, from, 1);
  if (nextTimes.size >= MOST_KNOWN) nextTimes.clear();
  if (next !== undefined) nextTimes.set(key, { from: since, next: next.getTime() });
  return next;
}

/** The next moments of a schedule after `from`; none when it never runs, or can't be read. */
export function fireTimes(cron: string, zone: string, from: Date, count: number): Date[] {
  try {
    const fields = sevenFields(cron);
    const days = (fields[DAY_OF_MONTH] ?? "").split(",");
    const offsets = days.filter((day) => BEFORE_LAST.test(day)).map((day) => Number(day.slice(2)));
    if (offsets.length === 0) return parse(fields, zone).nextRuns(count, from);
    const others = days.filter((day) => !BEFORE_LAST.test(day));
    const runs = [
      ...(others.length === 0 ? [] : parse(fields.with(DAY_OF_MONTH, others.join(",")), zone).nextRuns(count, from)),
      ...offsets.flatMap((offset) => runsBeforeLast(fields, offset, zone, from, count)),
    ].map((moment) => moment.getTime());
    return [...new Set(runs)]
      .sort((one, other) => one - other)
      .slice(0, count)
      .map((moment) => new Date(moment));
  } catch {
    return [];
  }
}

/** February 29 comes at least every eight years, and no month has more than four days to look at. */
const MOST_MISSES = 400;

/** The next moments on the day that lies so many days before the last of its month. */
function runsBeforeLast(fields: readonly string[], offset: number, zone: string, from: Date, count: number): Date[] {
  const candidates = [28, 29, 30, 31].map((last) => last - offset).filter((day) => day > 0);
  const cron = parse(fields.with(DAY_OF_MONTH, candidates.join(",")), zone);
  const runs: Date[] = [];
  let [cursor, misses] = [from, 0];
  while (runs.length < count && misses < MOST_MISSES) {
    const next = cron.nextRun(cursor);
    if (!next) break;
    const date = timeAt(next.getTime(), zone).slice(0, 10);
    const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
    const isIt = day === new Date(Date.UTC(year, month, 0)).getUTCDate() - offset;
    if (isIt) runs.push(next);
    misses = isIt ? 0 : misses + 1;
    cursor = isIt ? next : new Date(momentOf(`${date} 23:59:59`, zone));
  }
  return runs;
}

/** Whether a schedule names a weekday by its number, of which no document says which day it is. */
export const numbersWeekdays = (cron: string): boolean => /(^|[,-])\d/.test(sevenFields(cron)[DAY_OF_WEEK] ?? "");

/** The first time of day at or after `from` and before `to` (`22:00`, `24:00`) at which a schedule runs, as `hh:mm:ss`. */
export function runsBetween(cron: string, from: string, to: string): string | undefined {
  const [second = "", minute = "", hour = ""] = sevenFields(cron);
  try {
    const clock = parse([second, minute, hour, "*", "*", "*", "*"], "UTC");
    const next = clock.nextRun(new Date(Date.parse(`2026-01-01T${from}:00Z`) - 1000));
    const time = next?.toISOString() ?? "";
    return time.startsWith("2026-01-01") && time.slice(11, 16) < to ? time.slice(11, 19) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a schedule names days of the month and days of the week at once, which Quartz refuses. */
export function namesBothDays(cron: string): boolean {
  const fields = sevenFields(cron);
  return [DAY_OF_MONTH, DAY_OF_WEEK].every((index) => !["*", "?"].includes(fields[index] ?? "*"));
}

/** Whether a schedule names more than one hour: its hours are a list, a range or a step. */
export const namesHours = (cron: string): boolean => /[*/,-]/.test(sevenFields(cron)[2] ?? "");
