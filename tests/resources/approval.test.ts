import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { alibaba, configure } from "../../provider/clouds/connections";
import { goBy } from "../../provider/core/clock";
import type { Properties } from "../../provider/core/definition";
import { Unfinished, hooks } from "../../provider/core/lifecycle";
import { sleep } from "../../provider/core/time";
import { definition as syncDefinition } from "../../provider/resources/dataworks-di-sync-task/resource";
import { definition as taskDefinition } from "../../provider/resources/dataworks-task/resource";

/** So much faster than real time pass the waits. */
const FASTER = 200;

describe("a publication that waits for an approval", () => {
  let emulator: Emulator;
  let warnings: string[];
  let told: string[];
  let serial = 0;
  const environment = {
    ready: () => Promise.resolve(),
    warn: (message: string) => void warnings.push(message),
    inform: (message: string) => void told.push(message),
  };

  beforeEach(async () => {
    emulator = await startEmulator({ stageMilliseconds: 0 });
    [warnings, told] = [[], []];
    const config: Record<string, string> = {
      "dataworks:endpoint": emulator.dataworks,
      "dataworks:accessKeyId": emulator.accessKeyId,
      "dataworks:accessKeySecret": emulator.accessKeySecret,
      "dataworks:requestsPerSecond": "10000",
    };
    configure({ get: (key) => config[key] });
    const began = Date.now();
    goBy({
      now: () => began + (Date.now() - began) * FASTER,
      sleep: (milliseconds, signal) => sleep(milliseconds / FASTER, signal),
    });
  });
  afterEach(async () => {
    goBy();
    await emulator.close();
  });

  const script = (content: string) => ({ command: "ODPS_SQL", content });
  const kinds = {
    "a pipeline run": {
      task: hooks(taskDefinition, environment),
      args: (): Properties => ({ projectId: emulator.projectId, script: script("select 1;") }),
      edit: (args: Properties): Properties => ({ ...args, script: script("select 2;") }),
      holds: ["pipelineHoldsAt", "PROD_CHECK"],
      holdsDeletion: ["pipelineHoldsAt", "PROD_CHECK"],
      starts: "CreatePipelineRun",
      phase: "publishing",
      line: /^orders_\d+: pipeline run \d+: stage PROD_CHECK running \(\d+ s\)$/,
      living: async () => (await emulator.tasks("dataworks")).length,
    },
    "a package": {
      task: hooks(syncDefinition, environment),
      args: (): Properties => ({ projectId: emulator.legacyStandardProjectId, taskContent: { type: "job" } }),
      edit: (args: Properties): Properties => ({ ...args, taskContent: { type: "job", version: "2.0" } }),
      holds: ["deploymentHolds", "deploy"],
      holdsDeletion: ["deploymentHolds", "delete"],
      starts: "DeployFile",
      phase: "deploying",
      line: /^orders_\d+: the deployment \(package \d+\): being checked \(\d+ s\)$/,
      living: async () =>
        ((await emulator.tasks("dataworks-files")) as Properties[]).filter(({ deployed }) => deployed !== undefined)
          .length,
    },
  } as const;

  for (const [name, kind] of Object.entries(kinds)) {
    const { task, holds, starts } = kind;
    const checked = async (args: Properties, olds: Properties = {}) => {
      const { inputs, failures } = await task.check(olds, args);
      assert.deepEqual(failures, []);
      return inputs;
    };
    const orders = (changes: Properties = {}) => {
      serial += 1;
      const creationToken = `token${String(serial).padStart(8, "0")}`;
      return checked({ ...kind.args(), name: `orders_${serial}`, creationToken, ...changes });
    };
    const hold = ([what, where]: readonly [string, string]) => emulator.setSwitch(what, where);
    const letGo = () => emulator.setSwitch(holds[0], "");

    it(`ends with a warning, and the next up goes on with the same one (${name})`, async () => {
      await hold(holds);
      const inputs = await orders();
      const { id, outs } = await task.create(inputs);
      assert.equal(outs["phase"], kind.phase);
      assert.equal(warnings.length, 1);
      assert.match(
        warnings[0] ?? "",
        /has stood (still|at stage PROD_CHECK) for 3\d\d s and seems to wait for an approval.*\[waits-for-approval\]$/,
      );
      assert.ok(told.length > 10 && told.every((line) => kind.line.test(line)), told.join("\n"));

      const read = await task.read(id, outs);
      assert.deepEqual([read.id, read.props["phase"]], [id, kind.phase]);
      assert.equal((await task.diff(id, read.props, inputs)).changes, true);
      await letGo();
      await emulator.reset();
      const { outs: after } = await task.update(id, read.props, inputs);
      assert.equal((await emulator.counts())[starts], undefined, "a second one was started");
      assert.equal(after["phase"], "published");
      assert.equal((await task.diff(id, after, inputs)).changes, false);
      assert.equal((await task.read(id, after)).inputs, undefined);
    });

    it(`carries an edit made meanwhile after it (${name})`, async () => {
      const inputs = await orders();
      const { id, outs } = await task.create(inputs);
      await hold(holds);
      const first = await checked(kind.edit(inputs), inputs);
      const { outs: waiting } = await task.update(id, outs, first);
      assert.equal(waiting["phase"], kind.phase);
      await letGo();
      const { outs: after } = await task.update(id, waiting, inputs);
      assert.equal((await task.diff(id, after, inputs)).changes, false);
      assert.equal((await task.read(id, after)).inputs, undefined);
    });

    it(`is an error that keeps what is there, where the user wants it (${name})`, async () => {
      await hold(holds);
      const inputs = await orders({ rules: { "waits-for-approval": "error" }, timeouts: { approval: 20 } });
      const error = await task.create(inputs).then(
        () => assert.fail("it should have failed"),
        (thrown: unknown) => thrown as Unfinished,
      );
      assert.ok(error instanceof Unfinished);
      assert.equal(error.properties["phase"], kind.phase);
    });

    it(`is not waited for as long by the tasks that come after (${name})`, async () => {
      await hold(holds);
      await task.create(await orders());
      await task.create(await orders());
      const seconds = warnings.map((warning) => Number(/ for (\d+) s/.exec(warning)?.[1]));
      assert.equal(seconds.length, 2);
      assert.ok((seconds[0] ?? 0) >= 300 && (seconds[1] ?? 999) < 100, seconds.join(", "));
    });

    it(`keeps a task that is to be deleted until it is approved (${name})`, async () => {
      const inputs = await orders({ timeouts: { approval: 20 } });
      const { id, outs } = await task.create(inputs);
      await hold(kind.holdsDeletion);
      await assert.rejects(task.delete(id, outs), /seems to wait for an approval/);
      assert.equal(await kind.living(), 1);
      await letGo();
      await emulator.reset();
      await task.delete(id, outs);
      assert.equal(await kind.living(), 0);
      assert.equal((await emulator.counts())["CreatePipelineRun"], undefined, "a second run was started");
    });
  }

  it("is ended when the task is to be left paused, whether it runs already or not", async () => {
    const { task, args } = kinds["a pipeline run"];
    const given = { ...args(), onDelete: "pause", timeouts: { approval: 20 } };
    await emulator.setSwitch("pipelineHoldsAt", "PROD_CHECK");
    const { inputs: never } = await task.check({}, { ...given, name: "never", creationToken: "paused000001" });
    const first = await task.create(never);
    await task.delete(first.id, first.outs);
    await emulator.setSwitch("pipelineHoldsAt", "");
    assert.deepEqual(await emulator.tasks("dataworks"), []);

    const { inputs } = await task.check({}, { ...given, name: "orders", creationToken: "paused000002" });
    const { id, outs } = await task.create(inputs);
    await emulator.setSwitch("pipelineHoldsAt", "PROD_CHECK");
    const { outs: waiting } = await task.update(id, outs, { ...inputs, script: script("select 2;") });
    await task.delete(id, waiting);
    await emulator.setSwitch("pipelineHoldsAt", "");
    const [left] = (await emulator.tasks("dataworks")) as Record<string, Properties>[];
    assert.deepEqual([left?.["Trigger"]?.["Recurrence"], left?.["Script"]?.["Content"]], ["Pause", "select 1;"]);
  });

  describe("of a pipeline run that is rejected", () => {
    const { task, args } = kinds["a pipeline run"];
    const code = (content: string): Properties => ({ script: script(content) });
    const waiting = async () => {
      const given = { ...args(), name: "orders", creationToken: "rejected0001", timeouts: { approval: 20 } };
      const { inputs } = await task.check({}, given);
      const { id, outs } = await task.create(inputs);
      await emulator.setSwitch("pipelineHoldsAt", "PROD_CHECK");
      const first = { ...inputs, ...code("select 2;") };
      const { outs: left } = await task.update(id, outs, first);
      assert.equal(left["phase"], "publishing");
      const run = { ProjectId: emulator.projectId, Id: left["pipelineRunId"] };
      await alibaba().call("AbolishPipelineRun", run);
      await emulator.setSwitch("pipelineHoldsAt", "");
      return { id, outs: left, inputs: first };
    };
    const live = async () =>
      (((await emulator.tasks("dataworks")) as Properties[])[0]?.["Script"] as Properties)["Content"];

    it("says so, and the next up starts another one", async () => {
      const { id, outs, inputs } = await waiting();
      const failure = await task.update(id, outs, inputs).then(
        () => assert.fail("it should have failed"),
        (thrown: unknown) => thrown as Unfinished,
      );
      assert.match(
        failure.message,
        /pipeline run \d+ ended with Termination at stage PROD_CHECK: the service gave no reason\. Correct/,
      );
      await task.update(id, failure.properties, inputs);
      assert.equal(await live(), "select 2;");
    });

    it("publishes what was corrected since at once", async () => {
      const { id, outs, inputs } = await waiting();
      const corrected = { ...inputs, ...code("select 3;") };
      const { outs: after } = await task.update(id, outs, corrected);
      assert.equal(await live(), "select 3;");
      assert.equal((await task.diff(id, after, corrected)).changes, false);
    });
  });

  describe("of an adopted task's code", () => {
    const { task, args } = kinds["a pipeline run"];
    const live = async () =>
      (((await emulator.tasks("dataworks")) as Properties[])[0]?.["Script"] as Properties)["Content"];

    for (const [what, then] of [
      ["let through", "select 3;"],
      ["rejected", "select 3;"],
      ["let through, unchanged", "select 2;"],
      ["let through and over, unchanged", "select 2;"],
    ] as const) {
      it(`leaves what is declared by now in production when it is ${what}`, async () => {
        const made = await task.check({}, { ...args(), name: "orders", creationToken: "madebefore01" });
        const { outs: other } = await task.create(made.inputs);
        const { inputs } = await task.check(
          {},
          {
            projectId: emulator.projectId,
            adopt: String(other["taskId"]),
            force: true,
            script: { content: "select 1;" },
            timeouts: { approval: 20 },
            creationToken: "adopting0001",
          },
        );
        const { id, outs } = await task.create(inputs);
        await emulator.setSwitch("pipelineHoldsAt", "PROD_CHECK");
        const { outs: left } = await task.update(id, outs, { ...inputs, script: { content: "select 2;" } });
        assert.equal(await live(), "select 1;");
        if (what === "rejected")
          await alibaba().call("AbolishPipelineRun", { ProjectId: emulator.projectId, Id: left["pipelineRunId"] });
        await emulator.setSwitch("pipelineHoldsAt", "");
        const isOver = what === "let through and over, unchanged";
        if (isOver) {
          const run = { ProjectId: emulator.projectId, Id: left["pipelineRunId"] };
          for (let tries = 0; tries < 20 && (await live()) !== then; tries++)
            await alibaba().call("GetPipelineRun", run);
        }
        await emulator.reset();
        const wanted = { ...inputs, script: { content: then } };
        const { outs: after } = await task.update(id, left, wanted);
        assert.equal(await live(), then);
        if (isOver) assert.equal((await emulator.counts())["CreatePipelineRun"], undefined);
        assert.equal((await task.diff(id, after, wanted)).changes, false);
        assert.equal((await task.read(id, after)).inputs, undefined);
      });
    }
  });
});
