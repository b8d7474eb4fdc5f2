import { type TencentClient } from "../../clouds/tencent/client";
import { type CloudError, TaskError, mayMeanMissing } from "../../core/errors";
import { isObject } from "../../core/fields";
import { type Listing, PageSize, listing } from "../../core/listing";
import { everyItem, page } from "../empty-answer";
import { decode } from "./spelling";
import { type ReadOperation, type Reading, type WireTask, withBothNames } from "./wire";

/** Assumption, named here alone: whether reads show an update at once is not documented; this long they may be late. */
export const SETTLING_MILLISECONDS = 3_000;

/** How a call is made: for whom, and until when. */
export interface Asking {
  readonly client: TencentClient;
  readonly projectId: string;
  readonly about: string;
  readonly deadline: number;
}

/** A task as it was found. */
export interface Sighting {
  readonly task: WireTask;
  /** Which read it comes from; none where a draft, which no read lists, is only known to exist. */
  readonly operation: ReadOperation | undefined;
  /** The editing space has lost it, and the scheduler still runs it. */
  readonly scheduledOnly?: true;
  /** The code, where it was asked for and could be read. */
  readonly script?: string;
}

/**
 * The task, or `undefined` when no part of it is left. No document gives the answer for a missing task, and
 * FailedOperation stands for any refusal (contracts.md §6.30, §7): so it is gone only when the reads by id deny it and
 * the list, which answers with an empty page, does not have it; and the editing space has lost it only when its name is
 * free there, too.
 */
export async function readTask(
  asking: Asking,
  taskId: string,
  reading: Reading,
  published: boolean,
): Promise<Sighting | undefined> {
  const seen =
    asking.client.site === "cn" ? await readOnMainland(asking, taskId) : await readAbroad(asking, taskId, published);
  if (!seen) return undefined;
  const { task } = seen;
  const isDetail = seen.operation === "DescribeTaskDetailDs";
  const params = reading.parameters && isDetail && !task.Params ? await readParameters(asking, taskId) : task.Params;
  const script = reading.script && !seen.scheduledOnly ? await readScript(asking, taskId) : undefined;
  return { ...seen, task: { ...task, Params: params }, ...(script !== undefined && { script }) };
}

async function readOnMainland(asking: Asking, taskId: string): Promise<Sighting | undefined> {
  const { seen: whole, denial } = await readDetail(asking, taskId);
  if (whole) return whole;
  const seen = await inOperations(asking, taskId);
  if ((await readScript(asking, taskId)) !== undefined) {
    throw (
      denial ??
      new TaskError(`${asking.about}: DescribeTaskDetailDs shows no task ${taskId}, although other reads do; run again`)
    );
  }
  const [name, type] = [seen?.task.TaskName ?? "", Number(seen?.task.TaskTypeId)];
  if (name === "" || !(type > 0)) {
    // There is no other witness than the one that has denied it.
    const again = denial && (await readDetail(asking, taskId)).seen;
    if (again) return again;
  } else if ((await nameExists(asking, type, name)) && !(await isAnothers(asking, taskId, type, name))) {
    // A task without code is denied by both reads of the editing space when it is busy: production has to keep it.
    throw new TaskError(
      `${asking.about}: DescribeTaskDetailDs shows no task ${taskId}, and the editing space has a task of its name, ${name}; run again, and where that does not help, give the other task another name`,
      { cause: denial },
    );
  }
  return seen && { ...seen, scheduledOnly: true };
}

/** The task as the editing space has it, or its denial, where it is one. */
async function readDetail(asking: Asking, taskId: string): Promise<{ seen?: Sighting; denial?: CloudError }> {
  const { client, projectId } = asking;
  try {
    const { Data } = await client.call("DescribeTaskDetailDs", { ProjectId: projectId, TaskId: taskId }, asking);
    const isThere = isObject(Data) && Data["TaskId"];
    return isThere ? { seen: { task: withBothNames(Data), operation: "DescribeTaskDetailDs" } } : {};
  } catch (error) {
    if (!mayMeanMissing(error)) throw error;
    return { denial: error };
  }
}

async function readAbroad(asking: Asking, taskId: string, published: boolean): Promise<Sighting | undefined> {
  const seen = await inOperations(asking, taskId);
  if (seen) return seen;
  // Whether the lists see a task that was never submitted is not documented; its code is part of the editing space.
  const exists = !published && (await readScript(asking, taskId)) !== undefined;
  return exists ? { task: { TaskId: taskId, ProjectId: asking.projectId }, operation: undefined } : undefined;
}

async function inOperations(asking: Asking, taskId: string): Promise<Sighting | undefined> {
  const task = await dependTask(asking, taskId);
  if (task) return { task, operation: "DescribeDependTaskLists" };
  const listed = await listedTask(asking, taskId);
  return listed && { task: listed, operation: "DescribeOperateOpsTasks" };
}

/** The task as the operations centre has it. */
export const operationsTask = async (asking: Asking, taskId: string): Promise<WireTask | undefined> =>
  (await inOperations(asking, taskId))?.task;

/** The task in the list of the operations centre, which answers with an empty page where there is none. */
export const listedTask = async (asking: Asking, taskId: string): Promise<WireTask | undefined> =>
  (await listTasks(asking, { TaskIdList: taskId })).find(({ TaskId }) => TaskId === taskId);

/** Those of the tasks that are there, in one call; finding none of them may be a refusal (contracts.md §6.30). */
export async function dependTasks(asking: Asking, taskIds: readonly string[]): Promise<WireTask[]> {
  try {
    const { Data } = await asking.client.call(
      "DescribeDependTaskLists",
      { ProjectId: asking.projectId, TaskIds: taskIds },
      asking,
    );
    return tasksIn(Data).filter(({ TaskId }) => taskIds.includes(TaskId ?? ""));
  } catch (error) {
    if (!mayMeanMissing(error)) throw error;
    return [];
  }
}

/** Assumption, named here alone: how many ids DescribeDependTaskLists takes is not documented; where it is fewer, that is found out. */
const MOST_IDS = 50;

const listings = new Map<string, Listing<WireTask>>();
const sizes = new Map<string, PageSize>();

/**
 * The task as the operations centre has it, in one call with the others that are asked for. `undefined` says nothing:
 * whether it is there, readTask knows.
 */
export function dependTask(asking: Asking, taskId: string): Promise<WireTask | undefined> {
  const { client, projectId, about, deadline } = asking;
  const key = `${client.key}\n${projectId}`;
  let tasks = listings.get(key);
  if (tasks === undefined) {
    let most = sizes.get(client.key);
    if (most === undefined) sizes.set(client.key, (most = new PageSize(MOST_IDS)));
    tasks = listing<WireTask>({
      idOf: ({ TaskId }) => TaskId ?? "",
      most,
      byIds(asks) {
        const [first] = asks as [(typeof asks)[0]];
        const together = {
          client,
          projectId,
          about: asks.length === 1 ? first.about : `${String(asks.length)} tasks, first ${first.about}`,
          deadline: Math.max(...asks.map((ask) => ask.deadline)),
        };
        return dependTasks(
          together,
          asks.map(({ id }) => id),
        );
      },
    });
    listings.set(key, tasks);
  }
  return tasks.find({ id: taskId, about, deadline });
}

// TaskNameList separates names by commas.
const byName = (name: string) => (name.includes(",") ? { KeyWord: name } : { TaskNameList: name });

/** Whether the editing space shows another task of the type with the name; the lists also have what only the schedule has left. */
async function isAnothers(asking: Asking, taskId: string, type: number, name: string): Promise<boolean> {
  const found = await listTasks(asking, byName(name));
  const others = found.filter(
    (task) => task.TaskName === name && Number(task.TaskTypeId) === type && task.TaskId !== taskId,
  );
  for (const { TaskId } of others) {
    const { seen } = await readDetail(asking, TaskId ?? "");
    if (seen?.task.TaskName === name) return true;
  }
  return false;
}

/** Tasks of a name in a workflow, whatever their type. */
export async function tasksNamed(asking: Asking, workflowId: string, name: string): Promise<WireTask[]> {
  const found = await listTasks(asking, { ...byName(name), WorkFlowIdList: workflowId });
  return found.filter(({ TaskName, WorkflowId }) => TaskName === name && WorkflowId === workflowId);
}

/**
 * The tasks that wait for one directly. Assumption, named here alone: DescribeSuccessorOpsTaskInfos, which stands in the
 * SDK's models of 2021-08-20 and has no page of its own, answers with tasks as the other lists of the operations centre do.
 */
export async function successors(asking: Asking, taskId: string): Promise<WireTask[]> {
  const key = { ProjectId: asking.projectId, TaskId: taskId };
  const { Data } = await asking.client.call("DescribeSuccessorOpsTaskInfos", key, asking);
  return tasksIn(Data).filter((task) => task.TaskId !== taskId);
}

async function listTasks(asking: Asking, filter: Record<string, string>): Promise<WireTask[]> {
  const operation = "DescribeOperateOpsTasks";
  const ask = async (number: number) => {
    const answer = await asking.client.call(
      operation,
      { ProjectId: asking.projectId, ...filter, PageNumber: String(number), PageSize: String(PAGE_SIZE) },
      asking,
    );
    return page(operation, answer, "Items", { within: "Data", cloud: "wedata" });
  };
  return tasksIn(await everyItem(operation, ask, "wedata"));
}
const PAGE_SIZE = 50;

const tasksIn = (answer: unknown): WireTask[] =>
  (Array.isArray(answer) ? answer : []).filter(isObject).map(withBothNames);

/** Whether a task of this type has the name already. */
export async function nameExists(asking: Asking, taskType: number, name: string): Promise<boolean> {
  const { Data } = await asking.client.call(
    "CheckTaskNameExist",
    { ProjectId: asking.projectId, TypeId: taskType, TaskName: name },
    asking,
  );
  return Data === true;
}

/** The code of a task, or `undefined` when the editing space has no such task. */
export async function readScript(asking: Asking, taskId: string): Promise<string | undefined> {
  const key = { ProjectId: asking.projectId, TaskId: taskId };
  try {
    if (asking.client.site === "cn") return await readPages(asking, key);
    const { Data } = await asking.client.call("DescribeTaskScript", key, asking);
    const content = Data as { ScriptContent?: string | null } | null | undefined;
    return content ? decode(content.ScriptContent ?? "") : undefined;
  } catch (error) {
    if (mayMeanMissing(error)) return undefined;
    throw error;
  }
}

interface ScriptPage {
  PageTotal?: number | null;
  Base64ScriptContent?: string | null;
}

/** Pages are cut anywhere in the base64 text: they are joined before they are decoded. */
async function readPages(asking: Asking, key: object): Promise<string | undefined> {
  let text = "";
  for (let page = 1; ; page++) {
    const { Data } = await asking.client.call("GetPaginationTaskScript", { ...key, PageNum: page }, asking);
    const [part] = (Data ?? []) as ScriptPage[];
    if (!part) return page === 1 ? undefined : decode(text);
    text += part.Base64ScriptContent ?? "";
    if (page >= (part.PageTotal ?? 1)) return decode(text);
  }
}

/** Task parameters by the read that is for them alone. */
export async function readParameters(asking: Asking, taskId: string): Promise<unknown> {
  const { Data } = await asking.client.call(
    "DescribeTaskParamDs",
    { ProjectId: asking.projectId, TaskId: taskId },
    asking,
  );
  return Data;
}

/** Whether a refusal is about the task not being there, as far as reading can tell. */
export async function isGone(asking: Asking, taskId: string, error: unknown): Promise<boolean> {
  return mayMeanMissing(error) && (await readTask(asking, taskId, {}, false)) === undefined;
}
