import * as pulumi from "@pulumi/pulumi";
import { DataWorksTask } from "./dataworks-task";
import type { DataWorksTaskArgs, UpstreamTask } from "./dataworks-task";
import type { Asset } from "../provider/core/fields";
import { namesIn } from "../provider/core/heeded";
import { show } from "../provider/core/quoting";
import type { DataWorksTaskArguments } from "../provider/resources/dataworks-task/arguments";
import { DataWorksTaskSet } from "./dataworks-task-set";
import { isComputed } from "./computed";
import { isAbsent, knownList, knownObject } from "./entering";
import { COMPLETE } from "./environment/declared";
import { mergedWith } from "./environment/merging";
import { tableOf } from "./environment/stacks";
import type { InputsOf } from "./inputs";
import { givenArguments, givenOptions } from "./misuse";
import { readFlowSpec } from "./flowspec/reader";
import type { FlowSpecFinding, FlowSpecTask } from "./flowspec/reader";
import type { TaskOfSet } from "./task-of-set";
import { tell } from "./telling";

/** Changes to arguments: `null`, also inside of a group, takes away what is there. */
type ChangesOf<T> = InputsOf<{ [K in keyof T]?: Removable<T[K]> | null }>;
type Removable<T> = T extends string | number | boolean | null | undefined | Asset | readonly unknown[]
  ? T
  : { [K in keyof T]?: Removable<T[K]> | null };

/** What the tasks of a workflow have in common, and how to change single ones. */
export interface DataWorksWorkflowArgs extends Pick<
  DataWorksTaskArgs,
  | "projectId"
  | "envType"
  | "connection"
  | "publish"
  | "onDelete"
  | "force"
  | "timeouts"
  | "rules"
  | "owner"
  | "runtimeResource"
  | "path"
> {
  /**
   * Changes the arguments of single tasks, by their key in the workflow, before they are created: groups and maps member by
   * member, everything else as a whole. `null` takes away what the document or the common arguments say, `undefined`
   * says nothing. `dependsOnTasks` adds upstreams to those that the document gives.
   */
  tasks?: Readonly<
    Record<string, ChangesOf<Omit<DataWorksTaskArguments, "projectId">> & Pick<DataWorksTaskArgs, "dependsOnTasks">>
  >;
  /** Put before the name of every task, such as `dev_`. Default none. */
  namePrefix?: string | undefined;
  /** Values for the placeholders of a document, such as `{ projectIdentifier: "shop" }` for `${projectIdentifier}`. */
  placeholders?: Readonly<Record<string, string>>;
  /**
   * `set` makes the tasks one resource of the engine, a DataWorksTaskSet, instead of one each: for workflows of hundreds of
   * nodes. Default `tasks`. An edit makes the tasks anew, unless they are moved (docs/sets.md).
   */
  as?: "tasks" | "set";
  /**
   * What to do with parts of the document that cannot be represented (loops, branches, …): `refuse` stops the program
   * with all of them listed by path, `warn` leaves them out and says so. Default `refuse`.
   */
  unsupported?: "refuse" | "warn";
}

/**
 * A workflow of DataWorks tasks with their dependencies, created upstream first. What a document holds and the tasks
 * cannot represent is reported by path, never dropped in silence.
 */
export class DataWorksWorkflow<T = DataWorksTask> extends pulumi.ComponentResource {
  /** The tasks by key: the node's name, else its script's name, else its id. With `as: "set"`, those of the set. */
  readonly tasks: Readonly<Record<string, T>>;
  /** With `as: "set"`, the set that has the tasks. */
  readonly set: DataWorksTaskSet | undefined;
  /** Everything that the document says and the tasks do not, by path. */
  readonly findings: readonly FlowSpecFinding[];

  private constructor(
    name: string,
    tasks: readonly FlowSpecTask[],
    findings: readonly FlowSpecFinding[],
    args: DataWorksWorkflowArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("pulumi-data-tasks:dataworks:Workflow", name, {}, opts);
    this.findings = findings;
    const errors = findings.filter(({ severity }) => severity === "error");
    if (errors.length > 0 && args.unsupported !== "warn") {
      const list = errors.map(({ path, reason }) => `\n  ${path} ${reason}`).join("");
      throw new pulumi.RunError(
        `${name}: the workflow has parts that DataWorks tasks cannot represent:${list}\nTake them out, or write unsupported: "warn" to leave them out.`,
      );
    }
    for (const { path, reason } of findings) void tell("warning", `${path} ${reason}`, this);
    const unknown = Object.keys(args.tasks ?? {}).filter((key) => !tasks.some((task) => task.key === key));
    if (unknown.length > 0) {
      throw new pulumi.RunError(
        `${name}: tasks.${unknown[0] ?? ""} names no task of the workflow; it has ${tasks.map(({ key }) => key).join(", ")}`,
      );
    }
    if (args.as === "set") {
      const set = this.makeSet(name, tasks, args, opts);
      this.set = set;
      this.tasks = Object.fromEntries(tasks.map(({ key }) => [key, set.task(key) as T]));
      this.registerOutputs({ tasks: set.taskIds });
      return;
    }
    this.set = undefined;
    const made: Record<string, DataWorksTask> = {};
    const ids = new Set<string>();
    for (const task of tasks) {
      // By the id: a node that gets another name stays the same task, and so do the others of its old name.
      const id = ids.has(task.nodeId) ? `${task.nodeId}-${task.key}` : task.nodeId;
      ids.add(id);
      made[task.key] = this.make(`${name}-${id}`, task, args, made, opts);
    }
    this.tasks = made as Record<string, T>;
    this.registerOutputs({ tasks: Object.fromEntries(Object.entries(made).map(([key, task]) => [key, task.taskId])) });
  }

  /**
   * The tasks of a FlowSpec document: a file (JSON or YAML) or the parsed document. Units and words of FlowSpec are
   * converted: `timeout` hours to seconds, `rerunInterval` milliseconds to seconds, `Allowed` to `AllAllowed`.
   */
  static fromFlowSpec(
    name: string,
    document: string | object,
    args: DataWorksWorkflowArgs & { as: "set" },
    opts?: pulumi.ComponentResourceOptions,
  ): DataWorksWorkflow<TaskOfSet<"dataworks">> & { readonly set: DataWorksTaskSet };
  static fromFlowSpec(
    name: string,
    document: string | object,
    args: DataWorksWorkflowArgs,
    opts?: pulumi.ComponentResourceOptions,
  ): DataWorksWorkflow;
  static fromFlowSpec(
    name: string,
    document: string | object,
    args: DataWorksWorkflowArgs,
    opts?: pulumi.ComponentResourceOptions,
  ): object {
    givenArguments("DataWorksWorkflow", name, args, "document, ");
    const { tasks, findings } = readFlowSpec(document, args.placeholders && { placeholders: { ...args.placeholders } });
    return new DataWorksWorkflow(name, tasks, findings, args, givenOptions(`DataWorksWorkflow ${show(name)}`, opts));
  }

  private make(
    name: string,
    task: FlowSpecTask,
    args: DataWorksWorkflowArgs,
    made: Readonly<Record<string, DataWorksTask>>,
    opts: pulumi.ComponentResourceOptions,
  ): DataWorksTask {
    return new DataWorksTask(
      name,
      argumentsOf(task, args, (key) => made[key]),
      { parent: this, ...changeOptions(opts, (path) => path) },
    );
  }

  /** By the id of its node, a task that gets another name stays the same. */
  private makeSet(
    name: string,
    tasks: readonly FlowSpecTask[],
    args: DataWorksWorkflowArgs,
    opts: pulumi.ComponentResourceOptions,
  ): DataWorksTaskSet {
    const keys = new Set(tasks.map(({ key }) => key));
    const all = tasks.map((task) => [task.key, argumentsOf(task, args, (key) => (keys.has(key) ? key : undefined))]);
    const identities = Object.fromEntries(tasks.map(({ key, nodeId }) => [key, nodeId]));
    const given = { tasks: Object.fromEntries(all) as Record<string, DataWorksTaskArgs>, identities };
    // A path without a name would become one of all tasks, and is refused as it is.
    const ofAll = (path: string) =>
      namesIn(path).length === 0 ? path : `tasks.*${path.startsWith("[") ? "" : "."}${path}`;
    return new DataWorksTaskSet(name, given, { parent: this, ...changeOptions(opts, ofAll) });
  }
}

/** The options about changes, which the engine keeps with a component and its tasks do not inherit. */
function changeOptions(
  { ignoreChanges, replaceOnChanges }: pulumi.ComponentResourceOptions,
  pathOf: (path: string) => string,
): pulumi.ResourceOptions {
  return {
    ...(ignoreChanges && { ignoreChanges: ignoreChanges.map(pathOf) }),
    ...(replaceOnChanges && { replaceOnChanges: replaceOnChanges.map(pathOf) }),
  };
}

/** The arguments of a node's task, with its upstreams as they can be named. */
function argumentsOf<U>(
  task: FlowSpecTask,
  args: DataWorksWorkflowArgs,
  upstreamOf: (key: string) => U | undefined,
): DataWorksTaskArgs {
  const { tasks, namePrefix, placeholders: _placeholders, unsupported: _unsupported, as: _as, ...common } = args;
  const upstreams = task.dependsOn.flatMap(({ key, type, output }): UpstreamTask[] => {
    const upstream = upstreamOf(key);
    const named = output !== undefined && stillHas(output, tasks?.[key]);
    const edge = { type: type as NonNullable<UpstreamTask["type"]>, ...(named && { output }) };
    return upstream === undefined ? [] : [{ task: upstream as UpstreamTask["task"], ...edge }];
  });
  const fields = tableOf("DataWorksTask");
  const own = mergedWith(fields, common, task.arguments);
  const merged = mergedWith(fields, own, tasks?.[task.key] ?? {}, "take away") as unknown as DataWorksTaskArgs;
  const { name: given } = merged;
  if (namePrefix !== undefined && !isAbsent(given)) {
    // A plain text stays one: only what is known while the program runs is checked there.
    merged.name = [namePrefix, given].every((part) => typeof part === "string")
      ? namePrefix + (given as string)
      : pulumi.interpolate`${namePrefix}${given}`;
  }
  const complete = (args as { [COMPLETE]?: (task: DataWorksTaskArgs) => DataWorksTaskArgs })[COMPLETE];
  return {
    ...(complete ? complete(merged) : merged),
    ...(upstreams.length > 0 && { dependsOnTasks: withOwn(merged.dependsOnTasks, upstreams) }),
  };
}

/** Whether a task has an output of the document after its changes; the edge goes to the task all the same. */
function stillHas(output: string, { outputs }: { readonly outputs?: unknown } = {}): boolean {
  if (outputs === undefined) return true;
  const { taskOutputs } = knownObject(outputs);
  return taskOutputs === undefined ? outputs !== null && !isComputed(outputs) : knownList(taskOutputs).includes(output);
}

/** Upstreams from outside of the document beside those in it; what is no list is refused where it is read. */
function withOwn(
  given: DataWorksTaskArgs["dependsOnTasks"],
  upstreams: readonly UpstreamTask[],
): NonNullable<DataWorksTaskArgs["dependsOnTasks"]> {
  return Array.isArray(given ?? []) ? [...(given ?? []), ...upstreams] : (given as never);
}
