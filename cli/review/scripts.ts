import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { createTwoFilesPatch } from "diff";
import { isAsset } from "../../provider/core/fields";
import { SECRET } from "../preview/preview";
import type { ScriptChange } from "./model";

/** Where the texts of scripts are looked for. */
export interface ScriptSources {
  /** The folder of the Pulumi program: paths of file assets begin there. */
  readonly folder: string;
  /** A revision of git that has the texts before the change; without one the history of each file is searched. */
  readonly base?: string;
  /** Asks the service for the code that a task has now. */
  readonly live?: (urn: string, property: string) => string | undefined;
}

/** So many earlier versions of a file are looked at. */
const REVISIONS = 50;

const hashOf = (text: string | Buffer): string => createHash("sha256").update(text).digest("hex");

/** A script before and after as a unified diff, where both texts can be had and are the ones that the state means. */
export function scriptChange(
  property: string,
  urn: string,
  before: unknown,
  after: unknown,
  sources: ScriptSources,
): ScriptChange {
  if (before === SECRET || after === SECRET) return { property };
  const old = before === undefined ? { text: "" } : textBefore(before, urn, property, sources);
  const now = after === undefined ? "" : textAfter(after, sources.folder);
  if (old !== undefined && now !== undefined) {
    const diff = createTwoFilesPatch("before", "after", old.text, now, undefined, undefined, { context: 3 })
      .split("\n")
      .slice(3)
      .join("\n")
      .trimEnd();
    return { property, diff, ...(old.source !== undefined && { source: old.source }) };
  }
  const [was, is] = [digestOf(before), digestOf(after)];
  return { property, digests: { ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) } };
}

function digestOf(value: unknown): string | undefined {
  const hash = isAsset(value) ? value.hash : typeof value === "string" ? hashOf(value) : undefined;
  return hash?.slice(0, 12);
}

function textAfter(value: unknown, folder: string): string | undefined {
  if (typeof value === "string") return value;
  if (!isAsset(value)) return undefined;
  if (value.text !== undefined) return value.text;
  if (value.path === undefined) return undefined;
  try {
    const bytes = readFileSync(path.resolve(folder, value.path));
    return value.hash === undefined || hashOf(bytes) === value.hash ? bytes.toString("utf8") : undefined;
  } catch {
    return undefined;
  }
}

type Old = { readonly text: string; readonly source?: NonNullable<ScriptChange["source"]> };

/** The text that a task has had so far, where it is at hand. */
export function textBefore(
  value: unknown,
  urn: string,
  property: string,
  { folder, base, live }: ScriptSources,
): Old | undefined {
  if (typeof value === "string") return { text: value, source: "state" };
  if (!isAsset(value)) return undefined;
  if (value.text !== undefined) return { text: value.text, source: "state" };
  const onDisk = textAfter(value, folder);
  if (onDisk !== undefined && value.hash !== undefined) return { text: onDisk };
  const fromGit = value.path === undefined ? undefined : textInGit(folder, value.path, value.hash, base);
  if (fromGit !== undefined) return { text: fromGit, source: "git" };
  const now = live?.(urn, property);
  return now === undefined ? undefined : { text: now, source: "live" };
}

/** The version of a file whose bytes are the ones that were deployed. */
function textInGit(folder: string, file: string, hash: string | undefined, base?: string): string | undefined {
  const relative = path.isAbsolute(file) ? path.relative(folder, file) : file;
  const revisions = base === undefined ? history(folder, relative) : [base];
  for (const revision of revisions) {
    const bytes = git(folder, ["show", `${revision}:./${relative.split(path.sep).join("/")}`]);
    if (bytes !== undefined && (hash === undefined || hashOf(bytes) === hash)) return bytes.toString("utf8");
  }
  return undefined;
}

const history = (folder: string, file: string): string[] =>
  (git(folder, ["log", `-n${REVISIONS}`, "--format=%H", "--", file]) ?? Buffer.alloc(0))
    .toString()
    .split("\n")
    .filter((line) => line !== "");

function git(folder: string, args: readonly string[]): Buffer | undefined {
  try {
    return execFileSync("git", args, {
      cwd: folder,
      stdio: ["ignore", "pipe", "ignore"],
      maxBuffer: 64 * 1024 * 1024,
      timeout: 30_000,
    });
  } catch {
    return undefined;
  }
}
