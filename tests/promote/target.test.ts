import assert from "node:assert/strict";
import { stateFrom } from "../../cli/preview/read";
import { targetProblems } from "../../cli/promote/target";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { TYPES, task, urnOf } from "../review/previews";

describe("the credentials of a promotion", function () {
  this.timeout(60_000);
  let emulator: Emulator;
  before(async () => void (emulator = await startEmulator()));
  after(() => emulator.close());

  const problems = (projectId: string, known: boolean, secret = emulator.accessKeySecret) => {
    const id = `${projectId}/node/8000000000000000001`;
    const outputs = { nodeId: "8000000000000000001", taskId: "1000000001", phase: "published", applied: "1abc." };
    const resource = {
      urn: urnOf("orders"),
      type: TYPES.DataWorksTask,
      id,
      inputs: task("orders", { projectId }),
      outputs,
    };
    const text = JSON.stringify({ deployment: { resources: [resource] } });
    const { steps } = stateFrom(text, "state");
    const configuration = new Map([
      ["dataworks:endpoint", emulator.dataworks],
      ["dataworks:region", "cn-shanghai"],
      ["dataworks:accessKeyId", emulator.accessKeyId],
      ["dataworks:accessKeySecret", secret],
    ]);
    return targetProblems(known ? steps : [], steps, configuration, "prod");
  };

  it("see the workspace that the program deploys to: nothing is said", async () => {
    assert.deepEqual(await problems(emulator.projectId, false), []);
  });

  it("that are not right, or see no such workspace, are told with what the service says", async () => {
    assert.match(
      (await problems("999999", false)).join(),
      /^the credentials of this process can't see workspace 999999 of prod: GetProject.*; they may be those of another account/s,
    );
    assert.match(
      (await problems(emulator.projectId, false, "wrong")).join(),
      /can't see workspace \d+ of prod: .*SignatureDoesNotMatch/s,
    );
  });

  it("that find no task of the state in its workspace are told, too", async () => {
    assert.match(
      (await problems(emulator.projectId, true)).join(),
      /find no task orders \(\d+\/node\/8000000000000000001\) in workspace \d+ of prod/,
    );
  });
});
