import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { endpointOf } from "../../provider/clouds/alibaba/regions";
import { parseEndpoint } from "../../provider/clouds/endpoint";
import type { EndpointRules } from "../../provider/clouds/endpoint";
import { TaskError } from "../../provider/core/errors";

const rules: EndpointRules = {
  key: "dataworks:endpoint",
  example: "dataworks.cn-shanghai.aliyuncs.com",
  foreign: { domains: ["tencentcloudapi.com"], key: "wedata:endpoint" },
  allowHttp: false,
  allowHttpKey: "dataworks:allowHttp",
};

describe("an endpoint", () => {
  const cases: [string, string][] = [
    ["dataworks.cn-shanghai.aliyuncs.com", "https dataworks.cn-shanghai.aliyuncs.com"],
    ["dataworks.example.com:8443", "https dataworks.example.com:8443"],
    ["https://dataworks.example.com/", "https dataworks.example.com"],
    ["127.0.0.1:8080", "http 127.0.0.1:8080"],
    ["localhost:443", "http localhost:443"],
    ["http://localhost:8080", "http localhost:8080"],
    ["https://localhost:8443", "https localhost:8443"],
    ["http://[::1]:8080", "http [::1]:8080"],
  ];
  for (const [text, meaning] of cases) {
    it(`is read from ${text}`, () => {
      const { protocol, host } = parseEndpoint(text, rules);
      assert.equal(`${protocol} ${host}`, meaning);
    });
  }

  const refused: [string, RegExp][] = [
    ["wedata.tencentcloudapi.com", /other cloud.*wedata:endpoint/],
    ["https://dataworks.example.com/path", /path/],
    ["dataworks.example.com?x=1", /query/],
    ["https://user:hunter2@dataworks.example.com", /user name or password/],
    ["http://dataworks.example.com", /plain HTTP.*dataworks:allowHttp: true/],
    ["ftp://dataworks.example.com", /scheme ftp/],
    ["dataworks example com", /malformed/],
    ["dataworks.example.com:99999", /malformed/],
    ["", /malformed/],
    ["https://", /malformed/],
  ];
  for (const [text, reason] of refused) {
    it(`is refused in one sentence: ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parseEndpoint(text, rules),
        (error) =>
          error instanceof TaskError &&
          error.message.startsWith("dataworks:endpoint ") &&
          reason.test(error.message) &&
          !error.message.includes("hunter2"),
      );
    });
  }

  it("may use plain HTTP elsewhere when that is allowed", () => {
    assert.equal(parseEndpoint("http://dataworks.example.com", { ...rules, allowHttp: true }).protocol, "http");
  });

  it("follows from the region", () => {
    assert.deepEqual(["cn-shanghai", "cn-qingdao", "xx-new-1"].map(endpointOf), [
      "dataworks.cn-shanghai.aliyuncs.com",
      "dataworks.aliyuncs.com",
      "dataworks.xx-new-1.aliyuncs.com",
    ]);
  });
});
