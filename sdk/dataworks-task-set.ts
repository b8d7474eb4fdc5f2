import type * as pulumi from "@pulumi/pulumi";
import { definitions } from "../provider/index";
import type { DataWorksTaskArguments } from "../provider/resources/dataworks-task/arguments";
import type { UpstreamTask } from "./dataworks-task";
import { wiring } from "./dataworks-wiring";
import { type KindOfSet, type SetOptions, SetResource } from "./set-resource";
import type { DefaultsOf, EdgeOf } from "./task-set";

const KIND: KindOfSet<"dataworks"> = {
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
export interface DataWorksTaskSetArgs extends SetOptions {
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
}

/**
 * Many tasks of DataWorks as one resource, for programs where the engine's cost of each resource counts. Every task has the
 * arguments, checks, differences, operations and failures of a single DataWorksTask. What the engine does by resource
 * (targets, protection, aliases) is for the whole set.
 */
export class DataWorksTaskSet extends SetResource<"dataworks", EdgeOf<typeof wiring>> {
  constructor(name: string, args: DataWorksTaskSetArgs, opts?: pulumi.CustomResourceOptions) {
    super(KIND, wiring, name, args, opts);
  }
}
