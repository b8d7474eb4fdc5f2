import { canonicalMembers } from "./check";
import { type Leaf, type Placed, type Table, holdsUnknown, putAt, valueAt } from "./fields";
import { stableText } from "./record";

/**
 * States outlive canonical forms: a newer version of this package may spell a value in another way than the one that has
 * written the state, whose record holds the digest of the old spelling. An upgrade alone is no change.
 */

/** The canonical form of a value that a state may have in an older one. */
export const canonicalValue = (leaf: Leaf<unknown>, value: unknown): unknown =>
  canonicalMembers({ value: leaf }, { value })["value"];

/** The canonical inputs; what means the same as in the inputs of the state stays as it is spelt there. */
export function inFormerSpelling(
  fields: Table,
  table: readonly Placed[],
  inputs: Readonly<Record<string, unknown>>,
  olds: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const differing = table.filter(({ path }) => {
    const [is, was] = [valueAt(inputs, path), valueAt(olds, path)];
    if (is === undefined || was === undefined || was === null || holdsUnknown(is) || holdsUnknown(was)) return false;
    return stableText(is) !== stableText(was);
  });
  if (differing.length === 0) return inputs;
  const before = canonicalMembers(fields, olds);
  const result = structuredClone(inputs);
  for (const { path } of differing) {
    if (stableText(valueAt(before, path)) === stableText(valueAt(inputs, path)))
      putAt(result, path, valueAt(olds, path));
  }
  return result;
}
