import { writeFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { UNKNOWN, holdsUnknown, leavesOf, valueAt } from "../../provider/core/fields";
import { checkInputs } from "../../provider/core/lifecycle";
import type { Definition } from "../../provider/core/definition";
import { definitions } from "../../provider/index";
import { isComputed, withoutOutputs } from "../computed";
import { type Declarations, FILE_VARIABLE, STACK_VARIABLE, type Value } from "../exchange";
import { atProgramEnd } from "../program-end";
import { perRun } from "../run";
import type { ClassName } from "./stacks";
import { tableOf } from "./stacks";

/** Marks arguments that an environment has completed. A symbol, so that a copy of the arguments keeps it. */
export const ORIGIN = Symbol.for("pulumi-data-tasks/environment");

/** Completes the arguments of each task of a workflow. */
export const COMPLETE = Symbol.for("pulumi-data-tasks/complete");

/** How arguments came to be, for any stack. */
export interface Origin {
  readonly className: ClassName;
  /** The arguments as they are in a stack; `undefined` where nothing is declared for it. */
  readonly argumentsIn: (stack: string) => Record<string, unknown> | undefined;
  /** The paths of what is declared for a stack. */
  readonly pathsIn: (stack: string) => readonly string[];
  /** The arguments over the defaults of a set; `given` is the task, which may be a changed copy of what was completed. */
  readonly over: (defaults: object, given: object) => object;
}

/** A task of a set over the defaults, in which what it was completed with would find no schedule. */
export function overDefaults(defaults: object | undefined, task: object): object {
  const origin = defaults && originOf(task);
  return origin ? origin.over(defaults, task) : task;
}

export const originOf = (args: unknown): Origin | undefined =>
  typeof args === "object" && args !== null ? (args as { [ORIGIN]?: Origin })[ORIGIN] : undefined;

interface Recording {
  readonly from: string;
  readonly tasks: Map<string, Origin>;
  readonly values: Map<string, Declarations["values"][number]>;
  readonly only: Map<string, Declarations["only"][number]>;
}

const recording = perRun((): Recording | undefined => {
  const { [FILE_VARIABLE]: file = "", [STACK_VARIABLE]: from = "" } = process.env;
  if (file === "" || from === "") return undefined;
  const own: Recording = { from, tasks: new Map(), values: new Map(), only: new Map() };
  atProgramEnd(() => {
    const to = pulumi.getStack();
    const declared: Declarations = {
      version: 1,
      from,
      to,
      tasks: [...own.tasks].map(([urn, origin]) => ({ urn, paths: declaredPaths(origin, from, to) })),
      values: [...own.values.values()],
      only: [...own.only.values()],
    };
    writeFileSync(file, JSON.stringify(declared), { mode: 0o600 });
  });
  return own;
});

/** Begins to record where it is asked for: a program without any environment says so as well. */
export const recordDeclarations = (): void => void recording();

/** Notes that a task was given arguments which an environment has completed. */
export function recordOrigin(urn: string, args: unknown): void {
  const own = recording();
  const origin = own && originOf(args);
  if (origin) own.tasks.set(urn, origin);
}

/** Notes what two stacks declare beside arguments. */
export function recordEnvironment(
  of: (stack: string) => { values?: Readonly<Record<string, Value>>; only?: readonly string[] } | undefined,
): void {
  const own = recording();
  if (!own) return;
  const [from, to] = [of(own.from), of(pulumi.getStack())];
  for (const [name, value] of Object.entries(from?.values ?? {})) {
    const other = to?.values?.[name];
    if (other !== undefined && other !== value)
      own.values.set(`${name}\n${String(value)}`, { name, from: value, to: other });
  }
  for (const name of new Set([...(from?.only ?? []), ...(to?.only ?? [])])) {
    const places = [
      ...(from?.only?.includes(name) ? (["from"] as const) : []),
      ...(to?.only?.includes(name) ? (["to"] as const) : []),
    ];
    own.only.set(name, { name, in: places });
  }
}

function declaredPaths(origin: Origin, from: string, to: string): Declarations["tasks"][number]["paths"] {
  const paths = new Set([...origin.pathsIn(from), ...origin.pathsIn(to)]);
  const [was, is] = [canonicalIn(origin, from), canonicalIn(origin, to)];
  const known = (tree: unknown, path: string): unknown => {
    const value = tree === undefined ? UNKNOWN : valueAt(tree, path);
    return holdsUnknown(value) ? UNKNOWN : (value ?? null);
  };
  return Object.fromEntries(
    [...paths].sort().map((path) => {
      const [one, other] = [known(was, path), known(is, path)];
      return [path, { ...(one !== UNKNOWN && { from: one }), ...(other !== UNKNOWN && { to: other }) }];
    }),
  );
}

/** What is still to be computed, secrets among it, stays unknown. */
function canonicalIn(origin: Origin, stack: string): Record<string, unknown> | undefined {
  const args = origin.argumentsIn(stack);
  if (args === undefined) return undefined;
  const { dependsOnTasks: _, ...given } = args;
  const definition = definitions[origin.className] as unknown as Definition<object, object>;
  return checkInputs(definition, withoutOutputs(given) as Record<string, unknown>).inputs;
}

/** The paths of all properties that some arguments have. */
export const pathsOf = (className: ClassName, args: Readonly<Record<string, unknown>>): string[] =>
  leavesOf(tableOf(className))
    .map(({ path }) => path)
    .filter((path) => isGiven(args, path));

/** A group that is still to be computed has all of its members. */
function isGiven(args: unknown, path: string): boolean {
  let value: unknown = args;
  for (const name of path.split(".")) {
    if (isComputed(value)) return true;
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return false;
    value = (value as Record<string, unknown>)[name];
  }
  return value !== undefined;
}
