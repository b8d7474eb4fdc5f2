import assert from "node:assert/strict";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { configure } from "../../provider/clouds/connections";
import { type TaskHooks, Unfinished, hooks } from "../../provider/core/lifecycle";
import type { Definition, Properties } from "../../provider/core/definition";
import { setHooks } from "../../provider/core/set/hooks";
import { factByKey } from "../../provider/core/set/record";
import type { Hooks } from "../../provider/core/lifecycle";
import { definition as dataworksTask } from "../../provider/resources/dataworks-task/resource";
import { definition as wedataTask } from "../../provider/resources/wedata-task/resource";

export type Tasks = Record<string, Properties>;

/** What a test of sets has to know of one cloud. */
export interface Cloud {
  readonly name: string;
  readonly service: string;
  readonly definition: Definition<never, never>;
  /** Arguments that every task can have. */
  readonly common: (emulator: Emulator) => Properties;
  /** One task, its name the key; `text` is a text that an edit changes. */
  readonly task: (key: string, text?: string) => Properties;
  /** The property of that text. */
  readonly text: string;
  /** A property that no read brings back. */
  readonly unread: string;
  /** A change at the console of it, in the service's words. */
  readonly touched: (text: string) => Properties;
  /** An edge to a task of the set by its key. */
  readonly waitsFor: (key: string) => Properties;
  /** A change that makes a new task. */
  readonly replacing: Properties;
  readonly replaced: string;
  /** The operations that make and that change a task. */
  readonly makes: string;
  readonly changes: string;
  readonly deletes: string;
  /** The parameter of the operation that makes a task in which its name is found. */
  readonly nameOf: (stored: Properties) => unknown;
}

export const dataworks: Cloud = {
  name: "DataWorksTaskSet",
  service: "dataworks",
  definition: dataworksTask as never,
  common: ({ projectId }) => ({ projectId, script: { command: "ODPS_SQL" } }),
  task: (key, text = "as made") => ({ name: key, description: text, script: { content: `select '${key}';` } }),
  text: "description",
  unread: "path",
  touched: (text) => ({ Description: text }),
  waitsFor: (key) => ({ dependencies: [{ type: "Normal", upstream: `tasks.${key}` }] }),
  replacing: { script: { command: "DIDE_SHELL", content: "echo" } },
  replaced: "script.command",
  makes: "CreateNode",
  changes: "BatchUpdateTasks",
  deletes: "DeleteNode",
  nameOf: ({ Name }) => Name,
};

export const wedata: Cloud = {
  name: "WeDataTaskSet",
  service: "wedata",
  definition: wedataTask as never,
  common: ({ wedataProjectId, wedataWorkflowId }) => ({
    projectId: wedataProjectId,
    workflowId: wedataWorkflowId,
    taskType: 35,
  }),
  task: (key, text = "as made") => ({ name: key, notes: text, script: { content: `echo ${key}` } }),
  text: "notes",
  unread: "codeTemplateId",
  touched: (text) => ({ Notes: text }),
  waitsFor: (key) => ({
    dependencies: [{ dependConfType: "DAY", subordinateCyclicType: "CURRENT_DAY", parentTask: `tasks.${key}` }],
  }),
  replacing: { taskType: 34 },
  replaced: "taskType",
  makes: "CreateTaskNew",
  changes: "ModifyTaskInfo",
  deletes: "DeleteTaskDs",
  nameOf: ({ settings }) => (settings as Properties)["TaskName"],
};

/** A set at one moment. */
export interface Told {
  readonly id: string;
  readonly outs: Properties;
  readonly inputs: Properties;
}

/** An emulator and the hooks of a set; what they say is kept. */
export class SetStage {
  readonly warnings: string[] = [];
  readonly lines: string[] = [];
  readonly took = new Set<string>();
  readonly set: Hooks;
  readonly single: TaskHooks;
  readonly emulator: Emulator;
  readonly cloud: Cloud;

  private constructor(cloud: Cloud, emulator: Emulator) {
    this.cloud = cloud;
    this.emulator = emulator;
    const environment = {
      ready: () => Promise.resolve(),
      warn: (message: string) => void this.warnings.push(message),
      inform: (message: string) => void this.lines.push(message),
      took: (id: string) => void this.took.add(id),
      isTaken: (id: string) => this.took.has(`other ${id}`),
    };
    this.set = setHooks(cloud.definition, environment);
    this.single = hooks(cloud.definition, environment);
  }

  static async open(cloud: Cloud): Promise<SetStage> {
    const emulator = await startEmulator({ stageMilliseconds: 0, seed: 7 });
    const config: Record<string, string> = {
      "dataworks:endpoint": emulator.dataworks,
      "dataworks:region": "cn-shanghai",
      "dataworks:accessKeyId": emulator.accessKeyId,
      "dataworks:accessKeySecret": emulator.accessKeySecret,
      "dataworks:requestsPerSecond": "10000",
      "wedata:endpoint": emulator.wedata,
      "wedata:region": "ap-guangzhou",
      "wedata:secretId": emulator.secretId,
      "wedata:secretKey": emulator.secretKey,
      "wedata:requestsPerSecond": "10000",
    };
    configure({ get: (key) => config[key] });
    return new SetStage(cloud, emulator);
  }

  /** The arguments of a set as the engine brings them. */
  news(tasks: Tasks, more: Properties = {}): Properties {
    return {
      label: "daily",
      creationToken: "stack0123456789abc",
      defaults: this.cloud.common(this.emulator),
      tasks,
      ...more,
    };
  }

  /** The tasks of these keys, each with the text. */
  tasks(keys: readonly string[], text?: string): Tasks {
    return Object.fromEntries(keys.map((key) => [key, this.cloud.task(key, text)]));
  }

  async checked(news: Properties, olds: Properties = {}): Promise<Properties> {
    const { inputs, failures } = await this.set.check(olds, news);
    assert.deepEqual(failures, []);
    return inputs;
  }

  async made(tasks: Tasks, more: Properties = {}): Promise<Told> {
    const inputs = await this.checked(this.news(tasks, more));
    return { inputs, ...(await this.set.create(inputs)) };
  }

  /** As the engine does: check, diff, and an update where there is a difference; the state of before after a failure. */
  async up(told: Told, tasks: Tasks, more: Properties = {}): Promise<Told & { changed: boolean; error?: Unfinished }> {
    const inputs = await this.checked(this.news(tasks, more), told.inputs);
    const { changes } = await this.set.diff(told.id, told.outs, inputs);
    if (!changes) return { ...told, inputs, changed: false };
    try {
      return { id: told.id, inputs, changed: true, ...(await this.set.update(told.id, told.outs, inputs)) };
    } catch (error) {
      assert.ok(error instanceof Unfinished, String(error));
      return { id: told.id, inputs: told.inputs, outs: error.properties, changed: true, error };
    }
  }

  ids = ({ outs }: Pick<Told, "outs">) => factByKey(this.cloud.definition, outs, "id");
  taskIds = ({ outs }: Pick<Told, "outs">) => factByKey(this.cloud.definition, outs, "taskId");
  stored = async () => (await this.emulator.tasks(this.cloud.service)) as Properties[];
  names = async () => (await this.stored()).map(this.cloud.nameOf).map(String).sort();
}

/** The error that work ends with. */
export async function failure(work: Promise<unknown>): Promise<Error> {
  const outcome: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(outcome instanceof Error, "it did not fail");
  return outcome;
}
