import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { isObject } from "../provider/core/fields";
import { show } from "../provider/core/quoting";
import { isComputed } from "./computed";
import { RESTORE_VARIABLE, type Restoration, type Restorations } from "./exchange";
import { perRun } from "./run";

const restorations = perRun((): ReadonlyMap<string, Restoration> => {
  const file = process.env[RESTORE_VARIABLE] ?? "";
  if (file === "") return new Map();
  let read: Restorations;
  try {
    read = JSON.parse(readFileSync(file, "utf8")) as Restorations;
  } catch (error) {
    throw new pulumi.RunError(
      `${RESTORE_VARIABLE} names ${show(file)}, which can't be read (${(error as Error).message}); it is set by data-tasks rollback alone: unset it`,
    );
  }
  if (read.stack !== pulumi.getStack())
    throw new pulumi.RunError(
      `${RESTORE_VARIABLE} names a rollback of the stack ${show(read.stack)}, and this is ${show(pulumi.getStack())}; unset it`,
    );
  const count = read.tasks.length;
  void pulumi.log.warn(
    `a rollback: ${count === 1 ? "1 task has" : `${count} tasks have`} earlier arguments in place of those of the program`,
  );
  return new Map(read.tasks.map((task) => [task.urn, task]));
});

/** The arguments of a task, with those that a rollback brings back. */
export function restored(urn: string, args: object): object {
  const restoration = restorations()?.get(urn);
  if (restoration === undefined) return args;
  const { set, unset } = restoration;
  const whole = Object.entries(set).reduce((tree, [path, value]) => put(tree, path.split("."), value), args);
  return unset.reduce((tree, path) => put(tree, path.split("."), undefined), whole);
}

/** What a rollback would take away from a task. */
export const takenAway = (urn: string): readonly string[] => restorations()?.get(urn)?.unset ?? [];

/** A copy with a value at a path; `undefined` takes what is there away. */
function put(tree: object, [name = "", ...rest]: readonly string[], value: unknown): object {
  const { [name]: there, ...others } = tree as Record<string, unknown>;
  if (rest.length === 0) return value === undefined ? others : { ...others, [name]: value };
  if (isComputed(there))
    return {
      ...others,
      [name]: pulumi
        .output(there as pulumi.Input<object>)
        .apply((known: unknown) => put(isObject(known) ? known : {}, rest, value)),
    };
  if (!isObject(there)) return value === undefined ? tree : { ...others, [name]: put({}, rest, value) };
  return { ...others, [name]: put(there, rest, value) };
}
