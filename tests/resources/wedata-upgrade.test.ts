import assert from "node:assert/strict";
import { leaves } from "../../provider/core/fields";
import { decodeRecord, digest, encodeRecord } from "../../provider/core/record";
import { fields } from "../../provider/resources/wedata-task/arguments";
import { Stage } from "./wedata-stage";
import type { Made } from "./wedata-stage";

const table = leaves(fields);

/** The state as the version before would have left it: with these spellings, and what it remembered for reading. */
function asBefore(made: Made, spellings: Record<string, unknown>, reading: unknown): Made {
  const token = made.inputs["creationToken"] as string;
  const applied = decodeRecord(made.outs["applied"], table);
  for (const { path, leaf } of table)
    if (path in spellings) applied.set(path, digest(leaf.kind, spellings[path], token));
  const { seen: _seen, reading: _reading, ...outs } = made.outs;
  return {
    id: made.id,
    inputs: { ...made.inputs, ...spellings },
    outs: { ...outs, applied: encodeRecord(applied, token), ...(reading !== undefined && { reading }) },
  };
}

describe("the state of a WeDataTask that the version before has written", () => {
  const cron = { cycleType: "Crontab", crontabExpression: "00 00 02 ? * mon", delayTimeMinutes: undefined };
  const taskExt = { conf: '{"b": 1, "a": [2]}', python_type: "python3" };
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  const upgraded = async (): Promise<Made> => {
    const program = stage.orders({ ...cron, taskExt });
    const now = await stage.created(program);
    // The service has it as it was sent then.
    const changes = { CrontabExpression: cron.crontabExpression, TaskExt: await extension() };
    await stage.emulator.touch("wedata", now.id.split("/")[1] as string, changes);
    const then = asBefore(
      now,
      { crontabExpression: cron.crontabExpression, taskExt },
      { taskExt: Object.keys(taskExt) },
    );
    return { ...then, inputs: await stage.checked(program, then.inputs) };
  };
  const extension = async () => {
    const { settings } = await stage.named("load_orders");
    return settings.TaskExt.map((entry) => (entry.Key === "conf" ? { ...entry, Value: taskExt.conf } : entry));
  };

  it("differs in nothing where only the canonical form is another one", async () => {
    const made = await upgraded();
    assert.equal(await stage.differs(made), false);
  });

  it("is refreshed without a difference", async () => {
    assert.equal(await stage.refreshed(await upgraded()), undefined);
  });

  it("is changed in what is edited alone, and then differs in nothing", async () => {
    const made = await upgraded();
    stage.carried.length = 0;
    const edited = await stage.updated(made, { retriable: false });
    assert.deepEqual(stage.carried, ["ModifyTaskInfo: retriable"]);
    assert.deepEqual(stage.warnings, []);
    await stage.isSettled(edited);
  });

  it("shows another field that moved, and still no difference in form", async () => {
    const made = await upgraded();
    await stage.emulator.touch("wedata", made.id.split("/")[1] as string, {
      CycleStep: 1,
      Notes: "",
      TaskName: "moved",
    });
    const read = await stage.task.read(made.id, made.outs);
    assert.equal(read.inputs?.["name"], "moved");
    const inputs = await stage.checked({ ...made.inputs, name: "moved" }, read.inputs);
    // Whether production runs the other name too no read tells: it is sent and published, alone.
    stage.carried.length = 0;
    await stage.isSettled(await stage.updated({ id: made.id, outs: read.props, inputs }, {}));
    assert.deepEqual(stage.carried, ["ModifyTaskInfo: name"]);
  });

  it("takes a member of a JSON value away that is no longer declared", async () => {
    const made = await upgraded();
    const edited = await stage.updated(made, { taskExt: { ...taskExt, conf: '{"a":[2]}' } });
    const { settings } = await stage.named("load_orders");
    assert.equal(settings.TaskExt.find(({ Key }) => Key === "conf")?.Value, '{"a":[2]}');
    await stage.isSettled(edited);
  });

  it("compares nothing that was write-only then and would be made anew", async () => {
    // The service shows DATA_DEV, and calls the declared one so.
    const made = await stage.created(stage.orders({ productName: "DATA_DEV", taskFolderId: "f1" }));
    const declared = { productName: "Data Development", taskFolderId: "/f1" };
    const before = asBefore(made, declared, undefined);
    const old: Made = { ...before, outs: { ...before.outs, ...declared } };
    await stage.isSettled(old);
    const edited = await stage.updated(old, { retriable: false });
    assert.equal(await stage.differs(edited), false);
  });

  it("keeps what it had learned of the words of selfDepend", async () => {
    await stage.close();
    stage = await Stage.open({ selfDependWords: "ordered-is-serial" });
    const made = await stage.created(stage.orders({ selfDepend: "orderedSerial" }));
    const old = asBefore(made, {}, { selfDependSwapped: true });
    await stage.isSettled(old);
  });
});

describe("an update of taskExt that failed", () => {
  it("is finished by the next one, with the key that was taken away", async () => {
    const stage = await Stage.open();
    try {
      const made = await stage.created(stage.orders({ taskExt: { a: "1", b: '{"c":1,"d":2}', e: "5" } }));
      for (const operation of ["ModifyTaskInfo", "ModifyTaskInfoDs"])
        await stage.emulator.fault({ kind: "error", operation, times: 0 });
      const news = await stage.checked({ ...made.inputs, taskExt: { a: "1", b: '{"c":1}' } }, made.inputs);
      const failure = await stage.task.update(made.id, made.outs, news).then(
        () => assert.fail("the update went well"),
        (error: unknown) => error as { properties: Record<string, unknown> },
      );
      await stage.emulator.clearFaults();
      const again = await stage.task.update(made.id, failure.properties, news);
      const { settings } = await stage.named("load_orders");
      const ours = settings.TaskExt.filter(({ Key }) => ["a", "b", "e"].includes(Key));
      assert.deepEqual(ours, [
        { Key: "a", Value: "1" },
        { Key: "b", Value: '{"c":1}' },
      ]);
      await stage.isSettled({ id: made.id, inputs: news, outs: again.outs });
    } finally {
      await stage.close();
    }
  });
});
