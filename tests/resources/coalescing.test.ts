import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../emulator/index";
import { configure } from "../../provider/clouds/connections";
import { type Properties } from "../../provider/core/definition";
import { type Unfinished, hooks } from "../../provider/core/lifecycle";
import { definition } from "../../provider/resources/dataworks-task/resource";

interface Made {
  id: string;
  inputs: Properties;
  outs: Properties;
}

describe("many DataWorks tasks at once", () => {
  let emulator: Emulator;
  let warnings: string[] = [];
  let config: Record<string, string>;
  const task = hooks(definition, {
    ready: () => Promise.resolve(),
    warn: (message) => warnings.push(message),
    inform: () => undefined,
  });

  beforeEach(async () => {
    emulator = await startEmulator({ stageMilliseconds: 0 });
    warnings = [];
    config = {
      "dataworks:endpoint": emulator.dataworks,
      "dataworks:accessKeyId": emulator.accessKeyId,
      "dataworks:accessKeySecret": emulator.accessKeySecret,
      "dataworks:requestsPerSecond": "100000",
    };
    configure({ get: (key) => config[key] });
  });
  afterEach(() => emulator.close());

  /** Adopted tasks with a schedule, and with tags, which the list does not show, unless there are none. */
  const adopted = async (count: number, { tags = true } = {}): Promise<Made[]> => {
    const StartTime = "2026-01-01 00:00:00";
    const ids = await emulator.createTasks(
      "dataworks",
      {
        Name: "task_{n}",
        Trigger: { Type: "Scheduler", Cron: "0 0 2 * * ?", StartTime },
        ...(tags && { Tags: [{ Key: "a", Value: "b" }] }),
      },
      count,
    );
    return Promise.all(
      ids.map(async (adopt, index) => {
        const { inputs } = await task.check(
          {},
          {
            projectId: emulator.projectId,
            adopt,
            trigger: { type: "Scheduler", cron: "0 0 2 * * ?" },
            ...(tags && { tags: { a: "b" } }),
            creationToken: `many${String(index).padStart(8, "0")}`,
          },
        );
        const { id, outs } = await task.create(inputs);
        return { id, outs, inputs };
      }),
    );
  };
  const cronOf = (index: number) => `0 ${String(index % 60)} 3 * * ?`;
  const rescheduled = (made: Made, cron: string, more: Properties = {}): Promise<Made> =>
    update(made, { ...made.inputs, trigger: { type: "Scheduler", cron }, ...more });
  const update = async ({ id, outs }: Made, inputs: Properties): Promise<Made> => ({
    id,
    inputs,
    outs: (await task.update(id, outs, inputs)).outs,
  });
  const allOf = <T>(work: readonly Promise<T>[]): Promise<T[]> => Promise.all(work);
  const counts = () => emulator.counts();
  const stored = async () =>
    new Map(
      (await emulator.tasks("dataworks")).map((each) => [String((each as Properties)["Id"]), each as Properties]),
    );
  const idOf = ({ outs }: Made) => String(outs["taskId"]);
  const withoutDifference = async (made: readonly Made[]): Promise<void> => {
    for (const { id, outs, inputs } of made) assert.equal((await task.diff(id, outs, inputs)).changes, false);
  };

  describe("that are updated", () => {
    it("travel together, are read back together, and differ in nothing afterwards", async () => {
      const before = await adopted(120);
      const first = await rescheduled(before[0] as Made, "0 0 4 * * ?");
      await emulator.reset();
      const after = await allOf(before.slice(1).map((made, index) => rescheduled(made, cronOf(index))));
      const { BatchUpdateTasks = 0, ListTasks = 0, ...others } = await counts();
      assert.deepEqual(others, {});
      assert.ok(BatchUpdateTasks <= 4 && ListTasks <= 8, `${String(BatchUpdateTasks)} and ${String(ListTasks)}`);
      await withoutDifference([first, ...after]);
      const now = await stored();
      for (const made of after) {
        const { Trigger, ModifyTime } = now.get(idOf(made)) as { Trigger: Properties; ModifyTime: number };
        assert.equal(Trigger["Cron"], (made.inputs["trigger"] as Properties)["cron"]);
        assert.equal(made.outs["modifyTime"], String(ModifyTime));
      }
    });

    it("travel together again after an update that failed as a whole", async () => {
      const before = await adopted(60);
      await emulator.fault({ kind: "error", operation: "BatchUpdateTasks", code: "9990040003", http: 400, times: 0 });
      const failed = await Promise.allSettled(before.map((made, index) => rescheduled(made, cronOf(index))));
      assert.ok(failed.every(({ status }) => status === "rejected"));
      await emulator.clearFaults();
      const outsOf = (index: number) => ((failed[index] as PromiseRejectedResult).reason as Unfinished).properties;
      const again = before.map((made, index) => ({ ...made, outs: outsOf(index) }));
      await emulator.reset();
      const after = await allOf(again.map((made, index) => rescheduled(made, cronOf(index))));
      const { BatchUpdateTasks = 0, ListTasks = 0, ...others } = await counts();
      assert.deepEqual(others, {});
      assert.ok(BatchUpdateTasks <= 3 && ListTasks <= 7, `${String(BatchUpdateTasks)} and ${String(ListTasks)}`);
      await withoutDifference(after);
    });

    it("fail alone, with their own message", async () => {
      const [one, two, three] = (await adopted(3)) as [Made, Made, Made];
      const outcomes = await Promise.allSettled([
        rescheduled(one, "0 0 4 * * ?"),
        rescheduled(two, "0 0 4 * * ?", { timeoutSeconds: -1 }),
        rescheduled(three, "0 0 4 * * ?"),
      ]);
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ["fulfilled", "rejected", "fulfilled"],
      );
      const [, failed] = outcomes;
      const reason = failed?.status === "rejected" ? (failed.reason as Unfinished) : undefined;
      assert.match(
        reason?.message ?? "",
        new RegExp(`^BatchUpdateTasks adopted task ${idOf(two)}: TaskRefused: InvalidTimeout`),
      );
    });

    it("are sent in halves until the one is found for which the call is refused", async () => {
      const made = await adopted(16);
      await emulator.setSwitch("batchUpdateAtomic", true);
      await emulator.reset();
      const outcomes = await Promise.allSettled(
        made.map((each, index) => rescheduled(each, "0 0 4 * * ?", index === 5 ? { timeoutSeconds: -1 } : {})),
      );
      assert.deepEqual(
        outcomes.flatMap(({ status }, index) => (status === "rejected" ? index : [])),
        [5],
      );
      assert.ok(((await counts())["BatchUpdateTasks"] ?? 0) <= 10);
      const reason = outcomes[5]?.status === "rejected" ? (outcomes[5].reason as Unfinished) : undefined;
      assert.match(reason?.message ?? "", /InvalidTimeout/);
    });

    it("travel in smaller batches once the service has refused a long one", async () => {
      let made = await adopted(60);
      await emulator.setSwitch("batchUpdateMaximum", 15);
      made = await allOf(made.map((each) => rescheduled(each, "0 0 4 * * ?")));
      await withoutDifference(made);
      await emulator.reset();
      made = await allOf(made.map((each) => rescheduled(each, "0 0 5 * * ?")));
      await withoutDifference(made);
      const sizes = (await emulator.calls())
        .filter(({ operation }) => operation === "BatchUpdateTasks")
        .map(({ parameters, outcome }) => [((parameters as Properties)["Tasks"] as unknown[]).length <= 15, outcome]);
      assert.ok(sizes.length >= 4 && sizes.length <= 7, String(sizes.length));
      assert.deepEqual(
        sizes.filter(([fits, outcome]) => fits !== true || outcome !== "ok"),
        [],
      );
    });

    it("are read where the answer does not say what became of them", async () => {
      const [one, two, three] = (await adopted(3)) as [Made, Made, Made];
      await emulator.setSwitch("batchOutcomesMissing", "done");
      await withoutDifference(
        await allOf([
          rescheduled(one, "0 0 4 * * ?"),
          rescheduled(two, "0 0 4 * * ?"),
          rescheduled(three, "0 0 4 * * ?"),
        ]),
      );
      await emulator.setSwitch("batchOutcomesMissing", "refused");
      const [good, bad] = await Promise.allSettled([
        rescheduled(one, "0 0 5 * * ?"),
        rescheduled(two, "0 0 5 * * ?", { timeoutSeconds: -1 }),
      ]);
      assert.equal(good?.status, "fulfilled");
      assert.match(
        bad?.status === "rejected" ? (bad.reason as Unfinished).message : "",
        /NoOutcome: the service did not say what became of this task/,
      );
    });

    it("never meet in one call when they are the same task", async () => {
      const [made] = (await adopted(1)) as [Made];
      await allOf([
        rescheduled(made, "0 0 4 * * ?"),
        rescheduled(made, "0 0 5 * * ?"),
        rescheduled(made, "0 0 6 * * ?"),
      ]);
      const sent = (await emulator.calls()).filter(({ operation }) => operation === "BatchUpdateTasks");
      assert.deepEqual(
        sent.map(({ parameters }) => ((parameters as Properties)["Tasks"] as unknown[]).length),
        [1, 1, 1],
      );
      const now = (await stored()).get(idOf(made)) as { Trigger: Properties };
      assert.equal(now.Trigger["Cron"], "0 0 6 * * ?");
    });

    it("show what somebody has changed since the last refresh, although the list does not show it", async () => {
      const before = await adopted(20);
      const edited = before[7] as Made;
      await emulator.touch("dataworks", idOf(edited), { Tags: [{ Key: "a", Value: "console" }] });
      const after = await allOf(before.map((made) => rescheduled(made, "0 0 4 * * ?")));
      assert.deepEqual(
        warnings.filter((warning) => warning.includes("[changed-meanwhile]")).map((warning) => warning.split(":")[0]),
        [`DataWorksTask ${edited.id}`],
      );
      const changed = [];
      for (const { id, outs, inputs } of after) if ((await task.diff(id, outs, inputs)).changes) changed.push(id);
      assert.deepEqual(changed, [edited.id]);
    });
  });

  describe("that are refreshed", () => {
    /** A refresh of eight at a time. */
    const refreshed = async (made: readonly Made[], parallel = 8) => {
      const results: Awaited<ReturnType<typeof task.read>>[] = [];
      let next = 0;
      const worker = async (): Promise<void> => {
        while (next < made.length) {
          const index = next++;
          const { id, outs } = made[index] as Made;
          results[index] = await task.read(id, outs);
        }
      };
      await Promise.all(Array.from({ length: parallel }, worker));
      return results;
    };
    const isUnchanged = (made: readonly Made[], results: readonly { props: Properties; inputs?: Properties }[]) =>
      results.forEach(({ props, inputs }, index) => {
        assert.equal(inputs, undefined);
        assert.deepEqual(props, made[index]?.outs);
      });

    for (const parallel of [8, 64]) {
      it(`cost at most two calls for a hundred of them, ${String(parallel)} at a time`, async () => {
        const made = await adopted(300);
        await emulator.reset();
        isUnchanged(made, await refreshed(made, parallel));
        const { ListTasks = 0, ...others } = await counts();
        assert.deepEqual(others, {});
        assert.ok(ListTasks <= 6, String(ListTasks));
      });
    }

    it("are read in full where they moved, and only there", async () => {
      const made = await adopted(40);
      await emulator.touch("dataworks", idOf(made[3] as Made), { Tags: [{ Key: "a", Value: "console" }] });
      await emulator.touch("dataworks", idOf(made[30] as Made), { RerunTimes: 7 });
      await emulator.reset();
      const results = await refreshed(made);
      assert.equal((await counts())["GetTask"], 2);
      assert.deepEqual(results[3]?.inputs?.["tags"], { a: "console" });
      assert.equal(results[30]?.inputs, undefined);
      assert.deepEqual(
        results.flatMap(({ inputs }, index) => (inputs ? index : [])),
        [3],
      );
    });

    it("are gone where they are gone, and nowhere else", async () => {
      const made = await adopted(30);
      await emulator.remove("dataworks", idOf(made[11] as Made));
      const results = await refreshed(made);
      assert.deepEqual(
        results.flatMap(({ id }, index) => (id === "" ? index : [])),
        [11],
      );
    });

    it("are there although pages lack some of them, or come back broken", async () => {
      const made = await adopted(30);
      await emulator.setSwitch("listTasksLosesItems", true);
      isUnchanged(made, await refreshed(made));
      await emulator.setSwitch("listTasksLosesItems", false);
      await emulator.fault({ kind: "cut-json", operation: "ListTasks", times: 2 });
      isUnchanged(made, await refreshed(made));
    });

    it("are read one by one where they may not be listed", async () => {
      const made = await adopted(20);
      await emulator.fault({ kind: "error", operation: "ListTasks", times: 0, code: "Forbidden.Access", http: 403 });
      await emulator.reset();
      isUnchanged(made, await refreshed(made));
      const { GetTask, ListTasks = 0 } = await counts();
      assert.equal(GetTask, 20);
      assert.ok(ListTasks <= 8, String(ListTasks));
    });

    it("come on smaller pages where the service wants that", async () => {
      const made = await adopted(120);
      await emulator.setSwitch("listTasksMaximumPageSize", 30);
      isUnchanged(made, await refreshed(made));
      const refused = (await emulator.calls()).filter(({ outcome }) => outcome === "InvalidPageSize");
      assert.ok(refused.length <= 4, String(refused.length));
    });

    it("are trusted where their time of modification has not moved, unless all are to be read in full", async () => {
      const made = await adopted(12);
      await emulator.setSwitch("modifyTimeMoves", "listed");
      await emulator.touch("dataworks", idOf(made[3] as Made), { Tags: [{ Key: "a", Value: "console" }] });
      isUnchanged(made, await refreshed(made));
      config["dataworks:fullRefresh"] = "true";
      configure({ get: (key) => config[key] });
      await emulator.reset();
      const results = await refreshed(made);
      assert.deepEqual(await counts(), { GetTask: 12 });
      assert.deepEqual(results[3]?.inputs?.["tags"], { a: "console" });
    });

    it("of a big workspace are not looked for page by page", async () => {
      const made = await adopted(24);
      await emulator.createTasks("dataworks", { Name: "other_{n}" }, 3000);
      await emulator.reset();
      isUnchanged(made, await refreshed(made));
      const { ListTasks = 0 } = await counts();
      assert.ok(ListTasks <= 8, String(ListTasks));
    });
  });

  it("are adopted together where the list shows all that is declared", async () => {
    await emulator.reset();
    const made = await adopted(100, { tags: false });
    const { ListTasks = 0, ...others } = await counts();
    assert.deepEqual(others, {});
    assert.ok(ListTasks <= 4, String(ListTasks));
    await withoutDifference(made);
  });
});
