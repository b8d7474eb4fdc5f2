import * as pulumi from "@pulumi/pulumi";
import { definitions } from "../provider/index";
import type { DataWorksTaskArguments, Dependency } from "../provider/resources/dataworks-task/arguments";
import type { InputsOf, OutputsOf } from "./inputs";
import { describe, shared } from "./task";
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
  task: DataWorksTask;
  /** Default `Normal`: the run of the same cycle. */
  type?: Extract<Dependency["type"], "Normal" | "CrossCycleDependsOnOtherNode">;
  /** Which of its declared outputs, with `Normal`; default the first. */
  output?: string;
}

/** The arguments of a DataWorksTask. */
export interface DataWorksTaskArgs extends InputsOf<DataWorksTaskArguments> {
  /**
   * Upstream tasks by object instead of by output name: each becomes an entry of `dependencies`, and the engine creates
   * and deletes in that order.
   */
  dependsOnTasks?: readonly (DataWorksTask | UpstreamTask)[];
}

/**
 * A scheduled task of Alibaba Cloud DataWorks (new Data Studio, API 2024-05-18). Created: CreateNode, then a pipeline run
 * through all stages; changed: BatchUpdateTasks where it carries every change, else UpdateTask, and UpdateNode with a new
 * pipeline run for the code; read: GetTask; deleted: an Offline pipeline run, then DeleteNode (an adopted task: DeleteTask).
 */
export class DataWorksTask extends pulumi.dynamic.Resource {
  /** The scheduler's id of the task. */
  declare readonly taskId: pulumi.Output<string>;
  /** The node in Data Studio; absent for an adopted task. */
  declare readonly nodeId: pulumi.Output<string | undefined>;
  /** The pipeline run that published it last; absent for an adopted task. */
  declare readonly pipelineRunId: pulumi.Output<string | undefined>;
  /** How far the task is: `created`, `publishing`, `published`; absent for an adopted task. */
  declare readonly phase: pulumi.Output<"created" | "publishing" | "published" | undefined>;
  /** When the service changed it last, milliseconds since the epoch. */
  declare readonly modifyTime: pulumi.Output<string | undefined>;

  declare readonly projectId: OutputsOf<DataWorksTaskArguments>["projectId"];
  declare readonly name: pulumi.Output<string | undefined>;
  declare readonly envType: pulumi.Output<DataWorksTaskArguments["envType"]>;
  declare readonly description: pulumi.Output<string | undefined>;
  declare readonly owner: pulumi.Output<string | undefined>;
  declare readonly script: pulumi.Output<DataWorksTaskArguments["script"]>;
  declare readonly trigger: pulumi.Output<DataWorksTaskArguments["trigger"]>;
  declare readonly runtimeResource: pulumi.Output<DataWorksTaskArguments["runtimeResource"]>;
  declare readonly outputs: pulumi.Output<DataWorksTaskArguments["outputs"]>;
  declare readonly dependencies: pulumi.Output<DataWorksTaskArguments["dependencies"]>;
  declare readonly tags: pulumi.Output<DataWorksTaskArguments["tags"]>;

  constructor(name: string, args: DataWorksTaskArgs, opts?: pulumi.CustomResourceOptions) {
    const { dependsOnTasks = [], ...rest } = args;
    const upstreams = dependsOnTasks.map((upstream): UpstreamTask =>
      "task" in upstream ? upstream : { task: upstream },
    );
    const {
      props,
      opts: options,
      warn,
    } = describe(
      KIND,
      name,
      upstreams.length === 0 ? rest : { ...rest, dependencies: withEdges(rest.dependencies, upstreams) },
      upstreams.length === 0 ? opts : pulumi.mergeOptions(opts, { dependsOn: upstreams.map(({ task }) => task) }),
    );
    super(shared, name, props, options, KIND.module, KIND.type);
    const declared = args.adopt === undefined ? knownOutputs(args) : [];
    if (declared.length > 0) outputsOf.set(this, declared);
    warn(this);
  }
}

/** The outputs that tasks declare, of those that are created here: an adopted task may not have them yet. */
const outputsOf = new WeakMap<DataWorksTask, readonly string[]>();

function knownOutputs({ outputs }: DataWorksTaskArgs): readonly string[] {
  const list = isPlain(outputs) ? (outputs as { taskOutputs?: unknown }).taskOutputs : undefined;
  return Array.isArray(list) && list.every((output) => typeof output === "string") ? list : [];
}

const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !pulumi.Output.isInstance(value) && !(value instanceof Promise);

function withEdges(
  given: DataWorksTaskArgs["dependencies"],
  upstreams: readonly UpstreamTask[],
): DataWorksTaskArgs["dependencies"] {
  const edges = upstreams.map(edgeTo);
  if (given === undefined) return edges;
  if (Array.isArray(given)) return [...given, ...edges];
  return pulumi.all([given, pulumi.all(edges)]).apply(([list, more]) => [...(list ?? []), ...more]);
}

/**
 * By the output where the program says it, so that another output of the upstream is a change here too. Else by id: what
 * the service makes up for a task that is about to change is not known in a preview, and would show a change that is none.
 */
function edgeTo({ task, type = "Normal", output }: UpstreamTask) {
  const declared = outputsOf.get(task) ?? [];
  const upstreamOutput = output !== undefined && declared.includes(output) ? output : declared[0];
  return type === "Normal" && upstreamOutput !== undefined ? { type, upstreamOutput } : { type, upstream: task.id };
}
