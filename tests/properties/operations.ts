import assert from "node:assert/strict";
import { isObject } from "../../provider/core/fields";
import type { Placed } from "../../provider/core/fields";
import type { Kind } from "./kind";
import { isAtOrIn } from "./stage";
import type { Stage, Told } from "./stage";

const READING = /^(Get|List|Describe|Check)/;

/** The writing operations that an edit of one argument may make, as the field table names them, cheapest first. */
export function operationsOf(kind: Kind, { path, leaf }: Placed, value: unknown, told: Told): readonly string[] {
  if (leaf.option) return [];
  const other = kind.otherWrites?.(path, value, told);
  if (other !== undefined) return other;
  const named = kind.writes(told.standing).find((operation) => leaf.wire?.[operation] !== undefined);
  assert.ok(named, `the table names no writing operation for ${path} of a task that is ${told.standing}`);
  return [named];
}

/** Only the operations that the table names were called, each once, with the parameters of the field and nothing foreign. */
export async function carriesOnly(stage: Stage, placed: Placed, value: unknown, told: Told): Promise<void> {
  const { kind, emulator } = stage;
  const { path, leaf } = placed;
  const writing = (await emulator.calls()).filter(
    ({ operation }) => !READING.test(operation) && !kind.publishing.includes(operation),
  );
  const expected = operationsOf(kind, placed, value, told);
  assert.deepEqual(
    writing.map(({ operation }) => operation),
    expected,
    `the writing operations of an edit of ${path}`,
  );
  for (const { operation, parameters } of writing) {
    if (kind.whole?.includes(operation)) continue;
    const own = leaf.wire?.[operation];
    const allowed = [...(own === undefined ? [] : [own]), ...(kind.companions?.(operation, path) ?? [])];
    const carried = pathsIn(kind, parameters)
      .map((each) => kind.inside?.(operation, each) ?? each)
      .filter((each) => each === own || !kind.keys.includes(each));
    const foreign = carried.filter((each) => !allowed.some((name) => isAtOrIn(each, name) || isAtOrIn(name, each)));
    assert.deepEqual(foreign, [], `${operation} carries what was not changed`);
    if (own !== undefined) {
      const there = carried.some((each) => isAtOrIn(each, own) || isAtOrIn(own, each));
      assert.ok(there, `${operation} does not carry ${own}`);
    }
  }
}

/** The paths of everything that a call carries. */
function pathsIn(kind: Kind, value: unknown, prefix = ""): string[] {
  if (Array.isArray(value) && value.length > 0 && value.every(isObject))
    return value.flatMap((item) => pathsIn(kind, item, prefix));
  if (typeof value === "string" && kind.json?.includes(prefix)) return pathsIn(kind, JSON.parse(value), prefix);
  if (!isObject(value) || Object.keys(value).length === 0) return [prefix];
  return Object.entries(value).flatMap(([name, member]) =>
    pathsIn(kind, member, prefix === "" ? name : `${prefix}.${name}`),
  );
}
