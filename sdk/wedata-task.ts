import * as pulumi from "@pulumi/pulumi";
import { show } from "../provider/core/quoting";
import { definitions } from "../provider/index";
import type { LookedUpWeDataTask } from "../provider/lookups/wedata-task";
import type { WeDataTaskArguments } from "../provider/resources/wedata-task/arguments";
import type { Dependency } from "../provider/resources/wedata-task/dependencies";
import { enter } from "./entering";
import type { InputsOf, OutputsOf } from "./inputs";
import { givenArguments, givenOptions, givenUpstreams } from "./misuse";
import { describe, shared, showArguments } from "./task";
import type { KindOfTask } from "./task";
import { type TaskOfSet, resourcesOf } from "./task-of-set";
import { EXPECTED, declaration, withEdges } from "./wedata-wiring";

const KIND: KindOfTask = {
  provider: "wedataTask",
  module: "wedata",
  type: "Task",
  definition: definitions.WeDataTask as never,
  outputs: ["taskId", "version", "phase", "modifyTime"],
};

/** An upstream task of WeData, and which of its instances to wait for. */
export interface UpstreamWeDataTask {
  /** A task of this program, alone or of a set (`set.task(…)`), or one that getWeDataTask has found. */
  task: WeDataTask | LookedUpWeDataTask | TaskOfSet<"wedata">;
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
   * deletes in that order. A task of a set (`set.task("load")`) and one that getWeDataTask has found can be named as well.
   */
  dependsOnTasks?: readonly (UpstreamWeDataTask["task"] | UpstreamWeDataTask)[];
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
    const resources = resourcesOf(upstreams.map(({ task }) => task));
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
