import * as pulumi from "@pulumi/pulumi";
import { configure } from "../provider/clouds/connections";
import { limiterServers } from "../provider/clouds/limiter-settings";
import { shareLimits } from "../provider/clouds/limits";
import { type Rule, checkArguments } from "../provider/core/check";
import type { Fields } from "../provider/core/fields";
import { sentenceOf } from "../provider/core/findings";
import { stableText } from "../provider/core/record";
import {
  type DataWorksTaskQuery,
  type DataWorksTasksQuery,
  type LookedUpDataWorksTask,
  lookUpDataWorksTask,
  lookUpDataWorksTasks,
  taskQueryFields,
  taskQueryRules,
  tasksQueryFields,
} from "../provider/lookups/dataworks-tasks";
import {
  type LookedUpWeDataTask,
  type WeDataTaskQuery,
  lookUpWeDataTask,
  weDataTaskQueryFields,
} from "../provider/lookups/wedata-task";
import { warnOfUnknownSettings } from "./configuration";
import { refusePlainCredentials } from "./credentials";
import { outputsExist } from "./entering";
import type { InputsOf } from "./inputs";
import { perRun } from "./run";
import { isComputed } from "./computed";

/** The arguments of getDataWorksTask. */
export type GetDataWorksTaskArgs = DataWorksTaskQuery;
/** The arguments of getDataWorksTaskOutput. */
export type GetDataWorksTaskOutputArgs = InputsOf<DataWorksTaskQuery>;
/** What getDataWorksTask finds. */
export type GetDataWorksTaskResult = LookedUpDataWorksTask;
/** The arguments of getDataWorksTasks. */
export type GetDataWorksTasksArgs = DataWorksTasksQuery;
/** The arguments of getDataWorksTasksOutput. */
export type GetDataWorksTasksOutputArgs = InputsOf<DataWorksTasksQuery>;
/** The arguments of getWeDataTask. */
export type GetWeDataTaskArgs = WeDataTaskQuery;
/** The arguments of getWeDataTaskOutput. */
export type GetWeDataTaskOutputArgs = InputsOf<WeDataTaskQuery>;
/** What getWeDataTask finds. */
export type GetWeDataTaskResult = LookedUpWeDataTask;

/**
 * Finds a task of DataWorks that others own, by its id or its exact name, also in a preview. The same question is asked
 * once in a run. A task that is not there, or is not the only one of its name, stops the program with one sentence.
 */
export const getDataWorksTask = async (args: GetDataWorksTaskArgs): Promise<GetDataWorksTaskResult> => {
  const task = await ask("getDataWorksTask", taskQueryFields, taskQueryRules, args, lookUpDataWorksTask);
  outputsExist(task.outputs?.taskOutputs);
  return task;
};

/** Gives what getDataWorksTask finds as an output, for arguments that are still to be computed. */
export const getDataWorksTaskOutput = (args: GetDataWorksTaskOutputArgs): pulumi.Output<GetDataWorksTaskResult> =>
  pulumi.output(args).apply((known) => getDataWorksTask(withoutAbsent(known) as GetDataWorksTaskArgs));

/**
 * Finds the tasks of a DataWorks workspace that pass every filter, by id, also in a preview. The same question is asked
 * once in a run. None is an empty list.
 */
export const getDataWorksTasks = async (args: GetDataWorksTasksArgs): Promise<GetDataWorksTaskResult[]> => {
  const tasks = await ask("getDataWorksTasks", tasksQueryFields, [], args, lookUpDataWorksTasks);
  for (const { outputs } of tasks) outputsExist(outputs?.taskOutputs);
  return tasks;
};

/** Gives what getDataWorksTasks finds as an output, for arguments that are still to be computed. */
export const getDataWorksTasksOutput = (args: GetDataWorksTasksOutputArgs): pulumi.Output<GetDataWorksTaskResult[]> =>
  pulumi.output(args).apply((known) => getDataWorksTasks(withoutAbsent(known) as GetDataWorksTasksArgs));

/**
 * Finds a task of WeData that others own, by its id, also in a preview. The same question is asked once in a run. A task
 * that is not there stops the program with one sentence.
 */
export const getWeDataTask = async (args: GetWeDataTaskArgs): Promise<GetWeDataTaskResult> =>
  ask("getWeDataTask", weDataTaskQueryFields, [], args, lookUpWeDataTask);

/** Gives what getWeDataTask finds as an output, for arguments that are still to be computed. */
export const getWeDataTaskOutput = (args: GetWeDataTaskOutputArgs): pulumi.Output<GetWeDataTaskResult> =>
  pulumi.output(args).apply((known) => getWeDataTask(withoutAbsent(known) as GetWeDataTaskArgs));

const answers = perRun(() => new Map<string, Promise<unknown>>());

/** One answer per question and run, also where it is asked again before the answer is there. */
function ask<Q extends object, T>(
  name: string,
  fields: Fields<Q>,
  rules: readonly Rule[],
  args: Q,
  lookUp: (query: Q) => Promise<T>,
): Promise<T> {
  const later = isComputed(args)
    ? "what it is asked"
    : Object.entries({ ...args }).find(([, value]) => isComputed(value))?.[0];
  if (later !== undefined)
    return Promise.reject(new pulumi.RunError(`${name}: ${later} is still to be computed; use ${name}Output instead`));
  const { inputs, findings } = checkArguments(fields, rules, { ...args } as Record<string, unknown>);
  if (findings.length > 0)
    return Promise.reject(new pulumi.RunError(findings.map((finding) => `${name}: ${sentenceOf(finding)}`).join("\n")));
  const question = `${name} ${stableText(inputs)}`;
  const cache = answers();
  const known = cache?.get(question);
  if (known !== undefined) return known as Promise<T>;
  const answer = lookUpNow(name, inputs as Q, lookUp);
  cache?.set(question, answer);
  return answer;
}

async function lookUpNow<Q extends object, T>(name: string, query: Q, lookUp: (query: Q) => Promise<T>): Promise<T> {
  refusePlainCredentials();
  warnOfUnknownSettings();
  // A copy: the call goes on after this turn, when another run of this process may be the current one. Nothing may be
  // awaited between this and the look-up, which takes its client at once.
  const settings = pulumi.runtime.allConfig();
  const source = { get: (key: string) => settings[key] };
  configure(source);
  shareLimits((message) => void pulumi.log.warn(message), limiterServers(source));
  try {
    return await lookUp(query);
  } catch (error) {
    // The sentence is for the user, the stack is ours.
    if (!(error instanceof Error)) throw error;
    throw new pulumi.RunError(`${name}: ${error.message}`);
  }
}

const withoutAbsent = (members: object): object =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

/** Tells a task that getDataWorksTask has found. */
export const isLookedUpDataWorksTask = (value: unknown): value is LookedUpDataWorksTask =>
  hasId(value) && /^\d+\/(Prod|Dev)\/task\/\d+$/.test(value.id);

/** Tells a task that getWeDataTask has found. */
export const isLookedUpWeDataTask = (value: unknown): value is LookedUpWeDataTask =>
  hasId(value) && /^\d+\/\d+$/.test(value.id);

const hasId = (value: unknown): value is { id: string } =>
  typeof value === "object" &&
  value !== null &&
  !pulumi.Resource.isInstance(value) &&
  typeof (value as { id?: unknown }).id === "string" &&
  typeof (value as { taskId?: unknown }).taskId === "string";
