import { objectsAt } from "../../provider/core/outlook";
import { stableText } from "../../provider/core/record";
import { TASKS, statesOf } from "../../provider/core/set/record";
import { kindOf, kindOfSet } from "../kinds";
import type { Operation, Snapshot, Step, Tree } from "./preview";
import { isTree } from "./values";

/** The steps with each task of a set as a step of its own; any other step as it is. */
export const opened = (steps: readonly Step[]): Step[] => steps.flatMap(openedOne);

function openedOne(step: Step): Step[] {
  const single = kindOfSet(step.type);
  const definition = single === undefined ? undefined : kindOf(single);
  if (single === undefined || definition === undefined || step.operation === "other") return [step];
  const states = statesOf(definition, step.before?.outputs ?? {});
  const [before, after] = [tasksOf(step.before), tasksOf(step.after)];
  const urnOf = (key: string): string => `${step.urn}#${key}`;
  const side = (args: Tree | undefined, key: string): Snapshot | undefined => {
    if (args === undefined) return undefined;
    const state = states.get(key);
    return {
      ...(state?.id !== undefined && { id: state.id }),
      inputs: args,
      outputs: state?.outs ?? {},
      dependencies: siblingsIn(args).map(urnOf),
    };
  };
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].map((key) => {
    const made = states.get(key)?.id !== undefined;
    const [was, is] = [made ? before[key] : undefined, step.operation === "delete" ? undefined : after[key]];
    const [old, now] = [side(was, key), side(is, key)];
    return {
      operation: operationOf(was, is, step.operation),
      urn: urnOf(key),
      type: single,
      name: `${step.name}.${key}`,
      key,
      replaceKeys: [],
      ...(old && { before: old }),
      ...(now && { after: now }),
      ...(step.position && { position: step.position }),
    };
  });
}

function operationOf(was: Tree | undefined, is: Tree | undefined, whole: Operation): Operation {
  if (is === undefined) return was === undefined ? "other" : "delete";
  if (was === undefined) return "create";
  return whole === "same" || stableText(was) === stableText(is) ? "same" : "update";
}

const tasksOf = (side: Snapshot | undefined): Record<string, Tree> => {
  const tasks = side?.inputs[TASKS];
  return Object.fromEntries(
    Object.entries(isTree(tasks) ? tasks : {}).filter((entry): entry is [string, Tree] => isTree(entry[1])),
  );
};

/** The tasks of the same set that one waits for: named as `tasks.<key>`. */
const siblingsIn = (args: Tree): string[] =>
  objectsAt(args, "dependencies")
    .flatMap(({ upstream, parentTask }) => [upstream, isTree(parentTask) ? parentTask["taskId"] : parentTask])
    .flatMap((name) => (typeof name === "string" && name.startsWith("tasks.") ? [name.slice("tasks.".length)] : []));
