import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, mkdirSync, openSync, readSync, readdirSync, rmSync, statSync, writeSync } from "node:fs";
import path from "node:path";
import { monotonic } from "./rate";
import type { Book, Booking } from "./rate";
import { Schedule } from "./schedule";

export interface BookFileOptions {
  /** Made when it is missing. */
  folder: string;
  /** Of the limiter, fit for a file's name; who books with another `perSecond` uses another name. */
  name: string;
  perSecond: number;
  /** Told once, when the file can't be used and the limit holds in this process alone from then on. */
  broken: (error: unknown) => void;
  now?: () => number;
}

/** How long one file is written to. */
const SPAN_MILLISECONDS = 5 * 60_000;
/** Files of other limiters are swept when they are that old. */
const KEPT_MILLISECONDS = 24 * 60 * 60_000;
/** At 50 calls a second one file becomes 0.6 MB. */
const MOST_BYTES = 64 * 1024 * 1024;
/** What no honest line exceeds: the slack of a start, and how long a service asks everybody to wait. */
const MOST_SLACK = 60_000;
/** Of who is new, as many others are expected. */
const FEW = 4;
/**
 * Milliseconds by which each of the others may make a call late between its turn and its arrival, and how many are counted:
 * of ten engines that deploy on two cores at once, up to 23 calls came within a second for a limit of 20 without it.
 */
const DELAY_EACH = 20;
const MOST_COUNTED = 10;
const LONGEST_HOLD = 10 * 60_000;

/** One line of the file: who, the writer's own number, when, how many starts, with how much slack, held until when. */
type Line = readonly [writer: string, number: number, at: number, count: number, slack: number, held: number];

interface Open {
  descriptor: number;
  file: string;
  /** Starts are given before this time only; those of the next file begin there. */
  end: number;
  read: number;
  rest: string;
  schedule: Schedule;
  /** The last start of each writer. */
  writers: Map<string, number>;
}

/**
 * A book that the processes of one machine share through a file, without a lock: each appends what it wants as one
 * line, which the operating system does in one piece, then reads what stands before it. The order of the lines is the
 * order of the starts, and everybody works out the same ones from it. So a process that is killed or stopped at any
 * moment blocks nobody; what it has booked and not used is lost, at most its share of one window.
 *
 * A new file begins every five minutes, so that it stays small; no start is given in the last window of a file, and so
 * the starts of two files are never within one. Times are those of the machine's monotonic clock: no change of the
 * date moves them.
 */
export function bookInFile(options: BookFileOptions) {
  const { folder, name, perSecond, broken, now: clock = monotonic } = options;
  const writer = randomBytes(6).toString("base64url");
  const { places, window } = new Schedule(perSecond);
  const length = Math.ceil(Math.max(SPAN_MILLISECONDS, 50 * window));
  let number = 0;
  let open: Open | undefined;
  /** Used once the file has failed. */
  let alone: Schedule | undefined;

  const current = (now: number): Open => {
    const index = Math.floor(now / length);
    const end = (index + 1) * length;
    // A file that somebody has removed would be shared with nobody.
    if (open?.end === end && fstatSync(open.descriptor).nlink > 0) return open;
    const held = open?.schedule.held ?? 0;
    if (open !== undefined) closeSync(open.descriptor);
    open = undefined;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = path.join(folder, `${name}.${String(index)}`);
    sweep(folder, name, length);
    const descriptor = openSync(file, "a+", 0o600);
    const schedule = new Schedule(perSecond);
    open = { descriptor, file, end, read: 0, rest: "", schedule, writers: new Map() };
    if (held > now) append(open, now, 0, 0, held);
    catchUp(open);
    return open;
  };

  const append = (into: Open, at: number, count: number, slack: number, held: number): number => {
    number += 1;
    const line: Line = [writer, number, at, count, slack, held];
    // The break before it ends what a killed process or a full disk has left unfinished.
    const bytes = Buffer.from(`\n${JSON.stringify(line)}\n`);
    if (writeSync(into.descriptor, bytes) !== bytes.length) throw new Error("the disk is full");
    return number;
  };

  /** Takes in what has been appended; the starts of our own line with this number, when it is among that. */
  const catchUp = (from: Open, own?: number): number[] | undefined => {
    let found: number[] | undefined;
    const lines = newLines(from);
    // After the lines were read: whatever an honest process has written is not later than this.
    const now = clock();
    for (const text of lines) {
      const line = lineOf(text);
      if (line === undefined) continue;
      const [who, its, at, count, slack, held] = line;
      if (at < from.end - length || at > now) continue;
      if (held > 0) from.schedule.hold(Math.min(held, at + LONGEST_HOLD));
      if (count === 0) continue;
      const starts = from.schedule.book(at, Math.min(count, places), slack);
      from.writers.set(who, starts.at(-1) ?? at);
      if (who === writer && its === own) found = starts;
    }
    return found;
  };

  /** How many others have booked lately; who is new can't know, since others may have come in the same moment. */
  const others = ({ writers }: Open, now: number): number => {
    for (const [who, last] of writers) if (last < now - window) writers.delete(who);
    return writers.has(writer) ? writers.size - 1 : Math.max(FEW, writers.size);
  };

  const bookThere = (wanted: number, slack: number): Booking => {
    const now = clock();
    const from = current(now);
    const usable = (start: number): boolean => start + window + slack + MOST_COUNTED * DELAY_EACH <= from.end;
    if (!usable(now)) return { again: from.end };
    // Who else is there decides how many we may have, and how late what leaves in time can arrive.
    catchUp(from);
    const company = others(from, now);
    const count = Math.min(wanted, Math.ceil(places / (company + 1)));
    const own = append(from, now, count, Math.min(slack + Math.min(company, MOST_COUNTED) * DELAY_EACH, MOST_SLACK), 0);
    const starts = catchUp(from, own);
    if (starts === undefined) throw new Error("what was written to it did not arrive");
    const given = starts.filter(usable);
    return given.length > 0 ? { starts: given } : { again: from.end };
  };

  /** What `there` gives while the file can be used; from the first failure on what `here` gives. */
  const tried = <T>(there: () => T, here: (schedule: Schedule) => T): T => {
    if (alone === undefined) {
      try {
        return there();
      } catch (error) {
        // What the others have booked so far is still respected.
        alone = open?.schedule ?? new Schedule(perSecond);
        if (open !== undefined) closeQuietly(open.descriptor);
        broken(error);
      }
    }
    return here(alone);
  };

  return {
    book: (wanted, slack) =>
      tried<Booking>(
        () => bookThere(wanted, slack),
        (schedule) => ({ starts: schedule.book(clock(), Math.min(wanted, places), slack) }),
      ),
    hold: (time) =>
      tried(
        () => {
          const now = clock();
          append(current(now), now, 0, 0, time);
        },
        (schedule) => schedule.hold(time),
      ),
    held: () =>
      tried(
        () => {
          const from = current(clock());
          catchUp(from);
          return from.schedule.held;
        },
        (schedule) => schedule.held,
      ),
  } satisfies Book;
}

const CHUNK = Buffer.allocUnsafe(64 * 1024);

/** The complete lines that this process has not read yet. */
function newLines(from: Open): string[] {
  if (fstatSync(from.descriptor).size > MOST_BYTES) throw new Error(`${from.file} is larger than it can be`);
  for (let got = CHUNK.length; got === CHUNK.length;) {
    got = readSync(from.descriptor, CHUNK, 0, CHUNK.length, from.read);
    from.read += got;
    // What we write is plain ASCII, so that a chunk may end anywhere.
    from.rest += CHUNK.toString("latin1", 0, got);
  }
  const lines = from.rest.split("\n");
  from.rest = lines.pop() ?? "";
  return lines;
}

/** A line as its writer meant it; anything else is skipped, by everybody alike. */
function lineOf(text: string): Line | undefined {
  if (text === "") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value) || value.length !== 6) return undefined;
  const [who, ...numbers] = value as unknown[];
  const plain = numbers.every((entry) => typeof entry === "number" && entry >= 0);
  const line = value as unknown as Line;
  return typeof who === "string" && plain && line[4] <= MOST_SLACK ? line : undefined;
}

/** Removes files that nobody reads any more: earlier ones of this limiter, of an earlier boot, and forgotten ones. */
function sweep(folder: string, name: string, length: number): void {
  for (const entry of readdirSync(folder)) {
    const file = path.join(folder, entry);
    try {
      const age = Date.now() - statSync(file).mtimeMs;
      const kept = entry.startsWith(`${name}.`) ? 2 * length : KEPT_MILLISECONDS;
      if (age > kept) rmSync(file, { force: true });
    } catch {
      // Somebody else was faster.
    }
  }
}

function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // It is gone already.
  }
}
