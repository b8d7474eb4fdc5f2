import assert from "node:assert/strict";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { configure } from "../../provider/clouds/connections";
import { hooks } from "../../provider/core/lifecycle";
import type { Properties } from "../../provider/core/definition";
import { definition } from "../../provider/resources/wedata-task/resource";

/** A task as the emulator stores it. */
export interface Stored {
  TaskId: string;
  Status: string;
  submitted?: { Version: string; Remark: string; settings: Record<string, unknown> };
  settings: Record<string, unknown> & {
    TaskName: string;
    Notes: string;
    Content: string;
    TaskExt: { Key: string; Value: string }[];
    Dependencies: Record<string, unknown>[];
  };
}

/** A task as the engine's state would have it. */
export interface Made {
  inputs: Properties;
  id: string;
  outs: Properties;
}

let serial = 0;

/** An emulator, the clients that go to it, and the hooks of a WeDataTask as the engine would call them. */
export class Stage {
  readonly emulator: Emulator;
  /** What users are told beside errors. */
  readonly warnings: string[] = [];
  /** Which writing calls were said to carry what, as `operation: properties`. */
  readonly carried: string[] = [];
  readonly task = hooks(definition, {
    ready: () => Promise.resolve(),
    warn: (message) => this.warnings.push(message),
    inform: (message) => this.warnings.push(message),
    carried: ({ operation, properties }) => this.carried.push(`${operation}: ${properties.join(", ")}`),
  });

  private runs = 0;

  private constructor(emulator: Emulator) {
    this.emulator = emulator;
  }

  static async open(switches: Record<string, unknown> = {}): Promise<Stage> {
    const stage = new Stage(await startEmulator({ switches, stageMilliseconds: 0 }));
    stage.connect(switches["wedataSite"] as string | undefined);
    return stage;
  }

  /** New clients, as another run has them: nothing is left of what the old ones had learned. */
  connect(site?: string): void {
    const { wedata, secretId, secretKey } = this.emulator;
    const config: Record<string, string> = {
      "wedata:endpoint": wedata,
      "wedata:region": "ap-guangzhou",
      "wedata:secretId": secretId,
      "wedata:secretKey": secretKey,
      "wedata:readTimeoutSeconds": "5",
      // Clients are known by their settings: another run has others.
      "wedata:requestsPerSecond": String(1000 + (this.runs += 1)),
      "dataworks:comment": "change 42",
      ...(site !== undefined && { "wedata:site": site }),
    };
    configure({ get: (key) => config[key] });
  }

  close = (): Promise<void> => this.emulator.close();

  /** Arguments of a small task; a token of its own for each. */
  orders(changes: Properties = {}): Properties {
    return {
      projectId: this.emulator.wedataProjectId,
      workflowId: this.emulator.wedataWorkflowId,
      taskType: 30,
      name: "load_orders",
      cycleType: "Day",
      delayTimeMinutes: 120,
      creationToken: `token${String((serial += 1)).padStart(8, "0")}`,
      ...changes,
    };
  }

  /** Arguments that take over a task which is there. */
  adopting(adopt: string | Properties, changes: Properties = {}): Properties {
    const {
      workflowId: _workflow,
      taskType: _type,
      name: _name,
      cycleType: _cycle,
      delayTimeMinutes: _delay,
      ...rest
    } = this.orders();
    return { ...rest, adopt, ...changes };
  }

  async checked(news: Properties, olds: Properties = {}): Promise<Properties> {
    const { inputs, failures } = await this.task.check(olds, news);
    assert.deepEqual(failures, []);
    return inputs;
  }

  async created(news: Properties): Promise<Made> {
    const inputs = await this.checked(news);
    return { inputs, ...(await this.task.create(inputs)) };
  }

  async updated(made: Made, changes: Properties): Promise<Made> {
    const inputs = await this.checked({ ...made.inputs, ...changes }, made.inputs);
    return { inputs, id: made.id, ...(await this.task.update(made.id, made.outs, inputs)) };
  }

  async differs({ id, outs, inputs }: Made): Promise<boolean> {
    return (await this.task.diff(id, outs, inputs)).changes;
  }

  /** What a refresh brings into the inputs, if anything. */
  async refreshed({ id, outs }: Made): Promise<Properties | undefined> {
    return (await this.task.read(id, outs)).inputs;
  }

  /** Nothing is left to do, and a refresh finds nothing. */
  async isSettled(made: Made): Promise<void> {
    assert.equal(await this.differs(made), false, "there is a difference left");
    const read = await this.task.read(made.id, made.outs);
    assert.equal(read.inputs, undefined, "a refresh finds something");
    assert.deepEqual(read.props, made.outs);
  }

  async stored(): Promise<Stored[]> {
    return (await this.emulator.tasks("wedata")) as Stored[];
  }

  /** The task of this name. */
  async named(name: string): Promise<Stored> {
    const found = (await this.stored()).filter(({ settings }) => settings.TaskName === name);
    assert.equal(found.length, 1, `tasks named ${name}`);
    return found[0] as Stored;
  }

  /** A task that somebody else made, by hand. */
  async byHand(settings: Properties = {}): Promise<string> {
    return (await this.emulator.createTasks("wedata", { TaskName: "old", ...settings }, 1))[0] as string;
  }
}
