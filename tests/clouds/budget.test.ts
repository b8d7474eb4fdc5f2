import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { alibabaClient } from "../../provider/clouds/alibaba/client";
import { budget } from "../../provider/clouds/budget";
import { keepLimits, shareLimits } from "../../provider/clouds/limits";
import { effortCounters, resetCounters } from "../../provider/core/counters";
import { ledgerInFile } from "../../provider/core/ledger";
import { json, service } from "./service";

describe("the calls of a day", () => {
  let folder: string;
  let warnings: string[];
  const warn = (message: string): void => void warnings.push(message);
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "budget-"));
    warnings = [];
    resetCounters();
  });
  afterEach(() => {
    keepLimits();
    rmSync(folder, { recursive: true, force: true });
  });
  const ledger = (where = folder) =>
    ledgerInFile({ folder: where, name: "account", broken: (error) => warn(String(error)) });

  it("are counted together by all processes of a machine, whichever of them has ended", async () => {
    const [one, other] = [ledger(), ledger()];
    assert.deepEqual([await one.spend("2026-01-01"), await other.spend("2026-01-01")], [1, 2]);
    assert.equal(await ledger().spend("2026-01-01"), 3);
    assert.equal(await one.spend("2026-01-02"), 1);
  });

  it("are counted by this process alone where the folder can't be written to, which is said once", async () => {
    writeFileSync(path.join(folder, "file"), "");
    const broken = ledger(path.join(folder, "file", "sub"));
    assert.deepEqual([await broken.spend("2026-01-01"), await broken.spend("2026-01-01")], [1, 2]);
    assert.equal(warnings.length, 1);
  });

  it("are warned about once when most of them are used, and end before the call when all are", async () => {
    const { spend } = budget({ cloud: "dataworks", perDay: 10, ledger: ledger(), warn });
    for (let i = 0; i < 7; i += 1) await spend("GetTask");
    assert.deepEqual(warnings, []);
    for (let i = 0; i < 3; i += 1) await spend("GetTask");
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /^8 of the 10 calls that this account may make today are used/);
    await assert.rejects(spend("GetTask"), {
      name: "CloudError",
      errorClass: "quota",
      message:
        /^GetTask: DayIsUsedUp: not sent: this account may make 10 calls a day \(dataworks:edition, dataworks:requestsPerDay\)/,
    });
    assert.deepEqual(effortCounters()[0]?.day, { used: 10, allowed: 10 });
  });

  it("begin anew at midnight in Beijing", async () => {
    let now = Date.parse("2026-03-01T15:59:59Z");
    const { spend } = budget({ cloud: "dataworks", perDay: 1, ledger: ledger(), warn, now: () => now });
    await spend("GetTask");
    await assert.rejects(spend("GetTask"));
    now += 1000;
    await spend("GetTask");
  });

  it("are those of the edition, or of the setting, and of no others", async () => {
    const running = await service((_, response) => json(response, 200, { RequestId: "r" }));
    try {
      shareLimits(warn, {}, folder);
      const settings = { endpoint: running.endpoint, accessKeyId: "LTAIknown", accessKeySecret: "s3cret" };
      const basic = alibabaClient({ ...settings, edition: "basic", requestsPerSecond: 1000, requestsPerDay: 3 });
      for (let i = 0; i < 3; i += 1) await basic.call("GetTask", { Id: 1 });
      await assert.rejects(
        basic.call("GetTask", { Id: 1 }, { about: "orders" }),
        /^CloudError: GetTask orders: DayIsUsedUp/,
      );
      assert.equal(running.seen.length, 3);
      const enterprise = alibabaClient({ ...settings, requestsPerSecond: 1000 });
      for (let i = 0; i < 3; i += 1) await enterprise.call("GetTask", { Id: 1 });
      assert.equal(running.seen.length, 6);
      assert.equal(warnings.length, 1);
      assert.doesNotMatch(readdirSync(folder).join(" "), /LTAI|127/);
    } finally {
      await running.close();
    }
  });
});
