import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { root } from "../setup.js";
import { drawn, keyOf, mutantsOf } from "./sample";
import type { Ignorer } from "./sample";

/** What is mutated, and which tests have to notice. */
export interface Subject {
  readonly name: string;
  /** The folder of the sources; it is only read. */
  readonly folder: string;
  /** Files and folders of it that the tests need. */
  readonly parts: readonly string[];
  /** The files to mutate, as paths in the folder. */
  readonly files: readonly string[];
  /** The tests, the quickest first: a mutant is done with when one of them fails. */
  readonly tests: readonly string[];
  /** What the type check looks at. */
  readonly types: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Draw {
  readonly seed: number;
  /** How many mutants are drawn; all when there are fewer. */
  readonly count: number;
  /** How many are tried at the same time. */
  readonly workers: number;
  /** Shows what Stryker says. */
  readonly verbose?: boolean;
}

export interface Survivor {
  readonly file: string;
  readonly line: number;
  readonly change: string;
  /** No test even comes past. */
  readonly uncovered: boolean;
}

export interface Result {
  /** All mutants there are. */
  readonly total: number;
  readonly drawn: number;
  /** Of the drawn ones, those that do not compile, and so can't happen. */
  readonly uncompilable: number;
  readonly killed: number;
  /** Of the killed ones, those under which the tests did not end in their time. */
  readonly timedOut: number;
  readonly survivors: readonly Survivor[];
}

/** A run that could not judge: a test fails without any mutant, or the sources do not compile. */
export class MutationFailure extends Error {
  override readonly name = "MutationFailure";
}

/** Longest time for all the tests of one mutant beyond what they take without it, in milliseconds. */
const PATIENCE = 20_000;
/** Longest time for one test of a mutant, in milliseconds: one that waits for ever fails. */
const LONGEST_TEST = 20_000;

/** Changes copies of the sources in small ways, one at a time, and sees whether the tests of each subject notice. */
export async function mutationCheck(
  subjects: readonly Subject[],
  draw: Draw,
  told: (subject: Subject, result: Result) => void = () => undefined,
): Promise<Result> {
  const { prose } = await ourPlugin();
  const mutants = await Promise.all(subjects.map(({ folder, files }) => mutantsOf(folder, files, [prose])));
  const chosen = new Set(drawn(mutants.flat(), draw.count, draw.seed));
  const sum: Result = {
    total: mutants.flat().length,
    drawn: chosen.size,
    uncompilable: 0,
    killed: 0,
    timedOut: 0,
    survivors: [],
  };
  const results = [sum];
  for (const [index, subject] of subjects.entries()) {
    const own = (mutants[index] ?? []).filter((key) => chosen.has(key));
    if (own.length === 0) continue;
    const result = await inCopy((copy) => checkIn(copy, subject, own, draw));
    told(subject, result);
    results.push(result);
  }
  return {
    ...sum,
    uncompilable: results.reduce((all, { uncompilable }) => all + uncompilable, 0),
    killed: results.reduce((all, { killed }) => all + killed, 0),
    timedOut: results.reduce((all, { timedOut }) => all + timedOut, 0),
    survivors: results.flatMap(({ survivors }) => survivors),
  };
}

async function ourPlugin(): Promise<{ prose: Ignorer }> {
  const { strykerPlugins } = (await import(path.join(__dirname, "plugin.mjs"))) as {
    strykerPlugins: readonly { name: string; value: Ignorer }[];
  };
  const [prose] = strykerPlugins.filter(({ name }) => name === "prose");
  if (!prose) throw new Error("the plugin has nothing that ignores prose");
  return { prose: prose.value };
}

/** A folder for one run of Stryker, which is gone afterwards however it ends. */
async function inCopy<T>(work: (copy: string) => Promise<T>): Promise<T> {
  const copy = mkdtempSync(path.join(os.tmpdir(), "data-tasks-mutation-"));
  const remove = () => rmSync(copy, { recursive: true, force: true, maxRetries: 3 });
  process.once("exit", remove);
  try {
    return await work(copy);
  } finally {
    remove();
    process.removeListener("exit", remove);
  }
}

async function checkIn(copy: string, subject: Subject, chosen: readonly string[], draw: Draw): Promise<Result> {
  for (const part of subject.parts) {
    cpSync(path.join(subject.folder, part), path.join(copy, part), { recursive: true });
  }
  const windows = process.platform === "win32";
  symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"), windows ? "junction" : "dir");
  for (const name of ["plugin", "build"])
    cpSync(path.join(__dirname, `${name}.mjs`), path.join(copy, `mutation-${name}.mjs`));
  const write = (name: string, value: unknown) => writeFileSync(path.join(copy, name), JSON.stringify(value));
  write("mutation-sample.json", chosen);
  write("mutation.tsconfig.json", {
    extends: "./tsconfig.json",
    compilerOptions: { types: ["node"], noEmit: true, declaration: false },
    include: subject.types,
  });
  write("mutation.mocharc.json", { timeout: LONGEST_TEST });
  write("mutation.stryker.json", {
    plugins: ["@stryker-mutator/mocha-runner", "@stryker-mutator/typescript-checker", "./mutation-plugin.mjs"],
    mutate: subject.files,
    testRunner: "mocha",
    buildCommand: "node mutation-build.mjs",
    mochaOptions: {
      config: "mutation.mocharc.json",
      spec: subject.tests.map((file) => file.replace(/\.ts$/, ".js")),
    },
    coverageAnalysis: "perTest",
    // What a process remembers of one mutant (secrets, habits of a service) would hide the next.
    maxTestRunnerReuse: 1,
    checkers: ["sample", "typescript"],
    tsconfigFile: "mutation.tsconfig.json",
    ignorers: ["prose"],
    concurrency: draw.workers,
    timeoutMS: PATIENCE,
    timeoutFactor: 1.5,
    dryRunTimeoutMinutes: 20,
    reporters: draw.verbose === true ? ["json", "progress-append-only"] : ["json"],
    jsonReporter: { fileName: "mutation-report.json" },
    logLevel: draw.verbose === true ? "info" : "error",
    warnings: false,
    allowConsoleColors: false,
  });
  const output = await stryker(copy, subject.environment ?? {}, draw.verbose === true);
  const report = path.join(copy, "mutation-report.json");
  if (!existsSync(report)) throw new MutationFailure(reasonIn(output));
  return resultOf(JSON.parse(readFileSync(report, "utf8")) as Report, new Set(chosen));
}

/** Runs Stryker in the copy; what it says is shown, or kept. */
function stryker(copy: string, environment: Readonly<Record<string, string>>, show: boolean): Promise<string> {
  const program = path.join(root, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
  const child = spawn(process.execPath, [program, "run", "mutation.stryker.json"], {
    cwd: copy,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    // Its workers go with it.
    detached: process.platform !== "win32",
  });
  const stop = () => {
    if (process.platform === "win32" || child.pid === undefined) child.kill();
    else process.kill(-child.pid, "SIGTERM");
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output = `${output}${chunk.toString()}`.slice(-20_000);
      if (show) process.stderr.write(chunk);
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", () => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.removeListener(signal, stop);
      resolve(output);
    });
  });
}

/** Why there is no report: the first error that Stryker names, without its stack. */
function reasonIn(output: string): string {
  const said = output.slice(Math.max(0, output.search(/ ERROR /))).split(/\n\s+at |\nfile:/)[0] ?? "";
  return `Nothing can be judged: ${said
    .replace(/^ ERROR \S+ /, "")
    .slice(0, 3_000)
    .trim()}`;
}

/** What we read of Stryker's report (mutation-testing-report-schema); lines and columns from 1. */
interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Reported[] }>>;
}
interface Reported {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: Parameters<typeof keyOf>[0]["location"];
}

function resultOf({ files }: Report, chosen: ReadonlySet<string>): Result {
  let [killed, timedOut, uncompilable] = [0, 0, 0];
  const survivors: Survivor[] = [];
  for (const [fileName, { source, mutants }] of Object.entries(files)) {
    for (const { mutatorName, replacement = "", status, location } of mutants) {
      const [start, end] = [location.start, location.end].map(({ line, column }) => ({
        line: line - 1,
        column: column - 1,
      }));
      if (!start || !end || !chosen.has(keyOf({ fileName, mutatorName, replacement, location: { start, end } })))
        continue;
      if (status === "Timeout") timedOut++;
      if (status === "Killed" || status === "Timeout" || status === "RuntimeError") killed++;
      else if (status === "CompileError") uncompilable++;
      else {
        const change = `${oneLine(textAt(source, start, end))} → ${oneLine(replacement)}`;
        survivors.push({ file: fileName, line: start.line + 1, change, uncovered: status === "NoCoverage" });
      }
    }
  }
  survivors.sort((one, other) => one.file.localeCompare(other.file) || one.line - other.line);
  return { total: chosen.size, drawn: chosen.size, uncompilable, killed, timedOut, survivors };
}

function textAt(
  source: string,
  start: { line: number; column: number },
  end: { line: number; column: number },
): string {
  const lines = source.split("\n").slice(start.line, end.line + 1);
  const last = lines.length - 1;
  lines[last] = (lines[last] ?? "").slice(0, end.column);
  lines[0] = (lines[0] ?? "").slice(start.column);
  return lines.join("\n");
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 90 ? `${line.slice(0, 60)} … ${line.slice(-25)}` : line;
}

/** The TypeScript files below a folder, as paths from where it is. */
export function sourcesIn(folder: string, below: string): string[] {
  return readdirSync(path.join(folder, below), { withFileTypes: true })
    .flatMap((entry) => {
      const name = `${below}/${entry.name}`;
      return entry.isDirectory() ? sourcesIn(folder, name) : name.endsWith(".ts") ? [name] : [];
    })
    .sort();
}
