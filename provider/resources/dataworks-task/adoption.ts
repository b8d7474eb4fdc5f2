import { TaskError } from "../../core/errors";
import { readContent } from "../content";
import { withAdvice } from "../generation";
import { adoptedId, adoptsAndApplies, deadlineOf } from "../options";
import { ask, type DataWorksWork, found, place, sceneOf } from "./facts";
import { type Asking, getNode, getTask, nodesNamed } from "./lookup";
import { needsNewStudio } from "./making";
import { nodeSpec } from "./node";
import { publish } from "./publish";
import { readBack, updateTask } from "./sending";
import { withUpstreams } from "./upstream";
import { isPatchable, tokenOfTask } from "./wire";

export async function updateAdopted(work: DataWorksWork, asking: Asking, wanted: readonly string[]): Promise<void> {
  const { projectId, env } = place(work.id as string);
  const paths = [...wanted];
  const taskId = work.facts.taskId as string;
  if (paths.includes("script.content")) {
    const task = await getTask(asking, projectId, taskId, env);
    const node =
      task?.Name === undefined
        ? undefined
        : (await nodesNamed(asking, projectId, sceneOf(work.args), task.Name)).find(
            ({ TaskId }) => String(TaskId) === taskId,
          );
    if (node) {
      await publishAdopted(work, asking, projectId, String(node.Id));
      paths.splice(paths.indexOf("script.content"), 1);
    } else {
      work.warn(
        `${asking.about}: the task has no node in Data Studio, so its code is set by UpdateTask's Script.Content, which the service calls deprecated`,
      );
    }
  }
  if (wanted.length === 0) return;
  if (paths.length > 0) await updateTask(work, asking, taskId, env, paths);
  await readBack(work, asking, env, paths);
}

/** The code of an adopted task that has a node: the node's own document with the new code, published. */
async function publishAdopted(work: DataWorksWork, asking: Asking, projectId: string, nodeId: string): Promise<void> {
  const node = await getNode(asking, projectId, nodeId);
  const content = await readContent(work.args.script?.content, "script.content");
  const spec = nodeSpec({ projectId, script: {} }, content, undefined, node?.Spec);
  await asking.client.call("UpdateNode", { ProjectId: projectId, Id: nodeId, Spec: spec }, asking);
  if (work.args.publish === false) return;
  await publish({
    client: asking.client,
    projectId,
    nodeId,
    direction: "Online",
    deadline: asking.deadline,
    about: asking.about,
    lookFirst: true,
    started: (id) => {
      work.facts.pipelineRunId = id;
    },
  });
}

export async function adopt(work: DataWorksWork): Promise<void> {
  const { args, facts } = work;
  const taskId = adoptedId(args) as string;
  const env = args.envType ?? "Prod";
  const asking = ask(args, deadlineOf(args, "create"));
  const task = await withAdvice(needsNewStudio(args), () => getTask(asking, args.projectId, taskId, env));
  if (!task)
    throw new TaskError(`adopt: there is no task ${taskId} in environment ${env} of workspace ${args.projectId}`);
  if (task.ProjectId !== undefined && String(task.ProjectId) !== args.projectId) {
    throw new TaskError(
      `adopt: task ${taskId} belongs to workspace ${String(task.ProjectId)}, not to ${args.projectId}`,
    );
  }
  const owner = tokenOfTask(task);
  if (owner !== undefined && owner !== work.token && args.force !== true) {
    throw new TaskError(
      `adopt: task ${taskId} was created by another stack; release it there first, or set force: true`,
    );
  }
  facts.taskId = taskId;
  work.id = `${args.projectId}/${env}/task/${taskId}`;
  work.found = found(task, facts);
  work.recordOnly = !adoptsAndApplies(args);
  if (work.recordOnly) return;
  const paths = [
    ...work.differences(work.found, await withUpstreams(args, asking)).filter(isPatchable),
    ...["trigger.cycleType"].filter((path) => work.changed(path)),
  ];
  if (paths.length > 0) await updateAdopted(work, asking, paths);
}
