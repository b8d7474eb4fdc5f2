import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startEmulator } from "../../emulator";
import type { Emulator } from "../../emulator";
import { acs3StringToSign, canonicalRequest } from "../../emulator/protocol/alibaba";
import { dataworks, flow } from "./dataworks-client";
import type { Call } from "./dataworks-client";
import { refusal, wedata } from "./official-clients";

/** A signed request to send as often and in whatever way a test likes. */
function signed(
  emulator: Emulator,
  action: string,
  query: string,
  body: string,
): { url: string; method: string; headers: Record<string, string>; body: string } {
  const headers: Record<string, string> = {
    host: new URL(emulator.dataworks).host,
    "x-acs-action": action,
    "x-acs-version": "2024-05-18",
    "x-acs-date": new Date().toISOString().replace(/\.\d+Z/, "Z"),
    "x-acs-signature-nonce": randomBytes(16).toString("hex"),
    "x-acs-content-sha256": createHash("sha256").update(body).digest("hex"),
    ...(body !== "" && { "content-type": "application/x-www-form-urlencoded; charset=utf-8" }),
  };
  const names = Object.keys(headers).sort().join(";");
  const method = body === "" ? "GET" : "POST";
  const canonical = canonicalRequest({ method, path: "/", query, headers, body: Buffer.from(body) }, names);
  const signature = createHmac("sha256", emulator.accessKeySecret).update(acs3StringToSign(canonical)).digest("hex");
  const authorization = `ACS3-HMAC-SHA256 Credential=${emulator.accessKeyId},SignedHeaders=${names},Signature=${signature}`;
  return { url: `${emulator.dataworks}/?${query}`, method, headers: { ...headers, authorization }, body };
}

async function sent(one: ReturnType<typeof signed>): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(one.url, { method: one.method, headers: one.headers }, (incoming) => {
      const parts: Buffer[] = [];
      incoming.on("data", (part: Buffer) => parts.push(part));
      incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(parts).toString() }));
    });
    outgoing.on("error", reject);
    // Written in two parts, so that the body travels chunked, without a length.
    if (one.body !== "") outgoing.write(one.body.slice(0, 3));
    outgoing.end(one.body.slice(3));
  });
}
const post = async (
  url: string,
  body: unknown,
  method = "POST",
): Promise<{ status: number; json: Record<string, unknown> }> => {
  const reply = await fetch(url, {
    method,
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });
  return { status: reply.status, json: (await reply.json()) as Record<string, unknown> };
};

describe("The emulator's gateway", () => {
  let emulator: Emulator;
  let call: Call;
  before(async () => {
    emulator = await startEmulator({ stageMilliseconds: 0, seed: 7 });
    call = dataworks(emulator);
  });
  after(() => emulator.close());
  afterEach(async () => {
    await emulator.clearFaults();
    await emulator.clock(0);
  });

  it("takes temporary credentials, and the older RPC signature", async () => {
    const { accessKeyId, accessKeySecret, securityToken } = emulator.temporary;
    const [id] = await emulator.createTasks("dataworks", { Name: "signed" });
    const temporary = dataworks(emulator, { accessKeyId, accessKeySecret, securityToken });
    assert.equal((await temporary("GetTask", { Id: id })).Task.Name, "signed");
    const older = dataworks(emulator, { signatureAlgorithm: "v2" });
    assert.equal((await older("UpdateTask", { Id: id, Description: "a b+*'~中" })).Success, true);
    assert.equal((await older("GetTask", { Id: id })).Task.Description, "a b+*'~中");
    assert.equal(
      await refusal(dataworks(emulator, { accessKeySecret: "no" })("GetTask", { Id: id })),
      "SignatureDoesNotMatch",
    );
    assert.equal(
      await refusal(dataworks(emulator, { accessKeyId: "no" })("GetTask", { Id: id })),
      "InvalidAccessKeyId.NotFound",
    );
  });

  it("refuses Tencent's earlier signatures in Tencent's envelope", async () => {
    const body = new URLSearchParams({
      Action: "DescribeTaskDetailDs",
      Version: "2021-08-20",
      SecretId: emulator.secretId,
      SignatureMethod: "HmacSHA1",
      Signature: "x",
    });
    const reply = await fetch(emulator.wedata, { method: "POST", body });
    const { Response } = (await reply.json()) as { Response: { Error: { Code: string } } };
    assert.deepEqual([reply.status, Response.Error.Code], [200, "AuthFailure.InvalidAuthorization"]);
  });

  it("takes chunked bodies, and refuses the same nonce again", async () => {
    const [id = ""] = await emulator.createTasks("dataworks", {});
    const one = signed(emulator, "UpdateTask", "", `Id=${id}&Timeout=3700`);
    assert.equal((await sent(one)).status, 200);
    const again = await sent(one);
    assert.deepEqual([again.status, (JSON.parse(again.text) as { Code: string }).Code], [400, "SignatureNonceUsed"]);
  });

  it("judges time stamps by its own clock", async () => {
    await emulator.clock(20 * 60_000);
    assert.equal(await refusal(call("GetTask", { Id: 1 })), "InvalidTimeStamp.Expired");
    assert.equal(
      await refusal(wedata(emulator)("DescribeTaskDetailDs", { ProjectId: "1", TaskId: "1" })),
      "AuthFailure.SignatureExpire",
    );
  });

  it("keeps all digits of ids beyond 2^53, in and out", async () => {
    const big = "9007199254740993";
    await emulator.createTasks("dataworks", { Id: big, Name: "big" });
    const { text } = await sent(signed(emulator, "GetTask", `Id=${big}`, ""));
    assert.match(text, new RegExp(`"Id":${big}[,}]`));
    const batch = await sent(
      signed(emulator, "BatchUpdateTasks", "", `Tasks=${encodeURIComponent(`[{"Id":${big},"Timeout":4000}]`)}`),
    );
    assert.match(batch.text, new RegExp(`"SuccessInfo":{"${big}":{"Success":true}}`));
  });

  it("answers a wrong parameter with the cloud's error envelope", async () => {
    const [id] = await emulator.createTasks("dataworks", {});
    const project = emulator.wedataProjectId;
    const cases: [string, Record<string, unknown>, string][] = [
      ["UpdateTask", {}, "MissingId"],
      ["UpdateTask", { Id: id, Nope: 1 }, "InvalidNope"],
      ["UpdateTask", { Id: "x" }, "InvalidId"],
      ["UpdateTask", { Id: id, Timeout: 2 ** 31 }, "InvalidTimeout"],
      ["UpdateTask", { Id: id, RerunInterval: 1_800_001 }, "InvalidRerunInterval"],
      ["UpdateTask", { Id: id, RerunMode: "Allowed" }, "InvalidRerunMode"],
      ["UpdateTask", { Id: id, Trigger: { Cron: "0 2 *" } }, "InvalidTrigger"],
      ["UpdateTask", { Id: id, Trigger: { StartTime: "2024-01-01" } }, "InvalidTrigger"],
      ["UpdateTask", { Id: id, Trigger: { Corn: "x" } }, "InvalidTrigger"],
      ["UpdateTask", { Id: id, Tags: [{ Value: "v" }] }, "InvalidTags"],
      ["UpdateTask", { Id: id, Script: "{" }, "InvalidScript"],
      ["ListTasks", { ProjectId: emulator.projectId, PageNumber: 0 }, "InvalidPageNumber"],
      ["GetTask", { Id: id, ProjectEnv: "Test" }, "InvalidProjectEnv"],
      ["CreateTask", {}, "InvalidAction.NotFound"],
    ];
    for (const [action, parameters, code] of cases)
      assert.equal(await refusal(call(action, parameters)), code, JSON.stringify(parameters));
    const { status, text } = await sent(signed(emulator, "UpdateTask", "", "Id="));
    assert.equal(status, 400);
    assert.deepEqual(Object.keys(JSON.parse(text) as object), ["RequestId", "HostId", "Code", "Message", "Recommend"]);
    const tencent: [string, Record<string, unknown>, string][] = [
      ["ModifyTaskInfo", { ProjectId: project }, "MissingParameter"],
      ["ModifyTaskInfo", { ProjectId: project, TaskId: "1", Nope: 1 }, "UnknownParameter"],
      ["ModifyTaskInfo", { ProjectId: project, TaskId: 1 }, "InvalidParameter"],
      ["ModifyTaskInfo", { ProjectId: project, TaskId: "1", CycleType: 9 }, "InvalidParameterValue"],
      ["ModifyTaskInfo", { ProjectId: project, TaskId: "1", CycleStep: 0 }, "InvalidParameterValue"],
      ["Nope", {}, "InvalidAction"],
    ];
    for (const [action, parameters, code] of tencent)
      assert.equal(await refusal(wedata(emulator)(action, parameters)), code, JSON.stringify(parameters));
  });

  it("knows which operations and fields the international site of WeData has", async () => {
    await emulator.setSwitch("wedataSite", "intl");
    const read = wedata(emulator)("DescribeTaskDetailDs", { ProjectId: emulator.wedataProjectId, TaskId: "1" });
    assert.equal(await refusal(read), "InvalidAction");
    await emulator.setSwitch("wedataSite", "cn");
  });

  it("lists calls with their outcome and caller, and no secret in them", async () => {
    await emulator.reset();
    const content = JSON.stringify({ password: "hush-1", deeper: JSON.stringify({ accessKeySecret: "hush-2" }) });
    await call("CreateNode", {
      ProjectId: emulator.projectId,
      Scene: "DATAWORKS_PROJECT",
      Spec: flow("masked", { script: { path: "etl/masked", runtime: { command: "DI" }, content } }),
    });
    await refusal(call("GetTask", { Id: 1 }));
    const [made, read] = await emulator.calls();
    assert.deepEqual(
      [made?.operation, made?.outcome, made?.caller, read?.outcome, read?.http],
      ["CreateNode", "ok", emulator.accessKeyId, "9990040003", 400],
    );
    const reply = await fetch(`${emulator.control}/calls?since=${made?.seq}`);
    assert.equal(((await reply.json()) as unknown[]).length, 1);
    assert.doesNotMatch(JSON.stringify(await emulator.calls()), /hush/);
    assert.deepEqual(await emulator.counts(), { CreateNode: 1, GetTask: 1 });
  });
});

describe("Injected faults", () => {
  let emulator: Emulator;
  let call: Call;
  let ids: string[];
  before(async () => {
    emulator = await startEmulator({ stageMilliseconds: 0 });
    call = dataworks(emulator);
    ids = await emulator.createTasks("dataworks", { Name: "t{n}" }, 3);
  });
  after(() => emulator.close());
  afterEach(() => emulator.clearFaults());
  const timeout = async (id = ids[0]): Promise<number> => Number((await call("GetTask", { Id: id })).Task.Timeout);

  it("throttle and fail with a status, from the nth call on, as often as asked", async () => {
    await emulator.fault({ kind: "throttle", operation: "GetTask", nth: 2, times: 2, retryAfterMilliseconds: 700 });
    const outcomes = [];
    for (let tries = 0; tries < 4; tries += 1)
      outcomes.push(
        await timeout().then(
          () => "ok",
          (error: { code: string }) => error.code,
        ),
      );
    assert.deepEqual(outcomes, ["ok", "Throttling.User", "Throttling.User", "ok"]);
    await emulator.fault({ kind: "error500" });
    await assert.rejects(timeout(), { code: "InternalError.System", statusCode: 500 });
    await emulator.fault({ kind: "error", code: "Forbidden.RAM", http: 403, message: "No." });
    await assert.rejects(timeout(), { code: "Forbidden.RAM", statusCode: 403 });
    await emulator.fault({ kind: "throttle", operation: "ModifyTaskInfo" });
    assert.equal(
      await refusal(wedata(emulator)("ModifyTaskInfo", { ProjectId: "1", TaskId: "1" })),
      "RequestLimitExceeded",
    );
  });

  it("drop the connection before or after applying, and break the reply", async () => {
    await emulator.fault({ kind: "drop-before", operation: "UpdateTask" });
    await assert.rejects(call("UpdateTask", { Id: ids[0], Timeout: 3601 }));
    assert.equal(await timeout(), 0);
    await emulator.fault({ kind: "drop-after", operation: "UpdateTask" });
    await assert.rejects(call("UpdateTask", { Id: ids[0], Timeout: 3602 }));
    assert.equal(await timeout(), 3602);
    await emulator.fault({ kind: "cut-json", operation: "UpdateTask" });
    await assert.rejects(call("UpdateTask", { Id: ids[0], Timeout: 3603 }), SyntaxError);
    assert.equal(await timeout(), 3603);
    await emulator.fault({ kind: "html502", operation: "UpdateTask" });
    await assert.rejects(call("UpdateTask", { Id: ids[0], Timeout: 3604 }), SyntaxError);
    assert.equal(await timeout(), 3603);
  });

  it("answer late, and say with HTTP 200 that nothing was done", async () => {
    await emulator.fault({ kind: "slow", operation: "GetTask", milliseconds: 60 });
    const started = Date.now();
    await timeout();
    assert(Date.now() - started >= 55);
    await emulator.fault({ kind: "business-failure", operation: "UpdateTask" });
    assert.equal((await call("UpdateTask", { Id: ids[1], Timeout: 3601 })).Success, false);
    assert.equal(await timeout(ids[1]), 0);
    await emulator.fault({ kind: "business-failure", operation: "DeleteTaskDs" });
    assert.equal((await wedata(emulator)("DeleteTaskDs", { ProjectId: "1", TaskId: "1" })).Data, false);
  });

  it("fail single tasks of a batch and apply the others", async () => {
    await emulator.fault({ kind: "batch-partial", ids: [ids[1] ?? ""], message: "locked" });
    const { SuccessInfo } = await call("BatchUpdateTasks", {
      Tasks: ids.map((id) => ({ Id: Number(id), Timeout: 5000 })),
    });
    assert.deepEqual(
      ids.map((id) => Boolean(SuccessInfo[id].Success)),
      [true, false, true],
    );
    assert.equal(SuccessInfo[ids[1] ?? ""].Message, "locked");
    assert.deepEqual([await timeout(ids[0]), await timeout(ids[1])], [5000, 0]);
  });

  it("strike only the calls whose parameters match", async () => {
    await emulator.fault({ kind: "error500", where: { Id: ids[2] }, times: 0 });
    await timeout(ids[0]);
    await assert.rejects(timeout(ids[2]));
    await assert.rejects(timeout(ids[2]));
  });
});

describe("Rate limits", () => {
  const outcomes = async (calls: Promise<unknown>[]): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {};
    for (const one of await Promise.allSettled(calls)) {
      const outcome = one.status === "fulfilled" ? "ok" : String((one.reason as { code: unknown }).code);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
    return counts;
  };
  it("are those documented for the edition, once one is named", async () => {
    const emulator = await startEmulator({ edition: "Basic" });
    const list = () => dataworks(emulator)("ListTasks", { ProjectId: emulator.projectId });
    assert.deepEqual(await outcomes(Array.from({ length: 8 }, list)), { ok: 5, "Throttling.User": 3 });
    const read = () =>
      wedata(emulator)("DescribeDependTaskLists", { ProjectId: emulator.wedataProjectId, TaskIds: ["1"] }).catch(
        (error: unknown) => {
          if ((error as { code: string }).code === "RequestLimitExceeded") throw error;
        },
      );
    assert.deepEqual(await outcomes(Array.from({ length: 22 }, read)), { ok: 20, RequestLimitExceeded: 2 });
    await emulator.close();
  });
  it("include a daily cap, which passes with the day", async () => {
    const emulator = await startEmulator({ limits: { perDay: 3 } });
    const list = () => dataworks(emulator)("ListTasks", { ProjectId: emulator.projectId });
    assert.deepEqual(await outcomes([list(), list(), list(), list()]), { ok: 3, "Throttling.Api.Risk": 1 });
    await emulator.clock(86_400_000, { signatures: false });
    assert.deepEqual(await outcomes([list()]), { ok: 1 });
    await emulator.close();
  });
});

describe("The emulator's state", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "emulator-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is in the file before a change is answered, keys and ids included", async () => {
    const state = join(folder, "state.json");
    const first = await startEmulator({ state, stageMilliseconds: 0 });
    const { Id } = await dataworks(first)("CreateNode", {
      ProjectId: first.projectId,
      Scene: "DATAWORKS_PROJECT",
      Spec: flow("kept"),
    });
    // Not closed: what a kill would leave is what the second one reads.
    const second = await startEmulator({ state, stageMilliseconds: 0 });
    assert.deepEqual(
      [second.accessKeySecret, second.secretKey, second.projectId],
      [first.accessKeySecret, first.secretKey, first.projectId],
    );
    const call = dataworks(second);
    assert.equal((await call("GetNode", { ProjectId: second.projectId, Id })).Node.Name, "kept");
    const next = await call("CreateNode", {
      ProjectId: second.projectId,
      Scene: "DATAWORKS_PROJECT",
      Spec: flow("next"),
    });
    assert(BigInt(next.Id) > BigInt(Id));
    await Promise.all([first.close(), second.close()]);
    assert.deepEqual(readdirSync(folder), ["state.json"]);
  });

  it("survives a kill at any moment, and the command tells where it listens in its first line", async function () {
    this.timeout(60_000);
    const state = join(folder, "state.json");
    const program = join(folder, "run.js");
    const command = JSON.stringify(join(__dirname, "../../emulator/command"));
    writeFileSync(
      program,
      `require(${command}).runEmulatorCommand({ port: 0, state: ${JSON.stringify(state)}, json: true });`,
    );
    const start = async () => {
      const child = spawn(process.execPath, ["-r", require.resolve("ts-node/register/transpile-only"), program], {
        stdio: ["ignore", "pipe", "inherit"],
        cwd: join(__dirname, "../.."),
      });
      const [line] = (await once(createInterface(child.stdout), "line")) as [string];
      return { child, emulator: JSON.parse(line) as Emulator };
    };
    const first = await start();
    const named = [
      "dataworks",
      "wedata",
      "accessKeyId",
      "accessKeySecret",
      "secretId",
      "secretKey",
      "projectId",
      "legacyProjectId",
      "wedataProjectId",
      "wedataWorkflowId",
      "control",
    ];
    assert.deepEqual(Object.keys(first.emulator).slice(0, named.length), named);
    const call = dataworks(first.emulator);
    const made: string[] = [];
    const burst = Array.from({ length: 40 }, async (_, at) => {
      const { Id } = await call("CreateNode", {
        ProjectId: first.emulator.projectId,
        Scene: "DATAWORKS_PROJECT",
        Spec: flow(`n${at}`),
      });
      made.push(Id);
      if (made.length === 15) first.child.kill("SIGKILL");
    });
    await Promise.allSettled(burst);
    JSON.parse(readFileSync(state, "utf8"));
    const second = await start();
    assert.equal(second.emulator.accessKeySecret, first.emulator.accessKeySecret);
    for (const Id of made) await dataworks(second.emulator)("GetNode", { ProjectId: second.emulator.projectId, Id });
    second.child.kill("SIGTERM");
    assert.deepEqual(await once(second.child, "exit"), [0, null]);
  });

  it("is refused in one sentence when the file holds something else", async () => {
    const state = join(folder, "state.json");
    writeFileSync(state, "{");
    await assert.rejects(startEmulator({ state }), /^Error: The state file .* is not JSON\. Move it away/);
    writeFileSync(state, "{}");
    await assert.rejects(startEmulator({ state }), /was not written by this emulator/);
    const own = join(folder, "own.json");
    await (await startEmulator({ state: own })).close();
    type Kept = { services: Record<string, { projects: Record<string, unknown> }> };
    for (const service of ["dataworks", "wedata"]) {
      const kept = JSON.parse(readFileSync(own, "utf8")) as Kept;
      const { projects = {} } = kept.services[service] ?? {};
      projects[Object.keys(projects)[0] ?? ""] = null;
      writeFileSync(state, JSON.stringify(kept));
      await assert.rejects(startEmulator({ state }), /was not written by this emulator/, service);
    }
    await assert.rejects(startEmulator({ switches: { nope: 1 } }), /There is no switch "nope"/);
  });
});

describe("A call that is held", () => {
  const held = async (when: "before" | "after", how: "go" | "drop") => {
    const emulator = await startEmulator();
    const { control } = emulator;
    const call = dataworks(emulator);
    await post(`${control}/hold`, { nth: 2, when });
    const node = (name: string) =>
      call("CreateNode", { ProjectId: emulator.projectId, Scene: "DATAWORKS_PROJECT", Spec: flow(name) });
    await node("first");
    let over = false;
    const second = node("second").then(
      () => "answered",
      () => "lost",
    );
    void second.then(() => (over = true));
    const hold = (await (await fetch(`${control}/hold?wait=10000`)).json()) as object;
    const listed = async () =>
      ((await call("ListNodes", { ProjectId: emulator.projectId })).PagingInfo.Nodes as object[]).length;
    const meanwhile = await listed();
    assert.equal(over, false);
    await fetch(`${control}/hold${how === "drop" ? "?drop" : ""}`, { method: "DELETE" });
    const outcome = [await second, meanwhile, await listed()];
    await emulator.close();
    assert.deepEqual(hold, { nth: 2, when, calls: 2, operation: "CreateNode" });
    return outcome;
  };

  it("before it takes effect goes on, or never arrives", async () => {
    assert.deepEqual(await held("before", "go"), ["answered", 1, 2]);
    assert.deepEqual(await held("before", "drop"), ["lost", 1, 1]);
  });

  it("after it took effect is answered, or its answer is lost", async () => {
    assert.deepEqual(await held("after", "go"), ["answered", 2, 2]);
    assert.deepEqual(await held("after", "drop"), ["lost", 2, 2]);
  });

  it("is one by its number, which must be one", async () => {
    const emulator = await startEmulator();
    assert.equal((await post(`${emulator.control}/hold`, { nth: 0, when: "before" })).status, 400);
    assert.equal((await post(`${emulator.control}/hold`, { nth: 1, when: "now" })).status, 400);
    assert.equal(await emulator.held(), undefined);
    await emulator.close();
  });
});

describe("The control interface", () => {
  it("does over HTTP what the emulator's methods do", async () => {
    const emulator = await startEmulator();
    const { control } = emulator;
    const made = await post(`${control}/tasks`, {
      service: "dataworks",
      task: { Name: "t{n}", Trigger: { Cron: "00 00 05 * * ?" } },
      count: 1000,
    });
    const [id = ""] = made.json["ids"] as string[];
    const touched = await post(`${control}/touch`, {
      service: "dataworks",
      id,
      changes: { Trigger: { Cron: "00 00 06 * * ?" }, Description: "by hand" },
    });
    assert.equal((touched.json["Trigger"] as { Cron: string }).Cron, "00 00 06 * * ?");
    const { Task } = await dataworks(emulator)("GetTask", { Id: id });
    assert.deepEqual(
      [Task.Trigger.Cron, Task.Trigger.Recurrence, Task.Description, Task.Name],
      ["00 00 06 * * ?", "Normal", "by hand", "t1"],
    );
    assert.notEqual(Task.ModifyUser, emulator.account);
    const tasks = (await (await fetch(`${control}/tasks?service=dataworks`)).json()) as unknown[];
    assert.equal(tasks.length, 1000);
    assert.equal((await post(`${control}/switches`, { missingTask: "null" }, "PUT")).json["missingTask"], "null");
    assert.equal((await dataworks(emulator)("GetTask", { Id: 1 })).Task, undefined);
    assert.deepEqual(
      [
        (await post(`${control}/switches`, { nope: 1 }, "PUT")).status,
        (await post(`${control}/touch`, { id: "1", changes: {} })).status,
      ],
      [400, 404],
    );
    assert.equal((await post(`${control}/remove`, { service: "dataworks", id })).json["removed"], true);
    const fault = await post(`${control}/faults`, { kind: "error500", operation: "GetTask" });
    assert.equal(fault.json["id"], "1");
    await fetch(`${control}/faults`, { method: "DELETE" });
    assert.deepEqual(await emulator.faults(), []);
    const counts = (await (await fetch(`${control}/counts`)).json()) as { operations: object };
    assert.deepEqual(counts.operations, { GetTask: 2 });
    await fetch(`${control}/reset`, { method: "POST" });
    assert.deepEqual(await emulator.counts(), {});
    await emulator.close();
  });
});
