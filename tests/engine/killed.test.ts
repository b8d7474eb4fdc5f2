import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { recordedRuns, runsFolder } from "../../provider/runs";
import { engine } from "../../scripts/engine-stack";
import { examples, folderOf, valuesOf } from "../../scripts/start/examples";
import { localProject } from "./support";
import type { EngineStack } from "./support";

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function until(what: string, isSo: () => Promise<boolean> | boolean, milliseconds: number): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!(await isSo())) {
    assert.ok(Date.now() < end, `${what} within ${milliseconds} ms`);
    await sleep(50);
  }
}

describe("an engine that is killed", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  before(async () => void (emulator = await startEmulator({ stageMilliseconds: 300, latencyMilliseconds: 100 })));
  after(() => emulator.close());

  async function killedAfter(stack: EngineStack, calls: number): Promise<number> {
    const { pulumi } = await engine();
    const args = ["up", "--yes", "--skip-preview", "--non-interactive", "--stack", stack.stack.name];
    const up = spawn(pulumi, args, {
      cwd: stack.folder,
      env: { ...process.env, ...stack.environment },
      stdio: "ignore",
    });
    const ended = new Promise((resolve) => up.once("close", resolve));
    await until(`${calls} calls`, async () => (await emulator.calls()).length >= calls, 60_000);
    const runs = runsFolder(stack.environment);
    // The record of a run carries the number of its provider process.
    await until("a record of the run", () => recordedRuns(runs).length > 0, 30_000);
    const provider = Number(/-(\d+)$/.exec(recordedRuns(runs).at(-1)?.id ?? "")?.[1]);
    assert.ok(isAlive(provider), "the provider process lives");
    up.kill("SIGKILL");
    await ended;
    return provider;
  }

  it("takes its provider process with it, and the next up finishes the work without a second task", async () => {
    const [description] = examples["quickstart"]?.stacks ?? assert.fail();
    const values = await valuesOf(description ?? assert.fail(), emulator);
    const stack = await localProject(folderOf("quickstart"), { passphrase: "test", ...values });
    const provider = await killedAfter(stack, 25);
    await until("the end of the provider process", () => !isAlive(provider), 10_000);
    const calls = (await emulator.calls()).length;
    await sleep(1_500);
    assert.equal((await emulator.calls()).length, calls, "a call was made after the provider's end");
    await stack.stack.cancel();
    await stack.stack.refresh({ clearPendingCreates: true });
    await stack.up();
    assert.equal((await emulator.tasks("dataworks")).length + (await emulator.tasks("wedata")).length, 7);
    const files = (await emulator.tasks("dataworks-files")) as { DeletedStatus: string }[];
    assert.equal(files.filter(({ DeletedStatus }) => DeletedStatus === "NORMAL").length, 1);
    assert.deepEqual((await stack.preview()).changes, []);
    await stack.destroy();
  });
});
