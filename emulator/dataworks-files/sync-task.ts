import { parse, stringify } from "lossless-json";
import { Refusal } from "../service";
import type { Context, Operation, Parameters } from "../service";
import { isRecord, parsedJson, text } from "../given";
import { edited, filesState, livingFileOf, nameIsTaken, workspaceOf } from "./file";
import type { StoredFile, SyncParameters, Workspace } from "./file";
import { defaultSchedule, ownOutputOf } from "./schedule";
import { position } from "./switches";

/** A business failure of Data Integration: it arrives with HTTP 200, and Data.Status alone says so. */
export class Failure extends Error {}

const fileTypes = { DI_OFFLINE: 23, DI_REALTIME: 900, DI_SOLUTION: 0 } as const;
const defaultFolder = "Business Flow/Workflow/Data Integration";

export const CreateDISyncTask: Operation = (parameters, context) =>
  answer(context, () => {
    const workspace = workspaceOf(parameters, context);
    const state = filesState(context.state);
    const request = JSON.stringify(
      ["TaskType", "TaskName", "TaskContent", "TaskParam"].map((name) => text(parameters, name)),
    );
    const token = text(parameters, "ClientToken") ? `${workspace.Id}/${text(parameters, "ClientToken")}` : undefined;
    const earlier = token === undefined ? undefined : state.clientTokens[token];
    if (earlier && position(context, "clientTokenIgnored") !== true) {
      const alive = state.files[earlier.fileId]?.DeletedStatus === "NORMAL";
      if (alive || position(context, "clientTokenSurvivesDelete") === true) {
        if (earlier.request !== request && position(context, "clientTokenConflict") === "error") {
          throw new Failure("The ClientToken has been used with other parameters.");
        }
        return { FileId: earlier.fileId };
      }
    }
    if (position(context, "createDemandsTaskParam") === true && !text(parameters, "TaskParam")) {
      throw new Refusal("MissingTaskParam", "TaskParam is mandatory for this action.");
    }
    const file = newFile(parameters, workspace, context);
    file.Content = traced(file, context);
    state.files[file.FileId] = file;
    if (token !== undefined) state.clientTokens[token] = { fileId: file.FileId, request };
    return { FileId: file.FileId };
  });

/** A file as CreateDISyncTask makes it: not committed, no schedule of its own yet. */
function newFile(parameters: Parameters, workspace: Workspace, context: Context): StoredFile {
  const taskType = (text(parameters, "TaskType") ?? "DI_OFFLINE") as StoredFile["TaskType"];
  const content = checkedContent(text(parameters, "TaskContent") ?? "", context);
  const given = parsedTaskParam(parameters);
  const taskParam = checkedTaskParam(given, context);
  const folder =
    typeof given["FileFolderPath"] === "string" && given["FileFolderPath"] !== ""
      ? given["FileFolderPath"]
      : defaultFolder;
  const id = context.newId(9);
  const name = text(parameters, "TaskName") || `di_${id}`;
  if (name.includes("/") || name.length > 256) throw new Failure(`TaskName:[${name}] is invalid.`);
  if (nameIsTaken(context, workspace.Id, folder, name)) {
    throw new Failure(`A file named [${name}] already exists in the folder [${folder}].`);
  }
  const now = context.now();
  return {
    FileId: id,
    ProjectId: workspace.Id,
    TaskType: taskType,
    FileType: fileTypes[taskType],
    FileName: name,
    FileFolderPath: folder,
    FileDescription: "",
    Content: content,
    TaskParam: taskParam,
    NodeConfiguration: defaultSchedule(ownOutputOf({ FileId: id, ProjectId: workspace.Id }, context)),
    Owner: context.account,
    CreateUser: context.account,
    CreateTime: now,
    LastEditUser: context.account,
    LastEditTime: now,
    CommitStatus: 0,
    CurrentVersion: 0,
    DeletedStatus: "NORMAL",
  };
}

export const UpdateDISyncTask: Operation = (parameters, context) =>
  answer(context, () => {
    const file = livingFileOf(parameters, context);
    if (!file) throw new Failure(`The file [${text(parameters, "FileId") ?? ""}] does not exist.`);
    if (file.FileType !== 23 || text(parameters, "TaskType") !== "DI_OFFLINE") {
      throw new Refusal("Invalid.DI.Parameter", "The parameter is invalid: only DI_OFFLINE tasks can be updated.");
    }
    refuseIncomplete(parameters, context);
    // "Leave empty if unchanged": an empty text is as good as none.
    const content = text(parameters, "TaskContent")
      ? checkedContent(text(parameters, "TaskContent") ?? "", context)
      : file.Content;
    const taskParam = checkedTaskParam(parsedTaskParam(parameters), context);
    file.Content = content;
    const replaces = position(context, "taskParamReplaces") === true && Object.keys(taskParam).length > 0;
    file.TaskParam = replaces ? taskParam : { ...file.TaskParam, ...taskParam };
    file.Content = traced(file, context);
    edited(file, context.account, context);
    return {};
  });

function refuseIncomplete(parameters: Parameters, context: Context): void {
  const longest = Number(position(context, "longestContentInUrl"));
  if (longest > 0 && encodeURIComponent(text(parameters, "TaskContent") ?? "").length > longest) {
    throw new Refusal("RequestURITooLong", "The request URI is too long.", 414);
  }
  const demands = position(context, "updateDISyncTaskDemands");
  if (demands === "") return;
  for (const name of ["TaskContent", "TaskParam"]) {
    const given = text(parameters, name);
    if (given === undefined || (given === "" && demands === "filled")) {
      throw new Refusal(`Missing${name}`, `${name} is mandatory for this action.`);
    }
  }
}

/** The script with what TaskParam leaves in it, where it does. */
function traced({ Content, TaskParam }: StoredFile, context: Context): string {
  if (position(context, "taskParamInContent") !== true || !isRecord(parsedJson(Content))) return Content;
  const script = parse(Content) as Record<string, unknown>;
  const extend = isRecord(script["extend"]) ? script["extend"] : {};
  const { ResourceGroup, Cu } = TaskParam;
  const trace = {
    ...(ResourceGroup !== undefined && { resourceGroup: ResourceGroup }),
    ...(Cu !== undefined && { cu: Cu }),
  };
  return stringify({ ...script, extend: { ...extend, ...trace } }) ?? Content;
}

/** Puts an outcome into the envelope of Data Integration. */
export function answer(context: Context, act: () => object): object {
  try {
    const data = act();
    const message =
      position(context, "diSyncSuccessCarriesMessage") === true ? "ResourceGroup:[S_res_group_XXX] is invalid." : null;
    return { Success: true, Data: { Status: "success", Message: message, ...data } };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (position(context, "diFailureIsServerError") === true) {
      throw new Refusal("InternalError.DI.Parameter", `A DI internal error occurred: ${error.message}`, 500);
    }
    return {
      Success: position(context, "diSyncFailureIsUnsuccessful") !== true,
      Data: { Status: "fail", Message: error.message },
    };
  }
}

/** The script as it was sent: nobody knows that the service changes a byte of it on the way in. */
function checkedContent(content: string, context: Context): string {
  const parsed = parsedJson(content);
  if (!isRecord(parsed)) throw new Failure("TaskContent is not a valid JSON object.");
  if (position(context, "strictTaskContent") === true) {
    const steps = Array.isArray(parsed["steps"]) ? parsed["steps"].filter(isRecord) : [];
    const order = parsed["order"];
    const complete =
      parsed["type"] === "job" &&
      ["reader", "writer"].every((category) => steps.some((step) => step["category"] === category)) &&
      isRecord(order) &&
      Array.isArray(order["hops"]);
    if (!complete) throw new Failure("TaskContent must be a job with a reader, a writer and order.hops.");
  }
  return content;
}

function parsedTaskParam(parameters: Parameters): Record<string, unknown> {
  const given = text(parameters, "TaskParam");
  if (!given) return {};
  const parsed = parsedJson(given);
  if (!isRecord(parsed)) throw new Failure("TaskParam is not a valid JSON object.");
  return parsed;
}

function checkedTaskParam(given: Record<string, unknown>, context: Context): SyncParameters {
  const checked: SyncParameters = {};
  const group = given["ResourceGroup"];
  if (group !== undefined) {
    const known = position(context, "strictResourceGroup") !== true || /^(S_|group_|Serverless_)/.test(String(group));
    if (typeof group !== "string" || !/^[\w.-]+$/.test(group) || !known) {
      throw new Failure(`ResourceGroup:[${String(group)}] is invalid.`);
    }
    checked.ResourceGroup = group;
  }
  if (given["Cu"] !== undefined) {
    const cu = Number(given["Cu"]);
    if (!(cu > 0) || !Number.isInteger(cu * 2)) {
      throw new Failure(`Cu:[${String(given["Cu"])}] is invalid: it must be a multiple of 0.5.`);
    }
    checked.Cu = cu;
  }
  return checked;
}
