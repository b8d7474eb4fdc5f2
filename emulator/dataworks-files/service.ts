import { Refusal } from "../service";
import type { Context, Operation, Service } from "../service";
import { isRecord } from "../given";
import { consoleUser, edited, filesState, snapshot } from "./file";
import type { StoredFile } from "./file";
import { defaultSchedule, ownOutputOf, UpdateFile } from "./schedule";
import { position } from "./switches";
import { GetFile, ListFiles } from "./reading";
import { DeleteFile, DeployFile, GetDeployment, ListDeployments, settle, SubmitFile } from "./publishing";
import { DeleteDISyncTask, DeployDISyncTask, GetDISyncTask, TerminateDISyncInstance } from "./real-time";
import { CreateDISyncTask, UpdateDISyncTask } from "./sync-task";

/** The parts of a file a person can edit in the console; everything else follows from what the service does. */
const editable = [
  "FileName",
  "FileFolderPath",
  "FileDescription",
  "Content",
  "Owner",
  "DeletedStatus",
  "TaskParam",
  "NodeConfiguration",
] as const satisfies readonly (keyof StoredFile)[];

const operations: Readonly<Record<string, Operation>> = {
  CreateDISyncTask,
  DeleteDISyncTask,
  DeleteFile,
  DeployDISyncTask,
  DeployFile,
  GetDISyncTask,
  GetDeployment,
  GetFile,
  ListDeployments,
  ListFiles,
  SubmitFile,
  TerminateDISyncInstance,
  UpdateDISyncTask,
  UpdateFile,
};

/** Whatever a call does, it meets the outcome of the packages that are through by now. */
const settled =
  (operation: Operation): Operation =>
  async (parameters, context) => {
    settle(context);
    const lag = Number(position(context, "fileReadLagMilliseconds"));
    const state = filesState(context.state);
    const file = lag > 0 ? state.files[String(parameters["FileId"])] : undefined;
    const former = file && structuredClone(file);
    const answer = await operation(parameters, context);
    if (former !== undefined && former.LastEditTime !== file?.LastEditTime) {
      (state.formerFiles ??= {})[former.FileId] = { until: context.now() + lag, file: former };
    }
    return answer;
  };

/** DataWorks 2020-05-18: Data Studio files, and the sync tasks that are such files. */
export const service: Service = {
  version: "dataworks-2020-05-18",
  stateKey: "dataworks",
  seed: (state) => {
    // The other DataWorks version seeds the workspaces of the same state, before or after.
    for (const part of ["files", "deployments", "clientTokens", "folders", "resourceGroups"]) state[part] ??= {};
    state["pendingDeployments"] ??= [];
  },
  operations: Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, settled(operation)])),
  touch: (id, changes, context) => {
    settle(context);
    const { files } = filesState(context.state);
    const file = Object.hasOwn(files, id) ? files[id] : undefined;
    if (!file) throw new Refusal("NotFound", `No file has the id ${id}.`, 404);
    const isOfSchedule = Object.keys(changes).every((name) => name in file.NodeConfiguration);
    for (const [name, value] of Object.entries(changes)) {
      const part = editable.find((each) => each === name);
      if (part === "TaskParam" || part === "NodeConfiguration") {
        if (!isRecord(value)) throw new Refusal("InvalidChange", `${name} must be an object.`);
        Object.assign(file[part], value);
      } else if (part !== undefined) {
        Object.assign(file, { [part]: value });
      } else if (name in file.NodeConfiguration) {
        Object.assign(file.NodeConfiguration, { [name]: value });
      } else {
        throw new Refusal("InvalidChange", `${name} is no property of a file.`);
      }
    }
    // Back out of the recycle bin: nothing is to be deleted any more.
    if (changes["DeletedStatus"] === "NORMAL") delete file.awaitsDeletionInProduction;
    edited(file, consoleUser, context, isOfSchedule);
    return structuredClone(file);
  },
};

/**
 * The ids of `count` new batch sync files, committed and deployed, named `<FileName>-<number>`; for tests that need many.
 * `template` gives whatever of a stored file matters; without a ProjectId they go to the first workspace of the old generation.
 */
export function bulk(
  state: Record<string, unknown>,
  context: Omit<Context, "state">,
  count: number,
  template: Partial<StoredFile> = {},
): string[] {
  const { files, projects } = filesState(state);
  const ProjectId =
    template.ProjectId ?? Object.values(projects ?? {}).find((each) => each.generation === "legacy")?.Id;
  if (ProjectId === undefined)
    throw new Refusal("InvalidChange", "ProjectId must name a workspace of the old generation.");
  const now = context.now();
  return Array.from({ length: count }, (_, index) => {
    const FileId = context.newId(9);
    const file: StoredFile = structuredClone({
      TaskType: "DI_OFFLINE",
      FileType: 23,
      FileFolderPath: "Business Flow/Workflow/Data Integration",
      FileDescription: "",
      Content: '{"type":"job","version":"2.0","steps":[],"order":{"hops":[]}}',
      TaskParam: {},
      NodeConfiguration: defaultSchedule(ownOutputOf({ FileId, ProjectId }, { ...context, state })),
      Owner: context.account,
      CreateUser: context.account,
      CreateTime: now,
      LastEditUser: context.account,
      LastEditTime: now,
      CommitStatus: 1,
      CurrentVersion: 1,
      NodeId: context.newId(10),
      DeletedStatus: "NORMAL",
      ...template,
      ProjectId,
      FileId,
      FileName: `${template.FileName ?? "sync"}-${index + 1}`,
    });
    file.submitted = snapshot(file, 1);
    file.deployed = structuredClone(file.submitted);
    files[FileId] = file;
    return FileId;
  });
}
