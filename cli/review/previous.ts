import type { Definition } from "../../provider/core/definition";
import { type Table, isAsset, leavesOf, putAt, valueAt } from "../../provider/core/fields";
import type { Step, Tree } from "../preview/preview";
import { type ScriptSources, textBefore } from "./scripts";

/** The arguments of a task before a change, for a rollback. The text of a script that changes comes with it. */
export function previousOf(
  { urn, operation, after }: Step,
  { fields }: Definition<object, object>,
  inputs: Tree,
  sources: ScriptSources,
): Tree {
  const previous: Tree = {};
  for (const { path, leaf } of leavesOf(fields as Table)) {
    const value = valueAt(inputs, path);
    if (value === undefined) continue;
    const now = valueAt(after?.inputs, path);
    const goes = operation === "delete" || !isAsset(now) || (isAsset(value) && now.hash !== value.hash);
    if (leaf.kind !== "content" || !isAsset(value) || value.text !== undefined || !goes) {
      putAt(previous, path, value);
      continue;
    }
    const text = textBefore(value, urn, path, sources)?.text;
    putAt(previous, path, { ...value, ...(text !== undefined && { text }) });
  }
  return previous;
}
