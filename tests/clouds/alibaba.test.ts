import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import { alibabaClient } from "../../provider/clouds/alibaba/client";
import type { AlibabaClient, AlibabaSettings } from "../../provider/clouds/alibaba/client";
import { counters, resetCounters } from "../../provider/core/counters";
import { CloudError } from "../../provider/core/errors";
import { json, service } from "./service";
import type { Answer, Service } from "./service";

const SECRET = "an-access-key-secret";

describe("the DataWorks client", () => {
  let running: Service | undefined;
  afterEach(async () => {
    await running?.close();
    running = undefined;
  });
  async function against(
    answer: Answer,
    settings: AlibabaSettings = {},
  ): Promise<{ client: AlibabaClient; running: Service }> {
    running = await service(answer);
    const keys = { accessKeyId: "an-id", accessKeySecret: SECRET };
    return {
      client: alibabaClient({ endpoint: running.endpoint, requestsPerSecond: 1000, ...keys, ...settings }),
      running,
    };
  }
  const failure = async (work: Promise<unknown>): Promise<CloudError> => {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof CloudError, `expected a CloudError, got ${String(error)}`);
    assert.ok(!error.message.includes(SECRET));
    return error;
  };
  const ok: Answer = (_seen, response) => json(response, 200, { RequestId: "r", Success: true });

  it("names the endpoint that is not there", async () => {
    const keys = { accessKeyId: "an-id", accessKeySecret: SECRET, connectTimeoutSeconds: 2 };
    const closed = await service(ok);
    await closed.close();
    const client = alibabaClient({ endpoint: closed.endpoint, ...keys });
    const { message } = await failure(client.call("GetTask", { Id: "1" }));
    assert.match(
      message,
      new RegExp(`nothing listens at the endpoint ${closed.endpoint.replace(/^http:../, "")}, tried`),
    );
  });

  it("signs, and puts parameters where the operation wants them", async () => {
    const { client, running } = await against(ok);
    await client.call("GetTask", { Id: "1023691603", ProjectEnv: "Prod", Absent: undefined });
    await client.call("UpdateTask", {
      Id: 7,
      Trigger: { Cron: "00 02 00 * * ?" },
      Tags: [{ Key: "a", Value: "1" }],
      Description: "",
    });
    await client.call("CreateDISyncTask", {
      ProjectId: 1,
      TaskType: "DI_OFFLINE",
      TaskContent: '{"a":1}',
      ClientToken: "t",
    });
    await client.call("ExecPipelineRunStage", { ProjectId: 1, Id: "r", Code: "DEV" });
    const [get, update, create, stage] = running.seen;
    assert.deepEqual(
      [get?.method, get?.url.search, get?.headers["x-acs-version"]],
      ["GET", "?Id=1023691603&ProjectEnv=Prod", "2024-05-18"],
    );
    assert.match(get?.headers.authorization ?? "", /^ACS3-HMAC-SHA256 Credential=an-id,/);
    const form = Object.fromEntries(new URLSearchParams(update?.body));
    assert.deepEqual(form, {
      Id: "7",
      Trigger: '{"Cron":"00 02 00 * * ?"}',
      Tags: '[{"Key":"a","Value":"1"}]',
      Description: "",
    });
    assert.equal(create?.headers["x-acs-version"], "2020-05-18");
    assert.deepEqual(
      [create?.url.searchParams.get("ClientToken"), create?.body],
      ["t", "TaskContent=%7B%22a%22%3A1%7D"],
    );
    assert.deepEqual([stage?.url.search, stage?.body], ["?ProjectId=1", "Id=r&Code=DEV"]);
  });

  it("keeps 64-bit integers in both directions", async () => {
    const { client, running } = await against((_seen, response) =>
      json(response, 200, '{"Task":{"Id":1023691603,"NodeId":9007199254740993123},"Success":true}'),
    );
    const answer = await client.call("BatchUpdateTasks", { Tasks: [{ Id: 9007199254740993123n }] });
    assert.deepEqual(answer.Task, { Id: 1023691603, NodeId: "9007199254740993123" });
    assert.equal(new URLSearchParams(running.seen[0]?.body).get("Tasks"), '[{"Id":9007199254740993123}]');
  });

  it("repeats a throttled call, a creation too, and counts every attempt", async () => {
    resetCounters();
    const { client } = await against((seen, response, n) =>
      n < 2
        ? json(response, 429, { Code: "Throttling.User", Message: "slow down", RequestId: "r" })
        : ok(seen, response, n),
    );
    await client.call("CreateNode", { ProjectId: 1 });
    assert.deepEqual(counters(), [
      { cloud: "dataworks", operation: "CreateNode", outcome: "ok", count: 1 },
      { cloud: "dataworks", operation: "CreateNode", outcome: "throttle", count: 2 },
    ]);
  });

  it("waits as long as the service asks", async () => {
    const { client } = await against((seen, response, n) =>
      n === 0
        ? json(response, 429, { Code: "Throttling", Message: "" }, { "x-acs-retry-after": "700" })
        : ok(seen, response, n),
    );
    const start = Date.now();
    await client.call("GetTask", { Id: 1 });
    assert.ok(Date.now() - start >= 690);
  });

  it("never repeats a daily limit", async () => {
    const { client, running } = await against((_seen, response) =>
      json(response, 429, { Code: "Throttling.Api.Risk", Message: "daily", RequestId: "r-1" }),
    );
    const error = await failure(client.call("GetTask", { Id: 1 }, { about: "1" }));
    assert.equal(running.seen.length, 1);
    assert.equal(error.errorClass, "quota");
    assert.match(error.message, /^GetTask 1: Throttling\.Api\.Risk: daily \(request r-1\), not repeated; a quota/);
  });

  it("repeats a dropped reply of an update but not of a creation, whose outcome is unclear", async () => {
    const { client, running } = await against((seen, response, n) =>
      n % 2 === 0 ? response.socket?.destroy() : ok(seen, response, n),
    );
    await client.call("UpdateTask", { Id: 1 });
    assert.equal(running.seen.length, 2);
    const error = await failure(client.call("CreateNode", { ProjectId: 1 }));
    assert.deepEqual([error.errorClass, error.unclear, error.attempts, running.seen.length], ["transport", true, 1, 3]);
    assert.match(error.message, /may have taken effect/);
  });

  it("repeats a creation with a ClientToken after a dropped reply", async () => {
    const { client, running } = await against((_seen, response, n) =>
      n === 0 ? response.socket?.destroy() : json(response, 200, { Data: { Status: "success" }, Success: true }),
    );
    await client.call("CreateDISyncTask", { ProjectId: 1, ClientToken: "t" });
    assert.equal(running.seen.length, 2);
  });

  it("tells an internal error after which a creation may exist from one that is only busy", async () => {
    const { client, running } = await against((_seen, response, n) =>
      n === 0
        ? json(response, 503, { Code: "ServiceUnavailable", Message: "busy" })
        : json(response, 500, { Code: "InternalError.System", Message: "oops" }),
    );
    const error = await failure(client.call("CreateNode", { ProjectId: 1 }));
    assert.deepEqual([error.errorClass, error.unclear, running.seen.length], ["transient", true, 2]);
  });

  it("names the status of an HTML page and repeats a read", async () => {
    const page: Answer = (_seen, response) => {
      response.writeHead(502, { "content-type": "text/html" });
      response.end("<html>bad gateway</html>");
    };
    const { client, running } = await against((seen, response, n) =>
      n === 0 ? page(seen, response, n) : ok(seen, response, n),
    );
    await client.call("GetTask", { Id: 1 });
    assert.equal(running.seen.length, 2);
    await running.close();
    const other = await against(page);
    const error = await failure(other.client.call("CreateNode", { ProjectId: 1 }));
    assert.deepEqual(
      [error.code, error.detail, error.unclear, error.http],
      ["HTTP 502", "the answer was an HTML page", true, 502],
    );
  });

  it("takes cut JSON for an unclear outcome", async () => {
    const { client } = await against((_seen, response) => json(response, 200, '{"RequestId":"r","Suc'));
    const error = await failure(client.call("SubmitFile", { FileId: 1 }));
    assert.deepEqual([error.code, error.errorClass, error.unclear], ["UnreadableAnswer", "transport", true]);
  });

  it("judges HTTP 200 by the flag of the operation, not by the presence of a message", async () => {
    const answers: Record<string, unknown> = {
      UpdateTask: { Success: false, ErrorCode: "9990040003", ErrorMessage: "no such thing", RequestId: "r" },
      UpdateDISyncTask: { Data: { Status: "fail", Message: "bad column" }, Success: true },
      CreateDISyncTask: { Data: { Status: "success", Message: "Invalid path", FileId: 1 }, Success: false },
      BatchUpdateTasks: { SuccessInfo: { "1": { Success: false, Message: "no" } } },
      TagDataAssets: { Success: "false" },
    };
    const { client } = await against((seen, response) =>
      json(response, 200, answers[String(seen.headers["x-acs-action"])]),
    );
    assert.deepEqual((await failure(client.call("UpdateTask", { Id: 1 }))).errorClass, "business");
    assert.match(
      (await failure(client.call("UpdateDISyncTask", { FileId: 1 }))).message,
      /Data\.Status=fail: bad column/,
    );
    assert.ok(await client.call("CreateDISyncTask", { ProjectId: 1 }));
    assert.ok(await client.call("BatchUpdateTasks", { Tasks: [] }));
    await failure(client.call("TagDataAssets", {}));
  });

  it("calls a slow answer a read time-out, and cuts it off", async () => {
    const { client } = await against(() => undefined, { readTimeoutSeconds: 0.2, connectTimeoutSeconds: 0.1 });
    const error = await failure(client.call("CreateNode", { ProjectId: 1 }));
    assert.deepEqual([error.code, error.unclear], ["ReadTimeout", true]);
  });

  it("waits for an answer longer than the connect time limit", async () => {
    const { client } = await against((seen, response, n) => void setTimeout(() => ok(seen, response, n), 500), {
      connectTimeoutSeconds: 0.1,
    });
    assert.ok(await client.call("GetTask", { Id: 1 }));
  });

  it("keeps to the deadline", async () => {
    const { client } = await against((_seen, response) =>
      json(response, 503, { Code: "ServiceUnavailable", Message: "" }),
    );
    const start = Date.now();
    await failure(client.call("GetTask", { Id: 1 }, { deadline: start + 400 }));
    assert.ok(Date.now() - start < 600);
  });

  it("sends nothing whose turn comes after its deadline, says so, and takes nothing of the day", async () => {
    const { client, running } = await against(
      (seen, response, n) =>
        n === 1
          ? json(response, 429, { Code: "Throttling", Message: "" }, { "x-acs-retry-after": "1500" })
          : ok(seen, response, n),
      { requestsPerDay: 4 },
    );
    await client.call("GetTask", { Id: 1 });
    const deadline = Date.now() + 900;
    const throttled = await failure(client.call("UpdateTask", { Id: 1 }, { deadline }));
    assert.equal(throttled.code, "Throttling");
    const { code, unclear, message } = await failure(client.call("CreateNode", { ProjectId: 1 }, { deadline }));
    assert.deepEqual([code, unclear, running.seen.length], ["NoTurn", false, 2]);
    assert.match(
      message,
      /^CreateNode: NoTurn: not sent: its turn under the limit of calls \(dataworks:requestsPerSecond\) did not come before .* was up, not repeated; the fault is temporary: run again$/,
    );
    await client.call("UpdateTask", { Id: 1 });
    await client.call("UpdateTask", { Id: 1 });
    assert.equal((await failure(client.call("UpdateTask", { Id: 1 }))).code, "DayIsUsedUp");
  });

  it("says what the last attempt said when the turn of its repeat comes too late", async () => {
    const { client, running } = await against(
      (seen, response, n) => (n === 0 ? ok(seen, response, n) : response.socket?.destroy()),
      { requestsPerSecond: 0.5 },
    );
    await client.call("GetTask", { Id: 1 });
    // The turn comes in two seconds, and that of the repeat in four.
    const cut = await failure(client.call("UpdateTask", { Id: 1 }, { deadline: Date.now() + 3_000 }));
    assert.deepEqual([cut.code, cut.unclear, cut.attempts, running.seen.length], ["ECONNRESET", true, 1, 2]);
  });

  it("stops when it is told to", async () => {
    const { client } = await against(() => undefined);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const start = Date.now();
    await failure(client.call("GetTask", { Id: 1 }, { signal: stop.signal }));
    assert.ok(Date.now() - start < 1000);
  });

  it("says that nothing listens, and that a creation was never sent", async () => {
    const { client, running } = await against(ok);
    await running.close();
    const error = await failure(client.call("CreateNode", { ProjectId: 1 }, { deadline: Date.now() + 500 }));
    assert.deepEqual([error.code, error.unclear], ["ECONNREFUSED", false]);
    assert.ok(error.attempts > 1);
  });

  it("never shows a secret that the service repeats", async () => {
    const { client } = await against((_seen, response) =>
      json(response, 400, {
        Code: "SignatureDoesNotMatch",
        Message: `no match for ${SECRET}. server string to sign is:x-acs-security-token:abc`,
      }),
    );
    const error = await failure(client.call("GetTask", { Id: 1 }));
    assert.equal(error.errorClass, "auth");
    assert.ok(!error.message.includes("abc"));
  });
});
