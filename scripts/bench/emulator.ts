import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { root } from "../setup.js";
import type { StackValues } from "../engine-stack";

/** The first line of `data-tasks emulator --json`, as far as it is needed here. */
interface Address {
  dataworks: string;
  wedata: string;
  accessKeyId: string;
  accessKeySecret: string;
  secretId: string;
  secretKey: string;
  projectId: string;
  legacyProjectId: string;
  wedataProjectId: string;
  wedataWorkflowId: string;
  control: string;
}

interface Counts {
  total: number;
  operations: Record<string, number>;
  outcomes: Record<string, number>;
}

export interface EmulatorProcess extends Address {
  /** Makes DataWorks tasks as if they had always been there; returns their ids. */
  createTasks(count: number): Promise<string[]>;
  /** How often each operation was called since the last reset. */
  counts(): Promise<Record<string, number>>;
  /** Of the calls since the last reset, those that were not answered with success. */
  refused(): Promise<number>;
  reset(): Promise<void>;
  /** Stack configuration that points at it, without limits of our own. */
  readonly configuration: Required<StackValues>;
  close(): Promise<void>;
}

/** What a measure may ask for, in the words of `data-tasks emulator`. */
export interface Behaviour {
  latency?: number;
  edition?: "Enterprise";
}

/** An emulator of both clouds in a process of its own, so that its work is not counted as anybody's. */
export async function emulatorProcess({ latency = 0, edition }: Behaviour = {}): Promise<EmulatorProcess> {
  const flags = ["--json", "--stage", "5", "--latency", String(latency), ...(edition ? ["--edition", edition] : [])];
  const child = spawn(process.execPath, [path.join(root, "dist", "cli", "main.js"), "emulator", ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the emulator ended with exit code ${code}`)));
  });
  ended.catch(() => undefined);
  const lines = createInterface(child.stdout);
  const first = await Promise.race([ended, new Promise<string>((resolve) => lines.once("line", resolve))]);
  const address = JSON.parse(first) as Address;

  const ask = async (resource: string, body?: object): Promise<unknown> => {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const answer = await fetch(`${address.control}/${resource}`, init);
    if (!answer.ok) throw new Error(`${resource}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const counted = async () => (await ask("counts")) as Counts;
  const unlimited = { "dataworks:requestsPerSecond": "100000", "wedata:requestsPerSecond": "100000" };
  return {
    ...address,
    async createTasks(count) {
      const task = {
        ...{ ProjectId: address.projectId, Name: "task_{n}", RerunTimes: 1, RerunInterval: 60 },
        Trigger: { Type: "Scheduler", Cron: "00 00 00 * * ?", Recurrence: "Normal" },
      };
      return ((await ask("tasks", { service: "dataworks", task, count })) as { ids: string[] }).ids;
    },
    counts: async () => (await counted()).operations,
    refused: async () => {
      const { total, outcomes } = await counted();
      return total - (outcomes["ok"] ?? 0);
    },
    reset: async () => void (await ask("reset", {})),
    configuration: {
      config: {
        ...{ "dataworks:endpoint": address.dataworks, "dataworks:region": "cn-shanghai" },
        ...{ "wedata:endpoint": address.wedata, "wedata:region": "ap-guangzhou" },
        ...(edition === undefined && unlimited),
      },
      secretConfig: {
        ...{ "dataworks:accessKeyId": address.accessKeyId, "dataworks:accessKeySecret": address.accessKeySecret },
        ...{ "wedata:secretId": address.secretId, "wedata:secretKey": address.secretKey },
      },
    },
    async close() {
      child.kill("SIGTERM");
      await ended.catch(() => undefined);
    },
  };
}
