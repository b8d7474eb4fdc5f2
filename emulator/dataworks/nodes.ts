import { isRecord, text } from "../given";
import { Refusal } from "../service";
import type { Context, Operation } from "../service";
import { later, nodeOf, page, stateOf, studioOf, workspaceOf } from "./model";
import type { Node, Workspace } from "./model";
import { identityOf, merged, outputsOf, parseSpec, storedSpec } from "./spec";
import type { SpecDocument } from "./spec";
import { position } from "./switches";

type Members = Record<string, unknown>;
const record = (value: unknown): Members => (isRecord(value) ? value : {});
const records = (value: unknown): Members[] => (Array.isArray(value) ? value.filter(isRecord) : []);

export const GetProject: Operation = (parameters, context) => {
  const { Id, Name, DisplayName, Description, DevEnvironmentEnabled, Owner, Status } = workspaceOf(
    context,
    text(parameters, "Id"),
  );
  return {
    Project: {
      ...{ Id, Name, DisplayName, Description, DevEnvironmentEnabled, Owner, Status },
      ...{
        DevRoleDisabled: !DevEnvironmentEnabled,
        PaiTaskEnabled: false,
        AliyunResourceGroupId: "rg-default",
        AliyunResourceTags: [],
      },
    },
  };
};

function refuseTwin(context: Context, project: string, path: string, name: string, except?: string): void {
  const twin = Object.values(stateOf(context).nodes).find(
    (node) => node.ProjectId === project && node.Name === name && node.Path === path && node.Id !== except,
  );
  if (twin !== undefined) throw new Refusal("9990030001", `A node with the name ${name} exists at this path already.`);
}

const ownerOf = ({ node }: SpecDocument, otherwise: string): string => {
  const owner = node["owner"];
  return typeof owner === "string" && owner !== "" ? owner : typeof owner === "number" ? String(owner) : otherwise;
};

export const CreateNode: Operation = (parameters, context) => {
  const workspace = studioOf(context, parameters);
  const state = stateOf(context);
  const spec = parseSpec(text(parameters, "Spec") ?? "");
  const { name, path: written } = identityOf(spec);
  const containerId = text(parameters, "ContainerId");
  const container = containerId === undefined ? undefined : state.workflowDefinitions[containerId];
  if (containerId !== undefined && container?.ProjectId !== workspace.Id)
    throw new Refusal("9990040007", `The container ${containerId} does not exist.`);
  const path = container === undefined ? written : `${container.Path}/${name}`;
  refuseTwin(context, workspace.Id, path, name);
  const id = context.newId(19);
  const owner = ownerOf(spec, context.account);
  const now = context.now();
  state.nodes[id] = {
    Id: id,
    ProjectId: workspace.Id,
    Scene: text(parameters, "Scene") ?? "DATAWORKS_PROJECT",
    ...(containerId !== undefined && { ContainerId: containerId }),
    ...{ Name: name, Path: path, Owner: owner, Version: 1, published: [], runs: [] },
    Spec: storedSpec(spec, { id, name, path, owner }, workspace),
    ...{ CreateTime: now, CreateUser: context.account, ModifyTime: now },
  };
  return { Id: id };
};

/** Saves a node with another Spec; name and path are the node's own (RenameNode and MoveNode change those). */
function save(context: Context, workspace: Workspace, node: Node, spec: SpecDocument): void {
  const { Id: id, Name: name, Path: path } = node;
  node.Owner = ownerOf(spec, node.Owner);
  node.Spec = storedSpec(spec, { id, name, path, owner: node.Owner }, workspace);
  node.Version += 1;
  node.ModifyTime = later(node.ModifyTime, context.now());
}

export const UpdateNode: Operation = (parameters, context) => {
  const workspace = studioOf(context, parameters);
  const node = nodeOf(context, parameters);
  const sent = parseSpec(text(parameters, "Spec") ?? "");
  const before = parseSpec(node.Spec);
  const body = record(sent.document["spec"]);
  const edges = [body, ...records(body["workflows"])].some(
    (scope) => scope["flow"] !== undefined || scope["dependencies"] !== undefined,
  );
  const next: SpecDocument =
    position(context, "updateNodeReplaces") === true
      ? sent
      : {
          document: {
            ...before.document,
            ...sent.document,
            metadata: { ...record(before.document["metadata"]), ...record(sent.document["metadata"]) },
          },
          node: record(merged(before.node, sent.node)),
          depends: edges ? sent.depends : before.depends,
        };
  identityOf({ ...next, node: { ...next.node, name: node.Name } });
  save(context, workspace, node, next);
  return { Success: true };
};

export const RenameNode: Operation = (parameters, context) => {
  const workspace = studioOf(context, parameters);
  const node = nodeOf(context, parameters);
  const name = text(parameters, "Name") ?? "";
  refuseTwin(context, workspace.Id, node.Path, name, node.Id);
  // A path that ends in the name follows it.
  if (node.Path.split("/").at(-1) === node.Name) node.Path = [...node.Path.split("/").slice(0, -1), name].join("/");
  node.Name = name;
  save(context, workspace, node, parseSpec(node.Spec));
  return { Success: true };
};

export const MoveNode: Operation = (parameters, context) => {
  const workspace = studioOf(context, parameters);
  const node = nodeOf(context, parameters);
  // The folder alone, as the SDKs say: to have root/demo/test, the node test is moved to root/demo.
  const folder = (text(parameters, "Path") ?? "").replace(/\/+$/, "");
  const path = `${folder}/${node.Name}`;
  refuseTwin(context, workspace.Id, path, node.Name, node.Id);
  node.Path = path;
  save(context, workspace, node, parseSpec(node.Spec));
  return { Success: true };
};

export const GetNode: Operation = (parameters, context) => {
  const { Id, ProjectId, Name, Owner, Spec, TaskId, CreateTime, ModifyTime } = nodeOf(context, parameters);
  studioOf(context, { ProjectId });
  return {
    Node: { Id, ProjectId, Name, Owner, Spec, CreateTime, ModifyTime, ...(TaskId !== undefined && { TaskId }) },
  };
};

export const DeleteNode: Operation = (parameters, context) => {
  studioOf(context, parameters);
  const node = nodeOf(context, parameters);
  if (node.published.length > 0)
    throw new Refusal("9990030026", `The node ${node.Id} is published; take it offline first.`);
  const state = stateOf(context);
  delete state.nodes[node.Id];
  for (const run of node.runs) delete state.pipelineRuns[run];
  state.activeRuns = state.activeRuns.filter((id) => state.pipelineRuns[id] !== undefined);
  return { Success: true };
};

const upper = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
/** FlowSpec members under the names of the list operations, only those the contract has. */
const picked = (from: unknown, names: readonly string[]): Members =>
  Object.fromEntries(
    names.flatMap((name) => (record(from)[name] === undefined ? [] : [[upper(name), record(from)[name]]])),
  );

function variables(from: unknown): Members[] {
  return records(from).map((variable) => ({
    ...picked(variable, ["id", "name", "type", "value", "scope", "artifactType"]),
    ...(isRecord(variable["node"]) && { Node: picked(variable["node"], ["output"]) }),
  }));
}

const ports = (from: unknown): Members => ({
  NodeOutputs: records(record(from)["nodeOutputs"]).map((output) => picked(output, ["data", "refTableName"])),
  Tables: records(record(from)["tables"]).map((table) => picked(table, ["guid"])),
  Variables: variables(record(from)["variables"]),
});

function listed(node: Node): Members {
  const { node: spec } = parseSpec(node.Spec);
  const { Id, ProjectId, Name, Owner, TaskId, CreateTime, ModifyTime } = node;
  const resource = record(spec["runtimeResource"]);
  const strategy = {
    InstanceMode: spec["instanceMode"],
    RerunMode: spec["rerunMode"],
    RerunTimes: spec["rerunTimes"],
    // Seconds here, by the contract; hours and milliseconds in the Spec.
    RerunInterval: typeof spec["rerunInterval"] === "number" ? Math.round(spec["rerunInterval"] / 1000) : undefined,
    Timeout: typeof spec["timeout"] === "number" ? Math.round(spec["timeout"] * 3600) : undefined,
  };
  return {
    ...{ Id, ProjectId, Name, Owner, CreateTime, ModifyTime },
    ...(TaskId !== undefined && { TaskId }),
    Description: spec["description"] ?? "",
    DataSource: picked(spec["datasource"], ["name", "type"]),
    Inputs: ports(spec["inputs"]),
    Outputs: ports(spec["outputs"]),
    Recurrence: spec["recurrence"] ?? record(spec["trigger"])["recurrence"] ?? "Normal",
    RuntimeResource: { ResourceGroupId: resource["resourceGroupId"] ?? resource["resourceGroup"] },
    Script: {
      ...picked(spec["script"], ["id", "path"]),
      Runtime: picked(record(spec["script"])["runtime"], ["command"]),
    },
    Strategy: strategy,
    Tags: records(spec["tags"]).map((tag) => picked(tag, ["key", "value"])),
    Trigger: picked(spec["trigger"], ["type", "id", "cron", "startTime", "endTime", "timezone"]),
  };
}

export const ListNodes: Operation = (parameters, context) => {
  const project = studioOf(context, parameters).Id;
  const [name, scene, container, recurrence, mode] = ["Name", "Scene", "ContainerId", "Recurrence", "RerunMode"].map(
    (field) => text(parameters, field),
  );
  const modes: Record<string, string> = { AllAllowed: "Allowed", AllDenied: "Denied" };
  const wantedMode = mode === undefined ? undefined : (modes[mode] ?? mode);
  const found = Object.values(stateOf(context).nodes)
    .filter((node) => node.ProjectId === project && (name === undefined || node.Name.includes(name)))
    .filter(
      (node) =>
        (scene === undefined || node.Scene === scene) && (container === undefined || node.ContainerId === container),
    )
    .filter((node) => recurrence === undefined || listed(node)["Recurrence"] === recurrence)
    .filter((node) => wantedMode === undefined || parseSpec(node.Spec).node["rerunMode"] === wantedMode);
  const { items, ...paging } = page(context, found, parameters);
  return { PagingInfo: { ...paging, Nodes: items.map((node) => listed(node)) } };
};

export const ListNodeDependencies: Operation = (parameters, context) => {
  const workspace = studioOf(context, parameters);
  const node = nodeOf(context, parameters);
  const { depends, node: spec } = parseSpec(node.Spec);
  const wanted = new Set([
    ...depends.map((edge) => edge["output"]),
    ...records(record(spec["inputs"])["nodeOutputs"]).map((input) => input["data"]),
  ]);
  const ids = new Set(depends.map((edge) => edge["nodeId"]));
  const upstream = Object.values(stateOf(context).nodes).filter(
    (other) =>
      other.Id !== node.Id &&
      (ids.has(other.Id) ||
        outputsOf(parseSpec(other.Spec).node, workspace, other.Name).some((output) => wanted.has(output))),
  );
  const { items, ...paging } = page(context, upstream, parameters);
  return { PagingInfo: { ...paging, Nodes: items.map((other) => listed(other)) } };
};

export const ListWorkflowDefinitions: Operation = (parameters, context) => {
  const project = studioOf(context, parameters).Id;
  const [name, owner, type] = ["Name", "Owner", "Type"].map((field) => text(parameters, field));
  const found = Object.values(stateOf(context).workflowDefinitions).filter(
    (workflow) =>
      workflow.ProjectId === project &&
      (name === undefined || workflow.Name.includes(name)) &&
      (owner === undefined || workflow.Owner === owner) &&
      (type === undefined || workflow.Type === type),
  );
  const { items, ...paging } = page(context, found, parameters);
  return {
    PagingInfo: {
      ...paging,
      WorkflowDefinitions: items.map(({ Path, WorkflowId: _task, ...workflow }) => ({
        ...workflow,
        Description: "",
        Script: { Id: workflow.Id, Path, Runtime: { Command: "WORKFLOW" } },
      })),
    },
  };
};
