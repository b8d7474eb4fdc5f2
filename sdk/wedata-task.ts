import * as pulumi from "@pulumi/pulumi";
import { definitions } from "../provider/index";
import type { WeDataTaskArguments } from "../provider/resources/wedata-task/arguments";
import type { Dependency } from "../provider/resources/wedata-task/dependencies";
import type { InputsOf, OutputsOf } from "./inputs";
import { describe, shared } from "./task";
import type { KindOfTask } from "./task";

const KIND: KindOfTask = {
  provider: "wedataTask",
  module: "wedata",
  type: "Task",
  definition: definitions.WeDataTask as never,
  outputs: ["taskId", "version", "phase", "modifyTime"],
};

/** An upstream task of WeData, and which of its instances to wait for. */
export interface UpstreamWeDataTask {
  task: WeDataTask;
  /** Default by this task's cycle: `DAY` for a daily task, `HOUR` for an hourly one, and so on. */
  dependConfType?: Dependency["dependConfType"];
  /** Default by this task's cycle: `CURRENT_DAY` for a daily task, `CURRENT_HOUR` for an hourly one, and so on. */
  subordinateCyclicType?: Dependency["subordinateCyclicType"];
  /** Default `WAITING`. */
  dependencyStrategy?: "WAITING" | "EXECUTING";
}

/** The arguments of a WeDataTask. */
export interface WeDataTaskArgs extends InputsOf<WeDataTaskArguments> {
  /**
   * Upstream tasks by object instead of by id: each becomes an entry of `dependencies`, and the engine creates and
   * deletes in that order.
   */
  dependsOnTasks?: readonly (WeDataTask | UpstreamWeDataTask)[];
}

/**
 * A scheduled task of Tencent Cloud WeData (API 2021-08-20). Created: CreateTaskNew, then ModifyTaskInfo; changed:
 * ModifyTaskInfo, and for the code ModifyTaskInfoDs (mainland) or ModifyTaskScript (international); published:
 * CreateTaskVersionDs; read: DescribeTaskDetailDs (mainland) or DescribeDependTaskLists; deleted: DeleteTaskDs.
 */
export class WeDataTask extends pulumi.dynamic.Resource {
  /** The id of the task. */
  declare readonly taskId: pulumi.Output<string>;
  /** The version that was published last, such as `V3`. */
  declare readonly version: pulumi.Output<string | undefined>;
  /** How far the task is; `published` at the end. `draft` for an adopted task that was never published. */
  declare readonly phase: pulumi.Output<string | undefined>;
  /** When the service changed it last. */
  declare readonly modifyTime: pulumi.Output<string | undefined>;

  declare readonly projectId: OutputsOf<WeDataTaskArguments>["projectId"];
  declare readonly workflowId: pulumi.Output<string | undefined>;
  declare readonly taskType: pulumi.Output<number | undefined>;
  declare readonly name: pulumi.Output<string | undefined>;
  declare readonly notes: pulumi.Output<string | undefined>;
  declare readonly script: pulumi.Output<WeDataTaskArguments["script"]>;
  declare readonly dependencies: pulumi.Output<WeDataTaskArguments["dependencies"]>;

  constructor(name: string, args: WeDataTaskArgs, opts?: pulumi.CustomResourceOptions) {
    const { dependsOnTasks = [], ...rest } = args;
    const upstreams = dependsOnTasks.map((upstream): UpstreamWeDataTask =>
      "task" in upstream ? upstream : { task: upstream },
    );
    const {
      props,
      opts: options,
      warn,
    } = describe(
      KIND,
      name,
      upstreams.length === 0 ? rest : { ...rest, dependencies: withEdges(rest, upstreams) },
      upstreams.length === 0 ? opts : pulumi.mergeOptions(opts, { dependsOn: upstreams.map(({ task }) => task) }),
    );
    super(shared, name, props, options, KIND.module, KIND.type);
    warn(this);
  }
}

type Edge = Pick<Dependency, "dependConfType" | "subordinateCyclicType">;

/** The service's own default cycle is a day. */
const DAILY: Edge = { dependConfType: "DAY", subordinateCyclicType: "CURRENT_DAY" };
/** The same cycle's instance of the upstream, for a task of each cycle. */
const SAME_CYCLE: Readonly<Record<string, Edge>> = {
  Crontab: { dependConfType: "CRONTAB", subordinateCyclicType: "CURRENT" },
  Minute: { dependConfType: "MINUTE", subordinateCyclicType: "CURRENT_MINUTE" },
  Hour: { dependConfType: "HOUR", subordinateCyclicType: "CURRENT_HOUR" },
  Day: DAILY,
  Week: { dependConfType: "WEEK", subordinateCyclicType: "CURRENT" },
  Month: { dependConfType: "MONTH", subordinateCyclicType: "CURRENT_MONTH" },
  Year: { dependConfType: "YEAR", subordinateCyclicType: "CURRENT_YEAR" },
};
const CYCLE_NUMBERS: Readonly<Record<number, string>> = {
  0: "Crontab",
  1: "Minute",
  2: "Hour",
  3: "Day",
  4: "Week",
  5: "Month",
  12: "Year",
};

function withEdges(
  args: Omit<WeDataTaskArgs, "dependsOnTasks">,
  upstreams: readonly UpstreamWeDataTask[],
): WeDataTaskArgs["dependencies"] {
  const cycle = typeof args.cycleType === "number" ? CYCLE_NUMBERS[args.cycleType] : args.cycleType;
  const same = (typeof cycle === "string" ? SAME_CYCLE[cycle] : undefined) ?? DAILY;
  // From the id: `taskId` of a task that is about to change is not known in a preview, and would show a change that is none.
  const edges = upstreams.map(({ task, ...edge }) => ({
    ...same,
    ...edge,
    parentTask: task.id.apply((id) => id.split("/")[1] ?? id),
  }));
  const given = args.dependencies;
  if (given === undefined) return edges;
  if (Array.isArray(given)) return [...given, ...edges];
  return pulumi.all([given, pulumi.all(edges)]).apply(([list, more]) => [...(list ?? []), ...more]);
}
