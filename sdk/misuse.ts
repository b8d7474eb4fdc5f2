import * as pulumi from "@pulumi/pulumi";
import { meant } from "../provider/core/check";
import { isObject } from "../provider/core/fields";

/** The arguments of a resource, or a sentence for who forgot them; `before` is what stands between its name and them. */
export function givenArguments<T extends object>(kind: string, name: unknown, args: T | undefined, before = ""): T {
  const call = before === "" ? `new ${kind}` : `${kind}.fromFlowSpec`;
  if (typeof name !== "string" || name === "")
    throw new pulumi.RunError(`${call}(…) needs a name as its first argument, got ${described(name)}`);
  const shown = JSON.stringify(name);
  if (!isObject(args) || pulumi.Output.isInstance(args) || args instanceof Promise || pulumi.Resource.isInstance(args))
    throw new pulumi.RunError(
      `${kind} ${shown}: its arguments must be an object, got ${described(args)}; write ${call}(${shown}, ${before}{ projectId: "…", … })`,
    );
  return args;
}

/** What `dependsOnTasks` may hold. */
export interface Expected<T> {
  /** Tells a task of the right kind, a resource or a looked-up one. */
  readonly isTask: (value: unknown) => value is T;
  /** For the sentence, such as `a DataWorksTask`. */
  readonly words: string;
  /** What may stand beside `task`. */
  readonly members: readonly string[];
}

/** The entries of `dependsOnTasks`, each as an object with a `task`; a sentence with its index for one that is none. */
export function givenUpstreams<T, U extends { task: T }>(
  owner: string,
  given: unknown,
  { isTask, words, members }: Expected<T>,
): U[] {
  if (given === undefined || given === null) return [];
  const refuse = (path: string, value: unknown): never => {
    const hint =
      value instanceof Promise
        ? "; write await before the look-up"
        : pulumi.Output.isInstance(value)
          ? "; give the resource itself, or its id as dependencies"
          : value === undefined || value === null
            ? "; is it declared further down, or misspelt?"
            : "";
    throw new pulumi.RunError(`${owner}: ${path} must be ${words}, got ${described(value)}${hint}`);
  };
  if (!Array.isArray(given)) {
    const what = `a list of tasks: dependsOnTasks: [orders]`;
    throw new pulumi.RunError(`${owner}: dependsOnTasks must be ${what}, got ${described(given)}`);
  }
  return Array.from(given as unknown[], (entry, index): U => {
    const path = `dependsOnTasks[${index}]`;
    if (isTask(entry)) return { task: entry } as U;
    if (!isObject(entry) || !("task" in entry) || pulumi.Output.isInstance(entry)) return refuse(path, entry);
    if (!isTask(entry["task"])) return refuse(`${path}.task`, entry["task"]);
    const strange = Object.keys(entry).find((key) => key !== "task" && !members.includes(key));
    if (strange !== undefined)
      throw new pulumi.RunError(
        `${owner}: ${path}.${strange.slice(0, 80)} is not known; beside task there can be ${members.join(", ")}${meant(strange, members)}`,
      );
    return entry as unknown as U;
  });
}

/** Whether a value is a resource of this type, from whichever copy of this package. */
export const isResourceOf = (value: unknown, type: string): boolean =>
  pulumi.Resource.isInstance(value) && (value as { __pulumiType?: string }).__pulumiType === type;

/** A value for a sentence: what it is, and never what it holds. */
function described(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (pulumi.Output.isInstance(value)) return "an Output";
  if (value instanceof Promise) return "a promise";
  if (Array.isArray(value)) return "a list";
  const { __pulumiType: type } = value as { __pulumiType?: string };
  if (pulumi.Resource.isInstance(value)) return `a resource of type ${type ?? "unknown"}`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
