import assert from "node:assert/strict";
import type { Properties } from "../../provider/core/definition";
import { Unfinished } from "../../provider/core/lifecycle";
import { Stage } from "./wedata-stage";
import type { Made } from "./wedata-stage";

/**
 * What the documents leave open about WeData, the one place where our assumption stands, the switch that plays the other
 * answer, and what becomes of a task then. Places are files of provider/resources/wedata-task.
 *
 * | item                                   | assumption                        | switch                                           | outcome |
 * |----------------------------------------|-----------------------------------|--------------------------------------------------|---------|
 * | §6.20, §7 allowlist of ModifyTaskInfo   | change.ts, send                   | guangzhouAllowlist: true, or another code        | converges on the mainland; abroad a sentence says what can't be carried |
 * | §6.21 words of SelfDepend               | words.ts, readSelfDepend          | selfDependWords, selfDependAnswers               | converges; adopted tasks are set once |
 * | §6.22 words of CycleType                | words.ts, CYCLE_WORDS             | cycleTypeAnswers: letter, number                 | converges; doubtful letters are not compared |
 * | §6.23 TryLimit: retries or runs         | learning.ts, countsRuns           | tryLimitCountsRuns                               | converges |
 * | §6.24 StartupTime                       | learning.ts, isIgnorable          | startupTimeAbandoned                             | one warning, no difference |
 * | §6.25 InCharge, hidden in ModifyTaskInfo| spelling.ts, setBySuccessor       | inChargeIgnored                                  | converges on the mainland; abroad one warning, no difference |
 * | §6.26 six kinds of dependency more      | dependencies.ts, mainlandPart     | (site)                                           | mainland only; refused abroad |
 * | §6.27 unit of ExecutionTTL              | learning.ts, countsSeconds        | executionTtlSeconds                              | converges |
 * | §6.28 T+1 and T_PLUS_1                  | arguments.ts                      | initStrategyAnswers                              | converges |
 * | §6.29 additions to TaskExt              | extension.ts, toExtension         | taskExtMerges, taskExtNormalises                 | converges; what others added stays |
 * | §6.30, §7 what a missing task answers   | lookup.ts, readTask               | missingWedataTask                                | gone is noticed, and only then |
 * | §6.31 counts of batch deletions         | removal.ts, remove                | batchCountsTotal                                 | converges |
 * | §6.32 TypeId, §6.33 ids                 | spelling.ts, asText, asNumber     | wedataIdsAreNumbers                              | converges |
 * | §4.2 one owner shown, or all            | lists.ts, fromOwners              | ownersShown                                      | converges |
 * | §4.2 names of the two kinds of read     | wire.ts, NAMES                    | dependListsUsesListNames                         | converges |
 * | §4.2 servers null or wrapped            | wire.ts, NAMES                    | detailServersNull, serverIdsWrapped              | converges |
 * | §4.2 parameters null in the detail      | lookup.ts, readTask               | detailParamsNull                                 | converges; undeclared ones stay |
 * | §4.2 seconds in times                   | schedule.ts                       | executionTimeWithSeconds, validityTimes          | converges |
 * | §7 fields that an update leaves out     | bringing.ts, clearedPaths         | modifyTaskInfoClearsAbsent                       | converges; undeclared values stay too |
 * | §7 empty fields                         | arguments.ts; learning.ts         | wedataEmptyTextClears, wedataEmptyListClears     | one warning, no difference |
 * | §7 when a read shows an update          | lookup.ts, SETTLING_MILLISECONDS  | wedataReadsLagMilliseconds                       | converges |
 * | §7 drafts in the lists                  | lookup.ts; learning.ts, isBehind  | dependListsSeesDrafts, operateListSeesDrafts, dependListsShowsSubmitted | converges; a draft that is not shown is not compared |
 * | deletion from one space only, downstream| removal.ts, remove                | deleteKeepsScheduled, deleteRefusedWithDownstream| converges, or the service's own refusal |
 * | §4.2 what moves LastUpdate | resource.ts unmovedTask | deleteKeepsScheduled | an edit that does not move it, and a task that only the editing space has lost, are seen with wedata:fullRefresh, or after a failed update |
 * | §7 how many ids one read takes | lookup.ts MOST_IDS | (none: the contract names no figure) | asked again for half of them, and remembered |
 */

const SITES = ["cn", "intl"] as const;

/** Both answers of a switch, with the tests told of which it is. */
function both(name: string, answers: readonly unknown[], tell: (answer: unknown, switches: Properties) => void): void {
  for (const answer of answers) tell(answer, { [name]: answer });
}

describe("assumptions about WeData", function () {
  this.timeout(30_000);
  let stage: Stage;
  const open = async (switches: Properties = {}) => (stage = await Stage.open(switches));
  afterEach(() => stage.close());

  /** A task that is created with some arguments, edited, released from what it no longer declares, and deleted. */
  async function lives(args: Properties, ...edits: Properties[]): Promise<Made> {
    let made = await stage.created(stage.orders(args));
    await stage.isSettled(made);
    for (const edit of edits) {
      made = await stage.updated(made, edit);
      await stage.isSettled(made);
    }
    const { submitted, settings } = await stage.named(made.inputs["name"] as string);
    assert.deepEqual(submitted?.settings, settings, "production does not have the newest edit");
    return made;
  }
  async function ends(made: Made): Promise<void> {
    await stage.task.delete(made.id, made.outs);
    assert.equal((await stage.task.read(made.id, made.outs)).id, "");
    await stage.task.delete(made.id, made.outs);
  }
  const settings = async (name = "load_orders") => (await stage.named(name)).settings;

  describe("contracts §6.20, §7 the allowlist of ModifyTaskInfo", () => {
    both("guangzhouAllowlist", [false, true, "UnsupportedOperation", "FailedOperation"], (answer, switches) => {
      it(`converges on the mainland (${String(answer)})`, async () => {
        await open(switches);
        const made = await lives(
          { notes: "n", owners: ["100033435965"], script: { content: "1" } },
          { name: "renamed", delayTimeMinutes: 7, owners: ["100099990001"] },
          { script: { content: "2" }, notes: undefined },
        );
        const { DelayTime, InChargeIds, TaskName } = await settings("renamed");
        assert.deepEqual([DelayTime, InChargeIds, TaskName], [7, ["100099990001"], "renamed"]);
        assert.deepEqual(stage.warnings, []);
        await ends(made);
      });
    });

    it("renames, annotates and changes owners abroad, and says what nothing else carries there", async () => {
      await open({ wedataSite: "intl", guangzhouAllowlist: true });
      const made = await stage.created(stage.orders({ cycleType: undefined, delayTimeMinutes: undefined }));
      await stage.isSettled(made);
      const next = await stage.updated(made, { name: "renamed", notes: "n", owners: ["100099990001"] });
      await stage.isSettled(next);
      assert.deepEqual((await settings("renamed"))["InChargeIds"], ["100099990001"]);
      await assert.rejects(stage.updated(next, { delayTimeMinutes: 9, script: { content: "2" } }), (error: unknown) => {
        assert.ok(error instanceof Unfinished);
        assert.match(
          error.message,
          /ModifyTaskInfo .*OperationDenied\.UserNotInWhitelistError.*; on the international site no other operation carries delayTimeMinutes: ask Tencent Cloud/,
        );
        return true;
      });
    });
  });

  describe("contracts §6.21 the words of SelfDepend", () => {
    for (const switches of [
      { selfDependWords: "ordered-is-orderly" },
      { selfDependWords: "ordered-is-serial" },
      { selfDependAnswers: "number" },
    ]) {
      for (const site of SITES) {
        it(`converges with ${JSON.stringify(switches)} (${site})`, async () => {
          await open({ ...switches, wedataSite: site });
          const made = await lives(
            { selfDepend: "orderedSerial" },
            { selfDepend: "unorderedSerial" },
            { selfDepend: 3 },
          );
          assert.equal((await settings())["SelfDepend"], 3);
          const last = await stage.updated(made, { selfDepend: "orderedSerial" });
          await stage.isSettled(last);
          await stage.emulator.touch("wedata", String(last.outs["taskId"]), { SelfDepend: 2 });
          assert.equal((await stage.refreshed(last))?.["selfDepend"], "unorderedSerial");
          assert.deepEqual(stage.warnings, []);
        });
      }

      for (const [is, declared] of [
        [1, "orderedSerial"],
        [2, "orderedSerial"],
        [1, "unorderedSerial"],
        [2, "unorderedSerial"],
      ] as const) {
        it(`sets ${declared} in an adopted task that has ${is}, once (${JSON.stringify(switches)})`, async () => {
          await open(switches);
          const first = await stage.created(
            stage.adopting(await stage.byHand({ SelfDepend: is }), { selfDepend: declared }),
          );
          const isPlain = "selfDependAnswers" in switches;
          assert.equal(stage.warnings.filter((text) => text.endsWith("[self-depend-unknown]")).length, isPlain ? 0 : 1);
          const second = (await stage.differs(first)) ? await stage.updated(first, {}) : first;
          assert.equal((await settings("old-1"))["SelfDepend"], declared === "orderedSerial" ? 1 : 2);
          await stage.isSettled(second);
          const third = await stage.updated(second, { selfDepend: declared === "orderedSerial" ? 2 : 1 });
          await stage.isSettled(third);
          await stage.emulator.touch("wedata", String(third.outs["taskId"]), {
            SelfDepend: declared === "orderedSerial" ? 1 : 2,
          });
          assert.equal((await stage.refreshed(third))?.["selfDepend"], declared);
        });
      }
    }

    it("sees that an adopted task is parallel, or is no longer", async () => {
      await open({ selfDependWords: "ordered-is-serial" });
      const made = await stage.created(
        stage.adopting(await stage.byHand({ SelfDepend: 3 }), { selfDepend: "parallel" }),
      );
      await stage.isSettled(made);
      await stage.emulator.touch("wedata", String(made.outs["taskId"]), { SelfDepend: 1 });
      assert.notEqual((await stage.refreshed(made))?.["selfDepend"], undefined);
    });
  });

  describe("contracts §6.22 the words of CycleType", () => {
    both("cycleTypeAnswers", ["word", "letter", "number"], (answer, switches) => {
      for (const site of SITES) {
        it(`converges with every cycle (${String(answer)}, ${site})`, async () => {
          await open({ ...switches, wedataSite: site });
          const plain = { delayTimeMinutes: undefined };
          const made = await lives(
            { cycleType: "Minute", cycleStep: 5, ...plain },
            { cycleType: "Week", cycleStep: 1 },
            { cycleType: "FlexibleMonth" },
            { cycleType: "Instant" },
            { cycleType: "Crontab", crontabExpression: "0 0 2 * * ?" },
            { cycleType: "Day", crontabExpression: undefined },
          );
          assert.equal((await settings())["CycleType"], 3);
          await stage.emulator.touch("wedata", String(made.outs["taskId"]), { CycleType: 5 });
          assert.equal((await stage.refreshed(made))?.["cycleType"], "Month");
        });
      }
    });
  });

  describe("contracts §6.23 TryLimit: retries or runs", () => {
    both("tryLimitCountsRuns", [false, true], (answer, switches) => {
      for (const site of SITES) {
        it(`converges (${String(answer)}, ${site})`, async () => {
          await open({ ...switches, wedataSite: site });
          const made = await lives({ tryLimit: 3 }, { tryLimit: 4 }, { delayTimeMinutes: 1 }, { tryLimit: 2 });
          assert.equal((await settings())["TryLimit"], 2);
          await stage.emulator.touch("wedata", String(made.outs["taskId"]), { TryLimit: 7 });
          assert.equal((await stage.refreshed(made))?.["tryLimit"], 7);
          assert.deepEqual(stage.warnings, []);
        });
      }
    });
  });

  describe("contracts §6.24 StartupTime", () => {
    both("startupTimeAbandoned", [false, true], (answer, switches) => {
      it(`ends without a difference (${String(answer)})`, async () => {
        await open(switches);
        const made = await lives({ startupTime: 60 }, { startupTime: 120 }, { delayTimeMinutes: 3 });
        assert.equal((await settings())["StartupTime"], answer === true ? 0 : 120);
        assert.equal(stage.warnings.length, answer === true ? 2 : 0);
        assert.ok(stage.warnings.every((text) => /took startupTime .* \[value-not-taken\]$/.test(text)));
        await ends(made);
      });
    });
  });

  describe("contracts §6.25 InCharge, hidden in ModifyTaskInfo", () => {
    both("inChargeIgnored", [false, true], (answer, switches) => {
      it(`converges on the mainland (${String(answer)})`, async () => {
        await open(switches);
        await lives({ inCharge: "data_owner" }, { inCharge: "console_user", delayTimeMinutes: 3 });
        assert.equal((await settings())["InCharge"], "console_user");
        assert.deepEqual(stage.warnings, []);
      });
    });

    it("says once abroad that the service did not take it", async () => {
      await open({ wedataSite: "intl", inChargeIgnored: true });
      await lives({ inCharge: "data_owner" }, { delayTimeMinutes: 3 });
      assert.equal(stage.warnings.length, 1);
      assert.match(stage.warnings.join(), /the service took inCharge and shows another value.* \[value-not-taken\]$/);
    });
  });

  describe("contracts §6.26 kinds of dependency that only one site documents", () => {
    it("takes a range on the mainland, and refuses it abroad before anything is made", async () => {
      const edge = { dependConfType: "RANGE_DAY", subordinateCyclicType: "CURRENT_DAY", offset: "-2,-1" };
      await open();
      await lives({ dependencies: [{ ...edge, parentTask: await stage.byHand() }] });
      await stage.close();
      await open({ wedataSite: "intl" });
      await assert.rejects(
        stage.created(stage.orders({ dependencies: [{ ...edge, parentTask: await stage.byHand() }] })),
        /dependencies\[0\]\.dependConfType RANGE_DAY exists on the mainland site only/,
      );
      assert.equal((await stage.stored()).length, 1);
    });
  });

  describe("contracts §6.27 the unit of ExecutionTTL", () => {
    both("executionTtlSeconds", [false, true], (answer, switches) => {
      for (const site of SITES) {
        it(`converges (${String(answer)}, ${site})`, async () => {
          await open({ ...switches, wedataSite: site });
          const made = await lives({ executionTtlMinutes: 90 }, { executionTtlMinutes: 30 });
          assert.equal((await settings())["ExecutionTTL"], 30);
          stage.connect(site);
          const next = await stage.updated(made, { executionTtlMinutes: 240 });
          await stage.isSettled(next);
          assert.equal((await settings())["ExecutionTTL"], 240);
          await stage.isSettled(await stage.updated(next, { executionTtlMinutes: undefined }));
          assert.equal((await settings())["ExecutionTTL"], -1);
          assert.deepEqual(stage.warnings, []);
        });
      }
    });
  });

  describe("contracts §6.28 T+1 and T_PLUS_1", () => {
    both("initStrategyAnswers", ["T_PLUS_0", "T+0"], (answer, switches) => {
      for (const site of SITES) {
        it(`reads what the task was made with (${String(answer)}, ${site})`, async () => {
          await open({ ...switches, wedataSite: site });
          const made = await lives({ instanceInitStrategy: "T+0", productName: "DATA_DEV" }, { delayTimeMinutes: 3 });
          await stage.emulator.touch("wedata", String(made.outs["taskId"]), { InstanceInitStrategy: "T+1" });
          assert.equal((await stage.refreshed(made))?.["instanceInitStrategy"], "T+1");
        });
      }
    });
  });

  describe("contracts §6.29 additions to TaskExt", () => {
    const document = { b: 1, a: { y: [1, 2], x: "ü" } };
    for (const switches of [{}, { taskExtMerges: true }, { taskExtNormalises: true }]) {
      it(`converges, keeps what others added, and sees a change inside a document (${JSON.stringify(switches)})`, async () => {
        await open(switches);
        const first = await lives({ taskExt: { python_type: "python3", config: JSON.stringify(document, null, 2) } });
        const id = String(first.outs["taskId"]);
        const { TaskExt } = await settings();
        await stage.emulator.touch("wedata", id, {
          TaskExt: TaskExt.map(({ Key, Value }) =>
            Key === "config" ? { Key, Value: JSON.stringify({ ...document, console: true }) } : { Key, Value },
          ).concat({ Key: "added", Value: "x" }),
        });
        assert.equal(await stage.refreshed(first), undefined);
        const second = await stage.updated(first, { taskExt: { config: JSON.stringify({ ...document, b: 2 }) } });
        await stage.isSettled(second);
        const now = new Map((await settings()).TaskExt.map(({ Key, Value }) => [Key, Value]));
        assert.equal(now.get("added"), "x");
        assert.deepEqual(JSON.parse(now.get("config") ?? ""), {
          ...document,
          b: 2,
          console: true,
          ...("taskExtNormalises" in switches && { serviceVersion: 2 }),
        });
        assert.equal(now.has("python_type"), "taskExtMerges" in switches);
        await stage.emulator.touch("wedata", id, {
          TaskExt: [{ Key: "config", Value: '{ "a": {"x":"ü","y":[2,1]}, "b":2 }' }],
        });
        assert.deepEqual((await stage.refreshed(second))?.["taskExt"], { config: '{"a":{"x":"ü","y":[2,1]},"b":2}' });
        assert.deepEqual(stage.warnings, []);
      });
    }
  });

  describe("contracts §6.30, §7 what a missing task answers", () => {
    both("missingWedataTask", ["FailedOperation", "ResourceNotFound", "null"], (answer, switches) => {
      for (const site of SITES) {
        it(`is noticed, and a deletion succeeds (${String(answer)}, ${site})`, async () => {
          await open({ ...switches, wedataSite: site });
          const made = await lives({}, { delayTimeMinutes: 3 });
          await stage.emulator.remove("wedata", String(made.outs["taskId"]));
          assert.equal((await stage.task.read(made.id, made.outs)).id, "");
          await assert.rejects(stage.updated(made, { delayTimeMinutes: 1 }), /is gone; run `pulumi refresh`/);
          await stage.task.delete(made.id, made.outs);
          await assert.rejects(
            stage.created(stage.adopting(String(made.outs["taskId"]))),
            /adopt: there is no task \d+ in project/,
          );
        });
      }
    });
  });

  describe("contracts §6.31 the counts of batch deletions", () => {
    both("batchCountsTotal", [false, true], (answer, switches) => {
      it(`are not what says that a task is off the schedule (${String(answer)})`, async () => {
        await open({ ...switches, deleteKeepsScheduled: true });
        await ends(await lives({}));
        assert.deepEqual(await stage.stored(), []);
      });
    });
  });

  describe("contracts §6.32, §6.33 numbers and texts", () => {
    both("wedataIdsAreNumbers", [false, true], (answer, switches) => {
      for (const site of SITES) {
        it(`mean the same (${String(answer)}, ${site})`, async () => {
          await open({ ...switches, wedataSite: site });
          const parentTask = await stage.byHand();
          const edge = { dependConfType: "DAY", subordinateCyclicType: "CURRENT_DAY" };
          const made = await lives(
            { owners: ["100033435965"], dependencies: [{ ...edge, parentTask }] },
            { delayTimeMinutes: 1 },
          );
          const adopted = await stage.created(
            stage.adopting(String(made.outs["taskId"]), { force: true, taskType: 30, owners: ["100033435965"] }),
          );
          await stage.isSettled(adopted);
          assert.deepEqual(stage.warnings, []);
          await ends(made);
        });
      }
    });
  });

  describe("contracts §4.2 owners, names, servers and times in reads", () => {
    const args = {
      owners: ["100033435965", "100099990001"],
      startTime: "2026-01-01 00:00:00",
      endTime: "2090-01-01 08:30:00",
      executionStartTime: "08:00",
      executionEndTime: "20:30",
      sourceServer: "8738",
      targetServer: "9638",
      resourceGroup: "20221229172428663695",
      cycleType: "Hour",
      cycleStep: 2,
      delayTimeMinutes: undefined,
    };
    for (const switches of [
      {},
      { ownersShown: "first" },
      { dependListsUsesListNames: true },
      { detailServersNull: true },
      { serverIdsWrapped: false },
      { executionTimeWithSeconds: true },
      { validityTimes: "fraction" },
      { validityTimes: "minutes" },
    ]) {
      for (const site of SITES) {
        it(`say the same with ${JSON.stringify(switches)} (${site})`, async () => {
          await open({ ...switches, wedataSite: site });
          const made = await lives(
            args,
            { executionEndTime: "21:00", endTime: "2091-01-01 00:00:00", sourceServer: "1" },
            { owners: ["100099990001", "100033435965"], targetServer: undefined },
            { owners: ["100099990001"], cycleStep: 3 },
          );
          assert.deepEqual((await settings())["InChargeIds"], ["100099990001"]);
          await stage.emulator.touch("wedata", String(made.outs["taskId"]), {
            ResourceGroup: "2",
            CycleStep: 4,
            SourceServer: "2",
          });
          const { resourceGroup, cycleStep, sourceServer } = (await stage.refreshed(made)) ?? {};
          assert.deepEqual([resourceGroup, cycleStep, sourceServer], ["2", 4, "2"]);
          assert.deepEqual(stage.warnings, []);
        });
      }
    }
  });

  describe("contracts §7 fields that an update leaves out", () => {
    both("modifyTaskInfoClearsAbsent", [false, true], (answer, switches) => {
      for (const site of SITES) {
        it(`keep their value, whether declared or not (${String(answer)}, ${site})`, async () => {
          await open({ ...switches, wedataSite: site });
          const byHand = {
            YarnQueue: "root.etl",
            TryLimit: 9,
            RunPriority: 4,
            DelayTime: 60,
            Notes: "by hand",
            ...(site === "cn" && {
              TaskParamInfos: [{ ParamKey: "a", ParamValue: "1" }],
              TaskExt: [{ Key: "k", Value: "v" }],
              ScheduleTimeZone: "UTC+9",
            }),
          };
          const id = await stage.byHand(byHand);
          const first = await stage.created(stage.adopting(id, { tryLimit: 9, runPriority: "low" }));
          const second = await stage.updated(first, {});
          await stage.isSettled(second);
          const third = await stage.updated(second, { executionTtlMinutes: 5 });
          await stage.isSettled(third);
          const now = await settings("old-1");
          for (const [name, value] of Object.entries({ ...byHand, RunPriority: 6, ExecutionTTL: 5 }))
            assert.deepEqual(now[name], value, name);
          assert.deepEqual((await stage.named("old-1")).submitted?.settings, now);
          // What can't be read there is lost, and said to be.
          const unread = stage.warnings.filter((text) => text.endsWith("[cleared-unread]"));
          assert.equal(unread.length > 0, site === "intl" && answer === true);
          // The next task costs no second write.
          await stage.emulator.reset();
          const other = await stage.created(stage.orders({ yarnQueue: "q", notes: "n" }));
          await stage.isSettled(await stage.updated(other, { delayTimeMinutes: 5 }));
          assert.equal((await stage.emulator.counts())["ModifyTaskInfo"], 2);
          const { YarnQueue, DelayTime } = await settings();
          assert.deepEqual([YarnQueue, DelayTime], ["q", 5]);
        });
      }
    });
  });

  describe("contracts §7 empty fields", () => {
    for (const switches of [{}, { wedataEmptyTextClears: false }, { wedataEmptyListClears: false }]) {
      it(`clear, or are said once to keep their value (${JSON.stringify(switches)})`, async () => {
        await open(switches);
        const parentTask = await stage.byHand();
        const edge = { dependConfType: "DAY", subordinateCyclicType: "CURRENT_DAY", parentTask };
        const full = { yarnQueue: "q", sourceServer: "1", parameters: { a: "1" }, dependencies: [edge] };
        const made = await lives(full, { yarnQueue: "", sourceServer: "", parameters: {}, dependencies: [] });
        const kept = Object.keys(switches)[0];
        const { YarnQueue, TaskParamInfos } = await settings();
        assert.equal(YarnQueue, kept === "wedataEmptyTextClears" ? "q" : "");
        assert.equal((TaskParamInfos as unknown[]).length, kept === "wedataEmptyListClears" ? 1 : 0);
        assert.equal(stage.warnings.length, kept === undefined ? 0 : 1);
        const later = await stage.updated(made, { delayTimeMinutes: 8 });
        await stage.isSettled(later);
        const again = await stage.updated(later, full);
        await stage.isSettled(again);
        await stage.isSettled(
          await stage.updated(again, Object.fromEntries(Object.keys(full).map((name) => [name, undefined]))),
        );
      });
    }
  });

  describe("contracts §7 when a read shows an update", () => {
    both("wedataReadsLagMilliseconds", [0, 400], (answer, switches) => {
      for (const site of SITES) {
        it(`is waited for (${String(answer)} ms, ${site})`, async () => {
          await open({ ...switches, wedataSite: site });
          await lives(
            { tryLimit: 3, selfDepend: "orderedSerial", notes: "a" },
            { tryLimit: 2, selfDepend: "unorderedSerial", notes: "", delayTimeMinutes: 5 },
          );
          assert.deepEqual(stage.warnings, []);
        });
      }
    });
  });

  describe("contracts §7 drafts in the lists", () => {
    for (const switches of [
      {},
      { dependListsSeesDrafts: false },
      { operateListSeesDrafts: false },
      { dependListsSeesDrafts: false, operateListSeesDrafts: false },
      { dependListsShowsSubmitted: true },
    ]) {
      for (const site of SITES) {
        it(`are known, and are published later (${JSON.stringify(switches)}, ${site})`, async () => {
          await open({ ...switches, wedataSite: site });
          const first = await stage.created(stage.orders({ publish: false, script: { content: "1" } }));
          assert.equal(await stage.differs(first), false);
          assert.equal(await stage.refreshed(first), undefined);
          const second = await stage.updated(first, { publish: true, delayTimeMinutes: 5 });
          await stage.isSettled(second);
          const third = await stage.updated(second, { publish: false, delayTimeMinutes: 6, tryLimit: 2 });
          await stage.isSettled(third);
          const fourth = await stage.updated(third, { delayTimeMinutes: 7 });
          await stage.isSettled(fourth);
          const hidden = site === "intl" && "dependListsShowsSubmitted" in switches;
          assert.equal(stage.warnings.filter((text) => text.endsWith("[draft-not-shown]")).length, hidden ? 1 : 0);
          const last = await stage.updated(fourth, { publish: true });
          await stage.isSettled(last);
          assert.equal((await stage.named("load_orders")).submitted?.settings["DelayTime"], 7);
          await ends(last);
        });
      }
    }
  });

  describe("deletion, from one space or both, with tasks that depend on it", () => {
    for (const site of SITES) {
      it(`leaves nothing where the two spaces are apart (${site})`, async () => {
        await open({ wedataSite: site, deleteKeepsScheduled: true });
        await ends(await lives({ script: { content: "1" } }));
        assert.deepEqual(await stage.stored(), []);
      });

      it(`passes the service's own refusal on (${site})`, async () => {
        await open({ wedataSite: site, deleteRefusedWithDownstream: true });
        const made = await lives({});
        const parentTask = made.outs["taskId"];
        const edge = { dependConfType: "DAY", subordinateCyclicType: "CURRENT_DAY", parentTask };
        const son = await stage.created(stage.orders({ name: "son", dependencies: [edge] }));
        await assert.rejects(stage.task.delete(made.id, made.outs), /DeleteTaskDs .*has downstream tasks: \d+/);
        await ends(son);
        await ends(made);
      });
    }
  });
});
