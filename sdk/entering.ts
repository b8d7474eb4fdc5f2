import * as pulumi from "@pulumi/pulumi";
import { isObject } from "../provider/core/fields";
import { type Finding, sentenceOf } from "../provider/core/findings";
import type { Declaration, Need, Produced } from "./declaration";
import { TaskGraph } from "./graph";
import { atProgramEnd } from "./program-end";
import { perRun } from "./run";
import { tellCalls } from "./run-summary";
import { tell } from "./telling";
import { isComputed } from "./computed";

/** The graph of a run, and the resources of its tasks by their number in it. */
interface RunGraph {
  readonly graph: TaskGraph;
  readonly resources: (pulumi.Resource | undefined)[];
  readonly numbers: WeakMap<object, number>;
}

const runGraph = perRun((): RunGraph => {
  atProgramEnd(tellCalls);
  const own: RunGraph = { graph: new TaskGraph(), resources: [], numbers: new WeakMap() };
  atProgramEnd(async ({ failed }) => {
    // After a failure most of the program is missing, and so would be most outputs.
    if (!failed) await Promise.all(own.graph.atEnd().map(({ task, finding }) => say(finding, own.resources[task])));
  });
  return own;
});

/** An error here lets the run fail, as `pulumi.log.error` always does. */
const say = (finding: Finding, resource: pulumi.Resource | undefined): Promise<void> =>
  resource === undefined ? Promise.resolve() : tell(finding.severity, sentenceOf(finding), resource);

/**
 * Takes a task into the graph of the run; stops the program where that does not go. The result is called with the
 * resource once it is there; a task of a set is known by another object, at once. Outside of a run nothing is checked.
 */
export function enter(declaration: Declaration, as?: object): (resource: pulumi.Resource) => void {
  const run = runGraph();
  if (run === undefined) return () => undefined;
  const { task, findings } = run.graph.declare(declaration);
  const errors = findings.filter(({ severity }) => severity === "error");
  if (errors.length > 0)
    throw new pulumi.RunError(errors.map((finding) => `${declaration.name}: ${sentenceOf(finding)}`).join("\n"));
  if (as) run.numbers.set(as, task);
  return (resource) => {
    run.resources[task] = resource;
    if (!as) run.numbers.set(resource, task);
    for (const finding of findings) void say(finding, resource);
  };
}

/** The number of an upstream resource in the graph; `undefined` when it is not there. */
export const numberOf = (resource: object): number | undefined => runGraph()?.numbers.get(resource);

/** Says that outputs exist which no task of the program declares. */
export function outputsExist(outputs: readonly string[] | undefined): void {
  for (const output of outputs ?? []) runGraph()?.graph.exists(output);
}

/** Not given: `null` is the same as nothing. */
export const isAbsent = (value: unknown): value is undefined | null => value === undefined || value === null;

/** A text that is known while the program runs. */
export const knownText = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** A plain list of the program; none where it is absent or still to be computed. */
export const knownList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** A plain object of the program; an empty one where it is absent or still to be computed. */
export const knownObject = (value: unknown): Readonly<Record<string, unknown>> =>
  isObject(value) && !isComputed(value) ? value : {};

const adoptOf = (adopt: unknown): string | undefined => knownText(adopt) ?? knownText(knownObject(adopt)["id"]);

/** Whether a task is made here, or was by the resource from which it is moved. */
export const isMadeHere = (adopt: unknown): boolean => isAbsent(adopt) || /^\d+\/node\//.test(adoptOf(adopt) ?? "");

/** The id of an existing task; `undefined` for one that is made here, or whose id is not known yet. */
export const adoptedIdOf = (adopt: unknown): string | undefined =>
  isMadeHere(adopt) ? undefined : adoptOf(adopt)?.replace(/^.*\//, "");

/** Outputs as the graph takes them, from a list in the arguments. */
export function producedBy(value: unknown, path: string): { produces: Produced[]; hasMoreOutputs: boolean } {
  const list = knownList(value);
  const produces = list.flatMap((output, index) =>
    typeof output === "string" ? [{ output, property: `${path}[${index}]` }] : [],
  );
  const isComputed = !isAbsent(value) && !Array.isArray(value);
  return { produces, hasMoreOutputs: isComputed || produces.length < list.length };
}

/** The needs that `dependsOnTasks` stands for. */
export const neededObjects = (upstreams: readonly { task: object; sameCycle: boolean }[]): Need[] =>
  upstreams.flatMap(({ task, sameCycle }, index) => {
    const number = numberOf(task);
    return number === undefined
      ? []
      : [{ property: `dependsOnTasks[${index}]`, upstream: { task: number }, sameCycle }];
  });
