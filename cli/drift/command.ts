import path from "node:path";
import { liveReader } from "../../provider/live";
import { UnreadableFile, textOf } from "../preview/read";
import { configuration, stateText } from "../preview/run";
import { momentOf, standardInput, write } from "../review/command";
import { type StackState, stackState } from "../state/tasks";
import { type Sighted, driftOf, sighted } from "./build";
import { sightedInFile } from "./file";
import { headline, markdown } from "./markdown";
import type { Drift } from "./model";
import { takenOver } from "./take-over";

export interface DriftFlags {
  readonly stack?: string;
  readonly cwd?: string;
  readonly at?: string;
  readonly markdown?: string;
  readonly json?: string;
  readonly patch?: string;
  readonly write?: true;
  readonly accept?: readonly string[];
}

/** What a pipeline has to know. */
export const EXIT = { none: 0, error: 1, drift: 2 } as const;

/** Tells what was edited outside of the program, writes what was asked for, and gives the exit code. */
export async function drift(file: string | undefined, flags: DriftFlags): Promise<number> {
  const folder = path.resolve(flags.cwd ?? ".");
  const { state, found } = file === undefined ? await read(flags, folder) : await readFile(file, flags);
  const report = driftOf(state, found, { at: momentOf(flags.at, undefined), folder });
  const takeOver = takenOver(found, { folder, accept: flags.accept ?? [], write: flags.write === true });
  const result: Drift = { ...report, ...(takeOver && { takeOver }) };
  const wanted: [string | undefined, () => string][] = [
    [flags.markdown, () => markdown(result)],
    [flags.json, () => `${JSON.stringify(result, null, 2)}\n`],
    [flags.patch, () => takeOver?.patch ?? ""],
  ];
  if (wanted.every(([target]) => target === undefined)) process.stdout.write(markdown(result));
  for (const [target, make] of wanted) if (target !== undefined) write(target, make());
  if (result.unread.length > 0) {
    process.stderr.write(`data-tasks: ${headline(result)}\n`);
    return EXIT.error;
  }
  return result.tasks.length > 0 ? EXIT.drift : EXIT.none;
}

type Read = { state: StackState; found: Sighted[] };

/** Every task of the stack, read through the clients of the provider: no run of the engine, nothing is written. */
async function read({ stack }: DriftFlags, folder: string): Promise<Read> {
  const run = { folder, ...(stack !== undefined && { stack }) };
  const [text, config] = await Promise.all([stateText(run, "secrets"), configuration(run, "secrets")]);
  // The state of a stack that nothing was deployed to has no name in it.
  const state = { ...(stack !== undefined && { stack }), ...stackState(text, "the state") };
  const reader = liveReader(config, (message) => process.stderr.write(`warning: ${message}\n`));
  return { state, found: await sighted(state.tasks, reader) };
}

async function readFile(file: string, { stack }: DriftFlags): Promise<Read> {
  if (stack !== undefined)
    throw new UnreadableFile("give either a file or --stack, whose tasks are read, and not both");
  return sightedInFile(file === "-" ? await standardInput() : textOf(file), file);
}
