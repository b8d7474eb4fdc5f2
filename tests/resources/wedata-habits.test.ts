import assert from "node:assert/strict";
import type { Properties } from "../../provider/core/definition";
import type { Unfinished } from "../../provider/core/lifecycle";
import { Stage } from "./wedata-stage";
import type { Made } from "./wedata-stage";

describe("what a run learns about WeData", function () {
  this.timeout(30_000);
  let stage: Stage;
  const open = async (switches: Properties = {}) => (stage = await Stage.open(switches));
  afterEach(() => stage.close());

  describe("of operations that turn the account away", () => {
    const refuseCode = () =>
      stage.emulator.fault({ kind: "error", operation: "ModifyTaskScript", code: "UnsupportedOperation" });

    it("is remembered by operation: other edits go on abroad when ModifyTaskScript is refused", async () => {
      await open({ wedataSite: "intl" });
      const a = await stage.created(stage.orders({ name: "a", script: { content: "1" } }));
      const b = await stage.created(stage.orders({ name: "b", script: { content: "1" } }));
      await refuseCode();
      await assert.rejects(
        stage.updated(a, { script: { content: "2" } }),
        /ModifyTaskScript a: UnsupportedOperation.*no other operation carries script\.content/,
      );
      await stage.isSettled(await stage.updated(b, { delayTimeMinutes: 7 }));
      assert.equal((await stage.named("b")).settings["DelayTime"], 7);
      await assert.rejects(stage.updated(b, { script: { content: "2" } }), /^Unfinished: b: ModifyTaskScript b:/);
    });

    it("sends the code abroad where only ModifyTaskInfo is refused", async () => {
      await open({ wedataSite: "intl" });
      const made = await stage.created(stage.orders({ script: { content: "1" } }));
      await stage.emulator.fault({
        kind: "error",
        operation: "ModifyTaskInfo",
        code: "UnsupportedOperation",
        times: 0,
      });
      const renamed = await stage.updated(made, { name: "renamed", script: { content: "2" } });
      await stage.isSettled(renamed);
      await stage.isSettled(await stage.updated(renamed, { script: { content: "3" } }));
      assert.equal(Buffer.from((await stage.named("renamed")).settings.Content, "base64").toString(), "3");
      assert.equal((await stage.emulator.counts())["ModifyTaskScript"], 2);
    });
  });

  describe("of the unit of executionTtlMinutes", () => {
    it("reaches the tasks that were sent meanwhile", async () => {
      await open({ executionTtlSeconds: true });
      const names = ["a", "b", "c", "d"];
      const made = await Promise.all(
        names.map((name) => stage.created(stage.orders({ name, executionTtlMinutes: 90 }))),
      );
      const stored = await stage.stored();
      assert.deepEqual(
        stored.map(({ settings, submitted }) => [settings["ExecutionTTL"], submitted?.settings["ExecutionTTL"]]),
        names.map(() => [90, 90]),
      );
      for (const each of made) await stage.isSettled(each);
      assert.deepEqual(stage.warnings, []);
    });

    for (const site of ["cn", "intl"]) {
      it(`is found out, too, where it was only sent because an edit had cleared it (${site})`, async () => {
        await open({ wedataSite: site, executionTtlSeconds: true, modifyTaskInfoClearsAbsent: true });
        const made = await stage.created(stage.orders({ executionTtlMinutes: 90, notes: "n" }));
        stage.connect(site);
        const next = await stage.updated(made, { delayTimeMinutes: 7 });
        const { settings, submitted } = await stage.named("load_orders");
        assert.deepEqual([settings["ExecutionTTL"], settings["DelayTime"]], [90, 7]);
        assert.deepEqual(submitted?.settings, settings);
        await stage.isSettled(next);
      });

      it(`is found out of a value that is not declared (${site})`, async () => {
        await open({ wedataSite: site, executionTtlSeconds: true, modifyTaskInfoClearsAbsent: true });
        const id = await stage.byHand({ ExecutionTTL: 90, DelayTime: 60 });
        const made = await stage.created(stage.adopting(id, { delayTimeMinutes: 7 }));
        const next = await stage.updated(made, {});
        const { settings } = await stage.named("old-1");
        assert.deepEqual([settings["ExecutionTTL"], settings["DelayTime"]], [90, 7]);
        await stage.isSettled(next);
      });
    }
  });

  describe("of owners that only operations can set", () => {
    const twoOwners = ["100033435965", "100099990001"];

    for (const site of ["cn", "intl"]) {
      it(`is kept for the run that publishes the draft (${site})`, async () => {
        await open({ wedataSite: site, guangzhouAllowlist: true });
        const plain = { cycleType: undefined, delayTimeMinutes: undefined };
        const draft = await stage.created(stage.orders({ ...plain, publish: false, owners: twoOwners }));
        assert.match(stage.warnings.join(), /they are set then \[owners-later\]$/);
        stage.connect(site);
        const done = await stage.updated(draft, { publish: true });
        assert.deepEqual((await stage.named("load_orders")).settings["InChargeIds"], twoOwners);
        await stage.isSettled(done);
        assert.equal(stage.warnings.length, 1);

        await stage.emulator.reset();
        await stage.isSettled(await stage.updated(done, { notes: "n" }));
        assert.equal((await stage.emulator.counts())["BatchModifyOpsOwners"], undefined);
      });
    }

    it("outlasts a publication that fails, and ends with owners that are no longer declared", async () => {
      await open({ guangzhouAllowlist: true });
      const draft = await stage.created(stage.orders({ publish: false, owners: twoOwners }));
      stage.connect();
      await stage.emulator.fault({ kind: "error", operation: "BatchModifyOpsOwners", code: "FailedOperation" });
      const news = await stage.checked({ ...draft.inputs, publish: true }, draft.inputs);
      const failure = (await stage.task.update(draft.id, draft.outs, news).catch((error: unknown) => error)) as {
        properties: Properties;
      };
      stage.connect();
      const left = { inputs: news, id: draft.id, outs: failure.properties };
      assert.equal(await stage.differs(left), true);
      await stage.isSettled(await stage.updated(left, {}));
      assert.deepEqual((await stage.named("load_orders")).settings["InChargeIds"], twoOwners);

      const other = await stage.created(stage.orders({ name: "other", publish: false, owners: twoOwners }));
      stage.connect();
      await stage.emulator.reset();
      await stage.isSettled(await stage.updated(other, { publish: true, owners: undefined }));
      assert.equal((await stage.emulator.counts())["BatchModifyOpsOwners"], undefined);
    });
  });

  describe("of values that the service shows late", () => {
    const lag = (milliseconds: number) => stage.emulator.setSwitch("wedataReadsLagMilliseconds", milliseconds);
    const attempt = async (made: Made, changes: Properties): Promise<Made> => {
      const inputs = await stage.checked({ ...made.inputs, ...changes }, made.inputs);
      const failure = await stage.task.update(made.id, made.outs, inputs).then(
        () => assert.fail("it should have failed"),
        (error: unknown) => error as Unfinished,
      );
      return { ...made, inputs, outs: failure.properties };
    };
    /** A task, edited once, so that it is known what becomes of what an update leaves out. */
    const known = async (site: string, args: Properties = {}): Promise<Made> => {
      await open({ wedataSite: site });
      return stage.updated(await stage.created(stage.orders({ notes: "m", ...args })), { notes: "n" });
    };

    for (const site of ["cn", "intl"]) {
      it(`is not taken for the service's own form of a text that is newly declared (${site})`, async () => {
        const made = await known(site);
        await stage.emulator.touch("wedata", String(made.outs["taskId"]), { ResourceGroup: "old" });
        await lag(60_000);
        const next = await stage.updated(made, { resourceGroup: "new" });
        assert.match(stage.warnings.join(), /the service accepted resourceGroup and shows another value/);
        assert.equal(await stage.differs(next), true);
        await lag(0);
        await stage.emulator.clock(70_000, { signatures: false });
        await stage.isSettled(await stage.updated(next, {}));
      });

      it(`is not taken for the service's own form of code that is newly declared (${site})`, async () => {
        const made = await known(site);
        const old = Buffer.from("old").toString("base64");
        await stage.emulator.fault({
          kind: "answer",
          operation: ["GetPaginationTaskScript", "DescribeTaskScript"],
          body: { Data: site === "cn" ? [{ PageTotal: 1, Base64ScriptContent: old }] : { ScriptContent: old } },
          times: 0,
        });
        const next = await stage.updated(made, { script: { content: "new" } });
        assert.match(stage.warnings.join(), /the service accepted script\.content and shows another value/);
        assert.equal(await stage.differs(next), true);
        await stage.emulator.clearFaults();
        await stage.isSettled(await stage.updated(next, {}));
      });

      it(`is not taken for the service's own form after an update that failed (${site})`, async () => {
        const made = await known(site, { resourceGroup: "old" });
        await stage.emulator.fault({ kind: "error", operation: "ModifyTaskInfo", code: "InvalidParameter" });
        const left = await attempt(made, { resourceGroup: "new" });
        await lag(60_000);
        const next = await stage.updated(left, {});
        assert.match(stage.warnings.join(), /the service accepted resourceGroup and shows another value/);
        assert.equal(await stage.differs(next), true);
      });
    }
  });
});
