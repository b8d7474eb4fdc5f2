import * as pulumi from "@pulumi/pulumi";
import { siblingOf } from "../provider/core/set/siblings";
import type { Dependency } from "../provider/resources/wedata-task/dependencies";
import { placeOf } from "./configuration";
import type { Declaration, Need } from "./declaration";
import { adoptedIdOf, knownList, knownObject, knownText, neededObjects } from "./entering";
import { isLookedUpWeDataTask } from "./lookups";
import { type Expected, isResourceOf } from "./misuse";
import { rulesOf } from "./rules";
import { isTaskOfSet } from "./task-of-set";
import type { Wiring } from "./task-set";
import type { UpstreamWeDataTask, WeDataTaskArgs } from "./wedata-task";

/** The arguments without those that the class turns into others. */
export type Given = Omit<WeDataTaskArgs, "dependsOnTasks">;

export const EXPECTED: Expected<UpstreamWeDataTask["task"]> = {
  isTask: (value): value is UpstreamWeDataTask["task"] =>
    isResourceOf(value, "pulumi-nodejs:dynamic/wedata:Task") ||
    isTaskOfSet(value, "wedata") ||
    isLookedUpWeDataTask(value),
  words:
    "a WeDataTask, a task of a set (set.task(…)), a task that getWeDataTask has found, or { task, dependConfType, … } of one",
  members: ["dependConfType", "subordinateCyclicType", "dependencyStrategy"],
};

/** What the graph of the program is told about a task. */
export function declaration(title: string, given: Given, upstreams: readonly UpstreamWeDataTask[]): Declaration {
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

export function withEdges(args: Given, upstreams: readonly UpstreamWeDataTask[]): WeDataTaskArgs["dependencies"] {
  const cycle = typeof args.cycleType === "number" ? CYCLE_NUMBERS[args.cycleType] : args.cycleType;
  const same = (typeof cycle === "string" ? SAME_CYCLE[cycle] : undefined) ?? DAILY;
  // From the id: `taskId` of a task that is about to change is not known in a preview, and would show a change that is none.
  const edges = upstreams.map(({ task, ...edge }) => ({
    ...same,
    ...edge,
    parentTask: nameOf(task),
  }));
  const given = args.dependencies;
  if (given === undefined) return edges;
  if (Array.isArray(given)) return [...given, ...edges];
  return pulumi.all([given, pulumi.all(edges)]).apply(([list, more]) => [...(list ?? []), ...more]);
}

function nameOf(task: UpstreamWeDataTask["task"]): pulumi.Input<string> {
  // A task of the set that is being made is named by its key.
  if (isTaskOfSet(task, "wedata") && task.set === undefined) return siblingOf(task.key);
  if (!isTaskOfSet(task, "wedata") && isLookedUpWeDataTask(task)) return task.taskId;
  return task.id.apply((id) => id.split("/")[1] ?? id);
}

/** How tasks of WeData are wired. */
export const wiring: Wiring<UpstreamWeDataTask> = {
  expected: EXPECTED,
  completed: (given) => given,
  withEdges,
  declaration,
};
