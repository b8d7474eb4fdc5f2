import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import {
  DataWorksTask,
  WeDataTask,
  getDataWorksTask,
  getDataWorksTaskOutput,
  getDataWorksTasks,
  getWeDataTask,
  getWeDataTaskOutput,
} from "../../sdk/index";
import { apart, mocks, runProgram } from "./program";

describe("looking up tasks that others own", () => {
  let emulator: Emulator;
  before(async () => (emulator = await startEmulator()));
  after(() => emulator.close());
  beforeEach(() => emulator.reset());

  const configuration = (from: Emulator = emulator): Record<string, string> => ({
    "dataworks:endpoint": from.dataworks,
    "dataworks:region": "cn-shanghai",
    "dataworks:accessKeyId": from.accessKeyId,
    "dataworks:accessKeySecret": from.accessKeySecret,
    "wedata:endpoint": from.wedata,
    "wedata:region": "ap-guangzhou",
    "wedata:secretId": from.secretId,
    "wedata:secretKey": from.secretKey,
  });
  const secrets = ["dataworks:accessKeySecret", "wedata:secretKey"];
  const run = (program: () => unknown, config = configuration()) => runProgram(program, config, { secrets });
  /** What a program that only looks something up has found. */
  const found = async <T>(lookUp: () => Promise<T>): Promise<T> => {
    let result: T | undefined;
    const { failure } = await run(async () => (result = await lookUp()));
    if (failure) throw failure;
    return result as T;
  };
  const made = async (task: Record<string, unknown>) => (await emulator.createTasks("dataworks", task))[0] as string;

  describe("of DataWorks", () => {
    it("gives the facts in the words of the arguments, ids as strings and units as there, in one call", async () => {
      const taskId = await made({
        Name: "ods_orders",
        Description: "Orders of the day",
        Timeout: 5400,
        RerunInterval: 120,
        Script: { Content: "select 1;", Parameters: "bizdate=$bizdate" },
        Trigger: { Type: "Scheduler", Recurrence: "Normal", Cron: "00 00 02 * * ?" },
        Outputs: { TaskOutputs: [{ Output: "shop.ods_orders" }], Variables: [] },
        Tags: [{ Key: "team", Value: "warehouse" }],
      });
      const task = await found(() => getDataWorksTask({ projectId: emulator.projectId, id: taskId }));
      assert.equal(task.id, `${emulator.projectId}/Prod/task/${taskId}`);
      assert.equal(task.taskId, taskId);
      assert.equal(task.projectId, emulator.projectId);
      assert.equal(task.envType, "Prod");
      assert.equal(task.description, "Orders of the day");
      assert.deepEqual([task.timeoutSeconds, task.rerunIntervalSeconds], [5400, 120]);
      assert.equal(task.script?.content, "select 1;");
      assert.equal(task.trigger?.cron, "00 00 02 * * ?");
      assert.deepEqual(task.outputs?.taskOutputs, ["shop.ods_orders"]);
      assert.deepEqual(task.tags, { team: "warehouse" });
      assert.match(task.modifyTime ?? "", /^\d{13}$/);
      assert.deepEqual(await emulator.counts(), { GetTask: 1 });
    });

    it("asks the same question once in a run, also while the first answer is not there, and again in the next", async () => {
      const id = await made({ Name: "once" });
      const { projectId } = emulator;
      const program = async () => {
        await Promise.all([getDataWorksTask({ projectId, id }), getDataWorksTask({ id, projectId })]);
        await getDataWorksTask({ projectId, id });
      };
      await run(program);
      assert.deepEqual(await emulator.counts(), { GetTask: 1 });
      await run(program);
      assert.deepEqual(await emulator.counts(), { GetTask: 2 });
    });

    it("finds a task by its exact name, in two calls", async () => {
      const id = await made({ Name: "by_name" });
      await made({ Name: "by_name_2" });
      const task = await found(() => getDataWorksTask({ projectId: emulator.projectId, name: "by_name" }));
      assert.equal(task.taskId, id);
      assert.deepEqual(await emulator.counts(), { GetTask: 1, ListTasks: 1 });
    });

    it("finds a task of the development environment", async () => {
      const id = await made({ Name: "in_dev", EnvType: "Dev" });
      const task = await found(() =>
        getDataWorksTask({ projectId: emulator.projectId, name: "in_dev", envType: "Dev" }),
      );
      assert.equal(task.id, `${emulator.projectId}/Dev/task/${id}`);
    });

    it("says in one sentence that a task is not there, or not the only one of its name", async () => {
      const { projectId, otherProjectId } = emulator;
      const id = await made({ Name: "twice" });
      const other = await made({ Name: "twice" });
      const cases: [args: Parameters<typeof getDataWorksTask>[0], sentence: string | RegExp][] = [
        [
          { projectId, id: "4711" },
          `getDataWorksTask: workspace ${projectId} has no task 4711 in Prod; check projectId, envType, and the region or connection`,
        ],
        [
          { projectId, name: "nobody" },
          /^getDataWorksTask: workspace \d+ has no task of the name "nobody" in Prod; check/,
        ],
        [
          { projectId, name: "twic" },
          /^getDataWorksTask: workspace \d+ has no task of the name "twic" in Prod; did you mean twice\?$/,
        ],
        [
          { projectId, name: "twice" },
          new RegExp(`has 2 tasks of the name "twice" in Prod: (${id}, ${other}|${other}, ${id}); give the id`),
        ],
        [
          { projectId: otherProjectId, id },
          `getDataWorksTask: task ${id} belongs to workspace ${projectId}, not to ${otherProjectId}; correct projectId`,
        ],
      ];
      for (const [args, sentence] of cases) {
        const { failure } = await run(() => getDataWorksTask(args));
        assert.ok(pulumi.RunError.isInstance(failure));
        if (typeof sentence === "string") assert.equal(failure?.message, sentence);
        else assert.match(failure?.message ?? "", sentence);
      }
    });

    it("refuses wrong arguments before the first call, all at once", async () => {
      const cases: [args: object, sentence: RegExp][] = [
        [
          { projectId: 10001, nam: "x", envType: "Prd" },
          /^getDataWorksTask: nam is not a property .*; did you mean name\?.*\ngetDataWorksTask: projectId must be a string, got 10001; write it in quotes.*\ngetDataWorksTask: envType must be one of Prod, Dev, got "Prd"; did you mean Prod\?/,
        ],
        [{ projectId: "1" }, /^getDataWorksTask: id or name is required/],
        [{ projectId: "1", id: "1", name: "x" }, /^getDataWorksTask: name and id are given; give only one/],
      ];
      for (const [args, sentence] of cases) {
        const { failure } = await run(() => getDataWorksTask(args as never));
        assert.match(failure?.message ?? "", sentence);
      }
      assert.deepEqual(await emulator.counts(), {});
    });

    it("lists tasks by filters, in pages, without what the list leaves out", async () => {
      const { projectId } = emulator;
      await emulator.createTasks("dataworks", { Name: "many_{n}", Owner: "4711" }, 230);
      await made({ Name: "many_paused", Owner: "4711", Trigger: { Type: "Scheduler", Recurrence: "Pause" } });
      const all = await found(() => getDataWorksTasks({ projectId, owner: "4711" }));
      assert.equal(all.length, 231);
      assert.equal(new Set(all.map(({ taskId }) => taskId)).size, 231);
      assert.deepEqual(await emulator.counts(), { ListTasks: 3 });
      assert.equal(all[0]?.outputs, undefined);
      assert.equal(typeof all[0]?.script?.parameters, "string");
      const paused = await found(() => getDataWorksTasks({ projectId, name: "many", triggerRecurrence: "Pause" }));
      assert.deepEqual(
        paused.map(({ name, trigger }) => [name, trigger?.recurrence]),
        [["many_paused", "Pause"]],
      );
      assert.deepEqual(await found(() => getDataWorksTasks({ projectId, name: "no such" })), []);
      assert.deepEqual(await found(() => getDataWorksTasks({ projectId, ids: [] })), []);
    });

    it("takes no list for whole that the service has not shown to its end", async () => {
      const { projectId } = emulator;
      await emulator.createTasks("dataworks", { Name: "whole_{n}", Owner: "4712" }, 130);
      const all = () => getDataWorksTasks({ projectId, owner: "4712" });
      const broken: [fault: object, sentence: RegExp][] = [
        [{ body: { PagingInfo: null } }, /ListTasks: NoPage: the answer has no complete page of Tasks/],
        [
          { nth: 2, body: { PagingInfo: { PageNumber: 2, PageSize: 100, TotalCount: 130, Tasks: [] } } },
          /ListTasks: NoPage: the answer has no page 2, although it counts 130 and has shown 100, not repeated; .*run again$/,
        ],
      ];
      for (const [fault, sentence] of broken) {
        await emulator.fault({ kind: "answer", operation: "ListTasks", ...fault });
        await assert.rejects(found(all), sentence);
      }
      // Fewer on a page than asked for, and nothing said of it.
      const { [0]: first } = await found(all);
      assert.ok(first);
      const short = { PageNumber: 1, PageSize: 1, TotalCount: 130, Tasks: [{ Id: Number(first.taskId), Name: "a" }] };
      await emulator.fault({ kind: "answer", operation: "ListTasks", body: { PagingInfo: short } });
      await assert.rejects(found(all), /has shown 31/);
    });

    it("lists tasks in full where it is asked to", async () => {
      const ids = [await made({ Name: "full_1" }), await made({ Name: "full_2" })];
      const tasks = await found(() =>
        getDataWorksTasks({ projectId: emulator.projectId, ids: ids.toReversed(), details: true }),
      );
      assert.deepEqual(
        tasks.map(({ taskId, outputs }) => [taskId, outputs?.taskOutputs?.length]),
        ids.toSorted((a, b) => Number(a) - Number(b)).map((id) => [id, 1]),
      );
      assert.deepEqual(await emulator.counts(), { GetTask: 2, ListTasks: 1 });
    });

    it("wires a task to those it found, by output and across cycles by id", async () => {
      const id = await made({ Name: "upstream" });
      const { inputs, failure, warnings } = await run(async () => {
        const upstream = await getDataWorksTask({ projectId: emulator.projectId, id });
        new DataWorksTask("report", {
          projectId: emulator.projectId,
          name: "report",
          script: { command: "VIRTUAL" },
          dependsOnTasks: [upstream, { task: upstream, type: "CrossCycleDependsOnOtherNode" }],
        });
        const [output = ""] = upstream.outputs?.taskOutputs ?? [];
        new DataWorksTask("by-output", {
          projectId: emulator.projectId,
          name: "by-output",
          script: { command: "VIRTUAL" },
          dependencies: [{ type: "Normal", upstreamOutput: output }],
        });
      });
      assert.equal(failure, undefined);
      assert.deepEqual(warnings, []);
      const [upstreamOutput] = (await found(() => getDataWorksTask({ projectId: emulator.projectId, id }))).outputs
        ?.taskOutputs as string[];
      assert.deepEqual(inputs["report"]?.["dependencies"], [
        { type: "CrossCycleDependsOnOtherNode", upstream: `${emulator.projectId}/Prod/task/${id}` },
        { type: "Normal", upstreamOutput },
      ]);
    });

    it("wires to the same output of a task that it found, in whichever order the service shows them", async () => {
      const wired = async (...outputs: string[]) => {
        const id = await made({
          Name: "upstream",
          Outputs: { TaskOutputs: outputs.map((Output) => ({ Output })), Variables: [] },
        });
        const { inputs } = await run(async () => {
          const upstream = await getDataWorksTask({ projectId: emulator.projectId, id });
          new DataWorksTask("report", { projectId: emulator.projectId, name: "report", dependsOnTasks: [upstream] });
        });
        return inputs["report"]?.["dependencies"];
      };
      assert.deepEqual(await wired("shop.b", "shop.a"), [{ type: "Normal", upstreamOutput: "shop.a" }]);
      await emulator.reset();
      assert.deepEqual(await wired("shop.a", "shop.b"), [{ type: "Normal", upstreamOutput: "shop.a" }]);
    });

    it("lets no task in production wait for a development task that it found", async () => {
      const id = await made({ Name: "dev_upstream", EnvType: "Dev" });
      const { failure } = await run(async () => {
        const task = await getDataWorksTask({ projectId: emulator.projectId, id, envType: "Dev" });
        new DataWorksTask("report", { projectId: emulator.projectId, name: "report", dependsOnTasks: [task] });
      });
      assert.match(failure?.message ?? "", /^DataWorksTask "report": dependsOnTasks\[0\] .* \[prod-on-dev\]$/);
    });

    it("takes inputs that are still to be computed, and gives an output", async () => {
      const id = await made({ Name: "computed" });
      let name: string | undefined;
      await run(
        () =>
          new Promise((resolve) =>
            getDataWorksTaskOutput({ projectId: pulumi.output(emulator.projectId), id: pulumi.output(id) }).apply(
              (task) => resolve((name = task.name)),
            ),
          ),
      );
      assert.equal(name, "computed");
    });

    it("asks each run's own account, also when two run at the same time", async () => {
      const other = await startEmulator();
      try {
        const [here] = [await made({ Name: "here" })];
        const [there = ""] = await other.createTasks("dataworks", { Name: "there" });
        const asked = (from: Emulator, id: string) =>
          apart(async () => {
            await pulumi.runtime.setMocks(mocks);
            pulumi.runtime.setAllConfig(configuration(from), secrets);
            let name: string | undefined;
            await pulumi.runtime.runInPulumiStack(async () => {
              await new Promise((resolve) => setImmediate(resolve));
              name = (await getDataWorksTask({ projectId: from.projectId, id })).name;
            });
            return name;
          });
        assert.deepEqual(await Promise.all([asked(emulator, here), asked(other, there)]), ["here", "there"]);
      } finally {
        await other.close();
      }
    });

    it("shows no key when the service refuses it", async () => {
      const config = { ...configuration(), "dataworks:accessKeySecret": "hidden-word-1234" };
      const { failure } = await run(() => getDataWorksTask({ projectId: emulator.projectId, id: "1" }), config);
      assert.match(failure?.message ?? "", /^getDataWorksTask: GetTask 1: SignatureDoesNotMatch/);
      assert.ok(!String(failure?.stack).includes("hidden-word"));
    });

    it("refuses a key that is plain configuration", async () => {
      const { failure } = await runProgram(() => getDataWorksTask({ projectId: "1", id: "1" }), configuration());
      assert.match(failure?.message ?? "", /accessKeySecret is set as plain configuration/);
      assert.deepEqual(await emulator.counts(), {});
    });
  });

  describe("of WeData", () => {
    /** The emulator numbers the names of what it makes in bulk. */
    const madeThere = async (task: Record<string, unknown>) =>
      (await emulator.createTasks("wedata", { ProjectId: emulator.wedataProjectId, ...task }))[0] as string;

    it("gives the facts in the words of the arguments, once in a run", async () => {
      const id = await madeThere({
        TaskName: "load_orders",
        Notes: "Loads",
        TryLimit: 3,
        RetryWait: 5,
        RunPriority: 5,
      });
      const projectId = emulator.wedataProjectId;
      const task = await found(async () => {
        await getWeDataTask({ projectId, id });
        return getWeDataTask({ id, projectId });
      });
      assert.equal(task.id, `${projectId}/${id}`);
      assert.equal(task.taskId, id);
      assert.deepEqual(
        [task.name, task.notes, task.tryLimit, task.retryWaitMinutes, task.runPriority],
        ["load_orders-1", "Loads", 3, 5, "medium"],
      );
      assert.ok(task.workflowId !== undefined && task.modifyTime !== undefined);
      const counts = await emulator.counts();
      assert.deepEqual([counts["DescribeTaskDetailDs"], counts["GetPaginationTaskScript"]], [1, undefined]);
    });

    it("wires a task to one that it found", async () => {
      const id = await madeThere({ TaskName: "upstream" });
      const { inputs, failure } = await run(async () => {
        const upstream = await getWeDataTask({ projectId: emulator.wedataProjectId, id });
        new WeDataTask("report", { projectId: emulator.wedataProjectId, adopt: "1", dependsOnTasks: [upstream] });
      });
      assert.equal(failure, undefined);
      const [edge] = inputs["report"]?.["dependencies"] as { parentTask?: unknown }[];
      assert.equal(edge?.parentTask, id);
    });

    it("says in one sentence that a task is not there, and refuses what is no id", async () => {
      const projectId = emulator.wedataProjectId;
      const missing = await run(() => getWeDataTask({ projectId, id: "20260101000000001" }));
      assert.equal(
        missing.failure?.message,
        `getWeDataTask: project ${projectId} has no task 20260101000000001; check projectId, and the region or connection`,
      );
      const wrong = await run(() => getWeDataTask({ projectId, id: "load_orders" }));
      assert.match(
        wrong.failure?.message ?? "",
        /^getWeDataTask: id must be the digits of a task id, got "load_orders"/,
      );
    });

    it("takes inputs that are still to be computed", async () => {
      const id = await madeThere({ TaskName: "computed" });
      let name: string | undefined;
      await run(
        () =>
          new Promise((resolve) =>
            getWeDataTaskOutput({ projectId: emulator.wedataProjectId, id: pulumi.output(id) }).apply((task) =>
              resolve((name = task.name)),
            ),
          ),
      );
      assert.equal(name, "computed-1");
    });
  });
});
