import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  CloudError,
  TaskError,
  isMissing,
  isRefused,
  isThrottled,
  isTransient,
  isUnclear,
  mayMeanMissing,
} from "../../provider/core/errors";

describe("a CloudError", () => {
  const facts = {
    cloud: "dataworks",
    operation: "GetTask",
    code: "Throttling.User",
    errorClass: "throttle",
    detail: "too fast",
  } as const;

  it("says what was asked for which task, what came back, how often it was tried, and what to do", () => {
    const error = new CloudError({ ...facts, about: "1023691603", requestId: "r-1", attempts: 5 });
    assert.equal(
      error.message,
      "GetTask 1023691603: Throttling.User: too fast (request r-1), tried 5 times; the service allows fewer calls than were made: run again in a minute, or lower dataworks:requestsPerSecond",
    );
  });

  it("leaves out what is not known", () => {
    assert.equal(
      new CloudError({ ...facts, errorClass: "business", detail: "" }).message,
      "GetTask: Throttling.User, not repeated; the service understood the call and does not do it: correct what it names and run again",
    );
  });

  it("warns when the call may have taken effect", () => {
    assert.match(new CloudError({ ...facts, errorClass: "transport", unclear: true }).message, /may have taken effect/);
  });

  it("keeps its facts when the task is named later", () => {
    const error = new CloudError({ ...facts, http: 429, unclear: true }).with({ about: "orders", attempts: 2 });
    assert.deepEqual(
      [error.about, error.attempts, error.http, error.unclear, error.code],
      ["orders", 2, 429, true, "Throttling.User"],
    );
  });

  it("answers typed questions", () => {
    const of = (errorClass: CloudError["errorClass"], unclear = false): CloudError =>
      new CloudError({ ...facts, errorClass, unclear });
    assert.deepEqual(
      [isMissing(of("missing")), isMissing(of("business")), mayMeanMissing(of("business")), mayMeanMissing(of("auth"))],
      [true, false, true, false],
    );
    assert.deepEqual(
      [isUnclear(of("transport", true)), isThrottled(of("throttle")), isTransient(of("transport"))],
      [true, true, true],
    );
    assert.deepEqual(
      [isRefused(of("parameter")), isRefused(of("transient")), isRefused(of("business", true))],
      [true, false, false],
    );
    assert.deepEqual([isMissing(new TaskError("x")), isUnclear(undefined)], [false, false]);
  });
});
