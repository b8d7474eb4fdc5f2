import { hash } from "node:crypto";
import { TaskError } from "./errors";
import { type Placed, isAsset, isObject } from "./fields";

/**
 * What was applied, as one short line in the state: per declared property three characters that name it and six
 * that stand for its canonical value. So the state holds no argument twice and no secret at all, and `diff` and
 * `read`, which are given only outputs, still know what moved. Keyed with the resource's creation token.
 */
export type AppliedRecord = ReadonlyMap<string, string>;

/** The version of the state. It goes up with every change that an older version of this package would misread. */
const VERSION = "1";
const NAME = 3;
const DIGEST = 6;
/** Of digests that the first states of version 1 hold: the same, two characters longer. */
const FORMER_DIGEST = 8;

/** In place of a digest: an update that failed may or may not have applied this property. Equals no value. */
export const UNSURE = "?".repeat(DIGEST);

const names = new Map<string, string>();
/** The paths of the tables come again for every task. */
function nameOf(path: string): string {
  let name = names.get(path);
  if (name === undefined) names.set(path, (name = hash("sha256", path, "base64url").slice(0, NAME)));
  return name;
}

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
  return hash("sha256", `${key}\0${body}`, "base64url").slice(0, DIGEST);
}

/** Whether two canonical values have the same digest, whatever the key. */
export const areSame = (kind: Placed["leaf"]["kind"], one: unknown, other: unknown): boolean => {
  if (one === other) return true;
  if (kind === "content" && !(typeof one === "string" && typeof other === "string"))
    return contentHash(one) === contentHash(other);
  const isNested = typeof one === "object" && typeof other === "object";
  return isNested && stableText(one) === stableText(other);
};

function contentHash(value: unknown): string {
  if (isAsset(value) && value.hash !== undefined) return value.hash;
  return hash("sha256", isAsset(value) ? (value.text ?? "") : String(value));
}

/** One line for the state: version, the resource's creation token, a full stop, and the record. */
export const encodeRecord = (record: AppliedRecord, token = ""): string =>
  `${VERSION}${token}.${[...record].map(([path, value]) => nameOf(path) + value).join("")}`;

/** The creation token that a line of the state carries. */
export const tokenOfRecord = (line: unknown): string | undefined => /^1([a-z0-9]*)\./.exec(textOf(line))?.[1];

/**
 * Stops where a newer version of this package has written the state: what it means is not known here, and what would
 * come of guessing is a change of everything.
 */
export function refuseNewer(line: unknown): void {
  const version = /^\d/.exec(textOf(line))?.[0] ?? VERSION;
  if (version === VERSION) return;
  throw new TaskError(
    `the state of this task was written by a newer version of pulumi-data-tasks (state version ${version}, this one reads ${VERSION}) and nothing was touched; update the package, \`npm install pulumi-data-tasks@latest\`, and run again`,
  );
}

/** The record of a state, by the paths of this table; what an older or newer table called otherwise is left out. */
export function decodeRecord(line: unknown, table: readonly Placed[]): Map<string, string> {
  const record = new Map<string, string>();
  const text = textOf(line);
  if (!text.startsWith(VERSION)) return record;
  const paths = pathsByName(table);
  // The very first states had no token in the line, and so no full stop; digests have none either.
  const body = text.slice(text.includes(".") ? text.indexOf(".") + 1 : VERSION.length);
  const entries = entriesOf(body, paths);
  for (const [name, value] of entries) {
    const path = paths.get(name);
    if (path !== undefined) record.set(path, value.slice(0, DIGEST));
  }
  return record;
}

type Entry = readonly [name: string, digest: string];

/** Names and digests, of the length at which the line makes sense: at another one next to no name is known. */
function entriesOf(body: string, paths: ReadonlyMap<string, string>): readonly Entry[] {
  const known = (entries: readonly Entry[]) => entries.filter(([name]) => paths.has(name)).length;
  const now = inEntries(body, DIGEST);
  const knownNow = known(now);
  if (knownNow > 0 && knownNow === now.length) return now;
  const former = inEntries(body, FORMER_DIGEST);
  return known(former) > knownNow ? former : now;
}

function inEntries(body: string, length: number): readonly Entry[] {
  const size = NAME + length;
  const entries: Entry[] = [];
  if (body.length % size !== 0) return entries;
  for (let at = 0; at < body.length; at += size)
    entries.push([body.slice(at, at + NAME), body.slice(at + NAME, at + size)]);
  return entries;
}

const textOf = (line: unknown): string => (typeof line === "string" ? line : "");

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
