import {
  type Content,
  type Fields,
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
import { type TaskOptions, optionFields } from "../options";
import { type Dependency, dependenciesField } from "./dependencies";
import { type Schedule, scheduleFields } from "./schedule";
import { PRIORITIES, type Priority, spellings, wordOf } from "./words";

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
  /** Name, unique among the tasks of its type in the project; required without `adopt`. An edit renames. */
  name?: string;
  /** Free text. A task created here carries its creation token behind it, on a last line of its own. Removing it clears. */
  notes?: string;
  /** The code. What it holds now is compared in every refresh, at the cost of one more call. */
  script?: Script;
  /** Whether a failed run is repeated; 1 or 0 on the wire. */
  retriable?: boolean;
  /** Most runs, or retries: the documents say both (contracts: TryLimit). */
  tryLimit?: number;
  /** Wait before a retry, in minutes. */
  retryWaitMinutes?: number;
  /** Longest run, in minutes; -1 means no limit. Removing it sets -1. */
  executionTtlMinutes?: number;
  /** `high` (4), `medium` (5) or `low` (6). Default of the service: `low`. */
  runPriority?: Priority | 4 | 5 | 6;
  /** Execution resource group id. */
  resourceGroup?: string;
  /** Queue of the resource pool. Removing it clears. */
  yarnQueue?: string;
  /** Machine of the resource group, or `any`. Removing it sets `any`. */
  brokerIp?: string;
  /** Source data source id, of sync tasks. Removing it clears. */
  sourceServer?: string;
  /** Target data source id, of sync tasks. Removing it clears. */
  targetServer?: string;
  /**
   * Settings of the task type, such as `python_type: python3`. Only the keys that are declared are compared: the service
   * adds its own. The list sent is taken as the whole list of what the user set. Write-only on the international site.
   * Removing it clears.
   */
  taskExt?: Record<string, string>;
  /** Task parameters by name; complete. Write-only on the international site. Removing it clears. */
  parameters?: Record<string, string>;
  /**
   * Upstream tasks; order means nothing. The list is complete: an edge that is not in it is removed. Write-only on the
   * international site. Removing it clears.
   */
  dependencies?: Dependency[];
  /** Whether the task takes part in dependencies between workflows. Removing it sets `false`, the documented default. */
  dependencyWorkflow?: boolean;
  /**
   * Account ids of the owners; order means nothing. Reads may show one of several: then only the loss of that one shows
   * as drift.
   */
  owners?: string[];
  /** Names of the owners, separated by semicolons: the hidden input `InCharge`. Prefer `owners`; not both. */
  inCharge?: string;
  /** Folder inside the workflow; only when the task is created, write-only, an edit replaces. Source: CreateTaskNew. */
  taskFolderId?: string;
  /** Code template to start from; only when the task is created, write-only, an edit replaces. Source: CreateTaskNew. */
  codeTemplateId?: string;
  /** When instances begin after publishing; only when the task is created, write-only, an edit replaces. Source: CreateTaskNew. */
  instanceInitStrategy?: "T+1" | "T+0";
  /** Product, such as `DATA_DEV`; only when the task is created, write-only, an edit replaces. Source: CreateTaskNew. */
  productName?: string;
  /**
   * Place on the canvas, from the left. Used when the task is created; an edit afterwards changes nothing. Default: a
   * place that follows from the creation token, by which a creation whose reply was lost is recognised.
   */
  leftCoordinate?: number;
  /** Place on the canvas, from the top; as `leftCoordinate`. */
  topCoordinate?: number;
}

/** Some reads wrap ids and names in semicolons, as in `;8738;` (contracts.md §4.2). */
const unwrapped = (value: string) => value.replace(/^[;\s]+|[;\s]+$/g, "");
const atCreation = { writeOnly: true, replace: true } as const;

/**
 * Assumption, named here alone: `""`, `[]` and the values documented as none (`any`, `no`, -1) clear. What the service
 * does with an absent or an empty field is not documented (contracts.md §7).
 */
export const fields = {
  projectId: text({ required: true, replace: true, pattern: [/^\d{1,19}$/, "digits"] }),
  workflowId: text({ replace: true }),
  taskType: integer({ replace: true, minimum: 0 }),
  name: text({ pattern: [/\S/, "no blank text"] }),
  notes: text({ clear: "" }),
  script: group<Script>({ content: content() }),
  ...scheduleFields,
  retriable: flag(),
  tryLimit: integer({ minimum: 0 }),
  retryWaitMinutes: integer({ minimum: 0 }),
  executionTtlMinutes: integer({ minimum: -1, clear: -1 }),
  runPriority: choice(spellings(PRIORITIES), { canonical: (value) => wordOf(PRIORITIES, value) }),
  resourceGroup: text(),
  yarnQueue: text({ clear: "" }),
  brokerIp: text({ clear: "any" }),
  sourceServer: text({ clear: "", canonical: unwrapped }),
  targetServer: text({ clear: "", canonical: unwrapped }),
  taskExt: map({ clear: {} }),
  parameters: map({ clear: {} }),
  dependencies: dependenciesField,
  dependencyWorkflow: flag({ clear: false }),
  owners: list(text({ pattern: [/^\S+$/, "an account id"] }), { unordered: true }),
  inCharge: text({ canonical: unwrapped }),
  taskFolderId: text(atCreation),
  codeTemplateId: text(atCreation),
  instanceInitStrategy: choice(["T+1", "T+0"], atCreation),
  productName: text(atCreation),
  leftCoordinate: decimal({ option: true }),
  topCoordinate: decimal({ option: true }),
  ...optionFields,
} satisfies Fields<WeDataTaskArguments>;

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
export const MAINLAND_ONLY = ["scheduleTimeZone", "scheduleRunType", "concurrentStrategy", "minuteOffset"] as const;
