import assert from "node:assert/strict";
import { UNKNOWN, isObject, valueAt } from "../../provider/core/fields";
import type { Properties } from "../../provider/core/definition";
import { holds, isAtOrIn } from "./stage";
import type { Pick, Stage, Told } from "./stage";

/** Every place in the arguments, however deep. */
function places(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  const inner = Array.isArray(value)
    ? value.flatMap((item, index) => places(item, [...path, index]))
    : isObject(value)
      ? Object.entries(value).flatMap(([name, member]) => places(member, [...path, name]))
      : [];
  return path.length === 0 ? inner : [path, ...inner];
}

function replaced(value: unknown, [name, ...rest]: readonly (string | number)[]): unknown {
  if (name === undefined) return UNKNOWN;
  if (Array.isArray(value)) return value.map((item: unknown, index) => (index === name ? replaced(item, rest) : item));
  return Object.fromEntries(
    Object.entries(value as object).map(([key, member]) => [key, key === name ? replaced(member, rest) : member]),
  );
}

const written = (path: readonly (string | number)[]) =>
  path.map((name, index) => (typeof name === "number" ? `[${name}]` : index === 0 ? name : `.${name}`)).join("");

/** A value that is not known yet, anywhere, is never refused, and counts as a change. */
export async function unknown(stage: Stage, told: Told, pick: Pick): Promise<void> {
  const { creationToken: _token, ...args } = told.inputs;
  const all = places(args);
  const path = typeof pick === "string" ? all.find((each) => written(each) === pick) : all[pick % all.length];
  if (path === undefined) return;
  await holds(`${written(path)} not known yet`, async () => {
    const news = replaced(told.inputs, path) as Properties;
    const { inputs, failures } = await stage.task.check(told.inputs, news);
    assert.deepEqual(failures, [], "it is refused");
    const own = stage.table.filter(
      (placed) => isAtOrIn(written(path), placed.path) || isAtOrIn(placed.path, written(path)),
    );
    for (const placed of own) {
      if (valueAt(told.inputs, placed.path) === undefined) continue;
      const diff = await stage.task.diff(told.id, told.outs, inputs);
      assert.equal(diff.changes, true, "it is no change");
    }
    stage.done(`unknown ${own[0]?.path ?? written(path)}`);
  });
}
