import { type Placed, holdsUnknown, valueAt } from "./fields";
import { type AppliedRecord, UNSURE, digest } from "./record";

/** One declared property that is not as it was applied last. */
export interface Change {
  readonly path: string;
  readonly kind: "added" | "changed" | "removed";
  readonly leaf: Placed["leaf"];
  /** What was applied last is not known: an update failed, or a refresh found the property moved. */
  readonly unsure?: true;
}

/** What has to be done to get from what was applied to what is declared. A value not known yet counts as a change. */
export function changesBetween(
  table: readonly Placed[],
  applied: AppliedRecord,
  inputs: Readonly<Record<string, unknown>>,
  key: string,
): Change[] {
  const changes: Change[] = [];
  for (const { path, leaf } of table) {
    const value = valueAt(inputs, path);
    const before = applied.get(path);
    const unsure = before === UNSURE ? ({ unsure: true } as const) : {};
    if (value === undefined) {
      if (before !== undefined) changes.push({ path, leaf, kind: "removed", ...unsure });
    } else if (before === undefined) {
      changes.push({ path, leaf, kind: "added" });
    } else if (holdsUnknown(value) || digest(leaf.kind, value, key) !== before) {
      changes.push({ path, leaf, kind: "changed", ...unsure });
    }
  }
  return changes;
}
