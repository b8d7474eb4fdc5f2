import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "mocha";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { alibabaClient } from "../../provider/clouds/alibaba/client";
import { tencentClient } from "../../provider/clouds/tencent/client";
import { counters, resetCounters } from "../../provider/core/counters";
import { CloudError, isUnclear } from "../../provider/core/errors";

describe("both clients against the emulator", () => {
  let emulator: Emulator;
  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator.close());
  beforeEach(async () => {
    await emulator.clearFaults();
    await emulator.reset();
    resetCounters();
  });
  const dataworks = (settings = {}) =>
    alibabaClient({
      endpoint: emulator.dataworks,
      accessKeyId: emulator.accessKeyId,
      accessKeySecret: emulator.accessKeySecret,
      ...settings,
    });
  const wedata = (settings = {}) =>
    tencentClient({
      endpoint: emulator.wedata,
      secretId: emulator.secretId,
      secretKey: emulator.secretKey,
      ...settings,
    });
  const spec = (name: string): string =>
    JSON.stringify({
      version: "1.1.0",
      kind: "Node",
      spec: {
        nodes: [{ id: name, name, script: { path: name, content: "select 1", runtime: { command: "ODPS_SQL" } } }],
      },
    });

  it("give a node's id without losing a digit", async () => {
    const made = await dataworks().call("CreateNode", {
      ProjectId: emulator.projectId,
      Scene: "DATAWORKS_PROJECT",
      Spec: spec("digits"),
    });
    const listed = await dataworks().call("ListNodes", { ProjectId: emulator.projectId, Name: "digits" });
    assert.match(String(made.Id), /^\d{19}$/);
    assert.equal((listed.PagingInfo as { Nodes: { Id: unknown }[] }).Nodes[0]?.Id, made.Id);
  });

  it("sign with temporary keys", async () => {
    const { accessKeyId, accessKeySecret, securityToken, secretId, secretKey, token } = emulator.temporary;
    assert.ok(
      await dataworks({ accessKeyId, accessKeySecret, securityToken }).call("GetProject", { Id: emulator.projectId }),
    );
    assert.ok(
      await wedata({ secretId, secretKey, token }).call("DescribeOperateOpsTasks", {
        ProjectId: emulator.wedataProjectId,
        PageNumber: "1",
        PageSize: "10",
      }),
    );
  });

  it("leave a creation alone whose reply was lost after it took effect", async () => {
    await emulator.fault({ operation: "CreateNode", kind: "drop-after" });
    const call = dataworks().call("CreateNode", {
      ProjectId: emulator.projectId,
      Scene: "DATAWORKS_PROJECT",
      Spec: spec("lost"),
    });
    await assert.rejects(call, (error) => isUnclear(error));
    const listed = await dataworks().call("ListNodes", { ProjectId: emulator.projectId, Name: "lost" });
    assert.equal((listed.PagingInfo as { Nodes: unknown[] }).Nodes.length, 1);
  });

  it("stay within the documented limits, so that nothing is throttled", async () => {
    const strict = await startEmulator({ edition: "Enterprise" });
    const { dataworks: endpoint, accessKeyId, accessKeySecret, projectId: Id } = strict;
    const client = alibabaClient({ endpoint, accessKeyId, accessKeySecret });
    await Promise.all(Array.from({ length: 120 }, () => client.call("GetProject", { Id })));
    await strict.close();
    assert.deepEqual(counters(), [{ cloud: "dataworks", operation: "GetProject", outcome: "ok", count: 120 }]);
  });

  it("name the class of a refused key", async () => {
    const refused = (error: unknown): boolean => error instanceof CloudError && error.errorClass === "auth";
    await assert.rejects(
      dataworks({ accessKeySecret: "wrong" }).call("GetProject", { Id: emulator.projectId }),
      refused,
    );
    await assert.rejects(
      wedata({ secretKey: "wrong" }).call("DescribeTaskDetailDs", { ProjectId: "1", TaskId: "1" }),
      refused,
    );
  });
});
