import * as pulumi from "@pulumi/pulumi";
import type { LookedUpDataWorksTask } from "../provider/lookups/dataworks-tasks";
import { show } from "../provider/core/quoting";
import { definitions } from "../provider/index";
import type { DataWorksTaskArguments, Dependency } from "../provider/resources/dataworks-task/arguments";
import { EXPECTED, checkOutput, declaration, remember, withEdges, withTimeZone } from "./dataworks-wiring";
import { enter } from "./entering";
import type { InputsOf, OutputsOf } from "./inputs";
import { givenArguments, givenOptions, givenUpstreams } from "./misuse";
import { describe, shared, showArguments } from "./task";
import { type TaskOfSet, resourcesOf } from "./task-of-set";
import type { KindOfTask } from "./task";

const KIND: KindOfTask = {
  provider: "dataworksTask",
  module: "dataworks",
  type: "Task",
  definition: definitions.DataWorksTask as never,
  outputs: ["taskId", "nodeId", "pipelineRunId", "phase", "modifyTime"],
};

/** An upstream task and the kind of edge to it. */
export interface UpstreamTask {
  /** A task of this program, alone or of a set (`set.task(…)`), or one that getDataWorksTask has found. */
  task: DataWorksTask | LookedUpDataWorksTask | TaskOfSet<"dataworks">;
  /** Default `Normal`: the run of the same cycle. */
  type?: Extract<Dependency["type"], "Normal" | "CrossCycleDependsOnOtherNode">;
  /** Which of its outputs, with `Normal`; default the first that it declares, and of a task that was found the first by name. */
  output?: string;
}

/** The arguments of a DataWorksTask. */
export interface DataWorksTaskArgs extends InputsOf<DataWorksTaskArguments> {
  /**
   * Upstream tasks by object instead of by output name: each becomes an entry of `dependencies`, and the engine creates
   * and deletes in that order. A task of a set (`set.task("ods_orders")`) and one that getDataWorksTask has found can be
   * named as well.
   */
  dependsOnTasks?: readonly (UpstreamTask["task"] | UpstreamTask)[];
}

/** Every argument as an output; `undefined` in what was not given. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- showArguments makes them all
export interface DataWorksTask extends OutputsOf<DataWorksTaskArguments> {
  /** The scheduler's id of the task. */
  readonly taskId: pulumi.Output<string>;
}

/**
 * A scheduled task of Alibaba Cloud DataWorks (new Data Studio, API 2024-05-18). Created: CreateNode, then a pipeline run
 * through all stages; changed: BatchUpdateTasks where it carries every change, else UpdateTask, and UpdateNode with a new
 * pipeline run for the code; read: GetTask; deleted: an Offline pipeline run, then DeleteNode (an adopted task: DeleteTask).
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- as above
export class DataWorksTask extends pulumi.dynamic.Resource {
  /** The node in Data Studio; absent for an adopted task. */
  declare readonly nodeId: pulumi.Output<string | undefined>;
  /** The pipeline run that published it last; absent for an adopted task. */
  declare readonly pipelineRunId: pulumi.Output<string | undefined>;
  /** How far the task is: `created`, `publishing`, `published`; absent for an adopted task. */
  declare readonly phase: pulumi.Output<"created" | "publishing" | "published" | undefined>;
  /** When the service changed it last, milliseconds since the epoch. */
  declare readonly modifyTime: pulumi.Output<string | undefined>;

  constructor(name: string, args: DataWorksTaskArgs, opts?: pulumi.CustomResourceOptions) {
    const { dependsOnTasks, ...given } = givenArguments("DataWorksTask", name, args);
    const title = `DataWorksTask ${show(name)}`;
    const upstreams = givenUpstreams<UpstreamTask["task"], UpstreamTask>(title, dependsOnTasks, EXPECTED);
    upstreams.forEach((upstream, index) => checkOutput(title, upstream, index));
    const rest = withTimeZone(given);
    const engineOptions = givenOptions(title, opts);
    const resources = resourcesOf(upstreams.map(({ task }) => task));
    const {
      props,
      opts: options,
      warn,
    } = describe(
      KIND,
      name,
      upstreams.length === 0 ? rest : { ...rest, dependencies: withEdges(rest.dependencies, upstreams) },
      resources.length === 0 ? engineOptions : pulumi.mergeOptions(engineOptions, { dependsOn: resources }),
    );
    const entered = enter(declaration(title, given, upstreams));
    super(shared, name, props, options, KIND.module, KIND.type);
    remember(this, given);
    entered(this);
    warn(this);
  }
}

showArguments(DataWorksTask, KIND);
