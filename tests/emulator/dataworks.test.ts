import assert from "node:assert/strict";
import { startEmulator } from "../../emulator";
import type { Emulator } from "../../emulator";
import { dataworks, ended, flow, pipeline, published } from "./dataworks-client";
import type { Call } from "./dataworks-client";
import { each, refusal } from "./official-clients";
import type { Answer } from "./official-clients";
import { switched } from "./switched";

describe("The emulated DataWorks 2024-05-18", () => {
  let emulator: Emulator;
  let call: Call;
  let ProjectId: string;
  const read = async (Id: string): Promise<Answer> => (await call("GetTask", { Id })).Task;
  const specOf = async (Id: string): Promise<Answer> =>
    JSON.parse((await call("GetNode", { ProjectId, Id })).Node.Spec);
  before(async () => {
    emulator = await startEmulator({ stageMilliseconds: 5 });
    call = dataworks(emulator);
    ProjectId = emulator.projectId;
  });
  after(async () => {
    const health = await (await fetch(`${emulator.control}/health`)).json();
    assert.deepEqual(health, { ok: true, undeclared: [], errors: [] });
    await emulator.close();
  });

  it("makes a task of a node by publishing it, converting hours, milliseconds and words", async () => {
    const spec = flow(
      "units",
      {
        ...{
          timeout: 2,
          rerunInterval: 120_000,
          rerunMode: "Denied",
          rerunTimes: 1,
          instanceMode: "Immediately",
          recurrence: "Skip",
        },
        ...{ description: "d", priority: 3, datasource: { name: "odps_first", type: "odps" } },
        runtimeResource: { resourceGroup: "S_res_group_9", image: "i-1", cu: 0.5 },
        trigger: {
          type: "Scheduler",
          cron: "00 10 02 * * ?",
          startTime: "2024-01-01 00:00:00",
          endTime: "2099-01-01 00:00:00",
        },
        script: {
          ...{ path: "etl/units", runtime: { command: "PYODPS3" }, content: "print(1)" },
          parameters: [
            { name: "a", value: "$bizdate" },
            { name: "b", value: "2" },
          ],
        },
        inputs: { variables: [{ name: "x", type: "Constant", value: "1" }] },
        outputs: { nodeOutputs: [{ data: "shop.units_out" }], variables: [{ name: "y", type: "System", value: "2" }] },
      },
      ["shop.root"],
    );
    const { Id } = await call("CreateNode", { ProjectId, Scene: "DATAWORKS_PROJECT", Spec: spec });
    assert.match(Id, /^\d{19}$/);
    assert.equal((await call("GetNode", { ProjectId, Id })).Node.TaskId, undefined);
    await pipeline(call, ProjectId, Id);
    const { TaskId } = (await call("GetNode", { ProjectId, Id })).Node;
    assert.match(String(TaskId), /^\d{10}$/);
    const { CreateTime, ModifyTime, CreateUser, ModifyUser, Owner, ...task } = await read(TaskId);
    assert.deepEqual([CreateUser, ModifyUser, Owner], [emulator.account, emulator.account, emulator.account]);
    assert(ModifyTime >= CreateTime);
    assert.deepEqual(task, {
      ...{
        Id: TaskId,
        ProjectId: Number(ProjectId),
        EnvType: "Prod",
        ProjectEnv: "Prod",
        Name: "units",
        Description: "d",
        Type: "PYODPS3",
      },
      ...{ BaselineId: 0, WorkflowId: 1, Priority: 3, InstanceMode: "Immediately", Tags: [] },
      ...{ Timeout: 7200, RerunMode: "AllDenied", RerunTimes: 1, RerunInterval: 120 },
      RuntimeResource: { ResourceGroupId: "S_res_group_9", Image: "i-1", Cu: "0.5" },
      DataSource: { Name: "odps_first" },
      Script: { Content: "print(1)", Parameters: "a=$bizdate b=2" },
      Trigger: {
        Type: "Scheduler",
        Recurrence: "Skip",
        Cron: "00 10 02 * * ?",
        StartTime: "2024-01-01 00:00:00",
        EndTime: "2099-01-01 00:00:00",
      },
      Inputs: { Variables: [{ Name: "x", Type: "Constant", Value: "1" }] },
      Outputs: { TaskOutputs: [{ Output: "shop.units_out" }], Variables: [{ Name: "y", Type: "System", Value: "2" }] },
      Dependencies: [{ Type: "Normal", UpstreamOutput: "shop.root" }],
    });
  });

  it("fills what a Spec does not say, the default output included", async () => {
    const { task } = await published(call, ProjectId, flow("bare"));
    const { Timeout, RerunMode, Trigger, Outputs, Tags, Priority } = await read(task);
    assert.deepEqual(
      [Timeout, RerunMode, Tags, Priority, Trigger.StartTime, Trigger.EndTime],
      [0, "AllAllowed", [], 1, "1970-01-01 00:00:00", "9999-01-01 00:00:00"],
    );
    assert.deepEqual(Outputs.TaskOutputs, [{ Output: "shop_analytics.bare" }]);
  });

  it("runs stages one by one when told to, in order and once", async () => {
    const { Id: node } = await call("CreateNode", { ProjectId, Scene: "DATAWORKS_PROJECT", Spec: flow("steps") });
    const { Id } = await call("CreatePipelineRun", { ProjectId, Type: "Online", ObjectIds: [node] });
    const exec = (Code: string) => call("ExecPipelineRunStage", { ProjectId, Id, Code });
    const settled = async (code: string) => {
      for (;;) {
        const { Pipeline } = await call("GetPipelineRun", { ProjectId, Id });
        const stages = Pipeline.Stages as { Code: string; Status: string }[];
        const status = stages.find(({ Code }) => Code === code)?.Status;
        if (status !== "Running") return [status, String(Pipeline.Status)];
      }
    };
    assert.equal(await refusal(exec("PROD")), "9990030032");
    await exec("BUILD_PACKAGE");
    assert.equal(await refusal(exec("BUILD_PACKAGE")), "9990030031");
    assert.deepEqual(await settled("BUILD_PACKAGE"), ["Success", "Running"]);
    // What was packed is what is published.
    await call("UpdateNode", { ProjectId, Id: node, Spec: flow("steps", { description: "too late" }) });
    for (const code of ["PROD_CHECK", "PROD"]) {
      await exec(code);
      await settled(code);
    }
    assert.deepEqual(await settled("PROD"), ["Success", "Success"]);
    const { TaskId } = (await call("GetNode", { ProjectId, Id: node })).Node;
    assert.equal((await read(TaskId)).Description, "");
    const { PagingInfo } = await call("ListPipelineRuns", { ProjectId, ObjectId: node, Status: "Success" });
    assert.deepEqual(each(PagingInfo.PipelineRuns, "Id"), [Id]);
    const items = await call("ListPipelineRunItems", { ProjectId, PipelineRunId: Id });
    assert.deepEqual(each(items.PagingInfo.PipelineRunItems, "Id"), [node]);
    assert.equal(await refusal(call("AbolishPipelineRun", { ProjectId, Id })), "9990030030");
  });

  it("publishes to development first in a workspace of standard mode", async () => {
    const standard = emulator.standardProjectId;
    assert.equal((await call("GetProject", { Id: standard })).Project.DevEnvironmentEnabled, true);
    const { node, task } = await published(call, standard, flow("both"));
    assert.equal((await call("GetTask", { Id: task, ProjectEnv: "Dev" })).Task.EnvType, "Dev");
    const run = await pipeline(call, standard, node, "Offline");
    assert.deepEqual(each(run.Stages, "Code"), ["DEV_CHECK", "DEV", "PROD_CHECK", "PROD"]);
    for (const ProjectEnv of ["Dev", "Prod"])
      assert.equal(await refusal(call("GetTask", { Id: task, ProjectEnv })), "9990040003");
  });

  it("takes a task away only by the offline pipeline, and only when nothing depends on it", async () => {
    const up = await published(call, ProjectId, flow("up"));
    const down = await published(call, ProjectId, flow("down", {}, ["shop_analytics.up"]));
    const upstream = await call("ListUpstreamTasks", { Id: down.task });
    assert.deepEqual(each(each(upstream.PagingInfo.UpstreamTasks, "Task"), "Name"), ["up"]);
    const downstream = await call("ListDownstreamTasks", { Id: up.task });
    assert.deepEqual(each(downstream.PagingInfo.DownstreamTasks, "DependencyType"), ["Normal"]);
    assert.deepEqual(each((await call("ListNodeDependencies", { ProjectId, Id: down.node })).PagingInfo.Nodes, "Id"), [
      up.node,
    ]);
    assert.equal(await refusal(call("DeleteNode", { ProjectId, Id: up.node })), "9990030026");
    assert.equal(await refusal(call("DeleteTask", { Id: up.task })), "9990030027");
    assert.equal((await pipeline(call, ProjectId, up.node, "Offline")).Status, "Fail");
    for (const { node, task } of [down, up]) {
      assert.equal((await pipeline(call, ProjectId, node, "Offline")).Status, "Success");
      await call("DeleteNode", { ProjectId, Id: node });
      assert.equal(await refusal(call("GetTask", { Id: task })), "9990040003");
      assert.equal(await refusal(call("GetNode", { ProjectId, Id: node })), "9990040006");
    }
  });

  it("fails the check stage for a taken output, a circle, and, if told, an unknown upstream", async () => {
    const a = await published(call, ProjectId, flow("circle_a"));
    await published(call, ProjectId, flow("circle_b", {}, ["shop_analytics.circle_a"]));
    await call("UpdateNode", { ProjectId, Id: a.node, Spec: flow("circle_a", {}, ["shop_analytics.circle_b"]) });
    assert.match((await pipeline(call, ProjectId, a.node)).Message, /depends on itself/);
    const taken = flow("thief", { outputs: { nodeOutputs: [{ data: "shop_analytics.circle_a" }] } });
    await assert.rejects(published(call, ProjectId, taken), /belongs to the task/);
    await switched(emulator, { unknownUpstreamFails: true }, async () => {
      await assert.rejects(
        published(call, ProjectId, flow("lost", {}, ["nobody.knows"])),
        /Nobody produces the upstream output nobody.knows/,
      );
    });
    await switched(emulator, { pipelineFailsAt: "PROD" }, async () => {
      await assert.rejects(published(call, ProjectId, flow("unlucky")), /The stage PROD failed/);
    });
  });

  it("refuses a taken name, a Spec without a node, and the workspace of another generation", async () => {
    const create = (Spec: string, project = ProjectId) =>
      refusal(call("CreateNode", { ProjectId: project, Scene: "DATAWORKS_PROJECT", Spec }));
    await call("CreateNode", { ProjectId, Scene: "DATAWORKS_PROJECT", Spec: flow("taken") });
    assert.equal(await create(flow("taken")), "9990030001");
    assert.equal(await create(flow("taken"), emulator.legacyProjectId), "9990030012");
    assert.equal(await create(flow("taken"), "1"), "1101080008");
    for (const bad of ["{", "{}", '{"version":"1","kind":"Node","spec":{"nodes":[]}}'])
      assert.equal(await create(bad), "InvalidSpec");
    await call("CreateNode", { ProjectId: emulator.otherProjectId, Scene: "DATAWORKS_PROJECT", Spec: flow("taken") });
  });

  it("renames and moves nodes, which UpdateNode does not; UpdateNode keeps what it does not carry", async () => {
    const { Id } = await call("CreateNode", {
      ProjectId,
      Scene: "DATAWORKS_PROJECT",
      Spec: flow("old", { description: "kept" }, ["shop.root"]),
    });
    const bare = {
      version: "1.1.0",
      kind: "Node",
      metadata: { token: "t" },
      spec: { nodes: [{ id: Id, name: "ignored", rerunTimes: 5 }] },
    };
    await call("UpdateNode", { ProjectId, Id, Spec: JSON.stringify(bare) });
    await call("RenameNode", { ProjectId, Id, Name: "new" });
    await call("MoveNode", { ProjectId, Id, Path: "other" });
    const { metadata, spec } = await specOf(Id);
    const [node] = spec.nodes;
    assert.deepEqual(
      [metadata.token, node.name, node.script.path, node.description, node.rerunTimes, node.id],
      ["t", "new", "other/new", "kept", 5, Id],
    );
    assert.deepEqual(spec.flow, [{ nodeId: Id, depends: [{ type: "Normal", output: "shop.root" }] }]);
    const found = await call("ListNodes", { ProjectId, Name: "new", Scene: "DATAWORKS_PROJECT" });
    assert.deepEqual(each(found.PagingInfo.Nodes, "Id"), [Id]);
  });

  it("changes what UpdateTask was given, in milliseconds, and saves it in the node's Spec", async () => {
    const { node, task } = await published(call, ProjectId, flow("updated", { description: "old" }));
    const before = await read(task);
    await call("UpdateTask", {
      ...{
        Id: task,
        RerunInterval: 90_000,
        Timeout: 5400,
        Name: "renamed",
        RerunMode: "FailureAllowed",
        InstanceMode: "Immediately",
      },
      Trigger: { Cron: "00 30 03 * * ?", CycleType: "NotDaily" },
      Tags: [{ Key: "team", Value: "core" }, { Key: "bare" }],
      Dependencies: [{ Type: "CrossCycleDependsOnSelf" }, { Type: "CrossCycleDependsOnOtherNode", UpstreamTaskId: 12 }],
      Inputs: { Variables: [{ Name: "x", Type: "Constant", Value: "1" }] },
      Script: { Parameters: "day=$bizdate" },
    });
    const after = await read(task);
    assert(after.ModifyTime > before.ModifyTime);
    assert.deepEqual(
      [after.RerunInterval, after.Timeout, after.Description, after.Trigger.Type],
      [90, 5400, "old", "Scheduler"],
    );
    assert.deepEqual(after.Dependencies[1], { Type: "CrossCycleDependsOnOtherNode", UpstreamTaskId: "12" });
    assert.deepEqual(after.Script, { Content: "select 1;", Parameters: "day=$bizdate" });
    assert.equal("CycleType" in after.Trigger, false);
    const [spec] = (await specOf(node)).spec.nodes;
    assert.deepEqual(
      [spec.name, spec.timeout, spec.rerunInterval, spec.rerunMode, spec.trigger.cron, spec.trigger.cycleType],
      ["renamed", 1.5, 90_000, "FailureAllowed", "00 30 03 * * ?", "NotDaily"],
    );
    await pipeline(call, ProjectId, node);
    const again = await read(task);
    assert(again.ModifyTime > after.ModifyTime);
    assert.deepEqual(again, { ...after, ModifyTime: again.ModifyTime });
    await call("UpdateTask", { Id: task, Tags: [], Dependencies: [], Description: "" });
    const cleared = await read(task);
    assert.deepEqual([cleared.Tags, cleared.Dependencies, cleared.Description], [[], [], ""]);
  });

  it("updates many tasks in one call, in seconds, each with its own outcome", async () => {
    const ids = await emulator.createTasks("dataworks", { Name: "many{n}" }, 3);
    const [first = "", second = "", third = ""] = ids;
    const { SuccessInfo } = await call("BatchUpdateTasks", {
      Comment: "why",
      Tasks: [
        { Id: Number(first), RerunInterval: 60, Owner: "7" },
        { Id: Number(second), Trigger: { Cron: "five" } },
        { Id: 5, Timeout: 1 },
        { Id: Number(third), DataSource: { Name: "d" } },
      ],
    });
    assert.deepEqual(
      [first, second, "5", third].map((id) => Boolean(SuccessInfo[id].Success)),
      [true, false, false, true],
    );
    assert.deepEqual([(await read(first)).RerunInterval, (await read(third)).DataSource], [60, { Name: "d" }]);
    assert.equal(
      await refusal(call("BatchUpdateTasks", { Tasks: [{ Id: Number(first), Script: { Content: "" } }] })),
      "InvalidTasks",
    );
    const logs = await call("ListTaskOperationLogs", { Id: first });
    assert.equal(logs.PagingInfo.OperationLogs[0].OperationContent, "why");
    await switched(emulator, { batchUpdateMaximum: 2 }, async () => {
      assert.equal(
        await refusal(call("BatchUpdateTasks", { Tasks: ids.map((id) => ({ Id: Number(id) })) })),
        "InvalidTasks",
      );
    });
  });

  it("applies an asynchronous update after its stage, or says why not", async () => {
    const [id = ""] = await emulator.createTasks("dataworks", { Name: "async" });
    const result = async (OperationId: string): Promise<Answer> => {
      for (;;) {
        const { Result } = await call("GetUpdateTaskResult", { OperationId });
        if (Result.Status !== "Updating") return Result;
      }
    };
    const good = await call("UpdateTaskAsync", { Id: id, Description: "later" });
    assert.equal((await result(good.OperationId)).Status, "Updated");
    assert.equal((await read(id)).Description, "later");
    const bad = await call("UpdateTaskAsync", { Id: id, Trigger: { Cron: "x" } });
    assert.match((await result(bad.OperationId)).FailureMessage, /six fields/);
  });

  it("pages and filters the tasks of one workspace, newest first", async () => {
    const other = emulator.otherProjectId;
    const ids = await emulator.createTasks(
      "dataworks",
      { ProjectId: other, Name: "list{n}", Script: { Parameters: "p{n}" } },
      25,
    );
    const page = await call("ListTasks", { ProjectId: other, PageNumber: 3, PageSize: 10 });
    assert.deepEqual(each(page.PagingInfo.Tasks, "Name"), ["list5", "list4", "list3", "list2", "list1"]);
    assert.equal(page.PagingInfo.TotalCount, 25);
    assert.deepEqual([page.PagingInfo.Tasks[0].ScriptParameters, page.PagingInfo.Tasks[0].Tags], ["p5", undefined]);
    const named = await call("ListTasks", { ProjectId: other, Ids: ids.slice(0, 2).map(Number), SortBy: "Id Asc" });
    assert.deepEqual(each(named.PagingInfo.Tasks, "Name"), ["list1", "list2"]);
    const found = await call("ListTasks", { ProjectId: other, Name: "list2", PageSize: 100 });
    assert.equal(found.PagingInfo.TotalCount, 7);
    assert.equal(await refusal(call("ListTasks", { ProjectId: other, PageSize: 101 })), "InvalidPageSize");
    const workflows = await call("ListWorkflowDefinitions", { ProjectId: other });
    const ContainerId = workflows.PagingInfo.WorkflowDefinitions[0].Id;
    const { Id } = await call("CreateNode", {
      ProjectId: other,
      Scene: "DATAWORKS_PROJECT",
      ContainerId,
      Spec: flow("inside"),
    });
    assert.deepEqual(each((await call("ListNodes", { ProjectId: other, ContainerId })).PagingInfo.Nodes, "Id"), [Id]);
  });

  it("answers the other way where a switch says so", async () => {
    const { node, task } = await published(call, ProjectId, flow("switched", { description: "d" }));
    await call("UpdateTask", { Id: task, Tags: [{ Key: "k" }], RerunTimes: 7 });
    await switched(emulator, { rerunIntervalInSeconds: true }, () =>
      call("UpdateTask", { Id: task, RerunInterval: 45 }),
    );
    assert.equal((await read(task)).RerunInterval, 45);
    await switched(emulator, { emptyListClears: false }, () => call("UpdateTask", { Id: task, Tags: [] }));
    assert.deepEqual((await read(task)).Tags, [{ Key: "k" }]);
    await switched(emulator, { strictTimeout: true }, async () =>
      assert.equal(await refusal(call("UpdateTask", { Id: task, Timeout: 3600 })), "InvalidTimeout"),
    );
    await switched(emulator, { companionsRequired: true }, async () =>
      assert.equal(await refusal(call("UpdateTask", { Id: task, Timeout: 0 })), "MissingName"),
    );
    await switched(emulator, { updateTaskNeedsPublish: true }, () => call("UpdateTask", { Id: task, Timeout: 4800 }));
    assert.equal((await read(task)).Timeout, 0);
    await pipeline(call, ProjectId, node);
    assert.equal((await read(task)).Timeout, 4800);
    await switched(emulator, { readLagMilliseconds: 300 }, () => call("UpdateTask", { Id: task, Timeout: 4900 }));
    assert.equal((await read(task)).Timeout, 4800);
    await new Promise((resolve) => setTimeout(resolve, 310));
    assert.equal((await read(task)).Timeout, 4900);
    await switched(emulator, { updateTaskClearsAbsent: true }, () => call("UpdateTask", { Id: task, Timeout: 5000 }));
    const { Description, Tags, RerunTimes, Name } = await read(task);
    assert.deepEqual([Description, Tags, RerunTimes, Name], ["", [], 3, "switched"]);
    await switched(emulator, { missingTask: "null" }, async () => {
      assert.equal((await call("GetTask", { Id: 5 })).Task, undefined);
      assert.equal((await call("DeleteTask", { Id: 5 })).Success, false);
    });
    await switched(emulator, { onePipelineRunPerNode: true }, async () => {
      await call("CreatePipelineRun", { ProjectId, Type: "Online", ObjectIds: [node] });
      assert.equal(
        await refusal(call("CreatePipelineRun", { ProjectId, Type: "Online", ObjectIds: [node] })),
        "9990030029",
      );
    });
  });

  it("lets publishing put back what the Spec does not carry, if told", async () => {
    const { node, task } = await published(call, ProjectId, flow("reset"));
    await emulator.touch("dataworks", task, { Description: "console" });
    assert.equal((await specOf(node)).spec.nodes[0].description, "console");
    await switched(emulator, { updateNodeReplaces: true, publishResetsTask: true }, async () => {
      await call("UpdateNode", { ProjectId, Id: node, Spec: flow("reset") });
      await pipeline(call, ProjectId, node);
    });
    assert.equal((await read(task)).Description, "");
  });

  it("binds a task to its unique code, and keeps tags of data assets apart from the task's", async () => {
    const [id = ""] = await emulator.createTasks("dataworks", { Name: "coded", ClientUniqueCode: "c-1" });
    await call("UpdateTask", { Id: id, ClientUniqueCode: "c-1", Timeout: 0 });
    assert.equal(await refusal(call("UpdateTask", { Id: id, ClientUniqueCode: "c-2" })), "9990030024");
    const asset = { DataAssetType: "ACS::DataWorks::Task", DataAssetIds: [id], Tags: [{ Key: "k", Value: "v" }] };
    assert.equal((await call("TagDataAssets", asset)).Success, "true");
    assert.deepEqual((await read(id)).Tags, []);
    await switched(emulator, { dataAssetTagsAreTaskTags: true }, () => call("TagDataAssets", asset));
    assert.deepEqual((await read(id)).Tags, [{ Key: "k", Value: "v" }]);
    assert.equal((await call("UnTagDataAssets", asset)).Success, "true");
  });

  it("deletes a task of the scheduler, and leaves its node a draft", async () => {
    const { node, task } = await published(call, ProjectId, flow("gone"));
    assert.equal((await call("DeleteTask", { Id: task })).Success, true);
    assert.equal(await refusal(call("DeleteTask", { Id: task })), "9990040003");
    assert.equal((await call("GetNode", { ProjectId, Id: node })).Node.TaskId, undefined);
    await call("DeleteNode", { ProjectId, Id: node });
  });

  it("ends a run that is abolished", async () => {
    const { Id: node } = await call("CreateNode", { ProjectId, Scene: "DATAWORKS_PROJECT", Spec: flow("abolished") });
    const { Id } = await call("CreatePipelineRun", { ProjectId, Type: "Online", ObjectIds: [node] });
    await call("AbolishPipelineRun", { ProjectId, Id });
    assert.deepEqual(
      [
        (await ended(call, ProjectId, Id)).Status,
        await refusal(call("ExecPipelineRunStage", { ProjectId, Id, Code: "BUILD_PACKAGE" })),
      ],
      ["Termination", "9990030030"],
    );
  });
});
