import { Cron } from "croner";
import { show, spelt } from "../core/quoting";

/** How many fields a schedule may have: five start with the minute, six with the second, seven end with the year. */
export interface CronShape {
  readonly fields: readonly (5 | 6 | 7)[];
}

/**
 * One spelling for the same text: single blanks, no leading zeros, words in upper case (`00 00 02 ? * mon` is
 * `0 0 2 ? * MON`). `*` and `?` stay as they are: whether they mean the same to the service is not documented.
 */
export const canonicalCron = (cron: string): string =>
  cron
    .trim()
    .toUpperCase()
    .split(/\s+/)
    .map((field) => field.replace(/^0+(?=\d)/, "").replace(/([,/-])0+(?=\d)/g, "$1"))
    .join(" ");

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
 * The seven fields in their order. Whether weekday 1 is Sunday (Quartz) or Monday is not documented, so 0 to 7 pass, and
 * nothing that is said about a schedule depends on it.
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

/** Quartz forms that the library does not take, in its words: ranges over the end (`22-2`, `FRI-MON`), `L-3`, `L` as a weekday. */
function inWordsOfTheLibrary(field: string, index: number): string {
  const part = PARTS[index] as Part;
  return field
    .split(",")
    .map((item) => {
      if (index === DAY_OF_MONTH && /^L-([1-9]|[12]\d|30)$/.test(item)) return "L";
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
function sevenFields(cron: string): string[] {
  const fields = canonicalCron(cron).split(" ");
  if (fields.length === 5) fields.unshift("0");
  if (fields.length === 6) fields.push("*");
  return fields;
}

const parse = (fields: readonly string[], zone?: string): Cron =>
  new Cron(fields.map(inWordsOfTheLibrary).join(" "), {
    paused: true,
    mode: "7-part",
    // Quartz's `0/30` and `5/10`.
    sloppyRanges: true,
    ...(zone !== undefined && { timezone: zone }),
  });

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

/** The next moments of a schedule after `from`; none when it never runs, or can't be read. */
export function fireTimes(cron: string, zone: string, from: Date, count: number): Date[] {
  try {
    return parse(sevenFields(cron), zone).nextRuns(count, from);
  } catch {
    return [];
  }
}

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
