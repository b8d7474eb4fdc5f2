import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import { tencentClient } from "../../provider/clouds/tencent/client";
import type { TencentClient, TencentSettings } from "../../provider/clouds/tencent/client";
import { CloudError } from "../../provider/core/errors";
import { json, service } from "./service";
import type { Answer, Service } from "./service";

describe("the WeData client", () => {
  const running: Service[] = [];
  afterEach(async () => {
    for (const each of running.splice(0)) await each.close();
  });
  async function against(
    answer: Answer,
    settings: TencentSettings = {},
  ): Promise<{ client: TencentClient; running: Service }> {
    const started = await service(answer);
    running.push(started);
    const client = tencentClient({
      endpoint: started.endpoint,
      requestsPerSecond: 1000,
      secretId: "an-id",
      secretKey: "a-secret-key",
      ...settings,
    });
    return { client, running: started };
  }
  const failure = async (work: Promise<unknown>): Promise<CloudError> => {
    const error = await work.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof CloudError, `expected a CloudError, got ${String(error)}`);
    return error;
  };
  const ok: Answer = (_seen, response) => json(response, 200, { Response: { Data: true, RequestId: "r" } });
  const refuse =
    (code: string, message = ""): Answer =>
    (_seen, response) =>
      json(response, 200, { Response: { Error: { Code: code, Message: message }, RequestId: "r-1" } });

  it("signs a JSON request for the region and gives what stands in Response", async () => {
    const { client, running } = await against(ok, { region: "ap-shanghai", token: "a-token" });
    assert.deepEqual(
      await client.call("ModifyTaskInfo", { ProjectId: "1", TaskId: "2", CycleType: 3, Notes: undefined }),
      { Data: true, RequestId: "r" },
    );
    const [seen] = running.seen;
    assert.deepEqual(
      [
        seen?.headers["x-tc-action"],
        seen?.headers["x-tc-version"],
        seen?.headers["x-tc-region"],
        seen?.headers["x-tc-token"],
        seen?.body,
      ],
      ["ModifyTaskInfo", "2021-08-20", "ap-shanghai", "a-token", '{"ProjectId":"1","TaskId":"2","CycleType":3}'],
    );
    assert.match(seen?.headers.authorization ?? "", /^TC3-HMAC-SHA256 Credential=an-id\//);
  });

  it("repeats throttling and a busy service for any operation", async () => {
    const { client, running } = await against((seen, response, n) =>
      [refuse("RequestLimitExceeded.UinLimitExceeded"), refuse("InvalidParameter.ServiceIsBusy"), ok][n]?.(
        seen,
        response,
        n,
      ),
    );
    await client.call("CreateTaskNew", { ProjectId: "1" });
    assert.equal(running.seen.length, 3);
  });

  it("repeats an internal error of an update by value, and leaves that of a creation to the caller", async () => {
    const { client, running } = await against((seen, response, n) =>
      (n === 1 ? ok : refuse("InternalError"))(seen, response, n),
    );
    await client.call("ModifyTaskInfo", {});
    assert.equal(running.seen.length, 2);
    const error = await failure(client.call("CreateTaskNew", {}, { about: "orders" }));
    assert.deepEqual([error.errorClass, error.unclear, running.seen.length], ["transient", true, 3]);
    assert.match(
      error.message,
      /^CreateTaskNew orders: InternalError \(request r-1\), not repeated; it may have taken effect/,
    );
  });

  it("takes Data false for a refusal of a write and for an answer of a read", async () => {
    const { client } = await against((_seen, response) =>
      json(response, 200, { Response: { Data: false, RequestId: "r" } }),
    );
    assert.equal((await failure(client.call("ModifyTaskInfo", {}))).errorClass, "business");
    assert.deepEqual((await client.call("CheckTaskNameExist", {})).Data, false);
  });

  it("names the status that the SDK keeps without a body, and honours retry-after", async () => {
    const { client } = await against((_seen, response) =>
      json(response, 502, "<html>", { "content-type": "text/html" }),
    );
    const error = await failure(client.call("DeleteTaskDs", {}));
    assert.deepEqual([error.code, error.http, error.unclear], ["HTTP 502", 502, true]);
    const busy = await against((seen, response, n) =>
      n === 0 ? json(response, 503, "", { "retry-after": "1" }) : ok(seen, response, n),
    );
    const start = Date.now();
    await busy.client.call("DeleteTaskDs", {});
    assert.ok(Date.now() - start >= 950);
  });

  it("takes cut JSON, an HTML page and a dropped connection for unclear outcomes", async () => {
    const answers: Answer[] = [
      (_seen, response) => json(response, 200, '{"Response":{"Da'),
      (_seen, response) => json(response, 200, "<html></html>", { "content-type": "text/html" }),
      (_seen, response) => json(response, 200, "{}"),
      (_seen, response) => response.socket?.destroy(),
    ];
    const { client } = await against((seen, response, n) => answers[n]?.(seen, response, n));
    const seen: unknown[] = [];
    for (let n = 0; n < answers.length; n += 1) {
      const error = await failure(client.call("CreateTaskNew", {}));
      seen.push([error.code, error.unclear]);
    }
    assert.deepEqual(seen, [
      ["UnreadableAnswer", true],
      ["UnreadableAnswer", true],
      ["UnreadableAnswer", true],
      ["ECONNRESET", true],
    ]);
  });

  it("follows no redirect to another host", async () => {
    const other = await against(ok);
    const { client } = await against((_seen, response) => {
      response.writeHead(307, { location: `http://${other.running.endpoint}/` });
      response.end();
    });
    const error = await failure(client.call("CreateTaskNew", {}));
    assert.deepEqual([error.errorClass, other.running.seen.length], ["transport", 0]);
  });

  it("calls a slow answer a read time-out", async () => {
    const { client } = await against(() => undefined, { readTimeoutSeconds: 0.2, connectTimeoutSeconds: 0.1 });
    assert.equal((await failure(client.call("CreateTaskNew", {}))).code, "ReadTimeout");
  });

  it("knows its site by the endpoint", () => {
    const keys = { secretId: "i", secretKey: "k", region: "ap-singapore" };
    const sites = [
      {},
      { endpoint: "wedata.intl.tencentcloudapi.com" },
      { endpoint: "127.0.0.1:1", site: "intl" as const },
    ].map((settings) => tencentClient({ ...keys, ...settings }).site);
    assert.deepEqual(sites, ["cn", "intl", "intl"]);
  });
});
