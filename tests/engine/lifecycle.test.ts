import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { DataWorksDISyncTask, DataWorksTask, WeDataTask } from "pulumi-data-tasks";
import type { DataWorksDISyncTaskArgs, DataWorksTaskArgs, WeDataTaskArgs } from "pulumi-data-tasks";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { cloudsAt } from "./clouds";
import { EngineFailure, inlineStack } from "./support";
import type { EngineStack, Report } from "./support";

/** What one kind of task needs to go through the same life as the others. */
interface Kind {
  readonly name: string;
  readonly service: "dataworks" | "dataworks-files" | "wedata";
  readonly make: (name: string, args: object, opts?: pulumi.CustomResourceOptions) => pulumi.CustomResource;
  readonly args: (emulator: Emulator) => Record<string, unknown>;
  /** An edit, the paths it shows in the preview, and the operation that carries it. */
  readonly edit: {
    change: (args: Record<string, unknown>) => Record<string, unknown>;
    paths: string[];
    operation: string;
  };
  /** A console edit, in the words of the wire, and the paths by which it shows. */
  readonly touch: Record<string, unknown>;
  readonly touched: string[];
  readonly replace: {
    change: (args: Record<string, unknown>, emulator: Emulator) => Record<string, unknown>;
    key: string;
  };
}

const CONTENT = {
  type: "job",
  version: "2.0",
  steps: [
    {
      stepType: "mysql",
      parameter: {
        datasource: "shop",
        column: ["id", "name"],
        connection: [{ datasource: "shop", table: ["orders"] }],
      },
      name: "Reader",
      category: "reader",
    },
    {
      stepType: "odps",
      parameter: { datasource: "odps_first", table: "ods_orders", partition: "pt=${bizdate}" },
      name: "Writer",
      category: "writer",
    },
  ],
  setting: { speed: { concurrent: 2, throttle: false } },
  order: { hops: [{ from: "Reader", to: "Writer" }] },
};

const kinds: Kind[] = [
  {
    name: "DataWorksTask",
    service: "dataworks",
    make: (name, args, opts) => new DataWorksTask(name, args as DataWorksTaskArgs, opts),
    args: ({ projectId }) => ({
      projectId,
      name: "ods_orders",
      description: "Orders of the day",
      script: { command: "ODPS_SQL", content: "select 1;", parameters: "bizdate=$bizdate" },
      trigger: { type: "Scheduler", cron: "00 00 02 * * ?" },
      rerunMode: "FailureAllowed",
      rerunTimes: 3,
      rerunIntervalSeconds: 120,
      tags: { team: "warehouse" },
    }),
    edit: {
      change: (args) => ({ ...args, rerunTimes: 1, trigger: { type: "Scheduler", cron: "00 30 03 * * ?" } }),
      paths: ["rerunTimes", "trigger.cron"],
      operation: "BatchUpdateTasks",
    },
    touch: { RerunTimes: 7, Trigger: { Cron: "00 00 05 * * ?" } },
    touched: ["rerunTimes", "trigger.cron"],
    replace: { change: (args, { otherProjectId }) => ({ ...args, projectId: otherProjectId }), key: "projectId" },
  },
  {
    name: "DataWorksDISyncTask",
    service: "dataworks-files",
    make: (name, args, opts) => new DataWorksDISyncTask(name, args as DataWorksDISyncTaskArgs, opts),
    args: ({ legacyProjectId }) => ({
      projectId: legacyProjectId,
      name: "mysql_orders",
      taskContent: CONTENT,
      resourceGroup: "S_res_group_di",
      description: "Orders from the shop",
    }),
    edit: {
      change: (args) => ({
        ...args,
        description: "Orders",
        taskContent: { ...CONTENT, setting: { speed: { concurrent: 4, throttle: false } } },
      }),
      paths: ["description", "taskContent.setting.speed.concurrent"],
      operation: "UpdateDISyncTask",
    },
    touch: { Content: JSON.stringify({ ...CONTENT, setting: { speed: { concurrent: 9, throttle: false } } }) },
    touched: ["taskContent.setting.speed.concurrent"],
    replace: {
      change: (args, { legacyStandardProjectId }) => ({ ...args, projectId: legacyStandardProjectId }),
      key: "projectId",
    },
  },
  {
    name: "WeDataTask",
    service: "wedata",
    make: (name, args, opts) => new WeDataTask(name, args as WeDataTaskArgs, opts),
    args: ({ wedataProjectId, wedataWorkflowId }) => ({
      projectId: wedataProjectId,
      workflowId: wedataWorkflowId,
      taskType: 35,
      name: "load_orders",
      notes: "Loads the orders",
      script: { content: "echo orders" },
      cycleType: "Day",
      delayTimeMinutes: 120,
      retriable: true,
      tryLimit: 3,
      runPriority: "medium",
    }),
    edit: {
      change: (args) => ({ ...args, runPriority: "high", tryLimit: 5 }),
      paths: ["runPriority", "tryLimit"],
      operation: "ModifyTaskInfo",
    },
    touch: { TryLimit: 9, Notes: "somebody was here" },
    touched: ["notes", "tryLimit"],
    replace: { change: (args) => ({ ...args, taskType: 34 }), key: "taskType" },
  },
];

for (const kind of kinds) {
  describe(`${kind.name} on the real engine`, function () {
    this.timeout(180_000);
    let emulator: Emulator;
    let stack: EngineStack;
    let args: Record<string, unknown>;

    before(async () => {
      emulator = await startEmulator({ stageMilliseconds: 5 });
      args = kind.args(emulator);
      stack = await inlineStack(
        kind.name.toLowerCase(),
        () => {
          kind.make("task", args);
          return Promise.resolve({});
        },
        cloudsAt(emulator),
      );
    });
    after(() => emulator.close());

    /** A deleted file stays in the recycle bin. */
    const tasks = async () =>
      ((await emulator.tasks(kind.service)) as Record<string, unknown>[]).filter(
        ({ DeletedStatus = "NORMAL" }) => DeletedStatus === "NORMAL",
      );
    const wireId = (task: Record<string, unknown>) => String(task["Id"] ?? task["FileId"] ?? task["TaskId"]);
    const calls = async () => Object.keys(await emulator.counts());
    const changes = (report: Report) =>
      report.changes.map(({ op, detailedDiff }) => ({ op, paths: Object.keys(detailedDiff).sort() }));
    const settled = async () => {
      assert.deepEqual((await stack.preview()).changes, []);
      assert.deepEqual((await stack.refresh()).changes, []);
      assert.deepEqual((await stack.preview()).changes, []);
    };

    it("creates, and then differs in nothing", async () => {
      assert.deepEqual((await stack.preview()).summary, { create: 2 });
      assert.deepEqual(await tasks(), []);
      assert.deepEqual((await stack.up()).summary, { create: 2 });
      assert.equal((await tasks()).length, 1);
      await settled();
    });

    it("makes no call in a preview and in a run without change", async () => {
      await emulator.reset();
      await stack.preview();
      await stack.up();
      assert.deepEqual(await calls(), []);
    });

    it("previews an edit field by field, and applies it through the documented operation", async () => {
      args = kind.edit.change(args);
      assert.deepEqual(changes(await stack.preview()), [{ op: "update", paths: kind.edit.paths }]);
      await emulator.reset();
      assert.deepEqual((await stack.up()).summary, { same: 1, update: 1 });
      assert.ok((await calls()).includes(kind.edit.operation), (await calls()).join(", "));
      await settled();
    });

    it("shows a console edit after a refresh, with the live values, and puts it right", async () => {
      const [task] = await tasks();
      await emulator.touch(kind.service, wireId(task as Record<string, unknown>), kind.touch);
      await stack.refresh();
      assert.deepEqual(changes(await stack.preview()), [{ op: "update", paths: kind.touched }]);
      await stack.up();
      await settled();
    });

    it("replaces, the old one first", async () => {
      const before = wireId((await tasks())[0] as Record<string, unknown>);
      const old = args;
      args = kind.replace.change(args, emulator);
      const preview = await stack.preview();
      assert.deepEqual(preview.changes.find(({ op }) => op === "replace")?.replaceKeys, [kind.replace.key]);
      assert.equal((await stack.up()).summary.replace, 1);
      const now = await tasks();
      assert.equal(now.length, 1);
      assert.notEqual(wireId(now[0] as Record<string, unknown>), before);
      await settled();
      args = old;
      await stack.up();
      await settled();
    });

    it("creates again what is gone", async () => {
      await emulator.remove(kind.service, wireId((await tasks())[0] as Record<string, unknown>));
      assert.deepEqual(
        (await stack.refresh()).changes.map(({ op }) => op),
        ["delete"],
      );
      assert.deepEqual(
        (await stack.preview()).changes.map(({ op }) => op),
        ["create"],
      );
      await stack.up();
      assert.equal((await tasks()).length, 1);
      await settled();
    });

    it("refuses a wrong argument in the preview, with its name", async () => {
      const right = args;
      args = { ...args, nmae: "x" };
      await emulator.reset();
      await assert.rejects(
        stack.preview(),
        (error) =>
          error instanceof EngineFailure &&
          /has a problem: nmae is not a property of this resource; did you mean name\?/.test(error.message),
      );
      assert.deepEqual(await calls(), []);
      args = right;
    });

    it("keeps a short provider text and no key in the state", async () => {
      const text = await stack.stateText();
      for (const key of [emulator.accessKeyId, emulator.accessKeySecret, emulator.secretId, emulator.secretKey]) {
        assert.equal(text.includes(key), false);
      }
      const { resources } = (await stack.exportState()).deployment as {
        resources: { type: string; inputs?: { __provider?: string }; outputs?: { __provider?: string } }[];
      };
      const texts = resources
        .flatMap(({ inputs, outputs }) => [inputs?.__provider, outputs?.__provider])
        .filter((each) => each !== undefined);
      assert.equal(texts.length, 2);
      for (const each of texts) assert.ok(Buffer.byteLength(each) <= 100, each);
    });

    it("is gone after a destroy", async () => {
      assert.deepEqual((await stack.destroy()).summary, { delete: 2 });
      assert.deepEqual(await tasks(), []);
    });
  });
}
