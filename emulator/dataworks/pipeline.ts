import { text, texts } from "../given";
import { Refusal } from "../service";
import type { Context, Operation } from "../service";
import {
  dependentsOf,
  findTask,
  indexOutputs,
  later,
  log,
  nodeOf,
  page,
  producerOf,
  runOf,
  stateOf,
  studioOf,
  tasksOf,
} from "./model";
import type { Env, Node, PipelineRun, Stage, Task, Workspace } from "./model";
import { parseSpec, taskSettings } from "./spec";
import type { Published } from "./spec";
import { position } from "./switches";
import { defaults, removeTask, shade } from "./tasks";
import { isCron } from "./updating";

function stages(workspace: Workspace, type: "Online" | "Offline"): Stage[] {
  const build = type === "Online" ? [["BUILD_PACKAGE", "Build"]] : [];
  const last = type === "Online" ? "Deploy" : "Offline";
  const dev = workspace.DevEnvironmentEnabled
    ? [
        ["DEV_CHECK", "Check"],
        ["DEV", last],
      ]
    : [];
  return [...build, ...dev, ["PROD_CHECK", "Check"], ["PROD", last]].map(([code = "", kind = ""], index) => ({
    Code: code,
    Name: code,
    Type: kind as Stage["Type"],
    Status: "Init",
    Step: index + 1,
    Message: "",
  }));
}

const finished = ({ Status }: PipelineRun): boolean => Status !== "Init" && Status !== "Running";

export const CreatePipelineRun: Operation = (parameters, context) => {
  const workspace = studioOf(context, parameters);
  const [object = ""] = texts(parameters, "ObjectIds") ?? [];
  const node = nodeOf(context, { ProjectId: workspace.Id, Id: object });
  const type = text(parameters, "Type") === "Offline" ? "Offline" : "Online";
  if (type === "Offline" && node.published.length === 0)
    throw new Refusal("9990030028", `The node ${node.Id} is not published.`);
  const state = stateOf(context);
  const exclusive = position(context, "onePipelineRunPerNode") === true;
  const busy = exclusive
    ? Object.values(state.pipelineRuns).find((run) => run.NodeId === node.Id && !finished(run))
    : undefined;
  if (busy !== undefined) {
    throw new Refusal("9990030029", `The node ${node.Id} is in the pipeline run ${busy.Id}, which is not finished.`);
  }
  const steps = stages(workspace, type);
  const until = text(parameters, "AutoRunUntilStage") ?? steps.at(-1)?.Code;
  const auto = text(parameters, "RunMode") === "Auto";
  const limit = steps.find(({ Code }) => Code === until);
  if (auto && limit === undefined) throw new Refusal("InvalidAutoRunUntilStage", `There is no stage ${until}.`);
  const now = context.now();
  const run: PipelineRun = {
    Id: context.newId(19),
    ProjectId: workspace.Id,
    Type: type,
    NodeId: node.Id,
    NodeName: node.Name,
    Description: text(parameters, "Description") ?? "",
    Creator: context.account,
    Status: "Init",
    Message: "",
    Stages: steps,
    autoUntil: auto ? (limit?.Step ?? 0) : 0,
    Spec: node.Spec,
    Version: node.Version,
    CreateTime: now,
    ModifyTime: now,
  };
  state.pipelineRuns[run.Id] = run;
  node.runs.push(run.Id);
  // Each run holds a Spec: without an end the state of a long-lived emulator would only grow.
  const [oldest = ""] = node.runs;
  const past = state.pipelineRuns[oldest];
  if (node.runs.length > 5 && (past === undefined || finished(past)))
    delete state.pipelineRuns[node.runs.shift() ?? ""];
  const [first] = steps;
  if (auto && first !== undefined) begin(context, run, first, now);
  return { Id: run.Id };
};

function begin(context: Context, run: PipelineRun, stage: Stage, at: number): void {
  Object.assign(stage, { Status: "Running", until: at + context.stageMilliseconds });
  Object.assign(run, { Status: "Running", ModifyTime: later(run.ModifyTime, at) });
  const { activeRuns } = stateOf(context);
  if (!activeRuns.includes(run.Id)) activeRuns.push(run.Id);
}

export const ExecPipelineRunStage: Operation = (parameters, context) => {
  studioOf(context, parameters);
  const run = runOf(context, parameters);
  const stage = run.Stages.find(({ Code }) => Code === text(parameters, "Code"));
  if (stage === undefined)
    throw new Refusal("InvalidCode", `The pipeline run ${run.Id} has no stage ${text(parameters, "Code")}.`);
  if (finished(run)) throw new Refusal("9990030030", `The pipeline run ${run.Id} has ended with ${run.Status}.`);
  if (stage.Status !== "Init") throw new Refusal("9990030031", `The stage ${stage.Code} has been triggered already.`);
  if (run.Stages.some(({ Step, Status }) => Step < stage.Step && Status !== "Success")) {
    throw new Refusal("9990030032", `The stages before ${stage.Code} are not through.`);
  }
  begin(context, run, stage, context.now());
  return { Success: true };
};

const shown = ({
  Id,
  ProjectId,
  Description,
  Creator,
  Status,
  Message,
  Stages,
  CreateTime,
  ModifyTime,
}: PipelineRun): object => ({
  ...{ Id, ProjectId, Description, Creator, Status, Message, CreateTime, ModifyTime },
  Stages: Stages.map(({ until: _until, ...stage }) => ({ ...stage, Description: "", Detail: {} })),
});

export const GetPipelineRun: Operation = (parameters, context) => ({ Pipeline: shown(runOf(context, parameters)) });

export const ListPipelineRuns: Operation = (parameters, context) => {
  const project = studioOf(context, parameters).Id;
  const [object, status, creator] = ["ObjectId", "Status", "Creator"].map((name) => text(parameters, name));
  const found = Object.values(stateOf(context).pipelineRuns)
    .filter((run) => run.ProjectId === project && (object === undefined || run.NodeId === object))
    .filter(
      (run) => (status === undefined || run.Status === status) && (creator === undefined || run.Creator === creator),
    )
    .toReversed();
  const { items, ...paging } = page(context, found, parameters);
  return { PagingInfo: { ...paging, PipelineRuns: items.map(shown) } };
};

export const ListPipelineRunItems: Operation = (parameters, context) => {
  studioOf(context, parameters);
  const run = runOf(context, parameters, "PipelineRunId");
  const { items, ...paging } = page(context, [run], parameters);
  return {
    PagingInfo: {
      ...paging,
      PipelineRunItems: items.map(({ NodeId, NodeName, Spec, Status, Message, Version, CreateTime, ModifyTime }) => ({
        ...{ Id: NodeId, Name: NodeName, Spec, Status, Message, Version, CreateTime, ModifyTime, Type: "Node" },
      })),
    },
  };
};

export const AbolishPipelineRun: Operation = (parameters, context) => {
  studioOf(context, parameters);
  const run = runOf(context, parameters);
  if (finished(run)) throw new Refusal("9990030030", `The pipeline run ${run.Id} has ended with ${run.Status}.`);
  for (const stage of run.Stages) {
    if (stage.Status === "Running") stage.Status = "Termination";
    if (stage.Status === "Init") stage.Status = "Cancel";
  }
  Object.assign(run, { Status: "Termination", ModifyTime: later(run.ModifyTime, context.now()) });
  const state = stateOf(context);
  state.activeRuns = state.activeRuns.filter((id) => id !== run.Id);
  return { Success: true };
};

/** Moves every run to where it stands by now: stages end at their time, not when somebody looks. */
export function settleRuns(context: Context): void {
  const state = stateOf(context);
  for (const id of [...state.activeRuns]) {
    const run = state.pipelineRuns[id];
    let stage = run?.Stages.find(({ Status }) => Status === "Running");
    const held = position(context, "pipelineHoldsAt");
    while (run !== undefined && stage?.until !== undefined && stage.until <= context.now() && stage.Code !== held)
      stage = advance(context, run, stage, stage.until);
    if (stage === undefined) state.activeRuns = state.activeRuns.filter((other) => other !== id);
  }
}

/** Ends one stage; returns the one that began after it. */
function advance(context: Context, run: PipelineRun, stage: Stage, at: number): Stage | undefined {
  context.moved();
  delete stage.until;
  run.ModifyTime = later(run.ModifyTime, at);
  try {
    if (position(context, "pipelineFailsAt") === stage.Code)
      throw new Refusal("9990030033", `The stage ${stage.Code} failed.`);
    effect(context, run, stage, at);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    Object.assign(stage, { Status: "Fail", Message: error.message });
    Object.assign(run, { Status: "Fail", Message: error.message });
    return undefined;
  }
  stage.Status = "Success";
  const next = run.Stages.find(({ Step }) => Step === stage.Step + 1);
  if (next === undefined) run.Status = "Success";
  if (next === undefined || next.Step > run.autoUntil) return undefined;
  begin(context, run, next, at);
  return next;
}

function effect(context: Context, run: PipelineRun, stage: Stage, at: number): void {
  const node = nodeOf(context, { Id: run.NodeId, ProjectId: run.ProjectId });
  const env: Env = stage.Code.startsWith("DEV") ? "Dev" : "Prod";
  const task = node.TaskId === undefined ? undefined : findTask(context, env, node.TaskId);
  // What is published is what was packed: a later save of the node waits for the next run.
  if (stage.Type === "Build") Object.assign(run, { Spec: node.Spec, Version: node.Version, NodeName: node.Name });
  if (stage.Type === "Check" && run.Type === "Online") checkOnline(context, run, node, env);
  if (stage.Type === "Check" && run.Type === "Offline" && task !== undefined) checkOffline(context, task);
  if (stage.Type === "Deploy") publish(context, run, node, env, at);
  if (stage.Type === "Offline" && task !== undefined) {
    removeTask({ ...context, switches: { ...context.switches, deleteTaskKeepsNode: true } }, task);
    log(context, task.Id, run.Creator, "offline");
  }
}

function settingsOf(context: Context, run: PipelineRun, node: Node, env: Env): Published {
  const state = stateOf(context);
  const workspace = state.projects[node.ProjectId];
  if (workspace === undefined) throw new Refusal("1101080008", `The workspace ${node.ProjectId} does not exist.`);
  return taskSettings(parseSpec(run.Spec), workspace, node.Scene, (output, upstream) => {
    const byNode = upstream === undefined ? undefined : state.nodes[upstream]?.TaskId;
    return byNode ?? (output === undefined ? undefined : producerOf(context, env, output)?.Id);
  });
}

function checkOnline(context: Context, run: PipelineRun, node: Node, env: Env): void {
  const { Trigger, Dependencies = [], Outputs } = settingsOf(context, run, node, env);
  if (Trigger.Cron !== undefined && !isCron(Trigger.Cron))
    throw new Refusal("9990030034", `The cron "${Trigger.Cron}" does not have six fields.`);
  const outputs = new Set(Outputs?.TaskOutputs.map(({ Output }) => Output));
  for (const output of outputs) {
    const producer = producerOf(context, env, output);
    if (producer !== undefined && producer.Id !== node.TaskId)
      throw new Refusal("9990030023", `The output ${output} belongs to the task ${producer.Id} already.`);
  }
  const upstreams = Dependencies.flatMap(({ UpstreamOutput }) => UpstreamOutput ?? []);
  const lost = upstreams.find((output) => !outputs.has(output) && producerOf(context, env, output) === undefined);
  if (lost !== undefined && position(context, "unknownUpstreamFails") === true) {
    throw new Refusal("9990030022", `Nobody produces the upstream output ${lost}.`);
  }
  const cycle = Dependencies.some(
    ({ Type, UpstreamOutput }) => Type === "Normal" && UpstreamOutput !== undefined && outputs.has(UpstreamOutput),
  );
  const task = node.TaskId === undefined ? undefined : findTask(context, env, node.TaskId);
  if (cycle || (task !== undefined && reaches(context, task, new Set(upstreams)))) {
    throw new Refusal("9990030035", `The node ${node.Name} depends on itself through its upstreams.`);
  }
}

/** Whether any of the outputs comes from a task downstream of this one. */
function reaches(context: Context, task: Task, outputs: ReadonlySet<string>): boolean {
  if (dependentsOf(context, task).length === 0) return false;
  const children = new Map<string, Task[]>();
  for (const other of tasksOf(context, task.EnvType)) {
    for (const { Type, UpstreamOutput } of other.Dependencies) {
      if (Type === "Normal" && UpstreamOutput !== undefined)
        children.set(UpstreamOutput, [...(children.get(UpstreamOutput) ?? []), other]);
    }
  }
  const waiting = [task];
  const visited = new Set<string>([task.Id]);
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const child of at.Outputs.TaskOutputs.flatMap(({ Output }) => children.get(Output) ?? [])) {
      if (child.Outputs.TaskOutputs.some(({ Output }) => outputs.has(Output))) return true;
      if (!visited.has(child.Id)) waiting.push(child);
      visited.add(child.Id);
    }
  }
  return false;
}

function checkOffline(context: Context, task: Task): void {
  const [first] = position(context, "deleteIgnoresDependents") === true ? [] : dependentsOf(context, task);
  if (first !== undefined)
    throw new Refusal(
      "9990030027",
      `The task ${task.Id} has downstream tasks, such as ${first.task.Id} (${first.task.Name}).`,
    );
}

/** Makes the scheduler task of a node, or brings it to what the packed Spec says. */
function publish(context: Context, run: PipelineRun, node: Node, env: Env, at: number): void {
  const state = stateOf(context);
  const settings = settingsOf(context, run, node, env);
  const id = node.TaskId ?? context.newId(10);
  const existing = findTask(context, env, id);
  const container = node.ContainerId === undefined ? undefined : state.workflowDefinitions[node.ContainerId];
  const blank: Task = {
    ...defaults(),
    Id: id,
    ProjectId: node.ProjectId,
    EnvType: env,
    Name: node.Name,
    Owner: node.Owner,
    Type: settings.Type,
    Priority: 1,
    BaselineId: "0",
    WorkflowId: container?.WorkflowId ?? "1",
    CreateTime: existing?.CreateTime ?? at,
    CreateUser: existing?.CreateUser ?? run.Creator,
    ModifyTime: existing?.ModifyTime ?? at - 1,
    ModifyUser: run.Creator,
    NodeId: node.Id,
    ...(existing?.ClientUniqueCode !== undefined && { ClientUniqueCode: existing.ClientUniqueCode }),
  };
  const base = existing === undefined || position(context, "publishResetsTask") === true ? blank : existing;
  const task: Task = {
    ...base,
    ...settings,
    Name: run.NodeName,
    Script: { ...base.Script, ...settings.Script },
    Trigger: { ...base.Trigger, ...settings.Trigger },
    RuntimeResource: { ...base.RuntimeResource, ...settings.RuntimeResource },
    ModifyTime: later(base.ModifyTime, at),
    ModifyUser: run.Creator,
  };
  if (existing === undefined) state.tasks[env][id] = task;
  else {
    shade(context, existing);
    Object.assign(existing, task);
  }
  indexOutputs(context, task);
  node.TaskId = id;
  if (!node.published.includes(env)) node.published.push(env);
  log(context, id, run.Creator, "publish");
}
