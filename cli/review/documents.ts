import { diffArrays } from "diff";
import { isLosslessNumber, stringify } from "lossless-json";
import { parsed } from "../../provider/core/document";
import { stableText } from "../../provider/core/record";
import { isTree } from "../preview/values";
import type { DocumentChange } from "./model";

/** Longer values inside a document are cut. */
const LONGEST = 200;
/** A document in which more differs is told by its first paths. */
const MOST_PATHS = 200;

type PathChange = DocumentChange["paths"][number];

/** The paths inside a JSON document that differ; `undefined` where one side is no document. */
export function documentChange(property: string, before: unknown, after: unknown): DocumentChange | undefined {
  const [was, is] = [treeOf(before), treeOf(after)];
  if (was === undefined || is === undefined) return undefined;
  const paths: PathChange[] = [];
  compare("", was, is, paths);
  return { property, paths };
}

/** A document as a tree: an object, or the text of one. */
function treeOf(value: unknown): unknown {
  const tree = typeof value === "string" ? parsed(value) : value;
  return isMembers(tree) || Array.isArray(tree) ? tree : undefined;
}

/** A number that JavaScript would round is an object here. */
const isMembers = (value: unknown): value is Record<string, unknown> => isTree(value) && !isLosslessNumber(value);

const text = (value: unknown): string => {
  const whole = stringify(value) ?? "";
  return whole.length <= LONGEST ? whole : `${whole.slice(0, LONGEST - 1)}…`;
};

function compare(path: string, was: unknown, is: unknown, paths: PathChange[]): void {
  const isOnBoth = (was === undefined) === (is === undefined);
  if (paths.length >= MOST_PATHS || (isOnBoth && stableText(was) === stableText(is))) return;
  if (isMembers(was) && isMembers(is)) {
    for (const name of [...new Set([...Object.keys(was), ...Object.keys(is)])].sort()) {
      const at = /^[\w$-]+$/.test(name)
        ? `${path === "" ? "" : `${path}.`}${name}`
        : `${path}[${JSON.stringify(name)}]`;
      compare(
        at,
        Object.hasOwn(was, name) ? was[name] : undefined,
        Object.hasOwn(is, name) ? is[name] : undefined,
        paths,
      );
    }
  } else if (Array.isArray(was) && Array.isArray(is)) compareLists(path, was, is, paths);
  else {
    paths.push({
      path,
      ...(was !== undefined && { before: text(was) }),
      ...(is !== undefined && { after: text(is) }),
    });
  }
}

/** Lists keep what is equal on both sides, wherever it stands; what is left at one place is the same entry, changed. */
function compareLists(path: string, was: readonly unknown[], is: readonly unknown[], paths: PathChange[]): void {
  let [old, now] = [0, 0];
  let removed: unknown[] = [];
  const flush = (added: readonly unknown[]): void => {
    const pairs = Math.max(removed.length, added.length);
    for (let i = 0; i < pairs; i++) {
      const [one, other] = [removed[i], added[i]];
      const index = other === undefined ? old - removed.length + i : now - added.length + i;
      compare(`${path}[${index}]`, one, other, paths);
    }
    removed = [];
  };
  for (const part of diffArrays([...was], [...is], { comparator: (a, b) => stableText(a) === stableText(b) })) {
    if (part.removed) {
      removed = part.value;
      old += part.value.length;
    } else if (part.added) {
      now += part.value.length;
      flush(part.value);
    } else {
      flush([]);
      old += part.value.length;
      now += part.value.length;
    }
  }
  flush([]);
}
