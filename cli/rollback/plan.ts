import { isAsset, valueAt } from "../../provider/core/fields";
import { inOneLine } from "../../provider/core/quoting";
import { meant } from "../../provider/core/check";
import type { Restoration } from "../../sdk/exchange";
import { pendingPaths } from "../promote/tasks";
import { UnreadableFile } from "../preview/read";
import { holdsSecret } from "../preview/values";
import type { Review, TaskReview } from "../review/model";

/** What becomes of one task of a change when that is rolled back. */
export interface TaskRollback extends Restoration {
  readonly task: TaskReview;
  /**
   * `restore`: its arguments are put back. `recreate`: it was deleted, and comes back with its source alone. `remove`: it
   * was made, and goes with its source alone. `nothing`: the change touched no argument.
   */
  readonly how: "restore" | "recreate" | "remove" | "nothing";
  /** Arguments that can't be put back, each with the reason. */
  readonly kept: readonly { readonly property: string; readonly reason: string; readonly isSecret: boolean }[];
}

/** What is to be done for the tasks that are named, by their own names or those of their resources; for all without any. */
export function rollbackOf({ tasks }: Review, names: readonly string[]): TaskRollback[] {
  for (const name of names) {
    if (tasks.some((task) => isNamed(task, name))) continue;
    const known = tasks.flatMap((task) => [task.name, task.resource]);
    throw new UnreadableFile(
      inOneLine(
        `the file has no task ${name}${meant(name, known) || `; it has ${[...new Set(tasks.map((task) => task.name))].slice(0, 20).join(", ") || "none"}`}`,
      ),
    );
  }
  return tasks.filter((task) => names.length === 0 || names.some((name) => isNamed(task, name))).map(taskRollback);
}

const isNamed = ({ name, resource }: TaskReview, given: string): boolean => name === given || resource === given;

function taskRollback(task: TaskReview): TaskRollback {
  const { urn, operation, previous = {} } = task;
  if (operation === "create") return { task, urn, how: "remove", set: {}, unset: [], kept: [] };
  const paths = [...pendingPaths(task)];
  const set: Record<string, unknown> = {};
  const unset: string[] = [];
  const kept: TaskRollback["kept"][number][] = [];
  for (const property of operation === "delete" ? [] : paths) {
    const value = valueAt(previous, property);
    if (value === undefined) unset.push(property);
    else if (holdsSecret(value))
      kept.push({
        property,
        isSecret: true,
        reason: "is secret, and the file holds no secrets: it stays as the program has it",
      });
    else if (!isAsset(value)) set[property] = value;
    else if (value.text !== undefined) set[property] = value.text;
    else kept.push({ property, isSecret: false, reason: "was a file whose text was not at hand at the review" });
  }
  const how = operation === "delete" ? "recreate" : paths.length === 0 ? "nothing" : "restore";
  return { task, urn, how, set, unset, kept };
}

/** Why a rollback can't be deployed as it is, in sentences; nothing when it can. */
export function refusals(rollbacks: readonly TaskRollback[]): string[] {
  const named = (some: readonly TaskRollback[]) => some.map(({ task }) => task.name).join(", ");
  const gone = rollbacks.filter(({ how }) => how === "recreate");
  const made = rollbacks.filter(({ how }) => how === "remove");
  const textless = rollbacks.filter(({ kept }) => kept.some(({ isSecret }) => !isSecret));
  const left = rollbacks.filter((each) => each.how === "restore" && !textless.includes(each));
  const reasons = [
    ...(gone.length > 0
      ? [`${named(gone)}: deleted, and made again by putting the declaration back and deploying it`]
      : []),
    ...(made.length > 0
      ? [`${named(made)}: made by the change, and deleted by taking the declaration out and deploying that`]
      : []),
    ...(textless.length > 0
      ? [`${named(textless)}: the earlier script is not at hand; put the file back and deploy that`]
      : []),
  ];
  if (reasons.length === 0) return [];
  return [
    ...reasons,
    left.length > 0
      ? `to deploy the rest, name it: ${left.map(({ task }) => quoted(task.resource)).join(" ")}`
      : "nothing is left to deploy",
  ];
}

const quoted = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
