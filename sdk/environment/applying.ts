import * as pulumi from "@pulumi/pulumi";
import { isObject } from "../../provider/core/fields";
import { isMove } from "../../provider/resources/options";
import { CYCLES, type Cycle } from "../../provider/resources/wedata-task/words";
import { isComputed } from "../computed";
import { isAbsent } from "../entering";
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
      /** What says whether a task runs by itself, and its values for one that is started by hand. */
      readonly decides: string;
      readonly byHand: readonly unknown[];
    }
  >
> = {
  DataWorksTask: {
    group: "trigger",
    property: "recurrence",
    paused: "Pause",
    dry: "Skip",
    decides: "type",
    byHand: ["Manual"],
  },
  DataWorksDISyncTask: {
    group: "schedule",
    property: "schedulerType",
    paused: "PAUSE",
    dry: "SKIP",
    decides: "schedulerType",
    byHand: ["MANUAL"],
  },
  WeDataTask: {
    property: "scheduleRunType",
    dry: "dryRun",
    decides: "cycleType",
    byHand: ["UserDriven", "Instant"].flatMap((word) => [word, CYCLES[word as Cycle]]),
  },
};

/** What a stack declares for the tasks of one call alone. */
const ownFor = (className: ClassName, { entries }: Chosen, own: Readonly<Record<string, Args | undefined>>): Args =>
  [...entries]
    .reverse()
    .map((entry) => own[entry] ?? {})
    .reduce<Args>((under, over) => mergedWith(tableOf(className), under, over), {});

/** What a stack declares for the tasks of one class, those of one call on top. */
export const overridesFor = (
  className: ClassName,
  chosen: Chosen,
  own: Readonly<Record<string, Args | undefined>>,
): Record<string, unknown> =>
  mergedWith(tableOf(className), chosen.arguments[className] ?? {}, ownFor(className, chosen, own));

/** The arguments of a task as they are in a stack. */
export function applied(
  className: ClassName,
  base: Args,
  chosen: Chosen,
  own: Readonly<Record<string, Args | undefined>>,
): Record<string, unknown> {
  const fields = tableOf(className);
  const merged = mergedWith(fields, base, overridesFor(className, chosen, own));
  const scheduled = withSchedule(className, merged, chosen.schedules);
  // What is declared for this task alone stays on top, also where it says what happens at the fire times.
  return withPrefix(mergedWith(fields, scheduled, ownFor(className, chosen, own)), chosen.namePrefix);
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

function withSchedule(className: ClassName, args: Record<string, unknown>, schedules: Settings["schedules"]): Args {
  if (schedules === undefined || schedules === "run") return args;
  const { group, property, decides, byHand, ...words } = SCHEDULES[className];
  const word = words[schedules];
  if (word === undefined)
    throw new pulumi.RunError(
      `forEnvironment: a ${className} has no argument that pauses it; declare schedules: "dry", with which its runs succeed without executing`,
    );
  const set = (schedule: Args): Args => {
    const kind = schedule[decides];
    const as = (known: unknown): unknown =>
      byHand.includes(known) || (group === undefined && isAbsent(known) && isAdopted(args)) ? schedule[property] : word;
    const value = isComputed(kind) ? pulumi.output(kind as pulumi.Input<string>).apply(as) : as(kind);
    return value === schedule[property] ? schedule : { ...schedule, [property]: value };
  };
  if (group === undefined) return set(args);
  const within = args[group];
  if (isAbsent(within)) return args;
  const known = (schedule: unknown): unknown => (isObject(schedule) ? set(schedule) : schedule);
  return { ...args, [group]: isComputed(within) ? pulumi.output(within).apply(known) : known(within) };
}

/** Whether a task keeps the schedule that it has where its arguments name none. A task that moves here was made with them. */
const isAdopted = ({ adopt }: Args): boolean => !isAbsent(adopt) && (isComputed(adopt) || !isMove(adopt));
