import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UnreadableFile, previewFrom, textOf } from "../preview/read";
import { previewText } from "../preview/run";
import { policiesIn } from "../policy/file";
import { type ReviewOptions, reviewOf } from "./build";
import { headline, markdown } from "./markdown";
import { page } from "./html";
import { liveSource } from "./live";
import type { Review, Warning } from "./model";
import { sarif } from "./sarif";

export interface ReviewFlags {
  readonly stack?: string;
  readonly cwd?: string;
  readonly refresh?: true;
  readonly state?: string;
  readonly base?: string;
  readonly live?: true;
  readonly at?: string;
  readonly markdown?: string;
  readonly full?: string;
  readonly html?: string;
  readonly json?: string;
  readonly sarif?: string;
  readonly failOn?: readonly string[];
  readonly policy?: string;
}

/** What a pipeline has to know. */
export const EXIT = { nothing: 0, error: 1, changes: 2, destructive: 3, policy: 4 } as const;

/** Reviews a preview, writes what was asked for, and gives the exit code. */
export async function review(file: string | undefined, flags: ReviewFlags, version: string): Promise<number> {
  const folder = path.resolve(flags.cwd ?? ".");
  // A mistake in the policy file is told before the preview, which takes long.
  const policies = flags.policy === undefined ? undefined : policiesIn(flags.policy);
  const text = await previewGiven(file, flags, folder);
  const read = (state: string | undefined, stateName: string | undefined) =>
    previewFrom(text, file ?? "the preview", state, stateName);
  let preview = read(flags.state === undefined ? undefined : textOf(flags.state), flags.state);
  const at = momentOf(flags.at, preview.at);
  const options: ReviewOptions = {
    at,
    folder,
    ...(flags.base !== undefined && { base: flags.base }),
    ...(policies !== undefined && { policies }),
  };
  let result = reviewOf(preview, options);
  if (flags.live) {
    const stack = flags.stack ?? preview.stack;
    const source = await liveSource({ folder, ...(stack !== undefined && { stack }) });
    // An update plan has no values from before the change; the state has them.
    if (!preview.hasBefore && source.state !== undefined) {
      preview = read(source.state, "the state");
      result = reviewOf(preview, options);
    }
    result = reviewOf(preview, { ...options, ...(await source.look(result)) });
  }
  const wanted: [string | undefined, () => string][] = [
    [flags.markdown, () => markdown(result)],
    [flags.full, () => markdown(result, { full: true })],
    [flags.html, () => page(result)],
    [flags.json, () => `${JSON.stringify(result, null, 2)}\n`],
    [flags.sarif, () => `${JSON.stringify(sarif(result, version), null, 2)}\n`],
  ];
  const chosen = wanted.some(([target]) => target !== undefined);
  if (!chosen) process.stdout.write(markdown(result));
  for (const [target, make] of wanted) if (target !== undefined) write(target, make());
  return exitCode(result, flags.failOn ?? []);
}

async function previewGiven(file: string | undefined, flags: ReviewFlags, folder: string): Promise<string> {
  if (file === undefined) {
    const { stack, refresh } = flags;
    return previewText({ folder, ...(stack !== undefined && { stack }), ...(refresh && { refresh }) });
  }
  if (flags.stack !== undefined || flags.refresh !== undefined)
    throw new UnreadableFile("give either a file or --stack and --refresh, which run the preview, and not both");
  return file === "-" ? standardInput() : textOf(file);
}

/** All of what is piped in. */
export async function standardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * From when fire times are counted: `--at`, SOURCE_DATE_EPOCH as reproducible builds set it, the time in an event log, or
 * now. The same moment and the same file give the same bytes.
 */
export function momentOf(given: string | undefined, inFile: number | undefined, environment = process.env): number {
  if (given !== undefined) {
    const moment = Date.parse(given);
    if (Number.isNaN(moment))
      throw new UnreadableFile(`--at must be a time such as 2026-01-31T08:00:00Z, got ${JSON.stringify(given)}`);
    return moment;
  }
  const epoch = environment["SOURCE_DATE_EPOCH"];
  if (epoch !== undefined && /^\d{1,12}$/.test(epoch)) return Number(epoch) * 1000;
  return inFile ?? Date.now();
}

/** Writes a text to a file, its folder made where there is none; `-` is standard output. */
export function write(target: string, text: string): void {
  if (target === "-") {
    process.stdout.write(text);
    return;
  }
  mkdirSync(path.dirname(path.resolve(target)), { recursive: true });
  writeFileSync(target, text);
}

/** So many violations are told on the error channel; the review has all of them. */
const MOST_TOLD = 20;

/**
 * 4 where a mandatory policy is violated, whatever else is so. Otherwise, without `--fail-on`: 0 nothing changes, 2 something
 * does, 3 something destructive does. With it, 0 unless one of the named things is there: 3 for `destructive`, 1 for a warning.
 */
export function exitCode(result: Review, failOn: readonly string[]): number {
  const destructive = result.tasks.some(({ importance }) => importance === "destructive");
  const violated = result.warnings.filter(({ policy }) => policy === "mandatory");
  if (violated.length > 0) {
    for (const warning of violated.slice(0, MOST_TOLD)) tell("mandatory policy", warning);
    if (violated.length > MOST_TOLD)
      process.stderr.write(`data-tasks: ${violated.length - MOST_TOLD} more violations of mandatory policies\n`);
    return EXIT.policy;
  }
  if (failOn.length === 0) {
    if (destructive) return EXIT.destructive;
    return result.tasks.length + result.others.length > 0 ? EXIT.changes : EXIT.nothing;
  }
  const codes = result.warnings.filter(
    ({ code }) => failOn.includes("warning") || (code !== undefined && failOn.includes(code)),
  );
  if (failOn.includes("destructive") && destructive) {
    process.stderr.write(`data-tasks: --fail-on destructive: ${headline(result)}\n`);
    return EXIT.destructive;
  }
  for (const warning of codes) tell("--fail-on", warning);
  return codes.length > 0 ? EXIT.error : EXIT.nothing;
}

const tell = (what: string, { code = "warning", message, task }: Warning): boolean =>
  process.stderr.write(`data-tasks: ${what} ${code}: ${task === undefined ? "" : `${task}: `}${message}\n`);
