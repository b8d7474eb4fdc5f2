import { type Content, type Fields, INT32, choice, content, group, integer, map, text } from "../../core/fields";
import { withToken, withoutToken } from "../../core/token";
import { type TaskOptions, adoptField, optionFields } from "../options";
import { dependencies, digits, taskOutputs, variables } from "./links";
import { asId, batched, inNode, listed, single } from "./parameters";
import { type Trigger, triggerFields } from "./schedule";

/** The code of a task. */
export interface Script {
  /**
   * What runs the code, such as `ODPS_SQL`, `DIDE_SHELL`, `PYODPS3`, `VIRTUAL`: FlowSpec's `script.runtime.command`.
   * Required for a task created here; an edit replaces. Source: CreateNode Spec.
   */
  command?: string;
  /** FlowSpec's `script.language`, such as `sql` or `shell`; the service's default follows from the command. An edit replaces. */
  language?: string;
  /**
   * The code, as a string, a `FileAsset` (read when it is applied, kept in the state as its hash) or a `StringAsset`.
   * An edit goes through UpdateNode and a new pipeline run; for an adopted task without a node through UpdateTask's
   * deprecated Script.Content.
   */
  content?: Content;
  /** Scheduling parameters in one string, such as `bizdate=$bizdate region=cn-shanghai`. Source: UpdateTask Script.Parameters. */
  parameters?: string;
}

/** Where a task runs. */
export interface RuntimeResource {
  /** Identifier of the scheduling resource group, such as `S_res_group_…`. */
  resourceGroupId?: string;
  /** Image id, for serverless resource groups. */
  image?: string;
  /** Compute units as a decimal string, such as `"0.25"`. */
  cu?: string;
}

/** The bound data source. */
export interface DataSource {
  /** Name of the data source in the workspace. */
  name?: string;
  /** FlowSpec's `datasource.type`, such as `odps`; only for tasks created here, write-only. */
  type?: string;
}

/** One input or output variable. */
export interface Variable {
  /** Name, unique among the variables of the list. */
  name?: string;
  /** `Constant` a fixed value, `PassThrough` another node's output, `System` a scheduling expression, `NodeOutput` the script's output. */
  type: "Constant" | "PassThrough" | "System" | "NodeOutput";
  /** Value or expression. */
  value?: string;
}

/** What a task takes from others. */
export interface TaskInputs {
  /** Input variables; order means nothing. */
  variables?: Variable[];
}

/** What others can depend on. */
export interface TaskOutputs {
  /**
   * Output identifiers, such as `project.ods_orders`, unique in the workspace. A task created here without any gets
   * `<workspace name>.<task name>` from the service.
   */
  taskOutputs?: string[];
  /** Output variables; order means nothing. */
  variables?: Variable[];
}

/** One upstream edge. */
export interface Dependency {
  /**
   * `Normal` the same cycle's run of the upstream, `CrossCycleDependsOnSelf` the task's own previous cycle,
   * `CrossCycleDependsOnChildren` the previous cycle of its direct downstreams, `CrossCycleDependsOnOtherNode` the
   * previous cycle of another task.
   */
  type: "Normal" | "CrossCycleDependsOnSelf" | "CrossCycleDependsOnChildren" | "CrossCycleDependsOnOtherNode";
  /** The upstream by an output identifier (with `Normal`). */
  upstreamOutput?: string;
  /** The upstream by its task id (with `CrossCycleDependsOnOtherNode`, or `Normal` without `upstreamOutput`). */
  upstreamTaskId?: string;
  /**
   * The upstream by the `id` of its DataWorksTask resource; the provider looks up its output identifier. This is what
   * `dependsOnTasks` fills in for an upstream that declares no output: unlike the output that the service makes, the id
   * of a task that is about to change is known in a preview.
   */
  upstream?: string;
}

/**
 * A scheduled task of DataWorks (new Data Studio, API 2024-05-18). Undeclared properties are never sent and never
 * compared. Removing a property clears it where the service can (description, tags, dependencies, variables,
 * script parameters); otherwise the service keeps the value, with a warning.
 */
export interface DataWorksTaskArguments extends TaskOptions {
  /** Workspace id, digits. An edit replaces. */
  projectId: string;
  /** Display name, unique in its folder. Required for a task created here. Source: UpdateTask Name. */
  name?: string;
  /**
   * Environment of an adopted task, default `Prod`; another one means another task, and replaces. A task created here
   * is always published to production: environments are workspaces there.
   */
  envType?: "Prod" | "Dev";
  /** Free text. A task created here carries its creation token behind it, on a last line of its own. */
  description?: string;
  /** Account id of the owner, digits. */
  owner?: string;
  /** When instances begin after publishing: `T+1` the next day, `Immediately` from ten minutes on. Not in BatchUpdateTasks. */
  instanceMode?: "T+1" | "Immediately";
  /** Longest run, in seconds. The documents want more than 3600, show 3600, and real tasks have 0 (no limit). */
  timeoutSeconds?: number;
  /** Whether a run may be repeated: never, after a failure, always. */
  rerunMode?: "AllDenied" | "FailureAllowed" | "AllAllowed";
  /** Automatic reruns after a failure; with `rerunMode` other than `AllDenied`. */
  rerunTimes?: number;
  /** Wait between automatic reruns, in seconds, at most 1800. Each operation's own unit is applied on the wire. */
  rerunIntervalSeconds?: number;
  /** The code and its parameters. */
  script?: Script;
  /** When it runs. */
  trigger?: Trigger;
  /** Where it runs. */
  runtimeResource?: RuntimeResource;
  /** The data source it is bound to. */
  dataSource?: DataSource;
  /** Input variables. */
  inputs?: TaskInputs;
  /** Output identifiers and variables. */
  outputs?: TaskOutputs;
  /** Upstream edges; order means nothing. The list is complete: an edge that is not in it is removed. */
  dependencies?: Dependency[];
  /** Tags as a map; complete, order means nothing. */
  tags?: Record<string, string>;
  /** Folder of the node in Data Studio, such as `warehouse/ods`. An edit moves the node (MoveNode). Write-only, only for tasks created here. */
  path?: string;
  /**
   * UpdateTask's ClientUniqueCode: must equal the code that the task was given at its creation, and guards an adopted
   * task against being mistaken for another. Write-only; sent with every UpdateTask.
   */
  clientUniqueCode?: string;
  /** Remark that goes with the next BatchUpdateTasks call. An edit of it alone makes no call. */
  comment?: string;
}

/** A decimal number without zeros that say nothing: `0.50` is `0.5`. */
const canonicalDecimal = (text: string): string =>
  text
    .replace(/^0+(?=\d)/, "")
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");

/**
 * Assumption, named here alone: UpdateTask takes RerunInterval in milliseconds, as its page and the SDKs since
 * 2025-10-29 say; BatchUpdateTasks, GetTask and ListTasks use seconds (contracts.md §6.1).
 */
const RERUN_INTERVAL_FACTOR: Readonly<Record<string, number>> = { UpdateTask: 1000 };

/**
 * Assumption, named here alone: a read uses the words of UpdateTask; other places of the product have other words for
 * the same, and those are understood too (contracts.md §6.17).
 */
const RERUN_WORDS: Readonly<Record<string, DataWorksTaskArguments["rerunMode"]>> = {
  ALL_ALLOWED: "AllAllowed",
  Allowed: "AllAllowed",
  FAILURE_ALLOWED: "FailureAllowed",
  ALL_DENIED: "AllDenied",
  Denied: "AllDenied",
};

/** The creation token of a task that is made here stands behind its description. */
const described = (value: string, token: unknown) => (typeof token === "string" ? withToken(value, token) : value);

interface WireTag {
  Key?: string;
  Value?: string | null;
}

export const fields = {
  projectId: text({
    required: true,
    replace: true,
    pattern: digits,
    wire: { CreateNode: "ProjectId", GetTask: "ProjectId", ListTasks: "ProjectId" },
    from: asId,
  }),
  name: text({ wire: { ...listed(batched("Name")), RenameNode: "Name" } }),
  envType: choice(["Prod", "Dev"], {
    default: "`Prod`, which we send and ask for with every call; the service's own default is not documented",
    wire: { UpdateTask: "EnvType", BatchUpdateTasks: "EnvType", GetTask: "EnvType", ListTasks: "ProjectEnv" },
  }),
  description: text({
    clear: "",
    wire: listed(batched("Description")),
    to: (value, { terms }) => described(value, terms["token"]),
    from: (answer) => withoutToken(typeof answer === "string" ? answer : undefined),
  }),
  owner: text({ wire: listed(batched("Owner")) }),
  instanceMode: choice(["T+1", "Immediately"], { wire: listed(single("InstanceMode")) }),
  timeoutSeconds: integer({ minimum: 0, maximum: INT32, unit: "seconds", wire: listed(batched("Timeout")) }),
  rerunMode: choice(["AllDenied", "FailureAllowed", "AllAllowed"], {
    wire: listed(batched("RerunMode")),
    from: (answer) => (typeof answer === "string" ? (RERUN_WORDS[answer] ?? answer) : undefined),
  }),
  rerunTimes: integer({ minimum: 0, maximum: INT32, wire: listed(batched("RerunTimes")) }),
  rerunIntervalSeconds: integer({
    minimum: 0,
    maximum: 1800,
    unit: "seconds",
    wire: listed(batched("RerunInterval")),
    to: (seconds, { operation }) => seconds * (RERUN_INTERVAL_FACTOR[operation] ?? 1),
  }),
  script: group<Script>({
    command: text({ wire: inNode }),
    language: text({ wire: inNode }),
    // Deprecated in UpdateTask, and used there only for an adopted task that has no node (contracts.md §6.7).
    content: content({ wire: { ...inNode, UpdateTask: "Script.Content", GetTask: "Script.Content" } }),
    parameters: text({
      clear: "",
      canonical: (value) => value.trim().split(/\s+/).join(" "),
      wire: listed(single("Script.Parameters"), "ScriptParameters"),
    }),
  }),
  trigger: triggerFields,
  runtimeResource: group<RuntimeResource>({
    resourceGroupId: text({ wire: listed(batched("RuntimeResource.ResourceGroupId")) }),
    image: text({ wire: listed(batched("RuntimeResource.Image")) }),
    cu: text({
      pattern: [/^\d+(\.\d+)?$/, 'a decimal number such as "0.25"'],
      canonical: canonicalDecimal,
      unit: "compute units",
      wire: listed(batched("RuntimeResource.Cu")),
    }),
  }),
  dataSource: group<DataSource>({
    name: text({ wire: listed(batched("DataSource.Name")) }),
    type: text({ writeOnly: true, wire: inNode }),
  }),
  inputs: group<TaskInputs>({ variables: variables("Inputs") }),
  outputs: group<TaskOutputs>({ taskOutputs, variables: variables("Outputs") }),
  dependencies,
  tags: map({
    clear: {},
    wire: batched("Tags"),
    to: (tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    from: (answer) =>
      Array.isArray(answer)
        ? Object.fromEntries((answer as WireTag[]).map(({ Key = "", Value }) => [Key, Value ?? ""]))
        : undefined,
  }),
  path: text({
    writeOnly: true,
    canonical: (value) => value.replace(/^\/+|\/+$/g, ""),
    wire: { CreateNode: "Spec", MoveNode: "Path" },
  }),
  clientUniqueCode: text({ writeOnly: true, wire: { UpdateTask: "ClientUniqueCode" } }),
  comment: text({ option: true, wire: { BatchUpdateTasks: "Comment" } }),
  ...optionFields,
  adopt: adoptField(
    [
      /^(\d{1,19}|\d+\/node\/\d{1,19}|\d+\/(Prod|Dev)\/task\/\d{1,19})$/,
      "the digits of a task id, or the id of the DataWorksTask that has made it (<projectId>/node/<nodeId>)",
    ],
    (id) => id.replace(/^.*\/task\//, ""),
  ),
} satisfies Fields<DataWorksTaskArguments>;
