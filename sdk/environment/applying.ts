import * as pulumi from "@pulumi/pulumi";
import { isObject } from "../../provider/core/fields";
import { isComputed } from "../computed";
import type { Chosen, ClassName, Settings } from "./stacks";
import { tableOf } from "./stacks";
import { mergedWith } from "./merging";

type Args = Readonly<Record<string, unknown>>;

/** Where each kind of task says what happens at its fire times, and the words for it. */
const SCHEDULES: Readonly<
  Record<
    ClassName,
    {
      readonly group?: string;
      readonly property: string;
      readonly paused?: string;
      readonly dry: string;
      /** Whether arguments with this schedule run by themselves at all. */
      readonly runs: (schedule: Args) => boolean;
    }
  >
> = {
  DataWorksTask: {
    group: "trigger",
    property: "recurrence",
    paused: "Pause",
    dry: "Skip",
    runs: ({ type }) => type !== "Manual",
  },
  DataWorksDISyncTask: {
    group: "schedule",
    property: "schedulerType",
    paused: "PAUSE",
    dry: "SKIP",
    runs: ({ schedulerType }) => schedulerType !== "MANUAL",
  },
  WeDataTask: {
    property: "scheduleRunType",
    dry: "dryRun",
    runs: ({ cycleType }) => cycleType !== undefined,
  },
};

/** What a stack declares for the tasks of one class, those of one call on top. */
export function overridesFor(
  className: ClassName,
  { arguments: args, entries }: Chosen,
  own: Readonly<Record<string, Args | undefined>>,
): Record<string, unknown> {
  const fields = tableOf(className);
  return [...entries]
    .reverse()
    .map((entry) => own[entry] ?? {})
    .reduce<Record<string, unknown>>((under, over) => mergedWith(fields, under, over), {
      ...args[className],
    });
}

/** The arguments of a task as they are in a stack. */
export function applied(
  className: ClassName,
  base: Args,
  chosen: Chosen,
  own: Readonly<Record<string, Args | undefined>>,
): Record<string, unknown> {
  const merged = mergedWith(tableOf(className), base, overridesFor(className, chosen, own));
  return withSchedule(className, withPrefix(merged, chosen.namePrefix), chosen.schedules);
}

function withPrefix(args: Record<string, unknown>, prefix: string | undefined): Record<string, unknown> {
  const { name } = args;
  if (prefix === undefined || prefix === "" || name === undefined || name === null) return args;
  // A plain text stays one: only what is known while the program runs is checked there.
  return {
    ...args,
    name: typeof name === "string" ? prefix + name : pulumi.interpolate`${prefix}${name as pulumi.Input<string>}`,
  };
}

/** The paths that `schedules` and `namePrefix` set beside the declared arguments. */
export function impliedPaths(className: ClassName, { schedules, namePrefix }: Settings): string[] {
  const { group, property } = SCHEDULES[className];
  return [
    ...(schedules === undefined || schedules === "run"
      ? []
      : [group === undefined ? property : `${group}.${property}`]),
    ...(namePrefix === undefined || namePrefix === "" ? [] : ["name"]),
  ];
}

function withSchedule(
  className: ClassName,
  args: Record<string, unknown>,
  schedules: Settings["schedules"],
): Record<string, unknown> {
  if (schedules === undefined || schedules === "run") return args;
  const { group, property, runs, ...words } = SCHEDULES[className];
  const word = words[schedules];
  if (word === undefined)
    throw new pulumi.RunError(
      `forEnvironment: a ${className} has no argument that pauses it; declare schedules: "dry", with which its runs succeed without executing`,
    );
  if (group === undefined) return runs(args) ? { ...args, [property]: word } : args;
  const within = args[group];
  if (within === undefined || within === null) return args;
  const set = (schedule: unknown): unknown =>
    isObject(schedule) && runs(schedule) ? { ...schedule, [property]: word } : schedule;
  return { ...args, [group]: isComputed(within) ? pulumi.output(within).apply(set) : set(within) };
}
