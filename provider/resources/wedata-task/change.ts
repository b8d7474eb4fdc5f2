import { originOfRun } from "../../clouds/origin";
import { CloudError, TaskError } from "../../core/errors";
import { type Placed } from "../../core/fields";
import { carried, carries } from "../../core/wire";
import { MAINLAND_ONLY, type WeDataTaskArguments } from "./arguments";
import { type Dependency, type InnerTask, type WireInnerTask, innerTasks, mainlandPart } from "./dependencies";
import { habitsOf } from "./habits";
import { type Asking, dependTasks, operationsTask } from "./lookup";
import { type WriteTerms } from "./spelling";
import { type WireTask, table } from "./wire";
import { CYCLES, readCycle } from "./words";

/** What is to be sent to a task that exists. */
export interface Edit {
  /** The arguments; the code already read from its file. */
  readonly args: Partial<WeDataTaskArguments>;
  /** The paths to be sent; one without a value is cleared. */
  readonly wanted: ReadonlySet<string>;
  readonly terms: WriteTerms;
  /** Told before each call which operation brings which properties. */
  readonly carries: (operation: string, paths: readonly string[]) => void;
}

/** What has become of an edit. */
export interface Sent {
  /** Owners, where only operations can set them once the task is published. */
  readonly owners?: readonly string[];
  /** ModifyTaskInfo was given the longest run in seconds. */
  readonly ttlInSeconds?: boolean;
}

/**
 * Sends an edit in as few calls as can carry it. Everything goes through ModifyTaskInfo, except where the code or a
 * field of its successor has to go through ModifyTaskInfoDs anyway: that call takes all it can.
 * Assumption, named here alone: ModifyTaskInfo is for an allowlist in Guangzhou (contracts.md §6.20). Who is not on it is
 * turned away by one of the codes below; ModifyTaskInfoDs then does its work where there is one, ModifyTaskName renames,
 * and BatchModifyOpsOwners sets owners.
 */
export async function send(asking: Asking, taskId: string, edit: Edit): Promise<Sent> {
  const { client, projectId } = asking;
  const key = { ProjectId: projectId, TaskId: taskId };
  const { args, wanted } = edit;
  const known = await describeInnerTasks(asking, wanted.has("dependencies") ? args.dependencies : undefined);
  const { ttlInSeconds = false } = habitsOf(client);
  const terms = { ...edit.terms, projectId, known, ttlInSeconds };
  const call: Call = async (operation, placed, more = {}) => {
    if (placed.length === 0) return;
    const body = carried(placed, operation, args, () => true, terms);
    edit.carries(
      operation,
      placed.map(({ path }) => path),
    );
    await client.call(operation, { ...key, ...body, ...more }, asking);
  };
  const placed = table.filter(({ path }) => wanted.has(path));
  const sendThere = client.site === "intl" ? sendAbroad : sendOnMainland;
  return { ...(await sendThere(asking, edit, placed, call)), ttlInSeconds };
}

type Call = (operation: string, placed: readonly Placed[], more?: object) => Promise<void>;

async function sendOnMainland(asking: Asking, { args }: Edit, placed: readonly Placed[], call: Call): Promise<Sent> {
  const [inSuccessor, onlyHere] = divide(placed, (each) => carries(each, "ModifyTaskInfoDs"));
  const needsSuccessor = placed.some(({ leaf }) => Object.keys(leaf.wire ?? {})[0] === "ModifyTaskInfoDs");
  const general = needsSuccessor ? onlyHere : placed;
  const refusal = await unlessAdmitted(asking, call, "ModifyTaskInfo", general);
  if (needsSuccessor || refusal) {
    const code = inSuccessor.some(({ path }) => path === "script.content");
    await call("ModifyTaskInfoDs", inSuccessor, code ? { ScriptChange: true } : {});
  }
  if (!refusal) return {};
  await call(
    "ModifyTaskName",
    onlyHere.filter((each) => carries(each, "ModifyTaskName")),
  );
  return onlyHere.some(({ path }) => path === "owners") && args.owners ? { owners: args.owners } : {};
}

async function sendAbroad(asking: Asking, { args }: Edit, placed: readonly Placed[], call: Call): Promise<Sent> {
  const [general, code] = divide(placed, (each) => carries(each, "ModifyTaskInfo"));
  const refusal = await unlessAdmitted(asking, call, "ModifyTaskInfo", general);
  const [owners, others] = divide(refusal ? general : [], ({ path }) => path === "owners");
  const [named, stuck] = divide(others, (each) => args.name !== undefined && carries(each, "ModifyTaskName"));
  refuseStuck(asking, refusal, stuck);
  refuseStuck(asking, await unlessAdmitted(asking, call, "ModifyTaskScript", code), code);
  const name = table.filter(({ path }) => path === "name");
  await call("ModifyTaskName", named.length > 0 ? [...new Set([...name, ...named])] : []);
  return owners.length > 0 && args.owners ? { owners: args.owners } : {};
}

/** Fails where an operation was refused, and nothing else carries what it should have. */
function refuseStuck({ about }: Asking, refusal: CloudError | undefined, stuck: readonly Placed[]): void {
  if (!refusal) return;
  // Another refusal than a plain one of the account is about this edit: no other operation would do better.
  if (!isAllowlist(refusal)) throw refusal;
  if (stuck.length === 0) return;
  throw new TaskError(
    `${about}: ${refusal.message}; on the international site no other operation carries ${stuck.map(({ path }) => path).join(", ")}: ask Tencent Cloud to admit the account, or leave them out`,
    { cause: refusal },
  );
}

/** Plain words for an account that is not admitted; the first is the listed candidate (contracts.md §7). */
const ALLOWLIST =
  /^(OperationDenied(\.UserNotInWhitelistError)?|UnsupportedOperation|UnsupportedRegion|InvalidAction|UnauthorizedOperation\.UserNotInWhitelistError)$/;
const isAllowlist = ({ code }: CloudError) => ALLOWLIST.test(code);

/** The refusal of a call that an account may not make, or that its page has only FailedOperation for; any other is thrown. */
async function unlessAdmitted(
  { client, about }: Asking,
  call: Call,
  operation: string,
  placed: readonly Placed[],
): Promise<CloudError | undefined> {
  if (placed.length === 0) return undefined;
  const { refusals } = habitsOf(client);
  const known = refusals.get(operation);
  if (known) return known.with({ about });
  try {
    await call(operation, placed);
    return undefined;
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    if (isAllowlist(error)) {
      // The plain word may be about this task alone, and abroad nothing else would do the work for the others.
      if (client.site === "cn" || error.code !== "OperationDenied") refusals.set(operation, error);
      return error;
    }
    if (error.code !== "FailedOperation") throw error;
    return error;
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
 * a lost reply is answered by publishing again. The remark tells the history of the console where the change comes from.
 */
export async function publish(
  asking: Asking,
  taskId: string,
  remark: string | undefined = originOfRun(),
): Promise<string | undefined> {
  const task = { TaskId: taskId, ...(remark !== undefined && { VersionRemark: remark }) };
  const { Data } = await asking.client.call(
    "CreateTaskVersionDs",
    { ProjectId: asking.projectId, Task: task, NeedCheckParentSubmitted: false, AutoRun: false },
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
  const ids = [...new Set(incomplete.map(({ taskId }) => taskId))];
  const listed = await dependTasks(asking, ids);
  // Drafts may be in another list only, and for one id that is not there the service may refuse all of them.
  const unlisted = ids.filter((id) => !listed.some(({ TaskId }) => TaskId === id));
  const others = await Promise.all(unlisted.map((id) => operationsTask(asking, id)));
  const tasks = new Map([...listed, ...others].map((task) => [task?.TaskId ?? "", task]));
  const missing = ids.filter((id) => tasks.get(id) === undefined);
  if (missing.length > 0) {
    throw new TaskError(
      `${asking.about}: dependencies name ${missing.join(", ")}, which no list of the project shows; correct parentTask, or give taskName, workflowId and cycleType in it`,
    );
  }
  return new Map(
    incomplete.map((inner) => [inner.taskId, complete(inner, tasks.get(inner.taskId) as WireTask, asking)]),
  );
}

function complete(inner: InnerTask, task: WireTask, { about }: Asking): WireInnerTask {
  const { taskId } = inner;
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

const divide = <T>(items: readonly T[], first: (item: T) => boolean): [T[], T[]] => [
  items.filter(first),
  items.filter((item) => !first(item)),
];
