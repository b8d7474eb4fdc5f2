import { lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { reviewOf } from "./review";
import { perConfiguration, setting } from "./connections";

/** The most that a remark holds; no document gives the service's own limit. */
const MOST_CHARACTERS = 200;

/** The stack whose program is running, as the program has left it for the provider process. */
interface Stack {
  readonly project: string;
  readonly stack: string;
}

/** What an origin is made from, so that a test can play it. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  /** Address of the engine, which the program and the provider process have in common. */
  readonly engine: string | undefined;
  readonly remark: string | undefined;
}

/**
 * Where a change comes from, as a remark for the history that the console shows: `dataworks:comment`, or the stack with the
 * commit and the pull request of the build that runs; `undefined` when nothing is known. Holds no secret: numbers and
 * hashes are taken only where they look like such, and addresses lose their credentials.
 */
export function origin(surroundings: Partial<Surroundings> = {}): string | undefined {
  const { environment = process.env, engine = process.argv[2], remark = setting("dataworks:comment") } = surroundings;
  if (remark !== undefined && remark.trim() !== "") return shortened(remark);
  const stack = stackOf(engine, environment);
  const { commit, request, address } = reviewOf(environment);
  const parts = [
    ...(stack ? [`Pulumi ${stack.project}/${stack.stack}`] : []),
    ...(commit === undefined ? [] : [`commit ${commit.slice(0, 12)}`]),
    ...(request === undefined ? [] : [`pull request ${request}`]),
  ];
  if (parts.length === 0) return undefined;
  const plain = parts.join(", ");
  const linked = address === undefined ? plain : `${plain}, ${address}`;
  return shortened(linked.length <= MOST_CHARACTERS ? linked : plain);
}

/** The same for this process: every writing call carries it. */
export const originOfRun = perConfiguration(() => origin());

function shortened(text: string): string {
  // eslint-disable-next-line no-control-regex
  const line = text.replace(/[\u0000-\u001f\u007f\s]+/g, " ").trim();
  const safe = line.replace(/(\w+:\/\/)[^\s/@]*@/g, "$1");
  if (safe.length <= MOST_CHARACTERS) return safe;
  // Half a character would be left where one of two units is cut.
  return `${safe.slice(0, MOST_CHARACTERS - 1).replace(/\p{Surrogate}$/u, "")}…`;
}

/**
 * A dynamic provider is told the project and not the stack (measured on 3.230.0: `PULUMI_PROJECT` is set, nothing names
 * the stack). Both processes of a run know the engine's address, so the program leaves the name under it among the
 * temporary files: no property of any resource, no byte of state. Not in Pulumi's home, which a program of the Automation
 * API may set for the engine alone.
 */
const folderOf = (environment: NodeJS.ProcessEnv): string =>
  path.join(environment["TMPDIR"] || os.tmpdir(), `pulumi-data-tasks-${String(process.getuid?.() ?? "")}`);

/** Temporary files are everybody's: what somebody else has put there is neither written to nor believed. */
const isOurs = (file: string): boolean => {
  const owner = process.getuid?.();
  return owner === undefined || lstatSync(file).uid === owner;
};

const fileOf = (engine: string, environment: NodeJS.ProcessEnv): string =>
  path.join(folderOf(environment), `${engine.replace(/[^\w.-]/g, "_").slice(0, 100)}.json`);

/** How long a name is left there; a port of the engine may come back after days. */
const KEPT_MILLISECONDS = 24 * 60 * 60_000;
/** How much earlier than the provider process a program may have left it: resources may wait for others first. */
const EARLIER_MILLISECONDS = 60 * 60_000;

/** Leaves the name of the stack for the provider process of this run; a folder that can't be written to costs only the name. */
export function leaveStack(stack: Stack, engine: string, environment: NodeJS.ProcessEnv = process.env): void {
  try {
    const folder = folderOf(environment);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!isOurs(folder)) return;
    writeFileSync(fileOf(engine, environment), JSON.stringify(stack));
    // Last: another run may take the same old file away at this moment.
    for (const name of readdirSync(folder)) {
      const file = path.join(folder, name);
      if (Date.now() - statSync(file).mtimeMs > KEPT_MILLISECONDS) rmSync(file, { force: true });
    }
  } catch {
    // The remark goes without it.
  }
}

function stackOf(engine: string | undefined, environment: NodeJS.ProcessEnv): Stack | undefined {
  if (engine === undefined) return undefined;
  try {
    const file = fileOf(engine, environment);
    const started = Date.now() - process.uptime() * 1000;
    if (!isOurs(folderOf(environment)) || started - statSync(file).mtimeMs > EARLIER_MILLISECONDS) return undefined;
    const { project, stack } = JSON.parse(readFileSync(file, "utf8")) as Partial<Stack>;
    return typeof project === "string" && typeof stack === "string" ? { project, stack } : undefined;
  } catch {
    return undefined;
  }
}
