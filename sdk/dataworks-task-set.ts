import * as pulumi from "@pulumi/pulumi";
import { definitions } from "../provider/index";
import type { DataWorksTaskArguments } from "../provider/resources/dataworks-task/arguments";
import type { UpstreamTask } from "./dataworks-task";
import { wiring } from "./dataworks-wiring";
import { shared } from "./task";
import type { KindOfTask } from "./task";
import { type TaskOfSet, factsByKey } from "./task-of-set";
import { type DefaultsOf, describeSet, taskIn } from "./task-set";

const KIND: KindOfTask & { readonly module: "dataworks" } = {
  provider: "dataworksTaskSet",
  module: "dataworks",
  type: "TaskSet",
  definition: definitions.DataWorksTask as never,
  outputs: ["records"],
};

/** An upstream of a task in a set: as for a single DataWorksTask, or a task of the same set by its key. */
export interface UpstreamTaskInSet extends Omit<UpstreamTask, "task"> {
  /** A task by object, or the key of one in the same set. */
  task: UpstreamTask["task"] | string;
}

/** The arguments of one task of a DataWorksTaskSet: those of a DataWorksTask; what `defaults` has may be left out. */
export interface DataWorksTaskInSetArgs extends DefaultsOf<DataWorksTaskArguments> {
  /**
   * Upstream tasks: by key those of the same set (`"ods_orders"`), by object all others. Each becomes an entry of
   * `dependencies`; tasks are made in that order and deleted in the reverse one.
   */
  dependsOnTasks?: readonly (string | UpstreamTask["task"] | UpstreamTask | UpstreamTaskInSet)[];
}

/** The arguments of a DataWorksTaskSet. */
export interface DataWorksTaskSetArgs {
  /**
   * The tasks by key. A task whose key is taken out is deleted (or released or paused, as its `onDelete` says); one with
   * another key and the same workspace and name stays the same task.
   */
  tasks: Readonly<Record<string, DataWorksTaskInSetArgs>>;
  /**
   * Arguments for every task that does not have them itself. Groups (such as `trigger`) and maps are filled in member by member,
   * everything else is taken as a whole. An edit is an edit of the tasks that have no value of their own.
   */
  defaults?: DefaultsOf<DataWorksTaskArguments>;
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
 * Many tasks of DataWorks as one resource, for programs where the engine's cost of each resource counts. Every task has the
 * arguments, checks, differences, operations and failures of a single DataWorksTask. What the engine does by resource
 * (targets, protection, aliases) is for the whole set.
 */
export class DataWorksTaskSet extends pulumi.dynamic.Resource {
  /** What the provider has recorded of each task, one line by key. */
  declare readonly records: pulumi.Output<Record<string, string>>;
  readonly #tasks: ReadonlyMap<string, TaskOfSet<"dataworks">>;

  constructor(name: string, args: DataWorksTaskSetArgs, opts?: pulumi.CustomResourceOptions) {
    const { props, opts: options, tasks, begun } = describeSet(KIND, wiring, name, args, opts);
    super(shared, name, props, options, KIND.module, KIND.type);
    this.#tasks = tasks;
    begun(this);
  }

  /** A task of the set, as an upstream for `dependsOnTasks` of other tasks and sets. */
  task(key: string): TaskOfSet<"dataworks"> {
    return taskIn("DataWorksTaskSet", this.#tasks, key);
  }

  /** The ids of the tasks by key, as single resources would have them. */
  get ids(): pulumi.Output<Record<string, string>> {
    return this.#facts("id");
  }

  /** The ids by which the service knows the tasks, by key. */
  get taskIds(): pulumi.Output<Record<string, string>> {
    return this.#facts("taskId");
  }

  /** How far the tasks are, by key: see `phase` of DataWorksTask; absent for what has none. */
  get phases(): pulumi.Output<Record<string, string>> {
    return this.#facts("phase");
  }

  #facts(name: string): pulumi.Output<Record<string, string>> {
    return factsByKey(definitions.DataWorksTask, this.records, name);
  }
}
