import { TaskError } from "../../core/errors";
import { putAt } from "../../core/fields";
import { readContent } from "../../core/content";
import { unlessEmpty } from "../empty-answer";
import { type DataWorksTaskArguments } from "./arguments";
import { type DataWorksWork, type FoundTask, found, taskOfNode } from "./facts";
import { learnPublishing } from "./habits";
import { type Asking, getNode, getTask } from "./lookup";
import { folderOf, nodeSpec, sameDocument } from "./node";
import { PipelineFailed, type Published, publish, unlessOutdated } from "./publish";
import { accept, look, patiently, update } from "./sending";
import { withUpstreams } from "./upstream";
import { type WireTask, UNREAD, fitsNode, isPatchable } from "./wire";

/** The arguments with what the user took away set to the value that clears it. */
function cleared(work: DataWorksWork): DataWorksTaskArguments {
  const args = structuredClone(work.args);
  for (const { path, kind, leaf } of work.changes) {
    if (kind === "removed" && leaf.clear !== undefined)
      putAt(args as unknown as Record<string, unknown>, path, leaf.clear);
  }
  return args;
}

/** Writes all declared fields and the code into the node's document, over what it has now; whether that changed it. */
export async function rewriteNode(work: DataWorksWork, asking: Asking): Promise<boolean> {
  const { args, facts, token } = work;
  const projectId = args.projectId;
  const nodeId = facts.nodeId as string;
  let node = await getNode(asking, projectId, nodeId);
  if (!node)
    throw new TaskError(
      `${asking.about}: node ${nodeId} is gone; run \`pulumi refresh\`, then \`pulumi up\` creates it again`,
    );
  const moves =
    work.id !== undefined && work.changed("path") && args.path !== undefined && folderOf(node.Spec) !== args.path;
  const renames = args.name !== undefined && node.Name !== args.name;
  if (renames) {
    work.carries("RenameNode", ["name"]);
    await asking.client.call("RenameNode", { ProjectId: projectId, Id: nodeId, Name: args.name }, asking);
  }
  if (moves) {
    work.carries("MoveNode", ["path"]);
    await asking.client.call("MoveNode", { ProjectId: projectId, Id: nodeId, Path: args.path }, asking);
  }
  // Both write themselves into the node's document.
  if (work.changes.every(({ path, leaf }) => leaf.option || path === "path" || path === "name"))
    return moves || renames;
  if (moves || renames) node = (await getNode(asking, projectId, nodeId)) ?? node;
  const content = await readContent(args.script?.content, "script.content");
  const wanted = cleared(work);
  // Edges that are as they were stay as the service has written them: a document of ours cannot name them all by task.
  if (!work.changed("dependencies")) delete wanted.dependencies;
  const spec = nodeSpec(await withUpstreams(wanted, asking, "node"), content, token, node.Spec);
  if (sameDocument(spec, node.Spec)) return false;
  work.carries("UpdateNode", work.changes.map(({ path }) => path).filter(fitsNode));
  await asking.client.call("UpdateNode", { ProjectId: projectId, Id: nodeId, Spec: spec }, asking);
  return true;
}

/**
 * Publishes the node, then sets by UpdateTask whatever production does not have as declared. `wrote`: the node was
 * changed just now, so that a run which was under way carries an older version.
 */
export async function bringToProduction(
  work: DataWorksWork,
  asking: Asking,
  lookFirst: boolean,
  wrote: boolean,
): Promise<void> {
  const { facts } = work;
  const read = () => readProduction(work, asking);
  const { joined, isOurs } = await unlessOutdated(publishNode(work, asking, lookFirst), wrote);
  const isOnlyInNode = (path: string) => path === "script.content" || !isPatchable(path);
  const isBehind = async () => {
    if (joined && wrote) return true;
    const live = await lookIntoProduction(work, asking);
    // Somebody may have taken the task off production since.
    return live === undefined || (joined && work.differences(live).some(isOnlyInNode));
  };
  if (!isOurs && (await isBehind())) {
    facts.phase = "created";
    await publishNode(work, asking, false);
  }
  let seen: FoundTask | undefined;
  // After a failure the code from before can't be told from another form of what was published: it gets its time to go.
  const isUnsure = work.changes.some(({ path, unsure }) => path === "script.content" && unsure === true);
  await patiently(asking, async () => {
    seen = await read();
    return (
      !work.stale(seen).includes("script.content") && !(isUnsure && work.differences(seen).includes("script.content"))
    );
  });
  await settleProduction(work, asking, seen ?? (await read()), UNREAD);
}

async function lookIntoProduction(work: DataWorksWork, asking: Asking): Promise<FoundTask | undefined> {
  const task = await productionTask(work, asking);
  const seen = task && found(task, work.facts);
  if (seen) work.found = seen;
  return seen;
}

async function readProduction(work: DataWorksWork, asking: Asking): Promise<FoundTask> {
  const seen = await lookIntoProduction(work, asking);
  if (seen) return seen;
  throw new TaskError(
    `${asking.about}: node ${work.facts.nodeId} was published and production shows no task for it yet; run \`pulumi up\` again`,
  );
}

/** Sets whatever production does not have as declared, the published node notwithstanding; `unread` is sent unseen. */
export async function settleProduction(
  work: DataWorksWork,
  asking: Asking,
  known?: FoundTask,
  unread: readonly string[] = [],
): Promise<void> {
  const { facts } = work;
  let seen = known ?? (await readProduction(work, asking));
  facts.phase = "published";
  work.sent = await withUpstreams(cleared(work), asking, "task");
  const left = [
    ...work.differences(seen, work.sent).filter(isPatchable),
    ...unread.filter((path) => work.changed(path)),
  ];
  if (left.length > 0) seen = await update(work, asking, "Prod", left, seen);
  if (left.some((path) => work.stale(seen).includes(path))) {
    // Assumption, named here alone: an update reaches production at once. Where it is a new version of the node alone,
    // publishing that version brings it.
    await publishNode(work, asking, false);
    const stale = work.stale(seen).length;
    seen = await look(work, asking, "Prod", left);
    if (work.stale(seen).length < stale) learnPublishing(asking.client);
    facts.phase = "published";
  }
  await accept(work, asking, seen);
}

async function publishNode(work: DataWorksWork, asking: Asking, lookFirst: boolean): Promise<Published> {
  const { args, facts } = work;
  const runId = facts.phase === "publishing" ? facts.pipelineRunId : undefined;
  // A killed process may have come to the end of its run and not said so.
  const node =
    lookFirst && runId === undefined ? await getNode(asking, args.projectId, facts.nodeId as string) : undefined;
  try {
    return await publish({
      ...asking,
      projectId: args.projectId,
      nodeId: facts.nodeId as string,
      direction: "Online",
      runId,
      lookFirst: lookFirst || facts.phase === "publishing",
      changedAt: node?.ModifyTime === undefined ? undefined : Number(node.ModifyTime),
      started: (id) => {
        facts.pipelineRunId = id;
        facts.phase = "publishing";
      },
    });
  } catch (error) {
    if (error instanceof PipelineFailed) facts.phase = "created";
    throw error;
  }
}

/** The task that production runs for our node, if it does; its id is known once the node is published. */
async function productionTask(work: DataWorksWork, asking: Asking): Promise<WireTask | undefined> {
  const { args, facts } = work;
  const { projectId } = args;
  let task: WireTask | undefined;
  await patiently(asking, async () => {
    task = facts.taskId === undefined ? undefined : await unlessEmpty(getTask(asking, projectId, facts.taskId, "Prod"));
    if (task) return true;
    const taskId = taskOfNode(await unlessEmpty(getNode(asking, projectId, facts.nodeId as string)));
    if (taskId === undefined || taskId === facts.taskId) return false;
    facts.taskId = taskId;
    task = await unlessEmpty(getTask(asking, projectId, taskId, "Prod"));
    return task !== undefined;
  });
  return task;
}
