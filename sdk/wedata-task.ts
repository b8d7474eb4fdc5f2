import * as pulumi from "@pulumi/pulumi";
import { show } from "../provider/core/quoting";
import { definitions } from "../provider/index";
import type { LookedUpWeDataTask } from "../provider/lookups/wedata-task";
import type { WeDataTaskArguments } from "../provider/resources/wedata-task/arguments";
import type { Dependency } from "../provider/resources/wedata-task/dependencies";
import { placeOf } from "./configuration";
import { adoptedIdOf, enter, knownList, knownObject, knownText, neededObjects } from "./entering";
import type { Declaration, Need } from "./declaration";
import type { InputsOf, OutputsOf } from "./inputs";
import { isLookedUpWeDataTask } from "./lookups";
import { type Expected, givenArguments, givenOptions, givenUpstreams, isResourceOf } from "./misuse";
import { rulesOf } from "./rules";
import { describe, shared, showArguments } from "./task";
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
  /** A task of this program, or one that getWeDataTask has found. */
  task: WeDataTask | LookedUpWeDataTask;
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
   * deletes in that order. A task that getWeDataTask has found can be named as well.
   */
  dependsOnTasks?: readonly (WeDataTask | LookedUpWeDataTask | UpstreamWeDataTask)[];
}

/** Every argument as an output; `undefined` in what was not given. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- showArguments makes them all
export interface WeDataTask extends OutputsOf<WeDataTaskArguments> {
  /** The id of the task. */
  readonly taskId: pulumi.Output<string>;
}

/**
 * A scheduled task of Tencent Cloud WeData (API 2021-08-20). Created: CreateTaskNew, then ModifyTaskInfo; changed:
 * ModifyTaskInfo, and for the code ModifyTaskInfoDs (mainland) or ModifyTaskScript (international); published:
 * CreateTaskVersionDs; read: DescribeTaskDetailDs (mainland) or DescribeDependTaskLists; deleted: DeleteTaskDs.
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- as above
export class WeDataTask extends pulumi.dynamic.Resource {
  /** The version that was published last, such as `V3`. */
  declare readonly version: pulumi.Output<string | undefined>;
  /** How far the task is; `published` at the end. `draft` for an adopted task that was never published. */
  declare readonly phase: pulumi.Output<string | undefined>;
  /** When the service changed it last. */
  declare readonly modifyTime: pulumi.Output<string | undefined>;

  constructor(name: string, args: WeDataTaskArgs, opts?: pulumi.CustomResourceOptions) {
    const { dependsOnTasks, ...given } = givenArguments("WeDataTask", name, args);
    const title = `WeDataTask ${show(name)}`;
    const upstreams = givenUpstreams<UpstreamWeDataTask["task"], UpstreamWeDataTask>(title, dependsOnTasks, EXPECTED);
    const engineOptions = givenOptions(title, opts);
    const resources = upstreams.map(({ task }) => task).filter((task) => pulumi.Resource.isInstance(task));
    const {
      props,
      opts: options,
      warn,
    } = describe(
      KIND,
      name,
      upstreams.length === 0 ? given : { ...given, dependencies: withEdges(given, upstreams) },
      resources.length === 0 ? engineOptions : pulumi.mergeOptions(engineOptions, { dependsOn: resources }),
    );
    const entered = enter(declaration(title, given, upstreams));
    super(shared, name, props, options, KIND.module, KIND.type);
    entered(this);
    warn(this);
  }
}

showArguments(WeDataTask, KIND);

const EXPECTED: Expected<UpstreamWeDataTask["task"]> = {
  isTask: (value): value is UpstreamWeDataTask["task"] =>
    isResourceOf(value, "pulumi-nodejs:dynamic/wedata:Task") || isLookedUpWeDataTask(value),
  words: "a WeDataTask, a task that getWeDataTask has found, or { task, dependConfType, … } of one",
  members: ["dependConfType", "subordinateCyclicType", "dependencyStrategy"],
};

/** What the graph of the program is told about a task. */
function declaration(
  title: string,
  given: Omit<WeDataTaskArgs, "dependsOnTasks">,
  upstreams: readonly UpstreamWeDataTask[],
): Declaration {
  return {
    name: title,
    place: placeOf("wedata", given.connection),
    project: knownText(given.projectId),
    env: "Prod",
    produces: [],
    id: adoptedIdOf(given.adopt),
    needs: [
      ...knownList(given.dependencies).flatMap((dependency, index): Need[] => {
        const { parentTask } = knownObject(dependency);
        const id = knownText(parentTask) ?? knownText(knownObject(parentTask)["taskId"]);
        const property = `dependencies[${index}].parentTask`;
        return id === undefined
          ? []
          : [{ property, upstream: { id }, sameCycle: isSameCycle(knownObject(dependency)) }];
      }),
      ...neededObjects(upstreams.map((upstream) => ({ task: upstream.task, sameCycle: isSameCycle(upstream) }))),
    ],
    levels: rulesOf("wedata", given.rules),
    crossCycle: 'subordinateCyclicType "PREVIOUS_…"',
  };
}

/** Previous instances, ranges and lists of instances may lie in cycles that are over. */
function isSameCycle({
  subordinateCyclicType: instance = "CURRENT",
  dependConfType: kind = "",
  offset,
}: {
  subordinateCyclicType?: unknown;
  dependConfType?: unknown;
  offset?: unknown;
}): boolean {
  if (typeof instance !== "string" || typeof kind !== "string" || offset !== undefined) return false;
  return instance.startsWith("CURRENT") && !kind.startsWith("RANGE_") && !kind.startsWith("LIST_");
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
    parentTask: isLookedUpWeDataTask(task) ? task.taskId : task.id.apply((id) => id.split("/")[1] ?? id),
  }));
  const given = args.dependencies;
  if (given === undefined) return edges;
  if (Array.isArray(given)) return [...given, ...edges];
  return pulumi.all([given, pulumi.all(edges)]).apply(([list, more]) => [...(list ?? []), ...more]);
}
