import * as pulumi from "@pulumi/pulumi";
import { show } from "../provider/core/quoting";
import type { DataWorksDISyncTaskArguments } from "../provider/resources/dataworks-di-sync-task/arguments";
import type { DataWorksTaskArguments } from "../provider/resources/dataworks-task/arguments";
import type { WeDataTaskArguments } from "../provider/resources/wedata-task/arguments";
import type { DataWorksDISyncTaskArgs } from "./dataworks-di-sync-task";
import type { DataWorksTaskArgs } from "./dataworks-task";
import type { DataWorksTaskSetArgs } from "./dataworks-task-set";
import type { DataWorksWorkflowArgs } from "./dataworks-workflow";
import { applied, impliedPaths, overridesFor } from "./environment/applying";
import { COMPLETE, ORIGIN, originOf, overDefaults, pathsOf, recordEnvironment } from "./environment/declared";
import type { Origin } from "./environment/declared";
import { mergedWith } from "./environment/merging";
import {
  type Chosen,
  type ClassName,
  checkNames,
  checkStacks,
  chosenFor,
  listedNames,
  tableOf,
} from "./environment/stacks";
import type { DefaultsOf } from "./task-set";
import type { WeDataTaskArgs } from "./wedata-task";
import type { WeDataTaskSetArgs } from "./wedata-task-set";

/** What is different in one stack. Everything may be left out. */
export interface StackDeclaration<Values extends object = object> {
  /** Another entry whose declarations hold here as well, where this one has none of its own. */
  like?: string;
  /**
   * Texts, numbers and flags for use anywhere in the program, such as the name of a database in a script: the same names in
   * every stack. They are read as `environment.values.NAME`.
   */
  values?: Values;
  /** Put before the name of every task, such as `anna_` in a personal stack. Default none. */
  namePrefix?: string;
  /**
   * What the schedules do: `run` as the tasks say (default), `dry`, so that runs succeed without executing (DataWorks
   * `Skip`, WeData `dryRun`), or `paused`, so that runs do not execute and block what depends on them (DataWorks alone).
   * Tasks that are started by hand stay as they are, and so does what `own` says of a task.
   */
  schedules?: "run" | "dry" | "paused";
  /** Names of what exists in this stack and not in those that do not list it; asked for with `environment.has(NAME)`. */
  only?: readonly string[];
  /**
   * Arguments of every DataWorksTask, alone, in a set or of a workflow, such as `projectId`, `connection`, `owner`,
   * `runtimeResource`. They win over those of the task. Groups and maps are merged member by member, everything else as a whole.
   */
  DataWorksTask?: DefaultsOf<DataWorksTaskArguments>;
  /** Arguments of every DataWorksDISyncTask, in the same way. */
  DataWorksDISyncTask?: DefaultsOf<DataWorksDISyncTaskArguments>;
  /** Arguments of every WeDataTask, alone or in a set, in the same way. */
  WeDataTask?: DefaultsOf<WeDataTaskArguments>;
}

type Args = Readonly<Record<string, unknown>>;
/** Arguments in which those that belong to a workspace may be left to the environment. */
type WithoutWorkspace<T extends { projectId: unknown }> = Omit<T, "projectId"> & Partial<Pick<T, "projectId">>;
/** What is different for the tasks of one call alone, by the entry of the stack. */
type Own<Stack extends string, T> = Partial<Record<Stack, DefaultsOf<T>>>;

/** What the program's stack has, and how its tasks get it. */
export interface ForEnvironment<Stack extends string = string, Values extends object = object> {
  /** The name of the stack that is deployed. */
  readonly stack: string;
  /** The values that it declares. */
  readonly values: Values;
  /** Whether something exists in this stack: always, unless `only` of some stack lists it and that of this one does not. */
  has(name: string): boolean;
  /** The arguments of a task as they are in this stack. `own` has what is different for this task alone, by stack. */
  DataWorksTask(args: WithoutWorkspace<DataWorksTaskArgs>, own?: Own<Stack, DataWorksTaskArguments>): DataWorksTaskArgs;
  /** The arguments of a batch sync task as they are in this stack. */
  DataWorksDISyncTask(
    args: WithoutWorkspace<DataWorksDISyncTaskArgs>,
    own?: Own<Stack, DataWorksDISyncTaskArguments>,
  ): DataWorksDISyncTaskArgs;
  /** The arguments of a set, each of its tasks as it is in this stack. `own` is for all of its tasks. */
  DataWorksTaskSet(args: DataWorksTaskSetArgs, own?: Own<Stack, DataWorksTaskArguments>): DataWorksTaskSetArgs;
  /** The arguments of a workflow (`DataWorksWorkflow.fromFlowSpec`), whose tasks are as in this stack. `own` is for all of them. */
  DataWorksWorkflow<T extends WithoutWorkspace<DataWorksWorkflowArgs>>(
    args: T,
    own?: Own<Stack, DataWorksTaskArguments>,
  ): T & DataWorksWorkflowArgs;
  /** The arguments of a WeData task as they are in this stack. */
  WeDataTask(args: WithoutWorkspace<WeDataTaskArgs>, own?: Own<Stack, WeDataTaskArguments>): WeDataTaskArgs;
  /** The arguments of a set, each of its tasks as it is in this stack. `own` is for all of its tasks. */
  WeDataTaskSet(args: WeDataTaskSetArgs, own?: Own<Stack, WeDataTaskArguments>): WeDataTaskSetArgs;
}

/**
 * Declares what is different between the stacks of one program, in one place, and gives it for the stack that is deployed.
 * The keys are names of stacks; one `*` stands for the rest of a name (`"dev-*"`), and such an entry may be a function that is
 * given what the star stands for. The exact name comes first, then the longest key that fits; a stack without any stops the
 * program with one sentence, so `"*"` is the default where one is wanted. Everything declared here is known to
 * `data-tasks promote`; nothing of it is recorded in the state.
 */
export function forEnvironment<Stack extends string, Values extends object = object>(
  stacks: Readonly<Record<Stack, StackDeclaration<Values> | ((matched: string) => StackDeclaration<Values>)>>,
): ForEnvironment<Stack, Values> {
  checkStacks(stacks);
  const stack = pulumi.getStack();
  const chosen = chosenFor(stacks, stack);
  const chosenIn = (name: string): Chosen | undefined => {
    if (name === stack) return chosen;
    try {
      return chosenFor(stacks, name);
    } catch {
      // That stack has no entry, so nothing is declared for it.
      return undefined;
    }
  };
  recordEnvironment(chosenIn);
  const { names: listed, silent } = listedNames(stacks);
  const [entry = ""] = chosen.entries;
  const unlisted = chosen.only?.find((name) => !listed.has(name));
  if (unlisted !== undefined) {
    const why = silent.has(entry)
      ? "and its function fails for an empty text, by which the other stacks ask for what it lists; let it take one"
      : "so that the other stacks would have it too; list it whatever the star stands for";
    throw new pulumi.RunError(
      `forEnvironment: ${entry}.only lists ${show(unlisted)} for the stack ${show(stack)} alone, ${why}`,
    );
  }
  const complete = <T extends object>(className: ClassName, base: object, own: Own<Stack, object> = {}): T => {
    const fields = tableOf(className);
    const given = ownOf(className, Object.keys(stacks), own);
    const origin: Origin = {
      className,
      argumentsIn: (name) => {
        const there = chosenIn(name);
        return there && applied(className, base as Args, there, given);
      },
      pathsIn: (name) => {
        const there = chosenIn(name);
        return there
          ? [...pathsOf(className, overridesFor(className, there, given)), ...impliedPaths(className, there)]
          : [];
      },
      over: (defaults, task) => {
        const again = complete<Args>(className, mergedWith(fields, defaults as Args, base as Args), own);
        // What was changed in a copy of the completed arguments, or taken out of it, stays so.
        const same = Object.entries(again).filter(([name]) => (task as Args)[name] === completed[name]);
        const changed = mergedWith(fields, defaults as Args, task as Args);
        return { ...changed, ...Object.fromEntries(same), [ORIGIN]: originOf(again) };
      },
    };
    const completed = applied(className, base as Args, chosen, given);
    return { ...completed, [ORIGIN]: origin } as unknown as T;
  };
  const completeSet = <T extends { tasks: Readonly<Record<string, object>>; defaults?: object }>(
    className: ClassName,
    { defaults = {}, tasks, ...rest }: T,
    own: Own<Stack, object> | undefined,
  ): T => {
    const given = Object.entries(tasks as Record<string, object | undefined>);
    const whole = given.map(([key, task]) => {
      if (task === undefined || task === null) return [key, task];
      if (originOf(task)) return [key, overDefaults(defaults, task)];
      return [key, complete(className, mergedWith(tableOf(className), defaults as Args, task as Args), own)];
    });
    return { ...rest, tasks: Object.fromEntries(whole) as Record<string, object> } as unknown as T;
  };
  return {
    stack,
    values: (chosen.values ?? {}) as Values,
    has: (name) => !listed.has(name) || (chosen.only ?? []).includes(name),
    DataWorksTask: (args, own) => complete("DataWorksTask", args, own),
    DataWorksDISyncTask: (args, own) => complete("DataWorksDISyncTask", args, own),
    WeDataTask: (args, own) => complete("WeDataTask", args, own),
    DataWorksTaskSet: (args, own) => completeSet("DataWorksTask", args, own),
    WeDataTaskSet: (args, own) => completeSet("WeDataTask", args, own),
    DataWorksWorkflow: (args, own) =>
      // The tasks are known when the document is read.
      ({ ...args, [COMPLETE]: (task: object) => complete("DataWorksTask", task, own) }) as never,
  };
}

/** What is different for the tasks of one call, with misspelt names refused. */
function ownOf(
  className: ClassName,
  entries: readonly string[],
  own: Readonly<Record<string, unknown>>,
): Record<string, Readonly<Record<string, unknown>>> {
  for (const [entry, given] of Object.entries(own)) {
    if (!entries.includes(entry))
      throw new pulumi.RunError(
        `forEnvironment: ${className}(…) has arguments for ${JSON.stringify(entry)}, which is not declared; declared are ${entries.join(", ")}`,
      );
    checkNames(`${className}(…) ${entry}`, tableOf(className), (given ?? {}) as Record<string, unknown>);
  }
  return own as Record<string, Readonly<Record<string, unknown>>>;
}
