import { type AlibabaClient } from "../../clouds/alibaba/client";
import { isParameter, mayMeanMissing } from "../../core/errors";
import { type Listing, PageSize, listing } from "../../core/listing";
import { emptyAnswer, everyItem, isEmptyAnswer, orNothing, page } from "../empty-answer";
import { type WireTask, asTask, wireId } from "./wire";

export interface NodeItem {
  Id?: string | number;
  Name?: string;
  Description?: string;
  TaskId?: string | number;
}
export interface WireNode extends NodeItem {
  Spec?: string;
  ModifyTime?: string | number;
}

/** How a call is made: for whom, and until when. */
export interface Asking {
  readonly client: AlibabaClient;
  readonly about: string;
  readonly deadline: number;
  /** How long something may stand still before it counts as waiting for an approval, in milliseconds. */
  readonly approval?: number;
  /** Tells the user how far something is that takes long. */
  readonly inform?: (message: string) => void;
}

/** Any refusal by the service itself can mean “there is no such thing”: nobody has established the code (contracts.md §7). */
export const isDoubtful = (error: unknown): boolean => mayMeanMissing(error) || isParameter(error);

const isShown = <T extends { Id?: unknown }>(thing: T | null | undefined): thing is T =>
  thing?.Id !== undefined && thing.Id !== null;

/** The task, or `undefined` when it is not there; a doubtful answer is settled by asking the list. */
export async function getTask(
  asking: Asking,
  projectId: string,
  taskId: string,
  env: string,
): Promise<WireTask | undefined> {
  const { client, about, deadline } = asking;
  try {
    const answer = await client.call("GetTask", { Id: taskId, ProjectEnv: env }, { about, deadline });
    const task = answer["Task"] as WireTask | null | undefined;
    if (isShown(task)) return task;
    throw emptyAnswer("GetTask", answer, "Task", { about });
  } catch (error) {
    if (!isDoubtful(error) && !isEmptyAnswer(error)) throw error;
    const listed = await listTasks(asking, projectId, [taskId], env);
    if (listed.some(({ Id }) => String(Id) === taskId)) throw error;
    return undefined;
  }
}

/** Up to a page of tasks in one call, without their scripts, variables, outputs, dependencies and tags. */
export async function listTasks(
  { client, about, deadline }: Asking,
  projectId: string,
  ids: readonly string[],
  env: string,
): Promise<readonly WireTask[]> {
  const listed = await client.call(
    "ListTasks",
    { ProjectId: projectId, ProjectEnv: env, Ids: ids.map(wireId), PageSize: Math.max(LEAST_PAGE, ids.length) },
    { about, deadline },
  );
  return page<WireTask>("ListTasks", listed, "Tasks").items.map(asTask);
}

/** Who looks at many tasks takes them as they were so many milliseconds ago at most. */
export const SEEN_WITHIN = 60_000;

/**
 * The task as the list shows it, in one call with the others that are asked for. `undefined` says nothing: whether it is
 * there, GetTask knows. `oldest`: how many milliseconds ago it may have been read.
 */
export const listedTask = (
  { client, about, deadline }: Asking,
  projectId: string,
  taskId: string,
  env: string,
  oldest = 0,
): Promise<WireTask | undefined> => tasksOf(client, projectId, env).find({ id: taskId, about, deadline }, oldest);

/** To be told of each write: what the list has shown before is old then. */
export const forgetTask = ({ client }: Pick<Asking, "client">, projectId: string, taskId: string, env: string): void =>
  tasksOf(client, projectId, env).forget(taskId);

/** The task with what the list shows of it; or as it is read by itself, which also tells that it is gone. */
export const shownTask = async (
  asking: Asking,
  projectId: string,
  taskId: string,
  env: string,
  oldest = 0,
): Promise<WireTask | undefined> =>
  (await listedTask(asking, projectId, taskId, env, oldest)) ?? getTask(asking, projectId, taskId, env);

const listings = new Map<string, Listing<WireTask>>();

function tasksOf(client: AlibabaClient, projectId: string, env: string): Listing<WireTask> {
  const key = `${client.key}\n${projectId}/${env}`;
  let tasks = listings.get(key);
  if (tasks === undefined) {
    tasks = listing<WireTask>({
      idOf: ({ Id }) => String(Id),
      most: pageSizeOf(client),
      byIds(asks) {
        const [first] = asks as [(typeof asks)[0]];
        const about = asks.length === 1 ? first.about : `${String(asks.length)} tasks, first ${first.about}`;
        const deadline = Math.max(...asks.map((ask) => ask.deadline));
        return listTasks(
          { client, about, deadline },
          projectId,
          asks.map(({ id }) => id),
          env,
        ).catch(orNothing([]));
      },
      page: (number, size, { deadline }) =>
        client
          .call(
            "ListTasks",
            { ProjectId: projectId, ProjectEnv: env, SortBy: "Id Asc", PageNumber: number, PageSize: size },
            { about: `tasks of workspace ${projectId}`, deadline },
          )
          .then((answer) => page<WireTask>("ListTasks", answer, "Tasks"))
          .then(({ items, total }) => ({ items: items.map(asTask), total }))
          .catch(orNothing({ items: [], total: 0 })),
    });
    listings.set(key, tasks);
  }
  return tasks;
}

/** The node, or `undefined` when it is not there; a doubtful answer is settled by asking the list. */
export async function getNode(asking: Asking, projectId: string, nodeId: string): Promise<WireNode | undefined> {
  const { client, about, deadline } = asking;
  try {
    const answer = await client.call("GetNode", { ProjectId: projectId, Id: nodeId }, { about, deadline });
    const node = answer["Node"] as WireNode | null | undefined;
    if (isShown(node)) return node;
    throw emptyAnswer("GetNode", answer, "Node", { about });
  } catch (error) {
    if (!isDoubtful(error) && !isEmptyAnswer(error)) throw error;
    for (const scene of Object.values(SCENES)) {
      const listed = await listNodes(asking, projectId, { Scene: scene });
      if (listed.some(({ Id }) => String(Id) === nodeId)) throw error;
    }
    return undefined;
  }
}

/** Nodes whose name is exactly this one; the service's filter is fuzzy. */
export async function nodesNamed(asking: Asking, projectId: string, scene: string, name: string): Promise<NodeItem[]> {
  return (await listNodes(asking, projectId, { Scene: scene, Name: name })).filter(({ Name }) => Name === name);
}

async function listNodes(asking: Asking, projectId: string, filter: Record<string, string>): Promise<NodeItem[]> {
  return everyPage<NodeItem>(asking, "ListNodes", { ProjectId: projectId, ...filter }, "Nodes");
}

/** The tasks that would be left without this one. */
export async function downstreamOf(asking: Asking, taskId: string, env: string): Promise<WireTask[]> {
  const edges = await everyPage<{ Task?: WireTask }>(
    asking,
    "ListDownstreamTasks",
    { Id: taskId, ProjectEnv: env },
    "DownstreamTasks",
  );
  return edges.flatMap(({ Task }) => (Task && String(Task.Id) !== taskId ? [Task] : []));
}

/** The areas of Data Studio: scheduled nodes, and those that are only started by hand. */
export const SCENES = { Scheduler: "DATAWORKS_PROJECT", Manual: "DATAWORKS_MANUAL_TASK" } as const;

/** The areas in which the node of an existing task can be; those of manual workflows are in one of their own. */
export function scenesOf({ Trigger }: WireTask): readonly string[] {
  const manual = [SCENES.Manual, "DATAWORKS_MANUAL_WORKFLOW"];
  if (Trigger?.Type === "Scheduler") return [SCENES.Scheduler];
  return Trigger?.Type === "Manual" ? manual : [SCENES.Scheduler, ...manual];
}

/** Assumption, named here alone: a page of the list operations has room for so many; their greatest size is not documented. */
const PAGE_SIZE = 100;
/** The documented default, which no service refuses. */
const LEAST_PAGE = 10;

const pageSizes = new Map<string, PageSize>();
/** How much fits one page of the lists of this account; what was found out stays for the process. */
function pageSizeOf({ key }: AlibabaClient): PageSize {
  let size = pageSizes.get(key);
  if (size === undefined) pageSizes.set(key, (size = new PageSize(PAGE_SIZE, LEAST_PAGE)));
  return size;
}

/** Everything in a list. */
export async function everyPage<T>(
  { client, about, deadline }: Asking,
  operation: "ListNodes" | "ListDownstreamTasks" | "ListTasks",
  parameters: Record<string, unknown>,
  name: string,
): Promise<T[]> {
  const ask = async (number: number, size: number) =>
    page<T>(
      operation,
      await client.call(operation, { ...parameters, PageNumber: number, PageSize: size }, { about, deadline }),
      name,
    );
  const { size, first } = await pageSizeOf(client).within(async (each) => ({ size: each, first: await ask(1, each) }));
  return everyItem(operation, (number) => (number === 1 ? first : ask(number, size)));
}
