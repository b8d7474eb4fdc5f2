import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { alibabaClient } from "../../provider/clouds/alibaba/client";
import { serviceClock } from "../../provider/clouds/service-clock";
import { tencentClient } from "../../provider/clouds/tencent/client";
import { CloudError } from "../../provider/core/errors";
import { json, service } from "./service";

const MINUTE = 60_000;

describe("a machine whose clock differs from the service's", () => {
  let emulator: Emulator;
  let warnings: string[];
  beforeEach(async () => {
    emulator = await startEmulator();
    warnings = [];
  });
  afterEach(() => emulator.close());
  const warn = (message: string) => void warnings.push(message);
  const clouds = {
    DataWorks() {
      const { accessKeyId, accessKeySecret, dataworks: endpoint, projectId } = emulator;
      const client = alibabaClient({ accessKeyId, accessKeySecret, endpoint, requestsPerSecond: 1000 }, warn);
      return () => client.call("ListNodes", { ProjectId: projectId, Scene: "DATAWORKS_PROJECT" });
    },
    WeData() {
      const { secretId, secretKey, wedata: endpoint, wedataProjectId } = emulator;
      const client = tencentClient({ secretId, secretKey, endpoint, requestsPerSecond: 1000 }, warn);
      return () => client.call("DescribeOperateOpsTasks", { ProjectId: wedataProjectId });
    },
  };

  for (const [cloud, clientOf] of Object.entries(clouds)) {
    for (const [minutes, words] of [
      [17, "17 min behind"],
      [-30, "30 min ahead of"],
      [1440, "24 h behind"],
    ] as const) {
      it(`signs by the time of ${cloud} when it is ${words}, and says so once`, async () => {
        const call = clientOf();
        await emulator.clock(minutes * MINUTE);
        await Promise.all([1, 2, 3].map(call));
        await call();
        const outcomes = (await emulator.calls()).map(({ outcome }) => outcome);
        assert.equal(outcomes.filter((outcome) => outcome === "ok").length, 4);
        assert.equal(outcomes.length, 7, outcomes.join(", "));
        assert.equal(warnings.length, 1, warnings.join("\n"));
        assert.match(warnings[0] ?? "", new RegExp(`clock is ${words} \\w+ Cloud's, .*\\(NTP\\)`));
      });
    }

    it(`follows a clock of ${cloud} that is put right meanwhile`, async () => {
      const call = clientOf();
      await emulator.clock(17 * MINUTE);
      await call();
      await emulator.clock(0);
      await call();
      assert.equal(warnings.length, 1);
    });
  }

  it("is asked no second time where the service's date says that the time was right", async () => {
    const asked = await service((_seen, response) =>
      json(response, 400, { Code: "InvalidTimeStamp.Expired", Message: "expired" }),
    );
    const client = alibabaClient({ endpoint: asked.endpoint, accessKeyId: "an-id", accessKeySecret: "a-secret" }, warn);
    await assert.rejects(client.call("GetTask", { Id: 1 }), (error) => {
      assert.ok(error instanceof CloudError && error.errorClass === "clock");
      assert.match(error.message, /set it \(NTP\)/);
      return true;
    });
    assert.deepEqual([asked.seen.length, warnings.length], [1, 0]);
    await asked.close();
  });

  it("is not corrected by an answer without a readable date", () => {
    const clock = serviceClock("wedata", warn);
    for (const headers of [undefined, {}, { date: "soon" }]) assert.equal(clock.correct(headers, 0), false);
    assert.deepEqual([clock.ahead(), warnings.length], [0, 0]);
  });
});
