import { tencent } from "../../clouds/connections";
import { TaskError, isUnclear } from "../../core/errors";
import { valueAt } from "../../core/fields";
import { type Definition, type Found, type Work } from "../../core/lifecycle";
import { poll } from "../../core/poll";
import { tokenOf } from "../../core/token";
import { readContent } from "../content";
import { adoptedId, adoptsAndApplies, afterlife, deadlineOf, optionReplacements } from "../options";
import { CREATION_ONLY, type WeDataTaskArguments, fields } from "./arguments";
import { type Edit, ownersGoApart, publish, refuseOnSite, send, setOwners } from "./change";
import { make } from "./creation";
import { type Asking, SETTLING_MILLISECONDS, type Sighting, isGone, operationsTask, readTask } from "./lookup";
import { pause, remove } from "./removal";
import { rules } from "./rules";
import { type Reading, type WireTask, fromWire, modifyTimeOf, readingOf } from "./wire";
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
  module: "wedata",
  version: "2021-08-20",
  fields,
  rules,
  factNames: ["taskId", "version", "phase", "modifyTime", "origin", "reading"],

  replaces({ facts, inputs, kept }) {
    return [
      ...optionReplacements(facts.taskId, inputs, kept),
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
    if (what === "delete") await remove(asking, taskId, facts, kept.force === true, token);
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
  const adopt = task.TaskId ?? facts.taskId;
  const withoutCode = (path: string) => path === "script.content" && script === undefined;
  if (view === "draft") {
    return {
      values: { adopt, projectId: task.ProjectId, ...code },
      unreadable: (path) => withoutCode(path) || !["adopt", "projectId", "script.content"].includes(path),
      facts: {},
    };
  }
  const { values, unreadable } = fromWire(task, view, reading, declared);
  const modifyTime = modifyTimeOf(task);
  return {
    values: { ...values, adopt, ...code },
    unreadable: (path) => withoutCode(path) || unreadable.has(path),
    facts: {
      taskId: task.TaskId ?? facts.taskId ?? "",
      ...(modifyTime !== undefined && { modifyTime }),
      ...(seen.scheduledOnly ? { phase: "scheduled" } : facts.phase === "scheduled" && { phase: "edited" }),
    },
  };
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
      work.warn(
        `${work.args.name ?? work.id}: ${path} is no longer declared; the service keeps its value, and it is not compared any more`,
      );
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
  // Remembered before anything is sent, so that a refresh after a failure can read it.
  facts.reading = readingOf(args, facts.reading);
  const before =
    wanted.selfDepend !== undefined && facts.phase !== "created" ? await operationsTask(asking, taskId) : undefined;
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
      if (await isGone(asking, taskId, error))
        throw new TaskError(
          `${asking.about}: task ${taskId} is gone; run \`pulumi refresh\`, then \`pulumi up\` creates it again`,
        );
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

/** Reads the task after a write; a service that is slow to show it gets a few moments. */
async function readBack(work: WeDataWork, asking: Asking): Promise<Sighting> {
  const { args, facts } = work;
  const taskId = facts.taskId as string;
  let last: Sighting | undefined;
  await poll(
    async () => {
      last = await readTask(asking, taskId, facts.reading ?? {}, facts.phase === "published");
      if (!last)
        throw new TaskError(
          `${asking.about}: task ${taskId} is gone; run \`pulumi refresh\`, then \`pulumi up\` creates it again`,
        );
      work.found = found(last, facts, args);
      return work.stale(work.found).length === 0 ? true : undefined;
    },
    { deadline: Math.min(asking.deadline, Date.now() + SETTLING_MILLISECONDS) },
  );
  const seen = last as Sighting;
  if (facts.phase === "published" && seen.task.Submit === false) {
    facts.phase = "edited";
    throw new TaskError(
      `${asking.about}: CreateTaskVersionDs reported no error, and task ${taskId} is still not submitted; it may wait for an approval in the console. The next \`pulumi up\` publishes again`,
    );
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
  return work
    .differences(work.found)
    .filter((path) => !(path in wanted) && (SENT as readonly string[]).includes(path) && !rendered.includes(path));
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
  const rendered = work
    .differences(work.found)
    .filter((path) => (path in wanted ? !stale.includes(path) : known.includes(path)));
  facts.reading = readingOf(args, { ...facts.reading, rendered });
}

/** Takes an existing task under management; writes nothing unless asked to. */
async function adopt(work: WeDataWork, asking: Asking): Promise<void> {
  const { args, facts, token } = work;
  const taskId = adoptedId(args) as string;
  facts.reading = readingOf(args, undefined);
  const seen = await readTask(asking, taskId, facts.reading ?? {}, false);
  if (!seen || seen.scheduledOnly)
    throw new TaskError(`adopt: there is no task ${taskId} in project ${args.projectId}`);
  const { task } = seen;
  const mark = tokenOf(task.Notes ?? "");
  if (mark !== undefined && mark !== token && args.force !== true) {
    throw new TaskError(
      `adopt: task ${taskId} was created by another stack; release it there first, or set force: true`,
    );
  }
  refuseAnother("workflow", task.WorkflowId, args.workflowId, taskId);
  refuseAnother("task type", task.TaskType?.TypeId ?? task.TaskTypeId, args.taskType, taskId);
  work.id = `${args.projectId}/${taskId}`;
  facts.taskId = taskId;
  facts.origin = "adopted";
  facts.phase = task.Submit === false ? "draft" : "published";
  facts.reading = readingOf(args, mark === undefined ? undefined : { token: mark });
  work.found = found(seen, facts, args);
  const { unreadable } = work.found;
  work.recordOnly = !adoptsAndApplies(args);
  if (work.recordOnly) return;
  const different = new Set([
    ...work.differences(work.found),
    ...work.changes.map(({ path }) => path).filter((path) => unreadable?.(path)),
  ]);
  const wanted = Object.fromEntries(Object.entries(declaredArguments(work)).filter(([name]) => different.has(name)));
  const content = different.has("script.content")
    ? await readContent(args.script?.content, "script.content")
    : undefined;
  if (Object.keys(wanted).length > 0 || content !== undefined) await bring(work, asking, wanted, content);
}

type Named = string | number | null | undefined;
function refuseAnother(what: string, is: Named, declared: Named, taskId: string): void {
  if (declared !== undefined && is !== undefined && is !== null && String(is) !== String(declared)) {
    throw new TaskError(
      `adopt: task ${taskId} has ${what} ${String(is)}, not ${String(declared)}; no operation changes that`,
    );
  }
}
