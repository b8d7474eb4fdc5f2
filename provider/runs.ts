/**
 * What a run has asked of the clouds, kept in a small file per provider process: the engine gives a dynamic provider no
 * word at the end of a run, and may end it at any moment, so the file grows with every finished hook. Its folder is
 * `data-tasks/runs` in Pulumi's home. It holds names of tasks, operations and properties, and no value of any.
 */
import { appendFileSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Count, counters } from "./core/counters";
import { type Carried } from "./core/definition";

/** One run as its file tells it. */
export interface Run {
  /** Name of the file, which sorts by time. */
  readonly id: string;
  /** When its provider process began, ISO 8601. */
  readonly started: string;
  /** The folder of the Pulumi project. */
  readonly folder: string;
  /** Every HTTP attempt, by operation and outcome. */
  readonly calls: readonly Count[];
  /** Every writing call of an update, with the properties that it carried. */
  readonly carried: readonly Carried[];
}

const KEPT_RUNS = 50;

/** Where the files are. */
export const runsFolder = (environment: NodeJS.ProcessEnv = process.env): string =>
  path.join(environment["PULUMI_HOME"] || path.join(os.homedir(), ".pulumi"), "data-tasks", "runs");

/** Writes the run of this process; a folder that can't be written to costs the record and nothing else. */
export class RunRecord {
  readonly #folder: string;
  #file: string | undefined;
  #broken = false;
  #lines: object[] = [];
  #told = new Map<string, number>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  carried(call: Carried): void {
    this.#lines.push(call);
  }

  /** Appends what has happened since the last time. */
  flush(): void {
    const calls: Count[] = [];
    for (const entry of counters()) {
      const key = `${entry.cloud} ${entry.operation} ${entry.outcome}`;
      const more = entry.count - (this.#told.get(key) ?? 0);
      if (more > 0) calls.push({ ...entry, count: more });
      this.#told.set(key, entry.count);
    }
    const lines = [...(calls.length > 0 ? [{ calls }] : []), ...this.#lines.splice(0)];
    if (lines.length === 0 || this.#broken) return;
    try {
      this.#file ??= this.#begin();
      appendFileSync(this.#file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    } catch {
      this.#broken = true;
    }
  }

  #begin(): string {
    mkdirSync(this.#folder, { recursive: true });
    for (const old of runFiles(this.#folder).slice(0, -(KEPT_RUNS - 1)))
      rmSync(path.join(this.#folder, old), { force: true });
    const started = new Date().toISOString();
    const file = path.join(this.#folder, `${started.replace(/[:.]/g, "-")}-${process.pid}.jsonl`);
    appendFileSync(file, `${JSON.stringify({ started, folder: process.cwd() })}\n`);
    return file;
  }
}

/** The recorded runs, oldest first; those of one project where a folder is given. */
export function recordedRuns(folder: string, project?: string): Run[] {
  return runFiles(folder)
    .map((name) => readRun(folder, name))
    .filter((run) => run !== undefined)
    .filter((run) => project === undefined || run.folder === project);
}

const runFiles = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".jsonl"))
      .sort();
  } catch {
    return [];
  }
};

type Line = Partial<Pick<Run, "started" | "folder"> & { calls: Count[] } & Carried>;

function readRun(folder: string, name: string): Run | undefined {
  let text: string;
  try {
    text = readFileSync(path.join(folder, name), "utf8");
  } catch {
    return undefined;
  }
  const lines = text.split("\n").flatMap((line): Line[] => {
    try {
      return line === "" ? [] : [JSON.parse(line) as Line];
    } catch {
      // The last line of a process that was killed.
      return [];
    }
  });
  const [first] = lines;
  if (first?.started === undefined) return undefined;
  const calls = new Map<string, Count>();
  for (const entry of lines.flatMap((line) => line.calls ?? [])) {
    const key = `${entry.cloud} ${entry.operation} ${entry.outcome}`;
    const known = calls.get(key);
    if (known) known.count += entry.count;
    else calls.set(key, { ...entry });
  }
  return {
    id: name.replace(/\.jsonl$/, ""),
    started: first.started,
    folder: first.folder ?? "",
    calls: [...calls.values()],
    carried: lines.filter((line): line is Carried => line.operation !== undefined && line.properties !== undefined),
  };
}
