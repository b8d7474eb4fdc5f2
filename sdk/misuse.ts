import * as pulumi from "@pulumi/pulumi";
import { meant } from "../provider/core/check";
import { ASSET_SIGNATURE, isObject } from "../provider/core/fields";
import { sentenceOf } from "../provider/core/findings";
import { type Carriage, MOST_VALUES, plainData } from "../provider/core/plain";
import { reasonOf, show, spelt } from "../provider/core/quoting";
import { isComputed } from "./computed";
import { ORIGIN, originOf } from "./environment/declared";

/** The engine keeps a resource's name in each of its URNs. */
const LONGEST_NAME = 1_000;

/**
 * The arguments of a resource as plain data, each read once; or a sentence for who forgot them, or gives what no engine
 * carries. `before` is what stands between its name and them.
 */
export function givenArguments<T extends object>(
  kind: string,
  name: unknown,
  args: T | undefined,
  before = "",
  example = '{ projectId: "…", … }',
): T {
  const call = before === "" ? `new ${kind}` : `${kind}.fromFlowSpec`;
  if (typeof name !== "string" || name === "")
    throw new pulumi.RunError(`${call}(…) needs a name as its first argument, got ${described(name)}`);
  const shown = show(name);
  const about = `${kind} ${shown}`;
  if (name.length > LONGEST_NAME)
    throw new pulumi.RunError(`${about}: its name must have at most ${LONGEST_NAME} characters, got ${name.length}`);
  const half = name.search(/\p{Surrogate}/u);
  if (half >= 0) throw new pulumi.RunError(`${about}: its name has half of a character at position ${half}`);
  return legible(about, () => {
    if (!isObject(args) || isOpaque(args) || pulumi.Resource.isInstance(args))
      throw new pulumi.RunError(
        `${about}: its arguments must be an object, got ${described(args)}; write ${call}(${shown}, ${before}${example})`,
      );
    // The tasks of a workflow and of a set are read one by one.
    return before !== "" || kind.endsWith("Set") ? args : plainArguments(about, args);
  });
}

/** The arguments of one task as plain data; `dependsOnTasks` stays as it is. `path` is where they stand in others. */
export function plainArguments<T extends object>(about: string, args: T, path = ""): T {
  const { dependsOnTasks, ...given } = args as T & { dependsOnTasks?: unknown };
  const { value, findings } = plainData(given, path, CARRIAGE);
  if (findings.length > 0)
    throw new pulumi.RunError(findings.map((finding) => `${about}: ${sentenceOf(finding)}`).join("\n"));
  const origin = originOf(args);
  return {
    ...(value as T),
    ...(origin && { [ORIGIN]: origin }),
    ...(dependsOnTasks !== undefined && { dependsOnTasks }),
  };
}

/** The options of a resource; nothing is the same as none. */
export function givenOptions<T extends object>(about: string, opts: T | null | undefined): T {
  if (opts === undefined || opts === null) return {} as T;
  return legible(about, () => {
    if (!isObject(opts) || isOpaque(opts) || pulumi.Resource.isInstance(opts)) {
      const hint = pulumi.Resource.isInstance(opts) ? "; write { parent: … } or { dependsOn: … }" : "";
      throw new pulumi.RunError(`${about}: its options must be an object, got ${described(opts)}${hint}`);
    }
    const given = { ...opts } as Record<string, unknown>;
    for (const option of ["ignoreChanges", "replaceOnChanges"]) {
      const paths = given[option] ?? undefined;
      if (paths !== undefined && !(Array.isArray(paths) && paths.every((path) => typeof path === "string")))
        throw new pulumi.RunError(`${about}: ${option} must be a list of property names, got ${described(paths)}`);
    }
    const transformations = given["transformations"] ?? undefined;
    if (transformations !== undefined && !Array.isArray(transformations))
      throw new pulumi.RunError(`${about}: transformations must be a list, got ${described(transformations)}`);
    // `null` is how other programs say that they give nothing.
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) as T;
  });
}

/** What is still to be computed, and what the engine carries as a file. */
const isOpaque = (value: object): boolean => isComputed(value) || pulumi.asset.Asset.isInstance(value);

const CARRIAGE: Carriage = {
  isOpaque,
  // The first becomes the class of the object on the way, the second ends Pulumi's own handling of it with a TypeError
  // that leaves the resource unregistered (seen on 3.230.0), and the third says what is no plain value.
  reserved: new Set(["__proto__", "toString", ASSET_SIGNATURE]),
  described: (value) =>
    pulumi.Resource.isInstance(value) ? `${described(value)}; write its id, or another of its outputs` : undefined,
};

/** What a getter or a proxy throws while it is read is told in a sentence. */
function legible<T>(about: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (pulumi.RunError.isInstance(thrown)) throw thrown;
    throw new pulumi.RunError(`${about}: what it is given can't be read: ${reasonOf(thrown)}`);
  }
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
export const givenUpstreams = <T, U extends { task: T }>(owner: string, given: unknown, expected: Expected<T>): U[] =>
  legible(owner, () => upstreamsIn<T, U>(owner, given, expected));

function upstreamsIn<T, U extends { task: T }>(
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
  if (given.length > MOST_VALUES)
    throw new pulumi.RunError(
      `${owner}: dependsOnTasks has ${given.length} entries, and at most ${MOST_VALUES} are read`,
    );
  return Array.from(given as unknown[], (entry, index): U => {
    const path = `dependsOnTasks[${index}]`;
    if (isTask(entry)) return { task: entry } as U;
    if (!isObject(entry) || !("task" in entry) || pulumi.Output.isInstance(entry)) return refuse(path, entry);
    if (!isTask(entry["task"])) return refuse(`${path}.task`, entry["task"]);
    const strange = Object.keys(entry).find((key) => key !== "task" && !members.includes(key));
    if (strange !== undefined)
      throw new pulumi.RunError(
        `${owner}: ${path}.${spelt(strange)} is not known; beside task there can be ${members.join(", ")}${meant(strange, members)}`,
      );
    return { ...entry } as unknown as U;
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
