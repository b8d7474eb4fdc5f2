import { TaskError } from "../../core/errors";
import { readContent } from "../../core/content";
import { withAdvice } from "../generation";
import { adoptedId, adoptsAndApplies, createdElsewhere, deadlineOf } from "../options";
import { ask, type DataWorksWork, type FoundTask, found, type Kept, place, taskOfNode } from "./facts";
import { type Asking, SEEN_WITHIN, getNode, getTask, nodesNamed, scenesOf, shownTask } from "./lookup";
import { needsNewStudio } from "./making";
import { nodeSpec, sameDocument } from "./node";
import { type Published, publish, unlessOutdated } from "./publish";
import { accept, declaresUnlisted, look, update } from "./sending";
import { withUpstreams } from "./upstream";
import { type WireTask, UNREAD, isPatchable, tokenOfTask } from "./wire";

/** Brings an adopted task to its arguments. `known`: the task as it was read just now. */
export async function updateAdopted(
  work: DataWorksWork,
  asking: Asking,
  wanted: readonly string[],
  known?: FoundTask,
): Promise<void> {
  const { projectId, env } = place(work.id as string);
  const paths = [...wanted];
  const taskId = work.facts.taskId as string;
  const draft = work.args.publish === false ? undefined : work.facts.draftNodeId;
  if (paths.includes("script.content") || draft !== undefined) {
    const read = async () => known?.task ?? (await getTask(asking, projectId, taskId, env));
    const remembered = draft === undefined ? undefined : await getNode(asking, projectId, draft);
    const node = remembered ? draft : await nodeOf(work, asking, await read());
    if (node !== undefined) {
      await rewriteAdopted(work, asking, projectId, node);
      const code = paths.indexOf("script.content");
      if (code >= 0) paths.splice(code, 1);
    } else {
      delete work.facts.draftNodeId;
      if (draft !== undefined && !paths.includes("script.content")) paths.push("script.content");
      work.warn(
        `${asking.about}: the task has no node in Data Studio, so its code is set by UpdateTask's Script.Content, which the service calls deprecated [code-without-node]`,
      );
    }
  }
  if (wanted.length === 0 && draft === undefined) return;
  let seen =
    paths.length > 0
      ? await update(work, asking, env, paths, paths.length === wanted.length ? known : undefined)
      : await look(work, asking, env, ["script.content"]);
  const stale = work.stale(seen);
  if (paths.length > 0 && stale.length > 0 && paths.every((path) => stale.includes(path) || UNREAD.includes(path))) {
    // Nothing of it reached production: where the task has a node, the update is a new version of that.
    const node = env === "Prod" && work.args.publish !== false ? await nodeOf(work, asking, seen.task) : undefined;
    if (node !== undefined) {
      await publishNode(work, asking, projectId, node);
      seen = await look(work, asking, env, paths);
    }
  }
  await accept(work, asking, seen);
}

/** The node behind an adopted task. */
async function nodeOf(work: DataWorksWork, asking: Asking, task: WireTask | undefined): Promise<string | undefined> {
  if (task?.Name === undefined) return undefined;
  const { projectId } = place(work.id as string);
  for (const scene of scenesOf(task)) {
    const named = await nodesNamed(asking, projectId, scene, task.Name);
    const node = named.find((each) => taskOfNode(each) === String(task.Id));
    if (node?.Id !== undefined) return String(node.Id);
  }
  return undefined;
}

/** The code of an adopted task that has a node: the node's own document with the new code, published unless it is to stay a draft. */
async function rewriteAdopted(work: DataWorksWork, asking: Asking, projectId: string, nodeId: string): Promise<void> {
  const node = await getNode(asking, projectId, nodeId);
  if (!node) throw new TaskError(`${asking.about}: node ${nodeId} of the task is gone; run \`pulumi up\` again`);
  const content = await readContent(work.args.script?.content, "script.content");
  const spec = nodeSpec({ projectId, script: {} }, content, undefined, node.Spec);
  const isWritten = !sameDocument(spec, node.Spec);
  if (isWritten) {
    work.carries("UpdateNode", ["script.content"]);
    await asking.client.call("UpdateNode", { ProjectId: projectId, Id: nodeId, Spec: spec }, asking);
  }
  work.facts.draftNodeId = nodeId;
  if (work.args.publish === false) return;
  // Where nothing was written now, a run since the last change has carried it, also one that is over.
  const changedAt = isWritten || node.ModifyTime === undefined ? undefined : Number(node.ModifyTime);
  const { joined } = await unlessOutdated(publishNode(work, asking, projectId, nodeId, { changedAt }), isWritten);
  // A run that was under way carries an older version.
  if (joined && (isWritten || !(await runsDeclaredCode(work, asking))))
    await publishNode(work, asking, projectId, nodeId, { lookFirst: false });
  delete work.facts.draftNodeId;
}

/** Whether production has the declared code. */
async function runsDeclaredCode(work: DataWorksWork, asking: Asking): Promise<boolean> {
  const { projectId, env } = place(work.id as string);
  const task = await getTask(asking, projectId, work.facts.taskId as string, env);
  const { draftNodeId: _draft, ...facts } = work.facts;
  return task !== undefined && !work.differences(found(task, facts)).includes("script.content");
}

function publishNode(
  work: DataWorksWork,
  asking: Asking,
  projectId: string,
  nodeId: string,
  { lookFirst = true, changedAt }: { lookFirst?: boolean; changedAt?: number | undefined } = {},
): Promise<Published> {
  return publish({
    ...asking,
    projectId,
    nodeId,
    direction: "Online",
    lookFirst,
    changedAt,
    started: (id) => {
      work.facts.pipelineRunId = id;
    },
  });
}

export async function adopt(work: DataWorksWork): Promise<void> {
  const { args, facts } = work;
  const taskId = adoptedId(args) as string;
  const env = args.envType ?? "Prod";
  const asking = ask(args, deadlineOf(args, "create"), undefined, work.inform);
  // Where nothing of it is declared, what the list leaves out does not matter.
  const read = declaresUnlisted(work) ? getTask : shownTask;
  const task = await withAdvice(needsNewStudio(args), () => read(asking, args.projectId, taskId, env, SEEN_WITHIN));
  if (!task)
    throw new TaskError(`adopt: there is no task ${taskId} in environment ${env} of workspace ${args.projectId}`);
  if (task.ProjectId !== undefined && String(task.ProjectId) !== args.projectId) {
    throw new TaskError(
      `adopt: task ${taskId} belongs to workspace ${String(task.ProjectId)}, not to ${args.projectId}`,
    );
  }
  refuseOthers("adopt", task, work.token, args);
  facts.taskId = taskId;
  work.id = `${args.projectId}/${env}/task/${taskId}`;
  const known = found(task, facts);
  work.found = known;
  work.prior = known;
  work.recordOnly = !adoptsAndApplies(args);
  if (work.recordOnly) return;
  const paths = [
    ...work.differences(known, await withUpstreams(args, asking, "task")).filter(isPatchable),
    ...UNREAD.filter((path) => work.changed(path)),
  ];
  if (paths.length > 0) await updateAdopted(work, asking, paths, known);
}

/** A task that carries another resource's token is that one's, unless the user insists. */
export function refuseOthers(what: "adopt" | "delete", task: WireTask, token: string, { force }: Kept): void {
  const owner = tokenOfTask(task);
  if (owner === undefined || owner === token || force === true) return;
  if (what === "adopt") throw createdElsewhere(String(task.Id), owner, token);
  throw new TaskError(
    `${what}: task ${String(task.Id)} was created by another stack; release it there first, or set force: true`,
  );
}
