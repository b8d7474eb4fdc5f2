import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { lane } from "../../provider/core/lane";
import { simulated } from "./simulated-time";

/** A lane whose batches come back only when told to. */
function held(options: { maxItems?: number; key?: (item: string) => string } = {}) {
  const batches: string[][] = [];
  const release: (() => void)[] = [];
  const submit = lane<string, string>({
    maxItems: 50,
    ...options,
    send: (items) => {
      batches.push(items);
      return new Promise((resolve) => release.push(() => resolve(items.map((item) => `${item}!`))));
    },
  });
  const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { batches, release, submit, tick };
}

describe("a lane", () => {
  it("sends a lone item at once", async () => {
    const { batches, release, submit, tick } = held();
    const one = submit("a");
    await tick();
    assert.deepEqual(batches, [["a"]]);
    release[0]?.();
    assert.equal(await one, "a!");
  });

  it("gathers what arrives while a batch is under way", async () => {
    const { batches, release, submit, tick } = held();
    const all = [submit("a")];
    await tick();
    all.push(submit("b"), submit("c"));
    await tick();
    assert.equal(batches.length, 1);
    release[0]?.();
    await tick();
    assert.deepEqual(batches, [["a"], ["b", "c"]]);
    release[1]?.();
    assert.deepEqual(await Promise.all(all), ["a!", "b!", "c!"]);
  });

  it("fails one bad item alone", async () => {
    const submit = lane<number>({
      maxItems: 2,
      send: (ns) => Promise.resolve(ns.map((n) => (n === 3 ? new Error("three") : undefined))),
    });
    const outcomes = await Promise.allSettled([1, 2, 3].map(submit));
    assert.deepEqual(
      outcomes.map((o) => o.status),
      ["fulfilled", "fulfilled", "rejected"],
    );
  });

  it("fails a whole batch when sending fails, and goes on", async () => {
    let n = 0;
    const submit = lane<string, string>({
      maxItems: 9,
      send: (items) => (n++ === 0 ? Promise.reject(new Error("down")) : Promise.resolve(items)),
    });
    const outcomes = await Promise.allSettled(["a", "b"].map(submit));
    assert.deepEqual(
      outcomes.map((o) => o.status),
      ["rejected", "rejected"],
    );
    assert.equal(await submit("c"), "c");
  });

  it("never puts two items of one key into a batch, and keeps their order", async () => {
    const { batches, release, submit, tick } = held({ key: (item) => item[0] ?? "" });
    const all = ["a1", "a2", "b1", "a3"].map(submit);
    for (let i = 0; i < 3; i += 1) {
      await tick();
      release[i]?.();
    }
    await Promise.all(all);
    assert.deepEqual(batches, [["a1", "b1"], ["a2"], ["a3"]]);
  });

  it("leaves no item without an answer", async () => {
    const submit = lane<string, string>({ maxItems: 9, send: (items) => Promise.resolve(items.slice(1)) });
    const outcomes = await Promise.allSettled(["a", "b"].map(submit));
    assert.deepEqual(
      outcomes.map((o) => o.status),
      ["fulfilled", "rejected"],
    );
  });

  it("sends full batches side by side", async () => {
    const { batches, release, submit, tick } = held({ maxItems: 2 });
    const all = ["a", "b", "c", "d", "e"].map(submit);
    await tick();
    assert.deepEqual(batches, [
      ["a", "b"],
      ["c", "d"],
    ]);
    release.forEach((back) => back());
    await tick();
    assert.deepEqual(batches[2], ["e"]);
    release[2]?.();
    await Promise.all(all);
  });

  it("has no two items of one key under way, in whichever batches", async () => {
    const { batches, release, submit, tick } = held({ maxItems: 2, key: (item) => item[0] ?? "" });
    const all = ["a1", "b1", "a2", "c1", "d1"].map(submit);
    await tick();
    assert.deepEqual(batches, [
      ["a1", "b1"],
      ["c1", "d1"],
    ]);
    release.forEach((back) => back());
    await tick();
    assert.deepEqual(batches[2], ["a2"]);
    release[2]?.();
    await Promise.all(all);
  });

  it("takes a lower maximum from the next batch on", async () => {
    let most = 4;
    const sizes: number[] = [];
    const submit = lane<string, string>({
      maxItems: () => most,
      send: (items) => {
        sizes.push(items.length);
        most = 2;
        return Promise.resolve(items);
      },
    });
    await Promise.all(["a", "b", "c", "d", "e", "f", "g"].map(submit));
    assert.deepEqual(sizes, [4, 2, 1]);
  });
});

/**
 * An engine that runs so many operations at once: each takes a checkpoint, a write through one lane, a read through
 * another, and a second checkpoint; only one checkpoint is written at a time. It compares ahead, one every `compares` ms.
 */
async function played(n: number, parallel: number, checkpoint: number, latency: number, compares = Infinity) {
  const time = simulated({ seed: 7, late: 1 });
  const calls = { writes: 0, reads: 0 };
  const laneOf = (name: "writes" | "reads", maxItems: number) =>
    lane<number, number>({
      maxItems,
      comeTogether: name === "reads",
      ...(name === "writes" && { toCome: () => Math.min(n, Math.floor(time.now() / compares)) - arrived }),
      now: time.now,
      sleep: time.sleep,
      send: async (items) => {
        calls[name] += 1;
        await time.sleep(latency);
        return items;
      },
    });
  const [write, read] = [laneOf("writes", 50), laneOf("reads", 100)];
  let disk: Promise<void> = Promise.resolve();
  const checkpointed = () => (disk = disk.then(() => time.sleep(checkpoint)));
  let [next, arrived] = [0, 0];
  const worker = async (): Promise<void> => {
    while (next < n) {
      next += 1;
      await checkpointed();
      arrived += 1;
      await write(next);
      await read(next);
      await checkpointed();
    }
  };
  await time.during(Array.from({ length: parallel }, worker));
  return { ...calls, milliseconds: time.now() };
}

describe("a lane in an engine", () => {
  const cases: [checkpoint: number, latency: number][] = [
    [1, 5],
    [1, 200],
    [25, 5],
    [25, 50],
    [25, 200],
    [60, 5],
    [60, 200],
  ];
  for (const [checkpoint, latency] of cases) {
    const where = `with checkpoints of ${String(checkpoint)} ms and calls of ${String(latency)} ms`;

    it(`makes at most three calls for a hundred of 64 operations at once, ${where}`, async () => {
      const { writes, reads } = await played(1000, 64, checkpoint, latency);
      assert.ok(writes <= 30 && reads <= 30, `${String(writes)} writes and ${String(reads)} reads`);
    });

    it(`does not hold up a chain, ${where}`, async () => {
      const n = 40;
      const { milliseconds } = await played(n, 1, checkpoint, latency);
      // Twice per lane it looks for a quarter of a second whether there is more.
      assert.ok(milliseconds <= n * 2 * (checkpoint + latency + 2) + 1000, `${String(milliseconds)} ms`);
    });
  }

  it("fills its batches from the first on where the engine has compared ahead", async () => {
    for (const [checkpoint, latency] of cases.slice(1)) {
      const { writes } = await played(1000, 64, checkpoint, latency, 2);
      assert.ok(writes <= 21, `${String(writes)} writes with ${String(checkpoint)} ms and ${String(latency)} ms`);
    }
  });

  it("knows of a crowd also where each checkpoint takes half a second, as in a store far away", async () => {
    const { writes, milliseconds } = await played(1000, 64, 500, 50, 2);
    assert.ok(writes <= 30, `${String(writes)} writes`);
    assert.ok(milliseconds <= 1000 * 2 * 500 * 1.01, `${String(milliseconds)} ms`);
  });

  it("waits in vain for a few seconds at most for those that an engine runs one by one", async () => {
    for (const checkpoint of [5, 25, 200, 500]) {
      const [usual, aware] = [await played(100, 1, checkpoint, 50), await played(100, 1, checkpoint, 50, 2)];
      const more = aware.milliseconds - usual.milliseconds;
      assert.ok(more <= 2_500, `${String(more)} ms more with checkpoints of ${String(checkpoint)} ms`);
    }
  });

  it("hardly holds up an engine that runs few operations at once and waits for its disk", async () => {
    const { milliseconds } = await played(400, 8, 25, 5);
    assert.ok(milliseconds <= 400 * 2 * 25.5 * 1.06, `${String(milliseconds)} ms`);
  });
});
