import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Deployment, isAlive, providersBelow } from "../../scripts/faults/kill/deployment";
import { engineStory, killedUp, together } from "../../scripts/faults/kill/engine";
import type { EngineVictim, Together } from "../../scripts/faults/kill/engine";
import { holding } from "../../scripts/faults/kill/processes";
import { serviceIn, things } from "../../scripts/faults/kill/service";

describe("a run that is killed", function () {
  this.timeout(600_000);
  let deployment: Deployment;
  let blank: () => Promise<void>;
  let create: Together;
  before(async () => {
    deployment = await Deployment.open({ stageMilliseconds: 300 });
    [create] = (await together(deployment, ["DataWorksTask", "WeDataTask"])) as [Together];
    blank = await deployment.keep("blank");
  });
  beforeEach(() => blank());
  after(() => deployment.close());

  const stories: { victim: EngineVictim; nth: number; recovery: "refresh, up" | "up" }[] = [
    { victim: "engine", nth: 6, recovery: "refresh, up" },
    { victim: "provider", nth: 4, recovery: "up" },
    { victim: "emulator", nth: 5, recovery: "refresh, up" },
  ];
  for (const { victim, nth, recovery } of stories) {
    it(`with its ${victim} is finished by ${recovery === "up" ? "the next up" : "a refresh and the next up"}, with each task once`, async () => {
      const { program, wanted } = create;
      const ending = await engineStory(deployment, program, wanted, { victim, nth, when: "after", recovery });
      assert.deepEqual([ending.reached, ending.wrong], [true, []]);
    });
  }

  it("leaves no provider process that starts another call, neither in a poll nor while it waits to repeat", async () => {
    deployment.declare(create.program);
    const { control } = deployment.emulator.emulator;
    // The pipeline is polled, and WeData's calls are repeated, when the engine goes.
    const fault = { kind: "throttle", operation: "CheckTaskNameExist", times: 0, retryAfterMilliseconds: 3_000 };
    await fetch(`${control}/faults`, { method: "POST", body: JSON.stringify(fault) });
    const { run, ended } = await deployment.start("up", "--yes", "--skip-preview");
    const count = async (): Promise<Record<string, number>> =>
      ((await (await fetch(`${control}/counts`)).json()) as { operations: Record<string, number> }).operations;
    const total = async () => Object.values(await count()).reduce((sum, each) => sum + each, 0);
    const end = Date.now() + 120_000;
    for (let seen = await count(); !seen["GetPipelineRun"] || !seen["CheckTaskNameExist"]; seen = await count()) {
      assert.ok(Date.now() < end, "a poll and a refused call within two minutes");
      await sleep(20);
    }
    const providers = providersBelow(run.pid ?? 0);
    assert.equal(providers.length, 1);
    run.kill("SIGKILL");
    await ended;
    const before = await total();
    const gone = Date.now() + 10_000;
    while (providers.some(isAlive) && Date.now() < gone) await sleep(20);
    assert.deepEqual(providers.filter(isAlive), []);
    await sleep(500);
    // What was on the wire at that moment may still have arrived: one call for each task.
    const after = await total();
    assert.ok(after - before <= create.program.length, `${after - before} calls after the kill`);
    await sleep(4_000);
    assert.equal(await total(), after);
    await deployment.stack.stack.cancel();
  });

  for (const [times, word] of [
    [1, "one interrupt"],
    [2, "two interrupts"],
  ] as const) {
    it(`ends cleanly after ${word}, and the next up finishes`, async () => {
      const { program } = create;
      deployment.declare(program);
      const hold = holding(deployment.emulator.emulator.control);
      await hold.set({ nth: 4, when: "after" });
      const { run, ended, text } = await deployment.start("up", "--yes", "--skip-preview");
      await Promise.race([hold.reached(120_000), ended.then(() => assert.fail(text()))]);
      const providers = providersBelow(run.pid ?? 0);
      for (let nth = 0; nth < times; nth += 1) {
        run.kill("SIGINT");
        await sleep(500);
      }
      await hold.release("go");
      assert.notEqual(await ended, 0, text());
      const end = Date.now() + 10_000;
      while (providers.some(isAlive) && Date.now() < end) await sleep(50);
      assert.deepEqual(providers.filter(isAlive), []);
      // What the state has is there.
      const there = things(serviceIn(deployment.stateFile));
      for (const { type, id, outputs } of (await deployment.state()).entries.values()) {
        const name =
          type === "WeDataTask" ? `WeData task ${id.split("/").at(-1)}` : `node ${String(outputs["nodeId"])}`;
        assert.ok(there.has(name), `${name} is there`);
      }
      await deployment.stack.refresh({ clearPendingCreates: true });
      await deployment.stack.up();
      assert.deepEqual((await deployment.stack.preview()).changes, []);
      const names = [...things(serviceIn(deployment.stateFile)).values()].filter(({ name }) => name === "orders");
      // A node and its task, and a task of WeData.
      assert.equal(names.length, 3);
    });
  }

  it("is not disturbed by a second one: that is refused by the engine's lock, and changes nothing", async () => {
    deployment.declare(create.program);
    const hold = holding(deployment.emulator.emulator.control);
    await hold.set({ nth: 3, when: "before" });
    const first = await deployment.start("up", "--yes", "--skip-preview");
    await Promise.race([hold.reached(120_000), first.ended.then(() => assert.fail(first.text()))]);
    const { control } = deployment.emulator.emulator;
    // While one call is held, the other resource comes to its end.
    await sleep(3_000);
    const state = async () => [
      (await (await fetch(`${control}/calls`)).json()) as unknown[],
      things(serviceIn(deployment.stateFile)),
    ];
    const before = await state();
    const second = await deployment.start("up", "--yes", "--skip-preview");
    assert.notEqual(await second.ended, 0);
    assert.match(second.text(), /the stack is currently locked/);
    assert.deepEqual(await state(), before);
    await hold.release("go");
    assert.equal(await first.ended, 0, first.text());
    assert.equal((await deployment.state()).entries.size, create.program.length);
  });

  it("is a run like any other when nothing is killed", async () => {
    deployment.declare(create.program);
    const { reached, wrong } = await killedUp(deployment, { victim: "engine", nth: 10_000, when: "before" });
    assert.deepEqual([reached, wrong], [false, []]);
  });
});
