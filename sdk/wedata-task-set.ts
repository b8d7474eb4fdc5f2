import type * as pulumi from "@pulumi/pulumi";
import { definitions } from "../provider/index";
import type { WeDataTaskArguments } from "../provider/resources/wedata-task/arguments";
import type { UpstreamWeDataTask } from "./wedata-task";
import { wiring } from "./wedata-wiring";
import { type KindOfSet, type SetOptions, SetResource } from "./set-resource";
import type { DefaultsOf, EdgeOf } from "./task-set";

const KIND: KindOfSet<"wedata"> = {
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
export interface WeDataTaskSetArgs extends SetOptions {
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
}

/**
 * Many tasks of WeData as one resource, for programs where the engine's cost of each resource counts. Every task has the
 * arguments, checks, differences, operations and failures of a single WeDataTask. What the engine does by resource
 * (targets, protection, aliases) is for the whole set.
 */
export class WeDataTaskSet extends SetResource<"wedata", EdgeOf<typeof wiring>> {
  constructor(name: string, args: WeDataTaskSetArgs, opts?: pulumi.CustomResourceOptions) {
    super(KIND, wiring, name, args, opts);
  }
}
