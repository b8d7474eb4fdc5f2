import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { DataWorksTaskSet, WeDataTaskSet } from "pulumi-data-tasks";
import type { DataWorksTaskInSetArgs } from "pulumi-data-tasks";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { cloudsAt } from "./clouds";
import { EngineFailure, differences, inlineStack, stored, writes } from "./support";
import type { EngineStack } from "./support";

type Args = Record<string, unknown>;

/** The tests follow each other on one stack of two sets: each begins with what the one before has left. */
describe("options of the engine on sets of tasks", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  let stack: EngineStack;
  let program: () => void;

  before(async () => {
    emulator = await startEmulator({ stageMilliseconds: 5 });
    stack = await inlineStack("set-options", () => Promise.resolve(program()), cloudsAt(emulator));
    program = () => {
      daily({});
      loads({});
    };
    assert.deepEqual((await stack.up()).summary, { create: 3 });
  });
  after(() => emulator.close());
  beforeEach(() => emulator.reset());

  interface Shape {
    name?: string;
    orders?: Partial<DataWorksTaskInSetArgs>;
    clicks?: Partial<DataWorksTaskInSetArgs>;
    opts?: pulumi.CustomResourceOptions;
  }
  const daily = ({ name = "daily", orders = {}, clicks = {}, opts = {} }: Shape) =>
    new DataWorksTaskSet(
      name,
      {
        defaults: {
          projectId: emulator.projectId,
          script: { command: "ODPS_SQL", content: "select 1;" },
          trigger: { type: "Scheduler", cron: "00 30 02 * * ?" },
        },
        tasks: {
          orders: { name: "orders", description: "one", tags: { team: "a", tier: "gold" }, ...orders },
          clicks: { name: "clicks", rerunTimes: 1, ...clicks },
        },
      },
      opts,
    );
  const loads = ({ tryLimit = 1, opts = {} }: { tryLimit?: number; opts?: pulumi.CustomResourceOptions }) =>
    new WeDataTaskSet(
      "loads",
      {
        defaults: { projectId: emulator.wedataProjectId, workflowId: emulator.wedataWorkflowId, taskType: 35 },
        tasks: {
          load: {
            name: "load",
            script: { content: "echo load" },
            tryLimit,
            taskExt: { queue: `q${tryLimit}`, level: "1" },
          },
        },
      },
      opts,
    );
  const live = async (name: string): Promise<Args> =>
    ((await emulator.tasks("dataworks")) as Args[]).find(({ Name }) => Name === name) ?? assert.fail(name);
  const sent = async (operation: string) =>
    (await writes(emulator))
      .filter((call) => call.operation === operation)
      .flatMap(({ parameters }) => (parameters["Tasks"] ?? [parameters]) as Args[])
      .map((task) => Object.keys(task).filter((name) => !["Id", "EnvType", "ProjectId", "TaskId"].includes(name)));
  const refusal = async (work: Promise<unknown>): Promise<string> => {
    const error: unknown = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof EngineFailure, "it did not fail");
    return JSON.stringify(error.report.diagnostics) + error.message;
  };

  it("ignoreChanges keeps what a console edit made of a nested property of one task, and sends the others alone", async () => {
    const options = { ignoreChanges: ["tasks.orders.trigger.cron", 'tasks.orders.tags["team"]'] };
    const wildcard = { ignoreChanges: ["tasks.*.taskExt.queue"] };
    const trigger = { type: "Scheduler", cron: "00 00 07 * * ?" } as const;
    program = () => {
      daily({
        orders: { trigger, tags: { team: "b", tier: "gold" }, rerunTimes: 2 },
        clicks: { trigger },
        opts: options,
      });
      loads({ tryLimit: 2, opts: wildcard });
    };
    await emulator.touch("dataworks", String((await live("orders"))["Id"]), {
      Trigger: { Cron: "00 40 04 * * ?" },
      Tags: [
        { Key: "team", Value: "console" },
        { Key: "tier", Value: "gold" },
      ],
    });
    await stack.refresh();
    assert.deepEqual(differences(await stack.preview()), {
      daily: ["update", "engineOptions", "tasks.clicks.trigger.cron", "tasks.orders.rerunTimes"],
      loads: ["update", "engineOptions", "tasks.load.tryLimit"],
    });
    await emulator.reset();
    await stack.up();
    assert.deepEqual((await sent("BatchUpdateTasks")).sort(), [["RerunTimes"], ["Trigger"]]);
    assert.deepEqual(await sent("ModifyTaskInfo"), [["TryLimit"]]);
    const { Trigger, Tags } = await live("orders");
    assert.equal((Trigger as Args)["Cron"], "00 40 04 * * ?");
    assert.deepEqual((Tags as Args[])[0], { Key: "team", Value: "console" });
    assert.deepEqual(differences(await stack.preview({ refresh: true })), {});
  });

  it("--target changes the set that it names, and leaves the other", async () => {
    program = () => {
      daily({ clicks: { rerunTimes: 3 } });
      loads({ tryLimit: 3 });
    };
    const { urn } = await stored(stack, "loads");
    assert.deepEqual(Object.keys(differences(await stack.up({ target: [urn] }))), ["loads"]);
    assert.deepEqual(
      (await writes(emulator)).map(({ operation }) => operation),
      ["ModifyTaskInfo", "CreateTaskVersionDs"],
    );
    assert.deepEqual(Object.keys(differences(await stack.up())), ["daily"]);
  });

  it("replaceOnChanges makes the one task anew, inside of the set", async () => {
    const options = { replaceOnChanges: ["tasks.orders.description", "tasks.clicks.rerunTimes"] };
    program = () => {
      daily({ orders: { description: "two" }, clicks: { rerunTimes: 3 }, opts: options });
      loads({ tryLimit: 3 });
    };
    const [before, orders, clicks] = [await stored(stack, "daily"), await live("orders"), await live("clicks")];
    assert.deepEqual(differences(await stack.up()), {
      daily: ["update", "engineOptions", "tasks.orders.description"],
    });
    const after = await stored(stack, "daily");
    assert.equal(after.id, before.id);
    assert.notEqual((await live("orders"))["Id"], orders["Id"]);
    assert.equal((await live("clicks"))["Id"], clicks["Id"]);
    const { CreateNode, DeleteNode } = await emulator.counts();
    assert.deepEqual([CreateNode, DeleteNode], [1, 1]);
    assert.equal((await emulator.tasks("dataworks")).length, 2);
  });

  it("aliases and parent rename and move a set without a call, and the next edit finds its tasks", async () => {
    class Group extends pulumi.ComponentResource {
      constructor() {
        super("tests:index:Group", "group");
      }
    }
    const before = await stored(stack, "daily");
    const at = (rerunTimes: number) => () => {
      const aliases = [{ name: "daily", parent: pulumi.rootStackResource }];
      daily({
        name: "nightly",
        orders: { description: "two" },
        clicks: { rerunTimes },
        opts: { aliases, parent: new Group() },
      });
      loads({ tryLimit: 3 });
    };
    program = at(3);
    assert.deepEqual((await stack.up()).summary, { create: 1, same: 3 });
    assert.deepEqual(await emulator.counts(), {});
    const moved = await stored(stack, "nightly");
    assert.equal(moved.id, before.id);
    program = at(4);
    await stack.up();
    assert.deepEqual(await sent("BatchUpdateTasks"), [["RerunTimes"]]);
    assert.equal((await emulator.tasks("dataworks")).length, 2);
  });

  it("protect refuses to let the set go, and retainOnDelete leaves its tasks where they are", async () => {
    const nightly = (opts: pulumi.CustomResourceOptions) => () =>
      daily({
        orders: { description: "two" },
        clicks: { rerunTimes: 4 },
        opts: { aliases: [urn], ...opts },
      });
    const { urn } = await stored(stack, "nightly");
    program = nightly({ protect: true });
    // The other set goes: its task is deleted, as its options say nothing else.
    await stack.up();
    assert.equal((await emulator.tasks("wedata")).length, 0);
    program = () => undefined;
    assert.match(await refusal(stack.up()), /protect/);
    assert.match(await refusal(stack.destroy()), /protect/);
    assert.equal((await emulator.tasks("dataworks")).length, 2);
    program = nightly({ protect: false, retainOnDelete: true });
    await stack.up();
    await emulator.reset();
    program = () => undefined;
    await stack.up();
    assert.deepEqual(await writes(emulator), []);
    assert.equal((await emulator.tasks("dataworks")).length, 2);
    // The same names and tokens: the tasks that were left are taken up, and none is made beside them.
    program = () => daily({ orders: { description: "two" }, clicks: { rerunTimes: 4 } });
    await stack.up();
    assert.equal((await emulator.tasks("dataworks")).length, 2);
    await stack.destroy();
    assert.equal((await emulator.tasks("dataworks")).length, 0);
  });
});
