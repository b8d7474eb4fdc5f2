import { createHash } from "node:crypto";
import { type Placed, isObject, leaves, valueAt } from "../../core/fields";
import { tokenOf } from "../../core/token";
import { carries, understood } from "../../core/wire";
import { type WeDataTaskArguments, fields } from "./arguments";
import { type Dependency, detailed } from "./dependencies";
import { TOKEN_KEY, entriesOf, shapesOf } from "./extension";
import { type ReadTerms, type Shapes, asText, isNothing } from "./spelling";

/** Every argument with its path. */
export const table: readonly Placed[] = leaves(fields);

const LISTS = "DescribeDependTaskLists";
/** Properties that the lists of the operations centre show. */
export const isInLists = (path: string): boolean =>
  table.some((placed) => placed.path === path && carries(placed, LISTS));
/** Properties that other reads show and the lists do not. */
export const UNLISTED: readonly string[] = table
  .filter((placed) => !carries(placed, LISTS))
  .filter((placed) => carries(placed, "DescribeTaskDetailDs") || placed.path === "script.content")
  .map(({ path }) => path);
/** The paths that arguments give a value. */
export const declaredPathsOf = (args: Partial<WeDataTaskArguments>): string[] =>
  table.map(({ path }) => path).filter((path) => valueAt(args, path) !== undefined);

type Maybe<T> = T | null | undefined;

/**
 * A task as the reads return it, as far as it is looked at beside the table: TaskDsDTO (DescribeTaskDetailDs, mainland
 * site), TaskOpsDto (DescribeDependTaskLists, DescribeOperateOpsTasks).
 */
export interface WireTask {
  readonly [name: string]: unknown;
  readonly TaskId?: Maybe<string>;
  readonly TaskName?: Maybe<string>;
  readonly ProjectId?: Maybe<string>;
  readonly WorkflowId?: Maybe<string>;
  readonly TaskType?: Maybe<{ TypeId?: Maybe<number | string> }>;
  readonly TaskTypeId?: Maybe<number | string>;
  readonly Notes?: Maybe<string>;
  readonly CycleType?: Maybe<string>;
  readonly SelfDepend?: Maybe<string>;
  readonly TryLimit?: Maybe<number>;
  readonly ExecutionTTL?: Maybe<number>;
  readonly TaskExt?: Maybe<{ Properties?: unknown }>;
  readonly Params?: unknown;
  readonly LeftCoordinate?: Maybe<number>;
  readonly TopCoordinate?: Maybe<number>;
  readonly Submit?: Maybe<boolean>;
  readonly LastUpdate?: Maybe<string>;
  readonly UpdateUser?: Maybe<string>;
}

export type ReadOperation = "DescribeTaskDetailDs" | "DescribeDependTaskLists" | "DescribeOperateOpsTasks";

/** What has to be remembered to read a task in the words in which it was declared; nothing in it where nothing has to be. */
export interface Reading {
  /** The code is declared: it costs a call of its own to read. */
  readonly script?: true;
  /** Task parameters are declared: one of the reads may leave them out. */
  readonly parameters?: true;
  /** The declared keys of taskExt: the service adds others. */
  readonly taskExt?: Shapes;
  /** Dependencies that were declared with more than the service shows again. */
  readonly dependencies?: readonly Dependency[];
  /** What the words of SelfDepend have turned out to mean: as assumed, or the contrary; see words.ts, readSelfDepend. */
  readonly selfDepend?: "known" | "swapped";
  /** Reads show one more than the retries that were set (contracts.md §6.23). */
  readonly countsRuns?: true;
  /** Properties that the service took without effect: said once, and not compared until they are sent again. */
  readonly ignored?: readonly string[];
  /** The reads of this site show what production runs, and not the newest edit. */
  readonly showsSubmitted?: true;
  /** Properties that the service shows in its own way right after they were set. */
  readonly rendered?: readonly string[];
  /** A token line found in the notes of an adopted task: it stays there. */
  readonly token?: string;
  /** The task was made here, and what it was made with has been compared with the reads since: see MADE_WITH. */
  readonly made?: true;
  /** The owners were declared for a draft, and only operations can set them, once it is published. */
  readonly ownersDue?: true;
}

/** What a task is made with, and what the version before did not read: a task of that time is not made anew for it. */
const MADE_WITH = ["taskFolderId", "instanceInitStrategy", "productName"] as const;

/** The reading of a state, also of one that the version before has written. */
export function readingIn(state: unknown): Reading | undefined {
  if (!isObject(state)) return undefined;
  const { selfDependSwapped, ...reading } = state;
  const keys = state["taskExt"];
  return {
    ...reading,
    ...(Array.isArray(keys) && { taskExt: Object.fromEntries(keys.map((key) => [String(key), ""])) }),
    ...(selfDependSwapped === true && { selfDepend: "swapped" }),
  };
}

/** What to remember for reading these arguments, if anything; what was learned about the service stays. */
export function readingOf(args: Partial<WeDataTaskArguments>, before: Reading | undefined): Reading | undefined {
  const { selfDepend, countsRuns, showsSubmitted, token, made, ownersDue, rendered = [] } = before ?? {};
  const ignored = (before?.ignored ?? []).filter((path) => valueAt(args, path) !== undefined);
  const dependencies = detailed(args.dependencies ?? []);
  const reading: Reading = {
    ...(args.script?.content !== undefined && { script: true }),
    ...(args.parameters !== undefined && { parameters: true }),
    ...(args.taskExt !== undefined && { taskExt: shapesOf(args.taskExt) }),
    ...(dependencies.length > 0 && { dependencies }),
    ...(selfDepend && { selfDepend }),
    ...(countsRuns && { countsRuns }),
    ...(ignored.length > 0 && { ignored }),
    ...(showsSubmitted && { showsSubmitted }),
    ...(rendered.length > 0 && { rendered }),
    ...(token !== undefined && { token }),
    ...(made && MADE_WITH.some((path) => args[path] !== undefined) && { made }),
    ...(ownersDue && args.owners !== undefined && { ownersDue }),
  };
  return Object.keys(reading).length === 0 ? undefined : reading;
}

/**
 * Names of one thing. Two of the reads call it by the first and leave the second null, the list of the operations centre
 * does the reverse, and so do the two task types with the retries (contracts.md §4.2, §6.23).
 */
const NAMES: readonly (readonly [string, string])[] = [
  ["CycleType", "CycleUnit"],
  ["CycleStep", "CycleNum"],
  ["CrontabExpression", "Crontab"],
  ["StartTime", "StartDate"],
  ["EndTime", "EndDate"],
  ["ResourceGroup", "ExecutorGroupId"],
  ["InstanceInitStrategy", "InitStrategy"],
  ["Retriable", "RetryAble"],
  ["LastUpdate", "UpdateTime"],
  ["SourceServer", "SourceServiceId"],
  ["TargetServer", "TargetServiceId"],
];

/** An answer in which each thing stands under both of its names, and ids are texts. */
export function withBothNames(answer: Readonly<Record<string, unknown>>): WireTask {
  const task: Record<string, unknown> = { ...answer };
  const isEmpty = (value: unknown) => isNothing(value) || value === "";
  for (const [one, other] of NAMES) {
    if (isEmpty(task[one])) task[one] = task[other] ?? task[one];
    if (isEmpty(task[other])) task[other] = task[one];
  }
  for (const name of ["TaskId", "ProjectId", "WorkflowId"]) task[name] = asText(task[name]);
  const type = (task["TaskType"] as WireTask["TaskType"])?.TypeId;
  task["TaskTypeId"] ??= type;
  if (isNothing(type) && !isNothing(task["TaskTypeId"])) task["TaskType"] = { TypeId: task["TaskTypeId"] };
  return task;
}

/** Kinds of which an answer without a value says nothing: there is no empty number. */
const NEVER_EMPTY: ReadonlySet<string> = new Set(["integer", "number", "flag", "choice"]);

/** A task in the words of the arguments, and what this read says nothing about. */
export function fromWire(
  task: WireTask,
  operation: ReadOperation,
  terms: ReadTerms & { readonly reading?: Reading },
): { values: Record<string, unknown>; unreadable: (path: string) => boolean } {
  const values = understood(table, operation, task, { ...terms });
  const silent = table.filter(({ path, leaf }) => {
    if (leaf.option) return false;
    const parameter = leaf.wire?.[operation];
    if (parameter === undefined) return true;
    if (terms.reading?.made !== true && (MADE_WITH as readonly string[]).includes(path)) return true;
    const value = valueAt(values, path);
    // Nobody has made a task with an empty text: a read that shows one does not know.
    if (value !== undefined && !(leaf.replace && value === "")) return false;
    const answer = valueAt(task, parameter);
    // A word that nobody has documented, no number where one belongs, nothing of what a task was made with.
    if (!isNothing(answer) || NEVER_EMPTY.has(leaf.kind) || leaf.replace) return true;
    // The international site has no such member in its answers.
    return path === "scheduleTimeZone" && answer === undefined;
  });
  const unreadable = new Set([...silent.map(({ path }) => path), ...(terms.reading?.ignored ?? [])]);
  return { values, unreadable: (path) => unreadable.has(path) };
}

/** The creation token that a task carries. */
export const tokenOfTask = (task: WireTask): string | undefined =>
  tokenOf(asText(task.Notes) ?? "") ?? entriesOf(task.TaskExt?.Properties)[TOKEN_KEY];

/** The place on the canvas where a task with this token is put: the one mark of it that every read shows from the first moment on. */
export function canvasPlace(token: string): { LeftCoordinate: number; TopCoordinate: number } {
  const hash = createHash("sha256").update(token).digest();
  return { LeftCoordinate: 40 + (hash.readUInt16BE(0) % 4000), TopCoordinate: 40 + (hash.readUInt16BE(2) % 4000) };
}

export const modifyTimeOf = (task: WireTask): string | undefined => asText(task.LastUpdate);
