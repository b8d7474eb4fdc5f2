import type { Properties } from "../../provider/core/definition";
import { isAsset, isObject, valueAt } from "../../provider/core/fields";
import type { Placed } from "../../provider/core/fields";

/** Every text that is stored somewhere in a tree, JSON and base64 opened. */
function textsIn(value: unknown, texts: Set<string>, depth = 0): void {
  if (typeof value === "string") {
    texts.add(value);
    if (depth > 2 || value.length < 2) return;
    if (/^[[{]/.test(value)) {
      try {
        textsIn(JSON.parse(value), texts, depth + 1);
      } catch {
        // It only looked like JSON.
      }
    }
    if (/^[A-Za-z0-9+/]+={0,2}$/.test(value)) texts.add(Buffer.from(value, "base64").toString("utf8"));
  } else if (Array.isArray(value)) {
    for (const item of value) textsIn(item, texts, depth);
  } else if (isObject(value)) {
    for (const [key, member] of Object.entries(value)) {
      texts.add(key);
      textsIn(member, texts, depth);
    }
  }
}

/** Free texts that are declared and that the services hold nowhere as they were declared, letter by letter. */
export function notStored(table: readonly Placed[], inputs: Properties, stored: readonly unknown[]): string[] {
  const texts = new Set<string>();
  textsIn(stored, texts);
  // Our own line stands below a description.
  const below = [...texts].map((text) => text.replace(/\n?\[pulumi-data-tasks:[a-z0-9]+\]$/, ""));
  const has = new Set([...texts, ...below]);
  return table.flatMap(({ path, leaf }) => {
    const value = valueAt(inputs, path);
    if (value === undefined || leaf.option === true || leaf.writeOnly === true || leaf.wire === undefined) return [];
    if (leaf.kind === "map" && isObject(value) && leaf.to === undefined)
      return Object.values(value).every((member) => has.has(String(member))) ? [] : [path];
    const free = (leaf.kind === "text" && !leaf.canonical && !leaf.to) || leaf.kind === "content";
    const text = isAsset(value) ? value.text : value;
    return !free || typeof text !== "string" || has.has(text) ? [] : [path];
  });
}
