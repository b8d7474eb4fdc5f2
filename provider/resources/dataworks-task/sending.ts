import { now } from "../../core/clock";
import { CloudError, TaskError } from "../../core/errors";
import { leaves, putAt, valueAt } from "../../core/fields";
import { poll } from "../../core/poll";
import { isEmpty } from "../../core/settle";
import { readContent } from "../../core/content";
import { type Dependency, fields } from "./arguments";
import { updateLane } from "./batch";
import { type DataWorksWork, type FoundTask, found, place } from "./facts";
import {
  type Sent,
  canHaveSpoilt,
  clearsFields,
  completed,
  learnFrom,
  losesSchedule,
  lostBy,
  needsReading,
  waitsForPublishing,
} from "./habits";
import { type Asking, forgetTask, getTask, listedTask, shownTask } from "./lookup";
import { inWholeHours, merge } from "./node";
import { areSameEdges, withUpstreams } from "./upstream";
import { UNLISTED, type WireTask, fitsBatch, isPatchable, toWire, tokenOfTask } from "./wire";

/** The declared or cleared properties that an update operation has to carry. */
export const sentPaths = (work: DataWorksWork): string[] =>
  work.changes
    .filter(({ path, kind, leaf }) => isPatchable(path) && (kind !== "removed" || leaf.clear !== undefined))
    .map(({ path }) => path);

const table = leaves(fields);
const parametersOf = (paths: readonly string[]): string[] =>
  table.flatMap(({ path, leaf }) => (paths.includes(path) ? (leaf.wire?.["GetTask"] ?? []) : []));
/** The parameters of everything that is declared: what an update loses of it is put back anyway. */
const declaredParameters = (work: DataWorksWork): string[] =>
  parametersOf(table.map(({ path }) => path).filter((path) => valueAt(work.args, path) !== undefined));

/**
 * Sends some properties through the cheapest operation that carries them all, reads the task, and puts right at once
 * what the update has spoilt. `known`: the task as it was read just now.
 */
export async function update(
  work: DataWorksWork,
  asking: Asking,
  env: string,
  paths: readonly string[],
  known?: FoundTask,
): Promise<FoundTask> {
  const sent = await send(work, asking, env, paths, known?.task);
  if (known === undefined && sent.before !== undefined) work.prior ??= found(sent.before, work.facts);
  const seen = await look(work, asking, env, paths, sent.before);
  // Nobody said what became of it: the task itself does.
  if (sent.unanswered !== undefined && work.stale(seen).some((path) => paths.includes(path))) throw sent.unanswered;
  const lost = lostBy(asking.client, sent, seen.task);
  if (lost.length === 0) return repaired(work, asking, env, seen, paths, sent);
  work.warn(
    `${asking.about}: ${sent.operation} took away what it was not given, ${lost.join(", ")}; the task has it again, and later updates of this run bring such things along [put-back]`,
  );
  await send(work, asking, env, paths, sent.before);
  return repaired(work, asking, env, await look(work, asking, env, paths), paths, sent);
}

/** One write. `known`: the task as it was before, with what must not get lost. */
async function send(
  work: DataWorksWork,
  asking: Asking,
  env: string,
  paths: readonly string[],
  known: WireTask | undefined,
): Promise<Sent> {
  const { client, about, deadline } = asking;
  const { projectId } = place(work.id as string);
  const taskId = work.facts.taskId as string;
  const args = paths.includes("dependencies") ? await withUpstreams(work.args, asking, "task") : work.args;
  if (args !== work.args) work.sent = args;
  const isAdopted = work.facts.nodeId === undefined;
  const { cycleType } = args.trigger ?? {};
  // What no operation returns can only be kept by sending it again.
  const hasSchedule = paths.some((path) => path.startsWith("trigger."));
  const keepsCycle = cycleType !== undefined && losesSchedule(client, paths.every(fitsBatch), hasSchedule);
  const single = keepsCycle || !paths.every(fitsBatch);
  const operation = single ? "UpdateTask" : "BatchUpdateTasks";
  const content = paths.includes("script.content")
    ? await readContent(args.script?.content, "script.content")
    : undefined;
  const filled = content === undefined ? args : { ...args, script: { ...args.script, content } };
  const patchWith = (token: string | undefined) =>
    toWire(filled, keepsCycle ? [...paths, "trigger.cycleType"] : paths, operation, token);
  const declared = declaredParameters(work);
  // UpdateTask may clear what the list does not show.
  const isWhole = known !== undefined && !(single && known.isListed);
  const reads =
    !isWhole &&
    // The token line of the stack that has made it stays in an adopted task.
    ((isAdopted && paths.includes("description")) ||
      addsText(work, paths) ||
      (single && needsReading(client, { operation, patch: patchWith(undefined), before: known }, declared)));
  // The list is enough where it shows what is sent, and shared with the others that are looked at now.
  const read = single || paths.some((path) => UNLISTED.includes(path)) ? getTask : shownTask;
  const before = reads ? await read(asking, projectId, taskId, env) : known;
  const patch = patchWith(isAdopted ? before && tokenOfTask(before) : work.token);
  work.carries(operation, paths);
  if (!single) {
    const recorded = declaresUnlisted(work) ? work.facts.modifyTime : undefined;
    const item = { projectId, taskId, env, patch, about, deadline, before, declared, recorded };
    return updateLane(client, env, args.comment)(item);
  }
  const key = { Id: taskId, EnvType: env };
  const code = args.clientUniqueCode === undefined ? {} : { ClientUniqueCode: args.clientUniqueCode };
  const whole = completed(client, { operation, patch, before });
  try {
    await client.call("UpdateTask", { ...key, ...code, ...whole }, asking);
  } catch (error) {
    const companions = needsCompanions(error) ? await companionsOf(asking, projectId, taskId, env) : undefined;
    if (!companions) throw error;
    await client.call("UpdateTask", merge(companions, { ...key, ...code, ...whole }), asking);
  }
  // Left out above, since its unit in UpdateTask is doubtful.
  const wait = before?.RerunInterval;
  if (clearsFields(client) && wait !== undefined && patch["RerunInterval"] === undefined) {
    const item = { projectId, taskId, env, patch: { RerunInterval: wait }, about, deadline, before };
    await updateLane(client, env, args.comment)(item);
  }
  forgetTask(asking, projectId, taskId, env);
  return { operation, patch, before };
}

/**
 * Whether a text or a list is sent of which nobody knows what it was before, because it was not declared, or because an
 * update of it failed: what is there already tells whether it was taken.
 */
const addsText = (work: DataWorksWork, paths: readonly string[]): boolean =>
  work.prior === undefined &&
  work.changes.some(
    ({ path, kind, leaf, unsure }) =>
      (kind === "added" || unsure === true) &&
      paths.includes(path) &&
      ["text", "list", "map", "content"].includes(leaf.kind),
  );

/**
 * Assumption, named here alone: UpdateTask needs only Id, as its page says. Older SDKs demanded these companions; where
 * the service still does, they are filled from the task as it is, once.
 */
const COMPANIONS = ["Name", "Owner", "RerunMode", "RuntimeResource", "Trigger"] as const;

const needsCompanions = (error: unknown) => error instanceof CloudError && error.code.startsWith("Missing");

async function companionsOf(
  asking: Asking,
  projectId: string,
  taskId: string,
  env: string,
): Promise<Record<string, unknown> | undefined> {
  const task = await getTask(asking, projectId, taskId, env);
  return (
    task && Object.fromEntries(COMPANIONS.filter((name) => task[name] !== undefined).map((name) => [name, task[name]]))
  );
}

/** Whether a part of the task is declared that the list does not show. */
export const declaresUnlisted = (work: DataWorksWork): boolean =>
  UNLISTED.some((path) => valueAt(work.args, path) !== undefined);

/**
 * Whether the list shows all that a write can have changed. What it leaves out is as it is recorded: it was not sent, and
 * nobody has edited the task between its last full read and this write, or nothing of it is declared.
 */
const isInList = (work: DataWorksWork, sent: readonly string[], before: WireTask | undefined): boolean =>
  ![...sent, ...work.changes.map(({ path }) => path)].some((path) => UNLISTED.includes(path)) &&
  (before === undefined || before.isListed === true) &&
  (!declaresUnlisted(work) ||
    (before?.ModifyTime !== undefined && String(before.ModifyTime) === work.facts.modifyTime));

/** The task once it shows what was sent; a service that is slow to show it gets a few moments. */
export async function look(
  work: DataWorksWork,
  asking: Asking,
  env: string,
  sent: readonly string[],
  before?: WireTask,
): Promise<FoundTask> {
  const { projectId } = place(work.id as string);
  const taskId = work.facts.taskId as string;
  let seen: FoundTask | undefined;
  const listed = isInList(work, sent, before) ? await listedTask(asking, projectId, taskId, env) : undefined;
  if (listed) {
    seen = found(listed, work.facts);
    work.found = seen;
    if (work.stale(seen).length === 0 && work.disturbed(seen).length === 0) return seen;
  }
  await patiently(asking, async () => {
    const task = await getTask(asking, projectId, taskId, env);
    if (!task)
      throw new TaskError(`${asking.about}: task ${taskId} is gone; run \`pulumi refresh\`, then \`pulumi up\``);
    seen = found(task, work.facts);
    work.found = seen;
    if (waitsForPublishing(asking.client)) return true;
    const isLater = before?.ModifyTime !== undefined && String(task.ModifyTime) !== String(before.ModifyTime);
    return isLater || (work.stale(seen).length === 0 && !work.disturbed(seen).some((path) => sent.includes(path)));
  });
  return seen as unknown as FoundTask;
}

/**
 * Sets again what does not have its declared value after a write that can have spoilt it. Assumption, named here alone: UpdateTask counts
 * RerunInterval in milliseconds (contracts.md §6.1); where it does not, BatchUpdateTasks with its seconds puts it right.
 */
async function repaired(
  work: DataWorksWork,
  asking: Asking,
  env: string,
  seen: FoundTask,
  paths: readonly string[],
  sent: Sent,
): Promise<FoundTask> {
  const wait = work.args.rerunIntervalSeconds;
  const isThousandfold = wait !== undefined && wait > 0 && valueAt(seen.values, "rerunIntervalSeconds") === wait * 1000;
  const unit = isThousandfold && paths.includes("rerunIntervalSeconds") ? ["rerunIntervalSeconds"] : [];
  const disturbed = work
    .disturbed(seen)
    .filter((path) => isPatchable(path))
    .filter((path) => parametersOf([path]).some((parameter) => canHaveSpoilt(sent, parameter, seen.task)));
  const lost = [...disturbed, ...unit];
  if (lost.length === 0) return seen;
  learnFrom(asking.client, sent, parametersOf(disturbed), seen.task);
  work.warn(
    `${asking.about}: ${lost.join(", ")} did not have the declared value any more, and got it again [put-back]`,
  );
  await send(work, asking, env, lost, seen.task);
  return look(work, asking, env, lost);
}

/**
 * Takes for settled what the service will not show as declared however often it is sent, so that it makes no difference
 * for ever: edges named in another way, an empty value that does not clear, and a time limit that a node's document rounds
 * up to whole hours.
 */
export async function accept(work: DataWorksWork, asking: Asking, seen: FoundTask): Promise<void> {
  for (const path of work.stale(seen)) {
    const [wanted, there] = [valueAt(work.args, path), valueAt(seen.values, path)];
    if (wanted === undefined) continue;
    if (path === "dependencies" && (await hasSameEdges(work, asking, there))) {
      work.sent = { ...(work.sent ?? work.args), dependencies: there as Dependency[] };
      continue;
    }
    const isRounded =
      path === "timeoutSeconds" && work.facts.nodeId !== undefined && there === inWholeHours(Number(wanted));
    if (!isEmpty(wanted) && !isRounded) continue;
    const sent = structuredClone(work.sent ?? work.args);
    putAt(sent as unknown as Record<string, unknown>, path, there);
    work.sent = sent;
    const why = isRounded
      ? `rounds it up to whole hours, ${String(there)}`
      : "keeps its value although an empty one was sent";
    work.warn(
      `${work.args.name ?? work.id ?? ""}: ${path}: the service ${why}; that counts as settled until it or the argument changes [service-keeps-value]`,
    );
  }
}
/** Whether the service has the declared edges, and only names them in its own way. */
async function hasSameEdges(work: DataWorksWork, asking: Asking, there: unknown): Promise<boolean> {
  const { projectId, env } = place(work.id as string);
  const { dependencies = [] } = work.sent ?? work.args;
  return areSameEdges(Array.isArray(there) ? (there as Dependency[]) : [], dependencies, asking, projectId, env);
}

/** Asks until it is so, for a few moments. */
export async function patiently(asking: Asking, isSo: () => Promise<boolean>): Promise<void> {
  await poll(async () => ((await isSo()) ? true : undefined), {
    deadline: Math.min(asking.deadline, now() + SETTLING_MILLISECONDS),
  });
}

/** Assumption, named here alone: whether a read shows a change at once is not documented; this long it may be late. */
const SETTLING_MILLISECONDS = 3_000;
