import assert from "node:assert/strict";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { cloudsAt } from "./clouds";
import { content, kinds } from "./kinds";
import type { Args, Name, Service } from "./kinds";
import { EngineFailure, differences, inlineStack, writes } from "./support";
import type { EngineStack, Report } from "./support";

/** One edit of each of the three, the paths it shows in the preview, and the operations that carry it. */
interface Step {
  readonly what: string;
  readonly edit: Record<Name, Args>;
  readonly paths: Record<Name, string[]>;
  readonly operations: string[];
}

/** `undefined` takes a property away. */
const steps = (upstream: string): Step[] => [
  {
    what: "an edit through the operation that is made for it",
    edit: {
      task: { rerunTimes: 1, trigger: { type: "Scheduler", cron: "00 30 03 * * ?" } },
      sync: { taskContent: content({ concurrent: 4 }), resourceGroup: "S_res_group_di_2" },
      load: { runPriority: "high", tryLimit: 5 },
    },
    paths: {
      task: ["rerunTimes", "trigger.cron"],
      sync: ["resourceGroup", "taskContent.setting.speed.concurrent"],
      load: ["runPriority", "tryLimit"],
    },
    operations: ["BatchUpdateTasks", "CreateTaskVersionDs", "ModifyTaskInfo", "SubmitFile", "UpdateDISyncTask"],
  },
  {
    what: "an edit through the other operation",
    edit: {
      task: {
        instanceMode: "Immediately",
        tags: { team: "warehouse", tier: "gold" },
        dependencies: [{ type: "Normal", upstreamOutput: "shop.raw" }, { type: "CrossCycleDependsOnSelf" }],
        inputs: { variables: [{ name: "day", type: "System", value: "$[yyyymmdd-1]" }] },
      },
      sync: { schedule: { cron: "00 30 02 * * ?", rerunTimes: 1, inputs: ["shop.raw", "shop.more"] } },
      load: {
        scheduleTimeZone: "UTC+9",
        taskExt: { queue: "fast" },
        dependencies: [{ parentTask: upstream, dependConfType: "DAY", subordinateCyclicType: "CURRENT_DAY" }],
      },
    },
    paths: {
      task: ["dependencies", "inputs", "instanceMode", "tags.tier"],
      sync: ["schedule"],
      load: ["dependencies", "scheduleTimeZone", "taskExt"],
    },
    operations: ["CreateTaskVersionDs", "ModifyTaskInfoDs", "SubmitFile", "UpdateFile", "UpdateTask"],
  },
  {
    what: "an edit of the code, or of the place",
    edit: {
      task: { script: { command: "ODPS_SQL", content: "select 2;", parameters: "bizdate=$bizdate" } },
      sync: { name: "mysql_all_orders", folder: "Business Flow/Workflow/Data Integration/orders" },
      load: { script: { content: "echo all orders" } },
    },
    paths: { task: ["script.content"], sync: ["folder", "name"], load: ["script.content"] },
    operations: [
      ...["CreatePipelineRun", "CreateTaskVersionDs", "ModifyTaskInfoDs", "SubmitFile", "UpdateFile", "UpdateNode"],
    ],
  },
  {
    what: "a draft that is not published",
    edit: {
      task: { publish: false, script: { command: "ODPS_SQL", content: "select 3;", parameters: "bizdate=$bizdate" } },
      sync: { publish: false, description: "A draft" },
      load: { publish: false, tryLimit: 6 },
    },
    paths: { task: ["publish", "script.content"], sync: ["description", "publish"], load: ["publish", "tryLimit"] },
    operations: ["ModifyTaskInfo", "UpdateFile", "UpdateNode"],
  },
  {
    what: "the publication of a draft",
    edit: { task: { publish: true }, sync: { publish: true }, load: { publish: true } },
    paths: { task: ["publish"], sync: ["publish"], load: ["publish"] },
    operations: ["CreatePipelineRun", "CreateTaskVersionDs", "SubmitFile"],
  },
  {
    what: "properties taken away",
    edit: {
      task: { description: undefined, tags: undefined, dependencies: undefined },
      sync: { description: undefined },
      load: { notes: undefined, taskExt: undefined },
    },
    paths: { task: ["dependencies", "description", "tags"], sync: ["description"], load: ["notes", "taskExt"] },
    operations: ["CreateTaskVersionDs", "ModifyTaskInfo", "SubmitFile", "UpdateFile", "UpdateTask"],
  },
  {
    what: "properties given again",
    edit: {
      task: {
        tags: { team: "warehouse", tier: "gold" },
        dependencies: [{ type: "Normal", upstreamOutput: "shop.raw" }],
      },
      sync: { description: "Orders" },
      load: { taskExt: { queue: "fast", level: "1" }, notes: "Loads" },
    },
    paths: { task: ["dependencies", "tags"], sync: ["description"], load: ["notes", "taskExt"] },
    operations: ["CreateTaskVersionDs", "ModifyTaskInfo", "SubmitFile", "UpdateFile", "UpdateTask"],
  },
];

/** What somebody does at the console, in the words of the wire, and how it shows: the path, the live value, the declared one. */
const touched: Record<Name, { changes: Args; shown: Record<string, [live: unknown, declared: unknown]> }> = {
  task: {
    changes: {
      RerunTimes: 7,
      Trigger: { Cron: "00 00 05 * * ?" },
      Tags: [
        { Key: "team", Value: "somebody" },
        { Key: "new", Value: "yes" },
      ],
      Dependencies: [{ Type: "Normal", UpstreamOutput: "shop.console" }],
    },
    shown: {
      rerunTimes: [7, 1],
      "trigger.cron": ["0 0 5 * * ?", "0 30 3 * * ?"],
      "tags.team": ["somebody", "warehouse"],
      "tags.tier": [undefined, "gold"],
      "tags.new": ["yes", undefined],
      "dependencies[0].upstreamOutput": ["shop.console", "shop.raw"],
    },
  },
  sync: {
    changes: {
      FileDescription: "Somebody was here",
      CronExpress: "00 00 05 * * ?",
      Content: JSON.stringify({ ...content({ concurrent: 9 }), extend: { mode: "wizard" } }),
      InputList: [{ Input: "shop.raw" }, { Input: "shop.console" }],
    },
    shown: {
      description: ["Somebody was here", "Orders"],
      "schedule.cron": ["0 0 5 * * ?", "0 30 2 * * ?"],
      "schedule.inputs[0]": ["shop.console", "shop.more"],
      "taskContent.setting.speed.concurrent": [9, 4],
    },
  },
  load: {
    changes: {
      TryLimit: 9,
      Notes: "somebody was here",
      TaskExt: [
        { Key: "queue", Value: "slow" },
        { Key: "level", Value: "1" },
        { Key: "service", Value: "added" },
      ],
    },
    shown: { notes: ["somebody was here", "Loads"], "taskExt.queue": ["slow", "fast"], tryLimit: [9, 6] },
  },
};

const names = Object.keys(kinds) as Name[];
const byName = <T>(value: (name: Name) => T) => Object.fromEntries(names.map((name) => [name, value(name)]));

describe("the whole life of the three kinds of task on the real engine", function () {
  this.timeout(180_000);
  let emulator: Emulator;
  let stack: EngineStack;
  let args: Record<Name, Args>;
  let upstream: string;

  before(async () => {
    emulator = await startEmulator({ stageMilliseconds: 5 });
    [upstream = ""] = await emulator.createTasks("wedata", { TaskName: "upstream" });
    const more: Record<Name, Args> = {
      task: {
        description: "Orders of the day",
        script: { command: "ODPS_SQL", content: "select 1;", parameters: "bizdate=$bizdate" },
        trigger: { type: "Scheduler", cron: "00 00 02 * * ?" },
        ...{ rerunMode: "FailureAllowed", rerunTimes: 3, rerunIntervalSeconds: 120 },
        tags: { team: "warehouse" },
      },
      sync: { description: "Orders from the shop" },
      load: { notes: "Loads the orders", cycleType: "Day", delayTimeMinutes: 120, tryLimit: 3, runPriority: "medium" },
    };
    args = byName((name) => ({ ...kinds[name].least(emulator), ...more[name] })) as Record<Name, Args>;
    stack = await inlineStack(
      "lifecycle",
      () => {
        for (const name of names) kinds[name].make(name, args[name]);
        return Promise.resolve();
      },
      cloudsAt(emulator),
    );
  });
  after(() => emulator.close());
  beforeEach(() => emulator.reset());

  /** What a service holds of ours; a deleted file stays in the recycle bin. */
  const held = async (service: Service) =>
    ((await emulator.tasks(service)) as Args[]).filter(
      ({ DeletedStatus = "NORMAL", TaskId }) => DeletedStatus === "NORMAL" && TaskId !== upstream,
    );
  const wireId = (task: Args | undefined) => String(task?.["Id"] ?? task?.["FileId"] ?? task?.["TaskId"]);
  const wireIds = async () =>
    Promise.all(names.map(async (name) => (await held(kinds[name].service)).map(wireId).join()));
  const operations = async () => [...new Set((await writes(emulator)).map(({ operation }) => operation))].sort();
  const edited = (edit: Partial<Record<Name, Args>>) => {
    args = byName((name) => ({ ...args[name], ...edit[name] })) as Record<Name, Args>;
  };
  /** Nothing to do, and nothing after a look at what is there. */
  const settled = async () => {
    assert.deepEqual((await stack.preview()).changes, []);
    assert.deepEqual((await stack.preview({ refresh: true })).changes, []);
  };
  /** The same with a refresh that is kept: what it records makes no difference either. */
  const settledForGood = async () => {
    assert.deepEqual((await stack.preview()).changes, []);
    assert.deepEqual((await stack.refresh()).changes, []);
    assert.deepEqual((await stack.preview()).changes, []);
  };

  /** What a preview shows of a resource: by path the value there is and the value to be. */
  const shown = (report: Report["changes"], name: string) => {
    const { detailedDiff, oldInputs, newInputs } = report.find((change) => change.name === name) ?? assert.fail(name);
    return Object.fromEntries(
      Object.keys(detailedDiff)
        .sort()
        .map((at) => [at, [inside(oldInputs, at), inside(newInputs, at)]]),
    );
  };
  const inside = (tree: unknown, at: string): unknown =>
    at.split(/[.[\]]+/).reduce((value, key) => (key === "" ? value : (value as Args | undefined)?.[key]), tree);

  it("creates, and then differs in nothing", async () => {
    assert.deepEqual((await stack.preview()).summary, { create: 4 });
    assert.deepEqual(await emulator.counts(), {});
    assert.deepEqual((await stack.up()).summary, { create: 4 });
    await settledForGood();
  });

  it("makes no call in a preview and in a run without change", async () => {
    await stack.preview();
    await stack.up();
    assert.deepEqual(await emulator.counts(), {});
  });

  for (const [index, { what }] of steps("").entries()) {
    it(`${what}: previewed property by property, carried by its operations alone, and then settled`, async () => {
      const { edit, paths, operations: expected } = steps(upstream)[index] ?? assert.fail();
      edited(edit);
      assert.deepEqual(
        differences(await stack.preview()),
        byName((name) => ["update", ...paths[name]]),
      );
      await stack.up();
      assert.deepEqual(await operations(), expected);
      await settled();
    });
  }

  it("shows console edits after a refresh, exactly, with the live values, and puts them right", async () => {
    for (const name of names) {
      const { service } = kinds[name];
      await emulator.touch(service, wireId((await held(service))[0]), touched[name].changes);
    }
    await stack.refresh();
    const { changes } = await stack.preview();
    assert.deepEqual(
      byName((name) => shown(changes, name)),
      byName((name) => touched[name].shown),
    );
    await stack.up();
    await settledForGood();
  });
  it("says what an update found changed, and shows it with its live value after a refresh", async () => {
    await emulator.touch("dataworks-files", wireId((await held("dataworks-files"))[0]), {
      CronExpress: "00 00 06 * * ?",
    });
    edited({ sync: { description: "Orders again" } });
    const said = ({ diagnostics }: Report) => diagnostics.map(({ message }) => message).join("");
    assert.match(said(await stack.up()), /schedule\.cron changed although not by this update; the next preview/);
    assert.match(said(await stack.preview()), /is not as declared in schedule\.cron; `pulumi refresh` brings its live/);
    await stack.refresh();
    const { changes } = await stack.preview();
    assert.deepEqual(shown(changes, "sync"), { "schedule.cron": ["0 0 6 * * ?", "0 30 2 * * ?"] });
    await stack.up();
    await settled();
  });

  it("replaces, the old one first", async () => {
    const before = await wireIds();
    edited({
      task: { projectId: emulator.otherProjectId },
      sync: { projectId: emulator.legacyStandardProjectId },
      load: { taskType: 34 },
    });
    const preview = await stack.preview();
    assert.deepEqual(
      Object.fromEntries(
        preview.changes.filter(({ op }) => op === "replace").map(({ name, replaceKeys }) => [name, replaceKeys]),
      ),
      { task: ["projectId"], sync: ["projectId"], load: ["taskType"] },
    );
    assert.equal((await stack.up()).summary.replace, 3);
    const now = await wireIds();
    assert.deepEqual(
      now.map((id, nth) => [id.includes(","), id === before[nth]]),
      names.map(() => [false, false]),
    );
    await settled();
  });

  it("creates again what is gone", async () => {
    for (const name of names) {
      const { service } = kinds[name];
      await emulator.remove(service, wireId((await held(service))[0]));
    }
    // What a workspace with a development environment still runs after a file is gone, no operation shows: the sync task
    // stays in the state until the next run has taken it off production.
    assert.deepEqual((await stack.refresh()).summary, { delete: 2, update: 1, same: 1 });
    assert.deepEqual((await stack.preview()).summary, { create: 2, replace: 1, same: 1 });
    await stack.up();
    assert.ok((await wireIds()).every((id) => /^\d+$/.test(id)));
    await settledForGood();
  });

  it("refuses a wrong argument in the preview, with its name", async () => {
    // One at a time: the engine stops at the first resource that is refused.
    const right = args;
    for (const name of names) {
      edited({ [name]: { nmae: "x" } });
      await assert.rejects(stack.preview(), (error) => {
        assert.ok(error instanceof EngineFailure);
        assert.match(error.message, /nmae is not a property of .*; did you mean name\?/);
        return true;
      });
      args = right;
    }
    assert.deepEqual(await emulator.counts(), {});
  });

  it("keeps a short provider text and no key in the state", async () => {
    const text = await stack.stateText();
    for (const key of [emulator.accessKeyId, emulator.accessKeySecret, emulator.secretId, emulator.secretKey]) {
      assert.equal(text.includes(key), false);
    }
    const { resources } = (await stack.exportState()).deployment as {
      resources: { inputs?: { __provider?: string }; outputs?: { __provider?: string } }[];
    };
    const texts = resources
      .flatMap(({ inputs, outputs }) => [inputs?.__provider, outputs?.__provider])
      .filter((each) => each !== undefined);
    assert.equal(texts.length, 6);
    for (const each of texts) assert.ok(Buffer.byteLength(each) <= 100, each);
  });

  it("is gone after a destroy", async () => {
    assert.deepEqual((await stack.destroy()).summary, { delete: 4 });
    assert.deepEqual(await wireIds(), ["", "", ""]);
  });
});
