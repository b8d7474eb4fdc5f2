import assert from "node:assert/strict";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { exampleNames, examples, folderOf, valuesOf } from "../../scripts/start/examples";
import { localProject } from "./support";
import type { EngineStack } from "./support";

const ofName = (name: string) => examples[name] ?? assert.fail(`examples/${name} is not in scripts/start/examples.ts`);

describe("the examples", function () {
  this.timeout(180_000);
  let emulator: Emulator;
  before(async () => void (emulator = await startEmulator({ stageMilliseconds: 10 })));
  after(() => emulator.close());
  afterEach(() => emulator.reset());

  async function stackOf(name: string, index = 0, options: { typeCheck?: boolean } = {}): Promise<EngineStack> {
    const stack = ofName(name).stacks[index] ?? assert.fail();
    const values = await valuesOf(stack, emulator);
    return localProject(folderOf(name), { stackName: stack.name, passphrase: "test", ...options, ...values });
  }

  async function untouched(stack: EngineStack): Promise<void> {
    assert.deepEqual((await stack.preview()).changes, []);
  }

  /** What the clouds still hold; a deleted file goes to the recycle bin. */
  async function left(): Promise<unknown[]> {
    const files = (await emulator.tasks("dataworks-files")) as { DeletedStatus: string }[];
    const living = files.filter(({ DeletedStatus }) => DeletedStatus === "NORMAL");
    return [...(await emulator.tasks("dataworks")), ...(await emulator.tasks("wedata")), ...living];
  }

  it("can all be played by npm start", () => {
    assert.deepEqual(exampleNames(), Object.keys(examples).sort());
  });

  for (const [name, tasks] of [
    ["quickstart", 8],
    ["dataworks-task", 2],
    ["di-sync", 1],
    ["wedata-chain", 3],
    ["flowspec", 2],
  ] as const) {
    it(`${name} deploys, has nothing to do afterwards, and goes without a trace`, async () => {
      // One of them with its types checked in the run, as Pulumi does by default.
      const stack = await stackOf(name, 0, { typeCheck: name === "quickstart" });
      const { summary } = await stack.up();
      assert.ok((summary.create ?? 0) > tasks);
      assert.equal((await left()).length, tasks);
      await untouched(stack);
      const state = await stack.stateText();
      assert.equal(state.includes(emulator.accessKeySecret) || state.includes(emulator.secretKey), false);
      assert.equal((await stack.destroy()).summary.delete, summary.create);
      assert.deepEqual(await left(), []);
    });
  }

  it("task-set deploys thirty tasks as one resource, and has nothing to do afterwards", async () => {
    const stack = await stackOf("task-set");
    assert.deepEqual((await stack.up()).summary, { create: 3 });
    assert.equal((await left()).length, 31);
    await untouched(stack);
    await stack.destroy();
    assert.deepEqual(await left(), []);
  });

  it("environments deploys each stack to its own workspace with its own settings", async () => {
    for (const [index, workspace, recurrence] of [
      [0, emulator.projectId, "Skip"],
      [1, emulator.otherProjectId, "Normal"],
    ] as const) {
      const stack = await stackOf("environments", index);
      await stack.up();
      await untouched(stack);
      const found = (await left()) as { ProjectId: string; Trigger: { Recurrence: string } }[];
      assert.deepEqual(
        found.map(({ ProjectId, Trigger }) => [ProjectId, Trigger.Recurrence]),
        [
          [workspace, recurrence],
          [workspace, recurrence],
        ],
      );
      await stack.destroy();
      assert.deepEqual(await left(), []);
    }
  });

  it("adopt records without writing, shows the differences, applies them, and lets go of the task", async () => {
    const stack = await stackOf("adopt");
    const before = structuredClone(await left());
    await stack.up();
    assert.deepEqual(await left(), before);

    await stack.refresh();
    const [difference] = (await stack.preview()).changes;
    assert.deepEqual(Object.keys(difference?.detailedDiff ?? {}).sort(), ["description", "rerunTimes", "trigger.cron"]);

    await stack.up();
    await untouched(stack);
    const [task] = (await left()) as { Name: string; RerunTimes: number; Trigger: { Cron: string } }[];
    assert.deepEqual([task?.Name, task?.RerunTimes, task?.Trigger.Cron], ["orders_by_hand", 3, "0 45 3 * * ?"]);
    await stack.destroy();
    assert.equal((await left()).length, 1);
  });
});
