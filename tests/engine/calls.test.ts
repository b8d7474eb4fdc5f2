import assert from "node:assert/strict";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { cloudsAt } from "./clouds";
import { kinds } from "./kinds";
import { inlineStack } from "./support";
import type { EngineStack } from "./support";

const COUNT = 100;

describe("what many tasks cost on the engine", function () {
  this.timeout(180_000);
  let emulator: Emulator;
  let stack: EngineStack;
  let cron = "0 0 2 * * ?";

  before(async () => {
    emulator = await startEmulator({ stageMilliseconds: 5 });
    const Trigger = { Type: "Scheduler", Cron: cron, StartTime: "2026-01-01 00:00:00" };
    const ids = await emulator.createTasks("dataworks", { Name: "task_{n}", Trigger }, COUNT);
    stack = await inlineStack(
      "calls",
      () => {
        for (const adopt of ids) {
          kinds.task?.make(`task-${adopt}`, {
            projectId: emulator.projectId,
            adopt,
            trigger: { type: "Scheduler", cron },
          });
        }
        return Promise.resolve();
      },
      cloudsAt(emulator),
    );
    await stack.up({ parallel: 64 });
  });
  // An inline program runs in this process, and finds the record of a run in the home of Pulumi that it has itself.
  const home = process.env["PULUMI_HOME"];
  before(() => void (process.env["PULUMI_HOME"] = stack.environment["PULUMI_HOME"]));
  after(() => {
    if (home === undefined) delete process.env["PULUMI_HOME"];
    else process.env["PULUMI_HOME"] = home;
    return emulator.close();
  });

  const counts = async () => {
    const all = await emulator.counts();
    await emulator.reset();
    return { all, sum: Object.values(all).reduce((sum, count) => sum + count, 0) };
  };

  it("is told at the end of the run, and calls carry many tasks", async () => {
    await emulator.reset();
    cron = "0 30 3 * * ?";
    const { summary, text, diagnostics } = await stack.up({ parallel: 64 });
    assert.equal(summary.update, COUNT);
    const { all, sum } = await counts();
    // Few tasks, and an engine that writes its state between them: how many meet is a matter of the machine.
    assert.ok(sum < COUNT, JSON.stringify(all));
    const said = `${text}\n${diagnostics.map(({ message }) => message).join("\n")}`;
    const [line = ""] = /DataWorks: .*/.exec(said) ?? [];
    const batches = `${String(all["BatchUpdateTasks"])} BatchUpdateTasks of [\\d.]+ tasks on average`;
    assert.match(line, new RegExp(`DataWorks: ${String(sum)} calls \\(.*${batches}`));
  });

  it("is nothing in a preview, and in a run without change", async () => {
    await emulator.reset();
    await stack.preview({});
    await stack.up({});
    assert.deepEqual((await counts()).all, {});
  });

  it("is a few calls for a refresh, at the engine's own parallelism", async () => {
    const { summary } = await stack.refresh({});
    assert.equal(summary.same, COUNT + 1);
    const { all, sum } = await counts();
    assert.deepEqual(Object.keys(all), ["ListTasks"]);
    assert.ok(sum <= 8, String(sum));
  });
});
