import * as pulumi from "@pulumi/pulumi";
import { meant } from "../../provider/core/check";
import { type Table, isObject } from "../../provider/core/fields";
import { show } from "../../provider/core/quoting";
import { definitions } from "../../provider/index";
import { isComputed } from "../computed";
import type { Value } from "../exchange";
import { mergedWith } from "./merging";

/** The classes whose arguments a stack can declare. */
export type ClassName = keyof typeof definitions;
export const CLASSES = Object.keys(definitions) as ClassName[];
export const tableOf = (className: ClassName): Table => definitions[className].fields;

/** What one stack declares, in the form in which it is worked with. */
export interface Settings {
  readonly like?: string;
  readonly values?: Readonly<Record<string, Value>>;
  readonly namePrefix?: string;
  readonly schedules?: "run" | "paused" | "dry";
  readonly only?: readonly string[];
  readonly arguments: Partial<Record<ClassName, Readonly<Record<string, unknown>>>>;
}

/** What is declared for a stack, with what it is like under it. */
export interface Chosen extends Settings {
  /** The entries that it is made of, its own first. */
  readonly entries: readonly string[];
}

type Declared = Readonly<Record<string, unknown>>;

const OPTIONS = ["like", "values", "namePrefix", "schedules", "only"] as const;
const SCHEDULES = ["run", "paused", "dry"];

const refuse = (message: string): never => {
  throw new pulumi.RunError(`forEnvironment: ${message}`);
};

const isPlain = (value: unknown): value is Record<string, unknown> => isObject(value) && !isComputed(value);

/** The entry for a stack: the one of its name, else the longest with a star that fits, and what the star stands for. */
function entryFor(stacks: Declared, stack: string): { entry: string; matched: string } | undefined {
  if (Object.hasOwn(stacks, stack)) return { entry: stack, matched: "" };
  const fitting = Object.keys(stacks)
    .filter((entry) => entry.includes("*"))
    .sort((one, other) => other.length - one.length || (one < other ? -1 : 1))
    .map((entry) => ({ entry, matched: matchedBy(entry, stack) }));
  return fitting.find((found): found is { entry: string; matched: string } => found.matched !== undefined);
}

/** What the star of an entry stands for in the name of a stack; `undefined` where it does not fit. */
function matchedBy(entry: string, stack: string): string | undefined {
  const [before = "", after] = entry.split("*");
  const fits =
    after !== undefined &&
    stack.length >= before.length + after.length &&
    stack.startsWith(before) &&
    stack.endsWith(after);
  return fits ? stack.slice(before.length, stack.length - after.length) : undefined;
}

/** Refuses what no stack could mean, whichever is deployed now. */
export function checkStacks(stacks: unknown): asserts stacks is Declared {
  if (!isPlain(stacks)) refuse(`its argument must be an object by the names of stacks, got ${show(stacks)}`);
  for (const [entry, value] of Object.entries(stacks as Declared)) {
    if ((entry.match(/\*/g) ?? []).length > 1) refuse(`${show(entry)} has more than one star; write one`);
    if (typeof value === "function") continue;
    settingsOf(entry, value);
  }
}

function settingsOf(entry: string, given: unknown): Settings {
  if (!isPlain(given)) return refuse(`${show(entry)} must be an object, got ${show(given)}`);
  checkSpelling(entry, given);
  const { like, values = {}, namePrefix, schedules, only } = given;
  if (like !== undefined && typeof like !== "string") refuse(`${entry}.like must be the name of another entry`);
  if (namePrefix !== undefined && typeof namePrefix !== "string") refuse(`${entry}.namePrefix must be a text`);
  if (schedules !== undefined && !SCHEDULES.includes(schedules as string))
    refuse(
      `${entry}.schedules must be one of ${SCHEDULES.map((word) => `"${word}"`).join(", ")}, got ${show(schedules)}`,
    );
  if (only !== undefined && !(Array.isArray(only) && only.every((name) => typeof name === "string")))
    refuse(`${entry}.only must be a list of names`);
  if (!isPlain(values)) refuse(`${entry}.values must be an object, got ${show(values)}`);
  for (const [name, value] of Object.entries(values as object)) {
    if (!["string", "number", "boolean"].includes(typeof value))
      refuse(
        `${entry}.values.${name} must be a text, a number, or true or false; put anything else into the arguments`,
      );
  }
  const args: Settings["arguments"] = {};
  for (const className of CLASSES) {
    const own = given[className];
    if (own === undefined) continue;
    if (!isPlain(own)) return refuse(`${entry}.${className} must be an object with arguments, got ${show(own)}`);
    args[className] = own;
  }
  return {
    ...(like !== undefined && { like: like as string }),
    values: values as Record<string, Value>,
    ...(namePrefix !== undefined && { namePrefix: namePrefix as string }),
    ...(schedules !== undefined && { schedules: schedules as NonNullable<Settings["schedules"]> }),
    ...(only !== undefined && { only: only as string[] }),
    arguments: args,
  };
}

/** A misspelt name of an entry. */
function checkSpelling(entry: string, given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || (OPTIONS as readonly string[]).includes(name)) continue;
    if (!(CLASSES as readonly string[]).includes(name))
      refuse(
        `${entry}.${name} is not known${meant(name, [...OPTIONS, ...CLASSES]) || `; arguments stand under the name of the class of their tasks: ${CLASSES.join(", ")}`}`,
      );
    if (isPlain(value)) checkNames(`${entry}.${name}`, tableOf(name as ClassName), value);
  }
}

/** A misspelt argument of a stack that is not deployed now would be found at its next deployment only. */
export function checkNames(at: string, fields: Table, given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) refuse(`${at}.${name} is no argument${meant(name, Object.keys(fields))}`);
    else if (field.kind === "group" && isPlain(value)) checkNames(`${at}.${name}`, field.fields, value);
  }
}

/**
 * The names that any stack lists as its own, and the entries of which it can't be known: what the star stands for is left empty
 * here, and a function may not take that. Its names are the same for every text, so that they are checked all the same; what
 * it looks up by the text may be missing.
 */
export function listedNames(stacks: Declared): { names: ReadonlySet<string>; silent: ReadonlySet<string> } {
  const silent = new Set<string>();
  const listed = Object.entries(stacks).flatMap(([entry, given]) => {
    const declared = typeof given === "function" ? forEmptyText(given as (matched: string) => unknown) : given;
    if (isPlain(declared)) checkSpelling(entry, declared);
    const only = isPlain(declared) ? (declared["only"] ?? []) : undefined;
    if (Array.isArray(only)) return only as unknown[];
    silent.add(entry);
    return [];
  });
  return { names: new Set(listed.filter((name) => typeof name === "string")), silent };
}

function forEmptyText(entry: (matched: string) => unknown): unknown {
  try {
    return entry("");
  } catch {
    return undefined;
  }
}

/** What is declared for a stack of this name, or one sentence that there is nothing. */
export function chosenFor(stacks: Declared, stack: string): Chosen {
  const found = entryFor(stacks, stack);
  if (found === undefined)
    return refuse(
      `nothing is declared for the stack ${show(stack)}${meant(stack, Object.keys(stacks)) || `; declared are ${Object.keys(stacks).join(", ") || "none"}`}; add it, or "*" for every other stack`,
    );
  const read = ({ entry, matched }: { entry: string; matched: string }): Settings => {
    const given = stacks[entry];
    return settingsOf(entry, typeof given === "function" ? (given as (matched: string) => unknown)(matched) : given);
  };
  let settings = read(found);
  const entries = [found.entry];
  let next = settings.like;
  while (next !== undefined) {
    if (entries.includes(next)) return refuse(`like leads in a circle: ${[...entries, next].join(" → ")}`);
    if (!Object.hasOwn(stacks, next))
      return refuse(
        `${entries.at(-1) ?? ""}.like names ${show(next)}, which is not declared${meant(next, Object.keys(stacks))}`,
      );
    entries.push(next);
    const under = read({ entry: next, matched: matchedBy(next, stack) ?? "" });
    settings = over(under, settings);
    next = under.like;
  }
  return { ...settings, entries };
}

/** Settings on top of others, argument by argument. */
function over(under: Settings, own: Settings): Settings {
  const args: Settings["arguments"] = { ...under.arguments };
  for (const className of CLASSES) {
    const given = own.arguments[className];
    if (given) args[className] = mergedWith(tableOf(className), under.arguments[className] ?? {}, given);
  }
  return { ...under, ...own, values: { ...under.values, ...own.values }, arguments: args };
}
