import { valueAt } from "../../core/fields";
import { isEmpty } from "../../core/settle";
import { type WeDataWork } from "./bringing";
import { type Arguments, found } from "./facts";
import { habitsOf } from "./habits";
import { type Asking, type Sighting } from "./lookup";
import { asNumber } from "./spelling";
import { type Reading, readingOf, table } from "./wire";
import { type SelfDepend, isAmbiguous, readSelfDepend } from "./words";

/** What was sent to the service, and what stood there before. */
export interface Written {
  readonly wanted: ReadonlySet<string>;
  readonly before: Sighting | undefined;
  /** The task had only been made before. */
  readonly isNew: boolean;
}

/** Remembers what the service shows in another way than it was set, where the documents leave two answers open. */
export function learn(work: WeDataWork, asking: Asking, written: Written, seen: Sighting): void {
  const { args, facts } = work;
  const { wanted } = written;
  const trusting = facts.origin !== "adopted" || wanted.has("selfDepend");
  const remember = (what: { [K in keyof Reading]: Reading[K] | undefined }) => {
    facts.reading = readingOf(args, { ...facts.reading, ...what } as Reading);
    work.found = found(seen, facts, args, trusting);
  };
  if (wanted.has("selfDepend")) remember({ selfDepend: meaningOf(work, written, seen) });
  if (wanted.has("tryLimit")) remember({ countsRuns: countsRuns(work, seen) });
  if (wanted.has("selfDepend") && facts.reading?.selfDepend === "swapped")
    habitsOf(asking.client).swapsSelfDepend = true;
  if (wanted.has("tryLimit") && facts.reading?.countsRuns) habitsOf(asking.client).countsRuns = true;
  if (!work.found) return;
  if (isBehind(work, seen)) {
    remember({ showsSubmitted: true });
    work.warn(
      `${asking.about}: the reads of this site show what production runs; an edit that is not published is not compared until it is [draft-not-shown]`,
    );
  }
  const hidden = asking.client.site === "intl" ? ["inCharge"] : [];
  const shownOtherwise = [
    ...work.stale(work.found),
    ...work.differences(work.found).filter((path) => hidden.includes(path)),
  ];
  const ignored = [...new Set(shownOtherwise)].filter(
    (path) => isIgnorable(path, args, written) || (hidden.includes(path) && wanted.has(path)),
  );
  if (ignored.length > 0) {
    remember({ ignored: [...(facts.reading?.ignored ?? []), ...ignored] });
    work.warn(
      `${asking.about}: the service took ${ignored.join(", ")} and shows another value; this is not compared until you declare something else [value-not-taken]`,
    );
  }
  const stale = work.stale(work.found);
  const known = facts.reading?.rendered ?? [];
  const rendered = work
    .differences(work.found)
    .filter((path) => (wanted.has(path) ? !stale.includes(path) : known.includes(path)));
  facts.reading = readingOf(args, { ...facts.reading, rendered });
}

/** What the words of SelfDepend mean, when one of the two serial kinds was set and can be seen. */
function meaningOf({ args, facts }: WeDataWork, { before }: Written, { task }: Sighting): Reading["selfDepend"] {
  const learned = facts.reading?.selfDepend;
  const word = task.SelfDepend;
  if (!isAmbiguous(word) || args.selfDepend === undefined) return learned;
  const isAdopted = facts.origin === "adopted";
  const swapped = learned === "swapped";
  const reads = (turned: boolean) => readSelfDepend(word, turned) === args.selfDepend;
  const asAssumed = swapped ? learned : isAdopted ? "known" : undefined;
  if (reads(swapped)) return asAssumed;
  const hasMoved = before === undefined || before.task.SelfDepend !== word;
  const isFirst = isAdopted && learned === undefined;
  if (!reads(!swapped) || !(hasMoved || isFirst)) return learned;
  return swapped ? (isAdopted ? "known" : undefined) : "swapped";
}

/**
 * What is to be sent for undeclared values that went out as their reads were understood, where the read after that shows
 * that they meant something else: nobody has said it before, and it holds for the other tasks, too.
 */
export function asMeant(
  { args, facts }: WeDataWork,
  { client }: Asking,
  sent: Arguments,
  { task }: Sighting,
): Arguments | undefined {
  const habits = habitsOf(client);
  const { tryLimit, selfDepend } = sent;
  const meant: Arguments = {};
  const isOneMore = tryLimit !== undefined && asNumber(task.TryLimit) === tryLimit + 1;
  if (args.tryLimit === undefined && isOneMore && !habits.countsRuns && !facts.reading?.countsRuns) {
    habits.countsRuns = true;
    meant.tryLimit = Math.max(0, tryLimit - 1);
  }
  const word = task.SelfDepend;
  const isOther = selfDepend !== undefined && isAmbiguous(word) && readSelfDepend(word, true) === selfDepend;
  if (args.selfDepend === undefined && isOther && !habits.swapsSelfDepend && facts.reading?.selfDepend === undefined) {
    habits.swapsSelfDepend = true;
    meant.selfDepend = readSelfDepend(word, false) as SelfDepend;
  }
  return Object.keys(meant).length > 0 ? { ...sent, ...meant } : undefined;
}

/** Assumption, named here alone: reads show the retries that were set, unless they show exactly one more, which are runs. */
function countsRuns({ args, facts }: WeDataWork, { task }: Sighting): true | undefined {
  const shown = asNumber(task.TryLimit);
  if (shown === undefined || args.tryLimit === undefined) return facts.reading?.countsRuns;
  if (shown === args.tryLimit + 1) return true;
  return shown === args.tryLimit ? undefined : facts.reading?.countsRuns;
}

/**
 * Whether a read shows the submitted version where the newest edit was to be seen. Assumption, named here alone: the
 * reads of the international site show the newest edit (contracts.md §7).
 */
const isBehind = ({ facts, found: now, stale }: WeDataWork, seen: Sighting): boolean =>
  facts.phase === "edited" &&
  seen.operation !== "DescribeTaskDetailDs" &&
  seen.task.Submit === true &&
  now !== undefined &&
  stale(now).length > 0;

/**
 * What may be without effect for ever, so that asking for it again and again would be no help: StartupTime, which one
 * page calls abandoned (contracts.md §6.24); an empty value, of which nobody says that it clears (§7); and what a task was
 * made with.
 */
function isIgnorable(path: string, args: Arguments, { wanted, isNew }: Written): boolean {
  const value = valueAt(args, path);
  if (value === undefined) return false;
  if (isNew && table.some((placed) => placed.path === path && placed.leaf.replace === true)) return true;
  return wanted.has(path) && (path === "startupTime" || isEmpty(value));
}

/**
 * Whether the service counts the longest run in seconds, and a value that went out in minutes has to be sent again.
 * Others may have learned it since this one was sent, so the service's answer to this one decides. Assumption, named here
 * alone: minutes, as ModifyTaskInfoDs says and the reads show, unless a sixtieth of it shows (contracts.md §6.27).
 */
export function countsSeconds({ client }: Asking, minutes: number | undefined, { task }: Sighting): boolean {
  const shown = asNumber(task.ExecutionTTL);
  const isIt =
    minutes !== undefined &&
    minutes > 0 &&
    shown !== undefined &&
    shown >= 0 &&
    shown !== minutes &&
    Math.abs(shown - minutes / 60) < 1;
  if (isIt) habitsOf(client).ttlInSeconds = true;
  return isIt;
}
