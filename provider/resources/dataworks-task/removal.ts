import { isBusiness, StillNeeded, TaskError } from "../../core/errors";
import { once } from "../../core/once";
import { updateLane } from "./batch";
import { lostBy } from "./habits";
import { type Asking, downstreamOf, getNode, getTask, isDoubtful, shownTask } from "./lookup";
import { publish } from "./publish";
import { patiently } from "./sending";
import { type WireTask } from "./wire";

export async function refuseWhenNeeded(asking: Asking, taskId: string, env: string): Promise<void> {
  const downstream = await downstreamOf(asking, taskId, env);
  if (downstream.length === 0) return;
  const names = downstream.slice(0, 5).map(({ Id, Name }) => `${Name ?? "?"} (${String(Id)})`);
  const more = downstream.length > names.length ? ` and ${downstream.length - names.length} more` : "";
  throw new StillNeeded(
    `${asking.about}: task ${taskId} is not deleted, because ${names.join(", ")}${more} depend${downstream.length === 1 ? "s" : ""} on it; remove those dependencies first and run \`pulumi up\` (when it is to be replaced: put them back afterwards), or set force: true and run \`pulumi up\` before deleting`,
  );
}

/**
 * A step of a deletion. A run that a killed process has started goes on by itself and may take the task away at any moment:
 * a refusal after that is none.
 */
export async function unlessGone(
  { projectId, taskId, env, ...asking }: Asking & { projectId: string; taskId: string; env: string },
  step: () => Promise<void>,
): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!isDoubtful(error) || (await getTask(asking, projectId, taskId, env)) !== undefined) throw error;
  }
}

/** Deletes a task that has no node. */
export async function deleteTask(asking: Asking, projectId: string, taskId: string, env: string): Promise<void> {
  await once({
    make: () => asking.client.call("DeleteTask", { Id: taskId, ProjectEnv: env }, asking),
    look: async () => ((await getTask(asking, projectId, taskId, env)) === undefined ? {} : undefined),
    deadline: asking.deadline,
  });
}

export async function takeOffline(asking: Asking, projectId: string, nodeId: string): Promise<void> {
  await publish({
    ...asking,
    projectId,
    nodeId,
    direction: "Offline",
    // An interrupted deletion, or one that waits for an approval, has left its run under way: a second one would want another.
    lookFirst: true,
    started: () => undefined,
  });
}

export async function deleteNode(asking: Asking, projectId: string, nodeId: string, isOffline = false): Promise<void> {
  try {
    await once({
      make: () => asking.client.call("DeleteNode", { ProjectId: projectId, Id: nodeId }, asking),
      // Deleting what is already gone succeeds.
      look: async () => ((await getNode(asking, projectId, nodeId)) === undefined ? {} : undefined),
      mayBeThere: () => true,
      deadline: asking.deadline,
    });
  } catch (error) {
    if (isOffline || !isBusiness(error)) throw error;
    // Still published somewhere, in the development environment alone or since a moment ago.
    await takeOffline(asking, projectId, nodeId).catch((other: unknown) => {
      // It is not: the refusal was about something else.
      throw isBusiness(other) ? error : other;
    });
    await deleteNode(asking, projectId, nodeId, true);
  }
}

/** Stops the schedule of a task that stays, and fails while it goes on: nobody looks after the task from now on. */
export async function pause(asking: Asking, projectId: string, taskId: string | undefined, env: string): Promise<void> {
  const before = taskId === undefined ? undefined : await shownTask(asking, projectId, taskId, env);
  if (taskId === undefined || before === undefined || isStill(before)) return;
  const { client, about, deadline } = asking;
  const patch = { Trigger: { Recurrence: "Pause" } };
  const write = () => updateLane(client, env)({ projectId, taskId, env, patch, about, deadline, before });
  const look = async (): Promise<WireTask | undefined> => {
    let task: WireTask | undefined;
    await patiently(asking, async () => {
      task = await shownTask(asking, projectId, taskId, env);
      return task === undefined || isStill(task);
    });
    return task;
  };
  const sent = await write();
  let after = await look();
  // What is left behind keeps the rest of its schedule, also where an update takes away what it is not given.
  if (after !== undefined && lostBy(client, sent, after).length > 0) {
    await write();
    after = await look();
  }
  if (after === undefined || isStill(after)) return;
  const { unanswered } = sent;
  const silence = unanswered === undefined ? "" : " and the service did not say what became of the update";
  throw new TaskError(
    `${about}: onDelete "pause": task ${taskId} is not paused, its recurrence is still ${after.Trigger?.Recurrence ?? "not shown"}${silence}; pause it in the operations centre, or publish its node where an update needs that, and run \`pulumi up\` again`,
    { cause: unanswered },
  );
}

/** Whether no schedule starts it. */
const isStill = ({ Trigger }: WireTask): boolean => Trigger?.Recurrence === "Pause" || Trigger?.Type === "Manual";
