import * as pulumi from "@pulumi/pulumi";
import { meant } from "../provider/core/check";
import { placeOf, zoned } from "./configuration";
import type { DataWorksTaskArgs, UpstreamTask } from "./dataworks-task";
import type { Declaration, Need } from "./declaration";
import {
  adoptedIdOf,
  isAbsent,
  isMadeHere,
  knownList,
  knownObject,
  knownText,
  neededObjects,
  producedBy,
} from "./entering";
import { isLookedUpDataWorksTask } from "./lookups";
import { type Expected, isResourceOf } from "./misuse";
import { rulesOf } from "./rules";
import { siblingOf } from "../provider/core/set/siblings";
import { isTaskOfSet } from "./task-of-set";
import type { Wiring } from "./task-set";

/** The arguments without those that the class turns into others. */
export type Given = Omit<DataWorksTaskArgs, "dependsOnTasks">;

export const EXPECTED: Expected<UpstreamTask["task"]> = {
  isTask: (value): value is UpstreamTask["task"] =>
    isResourceOf(value, "pulumi-nodejs:dynamic/dataworks:Task") ||
    isTaskOfSet(value, "dataworks") ||
    isLookedUpDataWorksTask(value),
  words:
    "a DataWorksTask, a task of a set (set.task(…)), a task that getDataWorksTask has found, or { task, type, output } of one",
  members: ["type", "output"],
};

/** The outputs that tasks declare, of those that are created here: an adopted task may not have them yet. */
const outputsOf = new WeakMap<object, readonly string[]>();

/** Remembers the outputs that a task of the program declares. */
export function remember(task: object, given: Given): void {
  const declared = isMadeHere(given.adopt) ? knownOutputs(given) : [];
  if (declared.length > 0) outputsOf.set(task, declared);
}

function knownOutputs({ outputs }: Given): readonly string[] {
  const list = knownObject(outputs)["taskOutputs"];
  return Array.isArray(list) && list.every((output) => typeof output === "string") ? list : [];
}

/** What the graph of the program is told about a task. */
export function declaration(title: string, given: Given, upstreams: readonly UpstreamTask[]): Declaration {
  const isMade = isMadeHere(given.adopt);
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
  !isTaskOfSet(task, "dataworks") && isLookedUpDataWorksTask(task)
    ? needOfId(task.id, `dependsOnTasks[${index}]`, false)
    : [];

/** By the id of an adopted or looked-up task, which says its environment. */
function needOfId(id: string, property: string, sameCycle: boolean): Need[] {
  const [, env, , taskId] = id.split("/");
  return taskId !== undefined && (env === "Prod" || env === "Dev")
    ? [{ property, upstream: { id: taskId, env }, sameCycle }]
    : [];
}

/** With the time zone of the stack where a created task has times of its own and names none. */
export function withTimeZone(given: Given): Given {
  if (!isMadeHere(given.adopt) || isAbsent(given.trigger)) return given;
  return { ...given, trigger: zoned(given.trigger, ["cron", "startTime", "endTime"]) as Given["trigger"] };
}

export function withEdges(
  given: DataWorksTaskArgs["dependencies"],
  upstreams: readonly UpstreamTask[],
): DataWorksTaskArgs["dependencies"] {
  const edges = upstreams.map(edgeTo);
  if (given === undefined) return edges;
  if (Array.isArray(given)) return [...given, ...edges];
  return pulumi.all([given, pulumi.all(edges)]).apply(([list, more]) => [...(list ?? []), ...more]);
}

/** An `output` that would be ignored, or that the upstream does not have. */
export function checkOutput(title: string, { task, type = "Normal", output }: UpstreamTask, index: number): void {
  if (output === undefined) return;
  const at = `${title}: dependsOnTasks[${index}].output ${JSON.stringify(output)}`;
  if (type !== "Normal") throw new pulumi.RunError(`${at} has an effect only with type "Normal"; leave it out`);
  const outputs = outputsKnown(task);
  if (outputs.length > 0 && !outputs.includes(output)) {
    const hint = meant(output, outputs) || `; it has ${outputs.join(", ")}`;
    throw new pulumi.RunError(`${at} is no output of that task${hint}`);
  }
}

/** Those of a task that was found in an order of their own: the service's may be another one in the next run. */
const outputsKnown = (task: UpstreamTask["task"]): readonly string[] =>
  !isTaskOfSet(task, "dataworks") && isLookedUpDataWorksTask(task)
    ? [...(task.outputs?.taskOutputs ?? [])].sort()
    : (outputsOf.get(task) ?? []);

/**
 * By the output where the program says it, so that another output of the upstream is a change here too. Else by id: what
 * the service makes up for a task that is about to change is not known in a preview, and would show a change that is none.
 */
function edgeTo({ task, type = "Normal", output }: UpstreamTask) {
  const upstreamOutput = output ?? outputsKnown(task)[0];
  return type === "Normal" && upstreamOutput !== undefined
    ? { type, upstreamOutput }
    : { type, upstream: nameOf(task) };
}

/** A task of the set that is being made is named by its key. */
const nameOf = (task: UpstreamTask["task"]) =>
  isTaskOfSet(task, "dataworks") && task.set === undefined ? siblingOf(task.key) : task.id;

/** How tasks of DataWorks are wired. */
export const wiring: Wiring<UpstreamTask> = {
  expected: EXPECTED,
  checkEdge: checkOutput,
  completed: withTimeZone,
  withEdges: ({ dependencies }: Given, edges) => withEdges(dependencies, edges),
  declaration,
  remember,
};
