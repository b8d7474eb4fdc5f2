import { type Fields, choice, flag, integer, isObject, list, record, recordOr, text } from "../../core/fields";
import { stableText } from "../../core/record";
import { asText, reading, set, writing } from "./spelling";
import { CYCLES, type Cycle, type CycleNumber, spellings, wordOf } from "./words";

/** One upstream task and what to wait for. Source: ModifyTaskInfo, DependencyConfigDTOs. */
export interface Dependency {
  /**
   * Cycle kind of this task in the dependency. The mainland site also has the `RANGE_…` and `LIST_…` kinds, which go
   * with `offset`.
   */
  dependConfType:
    | "HOUR"
    | "DAY"
    | "WEEK"
    | "MONTH"
    | "YEAR"
    | "CRONTAB"
    | "MINUTE"
    | "RANGE_DAY"
    | "RANGE_HOUR"
    | "RANGE_MINUTE"
    | "LIST_DAY"
    | "LIST_HOUR"
    | "LIST_MINUTE";
  /** Which instances of the upstream task count. */
  subordinateCyclicType: (typeof UPSTREAM_INSTANCES)[number];
  /** `WAITING` waits for the upstream instance, `EXECUTING` runs without it. Default `WAITING`. */
  dependencyStrategy?: "WAITING" | "EXECUTING";
  /** The upstream task: its id, or an object when the service needs to be told more. */
  parentTask: string | InnerTask;
  /** The downstream task, which is this one; only to be given where the service asks for it. */
  sonTask?: InnerTask;
  /** Offset of the `RANGE_…` and `LIST_…` kinds. Mainland site only. */
  offset?: string;
}

/**
 * A task at one end of a dependency. Only `taskId` is compared with the service; the other members go out with it. The
 * international site demands `taskName`, `workflowId` and `cycleType`: what is left out there is looked up.
 */
export interface InnerTask {
  /** Id of the task. */
  taskId: string;
  /** Its name. */
  taskName?: string;
  /** Its workflow. */
  workflowId?: string;
  /** Its cycle. */
  cycleType?: Cycle | CycleNumber;
  /** Id of the virtual task that stands for it. */
  virtualTaskId?: string;
  /** Whether it is a virtual task. */
  virtualFlag?: boolean;
  /** Workflow of the real task behind a virtual one. */
  realWorkflowId?: string;
  /** Its interval. Mainland site only. */
  cycleStep?: number;
  /** Its chosen hours or days. Mainland site only. */
  taskAction?: string;
  /** How its own dependencies combine. Mainland site only. */
  dependencyRel?: "and" | "or";
  /** Whether it takes part in workflow dependencies. Mainland site only. */
  dependencyWorkflow?: boolean;
}

export const KINDS = ["HOUR", "DAY", "WEEK", "MONTH", "YEAR", "CRONTAB", "MINUTE"] as const;
const MAINLAND_KINDS = ["RANGE_DAY", "RANGE_HOUR", "RANGE_MINUTE", "LIST_DAY", "LIST_HOUR", "LIST_MINUTE"] as const;
const UPSTREAM_INSTANCES = [
  "CURRENT_HOUR",
  "PREVIOUS_HOUR",
  "CURRENT_DAY",
  "PREVIOUS_DAY",
  "PREVIOUS_WEEK",
  "PREVIOUS_FRIDAY",
  "PREVIOUS_WEEKEND",
  "CURRENT_MONTH",
  "PREVIOUS_MONTH",
  "PREVIOUS_END_OF_MONTH",
  "PREVIOUS_BEGIN_OF_MONTH",
  "ALL_MONTH_OF_YEAR",
  "ALL_DAY_OF_YEAR",
  "CURRENT_YEAR",
  "CURRENT",
  "CURRENT_MINUTE",
  "PREVIOUS_MINUTE_CYCLE",
  "PREVIOUS_HOUR_CYCLE",
] as const;

const innerTask: Fields<InnerTask> = {
  taskId: text({ required: true, pattern: [/^\d{1,20}$/, "the digits of a task id"] }),
  taskName: text(),
  workflowId: text(),
  cycleType: choice(spellings(CYCLES), { canonical: (value) => wordOf(CYCLES, value) }),
  virtualTaskId: text(),
  virtualFlag: flag(),
  realWorkflowId: text(),
  cycleStep: integer({ minimum: 1 }),
  taskAction: text(),
  dependencyRel: choice(["and", "or"]),
  dependencyWorkflow: flag(),
};
const MAINLAND_MEMBERS = ["cycleStep", "taskAction", "dependencyRel", "dependencyWorkflow"] as const;

export const dependenciesField = list<Dependency>(
  record<Dependency>(
    {
      dependConfType: choice([...KINDS, ...MAINLAND_KINDS], { required: true }),
      subordinateCyclicType: choice(UPSTREAM_INSTANCES, { required: true }),
      dependencyStrategy: choice(["WAITING", "EXECUTING"]),
      parentTask: recordOr<string, InnerTask>("taskId", innerTask, {
        required: true,
        canonical: (value) => (typeof value === "object" && Object.keys(value).length === 1 ? value.taskId : value),
      }),
      sonTask: record<InnerTask>(innerTask),
      offset: text(),
    },
    // The wire demands a strategy; the one that is documented as the default is written out. Reads do not tell an empty
    // offset from none.
    {
      canonical: ({ offset, ...others }) => ({
        dependencyStrategy: "WAITING" as const,
        ...others,
        ...(offset && { offset }),
      }),
    },
  ),
  {
    unordered: true,
    clear: [],
    wire: { ...set("DependencyConfigDTOs"), DescribeTaskDetailDs: "DependencyConfigList" },
    to: (dependencies, trip) => toWireDependencies(dependencies, writing(trip).known),
    from: (answer, trip) => fromWireDependencies(answer, reading(trip).reading?.dependencies),
  },
);

export interface WireInnerTask {
  TaskId: string;
  TaskName?: string;
  WorkflowId?: string;
  CycleType?: number;
  [name: string]: unknown;
}

/** The dependencies as writes take them; `known` has what the international site wants to be told of each task. */
const toWireDependencies = (
  dependencies: readonly Dependency[],
  known: ReadonlyMap<string, WireInnerTask> = new Map(),
) =>
  dependencies.map(({ dependConfType, subordinateCyclicType, dependencyStrategy, parentTask, sonTask, offset }) => ({
    DependConfType: dependConfType,
    SubordinateCyclicType: subordinateCyclicType,
    DependencyStrategy: dependencyStrategy ?? "WAITING",
    ParentTask: toWireInner(typeof parentTask === "string" ? { taskId: parentTask } : parentTask, known),
    SonTask: sonTask && toWireInner(sonTask, known),
    Offset: offset,
  }));

function toWireInner(task: InnerTask, known: ReadonlyMap<string, WireInnerTask>): WireInnerTask {
  const { cycleType, dependencyWorkflow } = task;
  const given = {
    TaskId: task.taskId,
    TaskName: task.taskName,
    WorkflowId: task.workflowId,
    CycleType: typeof cycleType === "string" ? CYCLES[cycleType] : cycleType,
    VirtualTaskId: task.virtualTaskId,
    VirtualFlag: task.virtualFlag,
    RealWorkflowId: task.realWorkflowId,
    CycleStep: task.cycleStep,
    TaskAction: task.taskAction,
    DependencyRel: task.dependencyRel,
    DependencyWorkflow: dependencyWorkflow === undefined ? undefined : dependencyWorkflow ? "yes" : "no",
  };
  const told = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...known.get(task.taskId), ...told } as WireInnerTask;
}

/** The dependencies as DescribeTaskDetailDs shows them; one that was declared with more than an id comes back as declared. */
function fromWireDependencies(answer: unknown, declared: readonly Dependency[] = []): Dependency[] {
  return (Array.isArray(answer) ? answer : []).filter(isObject).map((entry) => {
    const { DependencyStrategy: strategy, ParentTask: parent, Offset: offset } = entry;
    const waits = isObject(strategy) ? strategy["PollingNullStrategy"] : strategy;
    const plain = {
      dependConfType: asText(entry["MainCyclicConfig"]) ?? "",
      subordinateCyclicType: asText(entry["SubordinateCyclicConfig"]) ?? "",
      dependencyStrategy: asText(waits) || "WAITING",
      parentTask: (isObject(parent) && asText(parent["TaskId"])) || "",
      ...(offset ? { offset: asText(offset) } : {}),
    } as Dependency;
    return declared.find((each) => stableText(plainOf(each)) === stableText(plain)) ?? plain;
  });
}

/** What the service shows of a dependency again. */
function plainOf({ sonTask: _sonTask, parentTask, ...others }: Dependency): Dependency {
  return { ...others, parentTask: typeof parentTask === "string" ? parentTask : parentTask.taskId };
}

/** The dependencies that say more than the service shows again. */
export const detailed = (dependencies: readonly Dependency[]): Dependency[] =>
  dependencies.filter(({ parentTask, sonTask }) => typeof parentTask === "object" || sonTask !== undefined);

/** Every task that dependencies name, with what is declared about it. */
export const innerTasks = (dependencies: readonly Dependency[]): InnerTask[] =>
  dependencies.flatMap(({ parentTask, sonTask }) => [
    typeof parentTask === "string" ? { taskId: parentTask } : parentTask,
    ...(sonTask ? [sonTask] : []),
  ]);

/** What of a dependency the international site does not have, as a path; `undefined` when it is fine there. */
export function mainlandPart(dependencies: readonly Dependency[]): string | undefined {
  for (const [index, dependency] of dependencies.entries()) {
    const path = `dependencies[${index}]`;
    if ((MAINLAND_KINDS as readonly string[]).includes(dependency.dependConfType))
      return `${path}.dependConfType ${dependency.dependConfType}`;
    if (dependency.offset !== undefined) return `${path}.offset`;
    for (const [end, task] of [
      ["parentTask", dependency.parentTask],
      ["sonTask", dependency.sonTask],
    ] as const) {
      const member = typeof task === "object" && MAINLAND_MEMBERS.find((name) => task[name] !== undefined);
      if (member) return `${path}.${end}.${member}`;
    }
  }
  return undefined;
}
