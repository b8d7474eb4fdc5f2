import { isUnknown, valueAt } from "../../core/fields";
import { type Definition } from "../../core/definition";
import { TaskError } from "../../core/errors";
import { show } from "../../core/quoting";
import { adoptedId, afterlife, deadlineOf, movedId, optionReplacements, unlessMoved } from "../options";
import { adopt, refuseOthers, updateAdopted } from "./adoption";
import { type DataWorksTaskArguments, fields } from "./arguments";
import {
  ask,
  type DataWorksTaskFacts,
  type DataWorksWork,
  factsOfId,
  type FoundTask,
  found,
  type Kept,
  outputsOf,
  place,
  remember,
  taskOfNode,
} from "./facts";
import { learnPublishing } from "./habits";
import { type Asking, SEEN_WITHIN, downstreamOf, getNode, getTask, listedTask, shownTask } from "./lookup";
import { makeNode, ourNode } from "./making";
import { bringToProduction, rewriteNode } from "./production";
import { governance } from "./governance";
import { outlook } from "./outlook";
import { abolish } from "./publish";
import { deleteNode, deleteTask, pause, refuseWhenNeeded, takeOffline, unlessGone } from "./removal";
import { rules } from "./rules";
import { accept, sentPaths, update } from "./sending";
import { takeOver } from "./taking-over";
import { isKnownUpstream, rememberUpstream, withLeftBehind } from "./upstream";
import { UNREAD, isPatchable, isSettable } from "./wire";

/** The whole life of a DataWorks task. */
export const definition: Definition<DataWorksTaskArguments, DataWorksTaskFacts> = {
  name: "DataWorksTask",
  module: "dataworks",
  version: "2024-05-18",
  fields,
  rules,
  outlook,
  governance,
  factsOfId,
  factNames: ["taskId", "nodeId", "pipelineRunId", "phase", "modifyTime", "command", "language", "draftNodeId"],

  upstreams: {
    list: "dependencies",
    member: "upstream",
    name: (id) => id,
    placeholder: (nth) => `0/node/${nth}`,
    outputs: {
      of: (args) => (valueAt(args, "outputs.taskOutputs") as unknown[] | undefined) ?? [],
      member: "upstreamOutput",
    },
  },
  identity: ["projectId", "name", "path", "envType", "adopt"],

  replaces({ id, facts, inputs, kept, changes }) {
    const { command, language } = inputs.script ?? {};
    const { envType = "Prod" } = inputs;
    const elsewhere = facts.nodeId === undefined && !isUnknown(envType) && envType !== place(id).env;
    const other = (before: string | undefined, now: string | undefined) =>
      before !== undefined && now !== undefined && before !== now;
    return unlessMoved(id, inputs, changes, [
      ...(other(facts.command, command) ? ["script.command"] : []),
      ...(other(facts.language, language) ? ["script.language"] : []),
      ...(elsewhere ? ["envType"] : []),
      ...optionReplacements([facts.taskId, id], inputs, kept),
    ]);
  },

  unfinished: (facts, inputs) =>
    inputs.publish !== false &&
    (facts.nodeId === undefined
      ? facts.draftNodeId !== undefined
      : facts.phase !== undefined && facts.phase !== "published"),

  async create(work) {
    if (movedId(work.args) !== undefined) return takeOver(work);
    if (adoptedId(work.args) !== undefined) return adopt(work);
    const asking = ask(work.args, deadlineOf(work.args, "create"), undefined, work.inform);
    const existing = await ourNode(work, asking);
    work.facts.nodeId = existing ?? (await makeNode(work, asking));
    work.facts.phase = "created";
    remember(work);
    work.id = `${work.args.projectId}/node/${work.facts.nodeId}`;
    if (existing !== undefined) {
      work.warn(
        `${asking.about}: node ${existing} carries this resource's creation token, and is taken up again. That is right after an interrupted run; where another stack of the same project and name made it, give this stack another name [taken-up]`,
      );
    }
    const wrote = existing !== undefined && (await rewriteNode(work, asking));
    if (work.args.publish !== false) await bringToProduction(work, asking, existing !== undefined, wrote);
    const live = work.found?.values as Kept | undefined;
    const { taskOutputs = live?.outputs?.taskOutputs } = work.args.outputs ?? {};
    rememberUpstream(work.id, taskOutputs, work.facts.taskId);
    if (
      existing !== undefined &&
      live?.trigger?.recurrence === "Pause" &&
      work.args.trigger?.recurrence === undefined
    ) {
      work.warn(
        `${asking.about}: the task of an earlier resource is taken up again, and its schedule is still paused; declare trigger.recurrence "Normal" to run it [still-paused]`,
      );
    }
  },

  async update(work) {
    const { args, facts } = work;
    const asking = ask(args, deadlineOf(args, "update"), undefined, work.inform);
    if (facts.nodeId === undefined && facts.taskId === undefined)
      throw new TaskError(
        `${asking.about}: neither the state nor the id ${show(work.id)} names a task of DataWorks, and nothing was touched; bring back a sound state with \`pulumi stack import\``,
      );
    if (facts.nodeId !== undefined && facts.phase === "published" && facts.taskId === undefined)
      await findTask(work, asking);
    if (facts.nodeId !== undefined) await updateMade(work, asking);
    else await updateAdopted(work, asking, sentPaths(work));
    rememberUpstream(work.id, outputsOf(work), facts.taskId);
  },

  async read(id, facts, kept, _token, asRecorded) {
    const asking = ask(kept, deadlineOf(kept, "read"), id);
    const { projectId, env } = place(id);
    const { taskId, nodeId } = facts;
    const unmoved = await unmovedTask(asking, id, facts, kept, asRecorded);
    if (unmoved) return unmoved;
    let task = taskId === undefined ? undefined : await getTask(asking, projectId, taskId, env);
    if (!task) {
      if (nodeId === undefined) return undefined;
      const node = await getNode(asking, projectId, nodeId);
      if (!node) return undefined;
      const known = taskOfNode(node);
      task = known === undefined || known === taskId ? undefined : await getTask(asking, projectId, known, env);
    }
    if (task) {
      const seen = found(task, facts);
      const { outputs, dependencies } = seen.values as Kept;
      rememberUpstream(id, outputs?.taskOutputs, String(task.Id));
      // With a draft on top, production is not what the arguments speak of.
      const draft = kept.publish === false && facts.phase === "created";
      if (draft) return { values: {}, unreadable: () => true, facts: { taskId: String(task.Id) } };
      const edges = withLeftBehind(dependencies, kept.dependencies);
      return { ...seen, values: { ...seen.values, ...(edges && { dependencies: edges }) } };
    }
    // Somebody took the task off production, or it never got there; the node is still ours.
    const phase = facts.phase === "publishing" ? "publishing" : "created";
    return { values: {}, unreadable: () => true, facts: { phase, taskId: "" } };
  },

  async delete(id, facts, kept, token, inform) {
    const asking = ask(kept, deadlineOf(kept, "delete"), id, inform);
    const { projectId, env } = place(id);
    const { nodeId, phase, pipelineRunId: runId } = facts;
    const what = afterlife(kept, nodeId === undefined);
    if (what === "release") return;
    if (nodeId !== undefined && phase === "publishing") await abolish({ ...asking, projectId, nodeId, runId });
    const node = nodeId === undefined || facts.taskId !== undefined ? {} : await getNode(asking, projectId, nodeId);
    const taskId = facts.taskId ?? taskOfNode(node);
    if (what === "pause") return pause(asking, projectId, taskId, env);
    if (taskId !== undefined) {
      const task = await shownTask(asking, projectId, taskId, env);
      if (task && nodeId === undefined) refuseOthers("delete", task, token, kept);
      if (task)
        await unlessGone({ ...asking, projectId, taskId, env }, async () => {
          if (kept.force !== true) await refuseWhenNeeded(asking, taskId, env);
          if (nodeId === undefined) await deleteTask(asking, projectId, taskId, env);
          else await takeOffline(asking, projectId, nodeId);
        });
    }
    if (nodeId !== undefined) await deleteNode(asking, projectId, nodeId);
  },

  staysWhileNeeded: ({ nodeId }, kept) => kept.force !== true && afterlife(kept, nodeId === undefined) === "delete",

  async downstream(id, { taskId }, kept) {
    if (taskId === undefined) return [];
    const tasks = await downstreamOf(ask(kept, deadlineOf(kept, "read"), id), taskId, place(id).env);
    return tasks.map(({ Id, Name }) => Name ?? String(Id));
  },
};

/**
 * The task where the list shows that nothing has happened to it. Assumption, named here alone: every edit moves
 * ModifyTime, so that what the list leaves out is as it was when the time that it shows was recorded (a full read, or one
 * after a write of ours that nothing came before). Whatever the list shows otherwise is settled by reading the whole task;
 * `dataworks:fullRefresh` reads it always.
 */
async function unmovedTask(
  asking: Asking,
  id: string,
  facts: Partial<DataWorksTaskFacts>,
  kept: Kept,
  asRecorded: ((found: FoundTask) => boolean) | undefined,
): Promise<FoundTask | undefined> {
  const { projectId, env } = place(id);
  const { taskId, modifyTime } = facts;
  if (taskId === undefined || modifyTime === undefined || !asRecorded || asking.client.fullRefresh) return undefined;
  // An edge may lead to an output that the upstream does not have any more: that shows in the edges alone.
  if (kept.dependencies?.some(({ upstream }) => isKnownUpstream(upstream))) return undefined;
  const task = await listedTask(asking, projectId, taskId, env, SEEN_WITHIN);
  if (task === undefined || String(task.ModifyTime) !== modifyTime) return undefined;
  const draft = kept.publish === false && facts.phase === "created";
  const seen = found(task, facts);
  return !draft && asRecorded(seen) ? seen : undefined;
}

/** The task that a damaged state does not name any more, as its node knows it; without one it is yet to be published. */
async function findTask({ id, facts }: DataWorksWork, asking: Asking): Promise<void> {
  const node = await getNode(asking, place(id as string).projectId, facts.nodeId as string);
  const taskId = taskOfNode(node);
  if (taskId === undefined) facts.phase = "created";
  else facts.taskId = taskId;
}

async function updateMade(work: DataWorksWork, asking: Asking): Promise<void> {
  const { args, facts } = work;
  const paths = sentPaths(work);
  const published = facts.phase === "published";
  // What is only forgotten makes no call.
  const edits = work.changes.filter(
    ({ path, kind, leaf }) => isSettable(path) && (kind !== "removed" || leaf.clear !== undefined),
  );
  const throughNode = edits.some(({ path }) => path === "script.content" || !isPatchable(path));
  const draft = args.publish === false;
  if (!published || throughNode || draft) {
    const rewrite = edits.length > 0;
    const wrote = rewrite && (await rewriteNode(work, asking));
    if (rewrite && (draft || published)) facts.phase = "created";
    remember(work);
    if (draft) return;
    // A run that is under way may carry an older version: it is finished first, then what differs is published.
    // So may one that a killed process started; that the node is as wanted already shows that there was one.
    const lookFirst = facts.phase !== "published" && (facts.pipelineRunId === undefined || (rewrite && !wrote));
    await bringToProduction(work, asking, lookFirst, wrote);
    return;
  }
  if (paths.length === 0) return;
  const seen = await update(work, asking, "Prod", paths);
  const stale = work.stale(seen);
  if (stale.length === 0 || !paths.every((path) => stale.includes(path) || UNREAD.includes(path)))
    return accept(work, asking, seen);
  // Nothing of it reached production: publishing brings it.
  const wrote = await rewriteNode(work, asking);
  facts.phase = "created";
  await bringToProduction(work, asking, false, wrote);
  if (work.found && work.stale(work.found).length < stale.length) learnPublishing(asking.client);
}
