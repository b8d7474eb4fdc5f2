import {
  type Content,
  type Fields,
  type Wire,
  choice,
  content,
  decimal,
  flag,
  group,
  integer,
  list,
  map,
  text,
} from "../../core/fields";
import { withToken, withoutToken } from "../../core/token";
import { type TaskOptions, adoptField, optionFields } from "../options";
import { type Dependency, dependenciesField } from "./dependencies";
import { canonicalExtension, fromExtension, toExtension } from "./extension";
import { fromOwners, fromParameters, toParameters } from "./lists";
import { type EventPublisher, publisherField } from "./publisher";
import { type Schedule, scheduleFields } from "./schedule";
import {
  asFlag,
  asNumber,
  asText,
  encode,
  numbered,
  reading,
  set,
  setBySuccessor,
  shown,
  unwrapped,
  writing,
} from "./spelling";
import { PRIORITIES, type Priority } from "./words";

/** The code of a task. */
export interface Script {
  /**
   * The code, as a string, a `FileAsset` (read when it is applied, kept in the state as its hash) or a `StringAsset`.
   * Source: CreateTaskNew Content; then ModifyTaskInfoDs on the mainland site, ModifyTaskScript on the international one.
   */
  content?: Content;
}

/**
 * A task of WeData. Undeclared arguments stay as the service has them. Source of an argument, unless another one is
 * named: ModifyTaskInfo 2021-08-20. An argument that is taken away keeps its value in the service, unless its text says
 * that removing it clears.
 */
export interface WeDataTaskArguments extends Schedule, TaskOptions {
  /** Project id, digits. An edit replaces. */
  projectId: string;
  /** Workflow that the task is created in; required without `adopt`. An edit replaces: no operation moves a task. Source: CreateTaskNew. */
  workflowId?: string;
  /**
   * Task type id: 26 offline sync, 30 Python, 31 PySpark, 32 DLC, 33 Impala, 34 Hive SQL, 35 Shell, 36 Spark SQL,
   * 39 Spark, 40 TCHouse-P, 92 MapReduce. Required without `adopt`; an edit replaces. Source: CreateTaskNew.
   */
  taskType?: number;
  /** Name, unique among the tasks of its type in the project; required without `adopt`. An edit renames. Source: ModifyTaskInfo. */
  name?: string;
  /** Free text. A task created here carries its creation token behind it, on a last line of its own. Removing it clears. */
  notes?: string;
  /** The code. What it holds now is compared in every refresh, at the cost of one more call. */
  script?: Script;
  /** Whether a failed run is repeated; 1 or 0 on the wire. */
  retriable?: boolean;
  /**
   * Retries after a failure. The reads speak of runs; a service that counts one more there is believed (contracts.md
   * §6.23). A task gets a number of retries when it is created.
   */
  tryLimit?: number;
  /** Wait before a retry, in minutes. A task gets one when it is created. */
  retryWaitMinutes?: number;
  /** Longest run, in minutes; -1 means no limit. Removing it sets -1. */
  executionTtlMinutes?: number;
  /** `high` (4), `medium` (5) or `low` (6). Default of the service: `low`. */
  runPriority?: Priority | 4 | 5 | 6;
  /** Execution resource group id. */
  resourceGroup?: string;
  /** Queue of the resource pool; `""` is none. Removing it clears. */
  yarnQueue?: string;
  /** Machine of the resource group; `any`, or `""`, is any of them. Removing it sets `any`. */
  brokerIp?: string;
  /** Source data source id, of sync tasks; `""` is none. Removing it clears. */
  sourceServer?: string;
  /** Target data source id, of sync tasks; `""` is none. Removing it clears. */
  targetServer?: string;
  /**
   * Settings of the task type, such as `python_type: python3`. Only the keys that are declared are compared, since the
   * service adds its own; others that somebody has added stay. A value that is JSON is compared as JSON: the order of
   * keys, blanks, and members that the service adds mean nothing. Write-only on the international site, where an edit
   * sends the declared keys alone. Removing it takes the declared keys away.
   */
  taskExt?: Record<string, string>;
  /**
   * Task parameters by name; complete, `{}` is none. Write-only on the international site. Removing it clears.
   */
  parameters?: Record<string, string>;
  /**
   * Upstream tasks; order means nothing. The list is complete: an edge that is not in it is removed, `[]` is none.
   * Write-only on the international site. Removing it clears.
   */
  dependencies?: Dependency[];
  /** Whether the task takes part in dependencies between workflows. Removing it sets `false`, the documented default. */
  dependencyWorkflow?: boolean;
  /**
   * Account ids of the owners; order means nothing. Reads may show one of several: then only the loss of that one shows
   * as drift.
   */
  owners?: string[];
  /**
   * Names of the owners, separated by semicolons; not beside `owners`, which is to be preferred. Documented for
   * ModifyTaskInfoDs, and a hidden input of ModifyTaskInfo: the international site may not take it.
   */
  inCharge?: string;
  /**
   * Event that a shell task publishes. Mainland site only, write-only; no document says how to take one away. Source:
   * ModifyTaskInfoDs.
   */
  eventPublisher?: EventPublisher;
  /**
   * Folder inside the workflow, given when the task is created; an edit replaces, and so does a task that somebody has
   * moved (`ignoreChanges` leaves it). Write-only on the international site. Source: CreateTaskNew.
   */
  taskFolderId?: string;
  /** Code template to start from; only when the task is created, write-only, an edit replaces. Source: CreateTaskNew. */
  codeTemplateId?: string;
  /** When instances begin after publishing, given when the task is created; an edit replaces. Source: CreateTaskNew. */
  instanceInitStrategy?: "T+1" | "T+0";
  /** Product, such as `DATA_DEV`, given when the task is created; an edit replaces. Source: CreateTaskNew. */
  productName?: string;
  /**
   * Place on the canvas, from the left. Used when the task is created; no operation moves it afterwards, and `pulumi up`
   * says so. Default: a place that follows from the creation token, by which a creation whose reply was lost is
   * recognised.
   */
  leftCoordinate?: number;
  /** Place on the canvas, from the top; as `leftCoordinate`. */
  topCoordinate?: number;
}

const atCreation = { replace: true, from: asText } as const;
const NONE = "none, of the service";

/**
 * Assumption, named here alone: `""`, `[]` and the values documented as none (`any`, `no`, -1) clear. What the service
 * does with an empty field is not documented (contracts.md §7); one that it keeps is reported once and then left alone.
 */
export const fields = {
  projectId: text({
    required: true,
    replace: true,
    pattern: [/^\d{1,19}$/, "digits"],
    from: asText,
    wire: {
      CreateTaskNew: "ProjectId",
      ...set("ProjectId"),
      ModifyTaskName: "ProjectId",
      BatchModifyOpsOwners: "ProjectId",
      ...shown("ProjectId"),
    },
  }),
  workflowId: text({ ...atCreation, wire: { CreateTaskNew: "WorkflowId", ...shown("WorkflowId") } }),
  taskType: integer({
    replace: true,
    minimum: 0,
    from: asNumber,
    wire: { CreateTaskNew: "TaskType", ...shown("TaskTypeId"), DescribeTaskDetailDs: "TaskType.TypeId" },
  }),
  name: text({
    pattern: [/\S/, "no blank text"],
    from: asText,
    wire: {
      ModifyTaskInfo: "TaskName",
      ModifyTaskName: "TaskName",
      CreateTaskNew: "TaskName",
      ...shown("TaskName"),
    },
  }),
  notes: text({
    clear: "",
    wire: { ...set("Notes"), ModifyTaskName: "Notes", ...shown("Notes") },
    to: (value, trip) => {
      const { token } = writing(trip);
      return token === undefined ? value : withToken(value, token);
    },
    from: (answer) => withoutToken(asText(answer)),
    default: NONE,
  }),
  script: group<Script>({
    content: content({
      wire: {
        ModifyTaskInfoDs: "Content",
        ModifyTaskScript: "ScriptContent",
        CreateTaskNew: "Content",
        GetPaginationTaskScript: "Base64ScriptContent",
        DescribeTaskScript: "ScriptContent",
      },
      // Files are read before anything is sent.
      to: (value) => encode(typeof value === "string" ? value : ""),
      default: "none; a new task has an empty one",
    }),
  }),
  ...scheduleFields,
  retriable: flag({
    to: Number,
    from: asFlag,
    wire: { ...set("Retriable"), ...shown("RetryAble"), DescribeTaskDetailDs: "Retriable" },
    default: "`true`, of the service (samples of the detail)",
  }),
  tryLimit: integer({
    minimum: 0,
    from: (answer, trip) => {
      const count = asNumber(answer);
      return count !== undefined && reading(trip).reading?.countsRuns ? Math.max(0, count - 1) : count;
    },
    wire: { ...set("TryLimit"), ...shown("TryLimit") },
    default: "of the service (ModifyTaskInfo); 5 in samples",
  }),
  retryWaitMinutes: integer({
    minimum: 0,
    unit: "minutes",
    from: asNumber,
    wire: { ...set("RetryWait"), ...shown("RetryWait") },
    default: "of the service (ModifyTaskInfo); 5 in samples",
  }),
  executionTtlMinutes: integer({
    minimum: -1,
    clear: -1,
    unit: "minutes",
    to: (minutes, trip) =>
      trip.operation === "ModifyTaskInfo" && writing(trip).ttlInSeconds && minutes > 0 ? minutes * 60 : minutes,
    from: asNumber,
    wire: { ...set("ExecutionTTL"), ...shown("ExecutionTTL") },
    default: "-1, no limit, of the service (samples of the reads)",
  }),
  runPriority: numbered(PRIORITIES, {
    wire: { ...set("RunPriority"), ...shown("RunPriority") },
    default: "`low`, of the service (samples of the reads)",
  }),
  resourceGroup: text({
    from: asText,
    wire: { ...set("ResourceGroup"), ...shown("ResourceGroup", "ExecutorGroupId") },
    default: NONE,
  }),
  yarnQueue: text({ clear: "", from: asText, wire: { ...set("YarnQueue"), ...shown("YarnQueue") }, default: NONE }),
  brokerIp: text({
    clear: "any",
    canonical: (value) => value || "any",
    from: asText,
    wire: { ...set("BrokerIp"), ...shown("BrokerIp") },
    default: "`any`, of the service (samples of the reads)",
  }),
  sourceServer: server("SourceServer", "SourceServiceId"),
  targetServer: server("TargetServer", "TargetServiceId"),
  taskExt: map({
    clear: {},
    canonical: canonicalExtension,
    wire: { ...set("TaskExt"), CreateTaskNew: "TaskExt", DescribeTaskDetailDs: "TaskExt.Properties" },
    to: (value, trip) => toExtension(value, writing(trip)),
    from: (answer, trip) => fromExtension(answer, reading(trip).reading?.taskExt),
    default: NONE,
  }),
  parameters: map({
    clear: {},
    wire: { ...set("TaskParamInfos"), DescribeTaskDetailDs: "Params", DescribeTaskParamDs: "" },
    to: toParameters,
    from: fromParameters,
    default: NONE,
  }),
  dependencies: dependenciesField,
  dependencyWorkflow: flag({
    clear: false,
    to: (value) => (value ? "yes" : "no"),
    from: asFlag,
    wire: { ...set("DependencyWorkflow"), ...shown("DependencyWorkflow") },
    default: "`false`, of the service (ModifyTaskInfo)",
  }),
  owners: list(text({ pattern: [/^\S+$/, "an account id"] }), {
    unordered: true,
    from: fromOwners,
    to: (ids, { operation }) => (operation === "BatchModifyOpsOwners" ? ids.join(";") : ids),
    wire: { ModifyTaskInfo: "InChargeIds", BatchModifyOpsOwners: "Owners", ...shown("InChargeId") },
    default: "the account that creates the task",
  }),
  inCharge: text({
    canonical: unwrapped,
    from: asText,
    wire: { ...setBySuccessor("InCharge"), ...shown("InCharge") },
  }),
  eventPublisher: publisherField,
  taskFolderId: text({ ...atCreation, wire: { CreateTaskNew: "TaskFolderId", DescribeTaskDetailDs: "TaskFolderId" } }),
  codeTemplateId: text({ writeOnly: true, replace: true, wire: { CreateTaskNew: "CodeTemplateId" } }),
  instanceInitStrategy: choice(["T+1", "T+0"], {
    replace: true,
    // T_PLUS_0 in most reads (contracts.md §6.28).
    from: (answer) => /^T(?:\+|_PLUS_)([01])$/.exec(String(answer))?.[0].replace("_PLUS_", "+"),
    wire: { CreateTaskNew: "InstanceInitStrategy", ...shown("InstanceInitStrategy", "InitStrategy") },
  }),
  productName: text({ ...atCreation, wire: { CreateTaskNew: "ProductName", ...shown("ProductName") } }),
  leftCoordinate: decimal({ option: true, wire: { CreateTaskNew: "LeftCoordinate", ...shown("LeftCoordinate") } }),
  topCoordinate: decimal({ option: true, wire: { CreateTaskNew: "TopCoordinate", ...shown("TopCoordinate") } }),
  ...optionFields,
  adopt: adoptField([
    /^(\d{1,20}|\d+\/\d{1,20})$/,
    "the digits of a task id, or the id of the WeDataTask that has made it (<projectId>/<taskId>)",
  ]),
} satisfies Fields<WeDataTaskArguments>;

/** A data source. The samples of the detail show it null, and its id under the second name, wrapped in semicolons. */
function server(name: string, id: string) {
  const wire: Wire = { ...set(name), ...shown(id), DescribeTaskDetailDs: name };
  return text({ clear: "", canonical: unwrapped, from: asText, wire, default: NONE });
}

/** Arguments that only CreateTaskNew takes. */
export const CREATION_ONLY = [
  "taskFolderId",
  "codeTemplateId",
  "instanceInitStrategy",
  "productName",
  "leftCoordinate",
  "topCoordinate",
] as const;
/** Arguments that only ModifyTaskInfoDs takes, and so only the mainland site. */
export const MAINLAND_ONLY = [
  "scheduleTimeZone",
  "scheduleRunType",
  "concurrentStrategy",
  "minuteOffset",
  "eventPublisher",
] as const;
