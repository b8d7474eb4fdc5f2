import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import { alibabaClient } from "../../provider/clouds/alibaba/client";
import { tencentClient } from "../../provider/clouds/tencent/client";
import { CloudError, TaskError } from "../../provider/core/errors";
import { json, service } from "./service";
import type { Service } from "./service";
import { tlsService } from "./tls";

const CODE = "select the-secret-of-the-task;";
const patience = { connectTimeoutSeconds: 2, readTimeoutSeconds: 2, requestsPerSecond: 1000 };

/** A redirect counts as a fault of the way there, and is tried again; here once is enough. */
const within = (milliseconds: number) => ({ deadline: Date.now() + milliseconds });

/** One call with a body, and one that only reads, of either cloud. */
const clouds = {
  DataWorks: {
    key: "dataworks",
    foreign: "wedata.tencentcloudapi.com",
    client: (endpoint: string, allowHttp = false, milliseconds = 300) => {
      const keys = { accessKeyId: "an-id", accessKeySecret: "a-secret" };
      const client = alibabaClient({ endpoint, region: "cn-shanghai", allowHttp, ...keys, ...patience });
      return {
        write: () => client.call("CreateNode", { ProjectId: "1", Spec: CODE }, within(milliseconds)),
        read: () => client.call("GetTask", { Id: "1" }, within(milliseconds)),
      };
    },
  },
  WeData: {
    key: "wedata",
    foreign: "dataworks.cn-shanghai.aliyuncs.com",
    client: (endpoint: string, allowHttp = false, milliseconds = 300) => {
      const keys = { secretId: "an-id", secretKey: "a-secret" };
      const client = tencentClient({ endpoint, region: "ap-guangzhou", allowHttp, ...keys, ...patience });
      return {
        write: () => client.call("CreateTaskNew", { ProjectId: "1", Content: CODE }, within(milliseconds)),
        read: () => client.call("DescribeTaskDetailDs", { ProjectId: "1" }, within(milliseconds)),
      };
    },
  },
};

for (const [name, { key, foreign, client }] of Object.entries(clouds)) {
  describe(`calls to ${name}`, function () {
    this.timeout(60_000);
    const open: { close: () => Promise<void> }[] = [];
    const kept = async <T extends { close: () => Promise<void> }>(making: Promise<T>): Promise<T> => {
      const made = await making;
      open.push(made);
      return made;
    };
    afterEach(async () => {
      delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
      for (const one of open.splice(0)) await one.close();
    });
    const failure = async (work: Promise<unknown>): Promise<CloudError> => {
      const error: unknown = await work.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof CloudError, `expected a CloudError, got ${String(error)}`);
      assert.ok(!error.message.includes(CODE));
      return error;
    };
    const silent = (): Promise<Service> => kept(service((_seen, response) => json(response, 200, {})));

    it("are not made where the certificate is nobody's, and say so", async () => {
      let asked = 0;
      const { endpoint } = await kept(tlsService((_request, response) => response.end(`${(asked += 1)}`)));
      const error = await failure(client(endpoint, false, 5_000).write());
      assert.match(error.message, /the service's certificate was not accepted/);
      assert.match(error.message, new RegExp(`check the network, ${key}:region and ${key}:endpoint`));
      assert.deepEqual([error.errorClass, error.unclear, error.attempts, asked], ["transport", false, 1, 0]);
    });

    for (const status of [301, 302, 303, 307, 308]) {
      it(`are not sent again where a ${status} points: another host, another port, another path`, async () => {
        const other = await silent();
        const { port } = new URL(`http://${other.endpoint}`);
        for (const target of [`http://${other.endpoint}/`, `http://localhost:${port}/`, `//127.0.0.1:${port}/x`]) {
          const { endpoint } = await kept(
            service((_seen, response) => {
              response.writeHead(status, { location: target });
              response.end();
            }),
          );
          const { write, read } = client(endpoint);
          for (const error of [await failure(write()), await failure(read())])
            assert.ok(["transport", "unknown"].includes(error.errorClass), error.message);
        }
        assert.deepEqual(other.seen, []);
      });
    }

    it("are not sent on from HTTPS to plain HTTP", async () => {
      const other = await silent();
      let asked = 0;
      const { endpoint } = await kept(
        tlsService((_request, response) => {
          asked += 1;
          response.writeHead(307, { location: `http://${other.endpoint}/` }).end();
        }),
      );
      // For this test alone, so that the redirect is reached at all.
      process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
      await failure(client(endpoint).write());
      assert.deepEqual([asked > 0, other.seen], [true, []]);
    });

    const refused: [what: string, endpoint: string, reason: RegExp][] = [
      ["in plain HTTP to another machine", "http://example.com", new RegExp(`plain HTTP.*${key}:allowHttp: true`)],
      ["to what only looks like this machine", "http://localhost.example.com", /plain HTTP to localhost\.example\.com/],
      ["to an address that only looks like it", "http://127.0.0.1.example.com", /plain HTTP/],
      ["to the other cloud", foreign, /is an endpoint of the other cloud/],
      [
        "to the other cloud in capitals, with a full stop",
        `https://${foreign.toUpperCase()}.`,
        /other cloud|malformed/,
      ],
      ["with a user and a password", "https://me:hunter2@example.com", /must not contain a user name or password/],
      ["with a path", "https://example.com/api", /must not have a path/],
      ["by another scheme", "ftp://example.com", /has the scheme ftp/],
      ["to nowhere", "https://", /is malformed/],
    ];
    for (const [what, endpoint, reason] of refused) {
      it(`are refused ${what}, in a sentence`, () => {
        assert.throws(
          () => client(endpoint),
          (error: unknown) =>
            error instanceof TaskError &&
            error.message.startsWith(`${key}:endpoint `) &&
            reason.test(error.message) &&
            !error.message.includes("hunter2"),
        );
      });
    }

    it("may be made in plain HTTP elsewhere where that is allowed", () => {
      assert.doesNotThrow(() => client("http://example.com", true));
    });
  });
}
