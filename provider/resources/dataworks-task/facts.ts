import { type AlibabaClient } from "../../clouds/alibaba/client";
import { alibaba } from "../../clouds/connections";
import { type Found, type Work } from "../../core/definition";
import { approvalOf } from "../approval";
import { adoptedId } from "../options";
import { type DataWorksTaskArguments } from "./arguments";
import { type Asking, type NodeItem, SCENES } from "./lookup";
import { UNLISTED, fromWire, type WireTask } from "./wire";

/** What the state knows about a task beside its arguments. */
export interface DataWorksTaskFacts {
  taskId: string;
  nodeId: string;
  pipelineRunId: string;
  /** How far a task made here is: the node exists, a pipeline run is under way, production has it. */
  phase: "created" | "publishing" | "published";
  /** Milliseconds since the epoch, as a string. */
  modifyTime: string;
  /** script.command and script.language, which no operation on tasks returns. */
  command: string;
  language: string;
  /** The node of an adopted task that has code which is not published yet. */
  draftNodeId: string;
}

export type DataWorksWork = Work<DataWorksTaskArguments, DataWorksTaskFacts>;

export type Kept = Partial<DataWorksTaskArguments>;

/** `<projectId>/node/<uuid>` or `<projectId>/<envType>/task/<taskId>`. */
export function place(id: string): { projectId: string; env: "Prod" | "Dev" } {
  const [projectId = "", second] = id.split("/");
  return { projectId, env: second === "Dev" ? "Dev" : "Prod" };
}

export function factsOfId(id: string): Partial<DataWorksTaskFacts> {
  const [, second, third = "", fourth = ""] = id.split("/");
  if (second === "node") return third === "" ? {} : { nodeId: third };
  return third === "task" && fourth !== "" ? { taskId: fourth } : {};
}

export function ask(args: Kept, deadline: number, id?: string, inform?: Asking["inform"]): Asking {
  const client: AlibabaClient = alibaba(args.connection);
  const approval = approvalOf(args);
  return {
    client,
    deadline,
    approval,
    ...(inform && { inform }),
    about: args.name ?? (id === undefined ? `adopted task ${adoptedId(args) ?? ""}` : id),
  };
}

/** The task that the scheduler runs for a node, once it is published. */
export const taskOfNode = (node: NodeItem | undefined): string | undefined =>
  node?.TaskId === undefined || String(node.TaskId) === "" ? undefined : String(node.TaskId);

/** By which outputs others can depend on the task as it was read last. */
export const outputsOf = ({ found }: DataWorksWork) => (found?.values as Kept | undefined)?.outputs?.taskOutputs;

export const sceneOf = (args: DataWorksTaskArguments) => SCENES[args.trigger?.type ?? "Scheduler"];

export function remember({ args, facts }: DataWorksWork): void {
  if (args.script?.command !== undefined) facts.command = args.script.command;
  if (args.script?.language !== undefined) facts.language = args.script.language;
}

/** A task as it was read, in the service's words too. */
export interface FoundTask extends Found<DataWorksTaskFacts> {
  readonly task: WireTask;
}

const isSaid = (answer: unknown): boolean => answer !== undefined && answer !== null && answer !== "";

/** The task in the words of the arguments, with what only the state knows. */
export function found(task: WireTask, facts: Partial<DataWorksTaskFacts>): FoundTask {
  const values = fromWire(task);
  return {
    task,
    values: {
      ...values,
      // A task made here that names another resource in adopt was moved from there.
      adopt: facts.nodeId === undefined ? String(task.Id) : `${String(task.ProjectId)}/node/${facts.nodeId}`,
      script: { ...values.script, command: facts.command, language: facts.language },
    },
    ...(isSaid(task.ModifyUser) && { editor: String(task.ModifyUser) }),
    ...(task.isListed && { unread: (path: string) => UNLISTED.includes(path) }),
    // With a draft of it on top, the code of production is not what the arguments speak of.
    ...(isSaid(facts.draftNodeId) && { unreadable: (path: string) => path === "script.content" }),
    facts: {
      taskId: String(task.Id),
      ...(isSaid(task.ModifyTime) && { modifyTime: String(task.ModifyTime) }),
    },
  };
}
