import { Refusal } from "../service";
import type { Context, Parameters } from "../service";
import { amount, flag, record, records, text, texts } from "../given";
import { defaultSettings, memberName, wedataState } from "./task";
import type { Dependency, Settings, StoredTask } from "./task";
import { position } from "./switches";
import { cycleNumber, selfDependWords } from "./words";

const amounts = [
  "CycleStep",
  "DelayTime",
  "StartupTime",
  "RetryWait",
  "TryLimit",
  "Retriable",
  "RunPriority",
  "ExecutionTTL",
  "ScheduleRunType",
  "ConcurrentStrategy",
  "MinuteOffset",
] as const satisfies readonly (keyof Settings)[];

const words = [
  "TaskName",
  "Notes",
  "ExecutionStartTime",
  "ExecutionEndTime",
  "TaskAction",
  "CrontabExpression",
  "ResourceGroup",
  "YarnQueue",
  "BrokerIp",
  "SourceServer",
  "TargetServer",
  "DependencyWorkflow",
  "InstanceInitStrategy",
  "ScheduleTimeZone",
  "Content",
] as const satisfies readonly (keyof Settings)[];

/** The names of the write side that settings know; a change by any other name is a mistake. */
export const settable: ReadonlySet<string> = new Set([
  ...amounts,
  ...words,
  "CycleType",
  "SelfDepend",
  "StartTime",
  "EndTime",
  "ScriptChange",
  "TaskExt",
  "TaskParamInfos",
  "InCharge",
  "InChargeIds",
  "DependencyConfigDTOs",
  "RegisterDsEventPublisherRequest",
]);

/**
 * The settings of a task after an update: what the call carries replaces what was; `""` and `[]` clear. `operation` is
 * the one that was called; a change from elsewhere has none, and no switch concerns it.
 */
export function updated(task: StoredTask, parameters: Parameters, context: Context, operation?: string): Settings {
  const before = task.settings;
  const kept: Settings =
    position(context, "modifyTaskInfoClearsAbsent") === true
      ? {
          ...defaultSettings(context),
          // These are not in every update operation, or are no schedule: absence says nothing about them.
          TaskName: before.TaskName,
          Content: before.Content,
          InstanceInitStrategy: before.InstanceInitStrategy,
          InChargeIds: before.InChargeIds,
          InCharge: before.InCharge,
        }
      : before;
  const after: Settings = structuredClone({ ...kept, ...given(task, heeded(parameters, context, operation), context) });
  refuseImpossible(after, context);
  return after;
}

/** The call as the service takes it: without what it ignores where the switches say that it does. */
function heeded(parameters: Parameters, context: Context, operation: string | undefined): Parameters {
  if (operation === undefined) return parameters;
  const keepsTexts = position(context, "wedataEmptyTextClears") === false;
  const keepsLists = position(context, "wedataEmptyListClears") === false;
  const taken = Object.entries(parameters).filter(
    ([name, value]) =>
      !(keepsTexts && value === "") &&
      !(keepsLists && Array.isArray(value) && value.length === 0) &&
      !(name === "InCharge" && operation === "ModifyTaskInfo" && position(context, "inChargeIgnored") === true) &&
      !(name === "StartupTime" && position(context, "startupTimeAbandoned") === true),
  );
  const limit = amount(parameters, "ExecutionTTL") ?? -1;
  const inSeconds = operation === "ModifyTaskInfo" && position(context, "executionTtlSeconds") === true && limit > 0;
  return { ...Object.fromEntries(taken), ...(inSeconds && { ExecutionTTL: Math.ceil(limit / 60) }) };
}

function given(task: StoredTask, parameters: Parameters, context: Context): Partial<Settings> {
  const changes: Partial<Settings> = {};
  for (const name of amounts) {
    const value = amount(parameters, name);
    if (value !== undefined) changes[name] = value;
  }
  for (const name of words) {
    const value = text(parameters, name);
    if (value !== undefined) changes[name] = value;
  }
  for (const name of ["StartTime", "EndTime"] as const) {
    const value = text(parameters, name);
    if (value !== undefined) changes[name] = value === "" ? defaultSettings(context)[name] : value;
  }
  const cycle = parameters["CycleType"];
  if (cycle !== undefined) {
    const number = cycleNumber(cycle);
    if (number === undefined) throw new Refusal("InvalidParameterValue", `CycleType ${String(cycle)} is invalid.`);
    changes.CycleType = number;
  }
  const selfDepend = selfDependNumber(parameters["SelfDepend"], context);
  if (selfDepend !== undefined) changes.SelfDepend = selfDepend;
  const scriptChange = flag(parameters, "ScriptChange");
  if (scriptChange !== undefined) changes.ScriptChange = scriptChange;
  const extension = records(parameters, "TaskExt")?.map((each) => ({
    Key: text(each, "Key") ?? "",
    Value: text(each, "Value") ?? "",
  }));
  if (extension) {
    const earlier = position(context, "taskExtMerges") === true ? task.settings.TaskExt : [];
    changes.TaskExt = [...new Map([...earlier, ...extension].map((each) => [each.Key, each])).values()];
  }
  const taskParameters = records(parameters, "TaskParamInfos");
  if (taskParameters) {
    changes.TaskParamInfos = taskParameters.map((each) => ({
      ParamKey: text(each, "ParamKey") ?? "",
      ParamValue: text(each, "ParamValue") ?? "",
    }));
  }
  const publisher = record(parameters, "RegisterDsEventPublisherRequest");
  if (publisher) changes.EventPublisher = publisher;
  const dependencies = records(parameters, "DependencyConfigDTOs");
  if (dependencies) changes.Dependencies = dependencies.map((each) => dependency(each, task, context));
  return { ...changes, ...owners(parameters, context) };
}

/** 1, 2, 3 or a word for it. The vendor's sample sends 0, which is none of the three: it changes nothing. */
function selfDependNumber(value: unknown, context: Context): number | undefined {
  if (value === undefined || String(value) === "0") return undefined;
  const word = selfDependWords(context).indexOf(String(value)) + 1;
  const number = word > 0 ? word : Number(value);
  if (![1, 2, 3].includes(number))
    throw new Refusal("InvalidParameterValue", `SelfDepend ${String(value)} is invalid.`);
  return number;
}

/** Owners are ids in one parameter and names in the other, which no table of ModifyTaskInfo shows; each follows from the other. */
function owners(parameters: Parameters, context: Context): Partial<Settings> {
  const state = wedataState(context.state);
  const ids = texts(parameters, "InChargeIds");
  const names = text(parameters, "InCharge")
    ?.split(";")
    .filter((name) => name !== "");
  if (ids) return { InChargeIds: ids, InCharge: (names ?? ids.map((id) => memberName(state, id))).join(";") };
  if (!names) return {};
  const byName = new Map(Object.entries(state.members).map(([id, name]) => [name, id]));
  return {
    InCharge: names.join(";"),
    InChargeIds: names.map((name) => byName.get(name) ?? name.replace(/^user_/, "")),
  };
}

function dependency(config: Parameters, task: StoredTask, context: Context): Dependency {
  const parentId = text(record(config, "ParentTask") ?? {}, "TaskId");
  if (!parentId) throw new Refusal("InvalidParameter", "DependencyConfigDTOs: ParentTask.TaskId is required.");
  refuseUnknownParent(parentId, context);
  if (parentId === task.TaskId)
    throw new Refusal("FailedOperation", "A task cannot be its own upstream; use SelfDepend.");
  const sonId = text(record(config, "SonTask") ?? {}, "TaskId");
  if (sonId && sonId !== task.TaskId) {
    throw new Refusal("InvalidParameter", `DependencyConfigDTOs: SonTask ${sonId} is not the task to modify.`);
  }
  const earlier = task.settings.Dependencies.find((each) => each.ParentTaskId === parentId);
  return {
    LinkId: earlier?.LinkId ?? context.newId(17),
    ParentTaskId: parentId,
    DependConfType: text(config, "DependConfType") ?? "DAY",
    SubordinateCyclicType: text(config, "SubordinateCyclicType") ?? "CURRENT_DAY",
    DependencyStrategy: text(config, "DependencyStrategy") ?? "WAITING",
    Offset: text(config, "Offset") ?? null,
  };
}

function refuseUnknownParent(parentId: string, context: Context): void {
  if (wedataState(context.state).tasks[parentId]) return;
  throw new Refusal("FailedOperation", `The upstream task does not exist: ${parentId}.`);
}

/** The dependency that a drawn line makes: on the upstream instance of the same period. */
export function plainDependency(task: StoredTask, parentId: string, context: Context): Dependency {
  refuseUnknownParent(parentId, context);
  const kinds: Readonly<Record<number, string>> = {
    0: "CRONTAB",
    1: "MINUTE",
    2: "HOUR",
    4: "WEEK",
    5: "MONTH",
    12: "YEAR",
  };
  const current: Readonly<Record<string, string>> = {
    MINUTE: "CURRENT_MINUTE",
    HOUR: "CURRENT_HOUR",
    MONTH: "CURRENT_MONTH",
    YEAR: "CURRENT_YEAR",
    CRONTAB: "CURRENT",
  };
  const kind = kinds[task.settings.CycleType] ?? "DAY";
  return {
    LinkId: context.newId(17),
    ParentTaskId: parentId,
    DependConfType: kind,
    SubordinateCyclicType: current[kind] ?? "CURRENT_DAY",
    DependencyStrategy: "WAITING",
    Offset: null,
  };
}

function refuseImpossible(settings: Settings, context: Context): void {
  for (const name of ["StartTime", "EndTime"] as const) {
    if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(settings[name])) {
      throw new Refusal("InvalidParameterValue", `${name} must have the format yyyy-MM-dd HH:mm:ss.`);
    }
  }
  for (const name of ["ExecutionStartTime", "ExecutionEndTime"] as const) {
    if (settings[name] !== "" && !/^\d\d:\d\d$/.test(settings[name])) {
      throw new Refusal("InvalidParameterValue", `${name} must have the format HH:mm.`);
    }
  }
  if (settings.CycleType === 0 && settings.CrontabExpression === "") {
    throw new Refusal("InvalidParameter", "CrontabExpression is required for crontab scheduling.");
  }
  if (settings.CycleStep < 1) throw new Refusal("InvalidParameterValue", "CycleStep must be at least 1.");
  if (position(context, "strictCycleStep") === true) {
    const steps =
      settings.CycleType === 1
        ? [5, 10, 15, 20, 30]
        : settings.CycleType === 2
          ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
          : undefined;
    if (steps && !steps.includes(settings.CycleStep)) {
      throw new Refusal("InvalidParameterValue", `CycleStep must be one of ${steps.join(", ")}.`);
    }
  }
}

/** Refuses a script that is not base64. */
export function refuseBadScript(name: string, content: string | undefined): void {
  if (
    content !== undefined &&
    Buffer.from(content, "base64").toString("base64").replace(/=+$/, "") !== content.replace(/=+$/, "")
  ) {
    throw new Refusal("InvalidParameterValue", `${name} must be base64.`);
  }
}
