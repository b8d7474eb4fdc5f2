import * as pulumi from "@pulumi/pulumi";
import { type KindOfTask, shared } from "./task";
import type { TaskOfSet } from "./task-of-set";
import { factsByKey } from "./task-of-set";
import { type Edge, type SetArguments, type Wiring, describeSet, taskIn } from "./task-set";

/** What the arguments of a set have beside its tasks. */
export interface SetOptions {
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

/** A class of sets, and the cloud of its tasks. */
export type KindOfSet<M extends TaskOfSet["module"]> = KindOfTask & { readonly module: M };

/** What the sets of both clouds are. */
export abstract class SetResource<M extends TaskOfSet["module"], E extends Edge> extends pulumi.dynamic.Resource {
  /** What the provider has recorded of each task, one line by key. */
  declare readonly records: pulumi.Output<Record<string, string>>;
  readonly #kind: KindOfTask;
  readonly #tasks: ReadonlyMap<string, TaskOfSet<M>>;

  protected constructor(
    kind: KindOfSet<M>,
    wiring: Wiring<E>,
    name: string,
    args: SetArguments,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const { props, opts: options, tasks, begun } = describeSet(kind, wiring, name, args, opts);
    super(shared, name, props, options, kind.module, kind.type);
    this.#kind = kind;
    this.#tasks = tasks;
    begun(this);
  }

  /** A task of the set, as an upstream for `dependsOnTasks` of other tasks and sets. */
  task(key: string): TaskOfSet<M> {
    return taskIn(`${this.#kind.definition.name}Set`, this.#tasks, key);
  }

  /** The ids of the tasks by key, as single resources would have them. */
  get ids(): pulumi.Output<Record<string, string>> {
    return this.#facts("id");
  }

  /** The ids by which the service knows the tasks, by key. */
  get taskIds(): pulumi.Output<Record<string, string>> {
    return this.#facts("taskId");
  }

  /** How far the tasks are, by key: see `phase` of the single resource; absent for what has none. */
  get phases(): pulumi.Output<Record<string, string>> {
    return this.#facts("phase");
  }

  #facts(name: string): pulumi.Output<Record<string, string>> {
    return factsByKey(this.#kind.definition, this.records, name);
  }
}
