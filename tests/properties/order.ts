import { isObject, putAt, valueAt } from "../../provider/core/fields";
import type { Placed } from "../../provider/core/fields";
import type { Properties } from "../../provider/core/definition";

/** The same arguments with everything turned round that has no order. */
export function permuted(table: readonly Placed[], args: Properties): Properties {
  const result = turned(args, false) as Properties;
  for (const { path, leaf } of table) {
    const value = valueAt(args, path);
    if (leaf.unordered && Array.isArray(value)) putAt(result, path, turned(value, true));
  }
  return result;
}

function turned(value: unknown, unordered: boolean): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => turned(item, false));
    return unordered ? items.reverse() : items;
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, turned(member, false)]),
  );
}
