import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { accountMark } from "../../provider/clouds/account";
import { alibabaClient } from "../../provider/clouds/alibaba/client";
import { rateOf } from "../../provider/clouds/alibaba/limits";
import { alibabaSettings, tencentSettings } from "../../provider/clouds/configuration";
import { keepLimits, limitsFolder, onThisMachine, sharedLimiter } from "../../provider/clouds/limits";
import { tencentClient } from "../../provider/clouds/tencent/client";
import { wedataTask } from "../../provider/index";
import { json, service } from "./service";

describe("the limits of an account", () => {
  let folder: string;
  let warnings: string[];
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "limits-"));
    warnings = [];
  });
  afterEach(() => {
    keepLimits();
    rmSync(folder, { recursive: true, force: true });
  });
  const store = (where = folder) => onThisMachine((message) => warnings.push(message), where);

  it("are one limiter for one key and rate", () => {
    assert.equal(sharedLimiter("a", 5), sharedLimiter("a", 5));
    assert.notEqual(sharedLimiter("a", 5), sharedLimiter("b", 5));
    assert.notEqual(sharedLimiter("a", 5), sharedLimiter("a", 6));
  });

  it("are kept in files by operation class, whose names and content show neither key nor account nor host", async () => {
    keepLimits(store());
    const running = await service((_, response) =>
      json(response, 200, { RequestId: "r", Response: { RequestId: "r" } }),
    );
    const { endpoint } = running;
    const alibaba = alibabaClient({ endpoint, accessKeyId: "LTAIknown", accessKeySecret: "s3cret" });
    await alibaba.call("GetTask", { Id: 1 }).catch(() => undefined);
    await alibaba.call("UpdateTask", { Id: 1 }).catch(() => undefined);
    const tencent = tencentClient({ endpoint, region: "ap-guangzhou", secretId: "AKIDknown", secretKey: "s3cret" });
    await tencent.call("DescribeTask", {});
    await running.close();
    const names = readdirSync(folder);
    assert.equal(names.length, 3);
    const all = names.map((name) => `${name}\n${readFileSync(path.join(folder, name), "utf8")}`).join("\n");
    assert.doesNotMatch(all, /known|s3cret|127\.0|guangzhou|account/i);
    assert.deepEqual(warnings, []);
  });

  it("are by class what the stack says of it, and else what holds for all calls", () => {
    const of = (rates: Parameters<typeof rateOf>[1]) =>
      [true, false].map((read) => Object.values(rateOf(read, rates)).join(" "));
    assert.deepEqual(of({}), ["read 50", "write 20"]);
    assert.deepEqual(of({ edition: "standard", writesPerSecond: 4 }), ["read 20", "write 4"]);
    assert.deepEqual(of({ edition: "basic" }), ["all 5", "all 5"]);
    assert.deepEqual(of({ edition: "basic", readsPerSecond: 3, writesPerSecond: 2 }), ["read 3", "write 2"]);
    assert.deepEqual(of({ requestsPerSecond: 7 }), ["all 7", "all 7"]);
    assert.deepEqual(of({ requestsPerSecond: 7, readsPerSecond: 30 }), ["read 30", "all 7"]);
  });

  it("come from the configuration, whose figures must be some, and not contradict each other", () => {
    const settingsOf = (values: Record<string, string>) => ({ get: (key: string) => values[key] });
    const { readsPerSecond, writesPerSecond } = alibabaSettings(
      settingsOf({ "dataworks:readsPerSecond": "30", "dataworks:writesPerSecond": "2.5" }),
      {},
    );
    assert.deepEqual([readsPerSecond, writesPerSecond], [30, 2.5]);
    assert.throws(
      () => alibabaSettings(settingsOf({ "dataworks:writesPerSecond": "0" }), {}),
      /^TaskError: dataworks:writesPerSecond must be a number above 0, got "0"$/,
    );
    const each = { "wedata:requestsPerSecondPerOperation": "5" };
    assert.equal(tencentSettings(settingsOf(each), {}).requestsPerSecondPerOperation, 5);
    assert.throws(
      () => tencentSettings(settingsOf({ ...each, "wedata:requestsPerSecond": "50" }), {}),
      /take one of them away$/,
    );
  });

  it("of each WeData operation are kept as configured", async () => {
    const running = await service((_, response) => json(response, 200, { Response: { RequestId: "r" } }));
    const { endpoint } = running;
    const keys = { secretId: "AKIDknown", secretKey: "s3cret" };
    const slow = tencentClient({ endpoint, region: "ap-guangzhou", ...keys, requestsPerSecondPerOperation: 2 });
    await slow.call("DescribeOther", {});
    const before = performance.now();
    await Promise.all([1, 2, 3].map(() => slow.call("DescribeTask", {})));
    const third = performance.now() - before;
    await running.close();
    assert.ok(third > 1000, `the third came after ${String(third)} ms`);
  });

  it("are seen by another process of this machine", async () => {
    keepLimits(store());
    const before = performance.now();
    await Promise.all(Array.from({ length: 5 }, () => sharedLimiter("a", 5).turn()));
    keepLimits(store());
    await sharedLimiter("a", 5).turn();
    const sixth = performance.now() - before;
    assert.ok(sixth > 1000, `the sixth came after ${String(sixth)} ms`);
  });

  it("are shared by the engine's provider processes, through Pulumi's home", async () => {
    const home = process.env.PULUMI_HOME;
    process.env.PULUMI_HOME = folder;
    try {
      await wedataTask.configure({ config: { get: () => undefined } });
      await sharedLimiter("a", 5).turn();
    } finally {
      if (home === undefined) delete process.env.PULUMI_HOME;
      else process.env.PULUMI_HOME = home;
    }
    assert.equal(readdirSync(limitsFolder({ PULUMI_HOME: folder })).length, 1);
  });

  it("hold for this run alone where the folder can't be written to, with one warning that says so", async () => {
    const file = path.join(folder, "file");
    writeFileSync(file, "");
    keepLimits(store(path.join(file, "limits")));
    await sharedLimiter("a", 5).turn();
    await sharedLimiter("b", 5).turn();
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0] ?? "",
      /^the limits of calls are kept for this run alone, other runs on this machine don't see them: ENOTDIR.*; make .*limits writable, or run one stack at a time$/,
    );
  });

  it("lie in Pulumi's home", () => {
    assert.equal(limitsFolder({ PULUMI_HOME: "/home/ci/pulumi" }), path.join("/home/ci/pulumi/data-tasks/limits"));
    assert.equal(limitsFolder({}), path.join(os.homedir(), ".pulumi", "data-tasks", "limits"));
  });
});

describe("the account that a pipeline calls for", () => {
  const cases: [string, Parameters<typeof accountMark>, string][] = [
    ["its key", ["dataworks", { keyId: "LTAI1" }, {}], "key LTAI1"],
    ["the same key in the environment", ["dataworks", {}, { ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAI1" }], "key LTAI1"],
    ["WeData's key in the environment", ["wedata", {}, { TENCENTCLOUD_SECRET_ID: "AKID1" }], "key AKID1"],
    ["no temporary key, which others do not have", ["dataworks", { keyId: "STS.1", token: "t" }, {}], "temporary"],
    [
      "no temporary key of the environment",
      ["wedata", {}, { TENCENTCLOUD_SECRET_ID: "AKID1", TENCENTCLOUD_SESSION_TOKEN: "t" }],
      "temporary",
    ],
    [
      "the account of its role, whichever role and key",
      ["dataworks", { keyId: "LTAI1", roleArn: "acs:ram::1234567890123456:role/deploy" }, {}],
      "account 1234567890123456",
    ],
    [
      "the account of WeData's role",
      ["wedata", { profile: "ci", roleArn: "qcs::cam::uin/100000000001:roleName/deploy" }, {}],
      "account 100000000001",
    ],
    [
      "the account of the role that a pod has",
      ["dataworks", {}, { ALIBABA_CLOUD_ROLE_ARN: "acs:ram::1234567890123456:role/pod" }],
      "account 1234567890123456",
    ],
    [
      "the key rather than a role that is not assumed",
      ["dataworks", { keyId: "LTAI1" }, { ALIBABA_CLOUD_ROLE_ARN: "acs:ram::1234567890123456:role/pod" }],
      "key LTAI1",
    ],
    ["its profile", ["wedata", { profile: "ci" }, { TENCENTCLOUD_SECRET_ID: "AKID1" }], "profile ci"],
    ["what the machine gives", ["dataworks", {}, {}], "found"],
  ];
  for (const [what, question, mark] of cases)
    it(`is told by ${what}`, () => assert.equal(accountMark(...question), mark));
});
