import { type Change } from "./diff";
import { type Placed, putAt, valueAt } from "./fields";
import { canonicalValue } from "./former";
import { type AppliedRecord, UNSURE, areSame, digest } from "./record";

/** What a service says of a task, in the words of the arguments. */
export interface Live {
  /** Canonical values of everything that can be read. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The same as the service spells it: an older version may have recorded that. */
  readonly shown?: Readonly<Record<string, unknown>>;
  /** Properties that this answer says nothing about, although another site or operation would. */
  readonly unreadable?: (path: string) => boolean;
  /** Properties that were not read this time, and are as they were recorded. */
  readonly unread?: (path: string) => boolean;
}

/** What is known after a hook: what was applied, how the service renders it, what has to stay in the outputs. */
export interface Settled {
  readonly applied: AppliedRecord;
  /** Digests of the service's own rendering, where it differs from what was declared. */
  readonly seen: AppliedRecord;
  /** Paths of the properties whose values must be kept in the outputs, because no read can bring them back. */
  readonly kept: ReadonlySet<string>;
  /** Properties that were sent, and that the service does not show as sent. */
  readonly ineffective: readonly string[];
  /** Declared properties that were not sent, and are not as they were. */
  readonly disturbed: readonly string[];
  /** Properties that are no longer declared, were to be cleared, and still have a value. */
  readonly uncleared: readonly string[];
}

export interface Before {
  readonly applied: AppliedRecord;
  readonly seen: AppliedRecord;
}

const canRead = (placed: Placed, live: Live | undefined): live is Live =>
  live !== undefined &&
  (!placed.leaf.option || placed.leaf.identity === true) &&
  !placed.leaf.writeOnly &&
  live.unreadable?.(placed.path) !== true &&
  live.unread?.(placed.path) !== true;

/** Nothing there and an empty value are the same to every service we know. */
export const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === "" ||
  (typeof value === "object" && value !== null && Object.keys(value).length === 0);

const liveDigest = ({ path, leaf }: Placed, live: Live, key: string) =>
  digest(leaf.kind, valueAt(live.values, path) ?? "", key);

/** Whether a live value says the same as an input, which may have an older spelling. */
const says = (there: unknown, { leaf }: Placed, value: unknown): boolean =>
  areSame(leaf.kind, there ?? "", value) || areSame(leaf.kind, there ?? "", canonicalValue(leaf, value) ?? "");

/** Kinds whose values no service renders in a way of its own. */
export const EXACT: ReadonlySet<string> = new Set(["integer", "number", "flag", "choice"]);

/**
 * Settles what a create or an update has done, by comparing what was asked with what can be read. `sent` holds the
 * arguments in the form in which they went out, where that is another one; `prior` is the task as it was read before.
 */
export function settle(
  table: readonly Placed[],
  inputs: Readonly<Record<string, unknown>>,
  changes: readonly Change[],
  before: Before,
  live: Live | undefined,
  key: string,
  sent: Readonly<Record<string, unknown>> = {},
  prior?: Live,
): Settled {
  const changed = new Set(changes.map(({ path }) => path));
  const applied = new Map<string, string>();
  const seen = new Map<string, string>();
  const kept = new Set<string>();
  const ineffective: string[] = [];
  const disturbed: string[] = [];
  const wasThere = (placed: Placed, is: string) =>
    prior !== undefined && !placed.leaf.option && canRead(placed, prior) && liveDigest(placed, prior, key) === is;
  const record = (path: string, is: string) => {
    if (live === undefined || valueAt(live.values, path) === undefined) applied.delete(path);
    else applied.set(path, is);
  };
  for (const placed of table) {
    const { path, leaf } = placed;
    const value = valueAt(inputs, path);
    if (value === undefined) continue;
    const wanted = digest(leaf.kind, value, key);
    applied.set(path, wanted);
    if (!canRead(placed, live)) {
      const rendered = before.seen.get(path);
      const unread = live === undefined || (live as Live).unread?.(path) === true;
      // Nothing was read because nothing was sent: what was known of the service's rendering still holds.
      if (unread && rendered !== undefined && !changed.has(path)) {
        seen.set(path, rendered);
        kept.add(path);
      }
      if (!unread || leaf.option || leaf.writeOnly || (leaf.kind === "content" && typeof value !== "string")) {
        kept.add(path);
      }
      continue;
    }
    if (leaf.kind === "content" && typeof value !== "string") kept.add(path);
    const there = valueAt(live.values, path);
    if (areSame(leaf.kind, there ?? "", value) || (isEmpty(value) && isEmpty(there))) continue;
    const is = liveDigest(placed, live, key);
    if (says(there, placed, value)) {
      seen.set(path, is);
      kept.add(path);
      continue;
    }
    const was = before.applied.get(path);
    const form = valueAt(sent, path);
    if (changed.has(path) && form !== undefined && digest(leaf.kind, form, key) === is) {
      seen.set(path, is);
      kept.add(path);
    } else if (changed.has(path) && was !== undefined && (is === was || is === before.seen.get(path))) {
      ineffective.push(path);
      applied.set(path, was);
    } else if (changed.has(path) && (EXACT.has(leaf.kind) || isEmpty(there) || wasThere(placed, is))) {
      // A number or a word has one form only, nothing is no form of something, and what was there before is none of what
      // was sent: the state says what is there.
      ineffective.push(path);
      record(path, is);
    } else if (changed.has(path) || before.seen.get(path) === is) {
      seen.set(path, is);
      kept.add(path);
    } else {
      disturbed.push(path);
      record(path, is);
    }
  }
  const uncleared = changes
    .filter((change) => change.kind === "removed" && change.leaf.clear !== undefined && canRead(change, live))
    .filter(({ path, leaf }) => {
      const there = live && valueAt(live.values, path);
      return !isEmpty(there) && !areSame(leaf.kind, there, leaf.clear);
    })
    .map(({ path }) => path);
  return { applied, seen, kept, ineffective, disturbed, uncleared };
}

/** The declared properties that can be read and are not as declared. */
export function differences(table: readonly Placed[], inputs: Readonly<Record<string, unknown>>, live: Live): string[] {
  return table
    .filter((placed) => {
      const value = valueAt(inputs, placed.path);
      if (value === undefined || !canRead(placed, live)) return false;
      const there = valueAt(live.values, placed.path);
      return !says(there, placed, value) && !(isEmpty(value) && isEmpty(there));
    })
    .map(({ path }) => path);
}

/** What an adopted task is recorded as: the live values, so that every difference is still to come. */
export function settleAdopted(
  table: readonly Placed[],
  inputs: Readonly<Record<string, unknown>>,
  live: Live,
  key: string,
): { applied: AppliedRecord; kept: ReadonlySet<string>; different: readonly string[] } {
  const applied = new Map<string, string>();
  const kept = new Set<string>();
  const different: string[] = [];
  for (const placed of table) {
    const { path, leaf } = placed;
    const value = valueAt(inputs, path);
    if (value === undefined) continue;
    if (leaf.option && !leaf.identity) {
      applied.set(path, digest(leaf.kind, value, key));
      kept.add(path);
    } else if (!canRead(placed, live)) {
      different.push(path);
    } else {
      const there = valueAt(live.values, path);
      const same = areSame(leaf.kind, there ?? "", value) || (isEmpty(value) && isEmpty(there));
      if (same || there !== undefined) applied.set(path, digest(leaf.kind, same ? value : there, key));
      if (!same) different.push(path);
      if (same && leaf.kind === "content" && typeof value !== "string") kept.add(path);
    }
  }
  return { applied, kept, different };
}

/** What a refresh found: the record as it is now, and the inputs to go with it where something moved. */
export interface Refreshed {
  readonly applied: AppliedRecord;
  readonly seen: AppliedRecord;
  readonly kept: ReadonlySet<string>;
  readonly moved: readonly string[];
  /** The declared properties with their live values; only when something moved. */
  readonly inputs?: Record<string, unknown>;
}

/**
 * Compares a task as it is with the record. `outputs` holds the declared values that no read brings back.
 * `always` asks for the inputs even when nothing moved (an adopted task whose inputs were never the live ones).
 */
export function refresh(
  table: readonly Placed[],
  outputs: Readonly<Record<string, unknown>>,
  before: Before,
  live: Live,
  key: string,
  always: boolean,
  mayBeDraft = false,
): Refreshed {
  const applied = new Map<string, string>();
  const seen = new Map<string, string>();
  const kept = new Set<string>();
  const moved: string[] = [];
  const inputs: Record<string, unknown> = {};
  for (const placed of table) {
    const { path } = placed;
    const was = before.applied.get(path);
    const stored = valueAt(outputs, path);
    if (was === undefined) continue;
    if (!canRead(placed, live)) {
      applied.set(path, was);
      const form = before.seen.get(path);
      if (form !== undefined) seen.set(path, form);
      if (stored !== undefined) putAt(inputs, path, stored);
      kept.add(path);
      continue;
    }
    const there = valueAt(live.values, path);
    const is = liveDigest(placed, live, key);
    const rendered = before.seen.get(path);
    const shown = live.shown && valueAt(live.shown, path);
    const isFormer = is !== was && shown !== undefined && digest(placed.leaf.kind, shown, key) === was;
    const same =
      isFormer ||
      is === was ||
      is === rendered ||
      (isEmpty(there) && was === digest(placed.leaf.kind, emptyOf(placed), key));
    if (same) {
      applied.set(path, was);
      if (rendered !== undefined) seen.set(path, rendered);
      if (stored !== undefined) kept.add(path);
      const value = stored ?? (isFormer ? shown : there) ?? emptyOf(placed);
      putAt(inputs, path, value);
    } else {
      moved.push(path);
      // What an update left in the editing space when it was killed looks the same: it is sent, and published, again.
      if (mayBeDraft) applied.set(path, UNSURE);
      if (isEmpty(there)) continue;
      if (!mayBeDraft) applied.set(path, is);
      putAt(inputs, path, there);
    }
  }
  return { applied, seen, kept, moved, ...((moved.length > 0 || always) && { inputs }) };
}

const emptyOf = ({ leaf }: Placed): unknown =>
  leaf.kind === "list" ? [] : leaf.kind === "map" || leaf.kind === "document" || leaf.kind === "record" ? {} : "";
