import { type Leaf, UNKNOWN, isAsset, isObject } from "../../provider/core/fields";
import { digest, stableText } from "../../provider/core/record";
import type { Value } from "../../sdk/exchange";

/** How values of one stack stand for those of another. */
export interface Correspondence {
  /** The name of a task's resource by the task's ids in each stack. */
  readonly from: ReadonlyMap<string, string>;
  readonly to: ReadonlyMap<string, string>;
  /** Declared values: whole ones, and texts also as parts of longer texts. */
  readonly values: readonly { readonly from: Value; readonly to: Value; readonly name: string }[];
  /** Declared arguments that other arguments repeat, such as the workspace in a dependency: whole texts alone. */
  readonly places: readonly { readonly from: string; readonly to: string }[];
}

export const NO_CORRESPONDENCE: Correspondence = { from: new Map(), to: new Map(), values: [], places: [] };

/** `values`: the same but for declared values. A value that is not known yet is the same as any. */
export type Equality = "same" | "values" | "different";

/** How the value of a property in one stack relates to that in the other. */
export function equality(leaf: Leaf<unknown>, one: unknown, other: unknown, by: Correspondence): Equality {
  if (one === undefined && other === undefined) return "same";
  if (leaf.kind === "content" && typeof one !== typeof other && one !== undefined && other !== undefined)
    return digest("content", one, "") === digest("content", other, "") ? "same" : "different";
  // The workspace of the task itself is a difference; where an item of a list repeats it, it is none of its own.
  if (typeof one === "string") return compare(one, other, { ...by, places: [] }, false);
  return compare(one, other, by, leaf.unordered === true || leaf.kind === "list");
}

const worse = (one: Equality, other: Equality): Equality =>
  one === "different" || other === "different"
    ? "different"
    : one === "values" || other === "values"
      ? "values"
      : "same";

function compare(one: unknown, other: unknown, by: Correspondence, anyOrder: boolean): Equality {
  if (other === UNKNOWN || one === UNKNOWN) return "same";
  if (typeof one === "string" && typeof other === "string") return compareTexts(one, other, by);
  if (isAsset(one) && isAsset(other)) return one.hash === other.hash ? "same" : "different";
  if (Array.isArray(one) && Array.isArray(other))
    return one.length !== other.length ? "different" : compareLists(one, other, by, anyOrder);
  if (isObject(one) && isObject(other)) {
    const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    return names.map((name) => compare(one[name], other[name], by, false)).reduce(worse, "same");
  }
  if (stableText(one) === stableText(other) && (one === undefined) === (other === undefined)) return "same";
  return by.values.some(({ from, to }) => from === one && to === other) ? "values" : "different";
}

/** The canonical order of a list comes from its texts, which differ between stacks where ids stand in them. */
function compareLists(
  one: readonly unknown[],
  other: readonly unknown[],
  by: Correspondence,
  anyOrder: boolean,
): Equality {
  const inOrder = one.map((item, at) => compare(item, other[at], by, false)).reduce(worse, "same");
  if (inOrder !== "different" || !anyOrder) return inOrder;
  const left = [...other];
  return one
    .map((item): Equality => {
      const same = left.findIndex((each) => compare(item, each, by, false) === "same");
      const at = same >= 0 ? same : left.findIndex((each) => compare(item, each, by, false) === "values");
      if (at < 0) return "different";
      left.splice(at, 1);
      return same >= 0 ? "same" : "values";
    })
    .reduce(worse, "same");
}

function compareTexts(one: string, other: string, by: Correspondence): Equality {
  if (one === other || other.includes(UNKNOWN)) return "same";
  const [was, is] = [by.from.get(one), by.to.get(other)];
  if (was !== undefined && was === is) return "same";
  if (by.places.some(({ from, to }) => from === one && to === other)) return "same";
  return standsFor(one, other, by) ? "values" : "different";
}

/** Whether a text is another one with declared values in place of some of those of the other stack. */
function standsFor(one: string, other: string, { values }: Correspondence): boolean {
  const pairs = values
    .map(({ from, to }) => ({ from: String(from), to: String(to) }))
    .filter(({ from }) => from !== "" && one.includes(from))
    .sort((a, b) => b.from.length - a.from.length);
  if (pairs.length === 0) return false;
  // Places in the second text at which what was read of the first may end.
  let [at, ends] = [0, new Set([0])];
  while (at < one.length && ends.size > 0) {
    const pair = pairs.find(({ from }) => one.startsWith(from, at));
    const piece = pair?.from ?? one.slice(at, nextOf(one, at, pairs));
    const choices = pair ? [pair.from, pair.to] : [piece];
    ends = new Set(
      [...ends].flatMap((end) =>
        choices.filter((text) => other.startsWith(text, end)).map((text) => end + text.length),
      ),
    );
    at += piece.length;
  }
  return ends.has(other.length);
}

/** Where the next declared value begins, or the end. */
function nextOf(text: string, from: number, pairs: readonly { readonly from: string }[]): number {
  const places = pairs.map((pair) => text.indexOf(pair.from, from + 1)).filter((place) => place > from);
  return Math.min(text.length, ...places);
}
