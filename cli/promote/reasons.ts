import { type Placed, valueAt } from "../../provider/core/fields";
import { stableText } from "../../provider/core/record";
import { ownerOf } from "../preview/sets";
import { shown } from "../review/shown";
import { NO_CORRESPONDENCE, equality } from "./equality";
import type { Compared, Task } from "./tasks";

/** Shorter texts are the same as a setting by chance too easily, where no override leads to one. */
const SHORTEST_SETTING = 4;

/** The key under which the configurations of the stacks have these values. */
export function configured(
  configuration: Compared["configuration"],
  was: unknown,
  then: unknown,
  isOverridden: boolean,
): string | undefined {
  const isScalar = (value: unknown): value is string | number | boolean =>
    ["string", "number", "boolean"].includes(typeof value);
  if (!isScalar(was) || !isScalar(then)) return undefined;
  if (!isOverridden && [was, then].some((value) => String(value).length < SHORTEST_SETTING)) return undefined;
  // Cron, numbers and the like are in their canonical form here, and as they were typed there.
  const same = (value: unknown, setting: string) => plain(String(value)) === plain(setting);
  return configuration.find(({ from, to }) => same(was, from) && same(then, to))?.key;
}

const plain = (text: string): string =>
  text
    .trim()
    .replace(/\s+/g, " ")
    .replace(/\b0+(?=\d)/g, "");

/** Why a difference is unexplained, and what to do. */
export function whyNot(
  entry: { readonly from?: unknown; readonly to?: unknown } | undefined,
  { was, now, then }: { was: unknown; now: unknown; then: unknown },
  { leaf }: Placed,
  { from, to, pending, isNew }: { from: string; to: string; pending: boolean; isNew: boolean },
): string {
  if (entry) {
    const wanted = shown(leaf, entry.from ?? undefined) ?? "none";
    return `the program declares ${wanted} for ${from}, which runs ${shown(leaf, was) ?? "none"}: deploy ${from} first`;
  }
  if (isNew) return `the program gives ${to} a value that ${from} does not run, and nothing declares it`;
  if (pending)
    return `the promotion brings ${to} a value that ${from} does not run, and nothing declares it: deploy ${from} first, or declare it`;
  if (stableText(now) !== stableText(then)) return `${to} is to have a value that ${from} does not run`;
  return `nothing declares it, and the promotion leaves it as it is`;
}

/** A change from outside that the promotion would overwrite without a word. */
export function driftOf(
  { step, stored, before }: Task,
  { path, leaf }: Placed,
  { to, refreshed }: Compared,
): string | undefined {
  const overwritten = `changed outside of the program, and the promotion would overwrite that: take it into the program and deploy that version to ${to} first, or put it right with an up of the version that ${to} runs`;
  const [was, is] = [valueAt(stored?.inputs, path), valueAt(before?.inputs, path)];
  if (stored && before && equality(leaf, was, is, NO_CORRESPONDENCE) === "different")
    return `a refresh shows it ${overwritten}`;
  const { urn, key } = ownerOf(step.urn, step.name);
  if (!refreshed.has(urn)) return undefined;
  const what = key === undefined ? "it" : "tasks of its set, and perhaps it,";
  return `a refresh of ${to} has recorded ${what} as ${overwritten}`;
}
