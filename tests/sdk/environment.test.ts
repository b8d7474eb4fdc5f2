import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
  DataWorksDISyncTask,
  DataWorksTask,
  DataWorksTaskSet,
  DataWorksWorkflow,
  WeDataTask,
  forEnvironment,
} from "../../sdk/index";
import type { DataWorksTaskSetArgs } from "../../sdk/index";
import { type Declarations, FILE_VARIABLE, RESTORE_VARIABLE, STACK_VARIABLE } from "../../sdk/exchange";
import { runProgram } from "./program";

const declare = () =>
  forEnvironment({
    dev: {
      schedules: "dry",
      values: { database: "shop_dev" },
      DataWorksTask: { projectId: "10001", runtimeResource: { resourceGroupId: "group_dev" } },
      DataWorksDISyncTask: { projectId: "10003", resourceGroup: "group_dev" },
      WeDataTask: { projectId: "20001", resourceGroup: "dev" },
    },
    prod: {
      values: { database: "shop" },
      only: ["monitor"],
      DataWorksTask: { projectId: "10002", owner: "1107", runtimeResource: { resourceGroupId: "group_prod" } },
      DataWorksDISyncTask: { projectId: "10004", owner: "1107" },
      WeDataTask: { projectId: "20002", owners: ["1107"] },
    },
    "dev-*": (who) => ({ like: "dev", namePrefix: `${who}_`, DataWorksTask: { tags: { who } } }),
  });

const trigger = { type: "Scheduler", cron: "00 30 02 * * ?" } as const;
const orders = (more: object = {}) => ({
  name: "ods_orders",
  script: { command: "ODPS_SQL", content: "select 1;" },
  trigger,
  runtimeResource: { resourceGroupId: "mine", cu: "0.5" },
  ...more,
});

/** The arguments with which the tasks of a program are registered on a stack. */
async function on(stack: string, program: (environment: ReturnType<typeof declare>) => void) {
  const ran = await runProgram(() => program(declare()), {}, { stack });
  assert.equal(ran.failure, undefined);
  return ran.inputs;
}

const refusal = async (program: () => void, stack = "dev"): Promise<string> =>
  (await runProgram(program, {}, { stack })).failure?.message ?? "";

describe("forEnvironment", () => {
  it("gives the arguments of the stack that is deployed, over those of the task, member by member", async () => {
    const program = (environment: ReturnType<typeof declare>) =>
      void new DataWorksTask("orders", environment.DataWorksTask(orders()));
    const dev = (await on("dev", program))["orders"];
    assert.deepEqual(dev?.["runtimeResource"], { resourceGroupId: "group_dev", cu: "0.5" });
    assert.equal((dev?.["trigger"] as { recurrence?: string }).recurrence, "Skip");
    assert.deepEqual([dev?.["projectId"], dev?.["owner"], dev?.["name"]], ["10001", undefined, "ods_orders"]);
    const prod = (await on("prod", program))["orders"];
    assert.deepEqual([prod?.["projectId"], prod?.["owner"]], ["10002", "1107"]);
    assert.equal((prod?.["trigger"] as { recurrence?: string }).recurrence, undefined);
  });

  it("gives a personal stack what another has, with its own on top and the rest of its name", async () => {
    const { orders: task } = await on("dev-anna", (environment) => {
      assert.deepEqual(environment.values, { database: "shop_dev" });
      new DataWorksTask("orders", environment.DataWorksTask(orders()));
    });
    assert.deepEqual(
      [task?.["name"], task?.["projectId"], task?.["tags"]],
      ["anna_ods_orders", "10001", { who: "anna" }],
    );
  });

  it("reaches a task of a set that was completed by itself and gets its schedule from the defaults", async () => {
    const recurrenceIn = async (set: (environment: ReturnType<typeof declare>) => DataWorksTaskSetArgs) => {
      const inputs = await on("dev", (environment) => void new DataWorksTaskSet("daily", set(environment)));
      return (inputs["daily"] as { tasks: Record<string, Record<string, unknown>> }).tasks["two"];
    };
    const plain = (environment: ReturnType<typeof declare>, more: object = {}) => ({
      defaults: { trigger, description: "of the set" },
      tasks: {
        two: { ...environment.DataWorksTask({ name: "two" }, { dev: { rerunTimes: 1 } }), ...more },
      },
    });
    const expected = { trigger: { ...trigger, recurrence: "Skip" }, rerunTimes: 1, description: "of the set" };
    for (const two of [
      await recurrenceIn((environment) => plain(environment)),
      await recurrenceIn((environment) => environment.DataWorksTaskSet(plain(environment))),
    ])
      assert.deepEqual(
        { trigger: two?.["trigger"], rerunTimes: two?.["rerunTimes"], description: two?.["description"] },
        expected,
      );
    const changed = await recurrenceIn((environment) => plain(environment, { description: "its own", rerunTimes: 4 }));
    assert.deepEqual([changed?.["description"], changed?.["rerunTimes"]], ["its own", 4]);
  });

  it("gives the function of an entry with a star that is named by like what the star stands for", async () => {
    const prefixIn = async (like: string, stack: string) => {
      const { inputs, failure } = await runProgram(
        () => {
          const environment = forEnvironment({
            "dev-*": (who: string) => ({ namePrefix: `${who}_`, DataWorksTask: { projectId: "10001" } }),
            [stack]: { like },
          });
          new DataWorksTask("orders", environment.DataWorksTask(orders()));
        },
        {},
        { stack },
      );
      assert.equal(failure, undefined);
      return inputs["orders"]?.["name"];
    };
    assert.equal(await prefixIn("dev-*", "dev-anna"), "anna_ods_orders");
    assert.equal(await prefixIn("dev-*", "sandbox"), "_ods_orders");
  });

  it("takes what is different for one task alone on top of everything, of the schedules too", async () => {
    const own = { dev: { trigger: { cron: "0 0 6 * * ?" } }, prod: { rerunTimes: 5 } };
    const program = (environment: ReturnType<typeof declare>) =>
      void new DataWorksTask("orders", environment.DataWorksTask(orders(), own));
    const cron = { type: "Scheduler", cron: "0 0 6 * * ?", recurrence: "Skip" };
    assert.deepEqual((await on("dev", program))["orders"]?.["trigger"], cron);
    assert.deepEqual((await on("dev-bo", program))["orders"]?.["trigger"], cron);
    assert.equal((await on("prod", program))["orders"]?.["rerunTimes"], 5);
    for (const recurrence of ["Normal", "Pause"] as const) {
      const inputs = await on("dev-bo", (environment) => {
        const chosen = { name: "chosen", trigger: { recurrence } };
        new DataWorksTask("orders", environment.DataWorksTask(orders(), { dev: chosen }));
        new DataWorksTask(
          "later",
          environment.DataWorksTask(orders(), { dev: { trigger: pulumi.output({ recurrence }) } }),
        );
        const wedata = { workflowId: "w", name: "extract", cycleType: "Day" } as const;
        new WeDataTask("extract", environment.WeDataTask(wedata, { dev: { scheduleRunType: "normal" } }));
      });
      assert.equal((inputs["orders"]?.["trigger"] as { recurrence?: string }).recurrence, recurrence);
      assert.equal(inputs["orders"]?.["name"], "bo_chosen");
      assert.deepEqual(inputs["later"]?.["trigger"], { ...trigger, recurrence });
      assert.equal(inputs["extract"]?.["scheduleRunType"], "normal");
    }
    // A schedule that is given for one stack alone is one of its tasks all the same.
    const started = await on("dev", (environment) => {
      const given = { name: "orders", script: { command: "VIRTUAL" }, trigger: { type: "Manual" as const } };
      new DataWorksTask("orders", environment.DataWorksTask(given, { dev: { trigger } }));
    });
    assert.equal((started["orders"]?.["trigger"] as { recurrence?: string }).recurrence, "Skip");
  });

  it("merges a group of the stack that is still to be computed into that of the task", async () => {
    const later = pulumi.output({ resourceGroupId: "group_dev" });
    const environment = () => forEnvironment({ dev: { DataWorksTask: { projectId: "1", runtimeResource: later } } });
    const ran = await runProgram(
      () => {
        new DataWorksTask("orders", environment().DataWorksTask(orders()));
        const computed = pulumi.output({ resourceGroupId: "mine", cu: "0.5" });
        new DataWorksTask("both", environment().DataWorksTask(orders({ runtimeResource: computed })));
        new DataWorksTask("alone", environment().DataWorksTask(orders({ runtimeResource: undefined })));
      },
      {},
      { stack: "dev" },
    );
    assert.equal(ran.failure, undefined);
    const merged = { resourceGroupId: "group_dev", cu: "0.5" };
    assert.deepEqual(
      ["orders", "both", "alone"].map((name) => ran.inputs[name]?.["runtimeResource"]),
      [merged, merged, { resourceGroupId: "group_dev" }],
    );
  });

  it("works for sync tasks, WeData tasks, sets and workflows, and with arguments that are still to be computed", async () => {
    const inputs = await on("dev", (environment) => {
      new DataWorksDISyncTask(
        "sync",
        environment.DataWorksDISyncTask({ name: "sync", taskContent: {}, schedule: { cron: "00 10 01 * * ?" } }),
      );
      new WeDataTask("extract", environment.WeDataTask({ workflowId: "w", name: "extract", cycleType: "Day" }));
      new DataWorksTask("later", environment.DataWorksTask(orders({ trigger: pulumi.output(trigger) })));
      new DataWorksTaskSet(
        "daily",
        environment.DataWorksTaskSet({
          defaults: { rerunTimes: 3, trigger },
          tasks: {
            one: { name: "one" },
            two: environment.DataWorksTask({ name: "two" }, { dev: { rerunTimes: 1 } }),
          },
        }),
      );
      DataWorksWorkflow.fromFlowSpec(
        "flow",
        path.join(__dirname, "..", "fixtures", "flowspec", "samples", "single-sql-node-spec.json"),
        environment.DataWorksWorkflow({ unsupported: "warn" }),
      );
    });
    assert.deepEqual(inputs["sync"]?.["schedule"], { cron: "0 10 1 * * ?", schedulerType: "SKIP" });
    assert.deepEqual([inputs["extract"]?.["scheduleRunType"], inputs["extract"]?.["projectId"]], ["dryRun", "20001"]);
    assert.deepEqual(inputs["later"]?.["trigger"], { ...trigger, recurrence: "Skip" });
    const { tasks } = inputs["daily"] as { tasks: Record<string, Record<string, unknown>> };
    assert.deepEqual([tasks["one"]?.["projectId"], tasks["one"]?.["rerunTimes"]], ["10001", 3]);
    assert.deepEqual([tasks["two"]?.["projectId"], tasks["two"]?.["rerunTimes"]], ["10001", 1]);
    const flow = Object.entries(inputs).find(([name]) => name.startsWith("flow-"))?.[1];
    assert.equal(flow?.["projectId"], "10001");
    assert.deepEqual((flow?.["runtimeResource"] as { resourceGroupId?: string }).resourceGroupId, "group_dev");
  });

  it("makes every WeData task dry that runs by itself, with the cycle of the service too, and none that is started by hand", async () => {
    const cases: [name: string, args: object, expected: string | undefined][] = [
      ["day", { cycleType: "Day" }, "dryRun"],
      ["default", {}, "dryRun"],
      ["adopted", { adopt: "77" }, undefined],
      ["adopted-day", { adopt: "77", cycleType: "Day" }, "dryRun"],
      ["later-adopted", { adopt: pulumi.output("77") }, undefined],
      ["by-hand", { cycleType: "UserDriven" }, undefined],
      ["by-hand-number", { cycleType: 7 }, undefined],
      ["instant", { cycleType: "Instant", scheduleRunType: "normal" }, "normal"],
      ["instant-number", { cycleType: 13 }, undefined],
      ["later", { cycleType: pulumi.output("Day") }, "dryRun"],
      ["later-by-hand", { cycleType: pulumi.output("UserDriven") }, undefined],
      ["later-none", { cycleType: pulumi.output(undefined) }, "dryRun"],
    ];
    const inputs = await on("dev", (environment) => {
      for (const [name, args] of cases)
        new WeDataTask(name, environment.WeDataTask({ ...(!("adopt" in args) && { workflowId: "w", name }), ...args }));
    });
    assert.deepEqual(
      cases.map(([name]) => [name, inputs[name]?.["scheduleRunType"]]),
      cases.map(([name, , expected]) => [name, expected]),
    );
  });

  it("knows what exists in some stacks alone", async () => {
    await on("dev", (dev) => assert.deepEqual([dev.has("monitor"), dev.has("anything")], [false, true]));
    await on("prod", (prod) => assert.equal(prod.has("monitor"), true));
  });

  it("knows what personal stacks alone have, and refuses what only one of them would list", async () => {
    const personal = (only: (who: string) => string[]) =>
      forEnvironment({ dev: {}, "dev-*": (who) => ({ like: "dev", only: only(who) }) });
    const has = (stack: string) =>
      runProgram(() => assert.equal(personal(() => ["sandbox"]).has("sandbox"), stack === "dev-anna"), {}, { stack });
    for (const stack of ["dev", "dev-anna"]) assert.equal((await has(stack)).failure, undefined);
    const picky = (who: string) => {
      if (who === "") throw new Error("who?");
      return ["sandbox"];
    };
    assert.match(
      await refusal(() => void personal(picky), "dev-anna"),
      /dev-\*\.only lists "sandbox" for the stack "dev-anna" alone, and its function fails for an empty text/,
    );
    assert.match(
      await refusal(() => void personal((who) => [`sandbox_${who}`]), "dev-anna"),
      /dev-\*\.only lists "sandbox_anna" for the stack "dev-anna" alone/,
    );
  });

  it("says in one sentence what is not declared, misspelt or impossible, whichever stack is deployed", async () => {
    assert.match(
      await refusal(() => void declare(), "qa"),
      /nothing is declared for the stack "qa"; declared are dev, prod, dev-\*; add it, or "\*" for every other stack/,
    );
    assert.match(
      await refusal(() => void declare(), "prd"),
      /nothing is declared for the stack "prd"; did you mean prod\?/,
    );
    const wrong = (stacks: unknown) => refusal(() => void forEnvironment(stacks as Record<string, object>));
    assert.match(
      await wrong({ dev: {}, prod: { DataWorksTask: { projectID: "1" } } }),
      /prod\.DataWorksTask\.projectID is no argument; did you mean projectId\?/,
    );
    assert.match(
      await wrong({ dev: {}, prod: { DataWorksTask: { trigger: { corn: "" } } } }),
      /prod\.DataWorksTask\.trigger\.corn is no argument; did you mean cron\?/,
    );
    assert.match(
      await wrong({ dev: {}, "qa-*": () => ({ only: ["sandbox"], DataWorksTask: { projectID: "1" } }) }),
      /qa-\*\.DataWorksTask\.projectID is no argument; did you mean projectId\?/,
    );
    assert.match(
      await wrong({ dev: { owner: "1" } }),
      /dev\.owner is not known; arguments stand under the name of the class/,
    );
    assert.match(
      await wrong({ dev: { like: "prod" }, prod: { like: "dev" } }),
      /like leads in a circle: dev → prod → dev/,
    );
    assert.match(
      await wrong({ dev: { values: { list: [] } } }),
      /dev\.values\.list must be a text, a number, or true or false/,
    );
    assert.match(
      await refusal(() => {
        const environment = forEnvironment({ dev: { schedules: "paused" } });
        environment.WeDataTask({ projectId: "1", name: "a", cycleType: "Day" });
      }),
      /a WeDataTask has no argument that pauses it; declare schedules: "dry"/,
    );
    assert.match(
      await refusal(() => void declare().DataWorksTask(orders(), { staging: {} } as object)),
      /has arguments for "staging", which is not declared/,
    );
  });
});

describe("what a program declares, for promote", () => {
  let folder = "";
  beforeEach(() => void (folder = mkdtempSync(path.join(os.tmpdir(), "data-tasks-declared-"))));
  afterEach(() => {
    delete process.env[FILE_VARIABLE];
    delete process.env[STACK_VARIABLE];
    delete process.env[RESTORE_VARIABLE];
    rmSync(folder, { recursive: true, force: true });
  });

  it("is written for both stacks, by task and path, and never a secret", async () => {
    const file = path.join(folder, "declared.json");
    Object.assign(process.env, { [FILE_VARIABLE]: file, [STACK_VARIABLE]: "dev" });
    await on("prod", (environment) => {
      new DataWorksTask(
        "orders",
        environment.DataWorksTask(orders(), { prod: { description: pulumi.secret("hunter2") } }),
      );
      new DataWorksTaskSet("daily", environment.DataWorksTaskSet({ tasks: { one: { name: "one" } } }));
      new DataWorksTask("plain", { projectId: "10002", name: "plain" });
      new DataWorksTaskSet("weekly", {
        defaults: { trigger, owner: "1" },
        tasks: { two: environment.DataWorksTask({ name: "two" }) },
      });
    });
    const text = readFileSync(file, "utf8");
    assert.equal(text.includes("hunter2"), false);
    const { tasks, values, only, from, to } = JSON.parse(text) as Declarations;
    assert.deepEqual([from, to], ["dev", "prod"]);
    assert.deepEqual(values, [{ name: "database", from: "shop_dev", to: "shop" }]);
    assert.deepEqual(only, [{ name: "monitor", in: ["to"] }]);
    assert.deepEqual(
      tasks.map(({ urn }) => urn),
      [
        "urn:pulumi:prod::tests::pulumi-nodejs:dynamic/dataworks:Task::orders",
        "urn:pulumi:prod::tests::pulumi-nodejs:dynamic/dataworks:TaskSet::daily#one",
        "urn:pulumi:prod::tests::pulumi-nodejs:dynamic/dataworks:TaskSet::weekly#two",
      ],
    );
    assert.deepEqual(tasks[2]?.paths["owner"], { from: "1", to: "1107" });
    assert.deepEqual(tasks[2]?.paths["trigger.recurrence"], { from: "Skip", to: null });
    assert.deepEqual(tasks[0]?.paths, {
      description: { from: null },
      owner: { from: null, to: "1107" },
      projectId: { from: "10001", to: "10002" },
      "runtimeResource.resourceGroupId": { from: "group_dev", to: "group_prod" },
      "trigger.recurrence": { from: "Skip", to: null },
    });
  });

  it("is written by a program without any, too", async () => {
    const file = path.join(folder, "declared.json");
    Object.assign(process.env, { [FILE_VARIABLE]: file, [STACK_VARIABLE]: "dev" });
    await runProgram(() => void new DataWorksTask("plain", { projectId: "1", name: "plain" }), {}, { stack: "prod" });
    assert.deepEqual((JSON.parse(readFileSync(file, "utf8")) as Declarations).tasks, []);
  });

  it("gives way to the earlier arguments of a rollback, which its stack alone takes", async () => {
    const file = path.join(folder, "restore.json");
    const urn = (type: string, name: string) =>
      `urn:pulumi:prod::tests::pulumi-nodejs:dynamic/dataworks:${type}::${name}`;
    const tasks = [
      { urn: urn("Task", "orders"), set: { "trigger.cron": "0 0 5 * * ?", rerunTimes: 2 }, unset: ["owner"] },
      { urn: urn("TaskSet", "daily") + "#one", set: { description: "before" }, unset: [] },
    ];
    writeFileSync(file, JSON.stringify({ version: 1, stack: "prod", tasks }));
    process.env[RESTORE_VARIABLE] = file;
    const program = () => {
      const environment = declare();
      new DataWorksTask("orders", environment.DataWorksTask(orders({ trigger: pulumi.output(trigger) })));
      new DataWorksTaskSet("daily", { tasks: { one: { projectId: "10002", name: "one", description: "now" } } });
    };
    const { inputs, warnings } = await runProgram(program, {}, { stack: "prod" });
    assert.deepEqual(inputs["orders"]?.["trigger"], { type: "Scheduler", cron: "0 0 5 * * ?" });
    assert.deepEqual([inputs["orders"]?.["rerunTimes"], inputs["orders"]?.["owner"]], [2, undefined]);
    assert.deepEqual((inputs["daily"] as { tasks: object }).tasks, {
      one: { projectId: "10002", name: "one", description: "before" },
    });
    assert.deepEqual(warnings, ["a rollback: 2 tasks have earlier arguments in place of those of the program"]);
    assert.match(
      (await runProgram(program, {}, { stack: "dev" })).failure?.message ?? "",
      /names a rollback of the stack "prod", and this is "dev"/,
    );
  });
});
