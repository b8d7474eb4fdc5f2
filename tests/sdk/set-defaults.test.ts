import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { WeDataTaskSet } from "../../sdk/index";
import type { WeDataTaskSetArgs } from "../../sdk/index";
import { runProgram } from "./program";

const sent = async (args: WeDataTaskSetArgs) => {
  const { inputs, failure } = await runProgram(() => void new WeDataTaskSet("loads", args));
  assert.equal(failure, undefined);
  const { tasks, defaults, engineOptions } = inputs["loads"] as Record<string, unknown>;
  // On the way, what has a secret in it is one as a whole.
  return { tasks: (tasks as { value?: unknown }).value ?? tasks, defaults, engineOptions };
};

describe("the defaults of a set", () => {
  it("are sent as they are where they are known", async () => {
    const defaults = { projectId: "1", script: { content: "echo" }, taskExt: { queue: "main" } };
    const { tasks, ...rest } = await sent({ defaults, tasks: { a: { name: "a" } } });
    assert.deepEqual(tasks, { a: { name: "a" } });
    assert.deepEqual(rest.defaults, defaults);
    assert.deepEqual(rest.engineOptions, undefined);
  });

  it("are sent in each task where they are computed, so that a secret has the place that it keeps", async () => {
    const { tasks, defaults, engineOptions } = await sent({
      defaults: {
        projectId: "1",
        notes: pulumi.secret("hidden"),
        taskExt: { queue: "main", password: pulumi.secret("hidden") },
      },
      tasks: {
        a: { name: "a", taskExt: { user: "me" } },
        b: { name: "b", notes: "own", taskExt: { password: "own" } },
      },
    });
    assert.deepEqual(tasks, {
      a: { name: "a", notes: "hidden", taskExt: { user: "me", password: "hidden" } },
      b: { name: "b", notes: "own", taskExt: { password: "own" } },
    });
    assert.deepEqual(defaults, { projectId: "1", taskExt: { queue: "main" } });
    assert.deepEqual(engineOptions, { secrets: ["tasks.a.notes", "tasks.a.taskExt.password"] });
  });

  it("are filled into a group that is computed as a whole, in the defaults or in the task", async () => {
    const taskExt = pulumi.output({ queue: "main", user: "all" });
    const own = { taskExt: { user: "me" }, script: pulumi.output({ scriptId: "7" }) };
    const { tasks } = await sent({
      defaults: { taskExt, script: { content: pulumi.output("echo") } },
      tasks: { a: { name: "a", ...own } as never, b: { name: "b", taskExt: pulumi.output(undefined) } },
    });
    assert.deepEqual(tasks, {
      a: { name: "a", taskExt: { queue: "main", user: "me" }, script: { content: "echo", scriptId: "7" } },
      b: { name: "b", taskExt: { queue: "main", user: "all" }, script: { content: "echo" } },
    });
  });
});
