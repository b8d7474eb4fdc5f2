import assert from "node:assert/strict";
import { startEmulator } from "../../emulator";
import type { Emulator } from "../../emulator";
import { service } from "../../emulator/wedata/service";
import { each, refusal, wedata } from "./official-clients";
import type { Answer } from "./official-clients";
import { switched } from "./switched";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("The emulated WeData 2021-08-20", () => {
  let emulator: Emulator;
  let call: (action: string, parameters: Record<string, unknown>) => Promise<Answer>;
  let project: { ProjectId: string };
  let names = 0;

  before(async () => {
    emulator = await startEmulator();
    call = wedata(emulator);
    project = { ProjectId: emulator.wedataProjectId };
  });
  after(async () => emulator.close());

  const task = (more: Record<string, unknown> = {}) => ({
    ...project,
    WorkflowId: emulator.wedataWorkflowId,
    TaskName: `task_${++names}`,
    TaskType: 30,
    Content: base64("print(1)"),
    ...more,
  });
  const create = async (more: Record<string, unknown> = {}): Promise<string> =>
    String((await call("CreateTaskNew", task(more))).Data);
  const modify = async (TaskId: string, changes: Record<string, unknown>): Promise<Answer> =>
    call("ModifyTaskInfo", { ...project, TaskId, ...changes });
  const detail = async (TaskId: string): Promise<Answer> =>
    (await call("DescribeTaskDetailDs", { ...project, TaskId })).Data;
  const operations = async (...TaskIds: string[]): Promise<Answer> =>
    (await call("DescribeDependTaskLists", { ...project, TaskIds })).Data;
  const version = async (TaskId: string, more: Record<string, unknown> = {}): Promise<Answer> =>
    call("CreateTaskVersionDs", {
      ...project,
      Task: { TaskId },
      NeedCheckParentSubmitted: false,
      AutoRun: false,
      ...more,
    });
  const stored = async (TaskId: string): Promise<Answer> =>
    (await emulator.tasks("wedata")).find((each: Answer) => each.TaskId === TaskId);

  it("makes tasks with seventeen-digit ids and the service's defaults", async () => {
    const id = await create({ InstanceInitStrategy: "T+1" });
    assert.match(id, /^20\d{15}$/);
    assert.ok(BigInt(await create()) > BigInt(id));
    const read = await detail(id);
    const {
      CycleType,
      CycleStep,
      RetryWait,
      TryLimit,
      RunPriority,
      SelfDepend,
      ExecutionTTL,
      BrokerIp,
      Status,
      Submit,
    } = read;
    assert.deepEqual(
      { CycleType, CycleStep, RetryWait, TryLimit, RunPriority, SelfDepend, ExecutionTTL, BrokerIp, Status, Submit },
      {
        CycleType: "DAY_CYCLE",
        CycleStep: 1,
        RetryWait: 5,
        TryLimit: 5,
        RunPriority: 6,
        SelfDepend: "serial",
        ExecutionTTL: -1,
        BrokerIp: "any",
        Status: "N",
        Submit: false,
      },
    );
    assert.deepEqual(
      [read.TaskType.TypeId, read.TaskType.TypeDesc, read.InstanceInitStrategy],
      [30, "Python", "T_PLUS_1"],
    );
    assert.match(read.StartTime, /^\d{4}-\d\d-\d\d 00:00:00$/);
    const old = await call("CreateTask", { ...task(), Content: undefined });
    assert.match(old.Data.Id, /^\d{17}$/);
  });

  it("refuses a taken name, an unknown workflow, an unknown project and a script that is not base64", async () => {
    const first = task();
    await call("CreateTaskNew", first);
    assert.equal(await refusal(call("CreateTaskNew", first)), "InvalidParameter.DuplicateName");
    await call("CreateTaskNew", { ...first, TaskType: 35 });
    assert.equal(await refusal(create({ WorkflowId: emulator.otherWedataWorkflowId })), "FailedOperation");
    assert.equal(await refusal(create({ ProjectId: "1" })), "InvalidParameter.WorkspaceNotExist");
    assert.equal(await refusal(create({ Content: "§" })), "InvalidParameterValue");
    const { ProjectId, TaskName } = first;
    assert.equal((await call("CheckTaskNameExist", { ProjectId, TaskName, TypeId: 30 })).Data, true);
    assert.equal((await call("CheckTaskNameExist", { ProjectId, TaskName, TypeId: 36 })).Data, false);
  });

  it("reads back every field of ModifyTaskInfo under the read side's names and words", async () => {
    const parent = await create();
    const id = await create();
    const { Data } = await modify(id, {
      TaskName: `renamed_${++names}`,
      DelayTime: 90,
      SelfDepend: 1,
      StartTime: "2024-03-28 00:00:00",
      EndTime: "2034-03-29 00:00:00",
      CycleType: 2,
      CycleStep: 1,
      TaskAction: "0,3,4",
      ExecutionStartTime: "01:00",
      ExecutionEndTime: "22:59",
      RetryWait: 7,
      TryLimit: 2,
      Retriable: 0,
      RunPriority: 4,
      TaskExt: [{ Key: "python_type", Value: "python3" }],
      ResourceGroup: "20221229172428663695",
      YarnQueue: "root.default",
      BrokerIp: "ins-g8j6pv4f",
      Notes: "test",
      TaskParamInfos: [{ ParamKey: "a", ParamValue: "3" }],
      SourceServer: "8738",
      TargetServer: "9638",
      DependencyWorkflow: "yes",
      DependencyConfigDTOs: [
        {
          DependConfType: "HOUR",
          SubordinateCyclicType: "CURRENT_HOUR",
          DependencyStrategy: "EXECUTING",
          ParentTask: { TaskId: parent },
        },
      ],
      ExecutionTTL: 30,
      InChargeIds: ["100033435965", "7"],
    });
    assert.equal(Data, true);
    const read = await detail(id);
    assert.deepEqual(
      [
        read.CycleType,
        read.SelfDepend,
        read.Retriable,
        read.TaskAction,
        read.DelayTime,
        read.ExecutionTTL,
        read.SourceServer,
      ],
      ["HOUR_CYCLE", "orderly", 0, "0,3,4", 90, 30, "8738"],
    );
    assert.deepEqual(
      [read.InChargeId, read.InCharge, read.ResourceGroup, read.DependencyWorkflow],
      ["100033435965;7", "data_owner;user_7", "20221229172428663695", "yes"],
    );
    assert.deepEqual([read.Params[0].ParamKey, read.Params[0].ParamValue], ["a", "3"]);
    const properties: { ParamKey: string; ParamValue: string }[] = read.TaskExt.Properties;
    assert.ok(properties.length > 1, "the service adds properties");
    assert.deepEqual(properties[0], { ParamKey: "python_type", ParamValue: "python3" });
    const [dependency] = read.DependencyConfigList;
    assert.equal(dependency.ParentTask.TaskId, parent);
    assert.deepEqual(
      [
        dependency.MainCyclicConfig,
        dependency.SubordinateCyclicConfig,
        dependency.DependencyStrategy.PollingNullStrategy,
      ],
      ["HOUR", "CURRENT_HOUR", "EXECUTING"],
    );
    const [other] = await operations(id);
    assert.deepEqual(
      [
        other.RetryAble,
        other.Retriable,
        other.TaskTypeId,
        other.CycleType,
        other.SourceServiceId,
        other.CycleUnit,
        other.TaskExt,
      ],
      [0, undefined, 30, "HOUR_CYCLE", ";8738;", null, undefined],
    );
  });

  it("keeps absent fields and clears by empty text and empty lists", async () => {
    const parent = await create();
    const id = await create();
    await modify(id, {
      Notes: "text",
      RetryWait: 9,
      TaskExt: [{ Key: "k", Value: "v" }],
      TaskParamInfos: [{ ParamKey: "a", ParamValue: "3" }],
      DependencyConfigDTOs: [
        {
          DependConfType: "DAY",
          SubordinateCyclicType: "CURRENT_DAY",
          DependencyStrategy: "WAITING",
          ParentTask: { TaskId: parent },
        },
      ],
    });
    await modify(id, { Notes: "", TaskParamInfos: [], DependencyConfigDTOs: [] });
    const read = await detail(id);
    assert.deepEqual([read.Notes, read.Params, read.DependencyConfigList, read.RetryWait], ["", null, [], 9]);
    assert.equal(read.TaskExt.Properties[0].ParamKey, "k");
    await switched(emulator, { modifyTaskInfoClearsAbsent: true }, async () => {
      await modify(id, { Notes: "again" });
      assert.equal((await detail(id)).RetryWait, 5);
    });
  });

  it("refuses settings that cannot be", async () => {
    const id = await create();
    assert.equal(await refusal(modify(id, { CycleType: 0 })), "InvalidParameter");
    assert.equal(await refusal(modify(id, { ExecutionStartTime: "7" })), "InvalidParameterValue");
    const ds = (changes: Record<string, unknown>) => call("ModifyTaskInfoDs", { ...project, TaskId: id, ...changes });
    assert.equal(await refusal(ds({ TaskAction: "1,2", CycleStep: 2 })), "InvalidParameterValue");
    await modify(id, { CycleType: 0, CrontabExpression: "0 0 3 * * ? *" });
    assert.equal((await detail(id)).CrontabExpression, "0 0 3 * * ? *");
    const unknown = "20200101000000000";
    assert.equal(
      await refusal(
        modify(id, {
          DependencyConfigDTOs: [
            {
              DependConfType: "DAY",
              SubordinateCyclicType: "CURRENT_DAY",
              DependencyStrategy: "WAITING",
              ParentTask: { TaskId: unknown },
            },
          ],
        }),
      ),
      "FailedOperation",
    );
  });

  it("keeps the fields of ModifyTaskInfoDs apart from its TaskName", async () => {
    const id = await create();
    const before = await detail(id);
    const change = {
      ...project,
      TaskId: id,
      TaskName: "other",
      ScheduleTimeZone: "UTC+1",
      ConcurrentStrategy: 1,
      Content: base64("print(2)"),
    };
    await call("ModifyTaskInfoDs", change);
    const read = await detail(id);
    assert.deepEqual(
      [read.TaskName, read.ScheduleTimeZone, read.ConcurrentStrategy, read.ScriptChange],
      [before.TaskName, "UTC+1", 1, true],
    );
    const name = `by_ds_${++names}`;
    await switched(emulator, { modifyTaskInfoDsRenames: true }, async () => {
      await call("ModifyTaskInfoDs", { ...change, TaskName: name });
    });
    assert.equal((await detail(id)).TaskName, name);
    await call("ModifyTaskName", { ...project, TaskId: id, TaskName: `${name}_2`, Notes: "n" });
    assert.deepEqual([(await detail(id)).TaskName, (await detail(id)).Notes], [`${name}_2`, "n"]);
  });

  it("hands out scripts whole or in pages that must be joined before decoding", async () => {
    const script = "select '数据';\n".repeat(700);
    const id = await create({ Content: base64(script) });
    assert.equal((await call("DescribeTaskScript", { ...project, TaskId: id })).Data.ScriptContent, base64(script));
    const pages: string[] = [];
    for (let PageNum = 1, total = 1; PageNum <= total; PageNum += 1) {
      const [page] = (await call("GetPaginationTaskScript", { ...project, TaskId: id, PageNum })).Data;
      total = page.PageTotal;
      pages.push(page.Base64ScriptContent);
    }
    assert.ok(pages.length > 1);
    assert.equal(Buffer.from(pages.join(""), "base64").toString(), script);
    const changed = await call("ModifyTaskScript", { ...project, TaskId: id, ScriptContent: base64("x") });
    assert.equal(changed.Data.Content, base64("x"));
  });

  it("counts versions and keeps what production runs", async () => {
    const id = await create();
    assert.equal((await version(id)).Data, "V1");
    await modify(id, { RetryWait: 11, RunPriority: 4 });
    assert.equal((await stored(id)).submitted.settings.RetryWait, 5);
    const list = await call("DescribeOperateOpsTasks", { ...project, TaskIdList: id });
    assert.equal(list.Data.Items[0].RetryWait, 5);
    assert.equal((await version(id)).Data, "V2");
    assert.equal((await stored(id)).submitted.settings.RetryWait, 11);
    const read = await detail(id);
    assert.deepEqual([read.Status, read.Submit, read.ScriptChange], ["Y", true, false]);
    assert.equal(
      (await call("SubmitTask", { ...project, TaskId: id, VersionRemark: "r", StartScheduling: true })).Data,
      true,
    );
    assert.equal((await stored(id)).submitted.Version, "V3");
  });

  it("asks for submitted parents and refuses circles of dependencies", async () => {
    const parent = await create();
    const son = await create();
    const link = (TaskFrom: string, TaskTo: string) =>
      call("ModifyTaskLinksDs", {
        ...project,
        TaskFrom,
        TaskTo,
        WorkflowId: emulator.wedataWorkflowId,
        RealFromWorkflowId: emulator.wedataWorkflowId,
      });
    assert.equal((await link(parent, son)).Data, true);
    assert.equal((await detail(son)).DependencyConfigList[0].MainCyclicConfig, "DAY");
    assert.equal(await refusal(link(son, parent)), "FailedOperation");
    assert.equal(await refusal(version(son, { NeedCheckParentSubmitted: true })), "FailedOperation");
    await version(parent);
    assert.equal((await version(son, { NeedCheckParentSubmitted: true })).Data, "V1");
  });

  it("lists operations with text pages, letters for cycles and its own names", async () => {
    const name = `ops_${++names}`;
    const id = await create({ TaskName: name });
    await modify(id, { CycleType: 1, CycleStep: 5, ResourceGroup: "77", StartTime: "2024-03-28 00:00:00" });
    await version(id);
    const { Data } = await call("DescribeOperateOpsTasks", {
      ...project,
      TaskNameList: name,
      PageNumber: "1",
      PageSize: "5",
      StatusList: "Y",
    });
    assert.deepEqual([Data.PageNumber, Data.PageSize, Data.TotalCount, Data.Items.length], [1, 5, 1, 1]);
    const [item] = Data.Items;
    assert.deepEqual(
      [item.TaskId, item.CycleUnit, item.CycleNum, item.StartDate, item.InitStrategy, item.ExecutorGroupId],
      [id, "I", 5, "2024-03-28 00:00:00", "T_PLUS_1", "77"],
    );
    assert.deepEqual(
      [item.CycleType, item.CycleStep, item.StartTime, item.InstanceInitStrategy, item.ResourceGroup],
      [null, null, null, null, null],
    );
    assert.match(item.InCharge, /^;.+;$/);
    assert.equal(
      await refusal(call("DescribeOperateOpsTasks", { ...project, PageNumber: "x" })),
      "InvalidParameterValue",
    );
    const byCycle = await call("DescribeTaskByCycle", project);
    assert.ok(each(byCycle.Data, "CycleUnit").includes("I"));
  });

  it("sees drafts in its lists only where the switches say so", async () => {
    const id = await create();
    assert.equal((await operations(id)).length, 1);
    await switched(emulator, { dependListsSeesDrafts: false, operateListSeesDrafts: false }, async () => {
      assert.equal(await refusal(operations(id)), "FailedOperation");
      assert.equal((await call("DescribeOperateOpsTasks", { ...project, TaskIdList: id })).Data.TotalCount, 0);
    });
  });

  it("freezes, stops and changes owners of submitted tasks, counting failures", async () => {
    const name = `run_${++names}`;
    const id = await create({ TaskName: name });
    const draft = await create();
    const tasks = [{ TaskId: id, TaskName: name }];
    assert.equal(await refusal(call("FreezeOpsTasks", { Tasks: tasks, OperateIsInform: false })), "FailedOperation");
    await version(id);
    assert.equal((await call("FreezeOpsTasks", { Tasks: tasks, OperateIsInform: false })).Data, true);
    assert.equal((await detail(id)).Status, "O");
    await version(id);
    assert.equal((await detail(id)).Status, "O");
    const owners = await call("BatchModifyOpsOwners", { ...project, TaskIdList: [id, draft], Owners: "5;6" });
    assert.deepEqual([owners.Data.SuccessCount, owners.Data.FailedCount, owners.Data.TotalCount], [1, 1, 2]);
    assert.equal((await detail(id)).InChargeId, "5;6");
    const stop = await call("BatchStopOpsTasks", { ...project, TaskIdList: [id], AsyncMode: true });
    assert.match(stop.Data.AsyncActionId, /^\d+$/);
    assert.equal((await detail(id)).Status, "F");
    const gone = await call("BatchDeleteOpsTasks", {
      ...project,
      TaskIdList: [id, "1"],
      DeleteMode: true,
      EnableNotify: false,
    });
    assert.deepEqual([gone.Data.SuccessCount, gone.Data.FailedCount, gone.Data.TotalCount], [1, 1, 0]);
    assert.equal(await stored(id), undefined);
  });

  it("lets DeleteMode decide what a deletion does to downstream tasks", async () => {
    const [spared, broken, son] = [await create(), await create(), await create()];
    for (const parent of [spared, broken]) {
      const flows = { WorkflowId: emulator.wedataWorkflowId, RealFromWorkflowId: emulator.wedataWorkflowId };
      await call("ModifyTaskLinksDs", { ...project, TaskFrom: parent, TaskTo: son, ...flows });
    }
    await switched(emulator, { deleteRefusedWithDownstream: true }, async () => {
      assert.equal(await refusal(call("DeleteTaskDs", { ...project, TaskId: spared })), "FailedOperation");
    });
    assert.equal((await call("DeleteTaskDs", { ...project, TaskId: spared, DeleteMode: true })).Data, true);
    assert.equal((await call("DeleteTaskDs", { ...project, TaskId: broken })).Data, true);
    assert.deepEqual((await stored(son)).instancesFailedBy, [broken]);
    assert.deepEqual((await detail(son)).DependencyConfigList, []);
    assert.equal(await refusal(call("DeleteTaskDs", project)), "MissingParameter");
  });

  it("has three ways to say that a task is gone", async () => {
    const id = await create();
    await call("DeleteTaskDs", { ...project, TaskId: id });
    assert.equal(await refusal(detail(id)), "FailedOperation");
    assert.equal(await refusal(modify(id, { Notes: "x" })), "FailedOperation");
    await switched(emulator, { missingWedataTask: "ResourceNotFound" }, async () => {
      assert.equal(await refusal(operations(id)), "ResourceNotFound");
    });
    await switched(emulator, { missingWedataTask: "null" }, async () => {
      assert.equal(await detail(id), null);
      assert.deepEqual(await operations(id), []);
      assert.equal((await call("DeleteTaskDs", { ...project, TaskId: id })).Data, false);
    });
    const kept = await create();
    assert.deepEqual(each(await operations(id, kept), "TaskId"), [kept]);
  });

  it("keeps the scheduled side of a deleted task when told to", async () => {
    const id = await create();
    await version(id);
    await switched(emulator, { deleteKeepsScheduled: true }, async () => {
      await call("DeleteTaskDs", { ...project, TaskId: id });
      assert.equal(await refusal(detail(id)), "FailedOperation");
      assert.equal((await call("DescribeOperateOpsTasks", { ...project, TaskIdList: id })).Data.TotalCount, 1);
      await call("BatchDeleteOpsTasks", { ...project, TaskIdList: [id], DeleteMode: false, EnableNotify: false });
      assert.equal((await call("DescribeOperateOpsTasks", { ...project, TaskIdList: id })).Data.TotalCount, 0);
    });
  });

  const otherAnswers: [switches: Record<string, unknown>, settings: Record<string, unknown>, shown: Answer][] = [
    [{ cycleTypeAnswers: "letter" }, { CycleType: 5 }, { CycleType: "M" }],
    [{ cycleTypeAnswers: "number" }, { CycleType: 5 }, { CycleType: "5" }],
    [{ selfDependAnswers: "number" }, { SelfDepend: 1 }, { SelfDepend: "1" }],
    [{ tryLimitCountsRuns: true }, { TryLimit: 3 }, { TryLimit: 4 }],
    [{ startupTimeAbandoned: true }, { StartupTime: 60 }, { StartupTime: 0 }],
    [{ executionTtlSeconds: true }, { ExecutionTTL: 90 }, { ExecutionTTL: 2 }],
    [{ inChargeIgnored: true }, { InCharge: "somebody" }, { InCharge: "data_engineer" }],
    [{ ownersShown: "first" }, { InChargeIds: ["1", "2"] }, { InChargeId: "1" }],
    [{ wedataIdsAreNumbers: true }, { InChargeIds: ["12"] }, { InChargeId: 12 }],
    [{ validityTimes: "fraction" }, { EndTime: "2030-01-01 00:00:00" }, { EndTime: "2030-01-01 00:00:00.0" }],
    [{ validityTimes: "minutes" }, { EndTime: "2030-01-01 00:00:00" }, { EndTime: "2030-01-01 00:00" }],
    [{ executionTimeWithSeconds: true }, { ExecutionStartTime: "01:00" }, { ExecutionStartTime: "01:00:00" }],
    [{ detailServersNull: true }, { SourceServer: "7" }, { SourceServer: null, SourceServiceId: ";7;" }],
    [{ detailParamsNull: true }, { TaskParamInfos: [{ ParamKey: "a", ParamValue: "1" }] }, { Params: null }],
    [{ serverIdsWrapped: false }, { SourceServer: "7" }, { SourceServer: "7", SourceServiceId: "7" }],
    [{ wedataReadsLagMilliseconds: 60_000 }, { Notes: "new" }, { Notes: "" }],
    [{ initStrategyAnswers: "T+0" }, {}, { InstanceInitStrategy: "T+1" }],
  ];
  for (const [switches, settings, shown] of otherAnswers) {
    it(`plays another answer with ${JSON.stringify(switches)}`, async () => {
      await switched(emulator, switches, async () => {
        const id = await create();
        await modify(id, settings);
        const read = await detail(id);
        assert.deepEqual(Object.fromEntries(Object.keys(shown).map((name) => [name, read[name]])), shown);
      });
    });
  }

  it("keeps what an empty field is sent for when told to", async () => {
    const id = await create();
    const parameters = [{ ParamKey: "a", ParamValue: "1" }];
    await modify(id, { YarnQueue: "q", TaskParamInfos: parameters });
    await switched(emulator, { wedataEmptyTextClears: false, wedataEmptyListClears: false }, async () => {
      await modify(id, { YarnQueue: "", TaskParamInfos: [] });
      const { YarnQueue, Params } = await detail(id);
      assert.deepEqual([YarnQueue, each(Params, "ParamKey")], ["q", ["a"]]);
    });
    await modify(id, { YarnQueue: "", TaskParamInfos: [] });
    const { YarnQueue, Params } = await detail(id);
    assert.deepEqual([YarnQueue, Params], ["", null]);
  });

  it("turns JSON in extensions round, and adds to it, when told to", async () => {
    const id = await create();
    await modify(id, { TaskExt: [{ Key: "k", Value: '{"b":1,"a":2}' }] });
    await switched(emulator, { taskExtNormalises: true }, async () => {
      const properties = (await detail(id)).TaskExt.Properties as { ParamKey: string; ParamValue: string }[];
      const value = properties.find(({ ParamKey }) => ParamKey === "k")?.ParamValue ?? "";
      assert.deepEqual(Object.entries(JSON.parse(value) as object), [
        ["serviceVersion", 2],
        ["a", 2],
        ["b", 1],
      ]);
    });
  });

  it("gives the names of the list in the other read of operations when told to", async () => {
    const id = await create();
    await switched(emulator, { dependListsUsesListNames: true }, async () => {
      const [{ CycleType, CycleUnit, StartTime, StartDate }] = await operations(id);
      assert.deepEqual([CycleType, CycleUnit, StartTime, typeof StartDate], [null, "D", null, "string"]);
    });
  });

  it("counts what a batch did in the total when told to", async () => {
    const total = async (): Promise<unknown> => {
      const id = await create();
      await version(id);
      const body = { ...project, TaskIdList: [id], DeleteMode: true, EnableNotify: false };
      return (await call("BatchDeleteOpsTasks", body)).Data.TotalCount;
    };
    assert.equal(await total(), 0);
    await switched(emulator, { batchCountsTotal: true }, async () => assert.equal(await total(), 1));
  });

  it("turns away whoever is not on the allowlist", async () => {
    const id = await create();
    await switched(emulator, { guangzhouAllowlist: true }, async () => {
      assert.equal(await refusal(modify(id, { Notes: "x" })), "OperationDenied.UserNotInWhitelistError");
      assert.equal((await call("ModifyTaskInfoDs", { ...project, TaskId: id, Notes: "x" })).Data, true);
    });
    await switched(emulator, { guangzhouAllowlist: "UnsupportedOperation" }, async () => {
      assert.equal(await refusal(modify(id, { Notes: "x" })), "UnsupportedOperation");
    });
  });

  it("lacks on the international site what that site lacks", async () => {
    const id = await create();
    await switched(emulator, { wedataSite: "intl" }, async () => {
      for (const action of [
        "DescribeTaskDetailDs",
        "GetPaginationTaskScript",
        "DescribeTaskParamDs",
        "ModifyTaskInfoDs",
      ]) {
        assert.equal(await refusal(call(action, { ...project, TaskId: id })), "InvalidAction");
      }
      const [item] = await operations(id);
      assert.equal(item.ScheduleTimeZone, undefined);
      assert.ok(Array.isArray((await call("DescribeTaskByCycleReport", project)).Data));
      assert.match(await create({ Content: undefined }), /^\d{17}$/);
    });
    assert.equal(await refusal(call("DescribeTaskByCycleReport", project)), "InvalidAction");
  });

  it("moves the times of a task on each change, and names the one who made it", async () => {
    const id = await create();
    const times: string[] = [];
    for (const Notes of ["a", "b", "c"]) {
      await modify(id, { Notes });
      times.push((await detail(id)).LastUpdate);
    }
    assert.equal(new Set(times).size, 3);
    assert.deepEqual(times, [...times].sort());
    const before = await detail(id);
    await emulator.touch("wedata", id, { CycleType: "WEEK_CYCLE", SelfDepend: "parallel", Notes: "by hand" });
    const after = await detail(id);
    assert.deepEqual([after.CycleType, after.SelfDepend, after.Notes], ["WEEK_CYCLE", "parallel", "by hand"]);
    assert.notEqual(after.UpdateUserId, before.UpdateUserId);
    assert.ok(after.LastUpdate > before.LastUpdate);
  });

  it("makes and deletes integration tasks", async () => {
    const made = await call("CreateOfflineTask", {
      ...project,
      CycleStep: 1,
      DelayTime: 0,
      StartTime: "2024-03-28 00:00:00",
      EndTime: "2034-03-28 00:00:00",
      Notes: "n",
      TaskName: `offline_${++names}`,
      TypeId: 26,
      TaskAction: "",
      TaskMode: "1",
    });
    assert.equal(made.TaskId, made.Data);
    assert.equal((await detail(made.TaskId)).TaskType.TypeId, 26);
    const gone = await call("DeleteOfflineTask", {
      ...project,
      OperatorName: "me",
      TaskId: made.TaskId,
      VirtualFlag: false,
    });
    assert.equal(gone.Data, true);
  });

  it("makes many tasks at once", async () => {
    const ids = await emulator.createTasks(
      "wedata",
      { TaskName: "many", RetryWait: 3, ProjectId: emulator.otherWedataProjectId },
      1000,
    );
    assert.equal(new Set(ids).size, 1000);
    const list = await call("DescribeOperateOpsTasks", {
      ProjectId: emulator.otherWedataProjectId,
      PageSize: "100",
      PageNumber: "10",
    });
    assert.deepEqual([list.Data.TotalCount, list.Data.Items.length, list.Data.Items[0].RetryWait], [1000, 100, 3]);
  });

  it("answers nothing that the contracts do not name", async () => {
    const health = (await (await fetch(`${emulator.control}/health`)).json()) as {
      undeclared: string[];
      errors: string[];
    };
    const ours = health.undeclared.filter((path) => (path.split(".")[0] ?? "") in service.operations);
    assert.deepEqual([ours, health.errors], [[], []]);
  });
});
