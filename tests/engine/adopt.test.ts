import assert from "node:assert/strict";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { cloudsAt } from "./clouds";
import { content, kinds } from "./kinds";
import type { Args } from "./kinds";
import { differences, inlineStack, stored, writes } from "./support";
import type { EngineStack, Report } from "./support";

describe("adopting on the engine", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  let stack: EngineStack;
  /** Ids of tasks that somebody made by hand: one of each kind to record, one of each to bring to form at once. */
  const there: Record<string, string[]> = {};
  let args: Record<string, Args> = {};
  let applied = false;

  before(async () => {
    emulator = await startEmulator({ stageMilliseconds: 5 });
    const { projectId, legacyProjectId: legacyId, wedataProjectId, wedataWorkflowId } = emulator;
    const byHand = {
      dataworks: {
        ...{ ProjectId: projectId, Name: "by_hand_{n}", Description: "Made by hand", RerunTimes: 1, RerunInterval: 60 },
        Trigger: { Type: "Scheduler", Cron: "00 15 01 * * ?", Recurrence: "Skip" },
        Tags: [
          { Key: "team", Value: "somebody" },
          { Key: "old", Value: "yes" },
        ],
        Dependencies: [{ Type: "Normal", UpstreamOutput: "shop.old" }],
      },
      "dataworks-files": {
        ...{ ProjectId: legacyId, FileName: "by_hand", FileDescription: "Made by hand" },
        Content: JSON.stringify({ ...content({ concurrent: 5 }), extend: { mode: "wizard" } }),
      },
      wedata: {
        ...{ ProjectId: wedataProjectId, WorkflowId: wedataWorkflowId, TaskName: "by_hand", Notes: "Made by hand" },
        ...{ TryLimit: 1, TaskExt: [{ Key: "queue", Value: "old" }] },
      },
    };
    for (const [service, task] of Object.entries(byHand)) there[service] = await emulator.createTasks(service, task, 2);
    args = {
      task: {
        ...{ projectId, description: "Orders of the day", rerunTimes: 3, rerunIntervalSeconds: 60 },
        trigger: { type: "Scheduler", cron: "00 45 02 * * ?", recurrence: "Skip" },
        tags: { team: "warehouse", tier: "gold" },
        dependencies: [{ type: "Normal", upstreamOutput: "shop.new" }],
      },
      sync: {
        ...{ projectId: legacyId, description: "Orders of the day", resourceGroup: "S_res_group_di" },
        ...{ taskContent: content({ concurrent: 2 }), schedule: { cron: "00 30 02 * * ?", rerunTimes: 3 } },
      },
      load: {
        ...{ projectId: wedataProjectId, notes: "Made by hand", tryLimit: 4, runPriority: "high" },
        taskExt: { queue: "new", level: "1" },
      },
    };
    await emulator.reset();
    stack = await inlineStack(
      "adopting",
      () => {
        for (const [name, { make, service }] of Object.entries(kinds)) {
          const [recorded = "", brought = ""] = there[service] ?? [];
          make(name, { ...args[name], adopt: recorded });
          if (applied) make(`${name}-applied`, { ...args[name], adopt: { id: brought, apply: true } });
        }
        return Promise.resolve();
      },
      cloudsAt(emulator),
    );
  });
  after(() => emulator.close());

  const all = {
    task: [
      "dependencies[0].upstreamOutput",
      "description",
      "rerunTimes",
      "tags.old",
      "tags.team",
      "tags.tier",
      "trigger.cron",
    ],
    sync: ["description", "resourceGroup", "schedule.cron", "taskContent.setting.speed.concurrent"],
    load: ["runPriority", "taskExt.level", "taskExt.queue", "tryLimit"],
  };
  const updates = Object.fromEntries(Object.entries(all).map(([name, paths]) => [name, ["update", ...paths]]));
  const told = ({ diagnostics }: Report, name: string) =>
    diagnostics.map(({ message }) => message).find((message) => message.includes(`${name} `)) ?? "";

  it("records in the first run, and writes nothing", async () => {
    assert.deepEqual((await stack.preview()).summary, { create: 4 });
    assert.deepEqual((await stack.up()).summary, { create: 4 });
    assert.deepEqual(await writes(emulator), []);
  });

  it("says in the next preview what is not as declared, without a call", async () => {
    await emulator.reset();
    const preview = await stack.preview();
    assert.deepEqual(preview.summary, { same: 1, update: 3 });
    assert.deepEqual(await emulator.counts(), {});
    assert.match(
      told(preview, "DataWorksTask"),
      /adopted, is not as declared in description, rerunTimes, trigger\.cron, dependencies, tags; `pulumi refresh`/,
    );
    assert.match(told(preview, "WeDataTask"), /is not as declared in tryLimit, runPriority, taskExt;/);
  });

  it("shows with --refresh every difference from the live value to the declared one, and no other", async () => {
    const preview = await stack.preview({ refresh: true });
    assert.deepEqual(differences(preview), updates);
    const values = (name: string, property: string) => {
      const { oldInputs, newInputs } = preview.changes.find((change) => change.name === name) ?? assert.fail(name);
      return [oldInputs[property], newInputs[property]];
    };
    assert.deepEqual(values("task", "rerunTimes"), [1, 3]);
    assert.deepEqual(values("task", "tags"), [
      { team: "somebody", old: "yes" },
      { team: "warehouse", tier: "gold" },
    ]);
    assert.deepEqual(values("task", "trigger"), [
      { type: "Scheduler", cron: "0 15 1 * * ?", recurrence: "Skip" },
      { type: "Scheduler", cron: "0 45 2 * * ?", recurrence: "Skip" },
    ]);
    assert.deepEqual(values("load", "taskExt"), [{ queue: "old" }, { queue: "new", level: "1" }]);
    assert.deepEqual(values("sync", "description"), ["Made by hand", "Orders of the day"]);
    assert.deepEqual(await writes(emulator), []);
  });

  it("shows the same after a refresh that is kept", async () => {
    assert.deepEqual((await stack.refresh()).summary, { same: 1, update: 3 });
    assert.deepEqual(differences(await stack.preview()), updates);
    assert.deepEqual((await stack.refresh()).changes, []);
  });

  it("applies the differences in the next run, others at once with apply: true, and then there is nothing to do", async () => {
    applied = true;
    await emulator.reset();
    assert.deepEqual((await stack.up()).summary, { create: 3, update: 3, same: 1 });
    const [update] = (await writes(emulator)).filter(({ operation }) => operation === "UpdateTask");
    assert.deepEqual(Object.keys(update?.parameters ?? {}).sort(), [
      ...["Dependencies", "Description", "EnvType", "Id", "RerunTimes", "Tags", "Trigger"],
    ]);
    assert.deepEqual((await stack.preview()).changes, []);
    assert.deepEqual((await stack.preview({ refresh: true })).changes, []);
    const tasks = (await emulator.tasks()) as { RerunTimes: number }[];
    assert.deepEqual(
      tasks.map(({ RerunTimes }) => RerunTimes),
      [3, 3],
    );
    assert.equal((await stored(stack, "task")).id, `${emulator.projectId}/Prod/task/${there["dataworks"]?.[0] ?? ""}`);
  });

  it("lets go of all of them as they are", async () => {
    await emulator.reset();
    await stack.destroy();
    assert.deepEqual(await writes(emulator), []);
    assert.equal((await emulator.tasks("wedata")).length, 2);
  });
});
