import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { cloudsAt } from "./clouds";
import { kinds } from "./kinds";
import { EngineFailure, differences, inlineStack, stored, writes } from "./support";
import type { EngineStack } from "./support";

class Team extends pulumi.ComponentResource {
  constructor(name: string) {
    super("shop:Team", name);
  }
}

describe("options about identity, on the engine", function () {
  this.timeout(120_000);
  const { task, sync, load } = kinds;
  let emulator: Emulator;
  let stack: EngineStack;
  let program: () => void;

  before(async () => {
    emulator = await startEmulator({ stageMilliseconds: 5 });
    stack = await inlineStack("identity", () => Promise.resolve(program()), cloudsAt(emulator));
  });
  after(() => emulator.close());
  beforeEach(() => emulator.reset());

  /** One of each kind, their names with something behind them. */
  const each = (suffix: string, opts: (name: string) => pulumi.CustomResourceOptions = () => ({})) => {
    task.make(`task${suffix}`, task.least(emulator), opts("task"));
    sync.make(`sync${suffix}`, sync.least(emulator), opts("sync"));
    load.make(`load${suffix}`, load.least(emulator), opts("load"));
  };
  const tokens = (suffix: string) =>
    Promise.all(
      ["task", "sync", "load"].map(async (name) => (await stored(stack, name + suffix)).inputs["creationToken"]),
    );
  const untouched = async () => assert.deepEqual(await writes(emulator), []);
  const failing = (message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof EngineFailure);
    assert.match(error.message, message);
    return true;
  };

  it("aliases rename without a call, and the creation token stays", async () => {
    program = () => each("");
    await stack.up();
    const before = await tokens("");
    await emulator.reset();
    program = () => each("_renamed", (name) => ({ aliases: [{ name }] }));
    assert.deepEqual((await stack.up()).summary, { same: 4 });
    assert.deepEqual(await tokens("_renamed"), before);
    assert.deepEqual(await emulator.counts(), {});
    // Where the program says it another way, the resource is another one.
    program = () => each("_else");
    assert.deepEqual((await stack.preview()).summary, { create: 3, delete: 3, same: 1 });
  });

  it("a parent with an alias moves a task below a component without a call", async () => {
    const before = await tokens("_renamed");
    program = () => {
      const parent = new Team("team");
      each("_renamed", () => ({ parent, aliases: [{ parent: pulumi.rootStackResource }] }));
    };
    assert.deepEqual((await stack.up()).summary, { create: 1, same: 4 });
    assert.match(String((await stored(stack, "task_renamed")).parent), /::shop:Team::team$/);
    assert.deepEqual(await tokens("_renamed"), before);
    assert.deepEqual((await stack.refresh()).changes, []);
    await untouched();
  });

  it("protect refuses a removal, a replacement and a destroy", async () => {
    const protectedOnes = (projectId: string) => () => {
      const parent = new Team("team");
      task.make("task_renamed", { ...task.least(emulator), projectId }, { parent, protect: true });
      sync.make("sync_renamed", sync.least(emulator), { parent, protect: true });
      load.make("load_renamed", load.least(emulator), { parent, protect: true });
    };
    program = protectedOnes(emulator.projectId);
    await stack.up();
    await assert.rejects(stack.destroy(), failing(/cannot be deleted\s+because it is protected/));
    program = protectedOnes(emulator.otherProjectId);
    await assert.rejects(stack.up(), failing(/unable to replace resource .*task_renamed/));
    program = () => undefined;
    await assert.rejects(stack.up(), failing(/cannot be deleted\s+because it is protected/));
    await untouched();
  });

  it("retainOnDelete leaves the tasks as they are, and the same names take them up again", async () => {
    program = () =>
      each("", (name) => ({ aliases: [`urn:pulumi:identity::tests::shop:Team$${urnType(name)}::${name}_renamed`] }));
    assert.deepEqual((await stack.up()).summary, { delete: 1, same: 4 });
    program = () => each("", () => ({ retainOnDelete: true }));
    await stack.up();
    await emulator.reset();
    program = () => undefined;
    assert.deepEqual((await stack.up()).summary, { delete: 3, same: 1 });
    assert.deepEqual(await emulator.counts(), {});

    program = () => each("");
    assert.deepEqual((await stack.up()).summary, { create: 3, same: 1 });
    const operations = (await writes(emulator)).map(({ operation }) => operation);
    assert.deepEqual(
      operations.filter((operation) => ["CreateNode", "CreateDISyncTask", "CreateTaskNew"].includes(operation)),
      [],
    );
    assert.deepEqual((await stack.preview({ refresh: true })).changes, []);
  });
  const urnType = (name: string) =>
    `pulumi-nodejs:dynamic/${{ task: "dataworks:Task", sync: "dataworks:DISyncTask", load: "wedata:Task" }[name] ?? ""}`;

  it("deletedWith makes no delete call, so the task outlives what it was to go with", async () => {
    program = () => {
      const first = task.make("task", task.least(emulator));
      load.make("load", load.least(emulator), { deletedWith: first });
    };
    await stack.up();
    await emulator.reset();
    program = () => undefined;
    assert.deepEqual((await stack.up()).summary, { delete: 2, same: 1 });
    assert.deepEqual([(await emulator.tasks()).length, (await emulator.tasks("wedata")).length], [0, 1]);
    assert.equal((await emulator.counts())["DeleteTaskDs"], undefined);
  });

  it("a task that another resource has taken over in the same run is not deleted with the old one", async () => {
    const { projectId } = emulator;
    const [adopt = ""] = await emulator.createTasks("dataworks", { Name: "theirs", ProjectId: projectId });
    program = () => task.make("theirs", { projectId, adopt, onDelete: "delete" });
    await stack.up();
    program = () => {
      pulumi.runtime.registerResourceTransform(({ props, opts }) => ({ props, opts: { ...opts, ...FIRST_CREATE } }));
      task.make("ours", { projectId, adopt });
      load.make("load", { ...load.least(emulator), name: "first" });
    };
    await stack.up();
    assert.equal((await emulator.tasks()).length, 1);
    program = () => {
      pulumi.runtime.registerResourceTransform(({ props, opts }) => ({ props, opts: { ...opts, ...FIRST_CREATE } }));
      task.make("ours", { projectId, adopt });
      load.make("load", { ...load.least(emulator), name: "first", taskType: 34 });
    };
    await stack.up();
    const made = (await emulator.tasks("wedata")) as { settings: { TaskName: string } }[];
    assert.equal(made.filter(({ settings }) => settings.TaskName === "first").length, 1);
    program = () => undefined;
    await stack.up();
    await emulator.reset();
  });
  const FIRST_CREATE = { deleteBeforeReplace: false };

  it("refuses what cannot work with a sentence that says what to do", async () => {
    program = () => task.make("task", task.least(emulator), { import: "1020000042" });
    await assert.rejects(stack.preview(), failing(/DataWorksTask "task": the option import .* in the argument adopt$/));
    program = () => load.make("load", load.least(emulator), { id: "8381029200000000012/20261121140803158" });
    await assert.rejects(stack.preview(), failing(/WeDataTask "load": the option id .* in the argument adopt/));
    program = () => sync.make("sync", sync.least(emulator), { deleteBeforeReplace: false });
    await assert.rejects(stack.preview(), failing(/DataWorksDISyncTask "sync": deleteBeforeReplace: false is not/));
    program = () =>
      load.make("load", { ...load.least(emulator), name: "load_again" }, { customTimeouts: { create: "1s" } });
    const { diagnostics } = await stack.preview();
    assert.deepEqual(
      diagnostics.map(({ severity, message }) => [severity, message.trim()]),
      [
        [
          "warning",
          "customTimeouts does not reach this kind of resource; write the argument timeouts, in seconds, instead [engine-option]",
        ],
      ],
    );
    assert.deepEqual(differences(await stack.preview()), { load: ["create"] });
    await untouched();
  });
});
