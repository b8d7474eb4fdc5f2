import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { alibabaSettings, tencentSettings } from "../../provider/clouds/configuration";
import { alibaba, configure, tencent } from "../../provider/clouds/connections";
import type { Connection } from "../../provider/clouds/connections";
import { TaskError } from "../../provider/core/errors";

const source = (values: Record<string, string>) => ({ get: (key: string): string | undefined => values[key] });
const refuses = (work: () => unknown, reason: RegExp): void =>
  assert.throws(work, (error) => error instanceof TaskError && reason.test(error.message));

describe("the configuration of connections", () => {
  it("takes the stack's settings, and the region from the environment when the stack has none", () => {
    const stack = source({
      "dataworks:accessKeyId": "i",
      "dataworks:accessKeySecret": "s",
      "dataworks:readTimeoutSeconds": "5",
      "dataworks:edition": "Basic",
      "dataworks:allowHttp": "true",
    });
    assert.deepEqual(alibabaSettings(stack, { ALIBABA_CLOUD_REGION_ID: "cn-beijing" }), {
      region: "cn-beijing",
      accessKeyId: "i",
      accessKeySecret: "s",
      readTimeoutSeconds: 5,
      edition: "basic",
      allowHttp: true,
    });
    assert.deepEqual(
      tencentSettings(source({ "wedata:region": "ap-shanghai", "wedata:site": "intl" }), {
        TENCENTCLOUD_REGION: "ap-guangzhou",
      }),
      { region: "ap-shanghai", site: "intl" },
    );
  });

  it("lets a connection override the stack, and a profile hide the stack's keys and role", () => {
    const stack = source({
      "dataworks:region": "cn-shanghai",
      "dataworks:accessKeyId": "i",
      "dataworks:accessKeySecret": "s",
      "dataworks:roleArn": "acs:ram::1:role/a",
    });
    assert.deepEqual(alibabaSettings(stack, {}, { region: "cn-beijing", profile: "other" }), {
      region: "cn-beijing",
      profile: "other",
    });
    assert.deepEqual(alibabaSettings(stack, {}, { roleArn: "acs:ram::2:role/b" }), {
      region: "cn-shanghai",
      accessKeyId: "i",
      accessKeySecret: "s",
      roleArn: "acs:ram::2:role/b",
    });
  });

  it("finds a named connection in the stack's configuration", () => {
    const stack = source({
      "dataworks:region": "cn-shanghai",
      "dataworks:profile": "main",
      "dataworks:connections":
        '{"eu":{"region":"eu-central-1","accessKeyId":"i","accessKeySecret":"s","readTimeoutSeconds":7}}',
    });
    assert.deepEqual(alibabaSettings(stack, {}, { name: "eu" }), {
      region: "eu-central-1",
      accessKeyId: "i",
      accessKeySecret: "s",
      readTimeoutSeconds: 7,
    });
    refuses(() => alibabaSettings(stack, {}, { name: "us" }), /"us" is not among dataworks:connections/);
    refuses(() => alibabaSettings(stack, {}, { name: "__proto__" }), /not among/);
    refuses(() => tencentSettings(stack, {}, { name: "eu" }), /"eu" is not configured/);
  });

  it("refuses a region of a connection that the endpoint of the stack would keep from having effect", () => {
    const dataworks = (endpoint: string, more: Record<string, string> = {}) =>
      source({ "dataworks:region": "cn-shanghai", "dataworks:endpoint": endpoint, ...more });
    const vpc = "dataworks-vpc.cn-shanghai.aliyuncs.com";
    const named = { "dataworks:connections": '{"eu":{"region":"eu-central-1"}}' };
    refuses(
      () => alibabaSettings(dataworks(vpc), {}, { region: "eu-central-1" }),
      /^connection\.region is "eu-central-1", but dataworks:endpoint sends the calls to dataworks-vpc\.cn-shanghai\.aliyuncs\.com, which is not known to be of that region: write beside connection\.region the endpoint of its region, or take one of the two away$/,
    );
    refuses(
      () => alibabaSettings(dataworks(vpc, named), {}, { name: "eu" }),
      /^dataworks:connections\.eu\.region is "eu-central-1", but dataworks:endpoint sends/,
    );
    refuses(
      () => alibabaSettings(dataworks("dataworks.aliyuncs.com"), {}, { region: "eu-central-1" }),
      /dataworks\.aliyuncs\.com, which is not known/,
    );
    const fine: [endpoint: string, connection: Connection][] = [
      [vpc, { region: "cn-shanghai" }],
      ["proxy.corp:8443", { region: "cn-shanghai" }],
      ["http://127.0.0.1:8090", { region: "eu-central-1" }],
      ["localhost:8090", { region: "eu-central-1" }],
      ["dataworks.eu-central-1.aliyuncs.com", { region: "eu-central-1" }],
      ["dataworks.aliyuncs.com", { region: "cn-wuhan" }],
      [vpc, { region: "eu-central-1", endpoint: "dataworks.eu-central-1.aliyuncs.com" }],
    ];
    for (const [endpoint, connection] of fine)
      assert.equal(alibabaSettings(dataworks(endpoint), {}, connection).region, connection.region);

    const wedata = (endpoint: string) => source({ "wedata:endpoint": endpoint });
    refuses(
      () => tencentSettings(wedata("wedata.ap-shanghai.tencentcloudapi.com"), {}, { region: "ap-guangzhou" }),
      /^connection\.region is "ap-guangzhou", but wedata:endpoint sends the calls to wedata\.ap-shanghai\./,
    );
    // Any region may be asked for at these.
    for (const endpoint of ["wedata.tencentcloudapi.com", "wedata.intl.tencentcloudapi.com", "127.0.0.1:8090"])
      assert.equal(tencentSettings(wedata(endpoint), {}, { region: "ap-beijing" }).region, "ap-beijing");
  });

  it("refuses a key in a connection, and half a pair of keys", () => {
    refuses(
      () => alibabaSettings(source({}), {}, { accessKeySecret: "hunter2" } as Connection),
      /^(?!.*hunter2).*never a key or token/,
    );
    refuses(
      () => tencentSettings(source({ "wedata:secretId": "i" }), {}),
      /wedata:secretId is set but wedata:secretKey is not/,
    );
  });

  it("refuses ill-typed values by the key's name", () => {
    refuses(
      () => alibabaSettings(source({ "dataworks:readTimeoutSeconds": "soon" }), {}),
      /dataworks:readTimeoutSeconds must be a number above 0, got "soon"/,
    );
    refuses(
      () => alibabaSettings(source({ "dataworks:edition": "gold" }), {}),
      /dataworks:edition must be one of basic, standard, professional, enterprise/,
    );
    refuses(() => tencentSettings(source({ "wedata:allowHttp": "yes" }), {}), /wedata:allowHttp must be true or false/);
  });

  it("gives one client per settings, and says what is missing", () => {
    configure(source({ "dataworks:region": "cn-shanghai" }), {});
    assert.equal(alibaba(), alibaba({}));
    assert.notEqual(alibaba(), alibaba({ region: "cn-beijing" }));
    refuses(() => tencent(), /wedata:region.*TENCENTCLOUD_REGION/);
    configure(source({ "wedata:endpoint": "127.0.0.1:1", "dataworks:region": "evil.com/" }), {});
    assert.equal(tencent().site, "cn");
    refuses(() => alibaba(), /dataworks:region must be a region id/);
    configure(source({}), {});
    refuses(() => alibaba(), /dataworks:region cn-shanghai.*ALIBABA_CLOUD_REGION_ID/);
  });
});
