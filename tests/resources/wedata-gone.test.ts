import assert from "node:assert/strict";
import type { Properties } from "../../provider/core/definition";
import { Stage } from "./wedata-stage";

describe("what is gone at WeData, and what only looks like it", function () {
  this.timeout(30_000);
  let stage: Stage;
  const open = async (switches: Properties = {}) => (stage = await Stage.open(switches));
  afterEach(() => stage.close());

  describe("a new task that the lists show late", () => {
    for (const site of ["cn", "intl"]) {
      it(`is waited for (${site})`, async () => {
        await open({ wedataSite: site, wedataListsLagMilliseconds: 1_000 });
        const made = await stage.created(stage.orders({ script: { content: "1" } }));
        await stage.isSettled(made);
        assert.deepEqual(stage.warnings, []);
      });
    }

    it("is said to be gone when it is not there in the end", async () => {
      await open({ wedataSite: "intl", wedataListsLagMilliseconds: 60_000 });
      await assert.rejects(
        stage.created(stage.orders()),
        /task \d+ is gone; run `pulumi refresh`, then `pulumi up` creates it again$/,
      );
    });
  });

  describe("an upstream abroad", () => {
    const on = (...ids: string[]) => ({
      dependencies: ids.map((parentTask) => ({
        dependConfType: "DAY",
        subordinateCyclicType: "CURRENT_DAY",
        parentTask,
      })),
    });

    it("is found although it is a draft, which only one of the lists shows", async () => {
      await open({ wedataSite: "intl", dependListsSeesDrafts: false });
      const draft = await stage.byHand({ submitted: false });
      const made = await stage.created(stage.orders(on(draft)));
      await stage.isSettled(made);
      assert.equal((await stage.named("load_orders")).settings.Dependencies[0]?.["ParentTaskId"], draft);
    });

    it("is named only when it is missing, although the service refuses the call for all", async () => {
      await open({ wedataSite: "intl" });
      const [a, b, c] = [await stage.byHand(), await stage.byHand(), await stage.byHand()].sort() as [
        string,
        string,
        string,
      ];
      await stage.emulator.remove("wedata", b);
      await stage.emulator.remove("wedata", c);
      await stage.emulator.fault({
        kind: "error",
        operation: "DescribeDependTaskLists",
        code: "FailedOperation",
        where: { TaskIds: [a, b, c] },
        times: 0,
      });
      await assert.rejects(
        stage.created(stage.orders(on(a, b, c))),
        new RegExp(
          `load_orders: dependencies name ${b}, ${c}, which no list of the project shows; correct parentTask, or give taskName, workflowId and cycleType in it`,
        ),
      );
    });
  });

  describe("a task that the editing space denies once", () => {
    for (const script of [{ content: "1" }, undefined]) {
      it(`stays in the state as a draft that no list shows (${script ? "with" : "without"} code)`, async () => {
        await open({ dependListsSeesDrafts: false, operateListSeesDrafts: false });
        const made = await stage.created(stage.orders({ publish: false, script }));
        for (const operation of ["DescribeTaskDetailDs", ...(script ? [] : ["GetPaginationTaskScript"])])
          await stage.emulator.fault({ kind: "error", operation, code: "FailedOperation" });
        const read = await stage.task.read(made.id, made.outs).catch((error: unknown) => error as Error);
        if (script) assert.match(String(read), /^CloudError: DescribeTaskDetailDs .*: FailedOperation/);
        else assert.deepEqual(read, { id: made.id, props: made.outs });
        await stage.isSettled(made);
        await stage.emulator.remove("wedata", String(made.outs["taskId"]));
        assert.equal((await stage.task.read(made.id, made.outs)).id, "");
      });
    }

    it("is not taken for gone where the list ends before it has shown all that it counts, or says nothing", async () => {
      await open({ wedataSite: "intl" });
      const made = await stage.created(stage.orders());
      const read = () => stage.task.read(made.id, { ...made.outs, modifyTime: "" });
      const another = { TotalCount: 9, Items: [{ TaskId: "1" }] };
      const empty = { TotalCount: 9, Items: [] };
      for (const [first, second, lacks] of [
        [null, null, "complete page of Items \\(request .*\\)"],
        [empty, empty, "complete page of Items \\(request .*\\)"],
        [another, { ...empty, PageNumber: 2 }, "page 2, although it counts 9 and has shown 1"],
      ] as const) {
        const operation = "DescribeOperateOpsTasks";
        await stage.emulator.fault({ kind: "error", operation: "DescribeDependTaskLists", times: 0 });
        await stage.emulator.fault({ kind: "answer", operation, where: { PageNumber: "2" }, body: { Data: second } });
        await stage.emulator.fault({ kind: "answer", operation, body: { Data: first } });
        await assert.rejects(
          read(),
          new RegExp(`^CloudError: ${operation}[^:]*: NoPage: the answer has no ${lacks}, not repeated; .*run again$`),
        );
        await stage.emulator.clearFaults();
      }
      assert.deepEqual((await read()).props, made.outs);
    });

    it("is not taken for one that only the schedule has left, as long as its name is taken", async () => {
      await open({ deleteKeepsScheduled: true });
      const made = await stage.created(stage.orders());
      const read = () => stage.task.read(made.id, { ...made.outs, modifyTime: "" });
      for (const operation of ["DescribeTaskDetailDs", "GetPaginationTaskScript"])
        await stage.emulator.fault({ kind: "error", operation, code: "FailedOperation", times: 0 });
      await assert.rejects(
        read(),
        /^TaskError: \S+: DescribeTaskDetailDs shows no task \d+, and the editing space has a task of its name, load_orders; run again, and where that does not help, give the other task another name$/,
      );
      await stage.emulator.clearFaults();
      assert.deepEqual((await read()).props, made.outs);
    });
  });
});
