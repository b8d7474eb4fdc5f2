import * as pulumi from "@pulumi/pulumi";
import { definitions } from "../provider/index";
import type { WeDataTaskArguments } from "../provider/resources/wedata-task/arguments";
import type { UpstreamWeDataTask } from "./wedata-task";
import { wiring } from "./wedata-wiring";
import { shared } from "./task";
import type { KindOfTask } from "./task";
import { type TaskOfSet, factsByKey } from "./task-of-set";
import { type DefaultsOf, describeSet, taskIn } from "./task-set";

const KIND: KindOfTask & { readonly module: "wedata" } = {
  provider: "wedataTaskSet",
  module: "wedata",
  type: "TaskSet",
  definition: definitions.WeDataTask as never,
  outputs: ["records"],
};

/** An upstream of a task in a set: as for a single WeDataTask, or a task of the same set by its key. */
export interface UpstreamWeDataTaskInSet extends Omit<UpstreamWeDataTask, "task"> {
  /** A task by object, or the key of one in the same set. */
  task: UpstreamWeDataTask["task"] | string;
}

/** The arguments of one task of a WeDataTaskSet: those of a WeDataTask; what `defaults` has may be left out. */
export interface WeDataTaskInSetArgs extends DefaultsOf<WeDataTaskArguments> {
  /**
   * Upstream tasks: by key those of the same set (`"ods_orders"`), by object all others. Each becomes an entry of
   * `dependencies`; tasks are made in that order and deleted in the reverse one.
   */
  dependsOnTasks?: readonly (string | UpstreamWeDataTask["task"] | UpstreamWeDataTask | UpstreamWeDataTaskInSet)[];
}

/** The arguments of a WeDataTaskSet. */
export interface WeDataTaskSetArgs {
  /**
   * The tasks by key. A task whose key is taken out is deleted (or released or paused, as its `onDelete` says); one with
   * another key and the same project, workflow, type and name stays the same task.
   */
  tasks: Readonly<Record<string, WeDataTaskInSetArgs>>;
  /**
   * Arguments for every task that does not have them itself. Groups (such as `script`) and maps are filled in member by member,
   * everything else is taken as a whole. An edit is an edit of the tasks that have no value of their own.
   */
  defaults?: DefaultsOf<WeDataTaskArguments>;
  /**
   * Keys whose tasks stay as they are in the cloud when they leave the set, whatever their `onDelete` says: for moving
   * them to another set or to a resource of their own, in the same run.
   */
  release?: pulumi.Input<string[]>;
  /**
   * By key, a text that makes the task the same one even when its key and its name change together. Default: what
   * identifies it at the service. An edit makes no call.
   */
  identities?: Readonly<Record<string, string>>;
}

/**
 * Many tasks of WeData as one resource, for programs where the engine's cost of each resource counts. Every task has the
 * arguments, checks, differences, operations and failures of a single WeDataTask. What the engine does by resource
 * (targets, protection, aliases) is for the whole set.
 */
export class WeDataTaskSet extends pulumi.dynamic.Resource {
  /** What the provider has recorded of each task, one line by key. */
  declare readonly records: pulumi.Output<Record<string, string>>;
  readonly #tasks: ReadonlyMap<string, TaskOfSet<"wedata">>;

  constructor(name: string, args: WeDataTaskSetArgs, opts?: pulumi.CustomResourceOptions) {
    const { props, opts: options, tasks, begun } = describeSet(KIND, wiring, name, args, opts);
    super(shared, name, props, options, KIND.module, KIND.type);
    this.#tasks = tasks;
    begun(this);
  }

  /** A task of the set, as an upstream for `dependsOnTasks` of other tasks and sets. */
  task(key: string): TaskOfSet<"wedata"> {
    return taskIn("WeDataTaskSet", this.#tasks, key);
  }

  /** The ids of the tasks by key, as single resources would have them. */
  get ids(): pulumi.Output<Record<string, string>> {
    return this.#facts("id");
  }

  /** The ids by which the service knows the tasks, by key. */
  get taskIds(): pulumi.Output<Record<string, string>> {
    return this.#facts("taskId");
  }

  /** How far the tasks are, by key: see `phase` of WeDataTask; absent for what has none. */
  get phases(): pulumi.Output<Record<string, string>> {
    return this.#facts("phase");
  }

  #facts(name: string): pulumi.Output<Record<string, string>> {
    return factsByKey(definitions.WeDataTask, this.records, name);
  }
}
