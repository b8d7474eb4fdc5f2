import assert from "node:assert/strict";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { cloudsAt } from "./clouds";
import { kinds } from "./kinds";
import type { Args } from "./kinds";
import { differences, inlineStack, stored, writes } from "./support";
import type { EngineStack } from "./support";

describe("options of runs, on the engine", function () {
  this.timeout(120_000);
  const { task, sync, load } = kinds;
  let emulator: Emulator;
  let stack: EngineStack;
  let program: () => void;

  before(async () => {
    emulator = await startEmulator({ stageMilliseconds: 5 });
    stack = await inlineStack("runs", () => Promise.resolve(program()), cloudsAt(emulator));
  });
  after(() => emulator.close());
  beforeEach(() => emulator.reset());

  /** Two chains: `sync` after `orders`, `totals` and `report` after `loaded`. */
  const chains = (round: number) => () => {
    const orders = task.make("orders", { ...task.least(emulator), rerunTimes: round });
    sync.make("sync", { ...sync.least(emulator), description: `round ${round}` }, { dependsOn: orders });
    const of = (name: string): Args => ({ ...load.least(emulator), name, tryLimit: round });
    const loaded = load.make("loaded", of("loaded"));
    load.make("totals", { ...of("totals"), dependsOnTasks: [loaded] });
    load.make("report", of("report"), { dependsOn: [loaded], replaceWith: [loaded] });
  };
  const urns = (...names: string[]) => Promise.all(names.map(async (name) => (await stored(stack, name)).urn));
  const ids = (...names: string[]) => Promise.all(names.map(async (name) => (await stored(stack, name)).id));
  /** Where the calls of these operations stand among all that change something. */
  const order = async (...operations: [operation: string, about?: string][]) => {
    const all = (await writes(emulator)).map((call) => `${call.operation} ${JSON.stringify(call.parameters)}`);
    const places = operations.map(([operation, about = ""]) =>
      all.findIndex((call) => call.startsWith(`${operation} `) && call.includes(about)),
    );
    assert.ok(
      places.every((place) => place >= 0),
      all.join("\n"),
    );
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
  };

  it("dependsOn makes a task after those it names are published", async () => {
    program = chains(1);
    await stack.up();
    const [loaded = ""] = await ids("loaded");
    await order(["CreatePipelineRun"], ["CreateDISyncTask"]);
    await order(
      ["CreateTaskNew", '"loaded"'],
      ["CreateTaskVersionDs", String(loaded.split("/")[1])],
      ["CreateTaskNew", '"report"'],
    );
  });

  it("--target, --target-dependents and --exclude touch what they name", async () => {
    program = chains(2);
    const [orders = "", loaded = "", synced = ""] = await urns("orders", "loaded", "sync");
    assert.deepEqual(differences(await stack.preview({ target: [orders] })), { orders: ["update", "rerunTimes"] });
    assert.deepEqual(differences(await stack.up({ target: [loaded], targetDependents: true })), {
      loaded: ["update", "tryLimit"],
      totals: ["update", "tryLimit"],
      report: ["update", "tryLimit"],
    });
    assert.deepEqual(differences(await stack.up({ exclude: [synced] })), { orders: ["update", "rerunTimes"] });
    assert.equal((await emulator.counts())["UpdateFile"], undefined);
    assert.deepEqual(differences(await stack.up()), { sync: ["update", "description"] });
  });

  it("refresh --preview-only shows drift and records nothing; up --refresh puts it right at once", async () => {
    const { taskId } = (await stored(stack, "orders")).outputs;
    await emulator.touch("dataworks", String(taskId), { RerunTimes: 9 });
    const drift = { orders: ["update", "rerunTimes"] };
    assert.deepEqual(differences(await stack.refresh({ previewOnly: true })), drift);
    assert.deepEqual(differences(await stack.preview()), {});
    const [shown] = (await stack.preview({ refresh: true })).changes;
    assert.deepEqual([shown?.op, shown?.oldInputs["rerunTimes"], shown?.newInputs["rerunTimes"]], ["update", 9, 2]);
    assert.deepEqual(differences(await stack.up({ refresh: true })), drift);
    assert.deepEqual(differences(await stack.preview({ refresh: true })), {});
  });

  it("--replace deletes the old task before it makes the new one, and replaceWith goes along", async () => {
    const names = ["orders", "sync", "loaded"];
    const before = await ids(...names, "report");
    await stack.up({ replace: await urns(...names) });
    await order(["DeleteNode"], ["CreateNode"], ["CreatePipelineRun", '"Online"']);
    await order(["DeleteFile"], ["CreateDISyncTask"]);
    await order(["DeleteTaskDs"], ["CreateTaskNew", '"loaded"']);
    const after = await ids(...names, "report");
    assert.deepEqual(
      after.filter((id) => before.includes(id)),
      [],
    );
    assert.deepEqual([(await emulator.tasks()).length, (await emulator.tasks("wedata")).length], [1, 3]);
    assert.deepEqual(differences(await stack.preview({ refresh: true })), {});
  });

  it("destroy --target takes the dependents along where it is told to, the last of a chain first", async () => {
    const target = await urns("loaded");
    await assert.rejects(stack.destroy({ target }), /will be destroyed but was not specified in --target list/);
    const [loaded = "", totals = ""] = await ids("loaded", "totals");
    assert.deepEqual((await stack.destroy({ target, targetDependents: true })).summary, { delete: 3, same: 3 });
    await order(["DeleteTaskDs", String(totals.split("/")[1])], ["DeleteTaskDs", String(loaded.split("/")[1])]);
  });
});

describe("two connections in one program, on the engine", function () {
  this.timeout(120_000);

  it("keep each task in its own account and region", async () => {
    const [here, there] = [
      await startEmulator({ stageMilliseconds: 5 }),
      await startEmulator({ stageMilliseconds: 5 }),
    ];
    try {
      const { config, secretConfig } = cloudsAt(here);
      const { dataworks, wedata, accessKeyId, accessKeySecret, secretId, secretKey } = there;
      const stack = await inlineStack(
        "connections",
        () => {
          for (const kind of Object.values(kinds)) {
            kind.make(`${kind.service}-here`, kind.least(here));
            kind.make(`${kind.service}-there`, { ...kind.least(there), connection: { name: "south" } });
          }
          return Promise.resolve();
        },
        {
          config,
          secretConfig: {
            ...secretConfig,
            "dataworks:connections": JSON.stringify({
              south: { endpoint: dataworks, region: "cn-shenzhen", accessKeyId, accessKeySecret },
            }),
            "wedata:connections": JSON.stringify({
              south: { endpoint: wedata, region: "ap-beijing", secretId, secretKey },
            }),
          },
        },
      );
      assert.deepEqual((await stack.up()).summary, { create: 7 });
      const held = async ({ tasks }: Emulator) =>
        Promise.all(Object.values(kinds).map(async ({ service }) => (await tasks(service)).length));
      assert.deepEqual(
        [await held(here), await held(there)],
        [
          [1, 1, 1],
          [1, 1, 1],
        ],
      );
      assert.deepEqual((await stack.preview({ refresh: true })).changes, []);
      assert.equal((await stack.stateText()).includes(accessKeySecret), false);
      await stack.destroy();
      assert.deepEqual([await there.tasks(), await there.tasks("wedata")], [[], []]);
    } finally {
      await here.close();
      await there.close();
    }
  });
});
