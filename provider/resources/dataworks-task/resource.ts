import { type AlibabaClient } from "../../clouds/alibaba/client";
import { alibaba } from "../../clouds/connections";
import { CloudError, TaskError, isBusiness, isUnclear } from "../../core/errors";
import { isUnknown, leaves, putAt, valueAt } from "../../core/fields";
import { type Definition, type Found, type Work } from "../../core/lifecycle";
import { poll } from "../../core/poll";
import { tokenOf } from "../../core/token";
import { readContent } from "../content";
import { withAdvice } from "../generation";
import { adoptedId, adoptsAndApplies, afterlife, deadlineOf, optionReplacements } from "../options";
import { type DataWorksTaskArguments, fields } from "./arguments";
import { updateLane } from "./batch";
import { type Asking, type NodeItem, SCENES, downstreamOf, getNode, getTask, nodesNamed } from "./lookup";
import { merge, nodeSpec, sameDocument } from "./node";
import { PipelineFailed, abolish, publish } from "./publish";
import { rules } from "./rules";
import { rememberOutput, withUpstreams } from "./upstream";
import { type WireTask, fitsBatch, fromWire, isPatchable, toWire, tokenOfTask } from "./wire";

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
}

type DataWorksWork = Work<DataWorksTaskArguments, DataWorksTaskFacts>;
type Kept = Partial<DataWorksTaskArguments>;

/** The whole life of a DataWorks task. */
export const definition: Definition<DataWorksTaskArguments, DataWorksTaskFacts> = {
  name: "DataWorksTask",
  fields,
  rules,
  factNames: ["taskId", "nodeId", "pipelineRunId", "phase", "modifyTime", "command", "language"],

  replaces({ id, facts, inputs, kept }) {
    const { command, language } = inputs.script ?? {};
    const { envType = "Prod" } = inputs;
    const elsewhere = facts.nodeId === undefined && !isUnknown(envType) && envType !== place(id).env;
    const other = (before: string | undefined, now: string | undefined) =>
      before !== undefined && now !== undefined && before !== now;
    return [
      ...(other(facts.command, command) || other(facts.language, language) ? ["script"] : []),
      ...(elsewhere ? ["envType"] : []),
      ...optionReplacements(facts.taskId, inputs, kept),
    ];
  },

  unfinished: (facts, inputs) =>
    facts.nodeId !== undefined && inputs.publish !== false && facts.phase !== undefined && facts.phase !== "published",

  async create(work) {
    if (adoptedId(work.args) !== undefined) return adopt(work);
    const asking = ask(work.args, deadlineOf(work.args, "create"));
    const existing = await ourNode(work, asking);
    work.facts.nodeId = existing ?? (await makeNode(work, asking));
    work.facts.phase = "created";
    remember(work);
    work.id = `${work.args.projectId}/node/${work.facts.nodeId}`;
    const wrote = existing !== undefined && (await rewriteNode(work, asking));
    if (work.args.publish !== false) await bringToProduction(work, asking, existing !== undefined, wrote);
    const live = work.found?.values as Kept | undefined;
    rememberOutput(work.id, work.args.outputs?.taskOutputs?.[0] ?? live?.outputs?.taskOutputs?.[0]);
    if (
      existing !== undefined &&
      live?.trigger?.recurrence === "Pause" &&
      work.args.trigger?.recurrence === undefined
    ) {
      work.warn(
        `${asking.about}: the task of an earlier resource is taken up again, and its schedule is still paused; declare trigger.recurrence "Normal" to run it`,
      );
    }
  },

  async update(work) {
    const { args, facts } = work;
    const asking = ask(args, deadlineOf(args, "update"));
    warnAboutKeptValues(work);
    if (facts.nodeId !== undefined) await updateMade(work, asking);
    else await updateAdopted(work, asking, sentPaths(work));
    rememberOutput(work.id, outputOf(work));
  },

  async read(id, facts, kept) {
    const asking = ask(kept, deadlineOf(kept, "read"), id);
    const { projectId, env } = place(id);
    const { taskId, nodeId } = facts;
    let task = taskId === undefined ? undefined : await getTask(asking, projectId, taskId, env);
    if (!task) {
      if (nodeId === undefined) return undefined;
      const node = await getNode(asking, projectId, nodeId);
      if (!node) return undefined;
      const known = taskOfNode(node);
      task = known === undefined || known === taskId ? undefined : await getTask(asking, projectId, known, env);
    }
    if (task) {
      rememberOutput(id, fromWire(task).outputs?.taskOutputs?.[0]);
      // With a draft on top, production is not what the arguments speak of.
      const draft = kept.publish === false && facts.phase === "created";
      return draft ? { values: {}, unreadable: () => true, facts: { taskId: String(task.Id) } } : found(task, facts);
    }
    // Somebody took the task off production, or it never got there; the node is still ours.
    const phase = facts.phase === "publishing" ? "publishing" : "created";
    return { values: {}, unreadable: () => true, facts: { phase, taskId: "" } };
  },

  async delete(id, facts, kept) {
    const asking = ask(kept, deadlineOf(kept, "delete"), id);
    const { projectId, env } = place(id);
    const { nodeId, phase, pipelineRunId: runId } = facts;
    const what = afterlife(kept, nodeId === undefined);
    if (what === "release") return;
    if (what === "pause") return pause(asking, projectId, facts.taskId, env);
    if (nodeId !== undefined && phase === "publishing") await abolish({ ...asking, projectId, nodeId, runId });
    const node = nodeId === undefined || facts.taskId !== undefined ? {} : await getNode(asking, projectId, nodeId);
    const taskId = facts.taskId ?? taskOfNode(node);
    if (taskId !== undefined) {
      const task = await getTask(asking, projectId, taskId, env);
      if (task && kept.force !== true) await refuseWhenNeeded(asking, taskId, env);
      if (task && nodeId === undefined) await asking.client.call("DeleteTask", { Id: taskId, ProjectEnv: env }, asking);
      if (task && nodeId !== undefined) await takeOffline(asking, projectId, nodeId);
    }
    if (nodeId !== undefined) await deleteNode(asking, projectId, nodeId);
  },
};

/** `<projectId>/node/<uuid>` or `<projectId>/<envType>/task/<taskId>`. */
function place(id: string): { projectId: string; env: "Prod" | "Dev" } {
  const [projectId = "", second] = id.split("/");
  return { projectId, env: second === "Dev" ? "Dev" : "Prod" };
}

function ask(args: Kept, deadline: number, id?: string): Asking {
  const client: AlibabaClient = alibaba(args.connection);
  return { client, deadline, about: args.name ?? (id === undefined ? `adopted task ${adoptedId(args) ?? ""}` : id) };
}

/** The task that the scheduler runs for a node, once it is published. */
const taskOfNode = (node: NodeItem | undefined): string | undefined =>
  node?.TaskId === undefined || String(node.TaskId) === "" ? undefined : String(node.TaskId);
/** By which output others can depend on the task as it was read last. */
const outputOf = ({ found }: DataWorksWork) => (found?.values as Kept | undefined)?.outputs?.taskOutputs?.[0];

const sceneOf = (args: DataWorksTaskArguments) => SCENES[args.trigger?.type ?? "Scheduler"];

function remember({ args, facts }: DataWorksWork): void {
  if (args.script?.command !== undefined) facts.command = args.script.command;
  if (args.script?.language !== undefined) facts.language = args.script.language;
}

/** The task in the words of the arguments, with what only the state knows. */
function found(task: WireTask, facts: Partial<DataWorksTaskFacts>): Found<DataWorksTaskFacts> {
  const values = fromWire(task);
  return {
    values: {
      ...values,
      adopt: String(task.Id),
      script: { ...values.script, command: facts.command, language: facts.language },
    },
    facts: {
      taskId: String(task.Id),
      ...(task.ModifyTime !== undefined && { modifyTime: String(task.ModifyTime) }),
    },
  };
}

/** The node of this resource that an interrupted run has left behind. */
async function ourNode({ args, token }: DataWorksWork, asking: Asking): Promise<string | undefined> {
  const named = await withAdvice(needsNewStudio(args), () =>
    nodesNamed(asking, args.projectId, sceneOf(args), args.name as string),
  );
  const ours = named.find(({ Description }) => tokenOf(Description) === token);
  if (ours) return String(ours.Id);
  const taken = named.find(({ Description }) => args.path === undefined && tokenOf(Description) !== token);
  if (taken) throw nameTaken(args, taken.TaskId);
  return undefined;
}

const needsNewStudio = ({ projectId }: DataWorksTaskArguments) =>
  `a DataWorksTask needs a workspace of the new Data Studio: check projectId ${projectId} and the region`;

const nameTaken = (args: DataWorksTaskArguments, taskId: string | number | undefined) =>
  new TaskError(
    `name ${JSON.stringify(args.name)} exists in workspace ${args.projectId} and was not created by this resource; ` +
      (taskId === undefined || String(taskId) === "" || String(taskId) === "0"
        ? "choose another name, or delete that node in Data Studio"
        : `to take it over write adopt: "${taskId}", or choose another name`),
  );

async function makeNode(work: DataWorksWork, asking: Asking): Promise<string> {
  const { args, token } = work;
  const content = await readContent(args.script?.content, "script.content");
  try {
    const answer = await asking.client.call(
      "CreateNode",
      {
        ProjectId: args.projectId,
        Scene: sceneOf(args),
        Spec: nodeSpec(await withUpstreams(args, asking), content ?? "", token),
      },
      asking,
    );
    return String(answer["Id"]);
  } catch (error) {
    // Nobody knows whether it was made: our token does.
    const made = isUnclear(error) || mayBeDuplicate(error) ? await ourNode(work, asking) : undefined;
    if (made === undefined) throw error;
    return made;
  }
}

const mayBeDuplicate = (error: unknown) => error instanceof CloudError && error.errorClass === "business";

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
async function rewriteNode(work: DataWorksWork, asking: Asking): Promise<boolean> {
  const { args, facts, token } = work;
  const projectId = args.projectId;
  const nodeId = facts.nodeId as string;
  const node = await getNode(asking, projectId, nodeId);
  if (!node)
    throw new TaskError(
      `${asking.about}: node ${nodeId} is gone; run \`pulumi refresh\`, then \`pulumi up\` creates it again`,
    );
  if (args.name !== undefined && node.Name !== args.name) {
    await asking.client.call("RenameNode", { ProjectId: projectId, Id: nodeId, Name: args.name }, asking);
  }
  if (work.id !== undefined && work.changed("path") && args.path !== undefined) {
    await asking.client.call("MoveNode", { ProjectId: projectId, Id: nodeId, Path: args.path }, asking);
  }
  const content = await readContent(args.script?.content, "script.content");
  const spec = nodeSpec(await withUpstreams(cleared(work), asking), content, token, node.Spec);
  if (sameDocument(spec, node.Spec)) return false;
  await asking.client.call("UpdateNode", { ProjectId: projectId, Id: nodeId, Spec: spec }, asking);
  return true;
}

/**
 * Publishes the node, then sets by UpdateTask whatever production does not have as declared. `wrote`: the node was
 * changed just now, so that a run which was under way carries an older version.
 */
async function bringToProduction(
  work: DataWorksWork,
  asking: Asking,
  lookFirst: boolean,
  wrote: boolean,
): Promise<void> {
  const { facts } = work;
  const look = async () => {
    const task = await productionTask(work, asking);
    return (work.found = found(task, facts));
  };
  const { joined } = await publishNode(work, asking, lookFirst);
  if (joined && (wrote || work.differences(await look()).includes("script.content")))
    await publishNode(work, asking, false);
  await patiently(asking, async () => !work.stale(await look()).includes("script.content"));
  work.found ??= await look();
  facts.phase = "published";
  const left = [
    ...work.differences(work.found, (work.sent = await withUpstreams(cleared(work), asking))).filter(isPatchable),
    ...UNREAD.filter((path) => work.changed(path)),
  ];
  if (left.length === 0) return;
  await updateTask(work, asking, facts.taskId as string, "Prod", left);
  await readBack(work, asking, "Prod", left);
}

async function publishNode(work: DataWorksWork, asking: Asking, lookFirst: boolean): Promise<{ joined: boolean }> {
  const { args, facts } = work;
  const runId = facts.phase === "publishing" ? facts.pipelineRunId : undefined;
  try {
    return await publish({
      client: asking.client,
      projectId: args.projectId,
      nodeId: facts.nodeId as string,
      direction: "Online",
      deadline: asking.deadline,
      about: asking.about,
      runId,
      lookFirst: lookFirst || facts.phase === "publishing",
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

/** The task that production runs for our node; its id is known once the node is published. */
async function productionTask(work: DataWorksWork, asking: Asking): Promise<WireTask> {
  const { args, facts } = work;
  const { projectId } = args;
  let task: WireTask | undefined;
  await patiently(asking, async () => {
    task = facts.taskId === undefined ? undefined : await getTask(asking, projectId, facts.taskId, "Prod");
    if (task) return true;
    const taskId = taskOfNode(await getNode(asking, projectId, facts.nodeId as string));
    if (taskId === undefined || taskId === facts.taskId) return false;
    facts.taskId = taskId;
    task = await getTask(asking, projectId, taskId, "Prod");
    return task !== undefined;
  });
  if (!task)
    throw new TaskError(
      `${asking.about}: node ${facts.nodeId} was published and production shows no task for it yet; run \`pulumi up\` again`,
    );
  return task;
}

async function updateMade(work: DataWorksWork, asking: Asking): Promise<void> {
  const { args, facts } = work;
  const paths = sentPaths(work);
  const published = facts.phase === "published";
  const throughNode = work.changed(
    "script.content",
    "path",
    "trigger.timeZone",
    "dataSource.type",
    "script.command",
    "script.language",
  );
  const draft = args.publish === false;
  if (!published || throughNode || draft) {
    const rewrite = work.changes.some(({ leaf }) => !leaf.option);
    const wrote = rewrite && (await rewriteNode(work, asking));
    if (rewrite && (draft || published)) facts.phase = "created";
    remember(work);
    if (draft) return;
    // A run that is under way may carry an older version: it is finished first, then what differs is published.
    await bringToProduction(work, asking, facts.phase !== "published" && facts.pipelineRunId === undefined, wrote);
    return;
  }
  if (paths.length === 0) return;
  await updateTask(work, asking, facts.taskId as string, "Prod", paths);
  const seen = await readBack(work, asking, "Prod", paths);
  const stale = work.stale(seen);
  if (!paths.every((path) => stale.includes(path) || UNREAD.includes(path)) || stale.length === 0) return;
  // Assumption, named here alone: an update of a task reaches production at once. Where it does not, publishing brings it.
  const wrote = await rewriteNode(work, asking);
  facts.phase = "created";
  await bringToProduction(work, asking, false, wrote);
}

/** Properties that only UpdateTask carries and no operation returns. */
const UNREAD: readonly string[] = ["trigger.cycleType", "clientUniqueCode"];

async function updateAdopted(work: DataWorksWork, asking: Asking, wanted: readonly string[]): Promise<void> {
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

/** The declared or cleared properties that an update operation has to carry. */
const sentPaths = (work: DataWorksWork): string[] =>
  work.changes
    .filter(({ path, kind, leaf }) => isPatchable(path) && (kind !== "removed" || leaf.clear !== undefined))
    .map(({ path }) => path);

function warnAboutKeptValues(work: DataWorksWork): void {
  for (const { path, kind, leaf } of work.changes) {
    if (kind === "removed" && leaf.clear === undefined && !leaf.option) {
      work.warn(
        `${work.args.name ?? work.id}: ${path} is no longer declared; the service keeps its value, and it is not compared any more`,
      );
    }
  }
}

/** Sends some properties through the cheapest operation that carries them all. */
async function updateTask(
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
async function readBack(work: DataWorksWork, asking: Asking, env: string, sent: readonly string[]): Promise<Seen> {
  const seen = await look(work, asking, env, sent);
  const lost = lostProperties(work, seen, sent);
  if (lost.length === 0) return seen;
  work.warn(`${asking.about}: ${lost.join(", ")} did not have the declared value any more, and got it again`);
  const again = together(work, lost);
  await updateTask(work, asking, work.facts.taskId as string, env, again);
  return look(work, asking, env, again);
}

/** The task as it is shown once it shows what was sent; a service that is slow to show it gets a few moments. */
async function look(work: DataWorksWork, asking: Asking, env: string, sent: readonly string[]): Promise<Seen> {
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
async function patiently(asking: Asking, isSo: () => Promise<boolean>): Promise<void> {
  await poll(async () => ((await isSo()) ? true : undefined), {
    deadline: Math.min(asking.deadline, Date.now() + SETTLING_MILLISECONDS),
  });
}

/** Assumption, named here alone: whether a read shows a change at once is not documented; this long it may be late. */
const SETTLING_MILLISECONDS = 3_000;

async function adopt(work: DataWorksWork): Promise<void> {
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

async function refuseWhenNeeded(asking: Asking, taskId: string, env: string): Promise<void> {
  const downstream = await downstreamOf(asking, taskId, env);
  if (downstream.length === 0) return;
  const names = downstream.slice(0, 5).map(({ Id, Name }) => `${Name ?? "?"} (${String(Id)})`);
  const more = downstream.length > names.length ? ` and ${downstream.length - names.length} more` : "";
  throw new TaskError(
    `${asking.about}: task ${taskId} is not deleted, because ${names.join(", ")}${more} depend${downstream.length === 1 ? "s" : ""} on it; remove those dependencies first, or set force: true and run \`pulumi up\` before deleting`,
  );
}

async function takeOffline(asking: Asking, projectId: string, nodeId: string): Promise<void> {
  await publish({
    client: asking.client,
    projectId,
    nodeId,
    direction: "Offline",
    deadline: asking.deadline,
    about: asking.about,
    started: () => undefined,
  });
}

async function deleteNode(asking: Asking, projectId: string, nodeId: string, isOffline = false): Promise<void> {
  try {
    await asking.client.call("DeleteNode", { ProjectId: projectId, Id: nodeId }, asking);
  } catch (error) {
    // Deleting what is already gone succeeds.
    if (!(await getNode(asking, projectId, nodeId))) return;
    if (isOffline || !isBusiness(error)) throw error;
    // Still published somewhere, in the development environment alone or since a moment ago.
    await takeOffline(asking, projectId, nodeId);
    await deleteNode(asking, projectId, nodeId, true);
  }
}

async function pause(asking: Asking, projectId: string, taskId: string | undefined, env: string): Promise<void> {
  if (taskId === undefined || !(await getTask(asking, projectId, taskId, env))) return;
  const patch = { Trigger: { Recurrence: "Pause" } };
  await updateLane(asking.client, undefined)({ taskId, env, patch, about: asking.about, deadline: asking.deadline });
}
