/**
 * What a run has asked of the clouds, kept in a small file per provider process: the engine gives a dynamic provider no
 * word at the end of a run, and may end it at any moment, so the file grows with every finished hook. Its folder is
 * `data-tasks/runs` in Pulumi's home. It holds names of tasks, operations and properties, and no value of any.
 */
import { appendFileSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Batched, type Count, type Effort, batchCounters, counters, effortCounters } from "./core/counters";
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
  /** Calls that carried many tasks, by operation: how many, and how many tasks in all. */
  readonly batches: readonly Batched[];
  /** By cloud: attempts that repeated another, milliseconds of waiting for limits, and what is used of a limited day. */
  readonly efforts: readonly Effort[];
  /** The address of the engine that the process worked for. */
  readonly engine?: string;
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
  readonly #engine: string | undefined;
  #told = new Map<string, number>();

  constructor(folder: string, engine?: string) {
    this.#folder = folder;
    this.#engine = engine;
  }

  carried(call: Carried): void {
    this.#lines.push(call);
  }

  /** Appends what has happened since the last time. */
  flush(): void {
    const calls = counters().flatMap((entry) => {
      const count = this.#more(`${entry.cloud} ${entry.operation} ${entry.outcome}`, entry.count);
      return count > 0 ? [{ ...entry, count }] : [];
    });
    const batches = batchCounters().flatMap((entry) => {
      const key = `${entry.cloud} ${entry.operation}`;
      const [more, items] = [this.#more(`${key} batches`, entry.batches), this.#more(`${key} items`, entry.items)];
      return more > 0 ? [{ ...entry, batches: more, items }] : [];
    });
    const efforts = effortCounters().flatMap((entry) => {
      const repeats = this.#more(`${entry.cloud} repeats`, entry.repeats);
      const waited = this.#more(`${entry.cloud} waited`, entry.waited);
      const day = this.#more(`${entry.cloud} day`, entry.day?.used ?? 0);
      return repeats + waited + day > 0 ? [{ ...entry, repeats, waited }] : [];
    });
    const counted = {
      ...(calls.length > 0 && { calls }),
      ...(batches.length > 0 && { batches }),
      ...(efforts.length > 0 && { efforts }),
    };
    const lines = [...(Object.keys(counted).length > 0 ? [counted] : []), ...this.#lines.splice(0)];
    if (lines.length === 0 || this.#broken) return;
    try {
      this.#file ??= this.#begin();
      appendFileSync(this.#file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    } catch {
      this.#broken = true;
    }
  }

  /** How much a figure has grown since the last time. */
  #more(key: string, value: number): number {
    const more = value - (this.#told.get(key) ?? 0);
    this.#told.set(key, value);
    return more;
  }

  #begin(): string {
    mkdirSync(this.#folder, { recursive: true });
    for (const old of runFiles(this.#folder).slice(0, -(KEPT_RUNS - 1)))
      rmSync(path.join(this.#folder, old), { force: true });
    const started = new Date().toISOString();
    const file = path.join(this.#folder, `${started.replace(/[:.]/g, "-")}-${process.pid}.jsonl`);
    const engine = this.#engine === undefined ? {} : { engine: this.#engine };
    appendFileSync(file, `${JSON.stringify({ started, folder: process.cwd(), ...engine })}\n`);
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

type Counted = { calls: Count[]; batches: Batched[]; efforts: Effort[] };
type Line = Partial<Pick<Run, "started" | "folder" | "engine"> & Counted & Carried>;

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
  const batches = new Map<string, Batched>();
  for (const entry of lines.flatMap((line) => line.batches ?? [])) {
    const known = batches.get(`${entry.cloud} ${entry.operation}`) ?? { ...entry, batches: 0, items: 0 };
    known.batches += entry.batches;
    known.items += entry.items;
    batches.set(`${entry.cloud} ${entry.operation}`, known);
  }
  const efforts = new Map<string, Effort>();
  for (const entry of lines.flatMap((line) => line.efforts ?? [])) {
    const known = efforts.get(entry.cloud) ?? { ...entry, repeats: 0, waited: 0 };
    known.repeats += entry.repeats;
    known.waited += entry.waited;
    if (entry.day) known.day = entry.day;
    efforts.set(entry.cloud, known);
  }
  return {
    id: name.replace(/\.jsonl$/, ""),
    started: first.started,
    folder: first.folder ?? "",
    ...(first.engine !== undefined && { engine: first.engine }),
    calls: [...calls.values()],
    batches: [...batches.values()],
    efforts: [...efforts.values()],
    carried: lines.filter((line): line is Carried => line.operation !== undefined && line.properties !== undefined),
  };
}
