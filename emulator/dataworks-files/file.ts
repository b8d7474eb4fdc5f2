import { Refusal } from "../service";
import type { Context, Parameters } from "../service";
import { text } from "../given";
import type { Schedule } from "./schedule";
import { position } from "./switches";

/** What `state` holds for the files of Data Studio, next to the tasks and workspaces of the other DataWorks version. */
export interface FilesState {
  projects?: Record<string, Workspace>;
  files: Record<string, StoredFile>;
  deployments: Record<string, StoredDeployment>;
  /** Packages whose outcome has not been applied yet, oldest first. */
  pendingDeployments: string[];
  /** By `<projectId>/<token>`. */
  clientTokens: Record<string, { fileId: string; request: string }>;
  /** By `<projectId>/<path>`. */
  folders: Record<string, string>;
  /** Files as they were before their last change, where reads are late. */
  formerFiles?: Record<string, { until: number; file: StoredFile }>;
  /** Scheduling resource groups by identifier: GetFile answers a number. */
  resourceGroups: Record<string, string>;
}

export interface Workspace {
  Id: string;
  Name: string;
  generation: "new" | "legacy";
  DevEnvironmentEnabled: boolean;
}

export interface SyncParameters {
  ResourceGroup?: string;
  Cu?: number;
}

/** One committed state of a file: what runs in production once it has been deployed. */
export interface Snapshot {
  Version: number;
  FileName: string;
  Content: string;
  TaskParam: SyncParameters;
  NodeConfiguration: Schedule;
}

export interface StoredFile {
  FileId: string;
  ProjectId: string;
  TaskType: "DI_OFFLINE" | "DI_REALTIME" | "DI_SOLUTION";
  /** 23 batch sync, 900 real-time. A solution is no file: 0. */
  FileType: number;
  FileName: string;
  FileFolderPath: string;
  FileDescription: string;
  Content: string;
  TaskParam: SyncParameters;
  NodeConfiguration: Schedule;
  Owner: string;
  CreateUser: string;
  CreateTime: number;
  LastEditUser: string;
  LastEditTime: number;
  CommitStatus: 0 | 1;
  CurrentVersion: number;
  NodeId?: string;
  DeletedStatus: "NORMAL" | "RECYCLE_BIN" | "DELETED";
  /** Standard mode: the file is gone from development and still waits for its deletion in production. */
  awaitsDeletionInProduction?: boolean;
  /** What the development environment runs (simple mode: production). */
  submitted?: Snapshot;
  /** What production runs. */
  deployed?: Snapshot;
}

export interface StoredDeployment {
  Id: string;
  ProjectId: string;
  kind: "submit" | "deploy" | "delete";
  FileId: string;
  Name: string;
  CreatorId: string;
  CreateTime: number;
  /** When the package is through; before that its Status is 0. */
  ExecuteTime: number;
  Status: 0 | 1 | 2;
  ErrorMessage: string;
  FromEnvironment: number;
  ToEnvironment: number;
  /** The scheduler node a first commit makes. */
  NodeId?: string;
  snapshot?: Snapshot;
  /** LastEditTime of the file when the package was made: an edit in between keeps the file uncommitted. */
  editedAt: number;
}

/** The state as the file operations see it. */
export const filesState = (state: Record<string, unknown>): FilesState => state as unknown as FilesState;

/** The id of another person, for edits behind the provider's back. */
export const consoleUser = "1107550004253538";

/** The workspace a call is about, by ProjectId or ProjectIdentifier; a workspace of the new generation has no such files. */
export function workspaceOf(parameters: Parameters, context: Context): Workspace {
  const id = text(parameters, "ProjectId");
  const name = text(parameters, "ProjectIdentifier");
  if (!id && !name) {
    throw new Refusal("MissingProjectId", "ProjectId or ProjectIdentifier is mandatory for this action.");
  }
  const projects = filesState(context.state).projects ?? {};
  const workspace = id ? projects[id] : Object.values(projects).find((project) => project.Name === name);
  if (!workspace) throw new Refusal("1101080008", `The workspace ${id ?? name ?? ""} does not exist.`, 404);
  if (workspace.generation === "new") {
    throw new Refusal(
      "Forbidden.Access",
      `The workspace ${workspace.Id} uses the new Data Studio: call version 2024-05-18 of this product.`,
      403,
    );
  }
  return workspace;
}

/** The file a call names by FileId or NodeId, deleted or not, in its own workspace only. */
export function fileOf(parameters: Parameters, context: Context): StoredFile | undefined {
  const workspace = workspaceOf(parameters, context);
  const files = filesState(context.state).files;
  const fileId = text(parameters, "FileId");
  const nodeId = text(parameters, "NodeId");
  if (!fileId && !nodeId) throw new Refusal("MissingFileId", "FileId or NodeId is mandatory for this action.");
  const file = fileId ? files[fileId] : Object.values(files).find((each) => each.NodeId === nodeId);
  return file?.ProjectId === workspace.Id && file.TaskType !== "DI_SOLUTION" ? file : undefined;
}

/** The living file a call names, or undefined. */
export function livingFileOf(parameters: Parameters, context: Context): StoredFile | undefined {
  const file = fileOf(parameters, context);
  return file?.DeletedStatus === "NORMAL" ? file : undefined;
}

/** The answer for a file that is not there, in whichever of the two forms the switch says. */
export function missing(parameters: Parameters, context: Context): object {
  const message = `The file ${text(parameters, "FileId") ?? text(parameters, "NodeId") ?? ""} does not exist.`;
  const code = String(position(context, "missingFileCode"));
  if (position(context, "missingFile") !== "unsuccessful") throw new Refusal(code, message, 404);
  return { Success: false, ErrorCode: code, ErrorMessage: message, HttpStatusCode: 404 };
}

/** The members every successful file operation answers. */
export const done = { Success: true, ErrorCode: "", ErrorMessage: "", HttpStatusCode: 200 } as const;

/**
 * Marks an edit: somebody changed the file now, so the newest code is not committed. Times strictly increase. Of an edit
 * of the schedule alone a switch says what it marks.
 */
export function edited(file: StoredFile, user: string, context: Context, isOfSchedule = false): void {
  const marks = isOfSchedule ? position(context, "scheduleEditMarks") : "all";
  if (marks === "nothing") return;
  if (marks === "all") file.LastEditTime = Math.max(context.now(), file.LastEditTime + 1);
  file.LastEditUser = user;
  file.CommitStatus = 0;
}

/** Whether another living file of the folder has the name. */
export function nameIsTaken(
  context: Context,
  projectId: string,
  folder: string,
  name: string,
  except?: string,
): boolean {
  return Object.values(filesState(context.state).files).some(
    (file) =>
      file.FileName === name &&
      file.ProjectId === projectId &&
      file.FileFolderPath === folder &&
      file.FileId !== except &&
      file.DeletedStatus === "NORMAL",
  );
}

/** The id of a folder, made when the path is first seen. */
export function folderId(context: Context, projectId: string, path: string): string {
  return (filesState(context.state).folders[`${projectId}/${path}`] ??= context.newId(9));
}

/** A copy that later edits of the file leave alone. */
export const snapshot = (file: StoredFile, version: number): Snapshot =>
  structuredClone({
    Version: version,
    FileName: file.FileName,
    Content: file.Content,
    TaskParam: file.TaskParam,
    NodeConfiguration: file.NodeConfiguration,
  });
