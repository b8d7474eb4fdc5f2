import { type Found } from "../../core/definition";
import { type WeDataTaskArguments } from "./arguments";
import { type Sighting } from "./lookup";
import { type Reading, fromWire, modifyTimeOf } from "./wire";

/** What the state knows about a task beside its arguments. */
export interface WeDataTaskFacts {
  taskId: string;
  /** The version published last from here, such as `V3`. */
  version: string;
  /**
   * `created`: the task exists, and does not have its arguments yet. `edited`: production does not have the newest edit.
   * `published`: it has. `draft`: adopted without ever having been published. `scheduled`: the editing space has lost
   * the task and production still runs it.
   */
  phase: "created" | "edited" | "published" | "draft" | "scheduled";
  /** As the service writes it. */
  modifyTime: string;
  origin: "adopted";
  reading: Reading | undefined;
}

export type Facts = Partial<WeDataTaskFacts>;
export type Arguments = Partial<WeDataTaskArguments>;

/**
 * The task in the words of the arguments. `declared` is what is known of them; `trusting` takes the words of SelfDepend
 * as we assume them, since one has just been set.
 */
export function found(
  seen: Sighting,
  facts: Facts,
  declared: Arguments,
  trusting = facts.origin !== "adopted",
): Found<WeDataTaskFacts> {
  const { task, operation, script } = seen;
  const code = script !== undefined && { script: { content: script } };
  const taskId = task.TaskId ?? facts.taskId;
  // A task made here that names another resource in adopt was moved from there.
  const adopt = facts.origin === "adopted" ? taskId : `${task.ProjectId ?? ""}/${taskId ?? ""}`;
  if (operation === undefined) {
    return {
      values: { adopt, projectId: task.ProjectId, ...code },
      unreadable: (path) =>
        (path === "script.content" && script === undefined) || !["adopt", "projectId", "script.content"].includes(path),
      facts: {},
    };
  }
  const { reading = {} } = facts;
  const { values, unreadable } = fromWire(task, operation, { reading, declared, trusting });
  const modifyTime = modifyTimeOf(task);
  // What production runs says nothing of a newer edit.
  const isOlder = reading.showsSubmitted === true && facts.phase === "edited" && operation !== "DescribeTaskDetailDs";
  return {
    values: { ...values, adopt, ...code },
    unreadable: (path) =>
      path === "script.content" ? script === undefined : unreadable(path) || (isOlder && path !== "adopt"),
    mayBeDraft: true,
    facts: {
      taskId: task.TaskId ?? facts.taskId ?? "",
      ...(modifyTime !== undefined && { modifyTime }),
      ...(seen.scheduledOnly ? { phase: "scheduled" } : facts.phase === "scheduled" && { phase: "edited" }),
    },
  };
}
