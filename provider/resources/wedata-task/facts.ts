import { type Found } from "../../core/definition";
import { type WeDataTaskArguments } from "./arguments";
import { type Asking, type Sighting, dependTask } from "./lookup";
import { type Reading, UNLISTED, declaredPathsOf, fromWire, isInLists, modifyTimeOf } from "./wire";

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
  const editor = task.UpdateUser ?? undefined;
  // What production runs says nothing of a newer edit.
  const isOlder = reading.showsSubmitted === true && facts.phase === "edited" && operation !== "DescribeTaskDetailDs";
  return {
    values: { ...values, adopt, ...code },
    unreadable: (path) =>
      path === "script.content" ? script === undefined : unreadable(path) || (isOlder && path !== "adopt"),
    mayBeDraft: true,
    ...(editor !== undefined && editor !== "" && { editor }),
    facts: {
      taskId: task.TaskId ?? facts.taskId ?? "",
      ...(modifyTime !== undefined && { modifyTime }),
      ...(seen.scheduledOnly ? { phase: "scheduled" } : facts.phase === "scheduled" && { phase: "edited" }),
    },
  };
}

/** A task of which only what the lists show was read; the rest is as it is recorded. */
export interface Glimpse extends Sighting {
  readonly found: Found<WeDataTaskFacts>;
}

/**
 * The task as the lists show it, where that can stand for the whole of it: `undefined` where they do not have it, or say
 * nothing of what they are to show.
 */
export async function glimpse(
  asking: Asking,
  facts: Facts,
  declared: Arguments,
  trusting?: boolean,
): Promise<Glimpse | undefined> {
  const task = await dependTask(asking, facts.taskId as string);
  if (task === undefined) return undefined;
  const seen: Sighting = { task, operation: "DescribeDependTaskLists" };
  const whole = found(seen, facts, declared, trusting);
  const ignored = facts.reading?.ignored ?? [];
  const isMute = (path: string) => isInLists(path) && whole.unreadable?.(path) === true && !ignored.includes(path);
  if (declaredPathsOf(declared).some(isMute)) return undefined;
  const { unreadable } = whole;
  // What no read of the site shows is not left unread: it has to stay in the state.
  const isElsewhere = (path: string) =>
    UNLISTED.includes(path) && (asking.client.site === "cn" || path === "script.content");
  return {
    ...seen,
    found: {
      ...whole,
      unreadable: (path) => !isElsewhere(path) && unreadable?.(path) === true,
      unread: isElsewhere,
    },
  };
}
