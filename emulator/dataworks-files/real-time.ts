import { Refusal } from "../service";
import type { Context, Operation } from "../service";
import { text } from "../given";
import { filesState, snapshot, workspaceOf } from "./file";
import type { StoredFile } from "./file";
import { Failure, answer } from "./sync-task";

/** The operations that know real-time tasks and solutions only; a batch task is sent elsewhere, as their documents say. */
const realTime =
  (types: readonly string[], advice: string, act: (file: StoredFile, context: Context) => object): Operation =>
  (parameters, context) =>
    answer(context, () => {
      workspaceOf(parameters, context);
      const taskType = text(parameters, "TaskType") ?? "";
      if (!types.includes(taskType)) {
        throw new Refusal(
          "Invalid.DI.Parameter",
          `The parameter is invalid: TaskType ${taskType} is not supported. ${advice}`,
        );
      }
      const file = filesState(context.state).files[text(parameters, "FileId") ?? ""];
      if (
        file?.ProjectId !== text(parameters, "ProjectId") ||
        file?.DeletedStatus !== "NORMAL" ||
        file.TaskType !== taskType
      ) {
        throw new Failure(`No ${taskType} task has the id [${text(parameters, "FileId") ?? ""}]. ${advice}`);
      }
      return act(file, context);
    });

export const GetDISyncTask = realTime(["DI_REALTIME", "DI_SOLUTION"], "Read a batch task with GetFile.", (file) =>
  file.TaskType === "DI_SOLUTION"
    ? {
        SolutionDetail: {
          Id: file.FileId,
          Name: file.FileName,
          ProjectId: file.ProjectId,
          CreatorName: file.CreateUser,
          ProcessContent: file.Content,
          ProcessExtra: "",
          Status: file.deployed ? "1" : "0",
          Type: "",
        },
        AlarmList: [],
      }
    : { Code: file.Content, AlarmList: [] },
);

export const DeployDISyncTask = realTime(
  ["DI_REALTIME", "DI_SOLUTION"],
  "Publish a batch task with SubmitFile and DeployFile.",
  (file) => {
    file.deployed = snapshot(file, file.CurrentVersion + 1);
    file.CurrentVersion = file.deployed.Version;
    file.CommitStatus = 1;
    return {};
  },
);

export const TerminateDISyncInstance = realTime(
  ["DI_REALTIME"],
  "Only real-time tasks have such an instance.",
  (file) => {
    delete file.deployed;
    return {};
  },
);

export const DeleteDISyncTask = realTime(["DI_REALTIME"], "Delete a batch task with DeleteFile.", (file) => {
  file.DeletedStatus = "DELETED";
  return {};
});
