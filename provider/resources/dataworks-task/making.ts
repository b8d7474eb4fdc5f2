import { CloudError, TaskError } from "../../core/errors";
import { once } from "../../core/once";
import { tokenOf } from "../../core/token";
import { readContent } from "../../core/content";
import { idFrom } from "../empty-answer";
import { withAdvice } from "../generation";
import { type DataWorksTaskArguments } from "./arguments";
import { type DataWorksWork, sceneOf } from "./facts";
import { type Asking, nodesNamed } from "./lookup";
import { nodeSpec } from "./node";
import { withUpstreams } from "./upstream";
import { show } from "../../core/quoting";

/** The node of this resource that an interrupted run has left behind. */
export async function ourNode({ args, token }: DataWorksWork, asking: Asking): Promise<string | undefined> {
  const named = await withAdvice(needsNewStudio(args), () =>
    nodesNamed(asking, args.projectId, sceneOf(args), args.name as string),
  );
  const ours = named.find(({ Description }) => tokenOf(Description) === token);
  if (ours) return String(ours.Id);
  const taken = named.find(({ Description }) => args.path === undefined && tokenOf(Description) !== token);
  if (taken) throw nameTaken(args, taken.TaskId);
  return undefined;
}

export const needsNewStudio = ({ projectId }: DataWorksTaskArguments) =>
  `a DataWorksTask needs a workspace of the new Data Studio: check projectId ${projectId} and the region`;

const nameTaken = (args: DataWorksTaskArguments, taskId: string | number | undefined) =>
  new TaskError(
    `name ${show(args.name)} exists in workspace ${args.projectId} and was not created by this resource; ` +
      (taskId === undefined || String(taskId) === "" || String(taskId) === "0"
        ? "choose another name, or delete that node in Data Studio"
        : `to take it over write adopt: "${taskId}", or choose another name`),
  );

export async function makeNode(work: DataWorksWork, asking: Asking): Promise<string> {
  const { args, token } = work;
  const content = await readContent(args.script?.content, "script.content");
  const node = {
    ProjectId: args.projectId,
    Scene: sceneOf(args),
    Spec: nodeSpec(await withUpstreams(args, asking, "node"), content ?? "", token),
  };
  return once({
    make: async () => idFrom("CreateNode", await asking.client.call("CreateNode", node, asking), asking.about),
    // Nobody knows whether it was made: our token does.
    look: () => ourNode(work, asking),
    mayBeThere: mayBeDuplicate,
    deadline: asking.deadline,
  });
}

const mayBeDuplicate = (error: unknown) => error instanceof CloudError && error.errorClass === "business";
