import assert from "node:assert/strict";
import type { Properties } from "../../provider/core/definition";
import { Stage } from "./wedata-stage";

describe("a WeDataTask in a service that clears what an update leaves out", function () {
  this.timeout(30_000);
  let stage: Stage;
  const open = async (switches: Properties = {}) =>
    (stage = await Stage.open({ modifyTaskInfoClearsAbsent: true, ...switches }));
  afterEach(() => stage.close());
  const settings = async () => (await stage.named("old-1")).settings;

  /** Edits an adopted task twice in each of two runs, and gives what one of its settings is after each edit. */
  const edited = async (name: string, value: unknown, site?: string): Promise<unknown[]> => {
    const id = await stage.byHand({ Notes: "by hand", [name]: value });
    let made = await stage.created(stage.adopting(id));
    const seen: unknown[] = [];
    for (const changes of [{ runPriority: "low" }, { delayTimeMinutes: 5 }]) {
      stage.connect(site);
      for (const executionTtlMinutes of [7, 8]) {
        made = await stage.updated(made, { ...changes, executionTtlMinutes });
        seen.push((await settings())[name]);
      }
    }
    await stage.isSettled(made);
    return seen;
  };
  const always = (value: unknown) => [value, value, value, value];

  it("keeps parameters that only their own read shows", async () => {
    await open({ detailParamsNull: true });
    const parameters = [{ ParamKey: "a", ParamValue: "1" }];
    assert.deepEqual(await edited("TaskParamInfos", parameters), always(parameters));
  });

  it("is found out by the token alone, which is put back", async () => {
    await open();
    const made = await stage.created(stage.orders({ cycleType: "Hour", cycleStep: 2, delayTimeMinutes: undefined }));
    const { Notes } = (await stage.named("load_orders")).settings;
    stage.connect();
    const next = await stage.updated(made, { startTime: "2027-01-01 00:00:00" });
    const now = (await stage.named("load_orders")).settings;
    assert.deepEqual([now.Notes, now["CycleType"], now["CycleStep"]], [Notes, 2, 2]);
    await stage.isSettled(next);
  });

  it("is not mixed up with one that keeps such parameters", async () => {
    await open({ detailParamsNull: true, modifyTaskInfoClearsAbsent: false });
    const parameters = [{ ParamKey: "a", ParamValue: "1" }];
    assert.deepEqual(await edited("TaskParamInfos", parameters), always(parameters));
    assert.equal((await stage.emulator.counts())["ModifyTaskInfo"], 4);
    assert.deepEqual(stage.warnings, []);
  });

  for (const site of ["cn", "intl"]) {
    it(`keeps the undeclared retries, also where reads count runs (${site})`, async () => {
      await open({ tryLimitCountsRuns: true, wedataSite: site });
      assert.deepEqual(await edited("TryLimit", 4, site), always(4));
    });

    for (const SelfDepend of [1, 2])
      it(`keeps the undeclared self dependency ${SelfDepend}, also where its words mean the contrary (${site})`, async () => {
        await open({ selfDependWords: "ordered-is-serial", wedataSite: site });
        assert.deepEqual(await edited("SelfDepend", SelfDepend, site), always(SelfDepend));
      });
  }
});

describe("a WeDataTask whose interval gives way to chosen hours", () => {
  let stage: Stage;
  afterEach(() => stage.close());
  const hourly = { cycleType: "Hour", cycleStep: 2, delayTimeMinutes: undefined };

  for (const clears of [false, true])
    for (const more of [{}, { script: { content: "2" } }])
      it(`goes back to an interval of 1 (${clears ? "clears" : "keeps"}, with ${JSON.stringify(more)})`, async () => {
        stage = await Stage.open({ modifyTaskInfoClearsAbsent: clears });
        const made = await stage.created(stage.orders({ ...hourly, script: { content: "1" } }));
        const next = await stage.updated(made, { ...more, cycleStep: undefined, taskAction: "0,3" });
        const { CycleStep, TaskAction } = (await stage.named("load_orders")).settings;
        assert.deepEqual([CycleStep, TaskAction], [1, "0,3"]);
        await stage.isSettled(next);
        await stage.isSettled(await stage.updated(next, { notes: "n" }));
      });
});
