import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../../emulator";
import type { Emulator } from "../../emulator";
import { service } from "../../emulator/dataworks-files/service";
import { dataworksFiles, each, refusal } from "./official-clients";
import type { Answer } from "./official-clients";
import { switched } from "./switched";

const job = JSON.stringify({
  type: "job",
  version: "2.0",
  steps: [
    {
      stepType: "mysql",
      name: "Reader",
      category: "reader",
      parameter: { datasource: "shop", where: "id > 9007199254740993" },
    },
    {
      stepType: "odps",
      name: "Writer",
      category: "writer",
      parameter: { datasource: "odps_first", partition: "pt=${bizdate}" },
    },
  ],
  order: { hops: [{ from: "Reader", to: "Writer" }] },
});

describe("The emulated files of DataWorks 2020-05-18", () => {
  let emulator: Emulator;
  let call: (action: string, parameters: Record<string, unknown>) => Promise<Answer>;
  let names = 0;

  before(async () => {
    emulator = await startEmulator({ stageMilliseconds: 20 });
    call = dataworksFiles(emulator);
  });
  after(async () => emulator.close());

  const task = (more: Record<string, unknown> = {}) => ({
    ProjectId: emulator.legacyProjectId,
    TaskType: "DI_OFFLINE",
    TaskName: `sync_${++names}`,
    TaskContent: job,
    TaskParam: JSON.stringify({
      FileFolderPath: "Business Flow/Sales/Data Integration",
      ResourceGroup: "S_res_group_1",
      Cu: 0.5,
    }),
    ...more,
  });
  const create = async (more: Record<string, unknown> = {}): Promise<{ ProjectId: string; FileId: number }> => {
    const parameters = task(more);
    const { Data } = await call("CreateDISyncTask", parameters);
    assert.equal(Data.Status, "success", Data.Message);
    return { ProjectId: String(parameters.ProjectId), FileId: Data.FileId };
  };
  const outcome = async (ProjectId: string, DeploymentId: number): Promise<Answer> => {
    for (;;) {
      const { Data } = await call("GetDeployment", { ProjectId, DeploymentId });
      if (Data.Deployment.Status !== 0) return Data;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const publish = async (file: { ProjectId: string; FileId: number }): Promise<void> => {
    for (const step of ["SubmitFile", "DeployFile"]) {
      const { Data } = await call(step, file);
      assert.equal((await outcome(file.ProjectId, Data)).Deployment.Status, 1);
    }
  };
  const stored = async (file: { FileId: number }): Promise<Answer> =>
    (await emulator.tasks("dataworks-files")).find((each: Answer) => each.FileId === String(file.FileId));

  it("gives back the script byte for byte, and nothing of TaskParam", async () => {
    const { Data, Success } = await call("GetFile", await create());
    assert.equal(Success, true);
    assert.equal(Data.File.Content, job);
    assert.deepEqual(
      [Data.File.FileType, Data.File.CommitStatus, Data.File.NodeId, Data.File.DeletedStatus],
      [23, 0, undefined, "NORMAL"],
    );
    assert.doesNotMatch(JSON.stringify(Data), /S_res_group_1|AbsoluteFolderPath/);
  });

  it("adds members to the script on read when told to", async () => {
    await switched(emulator, { fileContentNormalised: true }, async () => {
      const { Data } = await call("GetFile", await create());
      assert.notEqual(Data.File.Content, job);
      const { extend, ...rest } = JSON.parse(Data.File.Content);
      assert.ok(extend);
      const { steps, ...others } = JSON.parse(job);
      assert.deepEqual(rest, { ...others, steps: (steps as object[]).map((step) => ({ ...step, displayName: "" })) });
    });
  });

  it("answers the same file to the same ClientToken in the same workspace", async () => {
    const parameters = task({ ClientToken: "token-1" });
    const first = await call("CreateDISyncTask", parameters);
    const again = await call("CreateDISyncTask", parameters);
    assert.equal(again.Data.FileId, first.Data.FileId);
    await switched(emulator, { clientTokenIgnored: true }, async () => {
      const third = await call("CreateDISyncTask", parameters);
      assert.deepEqual([third.Data.Status, third.Data.FileId], ["fail", undefined]);
    });
  });

  it("reports business failures with HTTP 200 and Data.Status fail", async () => {
    const name = `taken_${++names}`;
    await create({ TaskName: name });
    const cases: [Record<string, unknown>, RegExp][] = [
      [{ TaskName: name }, /already exists/],
      [{ TaskContent: "{broken" }, /TaskContent/],
      [{ TaskParam: '{"Cu":0.7}' }, /multiple of 0\.5/],
      [{ TaskParam: '{"ResourceGroup":"no such group"}' }, /ResourceGroup:\[no such group\] is invalid/],
    ];
    for (const [more, message] of cases) {
      const { Data, Success } = await call("CreateDISyncTask", task(more));
      assert.deepEqual([Success, Data.Status], [true, "fail"]);
      assert.match(Data.Message, message);
    }
    const file = await create();
    const update = { ...file, TaskType: "DI_OFFLINE", TaskParam: '{"ResourceGroup":"mine"}' };
    await switched(emulator, { strictResourceGroup: true }, async () => {
      assert.equal((await call("UpdateDISyncTask", update)).Data.Status, "fail");
    });
    assert.equal((await call("UpdateDISyncTask", update)).Data.Status, "success");
  });

  it("updates what it is given and leaves empty parameters alone", async () => {
    const file = await create();
    const update = await call("UpdateDISyncTask", {
      ...file,
      TaskType: "DI_OFFLINE",
      TaskContent: "",
      TaskParam: '{"Cu":2}',
    });
    assert.deepEqual(update.Data, { Status: "success", Message: null });
    const { Content, TaskParam } = await stored(file);
    assert.equal(Content, job);
    assert.deepEqual(TaskParam, { ResourceGroup: "S_res_group_1", Cu: 2 });
  });

  it("refuses workspaces of the new generation, unknown ones, and none at all", async () => {
    assert.equal(await refusal(call("CreateDISyncTask", task({ ProjectId: emulator.projectId }))), "Forbidden.Access");
    assert.equal(await refusal(call("CreateDISyncTask", task({ ProjectId: "77" }))), "1101080008");
    assert.equal(await refusal(call("GetFile", { FileId: 1 })), "MissingProjectId");
  });

  it("sets schedules by UpdateFile, keeps what is absent, and adds its own output", async () => {
    const file = await create();
    await call("UpdateFile", {
      ...file,
      CronExpress: "00 30 02 * * ?",
      InputList: "legacy_root, legacy.orders",
      OutputList: "legacy.mine",
      AutoRerunIntervalMillis: 60000,
      RerunMode: "FAILURE_ALLOWED",
      ResourceGroupIdentifier: "group_1",
      ApplyScheduleImmediately: true,
      FileDescription: "text",
      StartEffectDate: 1700000000000,
    });
    await call("UpdateFile", { ...file, FileDescription: "" });
    const { File, NodeConfiguration } = (await call("GetFile", file)).Data;
    assert.equal(File.FileDescription, "");
    assert.equal(NodeConfiguration.CronExpress, "00 30 02 * * ?");
    assert.equal(NodeConfiguration.ApplyScheduleImmediately, "true");
    assert.equal(NodeConfiguration.StartEffectDate, 1700000000000);
    assert.equal(typeof NodeConfiguration.ResourceGroupId, "number");
    assert.deepEqual(each(NodeConfiguration.InputList, "Input"), ["legacy_root", "legacy.orders"]);
    const outputs = each(NodeConfiguration.OutputList, "Output").map(String);
    assert.equal(outputs.length, 2);
    assert.ok(outputs.some((output) => output.endsWith(`${file.FileId}_out`)) && outputs.includes("legacy.mine"));
    assert.equal(await refusal(call("UpdateFile", { ...file, CronExpress: "1 2" })), "InvalidCronExpress");
  });

  it("gives a resource group an id whatever it is called, and the same one each time", async () => {
    for (const ResourceGroupIdentifier of ["group_2", "constructor", "toString"]) {
      const ids = [];
      for (const file of [await create(), await create()]) {
        await call("UpdateFile", { ...file, ResourceGroupIdentifier });
        const { Data } = await call("GetFile", file);
        ids.push(Data.NodeConfiguration.ResourceGroupId);
      }
      assert.match(String(ids[0]), /^\d+$/, ResourceGroupIdentifier);
      assert.equal(ids[0], ids[1]);
    }
  });

  it("asks for InputList when told to", async () => {
    const file = await create();
    await switched(emulator, { inputListRequired: true }, async () => {
      assert.equal(await refusal(call("UpdateFile", { ...file, FileDescription: "x" })), "MissingInputList");
      const { Data } = await call("SubmitFile", file);
      assert.equal((await outcome(file.ProjectId, Data)).Deployment.Status, 2);
    });
  });

  it("finds files by every filter, in pages", async () => {
    const name = `listed_${++names}`;
    const folder = `Business Flow/Sales/${name}`;
    const file = await create({ TaskName: name, TaskParam: JSON.stringify({ FileFolderPath: folder }) });
    const { ProjectId, FileId } = file;
    await create({ TaskName: `${name}_more`, TaskParam: JSON.stringify({ FileFolderPath: folder }) });
    const list = async (filter: Record<string, unknown>): Promise<Answer> =>
      (await call("ListFiles", { ProjectId, ...filter })).Data;
    const exact = await list({
      ExactFileName: name,
      FileTypes: "23",
      NeedAbsoluteFolderPath: true,
      NeedContent: true,
    });
    assert.equal(exact.TotalCount, 1);
    assert.deepEqual(
      [exact.Files[0].FileId, exact.Files[0].AbsoluteFolderPath, exact.Files[0].Content],
      [FileId, folder, job],
    );
    assert.equal((await list({ FileFolderPath: folder })).TotalCount, 2);
    assert.equal((await list({ FileFolderPath: folder, FileTypes: "900" })).TotalCount, 0);
    assert.equal((await list({ Keyword: name.toUpperCase() })).TotalCount, 2);
    const second = await list({ FileFolderPath: folder, PageSize: 1, PageNumber: 2 });
    assert.deepEqual([second.TotalCount, second.Files.length, second.Files[0].Content], [2, 1, undefined]);
    assert.deepEqual(each((await list({ FileIdIn: `${FileId},1` })).Files, "FileId"), [FileId]);
    const tooMany = Array.from({ length: 51 }, (_, index) => index + 1).join(",");
    assert.equal(await refusal(list({ FileIdIn: tooMany })), "InvalidFileIdIn");
    assert.equal(await refusal(list({ PageSize: 101 })), "InvalidPageSize");
  });

  it("needs polling while a stage takes its time", async () => {
    const slow = await startEmulator({ stageMilliseconds: 60_000 });
    try {
      const patient = dataworksFiles(slow);
      const ProjectId = slow.legacyProjectId;
      const { Data } = await patient("CreateDISyncTask", { ...task(), ProjectId });
      const { Data: DeploymentId } = await patient("SubmitFile", { ProjectId, FileId: Data.FileId });
      const pending = await patient("GetDeployment", { ProjectId, DeploymentId });
      assert.equal(pending.Data.Deployment.Status, 0);
    } finally {
      await slow.close();
    }
  });

  it("commits and deploys in stages, and keeps what production runs", async () => {
    const file = await create({ ProjectId: emulator.legacyStandardProjectId });
    assert.equal(await refusal(call("DeployFile", file)), "1201111279");
    const submitted = await call("SubmitFile", { ...file, Comment: "first" });
    const through = await outcome(file.ProjectId, submitted.Data);
    assert.deepEqual([through.Deployment.ToEnvironment, through.DeployedItems[0].FileVersion], [1, 1]);
    const { File } = (await call("GetFile", file)).Data;
    assert.deepEqual([File.CommitStatus, File.CurrentVersion, String(File.NodeId).length], [1, 1, 10]);
    assert.equal((await stored(file)).deployed, undefined);
    const deployed = await outcome(
      file.ProjectId,
      (await call("DeployFile", { ProjectId: file.ProjectId, NodeId: File.NodeId })).Data,
    );
    assert.equal(deployed.Deployment.ToEnvironment, 2);

    await call("UpdateDISyncTask", { ...file, TaskType: "DI_OFFLINE", TaskContent: '{"type":"job","steps":[1]}' });
    assert.equal((await call("GetFile", file)).Data.File.CommitStatus, 0);
    assert.equal((await stored(file)).deployed.Content, job);
    await publish(file);
    assert.equal((await stored(file)).deployed.Content, '{"type":"job","steps":[1]}');
    assert.equal((await stored(file)).deployed.Version, 2);
    const list = await call("ListDeployments", {
      ProjectId: file.ProjectId,
      Status: 1,
      Keyword: (await stored(file)).FileName,
    });
    assert.equal(list.Data.TotalCount, 4);
  });

  it("ends a package with Status 2 when told to, and changes nothing", async () => {
    const file = await create();
    await switched(emulator, { deploymentFails: "submit" }, async () => {
      const { Deployment } = await outcome(file.ProjectId, (await call("SubmitFile", file)).Data);
      assert.deepEqual([Deployment.Status, Deployment.ErrorMessage], [2, "The submit package failed its check."]);
    });
    assert.equal((await call("GetFile", file)).Data.File.CommitStatus, 0);
  });

  it("deletes an uncommitted file at once", async () => {
    const file = await create();
    const answer = await call("DeleteFile", file);
    assert.deepEqual([answer.Success, answer.DeploymentId], [true, undefined]);
    assert.equal(await refusal(call("GetFile", file)), "1201111004");
  });

  it("deletes a committed file through a package, and in production only by DeployFile", async () => {
    const file = await create({ ProjectId: emulator.legacyStandardProjectId });
    await publish(file);
    const { DeploymentId } = await call("DeleteFile", file);
    assert.equal((await call("GetFile", file)).Data.File.DeletedStatus, "NORMAL");
    assert.equal((await outcome(file.ProjectId, DeploymentId)).Deployment.Status, 1);
    assert.equal(await refusal(call("GetFile", file)), "1201111004");
    assert.ok((await stored(file)).deployed);
    await outcome(file.ProjectId, (await call("DeployFile", file)).Data);
    assert.equal((await stored(file)).deployed, undefined);
    assert.equal(await refusal(call("DeployFile", file)), "1201111004");
  });

  it("has four ways to say that a file is gone", async () => {
    const file = await create();
    await call("DeleteFile", file);
    await switched(emulator, { missingFile: "unsuccessful" }, async () => {
      const answer = await call("GetFile", file);
      assert.deepEqual([answer.Success, answer.ErrorCode, answer.HttpStatusCode], [false, "1201111004", 404]);
    });
    await switched(emulator, { missingFile: "recycle-bin" }, async () => {
      assert.equal((await call("GetFile", file)).Data.File.DeletedStatus, "RECYCLE_BIN");
    });
    await switched(emulator, { missingFile: "null" }, async () => {
      assert.equal((await call("GetFile", file)).Data.File, null);
    });
    assert.equal(await refusal(call("DeleteFile", file)), "1201111004");
    await switched(emulator, { repeatedDelete: "success" }, async () => {
      assert.equal((await call("DeleteFile", file)).Success, true);
    });
  });

  it("keeps batch tasks out of the real-time operations", async () => {
    const file = await create();
    for (const action of ["GetDISyncTask", "DeployDISyncTask", "DeleteDISyncTask", "TerminateDISyncInstance"]) {
      assert.match(await refusal(call(action, { ...file, TaskType: "DI_OFFLINE" })), /Invalid/);
      assert.equal((await call(action, { ...file, TaskType: "DI_REALTIME" })).Data.Status, "fail");
    }
    const live = await create({ TaskType: "DI_REALTIME" });
    const realTime = { ...live, TaskType: "DI_REALTIME" };
    assert.equal((await call("GetDISyncTask", realTime)).Data.Code, job);
    assert.equal((await call("DeployDISyncTask", realTime)).Data.Status, "success");
    assert.equal((await call("DeleteDISyncTask", realTime)).Data.Status, "success");
  });

  it("shows an edit made at the console as somebody else's uncommitted change", async () => {
    const file = await create();
    await publish(file);
    const before = (await call("GetFile", file)).Data.File;
    await emulator.touch("dataworks-files", String(file.FileId), {
      Content: '{"type":"job"}',
      CronExpress: "00 00 05 * * ?",
    });
    const { File, NodeConfiguration } = (await call("GetFile", file)).Data;
    assert.deepEqual(
      [File.Content, NodeConfiguration.CronExpress, File.CommitStatus],
      ['{"type":"job"}', "00 00 05 * * ?", 0],
    );
    assert.ok(File.LastEditTime > before.LastEditTime);
    assert.notEqual(File.LastEditUser, before.LastEditUser);
    assert.equal((await stored(file)).deployed.Content, job);
  });

  const sync = (file: { ProjectId: string; FileId: number }, more: Record<string, unknown>) =>
    call("UpdateDISyncTask", { ...file, TaskType: "DI_OFFLINE", ...more });

  it("demands both parameters of UpdateDISyncTask when told to, empty or not", async () => {
    const file = await create();
    await switched(emulator, { updateDISyncTaskDemands: "both" }, async () => {
      assert.equal(await refusal(sync(file, { TaskContent: job })), "MissingTaskParam");
      assert.equal((await sync(file, { TaskContent: job, TaskParam: "" })).Data.Status, "success");
    });
    await switched(emulator, { updateDISyncTaskDemands: "filled" }, async () => {
      assert.equal(await refusal(sync(file, { TaskContent: "", TaskParam: "{}" })), "MissingTaskContent");
      assert.equal((await sync(file, { TaskContent: job, TaskParam: "{}" })).Data.Status, "success");
    });
    assert.equal((await stored(file)).Content, job);
  });

  it("demands TaskParam of CreateDISyncTask when told to", async () => {
    await switched(emulator, { createDemandsTaskParam: true }, async () => {
      const { TaskParam: _without, ...parameters } = task();
      assert.equal(await refusal(call("CreateDISyncTask", parameters)), "MissingTaskParam");
    });
  });

  it("refuses a script too long for its URL when told how long one may be", async () => {
    const file = await create();
    await switched(emulator, { longestContentInUrl: 100 }, async () => {
      assert.equal(await refusal(sync(file, { TaskContent: job })), "RequestURITooLong");
    });
  });

  it("replaces or merges TaskParam, and lets it show in the script when told to", async () => {
    const file = await create();
    await sync(file, { TaskParam: '{"Cu":1}' });
    assert.deepEqual((await stored(file)).TaskParam, { ResourceGroup: "S_res_group_1", Cu: 1 });
    await switched(emulator, { taskParamReplaces: true, taskParamInContent: true }, async () => {
      await sync(file, { TaskParam: '{"Cu":2}' });
      const { TaskParam, Content } = await stored(file);
      assert.deepEqual([TaskParam, JSON.parse(Content).extend], [{ Cu: 2 }, { cu: 2 }]);
    });
  });

  it("answers a failure of Data Integration as a server error when told to", async () => {
    await switched(emulator, { diFailureIsServerError: true }, async () => {
      assert.equal(await refusal(call("CreateDISyncTask", task({ TaskContent: "{" }))), "InternalError.DI.Parameter");
    });
  });

  it("refuses what is unchanged in UpdateFile when told to", async () => {
    const file = await create();
    await call("UpdateFile", { ...file, CronExpress: "00 10 00 * * ?", InputList: "a,b" });
    await switched(emulator, { updateFileRefusesUnchanged: true }, async () => {
      for (const parameters of [{ CronExpress: "00 10 00 * * ?" }, { InputList: "a,b" }, { FileDescription: "" }]) {
        assert.match(await refusal(call("UpdateFile", { ...file, Owner: "9", ...parameters })), /^Invalid/);
      }
      assert.equal((await call("UpdateFile", { ...file, CronExpress: "00 20 00 * * ?" })).Success, true);
    });
  });

  it("ignores empty texts in UpdateFile when told to", async () => {
    const file = await create();
    await call("UpdateFile", { ...file, ParaValue: "a=1", InputList: "a" });
    await switched(emulator, { updateFileEmptyKeeps: true }, async () => {
      await call("UpdateFile", { ...file, ParaValue: "", InputList: "" });
    });
    const { ParaValue, InputList } = (await stored(file)).NodeConfiguration;
    assert.deepEqual([ParaValue, InputList.length], ["a=1", 1]);
  });

  it("takes Stop and SchedulerType for one setting when told to", async () => {
    const file = await create();
    await switched(emulator, { stopIsSchedulerType: true }, async () => {
      await call("UpdateFile", { ...file, Stop: true });
      assert.equal((await stored(file)).NodeConfiguration.SchedulerType, "PAUSE");
      await call("UpdateFile", { ...file, SchedulerType: "NORMAL" });
      assert.equal((await stored(file)).NodeConfiguration.Stop, false);
    });
  });

  it("answers in other words, and later, when told to", async () => {
    const file = await create();
    await call("UpdateFile", { ...file, OutputParameters: '[{"ParameterName":"a","Type":1,"Value":"1"}]' });
    await switched(emulator, { fileWords: "other" }, async () => {
      const { RerunMode, Stop, OutputParameters } = (await call("GetFile", file)).Data.NodeConfiguration;
      assert.deepEqual([RerunMode, Stop, OutputParameters[0].Type], ["AllAllowed", "false", "Constant"]);
    });
    await switched(emulator, { fileReadLagMilliseconds: 60_000 }, async () => {
      await call("UpdateFile", { ...file, Owner: "77" });
      assert.notEqual((await call("GetFile", file)).Data.File.Owner, "77");
    });
    assert.equal((await stored(file)).Owner, "77");
  });

  it("makes many files at once", async () => {
    const ids = await emulator.createTasks("dataworks-files", { FileName: "many" }, 1000);
    assert.equal(new Set(ids).size, 1000);
    const { Data } = await call("ListFiles", {
      ProjectId: emulator.legacyProjectId,
      Keyword: "many-",
      PageSize: 100,
      PageNumber: 10,
    });
    assert.deepEqual([Data.TotalCount, Data.Files.length], [1000, 100]);
  });

  it("finishes after a restart what was under way before it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "emulator-"));
    const options = { state: join(folder, "state.json"), stageMilliseconds: 20 };
    const first = await startEmulator(options);
    const submitted = await dataworksFiles(first)("CreateDISyncTask", { ...task(), ProjectId: first.legacyProjectId });
    const file = { ProjectId: first.legacyProjectId, FileId: submitted.Data.FileId };
    const { Data: DeploymentId } = await dataworksFiles(first)("SubmitFile", file);
    await first.close();
    const second = await startEmulator(options);
    try {
      await new Promise((resolve) => setTimeout(resolve, 25));
      const found = await dataworksFiles(second)("GetDeployment", { ProjectId: file.ProjectId, DeploymentId });
      assert.equal(found.Data.Deployment.Status, 1);
      assert.equal((await dataworksFiles(second)("GetFile", file)).Data.File.CommitStatus, 1);
    } finally {
      await second.close();
      rmSync(folder, { recursive: true });
    }
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
