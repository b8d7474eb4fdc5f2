import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { DataWorksTask } from "../../sdk/index";
import { mocks } from "./program";

const args = { projectId: "10001", name: "ods_orders", script: { command: "ODPS_SQL", content: "select 1;" } };

/** An ordinary dynamic resource with as many properties. */
class Plain extends pulumi.dynamic.Resource {
  constructor(name: string) {
    const outputs = Object.fromEntries(
      ["taskId", "nodeId", "pipelineRunId", "phase", "modifyTime", "token"].map((n) => [n]),
    );
    super({} as pulumi.dynamic.ResourceProvider, name, { ...args, ...outputs });
  }
}

/** How many stack frames have been turned into text meanwhile. */
function framesIn(work: () => unknown): number {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- put back as it was
  const { prepareStackTrace } = Error;
  let frames = 0;
  Error.prepareStackTrace = (error, trace) => {
    frames += trace.length;
    return `${error.name}\n${trace.map((frame) => `    at ${frame.toString()}`).join("\n")}`;
  };
  try {
    work();
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
  return frames;
}

describe("the stack traces of a resource's promises", () => {
  before(() => {
    // Other tests of the process may have left settings that a program refuses.
    pulumi.runtime.setAllConfig({});
    return pulumi.runtime.setMocks(mocks, "tests", "test", false);
  });

  it("are not made, which is most of the traces of a resource", () => {
    const ours = framesIn(() => new DataWorksTask("ours", args));
    const plain = framesIn(() => new Plain("plain"));
    assert.ok(ours * 2 < plain, `${ours} frames, an ordinary resource has ${plain}`);
  });

  it("are made for who looks for a promise that is never settled", () => {
    process.env["PULUMI_DEBUG_PROMISE_LEAKS"] = "true";
    try {
      const ours = framesIn(() => new DataWorksTask("wanted", args));
      const plain = framesIn(() => new Plain("plain-wanted"));
      assert.ok(ours > plain / 2, `${ours} frames, an ordinary resource has ${plain}`);
    } finally {
      delete process.env["PULUMI_DEBUG_PROMISE_LEAKS"];
    }
  });

  it("are made again as soon as the resource is there, and after one whose end does not come", async () => {
    const limit = Error.stackTraceLimit;
    new DataWorksTask("made", args);
    assert.equal(Error.stackTraceLimit, limit);
    const withoutText: pulumi.ResourceTransformation = ({ props: { __provider: _, ...props }, opts }) => ({
      props,
      opts,
    });
    new DataWorksTask("without-end", args, { transformations: [withoutText] });
    await Promise.resolve();
    assert.equal(Error.stackTraceLimit, limit);
  });

  it("leave the program's own errors as they are: a transformation that throws shows its line", () => {
    const failing: pulumi.ResourceTransformation = () => {
      throw new Error("from the program");
    };
    assert.throws(
      () => new DataWorksTask("failing", args, { transformations: [failing] }),
      (error: Error) => /promise-traces\.test/.test(error.stack ?? ""),
    );
  });
});
