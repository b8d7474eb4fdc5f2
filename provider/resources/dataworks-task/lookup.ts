import { type AlibabaClient } from "../../clouds/alibaba/client";
import { isParameter, mayMeanMissing } from "../../core/errors";
import { type WireTask, wireId } from "./wire";

interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
}
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
const isDoubtful = (error: unknown) => mayMeanMissing(error) || isParameter(error);

/** The task, or `undefined` when it is not there; a doubtful error is settled by asking the list. */
export async function getTask(
  asking: Asking,
  projectId: string,
  taskId: string,
  env: string,
): Promise<WireTask | undefined> {
  const { client, about, deadline } = asking;
  try {
    const answer = await client.call("GetTask", { Id: taskId, ProjectEnv: env }, { about, deadline });
    const task = answer["Task"] as WireTask | undefined;
    return task?.Id === undefined ? undefined : task;
  } catch (error) {
    if (!isDoubtful(error)) throw error;
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
    { ProjectId: projectId, ProjectEnv: env, Ids: ids.map(wireId), PageSize: Math.max(10, ids.length) },
    { about, deadline },
  );
  return page<WireTask>(listed, "Tasks").items;
}

/** The node, or `undefined` when it is not there; a doubtful error is settled by asking the list. */
export async function getNode(asking: Asking, projectId: string, nodeId: string): Promise<WireNode | undefined> {
  const { client, about, deadline } = asking;
  try {
    const answer = await client.call("GetNode", { ProjectId: projectId, Id: nodeId }, { about, deadline });
    const node = answer["Node"] as WireNode | undefined;
    return node?.Id === undefined ? undefined : node;
  } catch (error) {
    if (!isDoubtful(error)) throw error;
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

const PAGE_SIZE = 100;

async function everyPage<T>(
  { client, about, deadline }: Asking,
  operation: "ListNodes" | "ListDownstreamTasks",
  parameters: Record<string, unknown>,
  name: string,
): Promise<T[]> {
  const found: T[] = [];
  for (let pageNumber = 1; ; pageNumber++) {
    const answer = await client.call(
      operation,
      { ...parameters, PageNumber: pageNumber, PageSize: PAGE_SIZE },
      { about, deadline },
    );
    const { items, total } = page<T>(answer, name);
    found.push(...items);
    if (items.length === 0 || found.length >= total) return found;
  }
}

function page<T>(answer: Record<string, unknown>, name: string): Page<T> {
  const paging = (answer["PagingInfo"] ?? {}) as Record<string, unknown>;
  return { items: Array.isArray(paging[name]) ? (paging[name] as T[]) : [], total: Number(paging["TotalCount"] ?? 0) };
}
