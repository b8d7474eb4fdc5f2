import { type Change } from "./diff";
import { type Definition, type Found, type Properties, type Work } from "./definition";
import { type Placed, putAt, valueAt } from "./fields";
import { heedOf } from "./heeded";
import { type AppliedRecord, UNSURE, digest } from "./record";
import { type Live, settle, settleAdopted } from "./settle";
import { before, outputs } from "./state";

/** How the found and the sent are told in canonical words. */
export interface Telling<A, F> {
  readonly liveOf: (found: Found<F>) => Live;
  readonly sentBy: (work: Work<A, F>) => Properties | undefined;
}

/** Gives what a create or an update leaves in the state: what was read, and after a failure what is certain. */
export function outcome<A extends object, F extends object>(
  definition: Definition<A, F>,
  table: readonly Placed[],
  { liveOf, sentBy }: Telling<A, F>,
): (work: Work<A, F>, inputs: Properties, state: Properties, failed: boolean) => Properties {
  /** What is true after the work, finished or not. A property not confirmed by a read is recorded only when all went well. */
  const conclude = (work: Work<A, F>, inputs: Properties, state: Properties, failed: boolean): Properties => {
    const key = work.token;
    if (work.found) Object.assign(work.facts, work.found.facts);
    const live = work.found && liveOf(work.found);
    if (work.recordOnly && live) {
      const { applied, kept, different } = settleAdopted(table, inputs, live, key);
      const shown = new Set([...kept, ...different]);
      const values = asFound(live.values, different, inputs);
      return outputs(work.facts, values, { applied, kept: shown, adopted: different.length > 0 }, key);
    }
    if (failed && !live) return unconfirmed(work, inputs, state);
    const settled = settle(
      table,
      inputs,
      work.changes,
      before(table, state),
      live,
      key,
      sentBy(work),
      work.prior && liveOf(work.prior),
    );
    if (settled.ineffective.length > 0) {
      work.warn(
        `${definition.name} ${work.id}: the service accepted ${settled.ineffective.join(", ")} and shows another value; the next preview will show the difference again [value-not-shown]`,
      );
    }
    const { spares } = heedOf(inputs);
    const disturbed = settled.disturbed.filter((path) => !spares(path));
    if (disturbed.length > 0) {
      work.warn(
        `${definition.name} ${work.id}: ${disturbed.join(", ")} changed although not by this update; the next preview will show the difference [changed-meanwhile]`,
      );
    }
    if (settled.uncleared.length > 0) {
      work.warn(
        `${definition.name} ${work.id}: the service keeps the value of ${settled.uncleared.join(", ")}, no longer declared, and it is not compared any more [not-cleared]`,
      );
    }
    const differs = settled.ineffective.length > 0 || settled.disturbed.length > 0;
    if (!failed) return outputs(work.facts, inputs, { ...settled, differs }, key);
    // Only what a read confirmed, and what nobody touched, counts as applied.
    const applied = unsure(before(table, state).applied, work.changes);
    const inWork = new Set(work.changes.map(({ path }) => path));
    for (const [path, value] of settled.applied) {
      const certain = settled.ineffective.includes(path) && applied.has(path);
      if (!inWork.has(path) || certain || (live && confirmed(path, live, settled)) || madeWith(path, state))
        applied.set(path, value);
    }
    return outputs(work.facts, inputs, { ...settled, applied, differs }, key);
  };
  /** The record after a failure: what was to be changed may have been, and is sent again even where the user takes it back. */
  const unsure = (applied: AppliedRecord, changes: readonly Change[]): Map<string, string> =>
    new Map(
      [...applied].map(([path, value]) => [path, changes.some((change) => change.path === path) ? UNSURE : value]),
    );
  /** A failure that left nothing to read: the state as it was, or the bare options of something half made. */
  const unconfirmed = (work: Work<A, F>, inputs: Properties, state: Properties): Properties => {
    if (Object.keys(state).length > 0) {
      const { applied, seen } = before(table, state);
      // The engine marks as secret what is secret in the new arguments: an old value that is none of them would lie open.
      const kept = table
        .filter(({ path, leaf }) => leaf.option === true || !work.changes.some((change) => change.path === path))
        .map(({ path }) => path);
      const record = { applied: unsure(applied, work.changes), seen, kept: new Set(kept) };
      const [adopted, differs] = [state["adopted"] === true, state["differs"] === true];
      return outputs(work.facts, state, { ...record, adopted, differs }, work.token);
    }
    const known = table.filter(
      ({ path, leaf }) => (leaf.option || madeWith(path, state)) && valueAt(inputs, path) !== undefined,
    );
    const applied = new Map(
      known.map(({ path, leaf }) => [path, digest(leaf.kind, valueAt(inputs, path), work.token)]),
    );
    const kept = known.filter(({ leaf }) => leaf.option || leaf.writeOnly).map(({ path }) => path);
    return outputs(work.facts, inputs, { applied, kept: new Set(kept) }, work.token);
  };
  /** What a new task is made with can't be changed afterwards: once the task exists, it has it. */
  const madeWith = (path: string, state: Properties) =>
    Object.keys(state).length === 0 && table.some((placed) => placed.path === path && placed.leaf.replace === true);
  const confirmed = (path: string, live: Live, settled: { seen: AppliedRecord; ineffective: readonly string[] }) => {
    const placed = table.find((entry) => entry.path === path) as Placed;
    return (
      (placed.leaf.option ?? false) ||
      (!placed.leaf.writeOnly &&
        live.unreadable?.(path) !== true &&
        live.unread?.(path) !== true &&
        !settled.seen.has(path) &&
        !settled.ineffective.includes(path))
    );
  };
  return conclude;
}

/** The declared properties as they are now: live where they differ, without the undeclared ones beside them. */
function asFound(
  live: Readonly<Record<string, unknown>>,
  different: readonly string[],
  inputs: Properties,
): Properties {
  if (different.length === 0) return inputs;
  const result = structuredClone(inputs);
  for (const path of different) {
    const there = valueAt(live, path);
    if (there !== undefined) putAt(result, path, there);
  }
  return result;
}
