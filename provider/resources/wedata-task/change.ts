import { type TencentClient } from "../../clouds/tencent/client";
import { CloudError, TaskError } from "../../core/errors";
import { MAINLAND_ONLY, type WeDataTaskArguments } from "./arguments";
import { type Dependency, type InnerTask, type WireInnerTask, innerTasks, mainlandPart } from "./dependencies";
import { type Asking, dependTasks, encode } from "./lookup";
import { toWire } from "./wire";
import { CYCLES, readCycle } from "./words";

/** What is to be sent to a task that exists. */
export interface Edit {
  readonly args: Partial<WeDataTaskArguments>;
  /** The code, already read from its file. */
  readonly content: string | undefined;
  /** The token line that the notes carry. */
  readonly token: string | undefined;
  /** The task was created here, and has its token in TaskExt too. */
  readonly made: boolean;
}

/** What was sent, and what only operations can set once the task is published. */
export interface Sent {
  readonly owners?: readonly string[];
}

/** Parameters that ModifyTaskInfoDs lacks, or declares unusable although its sample uses it (TaskName; contracts.md §4.1). */
const NOT_IN_DS = ["InChargeIds", "TaskName"];
/** Parameters that ModifyTaskInfo lacks. */
const ONLY_IN_DS = ["ScheduleTimeZone", "ScheduleRunType", "ConcurrentStrategy", "MinuteOffset"];

/** Mainland clients that ModifyTaskInfo has turned away, so that it is asked once and not for every task. */
const outsideAllowlist = new WeakSet<TencentClient>();
/** Whether owners can be set through operations only. */
export const ownersGoApart = (client: TencentClient): boolean => outsideAllowlist.has(client);

/**
 * Sends an edit in as few calls as can carry it. Everything goes through ModifyTaskInfo, except where the code or a
 * field of its successor has to go through ModifyTaskInfoDs anyway: that call takes all it can.
 * Assumption, named here alone: ModifyTaskInfo is for an allowlist in Guangzhou (contracts.md §6.20), and who is not on
 * it gets OperationDenied.UserNotInWhitelistError; ModifyTaskInfoDs then does its work, ModifyTaskName renames, and
 * BatchModifyOpsOwners sets owners.
 */
export async function send(asking: Asking, taskId: string, edit: Edit): Promise<Sent> {
  const { client, projectId } = asking;
  const key = { ProjectId: projectId, TaskId: taskId };
  const known = await describeInnerTasks(asking, edit.args.dependencies);
  const fields = toWire(edit.args, { token: edit.token, made: edit.made, known });
  const code = edit.content === undefined ? undefined : encode(edit.content);
  if (client.site === "intl") {
    if (Object.keys(fields).length > 0) await client.call("ModifyTaskInfo", { ...key, ...fields }, asking);
    if (code !== undefined) await client.call("ModifyTaskScript", { ...key, ScriptContent: code }, asking);
    return {};
  }
  const needsSuccessor = code !== undefined || ONLY_IN_DS.some((name) => name in fields);
  const [general, successor] = needsSuccessor ? divide(fields, (name) => NOT_IN_DS.includes(name)) : [fields, {}];
  const refused = Object.keys(general).length > 0 && !(await modifyTaskInfo(asking, { ...key, ...general }));
  const left = refused ? { ...general, ...successor } : successor;
  const [apart, body] = divide(left, (name) => NOT_IN_DS.includes(name));
  if (Object.keys(body).length > 0 || code !== undefined) {
    await client.call(
      "ModifyTaskInfoDs",
      { ...key, ...body, ...(code !== undefined && { Content: code, ScriptChange: true }) },
      asking,
    );
  }
  if (apart["TaskName"] !== undefined)
    await client.call("ModifyTaskName", { ...key, TaskName: apart["TaskName"] }, asking);
  const owners = apart["InChargeIds"] as string[] | undefined;
  return owners === undefined ? {} : { owners };
}

/** False when the account is not allowed to use the operation. */
async function modifyTaskInfo(asking: Asking, body: object): Promise<boolean> {
  const { client } = asking;
  if (outsideAllowlist.has(client)) return false;
  try {
    await client.call("ModifyTaskInfo", body, asking);
    return true;
  } catch (error) {
    if (!(error instanceof CloudError && error.code === "OperationDenied.UserNotInWhitelistError")) throw error;
    outsideAllowlist.add(client);
    return false;
  }
}

/** Sets owners of a published task. */
export async function setOwners(asking: Asking, taskId: string, owners: readonly string[]): Promise<void> {
  const { Data } = await asking.client.call(
    "BatchModifyOpsOwners",
    { ProjectId: asking.projectId, TaskIdList: [taskId], Owners: owners.join(";") },
    { ...asking, repeatable: true },
  );
  const failed = (Data as { FailedCount?: number | null } | null | undefined)?.FailedCount ?? 0;
  if (failed > 0)
    throw new TaskError(
      `${asking.about}: the service did not set owners of task ${taskId}, and gives no reason; check the ids in owners`,
    );
}

/**
 * Makes the newest edit what production runs, and returns the version.
 * Assumptions, named here alone. `AutoRun: false`, as in every sample of the vendor: the schedule takes the version over,
 * and nothing is run beside it. `NeedCheckParentSubmitted: false`: an upstream that is a draft on purpose
 * (`publish: false`) must not hold up its downstream. The same edit published twice is one more version and no harm, so
 * a lost reply is answered by publishing again.
 */
export async function publish(asking: Asking, taskId: string): Promise<string | undefined> {
  const { Data } = await asking.client.call(
    "CreateTaskVersionDs",
    { ProjectId: asking.projectId, Task: { TaskId: taskId }, NeedCheckParentSubmitted: false, AutoRun: false },
    { ...asking, repeatable: true },
  );
  return typeof Data === "string" && Data !== "" ? Data : undefined;
}

/** Refuses, before anything is written, what the international site does not have. */
export function refuseOnSite(site: "cn" | "intl", args: WeDataTaskArguments): void {
  if (site === "cn") return;
  const path = MAINLAND_ONLY.find((name) => args[name] !== undefined) ?? mainlandPart(args.dependencies ?? []);
  if (path !== undefined) {
    throw new TaskError(
      `${path} exists on the mainland site only, and this endpoint is international (wedata:site, wedata:endpoint); leave it out`,
    );
  }
}

/** Name, workflow and cycle of the tasks that dependencies name: the international site demands them (contracts: TaskInnerInfo). */
async function describeInnerTasks(
  asking: Asking,
  dependencies: readonly Dependency[] | undefined,
): Promise<ReadonlyMap<string, WireInnerTask>> {
  const incomplete = innerTasks(dependencies ?? []).filter(
    ({ taskName, workflowId, cycleType }) =>
      taskName === undefined || workflowId === undefined || cycleType === undefined,
  );
  if (asking.client.site === "cn" || incomplete.length === 0) return new Map();
  const tasks = await dependTasks(asking, [...new Set(incomplete.map(({ taskId }) => taskId))]);
  return new Map(incomplete.map((inner) => [inner.taskId, complete(inner, tasks, asking)]));
}

function complete(inner: InnerTask, tasks: Awaited<ReturnType<typeof dependTasks>>, { about }: Asking): WireInnerTask {
  const { taskId } = inner;
  const task = tasks.find((each) => each.TaskId === taskId);
  if (!task) throw new TaskError(`${about}: dependencies name task ${taskId}, which is not in the project`);
  const cycle = readCycle(task.CycleType);
  if (cycle === undefined && inner.cycleType === undefined) {
    throw new TaskError(
      `${about}: the cycle of task ${taskId} reads ${task.CycleType ?? "nothing"}, which no document explains; give parentTask.cycleType in dependencies`,
    );
  }
  return {
    TaskId: taskId,
    TaskName: task.TaskName ?? "",
    WorkflowId: task.WorkflowId ?? "",
    ...(cycle !== undefined && { CycleType: CYCLES[cycle] }),
  };
}

function divide(
  members: Record<string, unknown>,
  first: (name: string) => boolean,
): [Record<string, unknown>, Record<string, unknown>] {
  const entries = Object.entries(members);
  return [
    Object.fromEntries(entries.filter(([name]) => first(name))),
    Object.fromEntries(entries.filter(([name]) => !first(name))),
  ];
}
