import { createHash } from "node:crypto";
import { tokenOf, withToken, withoutToken } from "../../core/token";
import { type WeDataTaskArguments } from "./arguments";
import {
  type Dependency,
  type WireDependency,
  type WireInnerTask,
  detailed,
  fromWireDependencies,
  toWireDependencies,
} from "./dependencies";
import { CONCURRENT_STRATEGIES, CYCLES, PRIORITIES, RUN_TYPES, SELF_DEPENDS, readCycle, readSelfDepend } from "./words";

type Maybe<T> = T | null | undefined;

/**
 * A task as the reads return it: TaskDsDTO (DescribeTaskDetailDs, mainland site), TaskOpsDto (DescribeDependTaskLists;
 * DescribeOperateOpsTasks has the names of the second group instead). Version 2021-08-20.
 */
export interface WireTask {
  TaskId?: Maybe<string>;
  TaskName?: Maybe<string>;
  ProjectId?: Maybe<string>;
  WorkflowId?: Maybe<string>;
  TaskType?: Maybe<{ TypeId?: Maybe<number | string> }>;
  TaskTypeId?: Maybe<number | string>;
  Notes?: Maybe<string>;
  CycleType?: Maybe<string>;
  CycleStep?: Maybe<number>;
  CrontabExpression?: Maybe<string>;
  StartTime?: Maybe<string>;
  EndTime?: Maybe<string>;
  ResourceGroup?: Maybe<string>;

  CycleUnit?: Maybe<string>;
  CycleNum?: Maybe<number>;
  Crontab?: Maybe<string>;
  StartDate?: Maybe<string>;
  EndDate?: Maybe<string>;
  ExecutorGroupId?: Maybe<string>;

  TaskAction?: Maybe<string>;
  DelayTime?: Maybe<number>;
  StartupTime?: Maybe<number>;
  ExecutionStartTime?: Maybe<string>;
  ExecutionEndTime?: Maybe<string>;
  SelfDepend?: Maybe<string>;
  Retriable?: Maybe<number>;
  RetryAble?: Maybe<number>;
  TryLimit?: Maybe<number>;
  RetryWait?: Maybe<number>;
  ExecutionTTL?: Maybe<number>;
  RunPriority?: Maybe<number>;
  YarnQueue?: Maybe<string>;
  BrokerIp?: Maybe<string>;
  SourceServer?: Maybe<string>;
  TargetServer?: Maybe<string>;
  SourceServiceId?: Maybe<string>;
  TargetServiceId?: Maybe<string>;
  TaskExt?: Maybe<{ Properties?: Maybe<{ ParamKey?: string; ParamValue?: string }[]> }>;
  Params?: Maybe<{ ParamKey?: Maybe<string>; ParamValue?: Maybe<string> }[]>;
  DependencyConfigList?: Maybe<WireDependency[]>;
  DependencyWorkflow?: Maybe<string>;
  InChargeId?: Maybe<string>;
  InCharge?: Maybe<string>;
  ScheduleTimeZone?: Maybe<string>;
  ScheduleRunType?: Maybe<number>;
  ConcurrentStrategy?: Maybe<number>;
  MinuteOffset?: Maybe<number>;
  LeftCoordinate?: Maybe<number>;
  TopCoordinate?: Maybe<number>;
  Submit?: Maybe<boolean>;
  LastUpdate?: Maybe<string>;
  UpdateTime?: Maybe<string>;
}

/** What has to be remembered to read a task in the words in which it was declared; nothing in it where nothing has to be. */
export interface Reading {
  /** The code is declared: it costs a call of its own to read. */
  readonly script?: true;
  /** Task parameters are declared: one of the reads may leave them out. */
  readonly parameters?: true;
  /** The declared keys of taskExt: the service adds others. */
  readonly taskExt?: readonly string[];
  /** Dependencies that were declared with more than the service shows again. */
  readonly dependencies?: readonly Dependency[];
  /** See words.ts, readSelfDepend. */
  readonly selfDependSwapped?: boolean;
  /** Properties that the service shows in its own way right after they were set. */
  readonly rendered?: readonly string[];
  /** A token line found in the notes of an adopted task: it stays there. */
  readonly token?: string;
}

/** What to remember for reading these arguments, if anything; what was learned about the service stays. */
export function readingOf(args: Partial<WeDataTaskArguments>, before: Reading | undefined): Reading | undefined {
  const { selfDependSwapped, rendered, token } = before ?? {};
  const dependencies = detailed(args.dependencies ?? []);
  const reading: Reading = {
    ...(args.script?.content !== undefined && { script: true }),
    ...(args.parameters !== undefined && { parameters: true }),
    ...(args.taskExt !== undefined && { taskExt: Object.keys(args.taskExt) }),
    ...(dependencies.length > 0 && { dependencies }),
    ...(selfDependSwapped && { selfDependSwapped }),
    ...(rendered !== undefined && rendered.length > 0 && { rendered }),
    ...(token !== undefined && { token }),
  };
  return Object.keys(reading).length === 0 ? undefined : reading;
}

/** Key in TaskExt that carries the creation token from CreateTaskNew on; Notes can be set only afterwards. */
export const TOKEN_KEY = "pulumi-data-tasks";

/**
 * Parameters of an update, by the names that ModifyTaskInfo and ModifyTaskInfoDs share. What is not in `args` is not
 * sent. `made`: the task carries our token in TaskExt too.
 */
export function toWire(
  args: Partial<WeDataTaskArguments>,
  { token, made, known }: { token: string | undefined; made: boolean; known: ReadonlyMap<string, WireInnerTask> },
): Record<string, unknown> {
  return present({
    TaskName: args.name,
    Notes: args.notes !== undefined && token !== undefined ? withToken(args.notes, token) : args.notes,
    CycleType: numberOf(CYCLES, args.cycleType),
    CycleStep: args.cycleStep,
    CrontabExpression: args.crontabExpression,
    TaskAction: args.taskAction,
    DelayTime: args.delayTimeMinutes,
    StartupTime: args.startupTime,
    StartTime: args.startTime,
    EndTime: args.endTime,
    ExecutionStartTime: args.executionStartTime,
    ExecutionEndTime: args.executionEndTime,
    SelfDepend: numberOf(SELF_DEPENDS, args.selfDepend),
    ScheduleTimeZone: args.scheduleTimeZone,
    ScheduleRunType: numberOf(RUN_TYPES, args.scheduleRunType),
    ConcurrentStrategy: numberOf(CONCURRENT_STRATEGIES, args.concurrentStrategy),
    MinuteOffset: args.minuteOffset,
    Retriable: args.retriable === undefined ? undefined : args.retriable ? 1 : 0,
    TryLimit: args.tryLimit,
    RetryWait: args.retryWaitMinutes,
    ExecutionTTL: args.executionTtlMinutes,
    RunPriority: numberOf(PRIORITIES, args.runPriority),
    ResourceGroup: args.resourceGroup,
    YarnQueue: args.yarnQueue,
    BrokerIp: args.brokerIp,
    SourceServer: args.sourceServer,
    TargetServer: args.targetServer,
    TaskExt: args.taskExt && extension(args.taskExt, made ? token : undefined),
    TaskParamInfos:
      args.parameters && Object.entries(args.parameters).map(([ParamKey, ParamValue]) => ({ ParamKey, ParamValue })),
    DependencyConfigDTOs: args.dependencies && toWireDependencies(args.dependencies, known),
    DependencyWorkflow: args.dependencyWorkflow === undefined ? undefined : args.dependencyWorkflow ? "yes" : "no",
    InChargeIds: args.owners,
    InCharge: args.inCharge,
  });
}

/** A task in the words of the arguments, and what this read says nothing about. `declared`: what the state knows of the arguments. */
export function fromWire(
  task: WireTask,
  view: "detail" | "operations",
  reading: Reading,
  declared: Partial<WeDataTaskArguments>,
): { values: Record<string, unknown>; unreadable: ReadonlySet<string> } {
  const unreadable = new Set<string>();
  const cycleType = readCycle(task.CycleType ?? task.CycleUnit);
  if (cycleType === undefined) unreadable.add("cycleType");
  const selfDepend = readSelfDepend(task.SelfDepend, reading.selfDependSwapped === true);
  if (selfDepend === undefined) unreadable.add("selfDepend");
  const owners = (task.InChargeId ?? "").split(/[;,]/).filter((id) => id !== "");
  // A single id is the documented answer, whatever the number of owners.
  if (owners.length === 1 && (declared.owners?.length ?? 0) > 1 && declared.owners?.includes(owners[0] as string))
    unreadable.add("owners");
  const properties = (task.TaskExt?.Properties ?? []).filter(({ ParamKey }) =>
    reading.taskExt?.includes(ParamKey ?? ""),
  );
  if (view === "operations") {
    for (const path of [
      "taskExt",
      "parameters",
      "dependencies",
      "scheduleRunType",
      "concurrentStrategy",
      "minuteOffset",
    ])
      unreadable.add(path);
    if (task.ScheduleTimeZone === undefined) unreadable.add("scheduleTimeZone");
  }
  const type = task.TaskType?.TypeId ?? task.TaskTypeId;
  const values = present({
    projectId: task.ProjectId,
    workflowId: task.WorkflowId,
    taskType: type === undefined || type === null ? undefined : Number(type),
    name: task.TaskName,
    notes: withoutToken(task.Notes ?? ""),
    cycleType,
    cycleStep: task.CycleStep ?? task.CycleNum,
    crontabExpression: task.CrontabExpression ?? task.Crontab,
    taskAction: task.TaskAction,
    delayTimeMinutes: task.DelayTime,
    startupTime: task.StartupTime,
    startTime: task.StartTime ?? task.StartDate,
    endTime: task.EndTime ?? task.EndDate,
    executionStartTime: task.ExecutionStartTime,
    executionEndTime: task.ExecutionEndTime,
    selfDepend,
    scheduleTimeZone: task.ScheduleTimeZone,
    scheduleRunType: task.ScheduleRunType,
    concurrentStrategy: task.ConcurrentStrategy,
    minuteOffset: task.MinuteOffset,
    retriable: isNothing(task.Retriable ?? task.RetryAble) ? undefined : (task.Retriable ?? task.RetryAble) === 1,
    tryLimit: task.TryLimit,
    retryWaitMinutes: task.RetryWait,
    executionTtlMinutes: task.ExecutionTTL,
    runPriority: task.RunPriority,
    resourceGroup: task.ResourceGroup ?? task.ExecutorGroupId,
    yarnQueue: task.YarnQueue,
    brokerIp: task.BrokerIp,
    // The samples show the first one null, and the id under the second name.
    sourceServer: task.SourceServer || task.SourceServiceId,
    targetServer: task.TargetServer || task.TargetServiceId,
    taskExt: Object.fromEntries(properties.map(({ ParamKey, ParamValue }) => [ParamKey, ParamValue ?? ""])),
    parameters: Object.fromEntries(
      (task.Params ?? []).map(({ ParamKey, ParamValue }) => [ParamKey ?? "", ParamValue ?? ""]),
    ),
    dependencies: fromWireDependencies(task.DependencyConfigList ?? [], reading.dependencies ?? []),
    dependencyWorkflow: isNothing(task.DependencyWorkflow) ? undefined : task.DependencyWorkflow === "yes",
    owners: owners.length > 0 ? owners : undefined,
    inCharge: task.InCharge,
  });
  return { values, unreadable };
}

/** Entries of TaskExt, with the token of a task of ours. */
export const extension = (taskExt: Readonly<Record<string, string>>, token: string | undefined) => [
  ...Object.entries(taskExt).map(([Key, Value]) => ({ Key, Value })),
  ...(token === undefined ? [] : [{ Key: TOKEN_KEY, Value: token }]),
];

/** The creation token that a task carries. */
export const tokenOfTask = (task: WireTask): string | undefined =>
  tokenOf(task.Notes ?? "") ?? task.TaskExt?.Properties?.find(({ ParamKey }) => ParamKey === TOKEN_KEY)?.ParamValue;

/** The place on the canvas where a task with this token is put: the one mark of it that every read shows from the first moment on. */
export function canvasPlace(token: string): { LeftCoordinate: number; TopCoordinate: number } {
  const hash = createHash("sha256").update(token).digest();
  return { LeftCoordinate: 40 + (hash.readUInt16BE(0) % 4000), TopCoordinate: 40 + (hash.readUInt16BE(2) % 4000) };
}

export const modifyTimeOf = (task: WireTask): string | undefined => task.LastUpdate ?? task.UpdateTime ?? undefined;

const isNothing = (value: unknown): value is null | undefined => value === undefined || value === null;

const numberOf = (words: Readonly<Record<string, number>>, value: string | number | undefined): number | undefined =>
  typeof value === "string" ? words[value] : value;

/** The members that have a value: the service answers null where it has none. */
const present = (members: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => !isNothing(value)));
