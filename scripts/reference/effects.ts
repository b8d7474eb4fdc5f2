import { contractOf } from "../../emulator/contract";
import { type Leaf, type Placed, putAt } from "../../provider/core/fields";
import type { Kind } from "./kinds";
import { sampleOf } from "./samples";
import { isCreating, isReading } from "./wires";

/** What follows on an operation that changes a task, until production runs the change. */
const FOLLOWED_BY: Readonly<Record<string, string>> = {
  UpdateNode: "then a pipeline run publishes the new version",
  RenameNode: "then a pipeline run publishes the new version",
  MoveNode: "then a pipeline run publishes the new version",
  UpdateFile: "then `SubmitFile` and `DeployFile` publish it",
  UpdateDISyncTask: "then `SubmitFile` and `DeployFile` publish it",
  ModifyTaskInfo: "then `CreateTaskVersionDs` publishes it",
  ModifyTaskInfoDs: "then `CreateTaskVersionDs` publishes it",
  ModifyTaskScript: "then `CreateTaskVersionDs` publishes it",
  ModifyTaskName: "then `CreateTaskVersionDs` publishes it",
};

/** What an edit does that no table of parameters can say. */
const SPECIAL: Readonly<Record<string, string>> = {
  "DataWorksDISyncTask schedule.timeZone": "sends `startTime` and `endTime` again, through `UpdateFile`",
};

/** What an edit of a property does to a task. */
export interface Effect {
  readonly kind: "replaces" | "updates" | "none";
  /** One or two words, for an overview. */
  readonly short: string;
  readonly text: string;
}

/** What an edit of a property does: it replaces, goes through operations, or makes no call. */
export function effectOfEdit(kind: Kind, placed: Placed): Effect {
  const { leaf, path } = placed;
  if (leaf.option && path === "connection") {
    const text = "replaces where another `region` or `endpoint` is named than before; the other members make no call";
    return { kind: "replaces", short: "replaces", text };
  }
  const replacing = { made: replacesWhen(kind, placed, true), adopted: replacesWhen(kind, placed, false) };
  if (leaf.replace || (replacing.made && replacing.adopted)) {
    return { kind: "replaces", short: "replaces", text: "replaces: the task is deleted, and made again" };
  }
  const operations = updating(leaf);
  const through = operations.length === 0 ? undefined : `updates in place: ${phrase(kind, operations)}`;
  if (replacing.made) {
    return { kind: "replaces", short: "replaces", text: "replaces a task that was made here" };
  }
  if (replacing.adopted) {
    return {
      kind: "replaces",
      short: "replaces (adopted)",
      text: "of an adopted task means another task, and replaces",
    };
  }
  const special = SPECIAL[`${kind.name} ${placed.path}`];
  if (special !== undefined) return { kind: "updates", short: "in place", text: special };
  if (leaf.option && operations.length > 0) {
    const names = operations.map((operation) => `\`${operation}\``).join(", ");
    return { kind: "none", short: "no call", text: `makes no call by itself; goes with the next ${names}` };
  }
  if (through === undefined) {
    const text = leaf.option && leaf.wire === undefined ? "makes no call by itself" : "changes nothing";
    return { kind: "none", short: "no call", text };
  }
  return { kind: "updates", short: "in place", text: through };
}

/** The operations that bring an edit to the service, those that carry more first. */
export const updating = (leaf: Leaf<unknown>): string[] =>
  Object.keys(leaf.wire ?? {}).filter((operation) => !isReading(operation) && !isCreating(operation));

function phrase(kind: Kind, operations: readonly string[]): string {
  const named = (operation: string) => `\`${operation}\`${siteOf(contractOf(kind.contracts, operation)?.sites)}`;
  const [first = ""] = operations;
  // The node's document repeats what the scheduler's task has; what only it carries goes through it, and is published.
  if (first === "UpdateNode") {
    const without = operations.includes("UpdateTask") ? "; `UpdateTask` for a task without a node" : "";
    return `${named(first)}, ${FOLLOWED_BY[first] ?? ""}${without}`;
  }
  const direct = operations.filter((operation) => !["UpdateNode", "RenameNode"].includes(operation));
  const renames = operations.includes("RenameNode") ? "; `RenameNode` for its node" : "";
  if (direct[0] === "UpdateTask") {
    const batched = direct.includes("BatchUpdateTasks");
    return `${batched ? "`BatchUpdateTasks`, or `UpdateTask` beside what a batch does not carry" : named("UpdateTask")}${renames}`;
  }
  const follows = [...new Set(direct.map((operation) => FOLLOWED_BY[operation]).filter((text) => text !== undefined))];
  return [direct.map(named).join(" or "), ...follows].join(", ");
}

const siteOf = (sites: readonly string[] | undefined): string =>
  sites === undefined ? "" : sites.includes("cn") ? " (mainland)" : " (international)";

/** Whether the kind's own rule replaces a task when this property differs. */
function replacesWhen(kind: Kind, { path, leaf }: Placed, made: boolean): boolean {
  const { definition, ids } = kind;
  if (definition.replaces === undefined) return false;
  const [inputs, kept] = [{}, {}];
  putAt(inputs, path, sampleOf(leaf, 1));
  putAt(kept, path, sampleOf(leaf, 0));
  const replaced = definition.replaces({
    id: made ? ids.made : ids.adopted,
    facts: made ? kind.made : { taskId: "1", fileId: "1", origin: "adopted" },
    changes: [{ path, kind: "changed", leaf }],
    inputs,
    kept,
  });
  return replaced.some((name) => name === path || path.startsWith(`${name}.`));
}

/** What taking a property away does. */
export function effectOfRemoval(placed: Placed, effect: Effect): string | undefined {
  const { leaf } = placed;
  if (leaf.required) return undefined;
  if (leaf.option) return "brings the default back";
  if (leaf.clear !== undefined) return `clears it: the service is sent ${value(leaf.clear)}`;
  if (leaf.replace) return "changes nothing: the task keeps what it was made with";
  return effect.kind === "none"
    ? "changes nothing"
    : "leaves the service's value as it is, with the warning [`kept-value`](rules.md#kept-value)";
}

/** What an empty value means, where one can be written. */
export function meaningOfEmpty({ leaf }: Placed): string | undefined {
  if (!["text", "list", "map", "content", "document"].includes(leaf.kind)) return undefined;
  const empty = leaf.kind === "list" ? "`[]`" : leaf.kind === "map" || leaf.kind === "document" ? "`{}`" : '`""`';
  if (leaf.option) return undefined;
  if (leaf.clear !== undefined) return `${empty} clears, and is kept clear: what somebody else fills in shows as drift`;
  if (leaf.mayBeEmpty || ["content", "document", "map"].includes(leaf.kind))
    return `${empty} is a value like any other`;
  return `${empty} is refused ([\`empty\`](rules.md#empty))`;
}

/** A value as it is written in JSON. */
const value = (of: unknown): string => `\`${JSON.stringify(of)}\``;

/** Where the value of a property is read, and where it is not. */
export function readability(kind: Kind, { leaf }: Placed): { short: string; text: string } | undefined {
  if (leaf.option) return undefined;
  const operations = Object.keys(leaf.wire ?? {}).filter(isReading);
  if (operations.length === 0 && leaf.replace && !leaf.writeOnly) return { short: "by the id", text: "part of the id" };
  const writeOnly = "no operation returns it: kept in the state, sent again when you change it, never shown as drift";
  if (leaf.writeOnly || operations.length === 0) return { short: "write-only", text: `write-only: ${writeOnly}` };
  const sites = operations.map((operation) => contractOf(kind.contracts, operation)?.sites);
  const names = operations.map((operation) => `\`${operation}\``).join(", ");
  if (sites.every((site) => site !== undefined && !site.includes("intl"))) {
    return {
      short: "mainland only",
      text: `with ${names} on the mainland site; write-only on the international one`,
    };
  }
  return { short: "yes", text: `with ${names}` };
}
