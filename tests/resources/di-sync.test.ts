import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator/index";
import { configure } from "../../provider/clouds/connections";
import { UNKNOWN } from "../../provider/core/fields";
import { type Properties } from "../../provider/core/definition";
import { Unfinished, hooks } from "../../provider/core/lifecycle";
import { definition } from "../../provider/resources/dataworks-di-sync-task/resource";
import { content } from "./di-sync-content";

interface Version {
  Content: string;
  TaskParam: { ResourceGroup?: string; Cu?: number };
  NodeConfiguration: Record<string, unknown>;
}
interface Stored extends Version {
  Owner: string;
  FileId: string;
  ProjectId: string;
  FileDescription: string;
  FileFolderPath: string;
  DeletedStatus: string;
  deployed?: Version;
}

const schedule = (changes: Properties = {}): Properties => ({
  cron: "00 30 02 * * ?",
  cycleType: "DAY",
  schedulerType: "NORMAL",
  startTime: "2026-01-01 00:00:00",
  endTime: "2036-01-01 00:00:00",
  rerunMode: "FAILURE_ALLOWED",
  rerunTimes: 3,
  rerunIntervalSeconds: 120,
  parameters: "bizdate=$bizdate  region=cn",
  inputs: ["shop_integration_root"],
  outputs: ["shop.ods_orders"],
  resourceGroupIdentifier: "S_res_group_schedule",
  ...changes,
});

const pick = (from: Properties, names: object): Properties =>
  Object.fromEntries(Object.keys(names).flatMap((name) => (name in from ? [[name, from[name]]] : [])));

describe("DataWorksDISyncTask", () => {
  let emulator: Emulator;
  let config: Record<string, string>;
  let warnings: string[] = [];
  const task = hooks(definition, {
    ready: () => Promise.resolve(),
    warn: (message) => warnings.push(message),
    inform: (message) => warnings.push(message),
  });
  let serial = 0;

  const start = async (options: EmulatorOptions = {}) => {
    await emulator?.close();
    emulator = await startEmulator({ stageMilliseconds: 5, ...options });
    config = {
      "dataworks:endpoint": emulator.dataworks,
      "dataworks:region": "cn-shanghai",
      "dataworks:accessKeyId": emulator.accessKeyId,
      "dataworks:accessKeySecret": emulator.accessKeySecret,
      "dataworks:readTimeoutSeconds": "5",
    };
    configure({ get: (key) => config[key] });
  };
  beforeEach(async () => {
    warnings = [];
    await start();
  });
  afterEach(() => emulator.close());

  const orders = (changes: Properties = {}): Properties => ({
    projectId: emulator.legacyProjectId,
    name: "sync_orders",
    taskContent: content(),
    resourceGroup: "S_res_group_di",
    cu: 0.5,
    folder: "/Business Flow/orders/Data Integration/",
    description: "Orders of the day",
    owner: "1000",
    schedule: schedule(),
    creationToken: `token${String((serial += 1)).padStart(8, "0")}`,
    ...changes,
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
  const files = async () =>
    ((await emulator.tasks("dataworks-files")) as Stored[]).filter(({ DeletedStatus }) => DeletedStatus === "NORMAL");
  const onlyFile = async () => {
    const found = await files();
    assert.equal(found.length, 1);
    return found[0] as Stored;
  };
  const unchanged = { changes: false, replaces: [], deleteBeforeReplace: true };
  /** No difference, before and after a refresh. */
  const settled = async (id: string, outs: Properties, inputs: Properties) => {
    assert.deepEqual(await task.diff(id, outs, inputs), unchanged);
    // As the list shows it, and as it is read in full.
    for (const whole of ["false", "true"]) {
      config["dataworks:fullRefresh"] = whole;
      configure({ get: (key) => config[key] });
      const read = await task.read(id, outs);
      assert.equal(read.inputs, undefined);
      assert.deepEqual(read.props, outs);
    }
    config["dataworks:fullRefresh"] = "false";
    configure({ get: (key) => config[key] });
  };
  const unfinished = async (work: Promise<unknown>): Promise<Unfinished> => {
    try {
      await work;
    } catch (error) {
      assert.ok(error instanceof Unfinished, String(error));
      return error;
    }
    throw new assert.AssertionError({ message: "it did not fail" });
  };

  describe("creation", () => {
    it("makes the file, its schedule and its production version, and then differs in nothing", async () => {
      const { id, outs, inputs } = await created();
      const file = await onlyFile();
      assert.equal(id, `${emulator.legacyProjectId}/file/${file.FileId}`);
      assert.equal(outs["phase"], "published");
      assert.equal(file.deployed?.NodeConfiguration["CronExpress"], "0 30 2 * * ?");
      assert.deepEqual(file.deployed?.TaskParam, { ResourceGroup: "S_res_group_di", Cu: 0.5 });
      assert.equal(file.NodeConfiguration["StartEffectDate"], Date.parse("2025-12-31T16:00:00Z"));
      assert.equal(file.NodeConfiguration["AutoRerunIntervalMillis"], 120_000);
      assert.equal(file.FileFolderPath, "Business Flow/orders/Data Integration");
      assert.equal(file.FileDescription, `Orders of the day\n[pulumi-data-tasks:${String(inputs["creationToken"])}]`);
      await settled(id, outs, inputs);
    });

    it("needs eight calls in simple mode", async () => {
      await created();
      assert.deepEqual(await emulator.counts(), {
        ListFiles: 2,
        CreateDISyncTask: 1,
        GetFile: 2,
        UpdateFile: 1,
        SubmitFile: 1,
        GetDeployment: 1,
      });
    });

    it("keeps no argument in the outputs that can be read back", async () => {
      const { outs } = await created();
      for (const name of ["taskContent", "schedule", "name", "folder", "description", "owner"])
        assert.equal(outs[name], undefined, name);
      assert.equal(outs["resourceGroup"], "S_res_group_di");
      assert.equal(outs["cu"], 0.5);
    });

    it("deploys to production in a workspace with a development environment", async () => {
      const { id, outs, inputs } = await created(orders({ projectId: emulator.legacyStandardProjectId }));
      assert.equal((await onlyFile()).deployed?.NodeConfiguration["CronExpress"], "0 30 2 * * ?");
      assert.equal((await emulator.counts())["DeployFile"], 1);
      await settled(id, outs, inputs);
    });

    it("takes the content as JSON text and as an object for the same", async () => {
      const { id, outs, inputs } = await created(orders({ taskContent: JSON.stringify(content(), null, 2) }));
      await settled(id, outs, await checked(orders({ ...inputs, taskContent: content() }), inputs));
    });

    it("keeps every digit of a long number in the content", async () => {
      const text = '{"type":"job","steps":[],"order":{"hops":[]},"setting":{"checkpoint":12345678901234567890}}';
      const { id, outs, inputs } = await created(orders({ taskContent: text }));
      assert.match(String((await onlyFile()).Content), /12345678901234567890/);
      await settled(id, outs, inputs);
    });

    it("leaves a draft with publish: false, and publishes when that is taken back", async () => {
      const draft = await created(orders({ publish: false }));
      assert.equal((await onlyFile()).deployed, undefined);
      assert.equal((await task.diff(draft.id, draft.outs, draft.inputs)).changes, false);
      const news = await checked(orders({ ...draft.inputs, publish: undefined }), draft.inputs);
      assert.equal((await task.diff(draft.id, draft.outs, news)).changes, true);
      const { outs } = await task.update(draft.id, draft.outs, news);
      assert.notEqual((await onlyFile()).deployed, undefined);
      await settled(draft.id, outs, news);
    });

    it("says that a name is taken, and how to take the task over", async () => {
      await created();
      const [mine] = await files();
      await assert.rejects(
        created(orders()),
        new RegExp(`name "sync_orders" exists in workspace .* adopt: "${mine?.FileId}"`),
      );
      await emulator.touch("dataworks-files", String(mine?.FileId), { FileDescription: "" });
      await assert.rejects(created(orders()), new RegExp(`adopt: "${mine?.FileId}"`));
      assert.equal((await files()).length, 1);
    });

    it("says which workspaces have sync files when the workspace is of the other generation", async () => {
      await assert.rejects(
        created(orders({ projectId: emulator.projectId })),
        /earlier Data Studio: if \d+ uses the new one/,
      );
    });

    it("speaks of the key alone when the key is refused", async () => {
      configure({
        get: (key) =>
          ({
            "dataworks:endpoint": emulator.dataworks,
            "dataworks:accessKeyId": emulator.accessKeyId,
            "dataworks:accessKeySecret": "another",
          })[key],
      });
      await assert.rejects(
        created(),
        (error: Error) =>
          /SignatureDoesNotMatch.*check the credentials/.test(error.message) && !/Data Studio/.test(error.message),
      );
    });

    it("passes the service's reason on when only Data.Status says that it failed", async () => {
      await start({ switches: { strictResourceGroup: true } });
      await assert.rejects(
        created(orders({ resourceGroup: "somewhere" })),
        /CreateDISyncTask sync_orders: .*ResourceGroup:\[somewhere\] is invalid/,
      );
      assert.equal((await files()).length, 0);
    });

    it("takes a success for one although it carries an error text", async () => {
      await start({ switches: { diSyncSuccessCarriesMessage: true } });
      const { id, outs, inputs } = await created();
      await settled(id, outs, inputs);
    });
  });

  describe("a reply that is lost", () => {
    const operations = ["CreateDISyncTask", "UpdateFile", "SubmitFile", "GetDeployment", "DeployFile"];
    for (const operation of operations) {
      for (const clientTokenIgnored of [false, true]) {
        it(`makes no duplicate after ${operation}${clientTokenIgnored ? " with a service that forgets its ClientToken" : ""}`, async () => {
          await start({ switches: { clientTokenIgnored } });
          await emulator.fault({ kind: "drop-after", operation });
          const { id, outs, inputs } = await created(orders({ projectId: emulator.legacyStandardProjectId }));
          assert.notEqual((await onlyFile()).deployed, undefined);
          await settled(id, outs, inputs);
        });
      }
    }

    it("finds its file again when the process ended before the description carried the token", async () => {
      const inputs = await checked(orders());
      await emulator.fault({
        kind: "error",
        operation: ["GetFile", "ListFiles"],
        nth: 2,
        times: 0,
        code: "Forbidden.Access",
        http: 403,
      });
      await unfinished(task.create(inputs));
      await emulator.clearFaults();
      const { id, outs } = await task.create(inputs);
      await onlyFile();
      await settled(id, outs, inputs);
    });

    it("finds its file again by the token when the process ended after that", async () => {
      const inputs = await checked(orders());
      await emulator.fault({ kind: "error", operation: "SubmitFile", code: "1201111000" });
      await unfinished(task.create(inputs));
      const edited = await checked(orders({ ...inputs, cu: 2, taskContent: content({ version: "2.1" }) }), inputs);
      const { id, outs } = await task.create(edited);
      assert.equal((await onlyFile()).TaskParam.Cu, 2);
      await settled(id, outs, edited);
    });

    it("makes a new task after a deletion although the service still knows the ClientToken", async () => {
      await start({ switches: { clientTokenSurvivesDelete: true } });
      const first = await created();
      await task.delete(first.id, first.outs);
      const second = await task.create(first.inputs);
      assert.notEqual(second.id, first.id);
      await task.delete(second.id, second.outs);
      const third = await task.create(first.inputs);
      assert.equal((await files()).length, 1);
      await settled(third.id, third.outs, first.inputs);
    }).timeout(30_000);
  });

  describe("updates", () => {
    const edits: [name: string, change: () => Properties, operations: string[]][] = [
      [
        "the content",
        () => ({ taskContent: content({ setting: { speed: { concurrent: 5, throttle: false } } }) }),
        ["UpdateDISyncTask"],
      ],
      ["compute units", () => ({ cu: 2 }), ["UpdateDISyncTask"]],
      ["a resource group", () => ({ resourceGroup: "S_res_group_other" }), ["UpdateDISyncTask"]],
      ["a name", () => ({ name: "sync_orders_v2" }), ["UpdateFile"]],
      ["a folder", () => ({ folder: "Business Flow/sales/Data Integration" }), ["UpdateFile"]],
      ["a description", () => ({ description: "Other words" }), ["UpdateFile"]],
      ["no description", () => ({ description: undefined }), ["UpdateFile"]],
      ["an owner", () => ({ owner: "2000" }), ["UpdateFile"]],
      ["a cron", () => ({ schedule: schedule({ cron: "00 00 03 * * ?" }) }), ["UpdateFile"]],
      [
        "a schedule by the hour",
        () => ({ schedule: schedule({ cron: "00 15 00-23/1 * * ?", cycleType: "NOT_DAY" }) }),
        ["UpdateFile"],
      ],
      ["the scheduler type", () => ({ schedule: schedule({ schedulerType: "SKIP" }) }), ["UpdateFile"]],
      [
        "the window",
        () => ({ schedule: schedule({ startTime: "2026-06-01 08:00:00", endTime: "2026-12-31 23:59:59" }) }),
        ["UpdateFile"],
      ],
      ["the time zone", () => ({ schedule: schedule({ timeZone: "Europe/Berlin" }) }), ["UpdateFile"]],
      // A name that means the same.
      ["the name of the time zone", () => ({ schedule: schedule({ timeZone: "Asia/Shanghai" }) }), ["UpdateFile"]],
      [
        "reruns",
        () => ({ schedule: schedule({ rerunMode: "ALL_ALLOWED", rerunTimes: 1, rerunIntervalSeconds: 60 }) }),
        ["UpdateFile"],
      ],
      ["parameters", () => ({ schedule: schedule({ parameters: "bizdate=$[yyyymmdd-1]" }) }), ["UpdateFile"]],
      ["no parameters", () => ({ schedule: schedule({ parameters: undefined }) }), ["UpdateFile"]],
      [
        "the previous cycle",
        () => ({
          schedule: schedule({ dependentType: "USER_DEFINE", dependentNodeIds: ["1000000002", "1000000001"] }),
        }),
        ["UpdateFile"],
      ],
      ["inputs", () => ({ schedule: schedule({ inputs: ["shop.b", "shop.a"] }) }), ["UpdateFile"]],
      ["outputs", () => ({ schedule: schedule({ outputs: ["shop.x", "shop.ods_orders"] }) }), ["UpdateFile"]],
      ["no outputs", () => ({ schedule: schedule({ outputs: undefined }) }), ["UpdateFile"]],
      [
        "context parameters",
        () => ({
          schedule: schedule({
            inputParameters: [{ name: "day", valueSource: "shop.first:day" }],
            outputParameters: [{ name: "rows", type: "Variable", value: "${rows}", description: "How many" }],
          }),
        }),
        ["UpdateFile"],
      ],
      [
        "the scheduling resource group",
        () => ({ schedule: schedule({ resourceGroupIdentifier: "S_res_group_2" }) }),
        ["UpdateFile"],
      ],
      [
        "the switches",
        () => ({
          schedule: schedule({
            stop: true,
            applyScheduleImmediately: true,
            ignoreParentSkipRunningProperty: true,
            timeout: 2,
          }),
        }),
        ["UpdateFile"],
      ],
      [
        "content and schedule",
        () => ({ cu: 1, schedule: schedule({ rerunTimes: 5 }) }),
        ["UpdateDISyncTask", "UpdateFile"],
      ],
    ];
    for (const [name, change, operations] of edits) {
      it(`changes ${name} through ${operations.join(" and ")}, publishes, and then differs in nothing`, async () => {
        const first = await created();
        const news = await checked(orders({ ...first.inputs, ...change() }), first.inputs);
        assert.equal((await task.diff(first.id, first.outs, news)).changes, true);
        await emulator.reset();
        const { outs } = await task.update(first.id, first.outs, news);
        assert.deepEqual(
          Object.keys(await emulator.counts())
            .filter((called) => called.startsWith("Update"))
            .sort(),
          operations,
        );
        const file = await onlyFile();
        assert.deepEqual(file.deployed?.NodeConfiguration, file.NodeConfiguration);
        assert.equal(file.deployed?.Content, file.Content);
        await settled(first.id, outs, news);
        assert.deepEqual(warnings, []);
      });
    }

    it("sends what changed and nothing else", async () => {
      const first = await created();
      await emulator.reset();
      await task.update(
        first.id,
        first.outs,
        await checked(orders({ ...first.inputs, schedule: schedule({ rerunIntervalSeconds: 60 }) }), first.inputs),
      );
      const update = (await emulator.calls()).find(({ operation }) => operation === "UpdateFile");
      assert.deepEqual(Object.keys(update?.parameters as object).sort(), [
        "AutoRerunIntervalMillis",
        "FileId",
        "InputList",
        "ProjectId",
      ]);
      await emulator.reset();
      await task.update(
        first.id,
        first.outs,
        await checked(orders({ ...first.inputs, taskContent: content({ version: "3" }) }), first.inputs),
      );
      const sync = (await emulator.calls()).find(({ operation }) => operation === "UpdateDISyncTask");
      assert.deepEqual(Object.keys(sync?.parameters as object).sort(), [
        "FileId",
        "ProjectId",
        "TaskContent",
        "TaskType",
      ]);
    });

    it("takes out of the script what is no longer declared, and keeps what the console has added", async () => {
      const first = await created();
      const seen = JSON.parse((await onlyFile()).Content) as {
        steps: { parameter: Properties }[];
        extend?: Properties;
      };
      Object.assign(seen.steps[0]?.parameter ?? {}, { splitPk: "id" });
      await emulator.touch("dataworks-files", String(first.outs["fileId"]), {
        Content: JSON.stringify({ ...seen, extend: { mode: "wizard" } }),
      });
      const { setting: _setting, ...less } = content({ version: "2.1" });
      const news = await checked(orders({ ...first.inputs, taskContent: less }), first.inputs);
      const { outs } = await task.update(first.id, first.outs, news);
      const live = JSON.parse((await onlyFile()).deployed?.Content ?? "{}") as typeof seen & Properties;
      assert.equal(live["version"], "2.1");
      assert.equal(live["setting"], undefined);
      assert.deepEqual(live.extend, { mode: "wizard" });
      assert.equal(live.steps[0]?.parameter["splitPk"], "id");
      await settled(first.id, outs, news);
    });

    it("publishes what was put right by hand and not committed", async () => {
      const first = await created();
      await emulator.touch("dataworks-files", String(first.outs["fileId"]), { CronExpress: "0 0 9 * * ?" });
      const read = await task.read(first.id, first.outs);
      await emulator.touch("dataworks-files", String(first.outs["fileId"]), { CronExpress: "0 30 2 * * ?" });
      await emulator.reset();
      const { outs } = await task.update(first.id, read.props, first.inputs);
      assert.equal((await emulator.counts())["SubmitFile"], 1);
      await settled(first.id, outs, first.inputs);
    });

    it("tells which operation brings which properties", async () => {
      const told: [string, readonly string[]][] = [];
      const telling = hooks(definition, {
        ready: () => Promise.resolve(),
        warn: () => undefined,
        inform: () => undefined,
        carried: ({ operation, properties }) => told.push([operation, [...properties].sort()]),
      });
      const first = await created();
      const news = await checked(
        orders({
          ...first.inputs,
          cu: 2,
          taskContent: content({ version: "2.1" }),
          folder: "Elsewhere",
          description: undefined,
          schedule: schedule({ timeZone: "Europe/Berlin" }),
        }),
        first.inputs,
      );
      const { outs } = await telling.update(first.id, first.outs, news);
      assert.deepEqual(told, [
        ["UpdateDISyncTask", ["cu", "taskContent"]],
        ["UpdateFile", ["description", "folder", "schedule.endTime", "schedule.startTime"]],
      ]);
      told.length = 0;
      const longer = await checked({ ...news, taskContent: content({ comment: "x".repeat(8000) }) }, news);
      await telling.update(first.id, outs, longer);
      assert.deepEqual(told, [["UpdateFile", ["taskContent"]]]);
    });

    it("sends a script too long for a URL in a body", async () => {
      const first = await created();
      const long = content({ comment: "x".repeat(40_000) });
      const news = await checked(orders({ ...first.inputs, taskContent: long }), first.inputs);
      await emulator.reset();
      const { outs } = await task.update(first.id, first.outs, news);
      assert.equal((await emulator.counts())["UpdateDISyncTask"], undefined);
      assert.equal((await onlyFile()).deployed?.Content.length, JSON.stringify(long).length);
      await settled(first.id, outs, news);
    });

    it("warns that the service keeps what can't be cleared, and ends the difference there", async () => {
      const first = await created();
      const news = await checked(orders({ ...first.inputs, owner: undefined, cu: undefined }), first.inputs);
      await emulator.reset();
      assert.equal((await task.diff(first.id, first.outs, news)).changes, true);
      const { outs } = await task.update(first.id, first.outs, news);
      assert.deepEqual(warnings.map((text) => /: (\w+) is no longer declared/.exec(text)?.[1]).sort(), ["cu", "owner"]);
      assert.equal((await emulator.counts())["UpdateFile"], undefined);
      await settled(first.id, outs, news);
    });

    it("publishes nothing for an edit of our own options", async () => {
      const first = await created();
      await emulator.reset();
      const news = await checked(
        orders({ ...first.inputs, timeouts: { read: 10 }, comment: "for review" }),
        first.inputs,
      );
      const { outs } = await task.update(first.id, first.outs, news);
      assert.deepEqual(await emulator.counts(), { GetFile: 1 });
      await settled(first.id, outs, news);
    });

    it("says what an update has reset without being told to, and puts it back", async () => {
      await start({ switches: { updateFileClearsAbsent: true } });
      const first = await created();
      const news = await checked(
        orders({ ...first.inputs, owner: "2000", schedule: schedule({ rerunTimes: 7 }) }),
        first.inputs,
      );
      const { outs } = await task.update(first.id, first.outs, news);
      const NodeConfiguration = (await onlyFile()).deployed?.NodeConfiguration ?? {};
      assert.equal(NodeConfiguration["CronExpress"], "0 30 2 * * ?");
      assert.equal(NodeConfiguration["AutoRerunTimes"], 7);
      assert.match(warnings.join(), /UpdateFile changed .*CronExpress.*, which it was not sent/);
      await settled(first.id, outs, news);
    });

    /** An update during which somebody else edits the file, while its commit is checked. */
    const editedMeanwhile = async (first: { id: string; outs: Properties }, news: Properties, edit: Properties) => {
      await emulator.setSwitch("deploymentHolds", "submit");
      await emulator.reset();
      const update = task.update(first.id, first.outs, news);
      while ((await emulator.counts())["GetDeployment"] === undefined) await sleep(10);
      await emulator.touch("dataworks-files", String(first.outs["fileId"]), edit);
      await emulator.setSwitch("deploymentHolds", "");
      return update;
    };

    for (const [name, change] of [
      ["through UpdateDISyncTask", () => ({ cu: 2 })],
      ["through UpdateFile", () => ({ description: "Other words" })],
    ] as const) {
      it(`leaves alone what somebody edits during an update ${name}`, async () => {
        const first = await created(orders({ owner: undefined, schedule: { inputs: ["shop_integration_root"] } }));
        const news = await checked({ ...first.inputs, ...change() }, first.inputs);
        const edit = { Owner: "3000", RerunMode: "ALL_DENIED", ResourceGroupId: "77", ParaValue: "day=1" };
        await editedMeanwhile(first, news, edit);
        const { Owner, NodeConfiguration } = await onlyFile();
        assert.deepEqual({ ...edit, Owner, ...pick(NodeConfiguration, edit) }, edit);
        assert.deepEqual(warnings, []);
      });
    }

    it("leaves alone what somebody takes away during an update that sends UpdateFile nothing", async () => {
      const first = await created(orders({ schedule: { inputs: ["shop_integration_root"] } }));
      await emulator.touch("dataworks-files", String(first.outs["fileId"]), { ParaValue: "day=1" });
      const news = await checked({ ...first.inputs, cu: 2 }, first.inputs);
      await editedMeanwhile(first, news, { ParaValue: "" });
      assert.equal((await onlyFile()).NodeConfiguration["ParaValue"], "");
      assert.deepEqual(warnings, []);
    });

    it("keeps what somebody edits during an update when it puts back what that has reset", async () => {
      await start({ switches: { updateFileClearsAbsent: true } });
      const { cron, inputs } = schedule();
      const first = await created(orders({ schedule: { cron, inputs } }));
      const news = await checked({ ...first.inputs, description: "Other words" }, first.inputs);
      await editedMeanwhile(first, news, { RerunMode: "ALL_DENIED" });
      const { NodeConfiguration } = await onlyFile();
      assert.deepEqual(
        [NodeConfiguration["CronExpress"], NodeConfiguration["RerunMode"]],
        ["0 30 2 * * ?", "ALL_DENIED"],
      );
      assert.match(warnings.join(), /UpdateFile changed CronExpress, which it was not sent/);
    });

    it("leaves the scheduling group alone that somebody gives the task during an update", async () => {
      const first = await created();
      const news = await checked({ ...first.inputs, description: "Other words" }, first.inputs);
      await editedMeanwhile(first, news, { ResourceGroupId: "77" });
      assert.equal((await onlyFile()).NodeConfiguration["ResourceGroupId"], "77");
      assert.deepEqual(warnings, []);
    });

    it("gives the upstreams with every edit, as the service demands", async () => {
      await start({ switches: { inputListRequired: true } });
      const first = await created();
      const news = await checked(orders({ ...first.inputs, description: "Other words" }), first.inputs);
      const { outs } = await task.update(first.id, first.outs, news);
      await settled(first.id, outs, news);
    });

    it("replaces for another workspace, deleting first", async () => {
      const first = await created();
      const news = await checked(
        orders({ ...first.inputs, projectId: emulator.legacyStandardProjectId }),
        first.inputs,
      );
      assert.deepEqual(await task.diff(first.id, first.outs, news), {
        changes: true,
        replaces: ["projectId"],
        deleteBeforeReplace: true,
      });
      await task.delete(first.id, first.outs);
      const second = await task.create(news);
      await settled(second.id, second.outs, news);
      assert.equal((await onlyFile()).ProjectId, emulator.legacyStandardProjectId);
    });

    it("makes no call to check and to compare, and lets unknown values pass", async () => {
      const first = await created();
      await emulator.reset();
      const news = await checked(
        orders({ ...first.inputs, resourceGroup: UNKNOWN, taskContent: content({ version: UNKNOWN }) }),
        first.inputs,
      );
      assert.equal((await task.diff(first.id, first.outs, news)).changes, true);
      assert.deepEqual(await emulator.counts(), {});
    });
  });

  describe("a failure on the way", () => {
    for (const [operation, standard] of [
      ["SubmitFile", false],
      ["DeployFile", true],
    ] as const) {
      it(`is recorded after a refused ${operation}, and the next update goes on from there`, async () => {
        await emulator.fault({ kind: "error", operation, code: "1201111279", message: "Not now." });
        const inputs = await checked(orders(standard ? { projectId: emulator.legacyStandardProjectId } : {}));
        const { id, properties } = await unfinished(task.create(inputs));
        assert.equal((await task.diff(id, properties, inputs)).changes, true);
        const { outs } = await task.update(id, properties, inputs);
        assert.notEqual((await onlyFile()).deployed, undefined);
        await settled(id, outs, inputs);
      });
    }

    for (const kind of ["submit", "deploy"]) {
      it(`is told with the service's reason when the ${kind} package fails, and a new package is made`, async () => {
        await emulator.setSwitch("deploymentFails", kind);
        const inputs = await checked(orders({ projectId: emulator.legacyStandardProjectId }));
        const { id, properties, message } = await unfinished(task.create(inputs));
        assert.match(message, new RegExp(`\\(package \\d+\\) failed: The ${kind} package failed its check`));
        await emulator.setSwitch("deploymentFails", "");
        const { outs } = await task.update(id, properties, inputs);
        await settled(id, outs, inputs);
      });
    }

    it("keeps the package of a run that ran out of time, and waits for that one the next time", async () => {
      await start({ stageMilliseconds: 2_500 });
      const inputs = await checked(orders({ timeouts: { create: 1 } }));
      const { id, properties, message } = await unfinished(task.create(inputs));
      assert.match(message, /still not finished/);
      assert.equal(properties["phase"], "submitting");
      assert.match(String(properties["deploymentId"]), /^\d+$/);
      const read = await task.read(id, properties);
      assert.equal(read.props["phase"], "submitting");
      await emulator.reset();
      const { outs } = await task.update(id, read.props, inputs);
      assert.equal((await emulator.counts())["SubmitFile"], undefined);
      await settled(id, outs, inputs);
    });

    it("leaves a refused edit as a difference", async () => {
      const first = await created();
      const news = await checked(
        orders({ ...first.inputs, cu: 4, schedule: schedule({ rerunTimes: 9 }) }),
        first.inputs,
      );
      await emulator.fault({
        kind: "business-failure",
        operation: "UpdateFile",
        times: 0,
        message: "Locked by somebody.",
      });
      const { properties, message } = await unfinished(task.update(first.id, first.outs, news));
      await emulator.clearFaults();
      assert.match(message, /UpdateFile sync_orders: .*Locked by somebody/);
      assert.equal((await task.diff(first.id, properties, news)).changes, true);
      const { outs } = await task.update(first.id, properties, news);
      assert.equal((await onlyFile()).deployed?.TaskParam.Cu, 4);
      await settled(first.id, outs, news);
    });

    /** An update that is killed when it calls `operation`: the state keeps what it had before. */
    const killedAt = async (operation: string, id: string, outs: Properties, news: Properties) => {
      await emulator.fault({ kind: "error", operation, code: "1201111279", message: "Killed here." });
      await unfinished(task.update(id, outs, news));
    };

    for (const operation of ["SubmitFile", "GetDeployment", "DeployFile"]) {
      it(`publishes an edit of the content that was killed at ${operation}`, async () => {
        const first = await created(orders({ projectId: emulator.legacyStandardProjectId }));
        const news = await checked({ ...first.inputs, taskContent: content({ version: "2.1" }) }, first.inputs);
        await killedAt(operation, first.id, first.outs, news);
        const { outs } = await task.update(first.id, first.outs, news);
        const file = await onlyFile();
        assert.equal(file.deployed?.Content, file.Content);
        assert.equal((JSON.parse(file.Content) as Properties)["version"], "2.1");
        await settled(first.id, outs, news);
      });
    }

    it("publishes an edit of the schedule that was killed where the service refuses what is unchanged", async () => {
      await start({ switches: { updateFileRefusesUnchanged: true } });
      const first = await created(orders({ projectId: emulator.legacyStandardProjectId }));
      const news = await checked({ ...first.inputs, schedule: schedule({ rerunTimes: 9 }) }, first.inputs);
      await killedAt("DeployFile", first.id, first.outs, news);
      const { outs } = await task.update(first.id, first.outs, news);
      assert.equal((await onlyFile()).deployed?.NodeConfiguration["AutoRerunTimes"], 9);
      await settled(first.id, outs, news);
    });

    it("commits an edit of the content that was killed while an earlier commit waits for its deployment", async () => {
      const first = await created(orders({ projectId: emulator.legacyStandardProjectId }));
      const one = await checked({ ...first.inputs, taskContent: content({ version: "2.1" }) }, first.inputs);
      await emulator.fault({ kind: "error", operation: "DeployFile", code: "1201111279" });
      const { properties } = await unfinished(task.update(first.id, first.outs, one));
      assert.equal(properties["phase"], "submitted");
      const two = await checked({ ...one, taskContent: content({ version: "2.2" }) }, one);
      await killedAt("SubmitFile", first.id, properties, two);
      const { outs } = await task.update(first.id, properties, two);
      assert.equal((JSON.parse((await onlyFile()).deployed?.Content ?? "{}") as Properties)["version"], "2.2");
      await settled(first.id, outs, two);
    });

    it("deploys nothing in simple mode where the content is as declared and committed", async () => {
      const first = await created();
      const news = await checked({ ...first.inputs, taskContent: content({ version: "2.1" }) }, first.inputs);
      await killedAt("GetDeployment", first.id, first.outs, news);
      // Until the commit that it left behind is through.
      await sleep(50);
      await emulator.reset();
      const { outs } = await task.update(first.id, first.outs, news);
      assert.deepEqual(await emulator.counts(), { GetFile: 2 });
      assert.equal((JSON.parse((await onlyFile()).deployed?.Content ?? "{}") as Properties)["version"], "2.1");
      await settled(first.id, outs, news);
    });

    it("takes out of a long script what is no longer declared also after a first try that was refused", async () => {
      const long = content({ comment: "x".repeat(10_000) });
      const first = await created(orders({ taskContent: long }));
      const { setting: _setting, ...less } = long;
      const news = await checked(orders({ ...first.inputs, taskContent: less }), first.inputs);
      await emulator.fault({ kind: "business-failure", operation: "UpdateFile", times: 0, message: "Locked." });
      const { properties } = await unfinished(task.update(first.id, first.outs, news));
      await emulator.clearFaults();
      const { outs } = await task.update(first.id, properties, news);
      const live = JSON.parse((await onlyFile()).deployed?.Content ?? "{}") as Properties;
      assert.equal(live["setting"], undefined);
      await settled(first.id, outs, news);
    });
  });

  describe("what the service shows in one form only", () => {
    it("is no difference: an empty description of an output parameter", async () => {
      const outputParameters = [{ name: "rows", type: "Constant", value: "1", description: "" }];
      const { id, outs, inputs } = await created(orders({ schedule: schedule({ outputParameters }) }));
      assert.equal(outs["seen"], undefined);
      await settled(id, outs, inputs);
    });

    it("is no difference: a long number in a document that is given as an object", async () => {
      const taskContent = content({ version: 2 ** 53, setting: { limit: 0.1 + 0.2 } });
      const { id, outs, inputs } = await created(orders({ taskContent }));
      assert.equal(outs["seen"], undefined);
      assert.equal(outs["taskContent"], undefined);
      await settled(id, outs, inputs);
      const asText = await checked({ ...inputs, taskContent: JSON.stringify(taskContent) }, inputs);
      assert.deepEqual(asText["taskContent"], inputs["taskContent"]);
    });
  });

  for (const taskContent of [{}, '{"limit": 9223372036854775807}']) {
    it(`tolerates what the service adds to ${JSON.stringify(taskContent)}`, async () => {
      await start({ switches: { fileContentNormalised: true } });
      const { id, outs, inputs } = await created(orders({ taskContent }));
      assert.equal(outs["seen"], undefined);
      await settled(id, outs, inputs);
    });
  }

  describe("changes made elsewhere", () => {
    it("come back as inputs, and an update puts them right", async () => {
      const { id, outs, inputs } = await created();
      const moved = content({ steps: [] });
      await emulator.touch("dataworks-files", String(outs["fileId"]), {
        CronExpress: "00 00 05 * * ?",
        Content: JSON.stringify(moved),
        FileFolderPath: "Elsewhere",
      });
      const read = await task.read(id, outs);
      assert.equal((read.inputs?.["schedule"] as Properties)["cron"], "0 0 5 * * ?");
      // Only what moved has moved: the rest of the script is as it was declared.
      assert.deepEqual(read.inputs?.["taskContent"], moved);
      assert.equal((read.inputs?.["schedule"] as Properties)["rerunTimes"], 3);
      assert.equal(read.inputs?.["cu"], 0.5);
      assert.equal((await task.diff(id, read.props, inputs)).changes, true);
      const updated = await task.update(id, read.props, inputs);
      await settled(id, updated.outs, inputs);
      assert.equal((await onlyFile()).deployed?.NodeConfiguration["CronExpress"], "0 30 2 * * ?");
      assert.equal((await onlyFile()).FileFolderPath, "Business Flow/orders/Data Integration");
    });

    it("are none when the service or its console only added to the content", async () => {
      const { id, outs, inputs } = await created();
      const added = content({ extend: { mode: "wizard" } });
      const [reader] = added["steps"] as { parameter: Properties }[];
      Object.assign(reader?.parameter ?? {}, { splitPk: "id" });
      await emulator.touch("dataworks-files", String(outs["fileId"]), { Content: JSON.stringify(added) });
      const read = await task.read(id, outs);
      assert.equal(read.inputs, undefined);
      assert.deepEqual(await task.diff(id, read.props, inputs), unchanged);
    });

    it("are none when the service renders the content in its own way", async () => {
      await start({ switches: { fileContentNormalised: true } });
      const { id, outs, inputs } = await created();
      await settled(id, outs, inputs);
      const news = await checked(orders({ ...inputs, taskContent: content({ version: "2.1" }) }), inputs);
      const updated = await task.update(id, outs, news);
      await settled(id, updated.outs, news);
    });

    it("are none of ours where nothing is declared", async () => {
      const { id, outs } = await created();
      await emulator.touch("dataworks-files", String(outs["fileId"]), { Stop: true, Timeout: 3 });
      assert.equal((await task.read(id, outs)).inputs, undefined);
    });

    for (const missingFile of ["error", "unsuccessful", "recycle-bin", "null"]) {
      it(`end in “gone” when the file was deleted and the service answers “${missingFile}”`, async () => {
        const { id, outs, inputs } = await created();
        await emulator.setSwitch("missingFile", missingFile);
        await emulator.touch("dataworks-files", String(outs["fileId"]), { DeletedStatus: "RECYCLE_BIN" });
        assert.deepEqual(await task.read(id, outs), { id: "", props: {} });
        await task.delete(id, outs);
        const again = await task.create(inputs);
        assert.notEqual(again.id, id);
        await settled(again.id, again.outs, inputs);
      });
    }

    it("do not pass for “gone” when the service only has trouble", async () => {
      const { id, outs } = await created();
      await emulator.touch("dataworks-files", String(outs["fileId"]), { Timeout: 3 });
      await emulator.fault({ kind: "error", operation: "GetFile", times: 0, code: "1201111004" });
      await assert.rejects(task.read(id, outs), /GetFile/);
    });
  });

  describe("the end of a task", () => {
    for (const standard of [false, true]) {
      it(`deletes it in production too, and again without complaint (${standard ? "standard" : "simple"} mode)`, async () => {
        const { id, outs } = await created(orders(standard ? { projectId: emulator.legacyStandardProjectId } : {}));
        await task.delete(id, outs);
        assert.equal((await files()).length, 0);
        const [stored] = (await emulator.tasks("dataworks-files")) as Stored[];
        assert.equal(stored?.deployed, undefined);
        await task.delete(id, outs);
      });

      for (const operation of ["DeleteFile", "DeployFile", "GetDeployment"]) {
        it(`deletes it when the reply of ${operation} is lost (${standard ? "standard" : "simple"} mode)`, async () => {
          const { id, outs } = await created(orders(standard ? { projectId: emulator.legacyStandardProjectId } : {}));
          await emulator.fault({ kind: "drop-after", operation });
          await task.delete(id, outs);
          const [stored] = (await emulator.tasks("dataworks-files")) as Stored[];
          assert.equal(stored?.deployed, undefined);
          assert.equal(stored?.DeletedStatus, "RECYCLE_BIN");
        });
      }
    }

    it("gives up on a service that fails to take a task off production again and again", async function () {
      this.timeout(60_000);
      const { id, outs } = await created(orders({ projectId: emulator.legacyStandardProjectId }));
      await emulator.reset();
      await emulator.fault({ kind: "drop-before", operation: "DeployFile", times: 0 });
      await assert.rejects(task.delete(id, outs), /production may still run it/);
      const tries = (await emulator.calls()).filter(({ operation }) => operation === "DeployFile").length;
      assert.ok(tries > 1 && tries < 10, `${tries} calls of DeployFile`);
      await emulator.clearFaults();
      await task.delete(id, outs);
      const [stored] = (await emulator.tasks("dataworks-files")) as Stored[];
      assert.equal(stored?.deployed, undefined);
    });

    it("takes a task off production in a second try when the first stopped half way", async () => {
      const { id, outs } = await created(orders({ projectId: emulator.legacyStandardProjectId }));
      await emulator.fault({ kind: "error", operation: "DeployFile", code: "Forbidden.Access", http: 403 });
      await assert.rejects(task.delete(id, outs), /Forbidden.Access/);
      await task.delete(id, outs);
      const [stored] = (await emulator.tasks("dataworks-files")) as Stored[];
      assert.equal(stored?.deployed, undefined);
    });

    /** A deletion that stops before its DeployFile, and a refresh after it. */
    const halfDeleted = async () => {
      const { id, outs, inputs } = await created(orders({ projectId: emulator.legacyStandardProjectId }));
      await emulator.fault({ kind: "error", operation: "DeployFile", code: "Forbidden.Access", http: 403 });
      await assert.rejects(task.delete(id, outs), /gone from development, and production may still run it/);
      const read = await task.read(id, outs);
      assert.equal(read.id, id);
      assert.equal(read.inputs, undefined);
      assert.equal(read.props["phase"], "deleting");
      return { id, outs: read.props, inputs };
    };

    it("keeps a task that production may still run, over a refresh too, and takes it off in a second try", async () => {
      const { id, outs } = await halfDeleted();
      const again = await task.read(id, outs);
      await task.delete(id, again.props);
      const [stored] = (await emulator.tasks("dataworks-files")) as Stored[];
      assert.equal(stored?.deployed, undefined);
    });

    it("replaces a task of which only production is left, taking that off first", async () => {
      const { id, outs, inputs } = await halfDeleted();
      assert.deepEqual((await task.diff(id, outs, inputs)).replaces, ["projectId"]);
      await task.delete(id, outs);
      const second = await task.create(inputs);
      const [first] = (await emulator.tasks("dataworks-files")) as Stored[];
      assert.equal(first?.deployed, undefined);
      await settled(second.id, second.outs, inputs);
    });

    it("publishes a task that somebody has brought back out of the recycle bin", async () => {
      const { id, outs, inputs } = await halfDeleted();
      await emulator.touch("dataworks-files", String(outs["fileId"]), { DeletedStatus: "NORMAL" });
      const { props } = await task.read(id, outs);
      assert.deepEqual(await task.diff(id, props, inputs), { ...unchanged, changes: true });
      const updated = await task.update(id, props, inputs);
      assert.notEqual((await onlyFile()).deployed, undefined);
      await settled(id, updated.outs, inputs);
    });

    it("is gone after a refresh where no deletion of ours is due", async () => {
      const standard = { projectId: emulator.legacyStandardProjectId };
      for (const args of [{ publish: false }, { onDelete: "release" }]) {
        const { id, outs } = await created(orders({ ...standard, ...args }));
        await emulator.touch("dataworks-files", String(outs["fileId"]), { DeletedStatus: "DELETED" });
        assert.equal((await task.read(id, outs)).id, "");
      }
    });

    it("deletes a draft without waiting for anything", async () => {
      const { id, outs } = await created(orders({ publish: false }));
      await emulator.reset();
      await task.delete(id, outs);
      assert.deepEqual(await emulator.counts(), { GetFile: 1, DeleteFile: 1 });
      assert.equal((await files()).length, 0);
    });

    it("passes the reason on when others depend on it", async () => {
      const { id, outs } = await created();
      await created(
        orders({ name: "downstream", schedule: schedule({ inputs: ["shop.ods_orders"], outputs: undefined }) }),
      );
      await emulator.setSwitch("deleteWithDownstreamFails", true);
      await assert.rejects(task.delete(id, outs), /the deletion \(package \d+\) failed: .*downstream/);
    });

    it("releases it untouched", async () => {
      const { id, outs } = await created(orders({ onDelete: "release" }));
      await emulator.reset();
      await task.delete(id, outs);
      assert.deepEqual(await emulator.counts(), {});
      assert.equal((await onlyFile()).DeletedStatus, "NORMAL");
    });

    it("pauses its schedule in production", async () => {
      const { id, outs } = await created(orders({ onDelete: "pause", projectId: emulator.legacyStandardProjectId }));
      await task.delete(id, outs);
      const NodeConfiguration = (await onlyFile()).deployed?.NodeConfiguration ?? {};
      assert.deepEqual([NodeConfiguration["SchedulerType"], NodeConfiguration["Stop"]], ["PAUSE", true]);
      await emulator.reset();
      await task.delete(id, outs);
      assert.deepEqual(await emulator.counts(), { GetFile: 1 });
    });

    it("pauses a task without losing the rest of its schedule where UpdateFile resets what it is not sent", async () => {
      for (const fileReadLagMilliseconds of [0, 300]) {
        await start({ switches: { updateFileClearsAbsent: true, fileReadLagMilliseconds } });
        const { id, outs } = await created(orders({ onDelete: "pause", projectId: emulator.legacyStandardProjectId }));
        const before = (await onlyFile()).NodeConfiguration;
        warnings = [];
        await task.delete(id, outs);
        assert.deepEqual((await onlyFile()).deployed?.NodeConfiguration, {
          ...before,
          SchedulerType: "PAUSE",
          Stop: true,
        });
        assert.match(warnings.join(), /UpdateFile changed CronExpress, .*which it was not sent; they are put back/);
      }
    }).timeout(20_000);

    it("pauses a task where the service refuses what is unchanged, also in a second try", async () => {
      await start({ switches: { updateFileRefusesUnchanged: true } });
      const { id, outs } = await created(orders({ onDelete: "pause" }));
      await emulator.fault({ kind: "error", operation: "SubmitFile", code: "1201111279" });
      await assert.rejects(task.delete(id, outs), /SubmitFile/);
      await task.delete(id, outs);
      const { SchedulerType, Stop, CronExpress } = (await onlyFile()).deployed?.NodeConfiguration ?? {};
      assert.deepEqual([SchedulerType, Stop, CronExpress], ["PAUSE", true, "0 30 2 * * ?"]);
    });

    it("says that a task is not paused where the service accepts the pause and shows none", async () => {
      const { id, outs } = await created(orders({ onDelete: "pause" }));
      await emulator.setSwitch("fileReadLagMilliseconds", 4_500);
      await assert.rejects(
        task.delete(id, outs),
        /onDelete: the service accepted the pause of file \d+ and does not show it, so its schedule may still run; pause the task in the console, then run the same command again/,
      );
      assert.equal((await emulator.counts())["SubmitFile"], 1);
      await sleep(2_000);
      await task.delete(id, outs);
      assert.equal((await onlyFile()).deployed?.NodeConfiguration["SchedulerType"], "PAUSE");
    }).timeout(20_000);

    it("does not delete a file that another stack has made its own", async () => {
      const { id, outs } = await created();
      await emulator.touch("dataworks-files", String(outs["fileId"]), {
        FileDescription: "x\n[pulumi-data-tasks:somebodyelse]",
      });
      await assert.rejects(task.delete(id, outs), /created by another stack.*force: true/);
    });
  });

  describe("adoption", () => {
    const existing = async () => {
      const [fileId] = await emulator.createTasks("dataworks-files", {
        ProjectId: emulator.legacyProjectId,
        FileName: "sync_orders",
        Content: JSON.stringify(content({ extend: { mode: "wizard" } })),
      });
      return fileId as string;
    };
    const writes = async () => Object.keys(await emulator.counts()).filter((called) => !/^(Get|List)/.test(called));

    it("records and writes nothing, and then shows every difference", async () => {
      const fileId = await existing();
      await emulator.reset();
      const { id, outs, inputs } = await created(orders({ adopt: fileId, name: "sync_orders-1" }));
      assert.equal(id, `${emulator.legacyProjectId}/file/${fileId}`);
      assert.deepEqual(await writes(), []);
      assert.equal(outs["phase"], undefined);
      const read = await task.read(id, outs);
      assert.equal((read.inputs?.["schedule"] as Properties)["cron"], "0 0 0 * * ?");
      assert.equal(read.inputs?.["description"], "");
      assert.deepEqual(read.inputs?.["taskContent"], content());
      const { outs: updated } = await task.update(id, read.props, inputs);
      assert.deepEqual((await writes()).sort(), ["SubmitFile", "UpdateDISyncTask", "UpdateFile"]);
      const file = await onlyFile();
      assert.equal(file.FileDescription, "Orders of the day");
      assert.equal(file.Content, JSON.stringify(content({ extend: { mode: "wizard" } })));
      await settled(id, updated, inputs);
    });

    it("applies at once with apply: true", async () => {
      const fileId = await existing();
      const { id, outs, inputs } = await created(orders({ adopt: { id: fileId, apply: true } }));
      const file = await onlyFile();
      assert.equal(file.deployed?.NodeConfiguration["CronExpress"], "0 30 2 * * ?");
      assert.equal(file.deployed?.TaskParam.Cu, 0.5);
      await settled(id, outs, inputs);
    });

    it("publishes an edit of the content alone that was killed before its commit", async () => {
      const fileId = await existing();
      const args = { projectId: emulator.legacyProjectId, adopt: fileId, creationToken: "token99999998" };
      const { id, outs, inputs } = await created({ ...args, taskContent: content({ version: "2.1" }) });
      assert.equal(outs["phase"], undefined);
      await emulator.fault({ kind: "error", operation: "SubmitFile", code: "1201111279" });
      await unfinished(task.update(id, outs, inputs));
      const updated = await task.update(id, outs, inputs);
      assert.equal((JSON.parse((await onlyFile()).deployed?.Content ?? "{}") as Properties)["version"], "2.1");
      await settled(id, updated.outs, inputs);
    });

    it("publishes what apply: true has edited in a run that was killed", async () => {
      for (const [projectId, operation] of [
        [emulator.legacyProjectId, "SubmitFile"],
        [emulator.legacyStandardProjectId, "DeployFile"],
      ]) {
        const [fileId] = await emulator.createTasks("dataworks-files", {
          ProjectId: projectId,
          FileName: "sync_orders",
        });
        const inputs = await checked({
          projectId,
          adopt: { id: fileId, apply: true },
          taskContent: content(),
          schedule: { cron: "00 30 02 * * ?" },
          creationToken: "token99999997",
        });
        await emulator.fault({ kind: "error", operation: operation as string, code: "1201111279" });
        await unfinished(task.create(inputs));
        const { id, outs } = await task.create(inputs);
        const file = (await files()).find(({ FileId }) => FileId === fileId);
        assert.equal(file?.deployed?.NodeConfiguration["CronExpress"], "0 30 2 * * ?");
        assert.equal(file?.deployed?.Content, JSON.stringify(content()));
        await settled(id, outs, inputs);
      }
    });

    it("finds no difference where none is, and publishes nobody's draft", async () => {
      const fileId = await existing();
      const { id, outs, inputs } = await created({
        projectId: emulator.legacyProjectId,
        adopt: fileId,
        taskContent: content(),
        creationToken: "token99999999",
      });
      await settled(id, outs, inputs);
    });

    it("releases on deletion unless told otherwise", async () => {
      const fileId = await existing();
      const { id, outs } = await created(orders({ adopt: fileId }));
      await task.delete(id, outs);
      assert.equal((await onlyFile()).DeletedStatus, "NORMAL");
      await task.delete(id, { ...outs, onDelete: "delete" });
      assert.equal((await files()).length, 0);
    });

    it("replaces when another task is named", async () => {
      const [one, other] = [await existing(), await existing()];
      const { id, outs, inputs } = await created(orders({ adopt: one }));
      const news = await checked(orders({ ...inputs, adopt: other }), inputs);
      assert.deepEqual((await task.diff(id, outs, news)).replaces, ["adopt"]);
    });

    it("refuses a task of another stack, one that is not there, and one that is no sync task", async () => {
      const first = await created();
      const fileId = String(first.outs["fileId"]);
      await assert.rejects(
        created(orders({ adopt: fileId })),
        /was created by another stack; release it there first, or set force: true/,
      );
      await created(orders({ adopt: fileId, force: true }));
      await assert.rejects(created(orders({ adopt: "12345" })), /adopt: there is no file 12345 in workspace/);
      const [realTime] = await emulator.createTasks("dataworks-files", {
        ProjectId: emulator.legacyProjectId,
        FileType: 900,
        TaskType: "DI_REALTIME",
      });
      await assert.rejects(created(orders({ adopt: realTime })), /is no batch sync task \(file type 900/);
    });
  });

  describe("arguments", () => {
    const cases: [name: string, change: Properties, property: string, reason: RegExp][] = [
      ["no name", { name: undefined }, "name", /is required for a task created here/],
      ["no content", { taskContent: undefined }, "taskContent", /is required for a task created here/],
      ["content that is no JSON", { taskContent: "{" }, "taskContent", /must be a JSON object/],
      ["odd compute units", { cu: 0.7 }, "cu", /must be a multiple of 0.5, got 0.7/],
      ["a workspace name", { projectId: "shop" }, "projectId", /must be the digits of a workspace id/],
      ["a cron of five fields", { schedule: { cron: "0 2 * * *" } }, "schedule.cron", /six or seven fields/],
      [
        "a day that does not exist",
        { schedule: { startTime: "2026-02-30 00:00:00" } },
        "schedule.startTime",
        /must be a time that exists/,
      ],
      [
        "an unknown time zone",
        { schedule: { startTime: "2026-01-01 00:00:00", timeZone: "Shanghai" } },
        "schedule.timeZone",
        /name of a time zone/,
      ],
      [
        "a window that ends before it begins",
        { schedule: { startTime: "2026-02-01 00:00:00", endTime: "2026-01-01 00:00:00" } },
        "schedule.endTime",
        /must be later than/,
      ],
      [
        "a long rerun interval",
        { schedule: { rerunIntervalSeconds: 1801 } },
        "schedule.rerunIntervalSeconds",
        /at most 1800/,
      ],
      [
        "nodes without their kind",
        { schedule: { dependentNodeIds: ["1"] } },
        "schedule.dependentNodeIds",
        /only with schedule.dependentType/,
      ],
      [
        "a kind without its nodes",
        { schedule: { dependentType: "USER_DEFINE" } },
        "schedule.dependentNodeIds",
        /at least one node/,
      ],
      ["a list in an output name", { schedule: { inputs: ["a,b"] } }, "schedule.inputs[0]", /without commas/],
      [
        "another API's word",
        { schedule: { rerunMode: "AllAllowed" } },
        "schedule.rerunMode",
        /must be one of ALL_ALLOWED/,
      ],
    ];
    for (const [name, change, property, reason] of cases) {
      it(`are refused with ${name}`, async () => {
        const { failures } = await task.check({}, orders(change));
        assert.deepEqual(
          failures.map((failure) => failure.property),
          [property],
        );
        assert.match(failures[0]?.reason ?? "", reason);
      });
    }
  });
});
