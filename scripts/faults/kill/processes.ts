import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { Emulator, EmulatorOptions, Hold, HoldRule } from "../../../emulator/index";

export type Properties = Record<string, unknown>;
export type Type = "DataWorksTask" | "DataWorksDISyncTask" | "WeDataTask";

/** What a hook throws, as the engine's host passes it on. */
export interface HookError {
  message: string;
  id?: string;
  properties?: Properties;
}

/** The process ended before it answered. */
export class Gone extends Error {}

/** What the answer to a call was. */
export type Answer<T> = { result: T } | { error: HookError };

/** A child that is loaded and waits, so that nobody waits for it when it is needed. */
async function started(program: string, environment: Record<string, string>): Promise<ChildProcess> {
  const child = fork(path.join(__dirname, program), [], {
    env: { ...process.env, ...environment },
    execArgv: [],
    // What users are told is not what the stories are about.
    stdio: ["ignore", "ignore", process.env["KILL_VERBOSE"] === "1" ? "inherit" : "ignore", "ipc"],
  });
  await once(child, "message");
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** A process with the hooks, as the engine starts one for each run. */
export class ProviderProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  #calls = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on("message", ({ call, ...answer }: { call: number }) => {
      this.#waiting.get(call)?.resolve(answer as never);
      this.#waiting.delete(call);
    });
    child.on("exit", () => {
      for (const { reject } of this.#waiting.values()) reject(new Gone("the provider process is gone"));
      this.#waiting.clear();
    });
  }

  static async start(environment: Record<string, string>): Promise<ProviderProcess> {
    return new ProviderProcess(await started("provider-process.js", environment));
  }

  /** What a hook gives or throws; rejects with `Gone` when the process ends first. */
  call<T>(type: Type, hook: string, ...args: unknown[]): Promise<Answer<T>> {
    const call = (this.#calls += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject });
      this.#child.send({ call, type, hook, args }, (error) => {
        if (error !== null) reject(new Gone("the provider process is gone", { cause: error }));
      });
    });
  }

  /** Ends it at once, as the kernel does. */
  kill = (): Promise<void> => killed(this.#child);
}

/** An emulator in a process of its own, with its state in a file. */
export class EmulatorProcess {
  readonly #environment: Record<string, string>;
  readonly #options: EmulatorOptions;
  #child: ChildProcess;
  /** Loaded, and ready to take the other one's place. */
  #next: Promise<ChildProcess> | undefined;
  emulator: Emulator;

  private constructor(
    environment: Record<string, string>,
    options: EmulatorOptions,
    child: ChildProcess,
    emulator: Emulator,
  ) {
    this.#environment = environment;
    this.#options = options;
    this.#child = child;
    this.emulator = emulator;
  }

  static async start(environment: Record<string, string>, options: EmulatorOptions): Promise<EmulatorProcess> {
    const child = await started("emulator-process.js", environment);
    return new EmulatorProcess(environment, options, child, await listening(child, options));
  }

  /** Makes a start after a kill a matter of milliseconds. */
  async standBy(): Promise<void> {
    await (this.#next ??= started("emulator-process.js", this.#environment));
  }

  kill = (): Promise<void> => killed(this.#child);

  /** Starts it again, on the same port and with the state that the killed one has left. */
  async restart(changes: EmulatorOptions = {}): Promise<void> {
    await this.kill();
    const child = await (this.#next ?? started("emulator-process.js", this.#environment));
    this.#next = undefined;
    this.#child = child;
    const port = Number(new URL(this.emulator.control).port);
    this.emulator = await listening(child, { ...this.#options, ...changes, port });
  }

  async close(): Promise<void> {
    await Promise.all([this.kill(), this.#next?.then(killed)]);
  }
}

async function listening(child: ChildProcess, options: EmulatorOptions): Promise<Emulator> {
  const answered = once(child, "message") as Promise<[{ emulator?: Emulator; error?: string }]>;
  child.send(options);
  const [{ emulator, error }] = await answered;
  if (emulator === undefined) throw new Error(error);
  return emulator;
}

/** Stops a call of an emulator that may run in another process, over HTTP. */
export const holding = (control: string) => ({
  set: async (rule: HoldRule): Promise<void> => {
    await fetch(`${control}/hold`, { method: "POST", body: JSON.stringify(rule) });
  },
  /** Whether the call is held within that time. */
  reached: async (milliseconds: number): Promise<Partial<Hold>> =>
    (await (await fetch(`${control}/hold?wait=${milliseconds}`)).json()) as Partial<Hold>,
  release: async (how: "go" | "drop"): Promise<void> => {
    await fetch(`${control}/hold${how === "drop" ? "?drop" : ""}`, { method: "DELETE" });
  },
});
