import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, it } from "mocha";
import ts from "typescript";
import { alibabaClient } from "../../provider/clouds/alibaba/client";
import type { AlibabaSettings } from "../../provider/clouds/alibaba/client";
import { budget } from "../../provider/clouds/budget";
import { keepLimits, shareLimits } from "../../provider/clouds/limits";
import { counters, effortCounters, resetCounters } from "../../provider/core/counters";
import { ledgerInFile } from "../../provider/core/ledger";
import { json, service } from "./service";
import type { Service } from "./service";

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
    assert.deepEqual([await one.spend("2026-01-01", 9), await other.spend("2026-01-01", 9)], [1, 2]);
    assert.equal(await ledger().spend("2026-01-01", 9), 3);
    assert.equal(await one.spend("2026-01-02", 9), 1);
  });

  it("are no more than allowed, however many processes make them at once", async () => {
    const source = readFileSync(path.join(__dirname, "..", "..", "provider", "core", "ledger.ts"), "utf8");
    const program = path.join(folder, "spends.js");
    const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023, esModuleInterop: true };
    writeFileSync(
      program,
      `${ts.transpileModule(source, { compilerOptions }).outputText}
      const ledger = ledgerInFile({ folder: ${JSON.stringify(folder)}, name: "account", broken(error) { throw error } });
      let spent = 0;
      for (let i = 0; i < 2000; i += 1) if (ledger.spend("2026-01-01", 1000) !== undefined) spent += 1;
      process.stdout.write(String(spent));`,
    );
    const run = promisify(execFile);
    const outputs = await Promise.all([1, 2, 3, 4].map(() => run(process.execPath, [program])));
    const spent = outputs.reduce((sum, { stdout }) => sum + Number(stdout), 0);
    const counted = Number(await ledger().spent("2026-01-01"));
    // Each of the other three may have met the last call of another.
    assert.ok(spent <= 1000 && spent >= 997, `${String(spent)} were let through`);
    assert.ok(counted >= 1000 && counted <= 1003, `${String(counted)} were counted`);
  });

  it("are counted by this process alone where the folder can't be written to, which is said once", async () => {
    writeFileSync(path.join(folder, "file"), "");
    const broken = ledger(path.join(folder, "file", "sub"));
    assert.deepEqual([await broken.spend("2026-01-01", 2), await broken.spend("2026-01-01", 2)], [1, 2]);
    assert.deepEqual([await broken.spend("2026-01-01", 2), await broken.spent("2026-01-01")], [undefined, 2]);
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

  it("are not counted where they are refused, so that more of them a day can be had the same day", async () => {
    const { spend } = budget({ cloud: "dataworks", perDay: 2, ledger: ledger(), warn });
    for (let i = 0; i < 2; i += 1) await spend("GetTask");
    for (let i = 0; i < 5; i += 1) await assert.rejects(spend("GetTask"), /DayIsUsedUp/);
    const raised = budget({ cloud: "dataworks", perDay: 4, ledger: ledger(), warn });
    for (let i = 0; i < 2; i += 1) await raised.spend("GetTask");
    await assert.rejects(raised.spend("GetTask"), /DayIsUsedUp/);
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
      assert.doesNotMatch(readdirSync(folder).join(" "), /LTAI|127\.0/);
    } finally {
      await running.close();
    }
  });

  describe("that wait for their turn", () => {
    let running: Service;
    const realNow = Date.now;
    beforeEach(async () => {
      running = await service((_, response) => json(response, 200, { RequestId: "r" }));
      shareLimits(warn, {}, folder);
    });
    afterEach(async () => {
      Date.now = realNow;
      await running.close();
    });
    const client = (more: Partial<AlibabaSettings>) =>
      alibabaClient({ endpoint: running.endpoint, accessKeyId: "LTAIknown", accessKeySecret: "s3cret", ...more });
    /** How many are counted on each day, the days in their order. */
    const counted = (): number[] =>
      readdirSync(folder)
        .filter((name) => /\.\d{4}-\d\d-\d\d$/.test(name))
        .sort()
        .map((name) => statSync(path.join(folder, name)).size);

    it("are not counted before they leave, so that a run that is stopped costs what it has sent", async () => {
      const basic = client({ requestsPerSecond: 5, requestsPerDay: 100 });
      const stop = new AbortController();
      const calls = Array.from({ length: 9 }, () => basic.call("GetTask", { Id: 1 }, { signal: stop.signal }));
      const outcomes = Promise.allSettled(calls);
      await calls[0];
      stop.abort();
      await outcomes;
      const made = counters().reduce((sum, { count }) => sum + count, 0);
      assert.ok(made < 9, `${String(made)} were made`);
      assert.deepEqual(counted(), [made]);
    });

    it("are counted on the day on which they leave", async () => {
      let time = Date.parse("2026-03-01T15:59:59Z");
      Date.now = () => time;
      const slow = client({ requestsPerSecond: 1, requestsPerDay: 100 });
      const [first, second] = [slow.call("GetTask", { Id: 1 }), slow.call("GetTask", { Id: 2 })];
      await first;
      time += 1000;
      await second;
      assert.deepEqual(counted(), [1, 1]);
    });

    it("are refused without it once the day is used up", async () => {
      await client({ requestsPerSecond: 1000, requestsPerDay: 1 }).call("GetTask", { Id: 1 });
      const slow = client({ requestsPerSecond: 0.1, requestsPerDay: 1 });
      const begun = performance.now();
      const outcomes = await Promise.allSettled([1, 2, 3].map((id) => slow.call("GetTask", { Id: id })));
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ["rejected", "rejected", "rejected"],
      );
      assert.ok(performance.now() - begun < 1000);
      assert.deepEqual(counted(), [1]);
    });
  });
});
