import { Refusal } from "../service";
import type { Context, Operation } from "../service";
import { amount, text } from "../given";
import { done, fileOf, filesState, livingFileOf, missing, snapshot, workspaceOf } from "./file";
import type { StoredDeployment, StoredFile, Workspace } from "./file";
import { position } from "./switches";

const development = 1;
const production = 2;

export const SubmitFile: Operation = (parameters, context) => {
  const workspace = workspaceOf(parameters, context);
  const file = livingFileOf(parameters, context);
  if (!file) return missing(parameters, context);
  const lacksInput = position(context, "inputListRequired") === true && file.NodeConfiguration.InputList.length === 0;
  const Id = pack(context, file, "submit", {
    FromEnvironment: 0,
    ToEnvironment: workspace.DevEnvironmentEnabled ? development : production,
    NodeId: file.NodeId ?? context.newId(10),
    snapshot: snapshot(file, file.CurrentVersion + 1),
    ...(lacksInput && { ErrorMessage: "The node has no upstream: InputList is empty." }),
  });
  return { ...done, Data: Id };
};

export const DeployFile: Operation = (parameters, context) => {
  const workspace = workspaceOf(parameters, context);
  const file = fileOf(parameters, context);
  if (!file || (file.DeletedStatus !== "NORMAL" && !file.awaitsDeletionInProduction))
    return missing(parameters, context);
  if (!workspace.DevEnvironmentEnabled && position(context, "deployInSimpleMode") === "refused") {
    throw new Refusal("1201111279", "The workspace is in basic mode: a committed file needs no deployment.");
  }
  const environments = { FromEnvironment: development, ToEnvironment: production };
  if (file.awaitsDeletionInProduction) return { ...done, Data: pack(context, file, "delete", environments) };
  if (!file.submitted) throw new Refusal("1201111279", `The file ${file.FileId} has not been committed.`);
  return {
    ...done,
    Data: pack(context, file, "deploy", { ...environments, snapshot: structuredClone(file.submitted) }),
  };
};

export const DeleteFile: Operation = (parameters, context) => {
  const workspace = workspaceOf(parameters, context);
  const file = fileOf(parameters, context);
  if (file && file.DeletedStatus !== "NORMAL" && position(context, "repeatedDelete") === "success") return done;
  if (file?.DeletedStatus !== "NORMAL") return missing(parameters, context);
  if (!file.submitted) {
    // Never committed: gone at once, and nothing to poll.
    file.DeletedStatus = "RECYCLE_BIN";
    return done;
  }
  const children = position(context, "deleteWithDownstreamFails") === true ? downstream(file, context) : [];
  const DeploymentId = pack(context, file, "delete", {
    FromEnvironment: 0,
    ToEnvironment: workspace.DevEnvironmentEnabled ? development : production,
    ...(children.length > 0 && { ErrorMessage: `The node has downstream nodes: ${children.join(", ")}.` }),
  });
  return { ...done, DeploymentId };
};

export const GetDeployment: Operation = (parameters, context) => {
  const workspace = workspaceOf(parameters, context);
  const state = filesState(context.state);
  const deployment = state.deployments[text(parameters, "DeploymentId") ?? ""];
  if (deployment?.ProjectId !== workspace.Id) {
    throw new Refusal(
      "1201111005",
      `The deployment package ${text(parameters, "DeploymentId") ?? ""} does not exist.`,
      404,
    );
  }
  return {
    ...done,
    Data: {
      Deployment: {
        CheckingStatus: deployment.Status === 0 && deployment.kind === position(context, "deploymentHolds") ? 8 : null,
        CreateTime: deployment.CreateTime,
        CreatorId: deployment.CreatorId,
        ErrorMessage: deployment.Status === 2 ? deployment.ErrorMessage : "",
        ExecuteTime: deployment.Status === 0 ? null : deployment.ExecuteTime,
        FromEnvironment: deployment.FromEnvironment,
        HandlerId: deployment.CreatorId,
        Name: deployment.Name,
        Status: deployment.Status,
        ToEnvironment: deployment.ToEnvironment,
      },
      DeployedItems: [
        {
          FileId: deployment.FileId,
          FileVersion: deployment.snapshot?.Version ?? state.files[deployment.FileId]?.CurrentVersion ?? 0,
          Status: deployment.Status,
        },
      ],
    },
  };
};

export const ListDeployments: Operation = (parameters, context) => {
  const workspace = workspaceOf(parameters, context);
  const pageNumber = amount(parameters, "PageNumber") ?? 1;
  const pageSize = amount(parameters, "PageSize") ?? 10;
  if (pageSize < 1 || pageSize > 100) throw new Refusal("InvalidPageSize", "PageSize must be between 1 and 100.");
  const keyword = text(parameters, "Keyword");
  const creator = text(parameters, "Creator");
  const executor = text(parameters, "Executor");
  const status = amount(parameters, "Status");
  const createdBefore = amount(parameters, "EndCreateTime");
  const executedBefore = amount(parameters, "EndExecuteTime");
  const found = Object.values(filesState(context.state).deployments)
    .filter(
      (each) =>
        each.ProjectId === workspace.Id &&
        (!keyword || each.Name.includes(keyword)) &&
        (!creator || each.CreatorId === creator) &&
        (!executor || each.CreatorId === executor) &&
        (status === undefined || each.Status === status) &&
        (createdBefore === undefined || each.CreateTime <= createdBefore) &&
        (executedBefore === undefined || (each.Status !== 0 && each.ExecuteTime <= executedBefore)),
    )
    .sort((a, b) => b.CreateTime - a.CreateTime);
  return {
    Data: {
      PageNumber: pageNumber,
      PageSize: pageSize,
      TotalCount: found.length,
      Deployments: found.slice((pageNumber - 1) * pageSize, pageNumber * pageSize).map((each) => ({
        CreateTime: each.CreateTime,
        Creator: each.CreatorId,
        ErrorMessage: each.Status === 2 ? each.ErrorMessage : "",
        ExecuteTime: each.Status === 0 ? null : each.ExecuteTime,
        Executor: each.CreatorId,
        Id: each.Id,
        Name: each.Name,
        Status: each.Status,
      })),
    },
  };
};

/** Makes a package that is through after one stage; whether it will fail is settled now, and seen only by polling. */
function pack(
  context: Context,
  file: StoredFile,
  kind: StoredDeployment["kind"],
  details: Pick<StoredDeployment, "FromEnvironment" | "ToEnvironment"> & Partial<StoredDeployment>,
): string {
  const state = filesState(context.state);
  const now = context.now();
  const Id = context.newId(10);
  state.deployments[Id] = {
    Id,
    ProjectId: file.ProjectId,
    kind,
    FileId: file.FileId,
    Name: `${file.FileName}-${kind}-${Id}`,
    CreatorId: context.account,
    CreateTime: now,
    ExecuteTime: now + context.stageMilliseconds,
    Status: 0,
    ErrorMessage: position(context, "deploymentFails") === kind ? `The ${kind} package failed its check.` : "",
    editedAt: file.LastEditTime,
    ...details,
  };
  state.pendingDeployments.push(Id);
  return Id;
}

/** Applies the packages whose time has come. The service calls it before every operation. */
export function settle(context: Context): void {
  const state = filesState(context.state);
  const now = context.now();
  const held = position(context, "deploymentHolds");
  const due = (id: string) => (state.deployments[id]?.ExecuteTime ?? 0) <= now && state.deployments[id]?.kind !== held;
  for (const id of state.pendingDeployments.filter(due)) {
    context.moved();
    const deployment = state.deployments[id];
    const file = deployment && state.files[deployment.FileId];
    if (!file) continue;
    deployment.Status = deployment.ErrorMessage === "" ? 1 : 2;
    const workspace = state.projects?.[file.ProjectId];
    if (deployment.Status === 1 && workspace) apply(deployment, file, workspace);
  }
  state.pendingDeployments = state.pendingDeployments.filter((id) => !due(id));
}

function apply(deployment: StoredDeployment, file: StoredFile, workspace: Workspace): void {
  const { kind, snapshot: committed } = deployment;
  if (kind === "delete") {
    if (deployment.ToEnvironment === production) {
      delete file.deployed;
      delete file.awaitsDeletionInProduction;
    } else {
      file.awaitsDeletionInProduction = true;
    }
    file.DeletedStatus = "RECYCLE_BIN";
    return;
  }
  if (!committed) return;
  if (kind === "deploy") {
    file.deployed = committed;
    return;
  }
  file.submitted = committed;
  file.CurrentVersion = committed.Version;
  if (deployment.NodeId !== undefined) file.NodeId = deployment.NodeId;
  if (file.LastEditTime === deployment.editedAt) file.CommitStatus = 1;
  // Without a development environment the commit itself is what the scheduler runs.
  if (!workspace.DevEnvironmentEnabled) file.deployed = structuredClone(committed);
}

/** The living files of the workspace that take an output of this one as their input. */
function downstream(file: StoredFile, context: Context): string[] {
  const outputs = new Set(file.NodeConfiguration.OutputList.map((each) => each.Output));
  return Object.values(filesState(context.state).files)
    .filter((each) => each.FileId !== file.FileId && each.DeletedStatus === "NORMAL")
    .filter((each) => each.NodeConfiguration.InputList.some(({ Input }) => outputs.has(Input)))
    .map((each) => each.FileName);
}
