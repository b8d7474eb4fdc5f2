import * as pulumi from "@pulumi/pulumi";
import type { Properties } from "../provider/core/definition";
import { isObject } from "../provider/core/fields";
import { factByKey } from "../provider/core/set/record";
import type { Module } from "./rules";

/** What a set shows of its tasks: where a task of it finds its own ids. */
export interface SetOfTasks extends pulumi.Resource {
  readonly ids: pulumi.Output<Record<string, string>>;
  readonly taskIds: pulumi.Output<Record<string, string>>;
}

/**
 * One task of a set, as an upstream for tasks outside of it: `dependsOnTasks: [daily.task("ods_orders")]`. While the set is
 * about to change, a preview does not know the ids of its tasks, and shows what depends on them by id as changing too.
 */
export class TaskOfSet<M extends Module = Module> {
  /** The cloud of the task. */
  readonly module: M;
  /** Its key in the set. */
  readonly key: string;
  /** Tells an object of this kind, from whichever copy of this package. */
  readonly isTaskOfSet = true as const;
  private owner: SetOfTasks | undefined;

  /** Use the method `task` of a set instead. */
  constructor(module: M, key: string) {
    this.module = module;
    this.key = key;
  }

  /** The set that the task is in; `undefined` while that is being made. */
  get set(): SetOfTasks | undefined {
    return this.owner;
  }

  /** The id of the task, as a single resource of it would have. */
  get id(): pulumi.Output<string> {
    return this.fact("ids");
  }

  /** The id by which the service knows the task. */
  get taskId(): pulumi.Output<string> {
    return this.fact("taskIds");
  }

  /** Says which set the task is in, once that is there. */
  belongsTo(set: SetOfTasks): void {
    this.owner = set;
  }

  private fact(name: "ids" | "taskIds"): pulumi.Output<string> {
    if (this.owner === undefined) throw new Error(`the set of the task ${JSON.stringify(this.key)} is not there yet`);
    return this.owner[name].apply((values) => {
      const value = Object.hasOwn(values, this.key) ? values[this.key] : undefined;
      if (value === undefined) throw new Error(`the task ${JSON.stringify(this.key)} of the set is not made yet`);
      return value;
    });
  }
}

/** Whether a value is a task of a set of this cloud. */
export const isTaskOfSet = <M extends Module>(value: unknown, module: M): value is TaskOfSet<M> =>
  isObject(value) && value["isTaskOfSet"] === true && value["module"] === module;

/** A fact of all tasks of a set by key, from what the set's output has of them. */
export const factsByKey = (
  definition: { readonly factNames: readonly string[] },
  records: pulumi.Output<Properties>,
  name: string,
): pulumi.Output<Record<string, string>> => records.apply((lines) => factByKey(definition, { records: lines }, name));

/** The resources behind upstream tasks, for the engine's own order: looked-up ones have none. */
export const resourcesOf = (tasks: readonly unknown[]): pulumi.Resource[] => {
  const all = tasks.flatMap((task) => {
    if (pulumi.Resource.isInstance(task)) return [task];
    const { set } = (isObject(task) ? task : {}) as { set?: unknown };
    return pulumi.Resource.isInstance(set) ? [set] : [];
  });
  return [...new Set(all)];
};
