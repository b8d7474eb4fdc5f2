import assert from "node:assert/strict";
import { leaves, valueAt } from "../../provider/core/fields";
import type { Properties } from "../../provider/core/definition";
import { isEmpty } from "../../provider/core/settle";
import { accepted, adopted, brief, changed, differing, isUnchanged } from "./stage";
import type { Stage, Told } from "./stage";

/** Taking over a task: nothing to do where it is as declared, and exactly the differing paths where it is not. */
export async function adoption(stage: Stage, told: Told, spare: Properties): Promise<void> {
  const { kind, task } = stage;
  const table = leaves(kind.fields);
  const unread = (inputs: Properties) =>
    table
      .filter(({ path, leaf }) => valueAt(inputs, path) !== undefined && !leaf.option)
      .filter(({ path, leaf }) => leaf.writeOnly || kind.unread(path, valueAt(inputs, path), "adopted"))
      .map(({ path }) => path);
  const twin = await adopted(stage, told.inputs, told.outs);
  assert.ok(twin, "the same arguments are refused together with adopt");
  if (unread(twin.inputs).length === 0) {
    await isUnchanged(stage, twin);
    assert.equal((await task.read(twin.id, twin.outs)).inputs, undefined, "a read of the adopted task finds something");
  }
  let args = told.inputs;
  const expected: string[] = [];
  for (const { path, leaf } of table) {
    if (leaf.option || leaf.replace || leaf.writeOnly || kind.createdOnly.includes(path)) continue;
    if (valueAt(args, path) === undefined || kind.untouched?.(args, path)) continue;
    const value = kind.moved?.(path, valueAt(args, path)) ?? valueAt(spare, path);
    if (value === undefined) continue;
    const next = await accepted(stage, changed(args, path, value));
    if (!next) continue;
    if (kind.unread(path, valueAt(next, path), "adopted") || kind.unread(path, valueAt(args, path), "adopted"))
      continue;
    if (differing(table, next, args).join() !== path) continue;
    args = next;
    expected.push(path);
    if (expected.length === 3) break;
  }
  const other = await adopted(stage, args, told.outs);
  assert.ok(other, "the other arguments are refused together with adopt");
  const missing = unread(other.inputs);
  const differs = expected.length + missing.length > 0;
  const wanted = [...expected, ...missing.filter((path) => !isEmpty(valueAt(other.inputs, path)))].sort();
  assert.equal((await task.diff(other.id, other.outs, other.inputs)).changes, differs, `differs in ${brief(wanted)}`);
  if (!differs) return;
  const read = await task.read(other.id, other.outs);
  assert.ok(read.inputs, "a read of an adopted task with differences brings no inputs");
  assert.deepEqual(differing(table, read.inputs, other.inputs).sort(), wanted);
}
