import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { endingOf } from "../../provider/core/ending";
import { CloudError, TaskError, Waiting } from "../../provider/core/errors";

const failed = (unclear: boolean) =>
  new CloudError({
    cloud: "wedata",
    operation: "CreateTaskNew",
    code: "X",
    errorClass: "business",
    detail: "",
    unclear,
  });

describe("a hook that is not done", () => {
  for (const [error, id, how] of [
    [failed(false), undefined, "refused"],
    [new TaskError("name exists"), undefined, "refused"],
    [failed(true), undefined, "unknown"],
    [failed(false), "1/2", "partly"],
    [failed(true), "1/2", "partly"],
    [new Waiting("approve it"), "1/2", "waiting"],
  ] as const) {
    it(`is ${how} after ${error.name}${id === undefined ? "" : " with an id"}${error instanceof CloudError && error.unclear ? ", unclear" : ""}`, () => {
      assert.equal(endingOf(error, id).how, how);
    });
  }
});
