import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { DataWorksTask, DataWorksTaskSet, DataWorksWorkflow, WeDataTask, WeDataTaskSet } from "pulumi-data-tasks";
import type { DataWorksTaskInSetArgs } from "pulumi-data-tasks";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { cloudsAt } from "./clouds";
import { EngineFailure, differences, inlineStack, stored, writes } from "./support";
import type { EngineStack, Report } from "./support";

const told = ({ diagnostics }: Report) => diagnostics.map(({ message }) => message.trim()).join("\n");
const failed = async (work: Promise<unknown>): Promise<EngineFailure> => {
  const outcome: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(outcome instanceof EngineFailure, "it did not fail");
  return outcome;
};

describe("sets of tasks on the engine", function () {
  this.timeout(300_000);
  let emulator: Emulator;
  let program: () => Record<string, unknown> | void = () => undefined;
  let stack: EngineStack;

  before(async () => {
    emulator = await startEmulator({ stageMilliseconds: 5 });
    stack = await inlineStack("sets", () => Promise.resolve(program() ?? {}), cloudsAt(emulator));
  });
  after(() => emulator.close());
  const tasks = async (service = "dataworks") => (await emulator.tasks(service)) as Record<string, unknown>[];
  const hourly = { type: "Scheduler", cron: "00 30 02 * * ?" } as const;
  const defaults = () => ({ projectId: emulator.projectId, script: { command: "ODPS_SQL" }, trigger: hourly });
  const daily = (changes: Record<string, DataWorksTaskInSetArgs> = {}, opts?: pulumi.CustomResourceOptions) =>
    new DataWorksTaskSet(
      "daily",
      {
        defaults: defaults(),
        tasks: {
          ods_orders: { name: "ods_orders", script: { content: pulumi.secret("select 'hidden';") } },
          dwd_orders: { name: "dwd_orders", script: { content: "select 2;" }, dependsOnTasks: ["ods_orders"] },
          ads_orders: {
            name: "ads_orders",
            script: { content: "select 3;" },
            outputs: { taskOutputs: ["shop.ads_orders"] },
            dependsOnTasks: ["dwd_orders"],
          },
          ...changes,
        },
      },
      opts,
    );
  const report = (set: DataWorksTaskSet) =>
    new DataWorksTask("report", {
      projectId: emulator.projectId,
      name: "report",
      script: { command: "ODPS_SQL", content: "select 4;" },
      dependsOnTasks: [set.task("ads_orders"), { task: set.task("ods_orders"), type: "CrossCycleDependsOnOtherNode" }],
    });

  it("makes tasks that wait for each other in one resource, and one outside that waits for them", async () => {
    program = () => {
      const set = daily();
      const loads = new WeDataTaskSet("loads", {
        defaults: {
          projectId: emulator.wedataProjectId,
          workflowId: emulator.wedataWorkflowId,
          taskType: 35,
          notes: pulumi.secret("hidden notes"),
          taskExt: { queue: "main", password: pulumi.secret("hidden password") },
        },
        tasks: {
          load: { name: "load", script: { content: "echo load" }, taskExt: { queue: "own" } },
          check: { name: "check", script: { content: "echo check" }, dependsOnTasks: ["load"] },
        },
      });
      new WeDataTask("after", {
        projectId: emulator.wedataProjectId,
        workflowId: emulator.wedataWorkflowId,
        taskType: 35,
        name: "after",
        script: { content: "echo after" },
        dependsOnTasks: [loads.task("check")],
      });
      report(set);
      return { ids: set.taskIds, phases: set.phases, one: set.task("ods_orders").taskId };
    };
    const up = await stack.up();
    assert.deepEqual(up.summary, { create: 5 });
    assert.deepEqual(Object.keys(up.outputs["ids"]?.value as object), ["ads_orders", "dwd_orders", "ods_orders"]);
    assert.deepEqual(new Set(Object.values(up.outputs["phases"]?.value as object)), new Set(["published"]));
    assert.equal(up.outputs["one"]?.value, (up.outputs["ids"]?.value as Record<string, string>)["ods_orders"]);
    assert.equal((await tasks()).length, 4);
    assert.equal((await tasks("wedata")).length, 3);
    await emulator.reset();
    assert.deepEqual((await stack.preview()).summary, { same: 5 });
    assert.deepEqual(await emulator.counts(), {});
    assert.doesNotMatch(await stack.stateText(), /hidden/);
    assert.deepEqual((await stored(stack, "loads")).inputs["engineOptions"], {
      secrets: ["tasks.check.notes", "tasks.check.taskExt.password", "tasks.load.notes", "tasks.load.taskExt.password"],
    });
  });

  it("says at a glance which task of the set an edit is about", async () => {
    const before = program;
    program = () => {
      report(
        daily({
          dwd_orders: {
            name: "dwd_orders",
            script: { content: "select 2;" },
            dependsOnTasks: ["ods_orders"],
            trigger: { cron: "00 15 03 * * ?" },
          },
        }),
      );
    };
    const preview = await stack.preview({ target: ["**daily"] });
    assert.match(told(preview), /DataWorksTaskSet daily: 1 of 3 tasks changes: dwd_orders \(trigger\.cron\)/);
    assert.deepEqual(differences(preview), { daily: ["update", "tasks.dwd_orders.trigger.cron"] });
    program = before;
  });

  it("records what is done when a task is refused, and the next run does the rest", async () => {
    program = () => {
      report(
        daily({
          clicks: { name: "clicks", script: { content: "select 5;" } },
          waiting: { name: "waiting", script: { content: "select 6;" }, dependsOnTasks: ["clicks"] },
          fine: { name: "fine", script: { content: "select 7;" } },
        }),
      );
    };
    // clicks comes before fine.
    await emulator.fault({ kind: "business-failure", operation: "CreateNode", nth: 1 });
    const failure = await failed(stack.up());
    assert.match(told(failure.report), /1 of 6 tasks failed; what was done is recorded/);
    assert.match(told(failure.report), /not attempted, because it waits for clicks: waiting/);
    const { summary } = await stack.up();
    assert.ok((summary.update ?? 0) >= 1);
    assert.equal((await tasks()).length, 7);
    assert.equal((await stack.preview()).summary.update, undefined);
  });

  it("shows in a refresh which tasks moved and which are gone, and puts both right", async () => {
    const { inputs } = await stored(stack, "daily");
    assert.ok(inputs);
    const all = await tasks();
    const idOf = (name: string) => String(all.find(({ Name }) => Name === name)?.["Id"]);
    await emulator.touch("dataworks", idOf("fine"), { Trigger: { Cron: "00 00 05 * * ?" } });
    const node = String(((await stored(stack, "daily")).outputs["records"] as Record<string, string>)["waiting"]).split(
      " ",
    )[1];
    await emulator.remove("dataworks", idOf("waiting"));
    await emulator.remove("dataworks", node?.split("/")[2] ?? "");
    const refresh = await stack.refresh();
    assert.match(told(refresh), /DataWorksTaskSet daily: 1 of 6 moved: fine \(trigger\.cron\)/);
    const preview = await stack.preview();
    assert.match(told(preview), /fine \(trigger\.cron\)/);
    const { daily: changed = [] } = differences(preview);
    assert.ok(changed.includes("tasks.fine.trigger.cron"), changed.join(", "));
    await stack.up();
    assert.equal((await tasks()).length, 7);
    assert.deepEqual(Object.keys((await stack.preview()).summary), ["same"]);
  });

  it("moves tasks between a resource of its own, a set, and another set in one run, without a write", async () => {
    const single = (adopt?: string) =>
      new DataWorksTask("report", {
        projectId: emulator.projectId,
        name: "moving",
        script: { command: "ODPS_SQL", content: "select 8;" },
        ...(adopt !== undefined && { adopt }),
      });
    const set = (name: string, adopt: string | undefined, release: string[] = []) =>
      new DataWorksTaskSet(name, {
        defaults: { projectId: emulator.projectId },
        tasks:
          adopt === undefined
            ? {}
            : { moving: { name: "moving", script: { command: "ODPS_SQL", content: "select 8;" }, adopt } },
        release,
      });
    program = () => void single();
    await stack.up();
    const { id } = await stored(stack, "report");
    for (const step of [
      () => void set("one", id),
      () => {
        set("one", undefined, ["moving"]);
        set("two", id);
      },
      () => {
        set("two", undefined, ["moving"]);
        single(id);
      },
    ]) {
      program = step;
      await emulator.reset();
      await stack.up();
      assert.deepEqual(await writes(emulator), []);
      assert.deepEqual(
        (await tasks()).map(({ Name }) => Name),
        ["moving"],
      );
    }
    assert.deepEqual(Object.keys((await stack.preview()).summary), ["same"]);
  });

  it("makes a workflow of a document one set", async () => {
    program = () => {
      const workflow = DataWorksWorkflow.fromFlowSpec(
        "flow",
        "tests/fixtures/flowspec/samples/sql-python-node-spec.json",
        { projectId: emulator.projectId, as: "set", unsupported: "warn", onDelete: "delete" },
      );
      return { keys: Object.keys(workflow.tasks), ids: workflow.set.ids };
    };
    const up = await stack.up();
    const keys = up.outputs["keys"]?.value as string[];
    assert.ok(keys.length > 1);
    assert.deepEqual(Object.keys(up.outputs["ids"]?.value as object).sort(), [...keys].sort());
    assert.deepEqual(Object.keys((await stack.preview()).summary), ["same"]);
  });

  it("deletes the whole set, downstream first", async () => {
    await stack.destroy();
    assert.deepEqual(await tasks(), []);
    assert.deepEqual(await tasks("wedata"), []);
  });
});
