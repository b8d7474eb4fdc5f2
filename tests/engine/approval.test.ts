import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { cloudsAt } from "./clouds";
import { kinds } from "./kinds";
import { inlineStack, stored } from "./support";

describe("a stage that waits for an approval, on the engine", function () {
  this.timeout(180_000);
  let emulator: Emulator;
  before(async () => void (emulator = await startEmulator({ stageMilliseconds: 5 })));
  after(() => emulator.close());

  it("does not hold up the other tasks, and the next up goes on from there", async () => {
    const stack = await inlineStack(
      "approval",
      async () => {
        const held = kinds.task.make("held", { ...kinds.task.least(emulator), timeouts: { approval: 1 } });
        kinds.load.make("other", kinds.load.least(emulator), { dependsOn: [held] });
      },
      cloudsAt(emulator),
    );
    await emulator.setSwitch("pipelineHoldsAt", "PROD_CHECK");
    const first = await stack.up();
    assert.match(first.text, /ods_orders: pipeline run \d+ has stood at stage PROD_CHECK .*approval/);
    assert.equal((await stored(stack, "other")).outputs["phase"], "published");
    const { id, outputs } = await stored(stack, "held");
    assert.equal(outputs["phase"], "publishing");

    await emulator.setSwitch("pipelineHoldsAt", "");
    await stack.up();
    const after = await stored(stack, "held");
    assert.deepEqual([after.id, after.outputs["phase"]], [id, "published"]);
    assert.equal((await emulator.counts())["CreatePipelineRun"], 1);
    assert.deepEqual((await stack.preview()).changes, []);
    await stack.destroy();
  });
});
