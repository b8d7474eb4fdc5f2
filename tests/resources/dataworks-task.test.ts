import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { alibaba, configure } from "../../provider/clouds/connections";
import { ASSET_SIGNATURE, ASSET_VALUE, UNKNOWN } from "../../provider/core/fields";
import { Unfinished, hooks } from "../../provider/core/lifecycle";
import type { Properties } from "../../provider/core/definition";
import { definition } from "../../provider/resources/dataworks-task/resource";

describe("DataWorksTask", () => {
  let emulator: Emulator;
  let warnings: string[] = [];
  const task = hooks(definition, {
    ready: () => Promise.resolve(),
    warn: (message) => warnings.push(message),
    inform: (message) => warnings.push(message),
  });
  let serial = 0;

  beforeEach(async () => {
    emulator = await startEmulator({ stageMilliseconds: 5 });
    warnings = [];
    const config: Record<string, string> = {
      "dataworks:endpoint": emulator.dataworks,
      "dataworks:region": "cn-shanghai",
      "dataworks:accessKeyId": emulator.accessKeyId,
      "dataworks:accessKeySecret": emulator.accessKeySecret,
      "dataworks:readTimeoutSeconds": "5",
    };
    configure({ get: (key) => config[key] });
  });
  afterEach(() => emulator.close());

  /** Arguments of a full task; a token of its own for each. */
  const orders = (changes: Properties = {}): Properties => ({
    projectId: emulator.projectId,
    name: "ods_orders",
    description: "Orders of the day",
    owner: "1000",
    script: { command: "ODPS_SQL", content: "select 1;", parameters: "bizdate=$bizdate region=cn-shanghai" },
    trigger: { type: "Scheduler", recurrence: "Normal", cron: "00 00 02 * * ?", startTime: "2026-01-01 00:00:00" },
    timeoutSeconds: 5400,
    rerunMode: "FailureAllowed",
    rerunTimes: 3,
    rerunIntervalSeconds: 120,
    runtimeResource: { resourceGroupId: "S_res_group_1", cu: "0.25" },
    outputs: { taskOutputs: ["shop.ods_orders"] },
    dependencies: [{ type: "CrossCycleDependsOnSelf" }, { type: "Normal", upstreamOutput: "shop.root" }],
    tags: { team: "warehouse", layer: "ods" },
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
  const stored = async () => (await emulator.tasks("dataworks")) as Record<string, unknown>[];

  it("creates a task through a node and a pipeline run, and then differs in nothing", async () => {
    const { id, outs, inputs } = await created();
    assert.match(id, new RegExp(`^${emulator.projectId}/node/\\d{19}$`));
    assert.equal(outs["phase"], "published");
    assert.match(String(outs["taskId"]), /^\d{10}$/);
    assert.deepEqual(await task.diff(id, outs, inputs), { changes: false, replaces: [], deleteBeforeReplace: true });
    const read = await task.read(id, outs);
    assert.equal(read.inputs, undefined);
    assert.deepEqual(read.props, outs);
  });

  it("keeps no argument in the outputs that can be read back", async () => {
    const { outs } = await created();
    assert.deepEqual(
      Object.keys(outs).sort(),
      ["applied", "command", "modifyTime", "nodeId", "phase", "pipelineRunId", "taskId"].sort(),
    );
  });

  it("keeps of a group what no read brings back, and reads a state that has the whole group", async () => {
    const trigger = { ...(orders()["trigger"] as object), cycleType: "NotDaily" };
    const { id, outs, inputs } = await created(orders({ trigger }));
    assert.deepEqual(outs["trigger"], { cycleType: "NotDaily" });
    for (const state of [outs, { ...outs, trigger: inputs["trigger"] }]) {
      assert.equal((await task.diff(id, state, inputs)).changes, false);
      const read = await task.read(id, state);
      assert.equal(read.inputs, undefined);
      assert.deepEqual(read.props, state);
    }
    await emulator.touch("dataworks", String(outs["taskId"]), { Trigger: { Cron: "00 00 05 * * ?" } });
    for (const state of [outs, { ...outs, trigger: inputs["trigger"] }]) {
      const read = await task.read(id, state);
      assert.deepEqual(read.inputs, { ...inputs, trigger: { ...(inputs["trigger"] as object), cron: "0 0 5 * * ?" } });
      const updated = await task.update(id, read.props, inputs);
      assert.deepEqual(updated.outs["trigger"], { cycleType: "NotDaily" });
      await emulator.touch("dataworks", String(outs["taskId"]), { Trigger: { Cron: "00 00 05 * * ?" } });
    }
  });

  const edits: [name: string, change: Properties, operation: string][] = [
    [
      "a cron",
      { trigger: { type: "Scheduler", recurrence: "Normal", cron: "0 30 3 * * ?", startTime: "2026-01-01 00:00:00" } },
      "BatchUpdateTasks",
    ],
    ["a name", { name: "ods_orders_v2" }, "BatchUpdateTasks"],
    ["a description", { description: "Other words" }, "BatchUpdateTasks"],
    ["an owner", { owner: "2000" }, "BatchUpdateTasks"],
    ["the rerun settings", { rerunTimes: 1, rerunIntervalSeconds: 60, rerunMode: "AllAllowed" }, "BatchUpdateTasks"],
    ["a timeout", { timeoutSeconds: 7200 }, "BatchUpdateTasks"],
    ["a resource group", { runtimeResource: { resourceGroupId: "S_res_group_2", cu: "0.5" } }, "BatchUpdateTasks"],
    ["tags", { tags: { team: "finance" } }, "BatchUpdateTasks"],
    ["no tags", { tags: undefined }, "BatchUpdateTasks"],
    ["an instance mode", { instanceMode: "Immediately" }, "UpdateTask"],
    ["dependencies", { dependencies: [{ type: "Normal", upstreamOutput: "shop.other" }] }, "UpdateTask"],
    ["no dependencies", { dependencies: undefined }, "UpdateTask"],
    [
      "parameters",
      { script: { command: "ODPS_SQL", content: "select 1;", parameters: "bizdate=$[yyyymmdd-1]" } },
      "UpdateTask",
    ],
    ["variables", { inputs: { variables: [{ name: "a", type: "Constant", value: "1" }] } }, "UpdateTask"],
    [
      "a cycle type",
      {
        trigger: {
          type: "Scheduler",
          recurrence: "Normal",
          cron: "0 0 2 * * ?",
          startTime: "2026-01-01 00:00:00",
          cycleType: "NotDaily",
        },
      },
      "UpdateTask",
    ],
    [
      "code",
      { script: { command: "ODPS_SQL", content: "select 2;", parameters: "bizdate=$bizdate region=cn-shanghai" } },
      "UpdateNode",
    ],
  ];
  for (const [name, change, operation] of edits) {
    it(`changes ${name} through ${operation}, and then differs in nothing`, async () => {
      const first = await created();
      const news = await checked(orders({ ...first.inputs, ...change }), first.inputs);
      assert.equal((await task.diff(first.id, first.outs, news)).changes, true);
      await emulator.reset();
      const { outs } = await task.update(first.id, first.outs, news);
      const updates = Object.keys(await emulator.counts()).filter((called) => /^(Batch)?Update/.test(called));
      assert.equal(updates[0], operation);
      assert.equal((await task.diff(first.id, outs, news)).changes, false);
      const read = await task.read(first.id, outs);
      assert.equal(read.inputs, undefined, JSON.stringify(read.inputs));
    });
  }

  it("sends only what changed", async () => {
    const first = await created();
    const news = await checked(orders({ ...first.inputs, owner: "2000" }), first.inputs);
    await emulator.reset();
    await task.update(first.id, first.outs, news);
    const call = (await emulator.calls()).find(({ operation }) => operation === "BatchUpdateTasks");
    const tasks = (call?.parameters as { Tasks: object[] }).Tasks;
    assert.deepEqual(Object.keys(tasks[0] as object).sort(), ["EnvType", "Id", "Owner"]);
  });

  it("leaves what nobody declared alone", async () => {
    const { id, outs, inputs } = await created();
    const taskId = String(outs["taskId"]);
    await emulator.touch("dataworks", taskId, { InstanceMode: "Immediately" });
    const read = await task.read(id, outs);
    assert.equal(read.inputs, undefined);
    assert.equal((await task.diff(id, read.props, inputs)).changes, false);
  });

  it("brings a console edit into the inputs, and the next update puts it right", async () => {
    const { id, outs, inputs } = await created();
    const taskId = String(outs["taskId"]);
    await emulator.touch("dataworks", taskId, { Owner: "3000", Trigger: { Cron: "00 00 05 * * ?" } });
    const read = await task.read(id, outs);
    assert.equal(read.inputs?.["owner"], "3000");
    assert.deepEqual(read.inputs?.["trigger"], { ...(inputs["trigger"] as object), cron: "0 0 5 * * ?" });
    assert.deepEqual({ ...read.inputs, owner: "1000", trigger: inputs["trigger"] }, inputs);
    assert.equal((await task.diff(id, read.props, inputs)).changes, true);
    await emulator.reset();
    const { outs: after } = await task.update(id, read.props, inputs);
    const call = (await emulator.calls()).find(({ operation }) => operation === "BatchUpdateTasks");
    assert.deepEqual((call?.parameters as { Tasks: Record<string, unknown>[] }).Tasks[0]?.["Trigger"], {
      Cron: "0 0 2 * * ?",
    });
    assert.equal((await task.read(id, after)).inputs, undefined);
  });

  it("replaces for another workspace or another kind of code, old one first", async () => {
    const { id, outs, inputs } = await created();
    const elsewhere = await task.diff(id, outs, { ...inputs, projectId: emulator.otherProjectId });
    assert.deepEqual(elsewhere, { changes: true, replaces: ["projectId"], deleteBeforeReplace: true });
    const shell = await task.diff(id, outs, {
      ...inputs,
      script: { ...(inputs["script"] as object), command: "DIDE_SHELL" },
    });
    assert.deepEqual(shell.replaces, ["script.command"]);
  });

  it("is gone only when neither task nor node is left, and deleting twice succeeds", async () => {
    const { id, outs } = await created();
    await task.delete(id, outs);
    assert.deepEqual(await task.read(id, outs), { id: "", props: {} });
    await task.delete(id, outs);
    assert.equal((await stored()).length, 0);
  });

  it("publishes again what was taken off production behind its back", async () => {
    const { id, outs, inputs } = await created();
    await alibaba().call("DeleteTask", { Id: String(outs["taskId"]), ProjectEnv: "Prod" });
    const read = await task.read(id, outs);
    assert.equal(read.id, id);
    assert.equal(read.props["phase"], "created");
    assert.equal((await task.diff(id, read.props, inputs)).changes, true);
    const { outs: after } = await task.update(id, read.props, inputs);
    assert.equal(after["phase"], "published");
    assert.equal((await task.read(id, after)).inputs, undefined);
  });

  /** What publishing brings alone: nothing is set afterwards, so that the node is never younger than its run. */
  const plain = (): Properties => ({
    projectId: emulator.projectId,
    name: "ods_orders",
    script: { command: "ODPS_SQL", content: "select 1;" },
    creationToken: `token${String((serial += 1)).padStart(8, "0")}`,
  });

  it("publishes again what was taken off production, also when the service loses the request", async () => {
    const { id, outs, inputs } = await created(plain());
    await alibaba().call("DeleteTask", { Id: String(outs["taskId"]), ProjectEnv: "Prod" });
    const read = await task.read(id, outs);
    await emulator.fault({ kind: "drop-before", operation: "CreatePipelineRun" });
    const { outs: after } = await task.update(id, read.props, inputs);
    assert.equal(after["phase"], "published");
    assert.equal((await stored()).length, 1);
  });

  it("publishes again a node of ours that it finds without a task, however often it was published before", async () => {
    const { outs, inputs } = await created(plain());
    await alibaba().call("DeleteTask", { Id: String(outs["taskId"]), ProjectEnv: "Prod" });
    const { outs: after } = await task.create(inputs);
    assert.equal(after["phase"], "published");
    assert.equal((await stored()).length, 1);
  });

  for (const operation of ["CreateNode", "CreatePipelineRun", "BatchUpdateTasks"]) {
    it(`makes no second task when the reply to ${operation} is lost`, async () => {
      await emulator.fault({ kind: "drop-after", operation });
      const inputs = await checked(orders());
      const { id, outs } = await task.create(inputs);
      assert.equal((await stored()).length, 1);
      assert.equal((await task.diff(id, outs, inputs)).changes, false);
    });
  }

  it("publishes once when the reply to CreatePipelineRun is lost and the run is over before anybody looks", async () => {
    const named = (name: string) => checked(orders({ name, outputs: { taskOutputs: [`shop.${name}`] } }));
    const calls = async () => (await emulator.calls()).map(({ operation }) => operation);
    await task.create(await named("ods_items"));
    await emulator.reset();
    await task.create(await named("ods_prices"));
    await emulator.hold({ nth: (await calls()).indexOf("CreatePipelineRun") + 1, when: "after" });
    await emulator.reset();
    const made = task.create(await named("ods_stock"));
    assert.equal((await emulator.held(10_000))?.operation, "CreatePipelineRun");
    await sleep(200);
    await emulator.release("drop");
    await made;
    assert.equal((await calls()).filter((operation) => operation === "CreatePipelineRun").length, 1);
  });

  it("finds what an earlier run has left behind instead of making it again", async () => {
    await emulator.fault({ kind: "error", operation: "CreatePipelineRun", code: "Forbidden.Access", http: 403 });
    const inputs = await checked(orders());
    await assert.rejects(task.create(inputs), Unfinished);
    const { outs } = await task.create(inputs);
    assert.equal(outs["phase"], "published");
    assert.equal((await stored()).length, 1);
  });

  it("records a creation that stopped half way, and the next update finishes it", async () => {
    await emulator.setSwitch("pipelineFailsAt", "PROD_CHECK");
    const inputs = await checked(orders());
    const failure = await task.create(inputs).then(
      () => assert.fail("it should have failed"),
      (error: unknown) => error as Unfinished,
    );
    assert.ok(failure instanceof Unfinished);
    assert.match(failure.message, /ods_orders: pipeline run \d+ ended with Fail at stage PROD_CHECK/);
    assert.equal(failure.properties["phase"], "created");
    await emulator.setSwitch("pipelineFailsAt", "");
    assert.deepEqual(await task.diff(failure.id, failure.properties, inputs), {
      changes: true,
      replaces: [],
      deleteBeforeReplace: true,
    });
    const { outs } = await task.update(failure.id, failure.properties, inputs);
    assert.equal(outs["phase"], "published");
    assert.equal((await task.diff(failure.id, outs, inputs)).changes, false);
  });

  it("fails alone when the batch refuses this task, and says what the service said", async () => {
    const one = await created();
    const two = await created(orders({ name: "ods_items", outputs: { taskOutputs: ["shop.ods_items"] } }));
    await emulator.fault({
      kind: "batch-partial",
      operation: "BatchUpdateTasks",
      ids: [String(two.outs["taskId"])],
      times: 0,
    });
    const news = (from: typeof one, token: Properties) =>
      checked({ ...from.inputs, owner: "2000", ...token }, from.inputs);
    const outcomes = await Promise.allSettled([
      task.update(one.id, one.outs, await news(one, {})),
      task.update(two.id, two.outs, await news(two, {})),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["fulfilled", "rejected"],
    );
    const [, failed] = outcomes;
    assert.match(String((failed as PromiseRejectedResult).reason), /BatchUpdateTasks ods_items/);
  });

  it("never takes over a task by its name", async () => {
    await created();
    const inputs = await checked(orders());
    await assert.rejects(
      task.create(inputs),
      /name "ods_orders" exists in workspace \d+ and was not created by this resource; to take it over write adopt: "\d{10}"/,
    );
    assert.equal((await stored()).length, 1);
  });

  it("says what to do about a name that a draft has, which has no task to take over", async () => {
    await created({ ...plain(), publish: false });
    await assert.rejects(
      task.create(await checked(plain())),
      /name "ods_orders" exists in workspace \d+ and was not created by this resource; choose another name, or delete that node in Data Studio/,
    );
  });

  it("moves a node from another resource of the stack, and refuses one that runs another kind of code", async () => {
    const { id, outs } = await created(plain());
    const moved = (script: Properties) => checked({ ...plain(), adopt: id, script, force: true });
    await assert.rejects(
      task.create(await moved({ command: "DIDE_SHELL", content: "select 1;" })),
      /adopt: node \d+ runs ODPS_SQL, not DIDE_SHELL; no operation changes that/,
    );
    await emulator.reset();
    const taken = await task.create(await moved({ command: "ODPS_SQL", content: "select 1;" }));
    assert.deepEqual([taken.id, taken.outs["taskId"]], [id, outs["taskId"]]);
    const writes = (await emulator.calls()).filter(({ operation }) => !/^(Get|List)/.test(operation));
    assert.deepEqual(writes, []);
  });

  it("takes a node for gone only when the list does not have it either", async () => {
    const draft = (name: string): Properties => ({ ...plain(), name, publish: false });
    const other = await created(draft("ods_items"));
    const { id, outs } = await created(draft("ods_orders"));
    const refused = async <T>(what: () => Promise<T>): Promise<T> => {
      await emulator.fault({ kind: "error", operation: "GetNode", code: "InvalidParameter", http: 400, times: 0 });
      return what().finally(() => emulator.clearFaults());
    };
    await refused(() => assert.rejects(task.read(id, outs), /GetNode/));
    await task.delete(id, outs);
    assert.deepEqual(await refused(() => task.read(id, outs)), { id: "", props: {} });
    assert.equal((await task.read(other.id, other.outs)).id, other.id);
  });

  it("takes the output of an upstream and the upstream itself as the same edge, when one is written for the other", async () => {
    const { id: upstream } = await created();
    const byOutput = orders({
      name: "dwd_orders",
      outputs: { taskOutputs: ["shop.dwd_orders"] },
      dependencies: [{ type: "Normal", upstreamOutput: "shop.ods_orders" }],
    });
    let now = await created(byOutput);
    for (const dependencies of [[{ type: "Normal", upstream }], byOutput["dependencies"]]) {
      const inputs = await checked({ ...now.inputs, dependencies }, now.inputs);
      const { outs } = await task.update(now.id, now.outs, inputs);
      assert.deepEqual(await task.diff(now.id, outs, inputs), {
        changes: false,
        replaces: [],
        deleteBeforeReplace: true,
      });
      assert.equal((await task.read(now.id, outs)).inputs, undefined);
      now = { ...now, inputs, outs };
    }
    assert.deepEqual(warnings, []);
  });

  it("says which upstream is gone", async () => {
    const upstream = `${emulator.projectId}/node/9999999999999999999`;
    const inputs = await checked(orders({ dependencies: [{ type: "Normal", upstream }] }));
    await assert.rejects(
      task.create(inputs),
      new RegExp(
        `dependencies\\[0\\]\\.upstream: the task ${upstream} is gone, or has no output that others can depend on`,
      ),
    );
    assert.deepEqual(await stored(), []);
  });

  it("sets nothing twice where upstreams have their outputs in another order than their ids", async () => {
    const upstreams = [];
    for (const name of ["z", "a"]) {
      const outputs = { taskOutputs: [`shop.${name}`] };
      upstreams.push((await created(orders({ name, outputs, dependencies: [] }))).id);
    }
    const dependencies = upstreams.map((upstream) => ({ type: "Normal", upstream }));
    await emulator.reset();
    await created(orders({ name: "both", outputs: { taskOutputs: ["shop.both"] }, dependencies }));
    assert.equal((await emulator.counts())["UpdateTask"], undefined);
  });

  it("refuses to delete what others depend on, unless forced", async () => {
    const upstream = await created();
    const downstream = await created(
      orders({
        name: "dwd_orders",
        outputs: { taskOutputs: ["shop.dwd_orders"] },
        dependencies: [{ type: "Normal", upstreamOutput: "shop.ods_orders" }],
      }),
    );
    await assert.rejects(
      task.delete(upstream.id, upstream.outs),
      /is not deleted, because dwd_orders \(\d+\) depends on it/,
    );
    await task.delete(downstream.id, downstream.outs);
    await task.delete(upstream.id, upstream.outs);
    assert.equal((await stored()).length, 0);
  });

  it("leaves or pauses the task when told to", async () => {
    const released = await created(orders({ onDelete: "release" }));
    await task.delete(released.id, released.outs);
    const paused = await created(
      orders({ name: "ods_items", outputs: { taskOutputs: ["shop.ods_items"] }, onDelete: "pause" }),
    );
    await task.delete(paused.id, paused.outs);
    const recurrences = (await stored()).map((each) => (each["Trigger"] as { Recurrence?: string }).Recurrence).sort();
    assert.deepEqual(recurrences, ["Normal", "Pause"]);
  });

  it("keeps a draft out of production until it is to be published", async () => {
    const draft = await created(orders({ publish: false }));
    assert.equal(draft.outs["phase"], "created");
    assert.equal((await stored()).length, 0);
    assert.equal((await task.diff(draft.id, draft.outs, draft.inputs)).changes, false);
    const { publish: _publish, ...published } = draft.inputs;
    assert.equal((await task.diff(draft.id, draft.outs, published)).changes, true);
    const { outs } = await task.update(draft.id, draft.outs, published);
    assert.equal(outs["phase"], "published");
    assert.equal((await stored()).length, 1);
  });

  it("keeps an edit out of production while it is a draft, and publishes it later", async () => {
    const { id, outs, inputs } = await created();
    const script = { ...(inputs["script"] as object), content: "select 2;" };
    const draft = { ...inputs, publish: false, rerunTimes: 1, script };
    const { outs: drafted } = await task.update(id, outs, draft);
    assert.equal((await stored())[0]?.["RerunTimes"], 3);
    assert.equal((await task.diff(id, drafted, draft)).changes, false);
    const read = await task.read(id, drafted);
    assert.equal(read.inputs, undefined);
    const { publish: _publish, ...published } = draft as Properties;
    const { outs: after } = await task.update(id, read.props, published);
    assert.equal((await stored())[0]?.["RerunTimes"], 1);
    assert.equal((await task.diff(id, after, published)).changes, false);
    assert.equal((await task.read(id, after)).inputs, undefined);
  });

  it("clears what was taken away together with an edit of the code", async () => {
    const { id, outs, inputs } = await created();
    const { tags: _tags, description: _description, dependencies: _dependencies, ...rest } = inputs;
    const news = { ...rest, script: { ...(inputs["script"] as object), content: "select 2;" } } as Properties;
    const { outs: after } = await task.update(id, outs, news);
    const [live] = await stored();
    assert.deepEqual([live?.["Tags"], live?.["Dependencies"]], [[], []]);
    assert.match(String(live?.["Description"]), /^\[pulumi-data-tasks:/);
    assert.equal((await task.diff(id, after, news)).changes, false);
  });

  it("refuses a file that is not UTF-8 in the preview, and writes nothing where it became so since", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "script-"));
    try {
      const file = path.join(folder, "orders.sql");
      const asset = (bytes: Buffer) => {
        writeFileSync(file, bytes);
        return { [ASSET_SIGNATURE]: ASSET_VALUE, hash: createHash("sha256").update(bytes).digest("hex"), path: file };
      };
      const withFile = (bytes: Buffer) => orders({ script: { command: "ODPS_SQL", content: asset(bytes) } });
      const reason = `must be text in UTF-8, and the file ${file} is not: save it as UTF-8`;
      const inGbk = Buffer.from([0x2d, 0x2d, 0xb6, 0xa9, 0xb5, 0xa5]);
      for (const bytes of [inGbk, Buffer.from("\uFEFFselect 1;", "utf16le")]) {
        const { failures } = await task.check({}, withFile(bytes));
        assert.deepEqual(failures, [{ property: "script.content", reason: `${reason} [format]` }]);
      }
      const inputs = await checked(withFile(Buffer.from("\uFEFF-- 订单")));
      const { id, outs } = await task.create(inputs);
      assert.equal((await task.read(id, outs)).inputs, undefined, "a byte order mark stays");
      const news = await checked(withFile(Buffer.from("-- 新订单")), inputs);
      writeFileSync(file, inGbk);
      await emulator.reset();
      await assert.rejects(task.update(id, outs, news), new RegExp(`^Unfinished: script.content ${reason}$`));
      const writes = (await emulator.calls()).filter(({ operation }) => !/^(Get|List)/.test(operation));
      assert.deepEqual(writes, []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("reads a file for the code, keeps its hash, and notices when the file changes", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "script-"));
    try {
      const file = path.join(folder, "orders.sql");
      writeFileSync(file, "select 42;");
      const asset = (hash: string) => ({ [ASSET_SIGNATURE]: ASSET_VALUE, hash, path: file });
      const hash = "4f1a2cc07f4dcd5b7c3a7d4df2b2fd63d7f4b7d80fba3b8d4b9c7a6b5c3b1a01";
      const real = createHash("sha256").update("select 42;").digest("hex");
      const { id, outs, inputs } = await created(orders({ script: { command: "ODPS_SQL", content: asset(real) } }));
      assert.equal(JSON.stringify(outs).includes("select 42"), false);
      assert.equal((await task.read(id, outs)).inputs, undefined);
      const other = { ...inputs, script: { command: "ODPS_SQL", content: asset(hash) } };
      assert.equal((await task.diff(id, outs, other)).changes, true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("makes no call for an edit of options alone", async () => {
    const { id, outs, inputs } = await created();
    await emulator.reset();
    const news = { ...inputs, onDelete: "release", comment: "why" };
    const { outs: after } = await task.update(id, outs, news);
    assert.deepEqual(await emulator.counts(), {});
    assert.equal((await task.diff(id, after, news)).changes, false);
    assert.equal((await task.read(id, after)).inputs, undefined);
  });

  describe("where the service is not as documented", () => {
    const edit = (inputs: Properties): Properties => ({
      ...inputs,
      instanceMode: "Immediately",
      rerunIntervalSeconds: 60,
      trigger: { ...(inputs["trigger"] as object), cycleType: "NotDaily" },
    });
    for (const [name, position] of [
      ["rerunIntervalInSeconds", true],
      ["updateTaskClearsAbsent", true],
      ["updateTaskReplacesObjects", true],
      ["updateTaskNeedsPublish", true],
      ["companionsRequired", true],
      ["readLagMilliseconds", 400],
    ] as const) {
      it(`leaves the task as declared, all of it, with ${name}`, async () => {
        // Whole hours: what FlowSpec can't carry never gets to production where only publishing brings it there.
        const first = await created(orders({ timeoutSeconds: 7200 }));
        await emulator.setSwitch(name, position);
        const news = await checked(edit(first.inputs), first.inputs);
        const { outs } = await task.update(first.id, first.outs, news);
        assert.equal((await task.diff(first.id, outs, news)).changes, false);
        assert.equal((await task.read(first.id, outs)).inputs, undefined);
      }).timeout(20_000);
    }

    it("waits for a slow read after publishing, and sends nothing twice", async () => {
      const { id, outs, inputs } = await created(orders({ timeoutSeconds: 7200 }));
      await emulator.setSwitch("readLagMilliseconds", 400);
      await emulator.reset();
      const news = { ...inputs, rerunTimes: 1, script: { ...(inputs["script"] as object), content: "select 2;" } };
      const { outs: after } = await task.update(id, outs, news);
      assert.deepEqual(
        Object.keys(await emulator.counts()).filter((operation) => /UpdateTask/.test(operation)),
        [],
      );
      assert.equal((await task.diff(id, after, news)).changes, false);
      assert.deepEqual(warnings, []);
    });

    it("says so when it keeps what is no longer declared", async () => {
      const { id, outs, inputs } = await created();
      await emulator.setSwitch("emptyStringClears", false);
      const news = {
        ...inputs,
        rerunTimes: 1,
        script: { ...(inputs["script"] as object), parameters: undefined },
      } as Properties;
      const { outs: after } = await task.update(id, outs, await checked(news, inputs));
      assert.match(warnings.join("\n"), /the service keeps the value of script\.parameters, no longer declared/);
      assert.equal((await task.diff(id, after, await checked(news, inputs))).changes, false);
    });

    it("reads the tasks one by one before an update where their list is refused", async () => {
      const tasks: Awaited<ReturnType<typeof created>>[] = [];
      for (const name of ["a", "b", "c"])
        tasks.push(
          await created(orders({ name, outputs: { taskOutputs: [`shop.${name}`] }, runtimeResource: { image: "i" } })),
        );
      const image = (value: string) =>
        Promise.allSettled(
          tasks.map(({ id, outs, inputs }) => task.update(id, outs, { ...inputs, runtimeResource: { image: value } })),
        );
      await emulator.setSwitch("updateTaskReplacesObjects", true);
      for (const { outs } of tasks) {
        await emulator.touch("dataworks", String(outs["taskId"]), { RuntimeResource: { Cu: "0.75" } });
      }
      await image("i-0");
      await emulator.reset();
      await emulator.fault({ kind: "error", operation: "ListTasks", times: 0, code: "9990040003", http: 400 });
      const outcomes = await image("i-1");
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ["fulfilled", "fulfilled", "fulfilled"],
      );
      assert.ok(((await emulator.counts())["ListTasks"] ?? 0) > 0);
      assert.deepEqual(
        (await stored()).map((each) => each["RuntimeResource"] as Properties).map(({ Image, Cu }) => [Image, Cu]),
        [1, 2, 3].map(() => ["i-1", "0.75"]),
      );
    });

    it("sends one by one what it does not take together", async () => {
      const tasks: Awaited<ReturnType<typeof created>>[] = [];
      for (const name of ["a", "b", "c"])
        tasks.push(await created(orders({ name, outputs: { taskOutputs: [`shop.${name}`] } })));
      await emulator.setSwitch("batchUpdateMaximum", 1);
      const owner = (value: string) =>
        Promise.all(tasks.map(({ id, outs, inputs }) => task.update(id, outs, { ...inputs, owner: value })));
      await owner("2000");
      await emulator.setSwitch("batchUpdateMaximum", 100);
      await emulator.setSwitch("batchUpdateAtomic", true);
      const [first, ...others] = tasks.map(({ id, outs, inputs }, index) =>
        task.update(id, outs, { ...inputs, owner: "3000", ...(index === 0 && { timeoutSeconds: -1 }) }),
      );
      await assert.rejects(first as Promise<unknown>, /InvalidTimeout/);
      await Promise.all(others);
      assert.deepEqual((await stored()).map((each) => each["Owner"]).sort(), ["2000", "3000", "3000"]);
    });
  });

  describe("a failure on the way", () => {
    const refuse = (operation: string) => emulator.fault({ kind: "error", operation, code: "9990040003", http: 400 });
    const unfinished = (work: Promise<unknown>): Promise<Unfinished> =>
      work.then(
        () => assert.fail("it should have failed"),
        (error: unknown) => error as Unfinished,
      );

    const scriptOf = (inputs: Properties, member: string) => ({
      ...(inputs["script"] as object),
      [member]: member === "content" ? "select 2;" : "bizdate=$[yyyymmdd-1]",
    });

    it("is made undone when the user takes the edit back, although nobody knows how far it went", async () => {
      const { id, outs, inputs } = await created();
      await refuse("GetTask");
      const failure = await unfinished(task.update(id, outs, { ...inputs, rerunTimes: 1 }));
      assert.equal((await stored())[0]?.["RerunTimes"], 1);
      assert.equal((await task.diff(id, failure.properties, inputs)).changes, true);
      const { outs: after } = await task.update(id, failure.properties, inputs);
      assert.equal((await stored())[0]?.["RerunTimes"], 3);
      assert.equal((await task.diff(id, after, inputs)).changes, false);
    });

    const at = (inputs: Properties, cron: string) => ({
      ...inputs,
      trigger: { ...(inputs["trigger"] as object), cron },
    });

    it("fails again as long as nobody says what became of an update, and it is not there", async () => {
      const { id, outs, inputs } = await created();
      await emulator.setSwitch("batchOutcomesMissing", "refused");
      // What the service refuses without a word, and no read showed in the first run.
      const news = at(inputs, "0 0 25");
      await emulator.fault({ kind: "error", operation: "GetTask", code: "9990040003", http: 400, times: 0 });
      await emulator.fault({ kind: "error", operation: "ListTasks", code: "9990040003", http: 400, times: 0 });
      const failure = await unfinished(task.update(id, outs, news));
      await emulator.clearFaults();
      await assert.rejects(task.update(id, failure.properties, news), /NoOutcome/);
    });

    it("publishes an edit that failed at first, where production needs that", async () => {
      const { id, outs, inputs } = await created(orders({ timeoutSeconds: 7200 }));
      await emulator.setSwitch("updateTaskNeedsPublish", true);
      await refuse("BatchUpdateTasks");
      const news = at(inputs, "0 30 3 * * ?");
      const failure = await unfinished(task.update(id, outs, news));
      const { outs: after } = await task.update(id, failure.properties, news);
      assert.equal(((await stored())[0]?.["Trigger"] as Properties)["Cron"], "0 30 3 * * ?");
      assert.equal((await task.diff(id, after, news)).changes, false);
    });

    for (const [what, operation, edit] of [
      ["a cron", "BatchUpdateTasks", (inputs: Properties) => at(inputs, "0 30 3 * * ?")],
      ["parameters", "UpdateTask", (inputs: Properties) => ({ ...inputs, script: scriptOf(inputs, "parameters") })],
      ["code", "UpdateNode", (inputs: Properties) => ({ ...inputs, script: scriptOf(inputs, "content") })],
    ] as const) {
      it(`waits for a slow read after an edit of ${what} that failed at first, and sees it when it is taken back`, async () => {
        const { id, outs, inputs } = await created();
        await refuse(operation);
        const news = edit(inputs);
        const failure = await unfinished(task.update(id, outs, news));
        const [before] = structuredClone(await stored());
        await emulator.setSwitch("readLagMilliseconds", 400);
        const { outs: after } = await task.update(id, failure.properties, news);
        await emulator.setSwitch("readLagMilliseconds", 0);
        const { Trigger, Script } = before as Properties;
        await emulator.touch("dataworks", String(outs["taskId"]), { Trigger, Script });
        const read = await task.read(id, after);
        assert.deepEqual([read.inputs?.["trigger"], read.inputs?.["script"]], [inputs["trigger"], inputs["script"]]);
        assert.deepEqual(warnings, []);
      });
    }

    it("never publishes code that was taken back", async () => {
      const { id, outs, inputs } = await created();
      await emulator.setSwitch("pipelineFailsAt", "PROD_CHECK");
      const wrong = { ...inputs, script: { ...(inputs["script"] as object), content: "drop table x;" } };
      const failure = await unfinished(task.update(id, outs, wrong));
      await emulator.setSwitch("pipelineFailsAt", "");
      await emulator.reset();
      await task.update(id, failure.properties, inputs);
      assert.deepEqual(
        (await emulator.calls()).filter(({ operation }) => operation === "UpdateTask"),
        [],
      );
      assert.equal(((await stored())[0]?.["Script"] as Properties)["Content"], "select 1;");
    });

    it("keeps no value that the arguments do not have any more: the engine could not mark it as secret", async () => {
      const { id, outs, inputs } = await created(
        orders({ path: "hush", trigger: { type: "Scheduler" }, dataSource: { type: "hush" } }),
      );
      const { path: _path, dataSource: _source, ...rest } = inputs;
      await refuse("UpdateNode");
      const news = { ...rest, trigger: { type: "Scheduler" }, script: { command: "ODPS_SQL", content: "select 2;" } };
      const failure = await unfinished(task.update(id, outs, news));
      assert.equal(JSON.stringify(failure.properties).includes("hush"), false);
      const { outs: after } = await task.update(id, failure.properties, news);
      assert.equal((await task.diff(id, after, news)).changes, false);
    });

    for (const onePipelineRunPerNode of [false, true]) {
      it(`joins the run that a killed process has started for an edit (${onePipelineRunPerNode ? "one" : "any number"} per node)`, async () => {
        const { id, outs, inputs } = await created();
        await emulator.setSwitch("onePipelineRunPerNode", onePipelineRunPerNode);
        await emulator.setSwitch("pipelineHoldsAt", "PROD_CHECK");
        const news = { ...inputs, script: { ...(inputs["script"] as object), content: "select 2;" } };
        // Nothing of it gets into the state.
        await emulator.fault({ kind: "error", operation: "GetPipelineRun", code: "Forbidden.Access", http: 403 });
        await unfinished(task.update(id, outs, news));
        await emulator.reset();
        setTimeout(() => void emulator.setSwitch("pipelineHoldsAt", ""), 300);
        const { outs: after } = await task.update(id, outs, news);
        assert.equal((await emulator.counts())["CreatePipelineRun"], undefined);
        assert.equal((await task.diff(id, after, news)).changes, false);
        assert.equal(((await stored())[0]?.["Script"] as Properties)["Content"], "select 2;");
      });
    }

    it("joins the run that a killed process has started for a deletion", async () => {
      const { id, outs } = await created();
      await emulator.setSwitch("pipelineHoldsAt", "PROD_CHECK");
      await emulator.fault({ kind: "error", operation: "GetPipelineRun", code: "Forbidden.Access", http: 403 });
      await assert.rejects(task.delete(id, outs), /Forbidden\.Access/);
      await emulator.reset();
      setTimeout(() => void emulator.setSwitch("pipelineHoldsAt", ""), 300);
      await task.delete(id, outs);
      assert.equal((await emulator.counts())["CreatePipelineRun"], undefined);
      assert.deepEqual(await stored(), []);
    });

    for (const operation of ["ListDownstreamTasks", "ListPipelineRuns"]) {
      it(`takes a task that goes while ${operation} is asked, because a killed process has started its deletion, for deleted`, async () => {
        const { id, outs } = await created();
        await emulator.setSwitch("pipelineHoldsAt", "PROD_CHECK");
        await emulator.fault({ kind: "error", operation: "GetPipelineRun", code: "Forbidden.Access", http: 403 });
        await assert.rejects(task.delete(id, outs), /Forbidden\.Access/);
        await emulator.reset();
        await emulator.fault({ kind: "throttle", operation, retryAfterMilliseconds: 600 });
        setTimeout(() => void emulator.setSwitch("pipelineHoldsAt", ""), 300);
        await task.delete(id, outs);
        assert.deepEqual(await stored(), []);
      });
    }

    it("deletes once what it has adopted when the reply is lost, and knows it when it goes meanwhile", async () => {
      for (const fault of [
        { kind: "drop-after", operation: "DeleteTask" },
        { kind: "error", operation: "DeleteTask", code: "Failed", http: 400, times: 0 },
      ] as const) {
        const [taskId = ""] = await emulator.createTasks("dataworks", { ProjectId: emulator.projectId, Name: "there" });
        const { id, outs } = await created({
          projectId: emulator.projectId,
          adopt: taskId,
          onDelete: "delete",
          force: true,
          creationToken: "tokenadopted1",
        });
        await emulator.fault(fault);
        if (fault.kind === "drop-after") await task.delete(id, outs);
        else await assert.rejects(task.delete(id, outs), /DeleteTask .*Failed/);
        await emulator.clearFaults();
        if (fault.kind === "error") await emulator.remove("dataworks", taskId);
        await task.delete(id, outs);
        assert.deepEqual(await stored(), []);
      }
    });

    it("joins the run that is in the way of a new one", async () => {
      const { id, outs, inputs } = await created();
      await emulator.setSwitch("onePipelineRunPerNode", true);
      await emulator.setSwitch("pipelineHoldsAt", "PROD_CHECK");
      await alibaba().call("CreatePipelineRun", {
        ...{ ProjectId: emulator.projectId, Type: "Online", ObjectIds: [outs["nodeId"]] },
        ...{ RunMode: "Auto", AutoRunUntilStage: "PROD" },
      });
      const news = { ...inputs, script: { ...(inputs["script"] as object), content: "select 2;" } };
      setTimeout(() => void emulator.setSwitch("pipelineHoldsAt", ""), 300);
      const { outs: after } = await task.update(id, outs, news);
      assert.equal((await task.diff(id, after, news)).changes, false);
      assert.equal(((await stored())[0]?.["Script"] as Properties)["Content"], "select 2;");
    });

    it("goes on from a run that the service has forgotten", async () => {
      await emulator.fault({ kind: "error", operation: "GetPipelineRun", code: "Forbidden.Access", http: 403 });
      const inputs = await checked(orders());
      const failure = await unfinished(task.create(inputs));
      assert.equal(failure.properties["phase"], "publishing");
      await new Promise((resolve) => setTimeout(resolve, 60));
      const where = { Id: failure.properties["pipelineRunId"] };
      await emulator.fault({ kind: "error", operation: "GetPipelineRun", where, code: "9990040006", times: 0 });
      const { outs } = await task.update(failure.id, failure.properties, inputs);
      assert.equal(outs["phase"], "published");
    });

    it("publishes what was taken off production and not refreshed since", async () => {
      const { id, outs, inputs } = await created();
      await alibaba().call("DeleteTask", { Id: String(outs["taskId"]), ProjectEnv: "Prod" });
      const news = { ...inputs, script: { ...(inputs["script"] as object), content: "select 2;" } };
      const { outs: after } = await task.update(id, outs, news);
      assert.equal((await task.diff(id, after, news)).changes, false);
      assert.equal((await task.read(id, after)).inputs, undefined);
    });
  });

  describe("deleting", () => {
    const nothingLeft = async (projectId: string) => {
      const listed = await alibaba().call("ListNodes", { ProjectId: projectId });
      assert.equal(Number((listed["PagingInfo"] as Properties)["TotalCount"]), 0);
      assert.deepEqual(await stored(), []);
    };

    it("takes what is left in the development environment offline, too", async () => {
      const { id, outs } = await created(orders({ projectId: emulator.standardProjectId }));
      await alibaba().call("DeleteTask", { Id: String(outs["taskId"]), ProjectEnv: "Prod" });
      await task.delete(id, outs);
      await nothingLeft(emulator.standardProjectId);
    });

    it("deletes a draft that somebody has published", async () => {
      const { id, outs } = await created(orders({ publish: false }));
      await alibaba().call("CreatePipelineRun", {
        ProjectId: emulator.projectId,
        Type: "Online",
        ObjectIds: [outs["nodeId"]],
        RunMode: "Auto",
        AutoRunUntilStage: "PROD",
      });
      await new Promise((resolve) => setTimeout(resolve, 60));
      await task.delete(id, outs);
      await nothingLeft(emulator.projectId);
    });

    for (const stage of ["", "PROD_CHECK"]) {
      it(`ends a run that is under way${stage === "" ? "" : ", or has failed since"}`, async () => {
        await emulator.fault({ kind: "error", operation: "GetPipelineRun", code: "Forbidden.Access", http: 403 });
        await emulator.setSwitch("pipelineFailsAt", stage);
        const failure = await task.create(await checked(orders())).then(
          () => assert.fail("it should have failed"),
          (error: unknown) => error as Unfinished,
        );
        assert.equal(failure.properties["phase"], "publishing");
        if (stage !== "") await new Promise((resolve) => setTimeout(resolve, 60));
        await task.delete(failure.id, failure.properties);
        await nothingLeft(emulator.projectId);
      });
    }

    it("deletes nothing while a run goes on that the service refuses to end", async () => {
      await emulator.setSwitch("pipelineHoldsAt", "PROD_CHECK");
      await emulator.fault({ kind: "error", operation: "GetPipelineRun", code: "Forbidden.Access", http: 403 });
      const failure = await task.create(await checked(orders())).then(
        () => assert.fail("it should have failed"),
        (error: unknown) => error as Unfinished,
      );
      await emulator.fault({
        kind: "error",
        operation: "AbolishPipelineRun",
        code: "Invalid.Something",
        http: 400,
        times: 9,
      });
      await assert.rejects(task.delete(failure.id, failure.properties), /AbolishPipelineRun/);
      const listed = await alibaba().call("ListNodes", { ProjectId: emulator.projectId });
      assert.equal(Number((listed["PagingInfo"] as Properties)["TotalCount"]), 1);
      await emulator.clearFaults();
      await emulator.setSwitch("pipelineHoldsAt", "");
      await task.delete(failure.id, failure.properties);
      await nothingLeft(emulator.projectId);
    });

    for (const batchOutcomesMissing of ["", "done"]) {
      it(`fails as long as a task that is to be paused is not, ${batchOutcomesMissing === "" ? "whatever" : "and has no"} answer there was`, async () => {
        const { id, outs } = await created(orders({ onDelete: "pause" }));
        await emulator.setSwitch("updateTaskNeedsPublish", true);
        await emulator.setSwitch("batchOutcomesMissing", batchOutcomesMissing);
        await assert.rejects(
          task.delete(id, outs),
          /onDelete "pause": task \d+ is not paused, its recurrence is still Normal.*pause it in the operations centre/,
        );
        await emulator.setSwitch("updateTaskNeedsPublish", false);
        await task.delete(id, outs);
        assert.equal(((await stored())[0]?.["Trigger"] as Properties)["Recurrence"], "Pause");
        await emulator.reset();
        await task.delete(id, outs);
        assert.equal((await emulator.counts())["BatchUpdateTasks"], undefined, "it was paused already");
      });
    }

    it("pauses a task whose reads are slow, and has nothing to pause of one that is only started by hand", async () => {
      const { id, outs } = await created(orders({ onDelete: "pause" }));
      await emulator.setSwitch("readLagMilliseconds", 400);
      await task.delete(id, outs);
      await emulator.setSwitch("readLagMilliseconds", 0);
      assert.equal(((await stored())[0]?.["Trigger"] as Properties)["Recurrence"], "Pause");
      const manual = await created({ ...plain(), name: "by_hand", trigger: { type: "Manual" }, onDelete: "pause" });
      await emulator.reset();
      await task.delete(manual.id, manual.outs);
      assert.equal((await emulator.counts())["BatchUpdateTasks"], undefined);
    });

    it("says that a paused task which is taken up again is still paused", async () => {
      const { id, outs, inputs } = await created(orders({ trigger: { type: "Scheduler" }, onDelete: "pause" }));
      await task.delete(id, outs);
      assert.equal((await task.create(inputs)).id, id);
      assert.match(warnings.join("\n"), /its schedule is still paused; declare .* to run it \[still-paused\]$/m);
      assert.match(warnings.join("\n"), /carries this resource's creation token, and is taken up .* \[taken-up\]$/m);
    });
  });

  describe("adopting", () => {
    const existing = async (changes: Properties = {}) => {
      const [taskId] = await emulator.createTasks("dataworks", {
        Name: "console_task",
        Owner: "77",
        Trigger: { Type: "Scheduler", Cron: "00 00 01 * * ?" },
        ...changes,
      });
      return taskId as string;
    };
    const adopted = (taskId: string, changes: Properties = {}): Properties => ({
      projectId: emulator.projectId,
      adopt: taskId,
      name: "console_task",
      owner: "1000",
      trigger: { type: "Scheduler", cron: "0 0 2 * * ?" },
      creationToken: "adopting0001",
      ...changes,
    });

    it("records first and writes nothing; the next preview shows the differences, with the live values after a refresh", async () => {
      const taskId = await existing();
      await emulator.reset();
      const { id, outs, inputs } = await created(adopted(taskId));
      assert.equal(id, `${emulator.projectId}/Prod/task/${taskId}`);
      assert.deepEqual(Object.keys(await emulator.counts()), ["ListTasks"]);
      assert.equal((await task.diff(id, outs, inputs)).changes, true);
      const read = await task.read(id, outs);
      assert.deepEqual(
        [read.inputs?.["owner"], (read.inputs?.["trigger"] as Properties)["cron"]],
        ["77", "0 0 1 * * ?"],
      );
      const { outs: after } = await task.update(id, read.props, inputs);
      assert.equal((await task.diff(id, after, inputs)).changes, false);
      assert.equal((await task.read(id, after)).inputs, undefined);
    });

    it("finds nothing to do where the task is as declared", async () => {
      const taskId = await existing();
      const { id, outs, inputs } = await created(
        adopted(taskId, { owner: "77", trigger: { type: "Scheduler", cron: "0 0 1 * * ?" } }),
      );
      assert.equal((await task.diff(id, outs, inputs)).changes, false);
    });

    it("applies at once when asked to", async () => {
      const taskId = await existing();
      const { id, outs, inputs } = await created(adopted(taskId, { adopt: { id: taskId, apply: true } }));
      assert.equal((await task.diff(id, outs, inputs)).changes, false);
      assert.equal((await stored())[0]?.["Owner"], "1000");
    });

    it("sets the code of a task without a node through UpdateTask, with a warning", async () => {
      const taskId = await existing();
      const first = await created(
        adopted(taskId, { owner: undefined, trigger: undefined, script: { content: "select 7;" } }),
      );
      const { outs } = await task.update(first.id, first.outs, first.inputs);
      assert.match(
        warnings.join("\n"),
        /no node in Data Studio, so its code is set by UpdateTask's Script\.Content.* \[code-without-node\]$/m,
      );
      assert.equal((await task.diff(first.id, outs, first.inputs)).changes, false);
    });

    it("changes the code of a task with a node, and nothing else of the node", async () => {
      const { outs: other } = await created();
      const taskId = String(other["taskId"]);
      const before = (await stored())[0];
      const first = await created({
        projectId: emulator.projectId,
        adopt: taskId,
        force: true,
        script: { content: "select 7;" },
        creationToken: "adopting0001",
      });
      await task.update(first.id, first.outs, first.inputs);
      const after = (await stored())[0];
      assert.deepEqual(
        [after?.["Description"], (after?.["Script"] as Properties)["Content"]],
        [before?.["Description"], "select 7;"],
      );
    });

    for (const scene of ["DATAWORKS_MANUAL_TASK", "DATAWORKS_MANUAL_WORKFLOW"]) {
      it(`finds the node of a task that is only started by hand, in ${scene}, whatever is declared`, async () => {
        const { outs: other } = await created({ ...plain(), trigger: { type: "Manual" } });
        const where = { ProjectId: emulator.projectId, Scene: "DATAWORKS_MANUAL_TASK" };
        const hidden = { PagingInfo: { TotalCount: 0, Nodes: [] } };
        // The emulator's node is in the first area; where it is to be in the second, each answers for the other.
        if (scene === "DATAWORKS_MANUAL_WORKFLOW") {
          const { PagingInfo } = await alibaba().call("ListNodes", where);
          await emulator.fault({ kind: "answer", operation: "ListNodes", where, times: 0, body: hidden });
          const elsewhere = { ...where, Scene: scene };
          await emulator.fault({
            kind: "answer",
            operation: "ListNodes",
            where: elsewhere,
            times: 0,
            body: { PagingInfo },
          });
        }
        const first = await created({
          projectId: emulator.projectId,
          adopt: String(other["taskId"]),
          force: true,
          script: { content: "select 7;" },
          creationToken: "adopting0001",
        });
        await emulator.reset();
        await task.update(first.id, first.outs, first.inputs);
        const calls = await emulator.counts();
        assert.deepEqual([calls["UpdateNode"], calls["UpdateTask"]], [1, undefined]);
        assert.equal(((await stored())[0]?.["Script"] as Properties)["Content"], "select 7;");
        assert.deepEqual(
          warnings.filter((warning) => warning.includes("code-without-node")),
          [],
        );
      });
    }

    for (const [what, change] of [
      ["alone", {}],
      ["together with a cron", { trigger: { cron: "0 0 4 * * ?" } }],
    ] as const) {
      it(`keeps code that is edited ${what} as a draft until it is to be published`, async () => {
        const { outs: other } = await created();
        const first = await created({
          projectId: emulator.projectId,
          adopt: String(other["taskId"]),
          force: true,
          publish: false,
          script: { content: "select 1;" },
          trigger: { cron: "0 0 2 * * ?" },
          creationToken: "adopting0001",
        });
        const draft: Properties = { ...first.inputs, ...change, script: { content: "select 7;" } };
        const { outs } = await task.update(first.id, first.outs, draft);
        const live = async () => ((await stored())[0]?.["Script"] as Properties)["Content"];
        assert.equal(await live(), "select 1;");
        const read = await task.read(first.id, outs);
        assert.equal(read.inputs, undefined);
        assert.equal((await task.diff(first.id, read.props, draft)).changes, false);
        assert.deepEqual(warnings, []);

        const { publish: _publish, ...published } = draft;
        assert.equal((await task.diff(first.id, read.props, published)).changes, true);
        await emulator.setSwitch("pipelineFailsAt", "PROD_CHECK");
        const failure = await task.update(first.id, read.props, published).then(
          () => assert.fail("it should have failed"),
          (error: unknown) => error as Unfinished,
        );
        await emulator.setSwitch("pipelineFailsAt", "");
        assert.equal((await task.diff(first.id, failure.properties, published)).changes, true);
        await emulator.reset();
        const { outs: after } = await task.update(first.id, failure.properties, published);
        assert.equal(await live(), "select 7;");
        assert.equal((await task.diff(first.id, after, published)).changes, false);
        assert.deepEqual([(await task.read(first.id, after)).inputs, warnings], [undefined, []]);
        await emulator.touch("dataworks", String(other["taskId"]), { Script: { Content: "select 8;" } });
        assert.deepEqual((await task.read(first.id, after)).inputs?.["script"], { content: "select 8;" });
      });
    }

    it("releases the task when the resource goes away", async () => {
      const taskId = await existing();
      const { id, outs } = await created(adopted(taskId));
      await task.delete(id, outs);
      assert.equal((await stored()).length, 1);
      await task.delete(id, { ...outs, onDelete: "delete" });
      assert.equal((await stored()).length, 0);
    });

    it("refuses what another stack created, and a task that is not there", async () => {
      const { outs } = await created();
      await assert.rejects(
        created(adopted(String(outs["taskId"]))),
        /was created by another stack; release it there first, or set force: true/,
      );
      await assert.rejects(created(adopted("1234567890")), /adopt: there is no task 1234567890 in environment Prod/);
    });

    it("does not delete what another stack created, unless forced", async () => {
      const made = await created();
      const taskId = String(made.outs["taskId"]);
      const { id, outs } = await created({ ...adopted(taskId), force: true, onDelete: "delete" });
      await assert.rejects(
        task.delete(id, { ...outs, force: false }),
        /task \d+ was created by another stack; release it there first, or set force: true/,
      );
      assert.equal((await stored()).length, 1);
      await task.delete(id, outs);
      assert.equal((await stored()).length, 0);
    });

    it("means another task when another id is named", async () => {
      const taskId = await existing();
      const { id, outs, inputs } = await created(adopted(taskId));
      assert.deepEqual((await task.diff(id, outs, { ...inputs, adopt: "1" })).replaces, ["adopt"]);
      assert.deepEqual((await task.diff(id, outs, { ...inputs, envType: "Dev" })).replaces, ["envType"]);
      assert.deepEqual((await task.diff(id, outs, { ...inputs, envType: "Prod" })).replaces, []);
      const { adopt: _adopt, ...managed } = inputs;
      assert.deepEqual((await task.diff(id, outs, managed)).replaces, []);
    });
  });

  it("makes no call to check or compare", async () => {
    const { id, outs, inputs } = await created();
    await emulator.reset();
    await task.check(inputs, orders());
    await task.diff(id, outs, { ...inputs, owner: "9" });
    assert.deepEqual(await emulator.counts(), {});
  });

  it("lets values pass that are not known yet, at any depth, and takes them for changes", async () => {
    const { id, outs, inputs } = await created();
    const unknown = {
      ...inputs,
      owner: UNKNOWN,
      trigger: { ...(inputs["trigger"] as object), cron: UNKNOWN },
      dependencies: [{ type: "Normal", upstreamOutput: UNKNOWN }],
    };
    assert.deepEqual((await task.check(inputs, unknown)).failures, []);
    assert.equal((await task.diff(id, outs, unknown)).changes, true);
  });

  it("says everything that is wrong at once, by the property as it was written", async () => {
    const { failures } = await task.check(
      {},
      {
        projectId: 12,
        name: "x",
        scrpt: {},
        script: { command: "ODPS_SQL" },
        trigger: { recurrence: "Normall", cron: "0 2 *" },
        rerunIntervalSeconds: 1801,
        creationToken: "t",
      },
    );
    assert.deepEqual(
      failures.map(({ property, reason }) => `${property} ${reason}`),
      [
        "scrpt is not a property of this resource; did you mean script? [unknown-property]",
        "projectId must be a string, got 12; write it in quotes (CreateNode 2024-05-18, ProjectId) [type]",
        "rerunIntervalSeconds must be at most 1800, got 1801 (UpdateTask 2024-05-18, RerunInterval) [range]",
        'trigger.recurrence must be one of Pause, Skip, Normal, got "Normall"; did you mean Normal? (UpdateTask 2024-05-18, Trigger.Recurrence) [enum]',
        'trigger.cron must be a cron of six or seven fields, second first, got "0 2 *" (UpdateTask 2024-05-18, Trigger.Cron) [cron]',
      ],
    );
  });

  it("hands refused arguments back as they came, without a hole that the engine cannot pass on", async () => {
    const news = orders({ dependencies: ["shop.root"], tags: { team: 1 } });
    const { inputs, failures } = await task.check({}, news);
    assert.equal(failures.length, 2);
    assert.deepEqual(inputs, news);
  });

  it("refuses a region that is none before any call", async () => {
    const { failures } = await task.check({}, orders({ connection: { region: "Shanghai" } }));
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["connection.region"],
    );
  });

  it("says which workspaces have such tasks when the workspace is of the other generation, or there is none", async () => {
    const advice = /needs a workspace of the new Data Studio: check projectId \d+ and the region$/;
    for (const projectId of [emulator.legacyProjectId, "424242"]) {
      await assert.rejects(created(orders({ projectId })), advice);
    }
    const adopting = { projectId: "424242", adopt: "1020000042", creationToken: "adopting0001" };
    await assert.rejects(created(adopting), advice);
  });

  it("knows the task of a state that has lost its ids, or has something else in their place", async () => {
    const made = await created();
    let { outs, inputs } = made;
    const { taskId, nodeId } = outs;
    for (const [name, lost] of [
      ["taskId", undefined],
      ["nodeId", null],
      ["taskId", 5],
      ["nodeId", { a: 1 }],
      ["nodeId", ""],
    ] as const) {
      const broken = { ...outs, [name]: lost };
      const edited = `edited for ${name}`;
      inputs = { ...inputs, description: edited };
      assert.deepEqual((await task.read(made.id, broken)).props, outs);
      assert.equal((await task.diff(made.id, broken, inputs)).changes, true);
      ({ outs } = await task.update(made.id, broken, inputs));
      assert.deepEqual([outs["taskId"], outs["nodeId"], outs["phase"]], [taskId, nodeId, "published"]);
      assert.match(
        String((await stored()).find(({ Id }) => String(Id) === taskId)?.["Description"]),
        new RegExp(`^${edited}`),
      );
      inputs = { ...inputs, description: `${edited}, again` };
      ({ outs } = await task.update(made.id, outs, inputs));
    }
    assert.deepEqual((await emulator.calls()).filter(({ operation }) => operation === "CreatePipelineRun").length, 1);
    await assert.rejects(
      task.update("x", {}, inputs),
      /ods_orders: neither the state nor the id "x" names a task of DataWorks, and nothing was touched; bring back a sound state with `pulumi stack import`$/,
    );
    await task.delete(made.id, { ...outs, taskId: null, nodeId: 7 });
    assert.equal((await task.read(made.id, outs)).id, "");
  });

  it("knows an adopted task whose state has lost its id, and pauses and releases it", async () => {
    const { outs } = await created();
    const id = `${emulator.projectId}/Prod/task/${String(outs["taskId"])}`;
    const { taskId, nodeId: _node, phase: _phase, ...adopted } = outs;
    assert.equal((await task.read(id, adopted)).props["taskId"], taskId);
    await task.delete(id, { ...adopted, taskId: null });
    assert.equal((await stored()).length, 1);
    await task.delete(id, { ...adopted, taskId: null, onDelete: "pause" });
    assert.equal(((await stored())[0]?.["Trigger"] as Properties)["Recurrence"], "Pause");
  });

  it("keeps the creation token of the state whatever the resource is called now", async () => {
    const inputs = await checked(orders());
    const again = await task.check(inputs, orders({ creationToken: "another0001" }));
    assert.equal(again.inputs["creationToken"], inputs["creationToken"]);
  });
});
