import { TaskError } from "../../core/errors";
import { tokenOf } from "../../core/token";
import { withAdvice } from "../generation";
import { deadlineOf, movedId, refuseForeign } from "../options";
import { ask, type DataWorksWork, place, remember, taskOfNode } from "./facts";
import { getNode } from "./lookup";
import { needsNewStudio } from "./making";
import { commandOf, tokenOfSpec } from "./node";
import { bringToProduction, rewriteNode, settleProduction } from "./production";

/**
 * Moves a task that another resource of this stack has made: the node stays, with the creation token that it carries, and
 * is brought to the arguments. What is as declared is not written.
 */
export async function takeOver(work: DataWorksWork): Promise<void> {
  const { args, facts } = work;
  const id = movedId(args) as string;
  const asking = ask(args, deadlineOf(args, "create"), undefined, work.inform);
  const { projectId } = place(id);
  const nodeId = id.slice(id.lastIndexOf("/") + 1);
  const node = await withAdvice(needsNewStudio(args), () => getNode(asking, projectId, nodeId));
  if (!node)
    throw new TaskError(
      `adopt: there is no node ${nodeId} in workspace ${projectId}; take adopt out to have the task created`,
    );
  const mark = tokenOf(node.Description) ?? tokenOfSpec(node.Spec);
  refuseForeign(id, mark, work.token, args.force);
  const command = commandOf(node.Spec);
  if (command !== undefined && command !== args.script?.command)
    throw new TaskError(
      `adopt: node ${nodeId} runs ${command}, not ${String(args.script?.command)}; no operation changes that`,
    );
  if (mark !== undefined) work.token = mark;
  work.id = id;
  facts.nodeId = nodeId;
  const taskId = taskOfNode(node);
  if (taskId !== undefined) facts.taskId = taskId;
  facts.phase = taskId === undefined ? "created" : "published";
  remember(work);
  const wrote = await rewriteNode(work, asking);
  if (args.publish === false) {
    if (wrote) facts.phase = "created";
    return;
  }
  if (wrote || facts.phase !== "published") {
    facts.phase = "created";
    return bringToProduction(work, asking, true, wrote);
  }
  await settleProduction(work, asking);
  // Where production runs other code than the node has, an edit of it was never published.
  if (work.found && work.differences(work.found).includes("script.content"))
    await bringToProduction(work, asking, true, false);
}
