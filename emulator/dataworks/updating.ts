import { isRecord, text } from "../given";
import { Refusal } from "../service";
import type { Context, Operation, Parameters } from "../service";
import { envOf, findTask, indexOutputs, later, log, missingTask, producerOf, stateOf } from "./model";
import type { Dependency, Settings, Task } from "./model";
import { withSettings } from "./spec";
import { position } from "./switches";
import { defaults, shade } from "./tasks";

const invalid = (name: string, why: string): Refusal =>
  new Refusal(`Invalid${name}`, `Specified parameter ${name} is not valid: ${why}.`);

/** The members of a task an update may carry; all others are keys or remarks. */
const settable = [
  ...([
    "Name",
    "Description",
    "Owner",
    "InstanceMode",
    "Timeout",
    "RerunMode",
    "RerunTimes",
    "RerunInterval",
    "Script",
    "Trigger",
  ] as const),
  ...(["RuntimeResource", "DataSource", "Inputs", "Outputs", "Dependencies", "Tags"] as const),
] satisfies readonly (keyof Settings)[];

/** A new value over the old one: objects member by member, lists whole, empty ones as the switches say. */
function over(context: Context, before: unknown, after: unknown): unknown {
  if (after === "" && position(context, "emptyStringClears") !== true) return before;
  if (Array.isArray(after)) return after.length === 0 && position(context, "emptyListClears") !== true ? before : after;
  if (!isRecord(after)) return after;
  const kept = isRecord(before) && position(context, "updateTaskReplacesObjects") !== true ? before : {};
  return {
    ...kept,
    ...Object.fromEntries(Object.entries(after).map(([name, value]) => [name, over(context, kept[name], value)])),
  };
}

/** Fills what an emptied or replaced object must still have. */
function whole(settings: Settings): Settings {
  const blank = defaults();
  const { Trigger, Inputs, Outputs, Script, RuntimeResource } = settings;
  const filled = Object.fromEntries(Object.entries(Trigger).filter(([, value]) => value !== ""));
  return {
    ...settings,
    Trigger: { ...blank.Trigger, ...filled },
    Inputs: { Variables: Inputs.Variables ?? [] },
    Outputs: { TaskOutputs: Outputs.TaskOutputs ?? [], Variables: Outputs.Variables ?? [] },
    Script: { Content: Script.Content ?? "", Parameters: Script.Parameters ?? "" },
    RuntimeResource: {
      ...RuntimeResource,
      ResourceGroupId: RuntimeResource.ResourceGroupId ?? blank.RuntimeResource.ResourceGroupId,
    },
    // The wire takes a number and gives text.
    Dependencies: settings.Dependencies.map(({ UpstreamTaskId, ...edge }) => ({
      ...edge,
      ...(UpstreamTaskId !== undefined && { UpstreamTaskId: String(UpstreamTaskId) }),
    })),
  };
}

function checkTimes(context: Context, changes: Parameters): void {
  const timeout = changes["Timeout"];
  if (
    typeof timeout === "number" &&
    (timeout < 0 || (position(context, "strictTimeout") === true && timeout <= 3600))
  ) {
    throw invalid("Timeout", "it must be greater than 3600");
  }
  for (const name of ["RerunTimes", "RerunInterval"]) {
    const value = changes[name];
    if (typeof value === "number" && value < 0) throw invalid(name, "it must not be negative");
  }
}

/** Six fields, or seven with a year. */
export const isCron = (text: string): boolean => /^\S+(\s+\S+){5,6}$/.test(text.trim());

function checkEdges(context: Context, task: Task, dependencies: readonly Dependency[]): void {
  const own = new Set(task.Outputs.TaskOutputs.map(({ Output }) => Output));
  for (const { Type, UpstreamOutput, UpstreamTaskId } of dependencies) {
    const upstream = UpstreamTaskId === undefined ? undefined : String(UpstreamTaskId);
    if (Type === "CrossCycleDependsOnSelf" || Type === "CrossCycleDependsOnChildren") continue;
    if (UpstreamOutput === undefined && upstream === undefined)
      throw invalid("Dependencies", `${Type} needs UpstreamOutput or UpstreamTaskId`);
    if (Type === "Normal" && (upstream === task.Id || (UpstreamOutput !== undefined && own.has(UpstreamOutput)))) {
      throw invalid("Dependencies", "a task cannot depend on itself in the same cycle");
    }
    const known =
      upstream !== undefined
        ? findTask(context, task.EnvType, upstream)
        : producerOf(context, task.EnvType, UpstreamOutput ?? "");
    if (known === undefined && position(context, "unknownUpstreamFails") === true) {
      throw new Refusal("9990030022", `The upstream ${upstream ?? UpstreamOutput} does not exist.`);
    }
  }
}

function check(context: Context, task: Task, changes: Parameters): void {
  checkTimes(context, changes);
  for (const name of ["Name", "Owner"]) if (changes[name] === "") throw invalid(name, "it must not be empty");
  const { Trigger, RuntimeResource, Dependencies, Outputs } = changes as Partial<Settings>;
  if (Trigger?.Cron !== undefined && Trigger.Cron !== "" && !isCron(Trigger.Cron))
    throw invalid("Trigger", `Cron must have six fields, got "${Trigger.Cron}"`);
  if (RuntimeResource?.Cu !== undefined && RuntimeResource.Cu !== "" && !/^\d+(\.\d+)?$/.test(RuntimeResource.Cu))
    throw invalid("RuntimeResource", "Cu must be a decimal number");
  if (Dependencies !== undefined) checkEdges(context, task, Dependencies);
  for (const { Output } of Outputs?.TaskOutputs ?? []) {
    const producer = Output === undefined ? undefined : producerOf(context, task.EnvType, Output);
    if (producer !== undefined && producer.Id !== task.Id)
      throw new Refusal("9990030023", `The output ${Output} belongs to the task ${producer.Id} already.`);
  }
}

function checkCode(context: Context, task: Task, code: string | undefined): void {
  if (code === undefined || code === "") return;
  if (task.ClientUniqueCode === undefined && position(context, "clientUniqueCode") === "first")
    task.ClientUniqueCode = code;
  if (task.ClientUniqueCode !== code)
    throw new Refusal("9990030024", `The ClientUniqueCode is not that of the task ${task.Id}.`);
}

/** The settings of a task after an update: `absent` says what becomes of fields that were not given. */
function changed(context: Context, task: Task, changes: Parameters, absent: "kept" | "cleared"): Settings {
  check(context, task, changes);
  const { Name, Owner, Script, Trigger, RuntimeResource, Outputs } = task;
  const before: Settings =
    absent === "kept" ? task : { ...defaults(), Name, Owner, Script, Trigger, RuntimeResource, Outputs };
  const entries = settable.flatMap((name): [string, unknown][] => {
    const given = changes[name];
    const isIgnored = name === "Script" && isRecord(given) && position(context, "scriptContentIgnored") === true;
    const taken = isIgnored ? { ...given, Content: Script.Content } : given;
    const value = taken === undefined ? before[name] : over(context, before[name], taken);
    return value === undefined ? [] : [[name, value]];
  });
  return whole(structuredClone(Object.fromEntries(entries)) as unknown as Settings);
}

/** What ListTasks does not show of a task. */
const UNLISTED: readonly string[] = ["Inputs", "Outputs", "Dependencies", "Tags", "Script"];

/** The time of modification after an edit of these settings, as far as the switch lets it move. */
function moved(context: Context, task: Task, edited: readonly string[]): number {
  const stays = position(context, "modifyTimeMoves") === "listed" && edited.every((name) => UNLISTED.includes(name));
  return stays ? task.ModifyTime : later(task.ModifyTime, context.now());
}

/** Writes settings into the task, and into its node's Spec as a new saved version. `edited`: which of them are new. */
export function commit(
  context: Context,
  task: Task,
  settings: Settings,
  what: string,
  edited: readonly string[] = settable.filter((name) => JSON.stringify(task[name]) !== JSON.stringify(settings[name])),
): void {
  const user = context.account;
  const state = stateOf(context);
  const node = task.NodeId === undefined ? undefined : state.nodes[task.NodeId];
  if (node !== undefined) {
    const wholeHours = position(context, "specTimeoutWholeHours") === true;
    const Timeout = wholeHours ? Math.ceil(settings.Timeout / 3600) * 3600 : settings.Timeout;
    node.Spec = withSettings(node.Spec, node.Id, { ...settings, Timeout });
    node.Name = settings.Name;
    node.Owner = settings.Owner;
    node.Version += 1;
    node.ModifyTime = later(node.ModifyTime, context.now());
  }
  if (node === undefined || position(context, "updateTaskNeedsPublish") !== true) {
    shade(context, task);
    if (settings.DataSource === undefined) delete task.DataSource;
    Object.assign(task, settings, { ModifyTime: moved(context, task, edited), ModifyUser: user });
    indexOutputs(context, task);
  }
  log(context, task.Id, user, what);
}

/** UpdateTask's RerunInterval is in milliseconds; the scheduler counts seconds. */
function inSeconds(context: Context, parameters: Parameters): Parameters {
  const wait = parameters["RerunInterval"];
  if (typeof wait !== "number" || position(context, "rerunIntervalInSeconds") === true) return parameters;
  return { ...parameters, RerunInterval: Math.round(wait / 1000) };
}

function update(parameters: Parameters, context: Context): object {
  const id = text(parameters, "Id") ?? "";
  const task = findTask(context, envOf(parameters), id);
  if (task === undefined && position(context, "missingTask") === "null") return { Success: false };
  if (task === undefined) throw missingTask(context, id);
  if (position(context, "companionsRequired") === true) {
    const absent = ["Name", "Owner", "RerunMode", "RuntimeResource", "Trigger"].find(
      (name) => parameters[name] === undefined,
    );
    if (absent !== undefined) throw new Refusal(`Missing${absent}`, `${absent} is mandatory for this action.`);
  }
  checkCode(context, task, text(parameters, "ClientUniqueCode"));
  const absent = position(context, "updateTaskClearsAbsent") === true ? "cleared" : "kept";
  commit(context, task, changed(context, task, inSeconds(context, parameters), absent), "update");
  return { Success: true };
}
export const UpdateTask: Operation = (parameters, context) => update(parameters, context);

export const BatchUpdateTasks: Operation = (parameters, context) => {
  const items = (Array.isArray(parameters["Tasks"]) ? parameters["Tasks"] : []).filter(isRecord);
  const most = Number(position(context, "batchUpdateMaximum"));
  if (items.length === 0) throw new Refusal("MissingTasks", "Tasks is mandatory for this action.");
  if (items.length > most) throw invalid("Tasks", `at most ${most} tasks fit one call`);
  const prepared = items.map((changes) => {
    const id = text(changes, "Id") ?? "";
    try {
      const task = findTask(context, envOf(changes), id);
      if (task === undefined) throw missingTask(context, id);
      check(context, task, changes);
      return { id, task, changes };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { id, message: `${error.code}: ${error.message}` };
    }
  });
  const refused = prepared.find(({ message }) => message !== undefined);
  const alone = position(context, "batchUpdateAtomic") !== true || refused === undefined;
  const remark = position(context, "batchSuccessCarriesMessage") === true ? { Message: "Invalid parameter" } : {};
  const outcomes = prepared.map(({ id, task, changes, message }): [string, object] => {
    if (task === undefined) return [id, { Success: false, Message: message }];
    if (!alone) return [id, { Success: false, Message: "Another task of the batch could not be changed." }];
    // Computed here and not above: one batch may name a task twice, and the later entry sees the earlier one.
    commit(context, task, changed(context, task, changes, "kept"), text(parameters, "Comment") ?? "batch update");
    return [id, { Success: true, ...remark }];
  });
  const unsaid = position(context, "batchOutcomesMissing");
  const said = outcomes.filter(
    ([, outcome]) => unsaid !== ("Success" in outcome && outcome.Success ? "done" : "refused"),
  );
  return { SuccessInfo: Object.fromEntries(said) };
};

export const UpdateTaskAsync: Operation = (parameters, context) => {
  const id = text(parameters, "Id") ?? "";
  if (findTask(context, envOf(parameters), id) === undefined) throw missingTask(context, id);
  const state = stateOf(context);
  const operation = context.newId(18);
  state.operations[operation] = {
    Id: operation,
    parameters: structuredClone(parameters),
    account: context.account,
    until: context.now() + context.stageMilliseconds,
    Status: "Updating",
    FailureMessage: "",
  };
  state.activeOperations.push(operation);
  return { OperationId: operation };
};

export const GetUpdateTaskResult: Operation = (parameters, context) => {
  const id = text(parameters, "OperationId") ?? "";
  const operation = Object.hasOwn(stateOf(context).operations, id) ? stateOf(context).operations[id] : undefined;
  if (operation === undefined)
    throw new Refusal(String(position(context, "missingNodeCode")), `The operation ${id} does not exist.`);
  const { Status, FailureMessage } = operation;
  return { Result: { Status, ...(FailureMessage !== "" && { FailureMessage }) } };
};

/** Applies the asynchronous updates that are due. */
export function settleUpdates(context: Context): void {
  const state = stateOf(context);
  if (state.activeOperations.length === 0) return;
  const due = state.activeOperations.filter((id) => (state.operations[id]?.until ?? 0) <= context.now());
  state.activeOperations = state.activeOperations.filter((id) => !due.includes(id));
  if (due.length > 0) context.moved();
  for (const operation of due.flatMap((id) => state.operations[id] ?? [])) {
    try {
      update(operation.parameters, { ...context, account: operation.account });
      operation.Status = "Updated";
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      Object.assign(operation, { Status: "UpdateFailed", FailureMessage: `${error.code}: ${error.message}` });
    }
  }
}
