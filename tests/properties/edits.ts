import assert from "node:assert/strict";
import { valueAt } from "../../provider/core/fields";
import type { Placed } from "../../provider/core/fields";
import type { Properties } from "../../provider/core/definition";
import { tokenOf } from "../../provider/core/token";
import { isEmpty } from "../../provider/core/settle";
import { carriesOnly, operationsOf } from "./operations";
import {
  adopted,
  accepted,
  brief,
  changed,
  differing,
  from,
  holds,
  isSettled,
  isUnchanged,
  same,
  without,
} from "./stage";
import type { Pick, Stage, Told } from "./stage";

/** Edits the next argument that can be edited alone, from a place in the table on. */
export async function edited(stage: Stage, told: Told, pick: Pick, spare: Properties): Promise<Told> {
  for (const placed of from(stage.table, pick)) {
    const { path, leaf } = placed;
    const value = valueAt(spare, path);
    if (value === undefined || path === "publish" || path === "onDelete" || path === "force") continue;
    if (told.standing === "adopted" && stage.kind.createdOnly.includes(path)) continue;
    const news = await accepted(stage, changed(told.inputs, path, value), told.inputs);
    if (!news || otherwise(stage, news, told).join() !== path || !isObeyed(stage, news)) continue;
    return holds(`an edit of ${path} to ${brief(value)} from ${brief(valueAt(told.inputs, path))}`, async () => {
      const diff = await stage.task.diff(told.id, told.outs, news);
      assert.equal(diff.changes, true, "it is no change");
      if (leaf.replace || diff.replaces.length > 0) {
        assert.ok(
          diff.replaces.some((name) => name === path || path.startsWith(`${name}.`)),
          `it replaces for the sake of ${brief(diff.replaces)}`,
        );
        stage.done(`replaced ${path}`);
        return told;
      }
      const next = await updated(stage, told, news, placed);
      stage.done(`edited ${path}`);
      return next;
    });
  }
  return told;
}

/** Takes away the next declared argument that may be missing. */
export async function reduced(stage: Stage, told: Told, pick: Pick): Promise<Told> {
  const { kind, task } = stage;
  const declared = stage.table.filter(({ path }) => valueAt(told.inputs, path) !== undefined);
  for (const placed of from(declared, pick)) {
    const { path, leaf } = placed;
    if (leaf.replace || ["publish", "adopt", "onDelete", "force"].includes(path)) continue;
    const news = await accepted(stage, without(told.inputs, path), told.inputs);
    if (!news || otherwise(stage, news, told).join() !== path || !isObeyed(stage, news)) continue;
    return holds(`taking away ${path}, which was ${brief(valueAt(told.inputs, path))}`, async () => {
      assert.equal((await task.diff(told.id, told.outs, news)).changes, true, "it is no change");
      const next = await updated(stage, told, news, placed);
      stage.done(`took away ${path}`);
      if (leaf.clear === undefined || told.standing === "draft" || kind.unread(path, undefined, "adopted")) return next;
      const probe = await adopted(stage, changed(next.inputs, path, leaf.clear), next.outs);
      assert.ok(probe, "the cleared value is refused");
      const { inputs = probe.inputs } = await task.read(probe.id, probe.outs);
      assert.ok(!differing([placed], inputs, probe.inputs).includes(path), `it is ${brief(valueAt(inputs, path))} now`);
      return next;
    });
  }
  return told;
}

async function updated(stage: Stage, told: Told, news: Properties, placed: Placed): Promise<Told> {
  const { path, leaf } = placed;
  const value = valueAt(news, path);
  await stage.emulator.reset();
  stage.said.length = 0;
  const next: Told = { ...told, inputs: news, ...(await stage.task.update(told.id, told.outs, news)) };
  // What can't be cleared is only forgotten.
  const forgotten = value === undefined && leaf.clear === undefined && !stage.kind.otherWrites?.(path, value, told);
  // Without a call it must be there already. That it is, a read shows below; a document has been read before.
  const isSeen = () =>
    (!leaf.writeOnly && !stage.kind.unread(path, value, told.standing)) ||
    operationsOf(stage.kind, placed, value ?? leaf.clear, told).every((name) => stage.kind.whole?.includes(name));
  const calls = (await writing(stage)).filter((operation) => !stage.kind.publishing.includes(operation));
  if (forgotten) await onlyForgets(stage);
  else if (calls.length > 0 || !isSeen()) {
    await carriesOnly(stage, placed, value ?? leaf.clear, told);
    const announced = stage.said.filter(({ operation }) => calls.includes(operation));
    assert.deepEqual(
      announced.map(({ operation }) => operation),
      calls,
      "the operations that the user is told of",
    );
    for (const { operation, properties } of announced) {
      if (leaf.wire?.[operation] === undefined) continue;
      assert.ok(properties.includes(path), `the user is told of ${brief(properties)}`);
    }
  }
  await isSettled(stage, next);
  return next;
}

const READING = /^(Get|List|Describe|Check)/;
const writing = async ({ emulator }: Stage): Promise<string[]> =>
  (await emulator.calls()).map(({ operation }) => operation).filter((operation) => !READING.test(operation));

const onlyForgets = async (stage: Stage): Promise<void> =>
  assert.deepEqual(await writing(stage), [], "calls for a property that is only forgotten");

/** Whether it asks for nothing beside it. */
const isObeyed = ({ kind }: Stage, news: Properties): boolean => same(kind.obey(news), news);

const otherwise = ({ table }: Stage, news: Properties, { inputs }: Told): string[] =>
  table.map(({ path }) => path).filter((path) => !same(valueAt(news, path), valueAt(inputs, path)));

/** Somebody changes the next argument that can be seen, at the console: a read says so, and an update puts it right. */
export async function touched(stage: Stage, told: Told, pick: Pick, spare: Properties): Promise<Told> {
  const { kind, task, emulator, table } = stage;
  if (told.standing === "draft") return told;
  for (const placed of from(table, pick)) {
    const { path, leaf } = placed;
    const before = valueAt(told.inputs, path);
    if (before === undefined || leaf.option || leaf.writeOnly || leaf.replace) continue;
    if (kind.untouched?.(told.inputs, path)) continue;
    const value = kind.moved?.(path, before) ?? valueAt(spare, path);
    if (value === undefined) continue;
    const news = await accepted(stage, changed(told.inputs, path, value), told.inputs);
    const now = news && valueAt(news, path);
    if (
      now === undefined ||
      kind.unread(path, now, told.standing) ||
      kind.unread(path, before, told.standing) ||
      same(now, before)
    )
      continue;
    if ((isEmpty(now) && isEmpty(before)) || !news || !isObeyed(stage, news)) continue;
    const change = kind.touch(path, now);
    // The line at the end of a text that says whose task it is does not belong to the text.
    if (change === undefined || (typeof now === "string" && tokenOf(now) !== undefined)) continue;
    return holds(`a change of ${path} at the console to ${brief(now)} from ${brief(before)}`, async () => {
      await emulator.touch(kind.service, kind.taskId(told.outs), change);
      const read = await task.read(told.id, told.outs);
      assert.ok(read.inputs, "the read sees nothing");
      assert.deepEqual(differing(table, read.inputs, told.inputs), [path]);
      const seen = valueAt(read.inputs, path);
      if (!isEmpty(now)) assert.ok(same(seen, now), `read as ${brief(seen)}`);
      const accepting = { ...told, outs: read.props, inputs: read.inputs };
      // Where no read tells whether production runs it too, it is published by the next update.
      if (kind.readsDrafts) assert.deepEqual((await task.diff(told.id, read.props, read.inputs)).replaces, []);
      else await isUnchanged(stage, accepting);
      assert.equal((await task.diff(told.id, read.props, told.inputs)).changes, true, "putting it right is no change");
      await emulator.reset();
      const next: Told = { ...told, ...(await task.update(told.id, read.props, told.inputs)) };
      await carriesOnly(stage, placed, before, told);
      await isSettled(stage, next);
      stage.done(`touched ${path}`);
      return next;
    });
  }
  return told;
}
