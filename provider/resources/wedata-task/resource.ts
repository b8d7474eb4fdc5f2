import { tencent } from "../../clouds/connections";
import { CloudError, TaskError, isUnclear } from "../../core/errors";
import { valueAt } from "../../core/fields";
import { type Definition, type Found, type Work } from "../../core/lifecycle";
import { poll } from "../../core/poll";
import { tokenOf } from "../../core/token";
import { readContent } from "../content";
import { adoptedId, adoptsAndApplies, afterlife, deadlineOf } from "../options";
import { CREATION_ONLY, type WeDataTaskArguments, fields } from "./arguments";
import { type Edit, ownersGoApart, publish, refuseOnSite, send, setOwners } from "./change";
import { type Asking, type Sighting, encode, isGone, listedTask, nameExists, operationsTask, readTask, tasksNamed } from "./lookup";
import { rules } from "./rules";
import { type Reading, type WireTask, canvasPlace, extension, fromWire, modifyTimeOf, readingOf, tokenOfTask } from "./wire";
import { readSelfDepend } from "./words";

/** What the state knows about a task beside its arguments. */
export interface WeDataTaskFacts {
  taskId: string;
  /** The version published last from here, such as `V3`. */
  version: string;
  /**
   * `created`: the task exists, and does not have its arguments yet. `edited`: production does not have the newest edit.
   * `published`: it has. `draft`: adopted without ever having been published. `scheduled`: the editing space has lost
   * the task and production still runs it.
   */
  phase: "created" | "edited" | "published" | "draft" | "scheduled";
  /** As the service writes it. */
  modifyTime: string;
  origin: "adopted";
  reading: Reading | undefined;
}

type WeDataWork = Work<WeDataTaskArguments, WeDataTaskFacts>;
type Facts = Partial<WeDataTaskFacts>;
type Arguments = Partial<WeDataTaskArguments>;

/** The whole life of a WeData task. */
export const definition: Definition<WeDataTaskArguments, WeDataTaskFacts> = {
  name: "WeDataTask",
  fields,
  rules,
  factNames: ["taskId", "version", "phase", "modifyTime", "origin", "reading"],

  replaces(_changes, facts, inputs) {
    const adopted = adoptedId(inputs);
    return [
      ...(adopted !== undefined && facts.taskId !== undefined && adopted !== facts.taskId ? ["adopt"] : []),
      // Nothing can edit it any more: it is taken off the schedule and made anew.
      ...(facts.phase === "scheduled" && facts.origin !== "adopted" ? ["name"] : []),
    ];
  },

  unfinished: (facts, inputs) => facts.phase === "created" || (facts.phase === "edited" && inputs.publish !== false),

  async create(work) {
    const { args, facts } = work;
    const asking = ask(args, args.projectId, deadlineOf(args, "create"));
    refuseOnSite(asking.client.site, args);
    if (adoptedId(args) !== undefined) return adopt(work, asking);
    const content = await readContent(args.script?.content, "script.content");
    const { taskId, found } = await make(work, asking, content);
    work.id = `${args.projectId}/${taskId}`;
    facts.taskId = taskId;
    facts.phase = "created";
    const wanted = declaredArguments(work);
    // A new task has its name and code from CreateTaskNew.
    if (!found) delete wanted.name;
    await bring(work, asking, wanted, found ? content : undefined);
  },

  async update(work) {
    const { args, facts } = work;
    const asking = ask(args, place(work.id).projectId, deadlineOf(args, "update"), work.id);
    refuseOnSite(asking.client.site, args);
    const wanted = facts.phase === "created" ? declaredArguments(work) : changedArguments(work);
    const withCode = work.changed("script.content") || facts.phase === "created";
    await bring(work, asking, wanted, withCode ? await readContent(args.script?.content, "script.content") : undefined);
  },

  async read(id, facts, kept) {
    const { projectId, taskId } = place(id);
    const asking = ask(kept, projectId, deadlineOf(kept, "read"), id);
    const seen = await readTask(asking, taskId, facts.reading ?? {}, facts.phase === "published");
    return seen && found(seen, facts, kept);
  },

  async delete(id, facts, kept, token) {
    const { projectId, taskId } = place(id);
    const asking = ask(kept, projectId, deadlineOf(kept, "delete"), id);
    const what = afterlife(kept, facts.origin === "adopted");
    if (what === "pause") await pause(asking, taskId);
    if (what === "delete") await remove(asking, taskId, facts, kept, token);
  },
};

/** `<projectId>/<taskId>`. */
function place(id: string | undefined): { projectId: string; taskId: string } {
  const [projectId = "", taskId = ""] = (id ?? "").split("/");
  return { projectId, taskId };
}

const ask = (args: Arguments, projectId: string, deadline: number, id?: string): Asking => ({
  client: tencent(args.connection),
  projectId,
  deadline,
  about: args.name ?? id ?? `task ${adoptedId(args) ?? ""}`,
});

/** The task in the words of the arguments. */
function found(seen: Sighting, facts: Facts, declared: Arguments): Found<WeDataTaskFacts> {
  const { task, view, script } = seen;
  const reading = facts.reading ?? {};
  const code = script !== undefined && { script: { content: script } };
  const withoutCode = (path: string) => path === "script.content" && script === undefined;
  if (view === "draft") {
    return { values: { projectId: task.ProjectId, ...code }, unreadable: (path) => withoutCode(path) || !["projectId", "script.content"].includes(path), facts: {} };
  }
  const { values, unreadable } = fromWire(task, view, reading, declared);
  const modifyTime = modifyTimeOf(task);
  return {
    values: { ...values, ...code },
    unreadable: (path) => withoutCode(path) || unreadable.has(path),
    facts: {
      taskId: task.TaskId ?? facts.taskId ?? "",
      ...(modifyTime !== undefined && { modifyTime }),
      ...(seen.scheduledOnly ? { phase: "scheduled" } : facts.phase === "scheduled" && { phase: "edited" }),
    },
  };
}

/** The id of the task, made now or found as left behind by an interrupted run. */
async function make(work: WeDataWork, asking: Asking, content: string | undefined): Promise<{ taskId: string; found: boolean }> {
  const { args, token } = work;
  const [name, workflowId, taskType] = [args.name as string, args.workflowId as string, args.taskType as number];
  const left = (await nameExists(asking, taskType, name)) ? await ourTask(work, asking) : undefined;
  if (left !== undefined) return { taskId: left, found: true };
  const body = {
    ProjectId: args.projectId,
    WorkflowId: workflowId,
    TaskName: name,
    TaskType: taskType,
    // Required on the mainland site; a task without code, such as a virtual one, has an empty one.
    Content: encode(content ?? ""),
    TaskExt: extension(args.taskExt ?? {}, token),
    ...canvasPlace(token),
    ...(args.leftCoordinate !== undefined && { LeftCoordinate: args.leftCoordinate }),
    ...(args.topCoordinate !== undefined && { TopCoordinate: args.topCoordinate }),
    ProductName: args.productName,
    InstanceInitStrategy: args.instanceInitStrategy,
    TaskFolderId: args.taskFolderId,
    CodeTemplateId: args.codeTemplateId,
  };
  for (let attempt = 1; ; attempt++) {
    try {
      const { Data } = await asking.client.call("CreateTaskNew", body, asking);
      if (typeof Data === "string" && Data !== "") return { taskId: Data, found: false };
      const made = await lookForOurs(work, asking);
      if (made !== undefined) return { taskId: made, found: true };
      throw new TaskError(`${asking.about}: CreateTaskNew answered without an id, and no such task is to be found; run \`pulumi up\` again`);
    } catch (error) {
      if (!isUnclear(error) && !isDuplicate(error)) throw error;
      const made = await lookForOurs(work, asking);
      if (made !== undefined) return { taskId: made, found: true };
      // The name is free: nothing was made. If the lost call arrives after all, the service refuses the second one.
      if (isDuplicate(error) || attempt === 2) throw error;
    }
  }
}

const isDuplicate = (error: unknown) => error instanceof CloudError && error.code === "InvalidParameter.DuplicateName";

/** Our task, after a reply that left open whether it was made; lists may be late to show it. */
async function lookForOurs(work: WeDataWork, asking: Asking): Promise<string | undefined> {
  if (!(await nameExists(asking, work.args.taskType as number, work.args.name as string))) return undefined;
  return ourTask(work, asking);
}

/** The task of our name that carries our token; a task of that name that does not is somebody else's. */
async function ourTask({ args, token }: WeDataWork, asking: Asking): Promise<string> {
  const { name, taskType } = args;
  const candidates = await poll<WireTask[]>(
    async () => {
      const named = await tasksNamed(asking, args.workflowId as string, name as string);
      const ofType = named.filter((task) => Number(task.TaskType?.TypeId ?? task.TaskTypeId) === taskType);
      return ofType.length > 0 ? ofType : undefined;
    },
    { deadline: Math.min(asking.deadline, Date.now() + SETTLING_MILLISECONDS) },
  );
  for (const candidate of candidates ?? []) {
    if (await carries(candidate, token, args, asking)) return candidate.TaskId as string;
  }
  const other = candidates?.[0]?.TaskId;
  throw new TaskError(
    `name ${JSON.stringify(name)} exists among the tasks of type ${String(taskType)} in project ${args.projectId} and was not created by this resource; ` +
      (other === undefined || other === null
        ? 'to take it over write adopt: "<its task id>", or choose another name'
        : `to take it over write adopt: "${other}", or choose another name`),
  );
}

/** Whether a task of our name is ours. */
async function carries(task: WireTask, token: string, args: WeDataTaskArguments, asking: Asking): Promise<boolean> {
  const inNotes = tokenOf(task.Notes ?? "");
  if (inNotes !== undefined) return inNotes === token;
  if (asking.client.site === "cn") {
    const seen = await readTask(asking, task.TaskId as string, {}, false);
    return seen !== undefined && tokenOfTask(seen.task) === token;
  }
  /**
   * Assumption, named here alone: between CreateTaskNew and the first ModifyTaskInfo the international site shows no
   * token, and the place on the canvas that follows from it stands for it (one in 16 million, beside name and workflow).
   */
  const { LeftCoordinate, TopCoordinate } = canvasPlace(token);
  const placed = args.leftCoordinate === undefined && args.topCoordinate === undefined;
  return placed && task.LeftCoordinate === LeftCoordinate && task.TopCoordinate === TopCoordinate;
}

/** Arguments that an update operation can carry, all of them, with the notes that carry the token. */
function declaredArguments(work: WeDataWork): Arguments {
  const wanted: Record<string, unknown> = {};
  for (const name of SENT) {
    const value = valueAt(work.args, name);
    if (value !== undefined) wanted[name] = value;
  }
  if (work.facts.origin !== "adopted") wanted["notes"] ??= "";
  return wanted;
}

/** The arguments that moved; a removed one as what clears it, or with a warning that it stays. */
function changedArguments(work: WeDataWork): Arguments {
  const wanted: Record<string, unknown> = {};
  for (const { path, kind, leaf } of work.changes) {
    if (kind === "removed" && leaf.clear === undefined && !leaf.option) {
      work.warn(`${work.args.name ?? work.id}: ${path} is no longer declared; the service keeps its value, and it is not compared any more`);
    }
    if (!(SENT as readonly string[]).includes(path)) continue;
    const value = kind === "removed" ? leaf.clear : valueAt(work.args, path);
    if (value !== undefined) wanted[path] = value;
  }
  return wanted;
}

const UNSENT = ["projectId", "workflowId", "taskType", "script", ...CREATION_ONLY];
const SENT = Object.entries(fields)
  .filter(([name, field]) => !UNSENT.includes(name) && !("option" in field && field.option))
  .map(([name]) => name as keyof WeDataTaskArguments);

/** Brings a task to where its arguments want it: the edit, its publication, and what can be read of it afterwards. */
async function bring(work: WeDataWork, asking: Asking, wanted: Arguments, content: string | undefined): Promise<void> {
  const { args, facts } = work;
  const taskId = facts.taskId as string;
  const reading = facts.reading;
  // Remembered before anything is sent, so that a refresh after a failure can read it.
  facts.reading = readingOf(args, reading);
  const before = wanted.selfDepend !== undefined && facts.phase !== "created" ? await operationsTask(asking, taskId) : undefined;
  await put(work, asking, wanted, content);
  let seen = await readBack(work, asking);
  const lost = lostProperties(work, wanted);
  if (lost.length > 0) {
    work.warn(`${asking.about}: ${lost.join(", ")} did not have the declared value any more, and got it again`);
    await put(work, asking, declaredArguments(work), content);
    seen = await readBack(work, asking);
  }
  learn(work, wanted, before, seen);
}

/** Sends an edit, and publishes whatever production does not have. */
async function put(work: WeDataWork, asking: Asking, wanted: Arguments, content: string | undefined): Promise<void> {
  const { args, facts } = work;
  const taskId = facts.taskId as string;
  const made = facts.origin !== "adopted";
  const edit: Edit = { args: wanted, content, token: made ? work.token : facts.reading?.token, made };
  const first = facts.version === undefined;
  let owners: readonly string[] | undefined;
  if (Object.keys(wanted).length > 0 || content !== undefined) {
    try {
      ({ owners } = await send(asking, taskId, edit));
    } catch (error) {
      if (isUnclear(error) && facts.phase !== "created") facts.phase = "edited";
      if (await isGone(asking, taskId, error)) throw new TaskError(`${asking.about}: task ${taskId} is gone; run \`pulumi refresh\`, then \`pulumi up\` creates it again`);
      throw error;
    }
    facts.phase = "edited";
  }
  if (args.publish !== false && (facts.phase === "edited" || facts.phase === "created")) {
    facts.version = (await publish(asking, taskId)) ?? facts.version ?? "";
    facts.phase = "published";
  }
  const waiting = owners ?? (first && ownersGoApart(asking.client) ? args.owners : undefined);
  if (waiting === undefined) return;
  if (facts.phase === "published") await setOwners(asking, taskId, waiting);
  else work.warn(`${asking.about}: this account can set owners only after the task is published; they are set then`);
}

/** Assumption, named here alone: whether reads show an update at once is not documented; this long they may be late. */
const SETTLING_MILLISECONDS = 3_000;

/** Reads the task after a write; a service that is slow to show it gets a few moments. */
async function readBack(work: WeDataWork, asking: Asking): Promise<Sighting> {
  const { args, facts } = work;
  const taskId = facts.taskId as string;
  let last: Sighting | undefined;
  await poll(
    async () => {
      last = await readTask(asking, taskId, facts.reading ?? {}, facts.phase === "published");
      if (!last) throw new TaskError(`${asking.about}: task ${taskId} is gone; run \`pulumi refresh\`, then \`pulumi up\` creates it again`);
      work.found = found(last, facts, args);
      return work.stale(work.found).length === 0 ? true : undefined;
    },
    { deadline: Math.min(asking.deadline, Date.now() + SETTLING_MILLISECONDS) },
  );
  const seen = last as Sighting;
  if (facts.phase === "published" && seen.task.Submit === false) {
    facts.phase = "edited";
    throw new TaskError(`${asking.about}: CreateTaskVersionDs reported no error, and task ${taskId} is still not submitted; it may wait for an approval in the console. The next \`pulumi up\` publishes again`);
  }
  return seen;
}

/**
 * Declared properties that were not sent and do not have their value any more. Assumption, named here alone: a field
 * that an update leaves out keeps its value (contracts.md §7 has it open). Where it does not, what is declared is put
 * back at once.
 */
function lostProperties(work: WeDataWork, wanted: Arguments): string[] {
  if (!work.found) return [];
  const rendered = work.facts.reading?.rendered ?? [];
  return work.differences(work.found).filter((path) => !(path in wanted) && (SENT as readonly string[]).includes(path) && !rendered.includes(path));
}

/** Remembers what the service shows in another way than it was set. */
function learn(work: WeDataWork, wanted: Arguments, before: WireTask | undefined, seen: Sighting): void {
  const { args, facts } = work;
  const swapped = facts.reading?.selfDependSwapped === true;
  const word = seen.task.SelfDepend;
  const moved = before === undefined || before.SelfDepend !== word;
  const reads = (turned: boolean) => readSelfDepend(word, turned) === args.selfDepend;
  if (wanted.selfDepend !== undefined && moved && !reads(swapped) && reads(!swapped)) {
    facts.reading = readingOf(args, { ...facts.reading, selfDependSwapped: !swapped });
    work.found = found(seen, facts, args);
  }
  if (!work.found) return;
  const stale = work.stale(work.found);
  const known = facts.reading?.rendered ?? [];
  const rendered = work.differences(work.found).filter((path) => (path in wanted ? !stale.includes(path) : known.includes(path)));
  facts.reading = readingOf(args, { ...facts.reading, rendered });
}

/** Takes an existing task under management; writes nothing unless asked to. */
async function adopt(work: WeDataWork, asking: Asking): Promise<void> {
  const { args, facts, token } = work;
  const taskId = adoptedId(args) as string;
  facts.reading = readingOf(args, undefined);
  const seen = await readTask(asking, taskId, facts.reading, false);
  if (!seen || seen.scheduledOnly) throw new TaskError(`adopt: there is no task ${taskId} in project ${args.projectId}`);
  const { task } = seen;
  const mark = tokenOf(task.Notes ?? "");
  if (mark !== undefined && mark !== token && args.force !== true) {
    throw new TaskError(`adopt: task ${taskId} was created by another stack; release it there first, or set force: true`);
  }
  refuseAnother("workflow", task.WorkflowId, args.workflowId, taskId);
  refuseAnother("task type", task.TaskType?.TypeId ?? task.TaskTypeId, args.taskType, taskId);
  work.id = `${args.projectId}/${taskId}`;
  facts.taskId = taskId;
  facts.origin = "adopted";
  facts.phase = task.Submit === false ? "draft" : "published";
  facts.reading = readingOf(args, mark === undefined ? undefined : { token: mark });
  const { unreadable } = (work.found = found(seen, facts, args));
  work.recordOnly = !adoptsAndApplies(args);
  if (work.recordOnly) return;
  const different = new Set([...work.differences(work.found), ...work.changes.map(({ path }) => path).filter((path) => unreadable?.(path))]);
  const wanted = Object.fromEntries(Object.entries(declaredArguments(work)).filter(([name]) => different.has(name)));
  const content = different.has("script.content") ? await readContent(args.script?.content, "script.content") : undefined;
  if (Object.keys(wanted).length > 0 || content !== undefined) await bring(work, asking, wanted, content);
}

function refuseAnother(what: string, is: unknown, declared: unknown, taskId: string): void {
  if (declared !== undefined && is !== undefined && is !== null && String(is) !== String(declared)) {
    throw new TaskError(`adopt: task ${taskId} has ${what} ${String(is)}, not ${String(declared)}; no operation changes that`);
  }
}

/** Stops the schedule and leaves the task; one that never ran has nothing to stop. */
async function pause(asking: Asking, taskId: string): Promise<void> {
  const task = await operationsTask(asking, taskId);
  if (!task || task.Submit === false) return;
  await asking.client.call(
    "FreezeOpsTasks",
    { Tasks: [{ TaskId: taskId, TaskName: task.TaskName ?? "" }], OperateIsInform: false, KillInstance: false },
    asking,
  );
}

/**
 * Deletes a task from the editing space and, where that leaves it there, from the schedule.
 * Assumption, named here alone: no operation lists the tasks that depend on a task, so DeleteMode is always the one that
 * does not make their instances fail. The code that CreateTaskNew made goes with the task; that of an adopted one stays.
 */
const SPARES_DOWNSTREAM = { DeleteMode: true } as const;

async function remove(asking: Asking, taskId: string, facts: Facts, kept: Arguments, token: string): Promise<void> {
  const { client, projectId } = asking;
  const made = facts.origin !== "adopted";
  if (!made && kept.force !== true) await refuseForeign(asking, taskId, token);
  try {
    const body = { ProjectId: projectId, TaskId: taskId, ...SPARES_DOWNSTREAM, OperateInform: false, DeleteScript: made };
    // Deleting twice is deleting once: the second answer is settled by reading.
    await client.call("DeleteTaskDs", body, { ...asking, repeatable: true });
  } catch (error) {
    const seen = await readTask(asking, taskId, {}, facts.phase === "published").catch((): never => {
      throw error;
    });
    if (seen && !seen.scheduledOnly) throw error;
  }
  if (facts.phase === "created" || facts.phase === "draft") return;
  if (!(await listedTask(asking, taskId))) return;
  const body = { ProjectId: projectId, TaskIdList: [taskId], ...SPARES_DOWNSTREAM, EnableNotify: false };
  const { Data } = await client.call("BatchDeleteOpsTasks", body, { ...asking, repeatable: true });
  const failed = (Data as { FailedCount?: number | null } | null | undefined)?.FailedCount ?? 0;
  if (failed > 0 && (await listedTask(asking, taskId))) {
    throw new TaskError(`${asking.about}: task ${taskId} is deleted from the editing space, and the service did not take it off the schedule; delete it in the operations centre`);
  }
}

async function refuseForeign(asking: Asking, taskId: string, token: string): Promise<void> {
  const mark = tokenOf((await operationsTask(asking, taskId))?.Notes ?? "");
  if (mark === undefined || mark === token) return;
  throw new TaskError(`${asking.about}: task ${taskId} was created by another stack and is not deleted; set force: true and run \`pulumi up\` before deleting, or onDelete: "release"`);
}
