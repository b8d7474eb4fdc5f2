import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { keysOf as alibabaKeys } from "../../provider/clouds/alibaba/credentials";
import { keysOf as tencentKeys } from "../../provider/clouds/tencent/credentials";
import { TaskError } from "../../provider/core/errors";

describe("credentials", () => {
  const before = { ...process.env };
  let home = "";
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "credentials-"));
    for (const name of Object.keys(process.env))
      if (/^(ALIBABA_CLOUD|TENCENTCLOUD|TKE)_/.test(name)) delete process.env[name];
    Object.assign(process.env, { HOME: home, ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true" });
  });
  afterEach(async () => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
    await rm(home, { recursive: true, force: true });
  });
  const file = async (path: string, text: string): Promise<void> => {
    await mkdir(join(home, path, ".."), { recursive: true });
    await writeFile(join(home, path), text);
  };
  const refused = (work: Promise<unknown>, reason: RegExp): Promise<void> =>
    assert.rejects(
      work,
      (error) => error instanceof TaskError && reason.test(error.message) && !error.message.includes("hunter2"),
    );

  it("for Alibaba Cloud come from the environment, and a session token with them", async () => {
    Object.assign(process.env, {
      ALIBABA_CLOUD_ACCESS_KEY_ID: "i",
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: "s",
      ALIBABA_CLOUD_SECURITY_TOKEN: "t",
    });
    const { accessKeyId, accessKeySecret, securityToken } = await alibabaKeys({})();
    assert.deepEqual([accessKeyId, accessKeySecret, securityToken], ["i", "s", "t"]);
  });

  it("for Alibaba Cloud come from the CLI's current profile for all concurrent first calls", async () => {
    await file(
      ".aliyun/config.json",
      JSON.stringify({
        current: "main",
        profiles: [{ name: "main", mode: "AK", access_key_id: "i", access_key_secret: "s" }],
      }),
    );
    const keys = alibabaKeys({});
    const all = await Promise.all(Array.from({ length: 8 }, () => keys()));
    assert.deepEqual([...new Set(all.map(({ accessKeyId }) => accessKeyId))], ["i"]);
  });

  it("for Alibaba Cloud come from a named profile of either file", async () => {
    await file(".alibabacloud/credentials", "[ops]\ntype = access_key\naccess_key_id = i2\naccess_key_secret = s2\n");
    assert.equal((await alibabaKeys({ profile: "ops" })()).accessKeyId, "i2");
    await refused(alibabaKeys({ profile: "none" })(), /profile "none" \(dataworks:profile\) gives no credentials/);
    // Each file says why it has none: the first is not even there.
    await file(".alibabacloud/credentials", "[ops]\ntype = sts\naccess_key_id = i2\naccess_key_secret = s2\n");
    await refused(
      alibabaKeys({ profile: "ops" })(),
      /reading aliyun cli config from .* failed; Invalid type option, support: access_key, ecs_ram_role, ram_role_arn/,
    );
  });

  it("for Alibaba Cloud are asked for again after a failure", async () => {
    const keys = alibabaKeys({});
    await refused(keys(), /no Alibaba Cloud credentials found.*ALIBABA_CLOUD_ACCESS_KEY_ID.*dataworks:accessKeyId/);
    Object.assign(process.env, { ALIBABA_CLOUD_ACCESS_KEY_ID: "i", ALIBABA_CLOUD_ACCESS_KEY_SECRET: "s" });
    assert.equal((await keys()).accessKeyId, "i");
  });

  it("of a broken CLI file are not quoted", async () => {
    await file(".aliyun/config.json", '{"profiles": [{"name": "main", "access_key_secret": "hunter2",');
    await refused(alibabaKeys({ profile: "main" })(), /dataworks:profile/);
  });

  it("for Tencent Cloud come from the environment under either token's name", async () => {
    Object.assign(process.env, { TENCENTCLOUD_SECRET_ID: "i", TENCENTCLOUD_SECRET_KEY: "k", TENCENTCLOUD_TOKEN: "t" });
    assert.deepEqual(await tencentKeys({}, "cn")(), { secretId: "i", secretKey: "k", token: "t" });
  });

  it("for Tencent Cloud come from a profile of the SDK's file or of tccli", async () => {
    await file(
      ".tencentcloud/credentials",
      "[default]\nsecret_id = i\nsecret_key = k\n\n[ops]\nsecret_id=i2\nsecret_key=k2\ntoken = t2\n",
    );
    await file(".tccli/old.credential", JSON.stringify({ secretId: "i3", secretKey: "k3" }));
    assert.deepEqual(await tencentKeys({}, "cn")(), { secretId: "i", secretKey: "k" });
    assert.deepEqual(await tencentKeys({ profile: "ops" }, "cn")(), { secretId: "i2", secretKey: "k2", token: "t2" });
    assert.deepEqual(await tencentKeys({ profile: "old" }, "cn")(), { secretId: "i3", secretKey: "k3" });
    await refused(tencentKeys({ profile: "../x" }, "cn")(), /"\.\.\/x" \(wedata:profile\) was found in none of/);
  });

  it("for Tencent Cloud that are nowhere are missed within seconds", async () => {
    await refused(
      tencentKeys({}, "cn")(),
      /no Tencent Cloud credentials found.*TENCENTCLOUD_SECRET_ID.*wedata:secretId/,
    );
  }).timeout(5000);
});
