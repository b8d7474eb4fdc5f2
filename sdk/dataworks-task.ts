import * as pulumi from "@pulumi/pulumi";
import type { LookedUpDataWorksTask } from "../provider/lookups/dataworks-tasks";
import { meant } from "../provider/core/check";
import { show } from "../provider/core/quoting";
import { definitions } from "../provider/index";
import type { DataWorksTaskArguments, Dependency } from "../provider/resources/dataworks-task/arguments";
import { placeOf, zoned } from "./configuration";
import { adoptedIdOf, enter, isAbsent, knownList, knownObject, knownText, neededObjects, producedBy } from "./entering";
import type { Declaration, Need } from "./declaration";
import type { InputsOf, OutputsOf } from "./inputs";
import { isLookedUpDataWorksTask } from "./lookups";
import { type Expected, givenArguments, givenOptions, givenUpstreams, isResourceOf } from "./misuse";
import { rulesOf } from "./rules";
import { describe, shared, showArguments } from "./task";
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
  /** A task of this program, or one that getDataWorksTask has found. */
  task: DataWorksTask | LookedUpDataWorksTask;
  /** Default `Normal`: the run of the same cycle. */
  type?: Extract<Dependency["type"], "Normal" | "CrossCycleDependsOnOtherNode">;
  /** Which of its declared outputs, with `Normal`; default the first. */
  output?: string;
}

/** The arguments of a DataWorksTask. */
export interface DataWorksTaskArgs extends InputsOf<DataWorksTaskArguments> {
  /**
   * Upstream tasks by object instead of by output name: each becomes an entry of `dependencies`, and the engine creates
   * and deletes in that order. A task that getDataWorksTask has found can be named as well.
   */
  dependsOnTasks?: readonly (DataWorksTask | LookedUpDataWorksTask | UpstreamTask)[];
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
    const resources = upstreams.map(({ task }) => task).filter((task) => pulumi.Resource.isInstance(task));
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
    const declared = isAbsent(given.adopt) ? knownOutputs(given) : [];
    if (declared.length > 0) outputsOf.set(this, declared);
    entered(this);
    warn(this);
  }
}

showArguments(DataWorksTask, KIND);

type Given = Omit<DataWorksTaskArgs, "dependsOnTasks">;

const EXPECTED: Expected<UpstreamTask["task"]> = {
  isTask: (value): value is UpstreamTask["task"] =>
    isResourceOf(value, "pulumi-nodejs:dynamic/dataworks:Task") || isLookedUpDataWorksTask(value),
  words: "a DataWorksTask, a task that getDataWorksTask has found, or { task, type, output } of one",
  members: ["type", "output"],
};

/** The outputs that tasks declare, of those that are created here: an adopted task may not have them yet. */
const outputsOf = new WeakMap<object, readonly string[]>();

function knownOutputs({ outputs }: Given): readonly string[] {
  const list = knownObject(outputs)["taskOutputs"];
  return Array.isArray(list) && list.every((output) => typeof output === "string") ? list : [];
}

/** What the graph of the program is told about a task. */
function declaration(title: string, given: Given, upstreams: readonly UpstreamTask[]): Declaration {
  const isMade = isAbsent(given.adopt);
  const outputs = knownObject(given.outputs);
  const produced = producedBy(
    isAbsent(given.outputs) || Object.keys(outputs).length > 0 ? outputs["taskOutputs"] : given.outputs,
    "outputs.taskOutputs",
  );
  const env = isAbsent(given.envType) ? "Prod" : knownText(given.envType);
  return {
    name: title,
    place: placeOf("dataworks", given.connection),
    project: knownText(given.projectId),
    env: env === "Prod" || env === "Dev" ? env : undefined,
    ...produced,
    ownOutput: isMade && produced.produces.length === 0 ? knownText(given.name) : undefined,
    id: adoptedIdOf(given.adopt),
    needs: [
      ...knownList(given.dependencies).flatMap(needsOf),
      ...neededObjects(upstreams.map(({ task, type }) => ({ task, sameCycle: (type ?? "Normal") === "Normal" }))),
      ...upstreams.flatMap(({ task }, index) => needOfLookedUp(task, index)),
    ],
    levels: rulesOf("dataworks", given.rules),
    crossCycle: 'type "CrossCycleDependsOnOtherNode"',
  };
}

function needsOf(dependency: unknown, index: number): Need[] {
  const { type, upstreamOutput, upstreamTaskId, upstream } = knownObject(dependency);
  const sameCycle = type === "Normal";
  const at = (member: string) => `dependencies[${index}].${member}`;
  if (typeof upstreamOutput === "string")
    return [{ property: at("upstreamOutput"), upstream: { output: upstreamOutput }, sameCycle }];
  if (typeof upstreamTaskId === "string")
    return [{ property: at("upstreamTaskId"), upstream: { id: upstreamTaskId }, sameCycle }];
  return typeof upstream === "string" ? needOfId(upstream, at("upstream"), sameCycle) : [];
}

const needOfLookedUp = (task: UpstreamTask["task"], index: number): Need[] =>
  isLookedUpDataWorksTask(task) ? needOfId(task.id, `dependsOnTasks[${index}]`, false) : [];

/** By the id of an adopted or looked-up task, which says its environment. */
function needOfId(id: string, property: string, sameCycle: boolean): Need[] {
  const [, env, , taskId] = id.split("/");
  return taskId !== undefined && (env === "Prod" || env === "Dev")
    ? [{ property, upstream: { id: taskId, env }, sameCycle }]
    : [];
}

/** With the time zone of the stack where a created task has times of its own and names none. */
function withTimeZone(given: Given): Given {
  if (!isAbsent(given.adopt) || isAbsent(given.trigger)) return given;
  return { ...given, trigger: zoned(given.trigger, ["cron", "startTime", "endTime"]) as Given["trigger"] };
}

function withEdges(
  given: DataWorksTaskArgs["dependencies"],
  upstreams: readonly UpstreamTask[],
): DataWorksTaskArgs["dependencies"] {
  const edges = upstreams.map(edgeTo);
  if (given === undefined) return edges;
  if (Array.isArray(given)) return [...given, ...edges];
  return pulumi.all([given, pulumi.all(edges)]).apply(([list, more]) => [...(list ?? []), ...more]);
}

/** An `output` that would be ignored, or that the upstream does not have. */
function checkOutput(title: string, { task, type = "Normal", output }: UpstreamTask, index: number): void {
  if (output === undefined) return;
  const at = `${title}: dependsOnTasks[${index}].output ${show(output)}`;
  if (type !== "Normal") throw new pulumi.RunError(`${at} has an effect only with type "Normal"; leave it out`);
  const outputs = outputsKnown(task);
  if (outputs.length > 0 && !outputs.includes(output)) {
    const hint = meant(output, outputs) || `; it has ${outputs.join(", ")}`;
    throw new pulumi.RunError(`${at} is no output of that task${hint}`);
  }
}

const outputsKnown = (task: UpstreamTask["task"]): readonly string[] =>
  isLookedUpDataWorksTask(task) ? (task.outputs?.taskOutputs ?? []) : (outputsOf.get(task) ?? []);

/**
 * By the output where the program says it, so that another output of the upstream is a change here too. Else by id: what
 * the service makes up for a task that is about to change is not known in a preview, and would show a change that is none.
 */
function edgeTo({ task, type = "Normal", output }: UpstreamTask) {
  const upstreamOutput = output ?? outputsKnown(task)[0];
  return type === "Normal" && upstreamOutput !== undefined ? { type, upstreamOutput } : { type, upstream: task.id };
}
