import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { engine } from "../engine-stack";
import type { EngineStack, StackValues } from "../engine-stack";
import { runProject } from "../run-project";
import { root } from "../setup.js";

/** What the program of a stack declares; see programs/. */
export interface Plan {
  /** `tasks`: a resource of this package each; `sets`: sets of them; `empty`, `guide`: the baselines. */
  form: "tasks" | "sets" | "empty" | "guide";
  shape: "adopted" | "created" | "wedata" | "least" | "full" | "sync" | "both";
  count: number;
  /** Another one edits every task. */
  revision: number;
  /** How many sets, of `sets`; of `empty`, how many resources hold all of the arguments. */
  sets?: number;
  projectId?: string;
  legacyProjectId?: string;
  wedataProjectId?: string;
  workflowId?: string;
  ids?: readonly string[];
  endpoint?: string;
  accessKeyId?: string;
  accessKeySecret?: string;
}

export type Action = "up" | "preview" | "refresh" | "destroy";

/** What one run of the engine has cost. */
export interface Cost {
  readonly milliseconds: number;
  /** Of all processes; then of the program and of the provider process. The rest is the engine's. */
  readonly cpu: number;
  readonly programCpu: number;
  readonly providerCpu: number;
  /** The most memory that the provider process had. */
  readonly providerRss: number;
  /** The CPU time that the provider process has taken to load modules since it began. */
  readonly providerLoad: number;
  /** The functions with the most time of their own, where they were asked for. */
  readonly functions: Readonly<Record<"program" | "provider", readonly (readonly [string, number])[]>>;
}

export interface RunOptions {
  parallel?: number;
  /** The engine writes its state at the end only: for what is not measured, and where it is not the engine that is. */
  skipCheckpoints?: boolean;
  profile?: boolean;
}

/** A stack whose runs are measured. */
export interface BenchStack {
  readonly name: string;
  readonly engine: EngineStack;
  /** The program from now on. */
  plan(changes: Partial<Plan>): void;
  run(action: Action, options?: RunOptions): Promise<Cost>;
  remove(): void;
}

const programs = path.join(__dirname, "programs");
const folders = new Set<string>();
process.on("exit", () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A stack with a state of its own in a local file backend, its program run by the CLI. */
export async function benchStack(name: string, first: Plan, values: StackValues): Promise<BenchStack> {
  const parent = path.join(root, ".state", "bench");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, `${name}-`));
  folders.add(folder);
  const project = path.join(folder, "project");
  cpSync(programs, project, { recursive: true });
  // By name, as the hooks of a package are found.
  const hooks = path.join(project, "node_modules", "empty-hooks-of-the-bench");
  cpSync(path.join(programs, "empty-hooks.js"), path.join(hooks, "index.js"));
  const settings = { name: "bench", runtime: { name: "nodejs", options: { typescript: false } }, main: "index.js" };
  writeFileSync(path.join(project, "Pulumi.yaml"), JSON.stringify(settings));
  const usage = path.join(folder, "usage");
  const stack = await runProject(project, "bench", {
    stateFolder: path.join(folder, "state"),
    home: path.join(folder, "home"),
    passphrase: "bench",
    ...values,
  });
  let current = first;
  const plan = (changes: Partial<Plan>) => {
    current = { ...current, ...changes };
    writeFileSync(path.join(project, "program.json"), JSON.stringify(current));
  };
  plan({});
  /** The revision that the state has: what the hooks of the floor take for a change. */
  let applied: number | undefined;

  return {
    name,
    engine: stack,
    plan,
    async run(action, { parallel, skipCheckpoints = false, profile = false } = {}) {
      rmSync(usage, { recursive: true, force: true });
      mkdirSync(usage, { recursive: true });
      const flags = [
        ...["--non-interactive", "--color", "never", "--stack", "bench", "--suppress-progress"],
        ...(action === "preview" ? [] : ["--yes", "--skip-preview"]),
        ...(action === "up" || action === "preview" ? ["--suppress-outputs"] : []),
        ...(parallel === undefined ? [] : ["--parallel", String(parallel)]),
      ];
      const { pulumi } = await engine();
      const { code, output, milliseconds, cpu } = await timed([pulumi, action, ...flags], project, {
        ...process.env,
        ...stack.environment,
        NODE_OPTIONS: `--require ${JSON.stringify(path.join(__dirname, "usage.js"))}`,
        BENCH_USAGE: usage,
        BENCH_PROFILE: profile ? "yes" : "no",
        BENCH_CHANGES: applied !== undefined && applied !== current.revision ? "yes" : "no",
        ...(skipCheckpoints && { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" }),
      });
      if (code !== 0)
        throw new Error(`${name}: pulumi ${action} ended with exit code ${code}:\n${output.slice(-4000)}`);
      if (action === "up") applied = current.revision;
      const [program, provider] = [usedBy("program", usage), usedBy("provider", usage)];
      return {
        ...{ milliseconds, cpu, programCpu: program.cpuMilliseconds, providerCpu: provider.cpuMilliseconds },
        ...{ providerRss: provider.rssBytes, providerLoad: provider.loadMilliseconds },
        functions: { program: program.functions ?? [], provider: provider.functions ?? [] },
      };
    },
    remove() {
      rmSync(folder, { recursive: true, force: true });
      folders.delete(folder);
    },
  };
}

interface Usage {
  cpuMilliseconds: number;
  rssBytes: number;
  loadMilliseconds: number;
  functions?: [string, number][];
}

/** What the processes of a kind have noted; usage.js writes it. */
function usedBy(role: "program" | "provider", folder: string): Usage {
  const all = readdirSync(folder)
    .filter((file) => file.startsWith(`${role}-`))
    .map((file) => readFileSync(path.join(folder, file), "utf8").trim())
    .filter((text) => text !== "")
    .map((text) => JSON.parse(text) as Usage);
  const functions = all.flatMap((usage) => usage.functions ?? []);
  return {
    cpuMilliseconds: all.reduce((sum, { cpuMilliseconds }) => sum + cpuMilliseconds, 0),
    rssBytes: Math.max(0, ...all.map(({ rssBytes }) => rssBytes)),
    loadMilliseconds: all.reduce((sum, { loadMilliseconds }) => sum + loadMilliseconds, 0),
    ...(functions.length > 0 && { functions }),
  };
}

/** Runs a command through the shell, whose `times` alone knows what a command and all that it started have used up. */
function timed(
  command: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; output: string; milliseconds: number; cpu: number }> {
  const script = '"$@" 2>&1; code=$?; echo; echo "=times="; times; exit $code';
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn("sh", ["-c", script, "sh", ...command], { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.once("error", reject);
    child.once("close", (code) => {
      const milliseconds = performance.now() - started;
      const [output = "", times = ""] = Buffer.concat(chunks).toString("utf8").split("=times=\n");
      // The shell itself first, then its children: "0m1.20s 0m0.31s".
      const cpu = [...(times.split("\n")[1] ?? "").matchAll(/(\d+)m([\d.]+)s/g)].reduce(
        (sum, [, minutes, seconds]) => sum + (Number(minutes) * 60 + Number(seconds)) * 1000,
        0,
      );
      resolve({ code, output, milliseconds, cpu });
    });
  });
}
