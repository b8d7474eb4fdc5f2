import { CloudError, TaskError } from "../../core/errors";
import { leaves, valueAt } from "../../core/fields";
import { type Found } from "../../core/lifecycle";
import { poll } from "../../core/poll";
import { readContent } from "../content";
import { fields } from "./arguments";
import { updateLane } from "./batch";
import { type DataWorksTaskFacts, type DataWorksWork, found, place } from "./facts";
import { type Asking, getTask } from "./lookup";
import { merge } from "./node";
import { withUpstreams } from "./upstream";
import { fitsBatch, isPatchable, toWire } from "./wire";

/** The declared or cleared properties that an update operation has to carry. */
export const sentPaths = (work: DataWorksWork): string[] =>
  work.changes
    .filter(({ path, kind, leaf }) => isPatchable(path) && (kind !== "removed" || leaf.clear !== undefined))
    .map(({ path }) => path);

export function warnAboutKeptValues(work: DataWorksWork): void {
  for (const { path, kind, leaf } of work.changes) {
    if (kind === "removed" && leaf.clear === undefined && !leaf.option) {
      work.warn(
        `${work.args.name ?? work.id}: ${path} is no longer declared; the service keeps its value, and it is not compared any more`,
      );
    }
  }
}

/** Sends some properties through the cheapest operation that carries them all. */
export async function updateTask(
  work: DataWorksWork,
  asking: Asking,
  taskId: string,
  env: string,
  paths: readonly string[],
): Promise<void> {
  const args = paths.includes("dependencies") ? await withUpstreams(work.args, asking) : work.args;
  if (args !== work.args) work.sent = args;
  const token = work.facts.nodeId === undefined ? undefined : work.token;
  const changed = (path: string) => paths.includes(path);
  if (paths.every(fitsBatch)) {
    const patch = toWire(args, changed, "BatchUpdateTasks", token);
    await updateLane(
      asking.client,
      args.comment,
    )({ taskId, env, patch, about: asking.about, deadline: asking.deadline });
    return;
  }
  const content = changed("script.content") ? await readContent(args.script?.content, "script.content") : undefined;
  const filled = content === undefined ? args : { ...args, script: { ...args.script, content } };
  const patch = {
    Id: taskId,
    EnvType: env,
    ...(args.clientUniqueCode !== undefined && { ClientUniqueCode: args.clientUniqueCode }),
    ...toWire(filled, changed, "UpdateTask", token),
  };
  try {
    await asking.client.call("UpdateTask", patch, asking);
  } catch (error) {
    const companions = needsCompanions(error) ? await companionsOf(asking, args.projectId, taskId, env) : undefined;
    if (!companions) throw error;
    await asking.client.call("UpdateTask", merge(companions, patch), asking);
  }
}

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

type Seen = Found<DataWorksTaskFacts>;

/** Reads the task after a write, and puts right at once what the write has spoilt. */
export async function readBack(
  work: DataWorksWork,
  asking: Asking,
  env: string,
  sent: readonly string[],
): Promise<Seen> {
  const seen = await look(work, asking, env, sent);
  const lost = lostProperties(work, seen, sent);
  if (lost.length === 0) return seen;
  work.warn(`${asking.about}: ${lost.join(", ")} did not have the declared value any more, and got it again`);
  const again = together(work, lost);
  await updateTask(work, asking, work.facts.taskId as string, env, again);
  return look(work, asking, env, again);
}

/** The task as it is shown once it shows what was sent; a service that is slow to show it gets a few moments. */
export async function look(work: DataWorksWork, asking: Asking, env: string, sent: readonly string[]): Promise<Seen> {
  const { projectId } = place(work.id as string);
  const taskId = work.facts.taskId as string;
  let seen: Seen | undefined;
  await patiently(asking, async () => {
    const task = await getTask(asking, projectId, taskId, env);
    if (!task)
      throw new TaskError(`${asking.about}: task ${taskId} is gone; run \`pulumi refresh\`, then \`pulumi up\``);
    seen = work.found = found(task, work.facts);
    return work.stale(seen).length === 0 && !work.disturbed(seen).some((path) => sent.includes(path));
  });
  return seen as unknown as Seen;
}

/**
 * Declared properties that do not have their value after a write. Assumption, named here alone: what an update leaves out
 * keeps its value, and UpdateTask counts RerunInterval in milliseconds (contracts.md §7 and §6.1 have both open).
 */
function lostProperties(work: DataWorksWork, seen: Seen, sent: readonly string[]): string[] {
  const unit = sent.every(fitsBatch) ? [] : work.stale(seen).filter((path) => path === "rerunIntervalSeconds");
  return [...work.disturbed(seen).filter(isPatchable), ...unit];
}

/** These properties with all that is declared beside them in the same object; everything declared where UpdateTask has to carry them. */
function together(work: DataWorksWork, paths: readonly string[]): string[] {
  const declared = leaves(fields)
    .map(({ path }) => path)
    .filter((path) => isPatchable(path) && valueAt(work.args, path) !== undefined);
  const objects = new Set(paths.map((path) => path.split(".")[0]));
  const beside = declared.filter((path) => objects.has(path.split(".")[0]));
  if (beside.every(fitsBatch)) return beside;
  // The description carries our token, declared or not.
  return [...new Set([...declared, ...(work.facts.nodeId === undefined ? [] : ["description"])])];
}

/** Asks until it is so, for a few moments. */
export async function patiently(asking: Asking, isSo: () => Promise<boolean>): Promise<void> {
  await poll(async () => ((await isSo()) ? true : undefined), {
    deadline: Math.min(asking.deadline, Date.now() + SETTLING_MILLISECONDS),
  });
}

/** Assumption, named here alone: whether a read shows a change at once is not documented; this long it may be late. */
const SETTLING_MILLISECONDS = 3_000;
