import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../emulator/index";
import { configure } from "../../provider/clouds/connections";
import { type Properties } from "../../provider/core/definition";
import { leaves, valueAt } from "../../provider/core/fields";
import { hooks } from "../../provider/core/lifecycle";
import { carries } from "../../provider/core/wire";
import { fields } from "../../provider/resources/dataworks-di-sync-task/arguments";
import { definition } from "../../provider/resources/dataworks-di-sync-task/resource";

interface Made {
  id: string;
  inputs: Properties;
  outs: Properties;
}
type Refreshed = { id: string; props: Properties; inputs?: Properties };

const folder = "Business Flow/orders/Data Integration";
const script = { type: "job", version: "2.0", steps: [], order: { hops: [] } };
const since = Date.parse("2025-12-31T16:00:00Z");
/** Files as the console leaves them, and the arguments that say the same. */
const template = {
  FileName: "sync",
  FileFolderPath: folder,
  FileDescription: "Orders",
  Content: JSON.stringify(script),
  Owner: "1000",
  NodeConfiguration: {
    ApplyScheduleImmediately: "false",
    AutoRerunIntervalMillis: 120_000,
    AutoRerunTimes: 3,
    CronExpress: "00 30 02 * * ?",
    CycleType: "DAY",
    DependentNodeIdList: "100001",
    DependentType: "USER_DEFINE",
    EndEffectDate: since + 86_400_000,
    IgnoreParentSkipRunningProperty: "false",
    ImageId: "",
    InputList: [{ Input: "shop_root", ParseType: "MANUAL" }],
    InputParameters: [{ ParameterName: "in", ValueSource: "shop.a:out" }],
    OutputList: [{ Output: "shop.ods_orders" }],
    OutputParameters: [{ ParameterName: "rows", Type: "1", Value: "1" }],
    ParaValue: "bizdate=$bizdate",
    RerunMode: "ALL_ALLOWED",
    ResourceGroupId: "1",
    SchedulerType: "NORMAL",
    StartEffectDate: since,
    StartImmediately: false,
    Stop: false,
    Timeout: 0,
  },
};
const declared = {
  folder,
  description: "Orders",
  taskContent: script,
  owner: "1000",
  schedule: {
    applyScheduleImmediately: false,
    rerunIntervalSeconds: 120,
    rerunTimes: 3,
    cron: "00 30 02 * * ?",
    cycleType: "DAY",
    dependentNodeIds: ["100001"],
    dependentType: "USER_DEFINE",
    endTime: "2026-01-02 00:00:00",
    ignoreParentSkipRunningProperty: false,
    inputs: ["shop_root"],
    inputParameters: [{ name: "in", valueSource: "shop.a:out" }],
    outputs: ["shop.ods_orders"],
    outputParameters: [{ name: "rows", type: "Constant", value: "1" }],
    parameters: "bizdate=$bizdate",
    rerunMode: "ALL_ALLOWED",
    schedulerType: "NORMAL",
    startTime: "2026-01-01 00:00:00",
    stop: false,
    timeout: 0,
  },
};

/** By property, an edit at the console, and what a refresh is to show. */
const edits: Readonly<Record<string, readonly [edit: Properties, shown: unknown]>> = {
  name: [{ FileName: "other" }, "other"],
  folder: [{ FileFolderPath: "Business Flow/sales" }, "Business Flow/sales"],
  description: [{ FileDescription: "Other" }, "Other"],
  taskContent: [{ Content: JSON.stringify({ ...script, version: "2.1" }) }, { ...script, version: "2.1" }],
  owner: [{ Owner: "2000" }, "2000"],
  "schedule.applyScheduleImmediately": [{ ApplyScheduleImmediately: "true" }, true],
  "schedule.rerunIntervalSeconds": [{ AutoRerunIntervalMillis: 60_000 }, 60],
  "schedule.rerunTimes": [{ AutoRerunTimes: 1 }, 1],
  "schedule.cron": [{ CronExpress: "00 00 05 * * ?" }, "0 0 5 * * ?"],
  "schedule.cycleType": [{ CycleType: "NOT_DAY" }, "NOT_DAY"],
  "schedule.dependentNodeIds": [{ DependentNodeIdList: "100002" }, ["100002"]],
  "schedule.dependentType": [{ DependentType: "SELF" }, "SELF"],
  "schedule.endTime": [{ EndEffectDate: since }, "2026-01-01 00:00:00"],
  "schedule.ignoreParentSkipRunningProperty": [{ IgnoreParentSkipRunningProperty: "true" }, true],
  "schedule.inputs": [{ InputList: [{ Input: "other_root", ParseType: "MANUAL" }] }, ["other_root"]],
  "schedule.inputParameters": [
    { InputParameters: [{ ParameterName: "in", ValueSource: "shop.b:out" }] },
    [{ name: "in", valueSource: "shop.b:out" }],
  ],
  "schedule.outputs": [{ OutputList: [{ Output: "shop.other" }] }, ["shop.other"]],
  "schedule.outputParameters": [
    { OutputParameters: [{ ParameterName: "rows", Type: "1", Value: "2" }] },
    [{ name: "rows", type: "Constant", value: "2" }],
  ],
  "schedule.parameters": [{ ParaValue: "bizdate=$cyctime" }, "bizdate=$cyctime"],
  "schedule.rerunMode": [{ RerunMode: "ALL_DENIED" }, "ALL_DENIED"],
  "schedule.schedulerType": [{ SchedulerType: "SKIP" }, "SKIP"],
  "schedule.startTime": [{ StartEffectDate: since + 3_600_000 }, "2026-01-01 01:00:00"],
  "schedule.stop": [{ Stop: true }, true],
  "schedule.timeout": [{ Timeout: 3 }, 3],
};

describe("many sync tasks refreshed at once", () => {
  let emulator: Emulator;
  let config: Record<string, string>;
  const task = hooks(definition, {
    ready: () => Promise.resolve(),
    warn: () => undefined,
    inform: () => undefined,
  });

  beforeEach(async () => {
    emulator = await startEmulator({ stageMilliseconds: 0 });
    config = {
      "dataworks:endpoint": emulator.dataworks,
      "dataworks:accessKeyId": emulator.accessKeyId,
      "dataworks:accessKeySecret": emulator.accessKeySecret,
      "dataworks:requestsPerSecond": "100000",
    };
    configure({ get: (key) => config[key] });
  });
  afterEach(() => emulator.close());

  const adopted = async (count: number): Promise<Made[]> => {
    const ids = await emulator.createTasks("dataworks-files", template, count);
    return Promise.all(
      ids.map(async (adopt, index) => {
        const name = `sync-${String(index + 1)}`;
        const creationToken = `sync${String(index).padStart(8, "0")}`;
        const given = { projectId: emulator.legacyProjectId, adopt, name, ...declared, creationToken };
        const { inputs, failures } = await task.check({}, given);
        assert.deepEqual(failures, []);
        const { id, outs } = await task.create(inputs);
        assert.equal((await task.diff(id, outs, inputs)).changes, false);
        // What was adopted is shown with its inputs until it has been refreshed or applied once.
        return { id, outs: { ...outs, adopted: undefined }, inputs };
      }),
    );
  };
  /** A refresh of so many at a time. */
  const refreshed = async (made: readonly Made[], parallel = 8): Promise<Refreshed[]> => {
    const results: Refreshed[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < made.length) {
        const index = next++;
        const { id, outs } = made[index] as Made;
        results[index] = await task.read(id, outs);
      }
    };
    await emulator.reset();
    await Promise.all(Array.from({ length: parallel }, worker));
    return results;
  };
  const edit = ({ outs }: Made, changes: Properties) =>
    emulator.touch("dataworks-files", String(outs["fileId"]), changes);
  const moved = (results: readonly Refreshed[]) => results.flatMap(({ inputs }, index) => (inputs ? index : []));
  const counts = () => emulator.counts();

  for (const parallel of [8, 64]) {
    it(`costs at most six calls for a hundred and fifty of them, ${String(parallel)} at a time`, async () => {
      const made = await adopted(150);
      const results = await refreshed(made, parallel);
      const { ListFiles = 0, ...others } = await counts();
      assert.deepEqual(others, {});
      assert.ok(ListFiles <= 6, String(ListFiles));
      results.forEach(({ props, inputs }, index) => {
        assert.equal(inputs, undefined);
        assert.deepEqual({ ...props, adopted: undefined }, made[index]?.outs);
      });
    });
  }

  it("asks the list for no more ids than it takes, and for a page with room for all of them", async () => {
    const made = await adopted(70);
    await Promise.all(made.map(({ id, outs }) => task.read(id, outs)));
    const lists = (await emulator.calls()).filter(({ operation }) => operation === "ListFiles");
    const ids = lists.map(({ parameters }) => String((parameters as Properties)["FileIdIn"]).split(",").length);
    assert.ok(ids.every((count) => count <= 50) && lists.every(({ outcome }) => outcome === "ok"), ids.join());
    assert.equal((await counts())["GetFile"], 70);
  });

  it("shows an edit of each property that can be read, and reads only what was edited", async () => {
    const readable = leaves(fields)
      .filter((placed) => carries(placed, "GetFile") || carries(placed, "ListFiles"))
      .map(({ path }) => path);
    assert.deepEqual(Object.keys(edits).sort(), readable.sort());
    const paths = Object.keys(edits);
    const made = await adopted(paths.length + 10);
    for (const [index, path] of paths.entries()) await edit(made[index] as Made, edits[path]?.[0] as Properties);
    const results = await refreshed(made);
    assert.deepEqual(
      paths.map((path, index) => [path, valueAt(results[index]?.inputs ?? {}, path)]),
      paths.map((path) => [path, edits[path]?.[1]]),
    );
    assert.deepEqual(
      moved(results),
      paths.map((_, index) => index),
    );
    const { GetFile } = await counts();
    assert.equal(GetFile, paths.length);
  });

  it("shows an edit that was committed, and one that only the commit tells of", async () => {
    const made = await adopted(30);
    for (const marks of ["all", "commit"]) {
      await emulator.setSwitch("scheduleEditMarks", marks);
      await edit(made[7] as Made, { AutoRerunTimes: marks === "all" ? 5 : 6 });
      assert.deepEqual(moved(await refreshed(made)), [7]);
    }
    await emulator.setSwitch("scheduleEditMarks", "nothing");
    await edit(made[11] as Made, { AutoRerunTimes: 5 });
    assert.deepEqual(moved(await refreshed(made)), [7]);
    config["dataworks:fullRefresh"] = "true";
    configure({ get: (key) => config[key] });
    assert.deepEqual(moved(await refreshed(made)), [7, 11]);
    assert.deepEqual(await counts(), { GetFile: 30 });
  });

  it("finds gone what is gone, and nothing else", async () => {
    const made = await adopted(30);
    await edit(made[11] as Made, { DeletedStatus: "RECYCLE_BIN" });
    const results = await refreshed(made);
    assert.deepEqual(
      results.flatMap(({ id }, index) => (id === "" ? index : [])),
      [11],
    );
    assert.deepEqual(moved(results), []);
  });

  it("finds all of them although the list comes back broken", async () => {
    const made = await adopted(20);
    await emulator.fault({ kind: "cut-json", operation: "ListFiles", times: 2 });
    const results = await refreshed(made);
    assert.deepEqual(moved(results), []);
    assert.ok(results.every(({ id }) => id !== ""));
  });

  it("reads one by one where they may not be listed", async () => {
    const made = await adopted(20);
    await emulator.fault({ kind: "error", operation: "ListFiles", times: 0, code: "Forbidden.Access", http: 403 });
    const results = await refreshed(made);
    assert.deepEqual(moved(results), []);
    assert.ok(results.every(({ id }) => id !== ""));
    const { GetFile, ListFiles = 0 } = await counts();
    assert.equal(GetFile, 20);
    assert.ok(ListFiles <= 8, String(ListFiles));
  });
});
