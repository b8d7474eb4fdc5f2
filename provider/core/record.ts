import { createHash } from "node:crypto";
import { type Placed, isAsset, isObject } from "./fields";

/**
 * What was applied, as one short line in the state: per declared property three characters that name it and six
 * that stand for its canonical value. So the state holds no argument twice and no secret at all, and `diff` and
 * `read`, which are given only outputs, still know what moved. Keyed with the resource's creation token.
 */
export type AppliedRecord = ReadonlyMap<string, string>;

const VERSION = "1";
const NAME = 3;
const DIGEST = 6;

/** In place of a digest: an update that failed may or may not have applied this property. Equals no value. */
export const UNSURE = "?".repeat(DIGEST);

const sha256 = (value: string) => createHash("sha256").update(value).digest();
const nameOf = (path: string) => sha256(path).toString("base64url").slice(0, NAME);

/** JSON with sorted keys: equal values give equal text. */
export function stableText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableText).join(",")}]`;
  if (isObject(value)) {
    const members = Object.keys(value)
      .filter((key) => value[key] !== undefined)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${stableText(value[key])}`);
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}

/** The digest of a canonical value. A text and an asset of the same bytes have the same one. */
export function digest(kind: Placed["leaf"]["kind"], value: unknown, key: string): string {
  const body = kind === "content" ? contentHash(value) : stableText(value);
  return createHash("sha256").update(key).update("\0").update(body).digest("base64url").slice(0, DIGEST);
}

function contentHash(value: unknown): string {
  if (isAsset(value) && value.hash !== undefined) return value.hash;
  const bytes = isAsset(value) ? (value.text ?? "") : String(value);
  return createHash("sha256").update(bytes).digest("hex");
}

/** One line for the state: version, the resource's creation token, a full stop, and the record. */
export const encodeRecord = (record: AppliedRecord, token = ""): string =>
  `${VERSION}${token}.${[...record].map(([path, value]) => nameOf(path) + value).join("")}`;

/** The creation token that a line of the state carries. */
export const tokenOfRecord = (line: unknown): string | undefined =>
  typeof line === "string" && line.startsWith(VERSION)
    ? /^([a-z0-9]*)\./.exec(line.slice(VERSION.length))?.[1]
    : undefined;

/** The record of a state, by the paths of this table; what an older or newer table called otherwise is left out. */
export function decodeRecord(line: unknown, table: readonly Placed[]): Map<string, string> {
  const record = new Map<string, string>();
  if (typeof line !== "string" || tokenOfRecord(line) === undefined) return record;
  const paths = pathsByName(table);
  for (let at = line.indexOf(".") + 1; at + NAME + DIGEST <= line.length; at += NAME + DIGEST) {
    const path = paths.get(line.slice(at, at + NAME));
    if (path !== undefined) record.set(path, line.slice(at + NAME, at + NAME + DIGEST));
  }
  return record;
}

const tables = new WeakMap<readonly Placed[], ReadonlyMap<string, string>>();

function pathsByName(table: readonly Placed[]): ReadonlyMap<string, string> {
  let paths = tables.get(table);
  if (!paths) {
    paths = new Map(table.map(({ path }) => [nameOf(path), path]));
    if (paths.size !== table.length) throw new Error("two properties of one table share a short name in the record");
    tables.set(table, paths);
  }
  return paths;
}
