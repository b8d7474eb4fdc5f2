import { Refusal } from "../service";
import type { Context, Operation, Service } from "../service";
import type { Controlled } from "../services";
import { indexOutputs, later, log, stateOf } from "./model";
import type { Env, Task, TasksState, Workspace } from "./model";
import * as nodes from "./nodes";
import * as pipeline from "./pipeline";
import * as tasks from "./tasks";
import { commit, BatchUpdateTasks, GetUpdateTaskResult, settleUpdates, UpdateTask, UpdateTaskAsync } from "./updating";

/** Whatever a call does, it meets the outcome of the stages and updates that are through by now. */
const settled =
  (operation: Operation): Operation =>
  (parameters, context) => {
    pipeline.settleRuns(context);
    settleUpdates(context);
    return operation(parameters, context);
  };

const operations: Record<string, Operation> = {
  AbolishPipelineRun: pipeline.AbolishPipelineRun,
  BatchUpdateTasks,
  CreateNode: nodes.CreateNode,
  CreatePipelineRun: pipeline.CreatePipelineRun,
  DeleteNode: nodes.DeleteNode,
  DeleteTask: tasks.DeleteTask,
  ExecPipelineRunStage: pipeline.ExecPipelineRunStage,
  GetNode: nodes.GetNode,
  GetPipelineRun: pipeline.GetPipelineRun,
  GetProject: nodes.GetProject,
  GetTask: tasks.GetTask,
  GetUpdateTaskResult,
  ListDownstreamTasks: tasks.ListDownstreamTasks,
  ListNodeDependencies: nodes.ListNodeDependencies,
  ListNodes: nodes.ListNodes,
  ListPipelineRunItems: pipeline.ListPipelineRunItems,
  ListPipelineRuns: pipeline.ListPipelineRuns,
  ListTaskOperationLogs: tasks.ListTaskOperationLogs,
  ListTasks: tasks.ListTasks,
  ListUpstreamTasks: tasks.ListUpstreamTasks,
  ListWorkflowDefinitions: nodes.ListWorkflowDefinitions,
  MoveNode: nodes.MoveNode,
  RenameNode: nodes.RenameNode,
  TagDataAssets: tasks.TagDataAssets,
  UnTagDataAssets: tasks.UnTagDataAssets,
  UpdateNode: nodes.UpdateNode,
  UpdateTask,
  UpdateTaskAsync,
};

function seed(state: Record<string, unknown>, context: Omit<Context, "state">): void {
  const workspace = (name: string, generation: Workspace["generation"], standard: boolean): Workspace => ({
    Id: context.newId(6),
    Name: name,
    DisplayName: name.replaceAll("_", " "),
    Description: "",
    generation,
    DevEnvironmentEnabled: standard,
    Owner: context.account,
    Status: "Available",
  });
  const projects = [
    workspace("shop_analytics", "new", false),
    workspace("shop_analytics_copy", "new", false),
    workspace("shop_standard", "new", true),
    workspace("shop_integration", "legacy", false),
    workspace("shop_integration_standard", "legacy", true),
  ];
  const filled: TasksState = {
    projects: Object.fromEntries(projects.map((project) => [project.Id, project])),
    tasks: { Prod: {}, Dev: {} },
    ...{
      nodes: {},
      pipelineRuns: {},
      activeRuns: [],
      operations: {},
      activeOperations: [],
      operationLogs: {},
      assetTags: {},
      workflowDefinitions: {},
    },
  };
  for (const project of projects.filter(({ generation }) => generation === "new")) {
    const id = context.newId(19);
    const now = context.now();
    filled.workflowDefinitions[id] = {
      ...{ Id: id, ProjectId: project.Id, Name: "daily", Owner: context.account, Type: "CycleWorkflow", Path: "daily" },
      ...{ WorkflowId: context.newId(10), CreateTime: now, ModifyTime: now },
    };
  }
  Object.assign(state, filled);
}

/** Prod before Dev; a task id is the same in both. */
function stored(context: Pick<Context, "state">, id: string): Task | undefined {
  const { tasks: all, nodes: known } = stateOf(context);
  const task = known[id]?.TaskId ?? id;
  return (["Prod", "Dev"] as const satisfies Env[]).map((env) => all[env][task]).find((found) => found !== undefined);
}

/** Members over members, as deep as they go; null takes a member away. */
function edited(before: unknown, changes: unknown): unknown {
  if (typeof changes !== "object" || changes === null || Array.isArray(changes)) return changes;
  const kept = typeof before === "object" && before !== null && !Array.isArray(before) ? { ...before } : {};
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete (kept as Record<string, unknown>)[name];
    else (kept as Record<string, unknown>)[name] = edited((kept as Record<string, unknown>)[name], value);
  }
  return kept;
}

function touch(id: string, changes: Record<string, unknown>, context: Context): object {
  pipeline.settleRuns(context);
  const task = stored(context, id);
  const node = stateOf(context).nodes[id];
  if (task === undefined && node !== undefined) {
    // A node that was never published is edited itself: Spec, Name, Owner.
    return Object.assign(node, edited(node, changes), {
      ModifyTime: later(node.ModifyTime, context.now()),
      Version: node.Version + 1,
    });
  }
  if (task === undefined) throw new Refusal("9990040003", `There is no task or node ${id}.`, 404);
  const next = edited(task, changes) as Task;
  for (const name of Object.keys(changes))
    if (!(name in next)) delete (task as unknown as Record<string, unknown>)[name];
  Object.assign(task, next);
  commit(context, task, next, "console edit", Object.keys(changes));
  return task;
}

export const service: Service = {
  version: "dataworks-2024-05-18",
  stateKey: "dataworks",
  seed,
  operations: Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, settled(operation)])),
  touch,
};

/** Makes tasks without nodes, as if they had been in the scheduler for long; `{n}` in a text becomes the number. */
function bulk(
  state: Record<string, unknown>,
  context: Context,
  count: number,
  template: Record<string, unknown>,
): string[] {
  const numbered = JSON.stringify(template);
  const world = stateOf({ state });
  const first = Object.values(world.projects).find(({ generation }) => generation === "new");
  return Array.from({ length: count }, (_, index) => {
    const given = JSON.parse(numbered.replaceAll("{n}", String(index + 1))) as Partial<Task>;
    const id = given.Id !== undefined && count === 1 ? String(given.Id) : context.newId(10);
    const name = given.Name ?? (count === 1 ? "task" : `task_${index + 1}`);
    const now = context.now();
    const project = world.projects[String(given.ProjectId ?? first?.Id)] ?? first;
    const blank: Task = {
      ...tasks.defaults(),
      ...{
        Id: id,
        ProjectId: project?.Id ?? "",
        EnvType: given.EnvType ?? "Prod",
        Name: name,
        Owner: context.account,
        Type: "ODPS_SQL",
      },
      ...{
        Priority: 1,
        BaselineId: "0",
        WorkflowId: "1",
        CreateTime: now,
        CreateUser: context.account,
        ModifyTime: now,
        ModifyUser: context.account,
      },
    };
    const made = edited(
      { ...blank, Outputs: { TaskOutputs: [{ Output: `${project?.Name}.${name}` }], Variables: [] } },
      given,
    ) as Task;
    Object.assign(made, { Id: id, Name: name, ProjectId: project?.Id ?? "" });
    world.tasks[made.EnvType][id] = made;
    indexOutputs({ state }, made);
    if (count <= 50) log({ ...context, state }, id, context.account, "create");
    return id;
  });
}

export const controlled: Controlled = {
  service,
  bulk,
  list: (state) => [...Object.values(stateOf({ state }).tasks.Prod), ...Object.values(stateOf({ state }).tasks.Dev)],
  remove: (state, id) => {
    const task = stored({ state }, id);
    if (task === undefined) return delete stateOf({ state }).nodes[id];
    const { nodes: known, tasks: all } = stateOf({ state });
    if (task.NodeId !== undefined) delete known[task.NodeId];
    delete all.Prod[task.Id];
    delete all.Dev[task.Id];
    return true;
  },
};
