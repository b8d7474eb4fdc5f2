import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Emulator } from "../../emulator/index";
import type { StackValues } from "../engine-stack";
import { root } from "../setup.js";

/** An example and how it is played against an emulator. */
export interface Example {
  readonly stacks: readonly ExampleStack[];
  /** It takes over a task that is there already: its first `up` only records, the second one applies. */
  readonly adopts?: true;
}

export interface ExampleStack {
  readonly name: string;
  /** The settings a user would make with `pulumi config set`; makes what has to be there before. */
  readonly config: (emulator: Emulator) => Promise<Record<string, string>>;
}

const oneStack = (config: ExampleStack["config"]): Example => ({ stacks: [{ name: "dev", config }] });

/** The output that every workspace has before it has any task. */
const rootOutput = "shop_integration_root";

/** By the name of its folder under `examples/`. */
export const examples: Readonly<Record<string, Example>> = {
  quickstart: oneStack(async (emulator) => quickstartConfig(emulator)),
  "dataworks-task": oneStack(async ({ projectId }) => ({ "dataworks-task:projectId": projectId })),
  "di-sync": oneStack(async ({ legacyProjectId }) => ({
    "di-sync:projectId": legacyProjectId,
    "di-sync:resourceGroup": "S_res_group_integration",
    "di-sync:upstream": rootOutput,
  })),
  "task-set": oneStack(async ({ wedataProjectId, wedataWorkflowId }) => ({
    "task-set:projectId": wedataProjectId,
    "task-set:workflowId": wedataWorkflowId,
  })),
  "wedata-chain": oneStack(async ({ wedataProjectId, wedataWorkflowId }) => ({
    "wedata-chain:projectId": wedataProjectId,
    "wedata-chain:workflowId": wedataWorkflowId,
  })),
  flowspec: oneStack(async ({ projectId }) => ({ "flowspec:projectId": projectId })),
  adopt: {
    adopts: true,
    ...oneStack(async (emulator) => {
      const { projectId } = emulator;
      const earlier = {
        ...{ ProjectId: projectId, Name: "orders_by_hand", Description: "made by hand", RerunTimes: 0 },
        Trigger: { Type: "Scheduler", Cron: "00 00 02 * * ?" },
      };
      const [taskId] = await emulator.createTasks("dataworks", earlier);
      if (taskId === undefined) throw new Error("The emulator made no task to adopt.");
      return { "adopt:projectId": projectId, "adopt:taskId": taskId };
    }),
  },
  environments: {
    stacks: [
      { name: "dev", config: async ({ projectId }) => ({ "environments:projectId": projectId }) },
      { name: "prod", config: async ({ otherProjectId }) => ({ "environments:projectId": otherProjectId }) },
    ],
  },
};

/** The ids that the quickstart program asks for. */
export function quickstartConfig(emulator: Emulator): Record<string, string> {
  return {
    "quickstart:projectId": emulator.projectId,
    "quickstart:legacyProjectId": emulator.legacyProjectId,
    "quickstart:syncUpstream": rootOutput,
    "quickstart:wedataProjectId": emulator.wedataProjectId,
    "quickstart:wedataWorkflowId": emulator.wedataWorkflowId,
  };
}

/** The configuration that points a stack at an emulator, its made-up keys kept as secrets as real ones would be. */
export function connectedTo(emulator: Emulator): Required<StackValues> {
  return {
    config: {
      "dataworks:region": "cn-shanghai",
      "dataworks:endpoint": emulator.dataworks,
      "wedata:region": "ap-guangzhou",
      "wedata:endpoint": emulator.wedata,
    },
    secretConfig: {
      "dataworks:accessKeyId": emulator.accessKeyId,
      "dataworks:accessKeySecret": emulator.accessKeySecret,
      "wedata:secretId": emulator.secretId,
      "wedata:secretKey": emulator.secretKey,
    },
  };
}

/** Everything a stack of an example needs to run against an emulator. */
export async function valuesOf(stack: ExampleStack, emulator: Emulator): Promise<Required<StackValues>> {
  const { config, secretConfig } = connectedTo(emulator);
  return { config: { ...config, ...(await stack.config(emulator)) }, secretConfig };
}

export const folderOf = (name: string): string => path.join(root, "examples", name);

/** The names of the folders under `examples/` that are Pulumi projects. */
export const exampleNames = (): string[] =>
  readdirSync(path.join(root, "examples"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(path.join(root, "examples", entry.name, "Pulumi.yaml")))
    .map(({ name }) => name)
    .sort();
