import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { configure } from "../../provider/clouds/connections";
import { ASSET_SIGNATURE, ASSET_VALUE } from "../../provider/core/fields";
import { Unfinished, checkInputs, hooks } from "../../provider/core/lifecycle";
import type { Properties } from "../../provider/core/definition";
import { definition } from "../../provider/resources/wedata-task/resource";
import { fromWire } from "../../provider/resources/wedata-task/wire";
import type { WireTask } from "../../provider/resources/wedata-task/wire";

interface Stored {
  TaskId: string;
  Status: string;
  submitted?: { Version: string; settings: Record<string, unknown> };
  settings: Record<string, unknown> & {
    TaskName: string;
    Notes: string;
    Content: string;
    TaskExt: { Key: string; Value: string }[];
    Dependencies: Record<string, unknown>[];
  };
}

describe("WeDataTask", () => {
  let emulator: Emulator;
  let warnings: string[] = [];
  let serial = 0;
  const task = hooks(definition, {
    ready: () => Promise.resolve(),
    warn: (message) => warnings.push(message),
    inform: (message) => warnings.push(message),
  });

  const start = async (switches: Record<string, unknown> = {}) => {
    emulator = await startEmulator({ switches });
    warnings = [];
    const config: Record<string, string> = {
      "wedata:endpoint": emulator.wedata,
      "wedata:region": "ap-guangzhou",
      "wedata:secretId": emulator.secretId,
      "wedata:secretKey": emulator.secretKey,
      "wedata:readTimeoutSeconds": "5",
      ...(switches["wedataSite"] !== undefined && { "wedata:site": switches["wedataSite"] as string }),
    };
    configure({ get: (key) => config[key] });
  };
  const restart = async (switches: Record<string, unknown>) => {
    await emulator.close();
    await start(switches);
  };
  beforeEach(() => start());
  afterEach(() => emulator.close());

  /** Arguments of a small task; a token of its own for each. */
  const orders = (changes: Properties = {}): Properties => ({
    projectId: emulator.wedataProjectId,
    workflowId: emulator.wedataWorkflowId,
    taskType: 30,
    name: "load_orders",
    cycleType: "Day",
    delayTimeMinutes: 120,
    script: { content: "print('größe')\n" },
    creationToken: `token${String((serial += 1)).padStart(8, "0")}`,
    ...changes,
  });
  /** Every argument that both sites can read. */
  const everything = (): Properties => ({
    notes: "Orders of the day\nsecond line",
    cycleType: "Hour",
    cycleStep: 1,
    taskAction: "0,3,14",
    delayTimeMinutes: 30,
    startupTime: 0,
    startTime: "2026-01-01 00:00:00",
    endTime: "2027-01-01 00:00:00",
    executionStartTime: "08:00",
    executionEndTime: "20:30",
    selfDepend: "parallel",
    retriable: true,
    tryLimit: 3,
    retryWaitMinutes: 7,
    executionTtlMinutes: 90,
    runPriority: "high",
    resourceGroup: "20221229172428663695",
    yarnQueue: "root.etl",
    brokerIp: "ins-g8j6pv4f",
    sourceServer: "8738",
    targetServer: "9638",
    dependencyWorkflow: true,
    owners: ["100033435965"],
  });
  const checked = async (news: Properties, olds: Properties = {}) => {
    const { inputs, failures } = await task.check(olds, news);
    assert.deepEqual(failures, []);
    return inputs;
  };
  const created = async (news: Properties = orders()) => {
    const inputs = await checked(news);
    return { inputs, ...(await task.create(inputs)) };
  };
  type Made = Awaited<ReturnType<typeof created>>;
  const updated = async (made: Made, changes: Properties): Promise<Made> => {
    const inputs = await checked({ ...made.inputs, ...changes }, made.inputs);
    return { inputs, id: made.id, ...(await task.update(made.id, made.outs, inputs)) };
  };
  const differs = async ({ id, outs, inputs }: Made) => (await task.diff(id, outs, inputs)).changes;
  const stored = async () => (await emulator.tasks("wedata")) as Stored[];
  const only = async () => {
    const all = await stored();
    assert.equal(all.length, 1);
    return all[0] as Stored;
  };
  const calls = async () => Object.keys(await emulator.counts());
  const upstream = async (name: string) => (await emulator.createTasks("wedata", { TaskName: name }, 1))[0] as string;
  /** Nothing is left to do, and a refresh finds nothing. */
  const isSettled = async (made: Made) => {
    assert.equal(await differs(made), false);
    const read = await task.read(made.id, made.outs);
    assert.equal(read.inputs, undefined);
    assert.deepEqual(read.props, made.outs);
  };

  describe("on the mainland site", () => {
    it("creates and publishes a task, and then differs in nothing", async () => {
      const made = await created();
      const { TaskId, submitted, settings } = await only();
      assert.equal(made.id, `${emulator.wedataProjectId}/${TaskId}`);
      assert.deepEqual([made.outs["taskId"], made.outs["phase"], made.outs["version"]], [TaskId, "published", "V1"]);
      assert.deepEqual(submitted?.settings, settings);
      assert.equal(Buffer.from(settings.Content, "base64").toString(), "print('größe')\n");
      await isSettled(made);
      assert.deepEqual(warnings, []);
    });

    it("creates in five calls beside the reading back", async () => {
      await created();
      assert.deepEqual(await emulator.counts(), {
        CheckTaskNameExist: 1,
        CreateTaskNew: 1,
        ModifyTaskInfo: 1,
        CreateTaskVersionDs: 1,
        DescribeTaskDetailDs: 1,
        GetPaginationTaskScript: 1,
      });
    });

    it("keeps no argument in the outputs that can be read back", async () => {
      const { outs } = await created(orders(everything()));
      assert.deepEqual(Object.keys(outs).sort(), ["applied", "modifyTime", "phase", "reading", "taskId", "version"]);
    });

    it("carries every argument there and back", async () => {
      const parent = await upstream("parent");
      const made = await created(
        orders({
          ...everything(),
          scheduleTimeZone: "UTC+9",
          scheduleRunType: "dryRun",
          concurrentStrategy: "kill",
          taskExt: { python_type: "python3" },
          parameters: { a: "3", b: "" },
          dependencies: [{ dependConfType: "HOUR", subordinateCyclicType: "CURRENT_HOUR", parentTask: parent }],
        }),
      );
      await isSettled(made);
      const { settings } = (await stored())[1] as Stored;
      assert.equal(
        settings.Notes,
        `Orders of the day\nsecond line\n[pulumi-data-tasks:${String(made.inputs["creationToken"])}]`,
      );
      assert.deepEqual(
        [
          "CycleType",
          "SelfDepend",
          "Retriable",
          "RunPriority",
          "ScheduleRunType",
          "ConcurrentStrategy",
          "DependencyWorkflow",
        ].map((name) => settings[name]),
        [2, 3, 1, 4, 1, 1, "yes"],
      );
      assert.deepEqual(warnings, []);
    });

    it("takes words and numbers for the same value", async () => {
      const inputs = await checked(
        orders({
          cycleType: 0,
          crontabExpression: " 0  0 2 * * ? ",
          selfDepend: 2,
          runPriority: 6,
          scheduleRunType: 1,
        }),
      );
      assert.deepEqual(
        ["cycleType", "crontabExpression", "selfDepend", "runPriority", "scheduleRunType"].map((name) => inputs[name]),
        ["Crontab", "0 0 2 * * ?", "unorderedSerial", "low", "dryRun"],
      );
    });

    const edits: [name: string, change: Properties, operations: string[]][] = [
      ["a cycle", { cycleType: "Week", taskAction: "1,5" }, ["ModifyTaskInfo"]],
      ["a name", { name: "load_orders_v2" }, ["ModifyTaskInfo"]],
      ["notes", { notes: "Other words" }, ["ModifyTaskInfo"]],
      ["no notes", { notes: undefined }, ["ModifyTaskInfo"]],
      ["retries", { tryLimit: 1, retryWaitMinutes: 9, retriable: false }, ["ModifyTaskInfo"]],
      ["a priority", { runPriority: "medium" }, ["ModifyTaskInfo"]],
      ["owners", { owners: ["100099990001"] }, ["ModifyTaskInfo"]],
      ["parameters", { parameters: { day: "${yyyyMMdd}" } }, ["ModifyTaskInfo"]],
      ["no parameters", { parameters: undefined }, ["ModifyTaskInfo"]],
      ["an extension", { taskExt: { python_type: "python2" } }, ["ModifyTaskInfo"]],
      ["code", { script: { content: "print(2)" } }, ["ModifyTaskInfoDs"]],
      ["a time zone", { scheduleTimeZone: "UTC+7" }, ["ModifyTaskInfoDs"]],
      ["code and a delay", { script: { content: "print(3)" }, delayTimeMinutes: 5 }, ["ModifyTaskInfoDs"]],
      [
        "code and a name",
        { script: { content: "print(4)" }, name: "load_orders_v3" },
        ["ModifyTaskInfo", "ModifyTaskInfoDs"],
      ],
    ];
    for (const [name, change, operations] of edits) {
      it(`changes ${name} through ${operations.join(" and ")}, and then differs in nothing`, async () => {
        const first = await created(
          orders({
            notes: "Words",
            parameters: { a: "1" },
            owners: ["100033435965"],
            taskExt: { python_type: "python3" },
          }),
        );
        await emulator.reset();
        const second = await updated(first, change);
        assert.deepEqual((await calls()).filter((called) => called.startsWith("Modify")).sort(), operations);
        const { submitted, settings } = await only();
        assert.deepEqual([second.outs["version"], submitted?.Version], ["V2", "V2"]);
        assert.deepEqual(submitted?.settings, settings);
        await isSettled(second);
        assert.deepEqual(warnings, []);
      });
    }

    it("sends only what changed", async () => {
      const first = await created(orders(everything()));
      await emulator.reset();
      await updated(first, { delayTimeMinutes: 45 });
      const [call] = (await emulator.calls()).filter(({ operation }) => operation === "ModifyTaskInfo");
      assert.deepEqual(Object.keys(call?.parameters ?? {}).sort(), ["DelayTime", "ProjectId", "TaskId"]);
    });

    it("makes no version of an edit that the service does not see", async () => {
      const first = await created();
      await emulator.reset();
      const second = await updated(first, { timeouts: { update: 60 } });
      assert.deepEqual(
        (await calls()).filter((called) => !/^(Describe|Get)/.test(called)),
        [],
      );
      await isSettled(second);
    });

    it("says of an edited place on the canvas that no operation moves the task", async () => {
      const first = await created();
      const second = await updated(first, { topCoordinate: 7 });
      assert.match(warnings.join(), /used only when a task is created; no operation moves it \[created-only-edit\]$/);
      await isSettled(second);
    });

    it("warns that a value stays which nothing can clear", async () => {
      const first = await created(orders({ resourceGroup: "r1" }));
      const inputs = await checked({ ...first.inputs, resourceGroup: undefined }, first.inputs);
      assert.equal(await differs({ ...first, inputs }), true);
      assert.match(
        warnings.join(),
        /resourceGroup is no longer declared; .*the service keeps its value.*\[kept-value\]/,
      );
      await isSettled(await updated(first, { resourceGroup: undefined }));
    });

    it("compares only the declared keys of taskExt", async () => {
      const first = await created(orders({ taskExt: { python_type: "python3" } }));
      const { TaskId, settings } = await only();
      await emulator.touch("wedata", TaskId, { TaskExt: [...settings.TaskExt, { Key: "added", Value: "x" }] });
      assert.equal((await task.read(first.id, first.outs)).inputs, undefined);
      await emulator.touch("wedata", TaskId, { TaskExt: [{ Key: "python_type", Value: "python2" }] });
      assert.deepEqual((await task.read(first.id, first.outs)).inputs?.["taskExt"], { python_type: "python2" });
    });

    it("takes an empty offset of a dependency for none, as reads do", async () => {
      const edge = {
        dependConfType: "DAY",
        subordinateCyclicType: "CURRENT_DAY",
        parentTask: await upstream("parent"),
      };
      const made = await created(orders({ dependencies: [{ ...edge, offset: "" }] }));
      assert.equal(made.outs["seen"], undefined);
      await isSettled(made);
    });

    it("sees a change made elsewhere, and puts it right", async () => {
      const first = await created(orders(everything()));
      const { TaskId } = await only();
      await emulator.touch("wedata", TaskId, { CycleType: 3, RunPriority: 6, Notes: "gone" });
      const read = await task.read(first.id, first.outs);
      assert.deepEqual(
        [read.inputs?.["cycleType"], read.inputs?.["runPriority"], read.inputs?.["notes"]],
        ["Day", "low", "gone"],
      );
      assert.equal(read.inputs?.["yarnQueue"], "root.etl");
      const again = { id: first.id, outs: read.props, inputs: first.inputs };
      assert.equal(await differs(again), true);
      const second = await updated(again, {});
      const { settings, submitted } = await only();
      assert.deepEqual([settings["CycleType"], settings["RunPriority"]], [2, 4]);
      assert.match(settings.Notes, /^Orders of the day\nsecond line\n\[pulumi-data-tasks:/);
      assert.deepEqual(submitted?.settings, settings);
      await isSettled(second);
    });

    it("sees a change of the code made elsewhere", async () => {
      const first = await created();
      await emulator.touch("wedata", (await only()).TaskId, { Content: Buffer.from("import os").toString("base64") });
      assert.deepEqual((await task.read(first.id, first.outs)).inputs?.["script"], { content: "import os" });
    });

    it("joins the pages of long code before it decodes them", async () => {
      const made = await created(orders({ script: { content: "# ünïcode ✓\n".repeat(3000) } }));
      await isSettled(made);
      assert.ok(((await emulator.counts())["GetPaginationTaskScript"] ?? 0) > 10);
    });

    it("takes the code from a file, and keeps only its hash", async () => {
      const folder = mkdtempSync(path.join(tmpdir(), "wedata-"));
      try {
        const file = path.join(folder, "orders.py");
        const asset = (text: string) => {
          writeFileSync(file, text);
          return { [ASSET_SIGNATURE]: ASSET_VALUE, path: file, hash: createHash("sha256").update(text).digest("hex") };
        };
        const first = await created(orders({ script: { content: asset("print(1)") } }));
        await isSettled(first);
        const second = await updated(first, { script: { content: asset("print('zwei ✓')") } });
        assert.equal(Buffer.from((await only()).settings.Content, "base64").toString(), "print('zwei ✓')");
        await isSettled(second);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it("creates a task without code", async () => {
      const made = await created(orders({ script: undefined }));
      await isSettled(made);
      assert.equal((await emulator.counts())["GetPaginationTaskScript"], undefined);
    });

    it("says nothing of drift for a cycle whose word nobody has documented, and warns once", async () => {
      const given = orders({ cycleType: "FlexibleWeek" });
      assert.deepEqual(
        checkInputs(definition, given).findings.map(({ severity, code }) => [severity, code]),
        [["warning", "unreadable-word"]],
      );
      const made = await created(given);
      assert.equal((await only()).settings["CycleType"], 10);
      assert.equal(await differs(made), false);
      assert.equal((await task.read(made.id, made.outs)).inputs, undefined);
    });

    it("removes a dependency that is not in the list, and does not mind the order", async () => {
      const [a, b] = [await upstream("a"), await upstream("b")];
      const edge = (parentTask: string) => ({
        dependConfType: "DAY",
        subordinateCyclicType: "CURRENT_DAY",
        parentTask,
      });
      const first = await created(orders({ dependencies: [edge(b), edge(a)] }));
      assert.equal(
        await differs({ ...first, inputs: await checked({ ...first.inputs, dependencies: [edge(a), edge(b)] }) }),
        false,
      );
      await isSettled(first);
      const second = await updated(first, { dependencies: [edge(a)] });
      assert.deepEqual(
        (await stored())[2]?.settings.Dependencies.map((each) => each["ParentTaskId"]),
        [a],
      );
      await isSettled(second);
      const third = await updated(second, { dependencies: undefined });
      assert.deepEqual((await stored())[2]?.settings.Dependencies, []);
      await isSettled(third);
    });

    it("finds no drift in what the service does not show of a dependency", async () => {
      const parent = await upstream("parent");
      const given = { dependConfType: "DAY", subordinateCyclicType: "CURRENT_DAY", dependencyStrategy: "EXECUTING" };
      const first = await created(orders({ dependencies: [{ ...given, parentTask: parent }] }));
      const second = await updated(first, {
        dependencies: [{ ...given, parentTask: { taskId: parent, taskName: "parent-1", cycleType: 3 } }],
      });
      await isSettled(second);
      assert.deepEqual(warnings, []);
    });

    it("finds no drift in a single owner shown for several, unless it is another one", () => {
      const owners = ["1", "2"];
      const read = (InChargeId: WireTask["InChargeId"]) =>
        fromWire({ TaskId: "1", InChargeId }, "DescribeTaskDetailDs", { declared: { owners } });
      assert.equal(read("2").unreadable("owners"), true);
      assert.equal(read("3").unreadable("owners"), false);
      assert.deepEqual(read(";1;2;").values["owners"], owners);
    });

    it("keeps several owners", async () => {
      const made = await created(orders({ owners: ["100033435965", "100099990001"] }));
      await isSettled(made);
    });

    it("leaves a draft where nothing is to be published, and publishes it later", async () => {
      const first = await created(orders({ publish: false }));
      assert.equal((await only()).submitted, undefined);
      assert.equal(first.outs["phase"], "edited");
      await isSettled(first);
      const second = await updated(first, { publish: true });
      assert.equal((await only()).submitted?.Version, "V1");
      await isSettled(second);
    });

    it("goes on with ModifyTaskInfoDs where the account may not use ModifyTaskInfo", async () => {
      await restart({ guangzhouAllowlist: true });
      const first = await created(orders({ ...everything(), parameters: { a: "1" } }));
      await isSettled(first);
      const second = await updated(first, { name: "renamed", delayTimeMinutes: 1, owners: ["100099990001"] });
      await isSettled(second);
      const { settings } = await only();
      assert.deepEqual(
        [settings.TaskName, settings["DelayTime"], settings["InChargeIds"]],
        ["renamed", 1, ["100099990001"]],
      );
      assert.equal((await emulator.counts())["ModifyTaskInfo"], 1);
      assert.deepEqual(warnings, []);
    });

    it("puts back what an update has cleared by leaving it out", async () => {
      await restart({ modifyTaskInfoClearsAbsent: true });
      const first = await created(orders(everything()));
      const second = await updated(first, { runPriority: "low" });
      const { settings, submitted } = await only();
      assert.deepEqual([settings["RunPriority"], settings["YarnQueue"], settings["TryLimit"]], [6, "root.etl", 3]);
      assert.deepEqual(submitted?.settings, settings);
      assert.match(
        warnings.join(),
        /yarnQueue.* did not have the value of before any more, and got it again \[put-back\]$/,
      );
      await isSettled(second);
    });

    it("says of the owners of a draft that they are set when it is published, where no other operation sets them", async () => {
      await restart({ guangzhouAllowlist: true });
      const draft = await created(orders({ publish: false, owners: ["100099990001"] }));
      assert.match(warnings.join(), /owners only after the task is published; they are set then \[owners-later\]$/);
      const done = await updated(draft, { publish: true });
      assert.deepEqual((await only()).settings["InChargeIds"], ["100099990001"]);
      await isSettled(done);
    });

    it("learns which word stands for which self dependency", async () => {
      await restart({ selfDependWords: "ordered-is-serial" });
      const first = await created(orders({ selfDepend: "orderedSerial" }));
      await isSettled(first);
      const second = await updated(first, { selfDepend: "unorderedSerial" });
      await isSettled(second);
      await emulator.touch("wedata", (await only()).TaskId, { SelfDepend: 1 });
      assert.equal((await task.read(second.id, second.outs)).inputs?.["selfDepend"], "orderedSerial");
    });

    for (const switches of [
      { serverIdsWrapped: false },
      { detailServersNull: true },
      { executionTimeWithSeconds: true },
      { taskExtMerges: true },
      { scriptPageCharacters: 7 },
    ]) {
      it(`is settled with ${JSON.stringify(switches)}`, async () => {
        await restart(switches);
        const first = await created(orders({ ...everything(), taskExt: { a: "1", b: "2" } }));
        await isSettled(first);
        await isSettled(await updated(first, { taskExt: { a: "1" }, sourceServer: "1", executionEndTime: "21:00" }));
        assert.deepEqual(warnings, []);
      });
    }
  });

  describe("on the international site", () => {
    beforeEach(() => restart({ wedataSite: "intl" }));

    it("creates, changes and publishes a task, and then differs in nothing", async () => {
      const parent = await upstream("parent");
      const first = await created(
        orders({
          ...everything(),
          taskExt: { python_type: "python3" },
          parameters: { a: "3" },
          dependencies: [{ dependConfType: "DAY", subordinateCyclicType: "CURRENT_DAY", parentTask: parent }],
        }),
      );
      await isSettled(first);
      assert.deepEqual(first.outs["parameters"], { a: "3" });
      const second = await updated(first, { parameters: { a: "4" }, script: { content: "print(2)" }, tryLimit: 9 });
      await isSettled(second);
      const { settings, submitted } = (await stored())[1] as Stored;
      assert.deepEqual(settings["TaskParamInfos"], [{ ParamKey: "a", ParamValue: "4" }]);
      assert.equal(Buffer.from(settings.Content, "base64").toString(), "print(2)");
      assert.deepEqual(submitted?.settings, settings);
      assert.deepEqual(warnings, []);
    });

    it("refuses what only the mainland has, before it makes anything", async () => {
      await assert.rejects(
        created(orders({ scheduleTimeZone: "UTC+8" })),
        /^TaskError: scheduleTimeZone exists on the mainland site only/,
      );
      const range = { dependConfType: "RANGE_DAY", subordinateCyclicType: "CURRENT", parentTask: "1", offset: "1" };
      await assert.rejects(
        created(orders({ dependencies: [range] })),
        /dependencies\[0\]\.dependConfType RANGE_DAY exists on the mainland site only/,
      );
      assert.deepEqual(await emulator.counts(), {});
    });

    it("recognises its task after a lost reply, although nothing shows the token yet", async () => {
      await emulator.fault({ kind: "drop-after", operation: "CreateTaskNew" });
      const made = await created();
      await only();
      await isSettled(made);
    });

    it("does not take a task of the same name for its own", async () => {
      await emulator.fault({ kind: "error500", operation: "ModifyTaskInfo", times: 0 });
      await assert.rejects(created(), Unfinished);
      await emulator.clearFaults();
      await assert.rejects(created(), /exists among the tasks of type 30 .*adopt: "\d{17}"/);
      await only();
    });

    it("knows a draft that no list shows", async () => {
      await restart({ wedataSite: "intl", dependListsSeesDrafts: false, operateListSeesDrafts: false });
      const made = await created(orders({ publish: false }));
      assert.equal(await differs(made), false);
      assert.notEqual((await task.read(made.id, made.outs)).id, "");
      await task.delete(made.id, made.outs);
      assert.equal((await task.read(made.id, made.outs)).id, "");
    });
  });

  describe("when something goes wrong", () => {
    it("makes no second task after a lost reply", async () => {
      await emulator.fault({ kind: "drop-after", operation: "CreateTaskNew" });
      const made = await created();
      await only();
      await isSettled(made);
    });

    it("makes the task after a call that never arrived", async () => {
      await emulator.fault({ kind: "drop-before", operation: "CreateTaskNew" });
      const made = await created();
      await only();
      await isSettled(made);
    });

    it("finds what an interrupted run has made", async () => {
      const inputs = await checked(orders());
      await emulator.fault({ kind: "error500", operation: "ModifyTaskInfo", times: 0 });
      await assert.rejects(task.create(inputs), Unfinished);
      await emulator.clearFaults();
      const made = { inputs, ...(await task.create(inputs)) };
      await only();
      await isSettled(made);
    });

    it("leaves a task of the same name alone, and says how to adopt it", async () => {
      const [other] = await emulator.createTasks("wedata", { TaskName: "load_orders", TaskType: 30 }, 1);
      await assert.rejects(created(orders({ name: "load_orders-1" })), (error: Error) => {
        assert.match(
          error.message,
          new RegExp(
            `name "load_orders-1" exists .* was not created by this resource; to take it over write adopt: "${other}"`,
          ),
        );
        return true;
      });
      await only();
    });

    for (const operation of ["ModifyTaskInfo", "CreateTaskVersionDs", "DescribeTaskDetailDs"]) {
      it(`records a creation that stopped at ${operation}, and the next update finishes it`, async () => {
        const inputs = await checked(orders(everything()));
        await emulator.fault({ kind: "error", operation, code: "InvalidParameter", times: 0 });
        const failure = await task.create(inputs).then(
          () => assert.fail("it should have failed"),
          (error: unknown) => error as Unfinished,
        );
        assert.ok(failure instanceof Unfinished);
        await emulator.clearFaults();
        const { __provider: _provider, ...outs } = failure.properties;
        const read = await task.read(failure.id, outs);
        assert.equal(read.id, failure.id);
        assert.equal((await task.diff(failure.id, read.props, inputs)).changes, true);
        const done = { inputs, id: failure.id, ...(await task.update(failure.id, read.props, inputs)) };
        await isSettled(done);
        const { submitted, settings } = await only();
        assert.deepEqual(submitted?.settings, settings);
      });
    }

    for (const site of ["cn", "intl"]) {
      for (let nth = 1; nth <= 6; nth++) {
        it(`makes one task although the first run was killed at call ${nth} (${site})`, async () => {
          await restart({ wedataSite: site });
          const inputs = await checked(orders(everything()));
          await emulator.fault({ kind: "error", code: "AuthFailure", operation: "*", nth, times: 0 });
          await assert.rejects(task.create(inputs));
          await emulator.clearFaults();
          // Nothing of the first run is in the state.
          const made = { inputs, ...(await task.create(inputs)) };
          await only();
          await isSettled(made);
        });
        for (const kind of ["drop-after", "drop-before"] as const) {
          it(`makes one task although call ${nth} was lost (${kind}, ${site})`, async () => {
            await restart({ wedataSite: site });
            await emulator.fault({ kind, operation: "*", nth });
            const made = await created(orders(everything()));
            await only();
            await isSettled(made);
          });
        }
      }
    }

    it("finishes an update that stopped before it was published", async () => {
      const first = await created();
      const news = await checked({ ...first.inputs, delayTimeMinutes: 7 }, first.inputs);
      await emulator.fault({ kind: "error", operation: "CreateTaskVersionDs", times: 0 });
      const failure = await task.update(first.id, first.outs, news).catch((error: unknown) => error as Unfinished);
      assert.ok(failure instanceof Unfinished);
      await emulator.clearFaults();
      assert.equal(failure.properties["phase"], "edited");
      const done = { inputs: news, id: first.id, ...(await task.update(first.id, failure.properties, news)) };
      assert.equal((await only()).submitted?.settings["DelayTime"], 7);
      assert.equal(await differs(done), false);
    });

    it("takes Data false in a good answer for a failure", async () => {
      const first = await created();
      await emulator.fault({ kind: "business-failure", operation: "ModifyTaskInfo" });
      await assert.rejects(updated(first, { delayTimeMinutes: 7 }), /ModifyTaskInfo load_orders: .*did not do it/);
    });

    for (const missingWedataTask of ["FailedOperation", "ResourceNotFound", "null"]) {
      it(`notices a deletion elsewhere, whatever the service answers (${missingWedataTask})`, async () => {
        await restart({ missingWedataTask });
        const made = await created();
        await emulator.remove("wedata", (await only()).TaskId);
        assert.equal((await task.read(made.id, made.outs)).id, "");
        await assert.rejects(updated(made, { delayTimeMinutes: 1 }), /is gone; run `pulumi refresh`/);
        await task.delete(made.id, made.outs);
        await task.delete(made.id, made.outs);
      });
    }

    for (const [name, fault] of [
      ["a refusal", { kind: "error", code: "FailedOperation" }],
      ["a throttle", { kind: "throttle", times: 20 }],
      ["an authorisation error", { kind: "error", code: "UnauthorizedOperation" }],
    ] as const) {
      it(`does not take ${name} for a deletion`, async () => {
        const made = await created(orders({ timeouts: { read: 1 } }));
        // It moved, so that the lists do not do.
        await emulator.clock(60_000, { signatures: false });
        await emulator.touch("wedata", String(made.outs["taskId"]), { TryLimit: 4 });
        await emulator.fault({ times: 0, ...fault, operation: "DescribeTaskDetailDs" });
        await assert.rejects(task.read(made.id, made.outs));
      });
    }
  });

  describe("adopted", () => {
    const adopting = async (changes: Properties = {}) => {
      const [id] = await emulator.createTasks("wedata", { TaskName: "old", DelayTime: 60, Notes: "by hand" }, 1);
      return {
        projectId: emulator.wedataProjectId,
        adopt: id,
        creationToken: `token${String((serial += 1)).padStart(8, "0")}`,
        ...changes,
      };
    };

    it("only records at first, and applies the differences next", async () => {
      const first = await created(await adopting({ delayTimeMinutes: 90, notes: "by us" }));
      assert.deepEqual(
        (await calls()).filter((called) => !/^(Describe|Get)/.test(called)),
        [],
      );
      assert.equal(first.outs["delayTimeMinutes"], 60);
      const { changes, replaces } = await task.diff(first.id, first.outs, first.inputs);
      assert.deepEqual([changes, replaces], [true, []]);
      const second = await updated(first, {});
      const { settings, submitted } = await only();
      assert.deepEqual([settings["DelayTime"], settings.Notes, submitted?.Version], [90, "by us", "V2"]);
      await isSettled(second);
    });

    it("applies at once when asked to", async () => {
      const args = await adopting();
      const made = await created({
        ...args,
        adopt: { id: args.adopt, apply: true },
        delayTimeMinutes: 90,
        script: { content: "ls" },
      });
      const { settings } = await only();
      assert.deepEqual([settings["DelayTime"], settings.Notes], [90, "by hand"]);
      await isSettled(made);
    });

    it("pauses many tasks in calls for many, and each alone where such a call is refused", async () => {
      const ids = await emulator.createTasks("wedata", { TaskName: "load" }, 70);
      const made = await Promise.all(
        ids.map(async (adopt) => {
          const args = {
            projectId: emulator.wedataProjectId,
            adopt,
            onDelete: "pause",
            creationToken: `token-${adopt}`,
          };
          const { inputs, failures } = await task.check({}, args);
          assert.deepEqual(failures, []);
          return { adopt, ...(await task.create(inputs)) };
        }),
      );
      await emulator.reset();
      await Promise.all(made.slice(0, 60).map(({ id, outs }) => task.delete(id, outs)));
      const status = async () =>
        new Map(((await emulator.tasks("wedata")) as Stored[]).map(({ TaskId, Status }) => [TaskId, Status]));
      const before = await status();
      assert.deepEqual(
        made.map(({ adopt }) => before.get(adopt) === "O"),
        made.map((_, index) => index < 60),
      );
      const { FreezeOpsTasks = 0 } = await emulator.counts();
      assert.ok(FreezeOpsTasks <= 6, String(FreezeOpsTasks));

      // One that leaves alone is refused for good, and of a call for many each is tried by itself.
      await emulator.fault({ kind: "business-failure", operation: "FreezeOpsTasks", times: 2 });
      const outcomes = await Promise.allSettled(made.slice(60).map(({ id, outs }) => task.delete(id, outs)));
      const refused = outcomes.filter((outcome) => outcome.status === "rejected").length;
      assert.ok(refused <= 2, String(refused));
      const after = await status();
      assert.equal(made.filter(({ adopt }) => after.get(adopt) === "O").length, 70 - refused);
    });

    it("leaves the task when the resource goes away, and pauses or deletes it when told to", async () => {
      const made = await created(await adopting());
      await task.delete(made.id, made.outs);
      assert.equal((await only()).Status, "Y");
      const paused = await updated(made, { onDelete: "pause" });
      await task.delete(made.id, paused.outs);
      assert.equal((await only()).Status, "O");
      const deleted = await updated(paused, { onDelete: "delete" });
      await task.delete(made.id, deleted.outs);
      assert.deepEqual(await stored(), []);
    });

    it("refuses a task that another stack created, unless forced", async () => {
      const made = await created();
      const args = { ...(await adopting()), adopt: made.outs["taskId"] };
      await assert.rejects(
        created(args),
        /was created by another resource of this stack; to move it here, write the whole id/,
      );
      await assert.rejects(
        created({ ...args, creationToken: "other00000001" }),
        /was created by another stack; release it there first, or set force: true/,
      );
      const forced = await created({ ...args, force: true, notes: "taken over" });
      await updated(forced, {});
      const { settings } = (await stored())[0] as Stored;
      assert.equal(settings.Notes, `taken over\n[pulumi-data-tasks:${String(made.inputs["creationToken"])}]`);
    });

    it("says when there is no such task, or it is in another workflow", async () => {
      await assert.rejects(
        created({ ...(await adopting()), adopt: "123" }),
        /^TaskError: adopt: there is no task 123 in project/,
      );
      await assert.rejects(created(await adopting({ workflowId: "other" })), /has workflow .*, not other/);
    });

    it("replaces when another task is named", async () => {
      const made = await created(await adopting());
      const inputs = await checked(await adopting(), made.inputs);
      assert.deepEqual((await task.diff(made.id, made.outs, inputs)).replaces, ["adopt"]);
    });
  });

  describe("taken away", () => {
    it("is deleted, and deleting it twice succeeds", async () => {
      const made = await created();
      await task.delete(made.id, made.outs);
      await task.delete(made.id, made.outs);
      assert.deepEqual(await stored(), []);
      assert.equal((await task.read(made.id, made.outs)).id, "");
    });

    it("leaves nothing on the schedule where deleting it from the editing space does not take it off", async () => {
      await restart({ deleteKeepsScheduled: true });
      const made = await created();
      await task.delete(made.id, made.outs);
      assert.deepEqual(await stored(), []);
    });

    it("is replaced when the editing space has lost it and production has not", async () => {
      await restart({ deleteKeepsScheduled: true });
      const made = await created();
      const other = await created({
        projectId: emulator.wedataProjectId,
        adopt: made.outs["taskId"],
        force: true,
        onDelete: "delete",
        creationToken: "somebodyelse",
      });
      await emulator.fault({ kind: "error", operation: "BatchDeleteOpsTasks" });
      await assert.rejects(task.delete(other.id, other.outs));
      // The lists do not tell; an update that fails makes the next refresh look at the whole task.
      const failure = await task.update(made.id, made.outs, { ...made.inputs, tryLimit: 4 }).then(
        () => assert.fail("it should have failed"),
        (error: unknown) => error as Unfinished,
      );
      const read = await task.read(made.id, failure.properties);
      assert.equal(read.props["phase"], "scheduled");
      assert.deepEqual((await task.diff(made.id, read.props, made.inputs)).replaces, ["name"]);
      await task.delete(made.id, read.props);
      assert.deepEqual(await stored(), []);
    });

    it("spares the instances of tasks that depend on it", async () => {
      const made = await created();
      await created(
        orders({
          name: "downstream",
          dependencies: [
            { dependConfType: "DAY", subordinateCyclicType: "CURRENT_DAY", parentTask: made.outs["taskId"] },
          ],
        }),
      );
      await task.delete(made.id, made.outs);
      assert.equal(((await only()) as { instancesFailedBy?: unknown }).instancesFailedBy, undefined);
    });
  });

  describe("checked", () => {
    it("makes no call in check and diff", async () => {
      const made = await created();
      await emulator.reset();
      await checked({ ...made.inputs, name: "x" }, made.inputs);
      await task.diff(made.id, made.outs, { ...made.inputs, name: "x" });
      assert.deepEqual(await emulator.counts(), {});
    });

    it("replaces for another project, workflow, task type or creation-only argument", async () => {
      const made = await created();
      for (const change of [
        { projectId: "1" },
        { workflowId: "w" },
        { taskType: 35 },
        { instanceInitStrategy: "T+0" },
      ]) {
        const { replaces } = await task.diff(made.id, made.outs, { ...made.inputs, ...change });
        assert.deepEqual(replaces, Object.keys(change));
      }
    });
  });
});
