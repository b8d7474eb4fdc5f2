import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Edition } from "../../../emulator/index";
import { engine } from "../../engine-stack";
import type { EngineStack } from "../../engine-stack";
import { runProject } from "../../run-project";
import { root } from "../../setup.js";
import { EmulatorProcess } from "./processes";
import type { Type } from "./processes";
import type { Declared, Entry } from "./stack";
import { configOf } from "./story";

const PROGRAM = `
const tasks = require("pulumi-data-tasks");
for (const { name, type, args } of JSON.parse(process.env.DECLARED)) new tasks[type](name, args);
`;

const TYPES: Record<string, Type> = {
  "pulumi-nodejs:dynamic/dataworks:Task": "DataWorksTask",
  "pulumi-nodejs:dynamic/dataworks:DISyncTask": "DataWorksDISyncTask",
  "pulumi-nodejs:dynamic/wedata:Task": "WeDataTask",
};

export interface DeploymentOptions {
  stageMilliseconds?: number;
  /** Given, the limits of that edition hold, and the provider is told so. */
  edition?: Edition;
}

/** A Pulumi project with an emulator in a process of its own: the real engine, and everything that can be killed. */
export class Deployment {
  readonly #folder: string;
  readonly #stateFile: string;
  readonly emulator: EmulatorProcess;
  readonly stack: EngineStack;

  readonly #open: (name: string) => Promise<EngineStack>;

  private constructor(
    folder: string,
    stateFile: string,
    emulator: EmulatorProcess,
    stack: EngineStack,
    open: (name: string) => Promise<EngineStack>,
  ) {
    this.#open = open;
    this.#folder = folder;
    this.#stateFile = stateFile;
    this.emulator = emulator;
    this.stack = stack;
  }

  /** In a folder inside the repository, from which the package resolves by its name. */
  static async open({ stageMilliseconds = 100, edition }: DeploymentOptions = {}): Promise<Deployment> {
    const parent = path.join(root, ".state", "kill");
    mkdirSync(parent, { recursive: true });
    const folder = mkdtempSync(path.join(parent, "stack-"));
    const project = path.join(folder, "project");
    mkdirSync(project);
    writeFileSync(path.join(project, "Pulumi.yaml"), "name: kill\nruntime: nodejs\nmain: index.js\n");
    writeFileSync(path.join(project, "package.json"), '{ "name": "kill", "main": "index.js" }\n');
    writeFileSync(path.join(project, "index.js"), PROGRAM);
    const stateFile = path.join(folder, "clouds.json");
    const emulator = await EmulatorProcess.start(
      {},
      { state: stateFile, stageMilliseconds, ...(edition !== undefined && { edition }) },
    );
    const settings = Object.entries(configOf({}, emulator.emulator));
    const isKey = ([name]: [string, string]) => /:(accessKey|secret)/.test(name);
    const secretConfig = Object.fromEntries(settings.filter(isKey));
    const config = Object.fromEntries(settings.filter((setting) => !isKey(setting)));
    if (edition !== undefined) {
      delete config["dataworks:requestsPerSecond"];
      config["dataworks:edition"] = edition;
    }
    const open = (name: string): Promise<EngineStack> =>
      runProject(project, name, {
        stateFolder: path.join(folder, "state"),
        home: path.join(folder, "home"),
        passphrase: "kill",
        config,
        secretConfig,
        // The environment of a run says what its program declares; until then nothing.
        env: { DECLARED: "[]" },
      });
    return new Deployment(folder, stateFile, emulator, await open("kill"), open);
  }

  /** More stacks of the same project, account and machine. */
  async stacks(count: number): Promise<EngineStack[]> {
    const stacks: EngineStack[] = [];
    for (let index = 1; index <= count; index += 1) stacks.push(await this.#open(`stack-${index}`));
    return stacks;
  }

  get stateFile(): string {
    return this.#stateFile;
  }

  /** What the next runs of the stack declare. */
  declare(program: readonly Declared[], { stack, environment }: EngineStack = this.stack): void {
    const declared = program.map(({ name, type, args: { creationToken: _token, ...args } }) => ({ name, type, args }));
    environment["DECLARED"] = JSON.stringify(declared);
    stack.workspace.envVars["DECLARED"] = JSON.stringify(declared);
  }

  /** Starts `pulumi <command>` as a process that can be killed. */
  async start(...command: string[]): Promise<{ run: ChildProcess; ended: Promise<number | null>; text: () => string }> {
    const { pulumi } = await engine();
    let text = "";
    const run = spawn(pulumi, [...command, "--non-interactive", "--stack", this.stack.stack.name], {
      cwd: this.stack.folder,
      env: { ...process.env, ...this.stack.environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [run.stdout, run.stderr]) stream.on("data", (data: Buffer) => (text += data.toString()));
    const ended = once(run, "exit").then(([code]) => code as number | null);
    return { run, ended, text: () => text };
  }

  /** The resources of the state, with what is pending beside them. */
  async state(): Promise<{ entries: Map<string, Entry>; pending: number }> {
    interface Stored {
      urn: string;
      type: string;
      id: string;
      inputs: Entry["inputs"];
      outputs: Entry["outputs"];
    }
    const { resources = [], pending_operations: pending = [] } = (await this.stack.exportState()).deployment as {
      resources?: Stored[];
      pending_operations?: unknown[];
    };
    const entries = resources.flatMap(({ urn, type, id, inputs, outputs }) => {
      const known = TYPES[type];
      return known === undefined
        ? []
        : [[urn.slice(urn.lastIndexOf("::") + 2), { type: known, id, inputs, outputs }] as const];
    });
    return { entries: new Map(entries), pending: pending.length };
  }

  /** Keeps stack and clouds as they are now, to come back to. */
  async keep(name: string): Promise<() => Promise<void>> {
    const kept = path.join(this.#folder, `kept-${name}`);
    const state = path.join(this.#folder, "state");
    cpSync(this.#stateFile, `${kept}.json`);
    cpSync(state, kept, { recursive: true });
    return async () => {
      await this.emulator.kill();
      cpSync(`${kept}.json`, this.#stateFile);
      rmSync(state, { recursive: true, force: true });
      cpSync(kept, state, { recursive: true });
      await this.emulator.restart();
    };
  }

  async close(): Promise<void> {
    await this.emulator.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The provider processes below a run of the engine. */
export function providersBelow(pid: number): number[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  const processes = table.split("\n").flatMap((line) => {
    const [, own, parent, args = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return own === undefined ? [] : [{ pid: Number(own), parent: Number(parent), args }];
  });
  const below = (of: number): typeof processes => {
    const children = processes.filter(({ parent }) => parent === of);
    return children.flatMap((child) => [child, ...below(child.pid)]);
  };
  return below(pid)
    .filter(({ args }) => args.includes("dynamic-provider") && !args.startsWith("/bin/sh"))
    .map((each) => each.pid);
}

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
