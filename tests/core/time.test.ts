import assert from "node:assert/strict";
import { reasonOf, sleep } from "../../provider/core/time";

describe("waiting", () => {
  it("takes the time it is told", async () => {
    const started = performance.now();
    await sleep(30);
    assert.ok(performance.now() - started >= 25);
  });

  it("does not begin with a signal that was aborted, and says why", async () => {
    await assert.rejects(sleep(60_000, AbortSignal.abort(new Error("cancelled"))), /^Error: cancelled$/);
  });

  it("ends early, with the reason, when the signal is aborted", async () => {
    const controller = new AbortController();
    const waiting = sleep(60_000, controller.signal);
    controller.abort(new Error("cancelled"));
    await assert.rejects(waiting, /^Error: cancelled$/);
  });

  it("leaves nothing on a signal that outlives it", async () => {
    const controller = new AbortController();
    let listeners = 0;
    const signal = new Proxy(controller.signal, {
      get(target, name) {
        if (name === "addEventListener") listeners += 1;
        if (name === "removeEventListener") listeners -= 1;
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
    await sleep(1, signal);
    assert.equal(listeners, 0);
  });

  it("gives a reason where the signal has none that is an error", () => {
    assert.equal(reasonOf(undefined).message, "stopped");
    assert.equal(reasonOf(AbortSignal.abort("text")).message, "stopped");
    assert.equal(reasonOf(AbortSignal.abort(new Error("cancelled"))).message, "cancelled");
  });
});
