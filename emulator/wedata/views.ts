import { Verbatim } from "../answer";
import type { Context } from "../service";
import { memberName, shownSettings, wedataState } from "./task";
import type { Dependency, Settings, StoredTask } from "./task";
import { position } from "./switches";
import { clock, cycleAnswer, cycleLetter, cycleWord, selfDependAnswer, taskType, wrapped } from "./words";

/** How a stored task looks in the three reads: TaskDsDTO, TaskOpsDto as details, TaskOpsDto in the list of operations. */

const nulls = (names: string): Record<string, null> => Object.fromEntries(names.split(" ").map((name) => [name, null]));

/** Fields of TaskDsDTO that we have nothing to say about: the service answers null, not nothing. */
const unsaidInDetail = nulls(
  "VirtualTaskId ClusterId MinDateTime MaxDateTime Properties Alarms Alarm NormalizedJobStartTime RecoverFreezeStartTime Tasks DependencyRel EventListenerConfig VirtualTaskStatus RecycleTips RecycleUser TaskLinkInfo ImportResult ImportErrMsg ContentType TaskAutoSubmit VersionDesc LinkId UserFileId SourceServiceType TargetServiceType ParamInList ParamOutList ResourceGroupName SourceServiceName TaskRegisterOutputTable CycleDependencyConfigList Warning TemplateId AllowRedoType BundleId BundleInfo AllowDownstreamDependency DependencyTriggerPolicy Privilege",
);

/** The same for TaskOpsDto: what neither read fills. */
const unsaidInOperations = nulls(
  "VirtualTaskId ClusterId MinDateTime MaxDateTime NormalizedJobStartTime SchedulerDesc DependencyRel EventListenerConfig EventPublisherConfig VirtualTaskStatus TaskLinkInfo ShowWorkflow FirstRunTime ScheduleDesc Layer SourceServiceType TargetServiceType TasksStr ExecutorGroupName",
);

/** What all three reads say alike. */
function shared(task: StoredTask, settings: Settings, context: Context): Record<string, unknown> {
  const state = wedataState(context.state);
  const project = state.projects.find((each) => each.ProjectId === task.ProjectId);
  const workflow = state.workflows.find((each) => each.WorkflowId === task.WorkflowId);
  const time = (value: string) =>
    value !== "" && position(context, "executionTimeWithSeconds") === true ? `${value}:00` : value;
  return {
    TaskId: id(task.TaskId, context),
    VirtualFlag: false,
    TaskName: settings.TaskName,
    WorkflowId: task.WorkflowId,
    RealWorkflowId: task.WorkflowId,
    WorkflowName: workflow?.WorkflowName ?? null,
    FolderId: workflow?.FolderId ?? null,
    FolderName: workflow?.FolderName ?? null,
    ProjectId: id(task.ProjectId, context),
    ProjectIdent: project?.ProjectIdent ?? null,
    ProjectName: project?.ProjectName ?? null,
    CreateTime: clock(task.CreateTime),
    LastUpdate: clock(task.LastUpdate),
    UpdateTime: clock(task.LastUpdate),
    Status: task.Status,
    InChargeId: owners(settings, context),
    ExecutionStartTime: time(settings.ExecutionStartTime),
    ExecutionEndTime: time(settings.ExecutionEndTime),
    DelayTime: settings.DelayTime,
    StartupTime: settings.StartupTime,
    RetryWait: settings.RetryWait,
    TryLimit: settings.TryLimit + (position(context, "tryLimitCountsRuns") === true ? 1 : 0),
    TaskAction: settings.TaskAction,
    RunPriority: settings.RunPriority,
    BrokerIp: settings.BrokerIp,
    ExecutionTTL: settings.ExecutionTTL,
    SelfDepend: selfDependAnswer(settings.SelfDepend, context),
    LeftCoordinate: task.LeftCoordinate,
    TopCoordinate: task.TopCoordinate,
    Notes: settings.Notes,
    YarnQueue: settings.YarnQueue,
    LastSchedulerCommitTime: task.submitted ? clock(task.submitted.SubmitTime) : null,
    DependencyWorkflow: settings.DependencyWorkflow,
    ProductName: task.ProductName,
    OwnId: task.Creator,
    UserId: task.Creator,
    TenantId: "1315051789",
    UpdateUser: memberName(state, task.UpdateUser),
    UpdateUserId: task.UpdateUser,
    SourceServiceId: serviceId(settings.SourceServer, context),
    TargetServiceId: serviceId(settings.TargetServer, context),
    Submit: task.submitted !== undefined,
  };
}

/** An id of digits: text, or a number where the switch says so. */
const id = (digits: string, context: Context): string | Verbatim =>
  position(context, "wedataIdsAreNumbers") === true && /^\d+$/.test(digits) && Number.isSafeInteger(Number(digits))
    ? new Verbatim(digits)
    : digits;

const owners = ({ InChargeIds }: Settings, context: Context): string | Verbatim =>
  id(position(context, "ownersShown") === "first" ? (InChargeIds[0] ?? "") : InChargeIds.join(";"), context);

/** The id of a task type: a number, or text where the switch says so. */
const typeId = (type: number, context: Context): number | Verbatim =>
  position(context, "wedataIdsAreNumbers") === true ? new Verbatim(JSON.stringify(String(type))) : type;

/** A moment of the schedule in the form that the switch says. */
function moment(time: string, context: Context): string {
  const form = position(context, "validityTimes");
  return form === "fraction" ? `${time}.0` : form === "minutes" ? time.slice(0, 16) : time;
}

/** A value of TaskExt; JSON comes back in a form of the service where the switch says so. */
function extensionValue(value: string, context: Context): string {
  if (position(context, "taskExtNormalises") !== true || !/^\s*\{/.test(value)) return value;
  try {
    const members = JSON.parse(value) as Record<string, unknown>;
    const turned = Object.fromEntries(Object.entries(members).reverse());
    return JSON.stringify({ serviceVersion: 2, ...turned }, null, 1);
  } catch {
    return value;
  }
}

const serviceId = (id: string, context: Context): string | null =>
  position(context, "serverIdsWrapped") === true ? wrapped(id) : id || null;

/** The service computes a cron for every cycle; only crontab tasks have one of their own. */
function cron(settings: Settings): string {
  if (settings.CycleType === 0) return settings.CrontabExpression;
  const hour = Math.floor(settings.DelayTime / 60) % 24;
  const minute = settings.DelayTime % 60;
  if (settings.CycleType === 1) return `0 0/${settings.CycleStep} * * * ? *`;
  if (settings.CycleType === 2) return `0 ${minute} ${settings.TaskAction || `0/${settings.CycleStep}`} * * ? *`;
  return `0 ${minute} ${hour} * * ? *`;
}

const instanceStrategy = (settings: Settings, context: Context): string =>
  position(context, "initStrategyAnswers") === "T+0"
    ? settings.InstanceInitStrategy
    : settings.InstanceInitStrategy.replace("+", "_PLUS_");

/** TaskDsDTO: everything, under the names and in the shapes of the editing space. */
export function taskDetail(task: StoredTask, context: Context): object {
  const settings = shownSettings(task, context);
  const type = taskType(task.TaskType);
  const hidesServers = position(context, "detailServersNull") === true;
  return {
    ...unsaidInDetail,
    ...brief(task, settings, context),
    TaskType: { ...type, TypeId: typeId(type.TypeId, context), CreateTime: null, KillAble: 1, TaskTypeExtension: null },
    TaskExt: {
      TaskId: task.TaskId,
      Properties: [
        ...settings.TaskExt.map(({ Key, Value }) => ({
          ParamKey: Key,
          ParamValue: extensionValue(Value, context),
        })),
        // The service adds its own; a reader compares what it declared.
        { ParamKey: "bucket", ParamValue: "wedata-fusion-dev-1315051789" },
        { ParamKey: "ftp.file.name", ParamValue: `/datastudio/project/${task.ProjectId}/${settings.TaskName}` },
        { ParamKey: "region", ParamValue: "ap-guangzhou" },
        { ParamKey: "tenantId", ParamValue: "1315051789" },
      ].filter(({ ParamKey }, index, all) => all.findIndex((each) => each.ParamKey === ParamKey) === index),
      DryRunExtAttributes: null,
      DryRunParameter: null,
    },
    Params:
      settings.TaskParamInfos.length > 0 && position(context, "detailParamsNull") !== true
        ? taskParameters(task)
        : null,
    DependencyConfigList: settings.Dependencies.map((each) => dependencyConfig(each, task, context)),
    SourceServer: hidesServers ? null : settings.SourceServer || null,
    TargetServer: hidesServers ? null : settings.TargetServer || null,
    ScriptChange: settings.ScriptChange,
    Creater: memberName(wedataState(context.state), task.Creator),
    NewOrUpdate: task.submitted ? "update" : "new",
    SchedulerDesc: `${cycleWord(settings.CycleType)} ${settings.CycleStep}`,
    ResourceGroup: settings.ResourceGroup || null,
    EventPublisherConfig: settings.EventPublisher ? JSON.stringify(settings.EventPublisher) : null,
    TaskFolderId: task.TaskFolderId || null,
    MaxRetryAttempts: settings.TryLimit,
    ScheduleRunType: settings.ScheduleRunType,
    ConcurrentStrategy: settings.ConcurrentStrategy,
    ScheduleTimeZone: settings.ScheduleTimeZone,
    MinuteOffset: settings.MinuteOffset,
    LastUpdateTimestamp: task.LastUpdate,
  };
}

/** The part of TaskDsDTO that a task nested in another one has. */
function brief(task: StoredTask, settings: Settings, context: Context): Record<string, unknown> {
  return {
    ...shared(task, settings, context),
    InCharge: settings.InCharge,
    CycleType: cycleAnswer(settings.CycleType, context),
    CycleStep: settings.CycleStep,
    CrontabExpression: cron(settings),
    StartTime: moment(settings.StartTime, context),
    EndTime: moment(settings.EndTime, context),
    Retriable: settings.Retriable,
    InstanceInitStrategy: instanceStrategy(settings, context),
  };
}

/** The parameters of a task as both reads of the mainland site give them. */
export const taskParameters = (task: StoredTask): object[] =>
  task.settings.TaskParamInfos.map(({ ParamKey, ParamValue }) => ({
    TaskId: task.TaskId,
    ParamKey,
    ParamDefine: ParamValue,
    ParamValue,
    CreateTime: clock(task.CreateTime),
    UpdateTime: clock(task.LastUpdate),
    InputType: null,
  }));

function dependencyConfig(dependency: Dependency, son: StoredTask, context: Context): object {
  const parent = wedataState(context.state).tasks[dependency.ParentTaskId];
  return {
    ParentTask: parent ? brief(parent, parent.settings, context) : { TaskId: dependency.ParentTaskId },
    SonTask: brief(son, son.settings, context),
    MainCyclicConfig: dependency.DependConfType,
    SubordinateCyclicConfig: dependency.SubordinateCyclicType,
    DependencyStrategy: {
      PollingNullStrategy: dependency.DependencyStrategy,
      TaskDependencyExecutingStrategies: null,
      TaskDependencyExecutingTimeoutValue: null,
      DependencyConfigTimeoutTypeList: null,
    },
    Offset: dependency.Offset,
  };
}

/** What TaskOpsDto says in both reads of operations; the mainland site has more of it. */
function operationsShared(task: StoredTask, settings: Settings, context: Context): Record<string, unknown> {
  const type = taskType(task.TaskType);
  return {
    ...unsaidInOperations,
    ...shared(task, settings, context),
    RetryAble: settings.Retriable,
    TaskType: { TypeDesc: type.TypeDesc, TypeId: typeId(type.TypeId, context), TypeSort: type.TypeSort },
    TaskTypeId: typeId(type.TypeId, context),
    TaskTypeDesc: type.TypeDesc,
    Creator: memberName(wedataState(context.state), task.Creator),
    FirstSubmitTime: task.FirstSubmitTime === undefined ? null : clock(task.FirstSubmitTime),
    ...(context.site === "cn" && {
      ScheduleTimeZone: settings.ScheduleTimeZone,
      AllowRedoType: null,
      Privileges: [],
      OwnerId: task.Creator,
    }),
  };
}

/** TaskOpsDto as DescribeDependTaskLists answers it: the names of the write side. */
export const operationsDetail = (task: StoredTask, settings: Settings, context: Context): object => ({
  ...operationsShared(task, settings, context),
  InCharge: settings.InCharge,
  ...(position(context, "dependListsUsesListNames") === true
    ? listNames(settings, context)
    : editNames(settings, context)),
});

/** TaskOpsDto as DescribeOperateOpsTasks answers it: other names, and null under the names of the write side. */
export const operationsItem = (task: StoredTask, settings: Settings, context: Context): object => ({
  ...operationsShared(task, settings, context),
  InCharge: wrapped(settings.InCharge),
  ...listNames(settings, context),
});

const editNames = (settings: Settings, context: Context): object => ({
  CycleType: cycleAnswer(settings.CycleType, context),
  CycleStep: settings.CycleStep,
  CrontabExpression: cron(settings),
  StartTime: moment(settings.StartTime, context),
  EndTime: moment(settings.EndTime, context),
  InstanceInitStrategy: instanceStrategy(settings, context),
  ResourceGroup: settings.ResourceGroup || null,
  ...nulls("CycleUnit CycleNum Crontab StartDate EndDate InitStrategy ExecutorGroupId"),
});

const listNames = (settings: Settings, context: Context): object => ({
  ...nulls("CycleType CycleStep CrontabExpression StartTime EndTime InstanceInitStrategy ResourceGroup"),
  CycleUnit: cycleLetter(settings.CycleType),
  CycleNum: settings.CycleStep,
  Crontab: cron(settings),
  StartDate: moment(settings.StartTime, context),
  EndDate: moment(settings.EndTime, context),
  InitStrategy: instanceStrategy(settings, context),
  ExecutorGroupId: settings.ResourceGroup || null,
});
