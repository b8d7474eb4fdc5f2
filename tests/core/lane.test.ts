import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { lane } from "../../provider/core/lane";

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
});
