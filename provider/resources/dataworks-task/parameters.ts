import { TaskError } from "../../core/errors";
import { type Leaf, type Table, type Trip, type Wire, leaves, putAt, valueAt } from "../../core/fields";
import { show } from "../../core/quoting";
import { carried, understood } from "../../core/wire";

/** The node's FlowSpec document, which carries every setting of a task that is made here. */
const NODE = { CreateNode: "Spec", UpdateNode: "Spec" } as const;

/** Carried by both updates of tasks, and read back. */
export const batched = (parameter: string): Wire => ({
  UpdateTask: parameter,
  BatchUpdateTasks: parameter,
  GetTask: parameter,
  ...NODE,
});
/** Carried by UpdateTask alone, and read back. */
export const single = (parameter: string): Wire => ({ UpdateTask: parameter, GetTask: parameter, ...NODE });
/** The same for what the list of tasks shows as well, which costs one call for many. */
export const listed = (wire: Wire, parameter = wire["GetTask"] as string): Wire => ({ ...wire, ListTasks: parameter });
/** A member of what UpdateTask alone carries. */
export const member = (parameter: string): Wire => ({ UpdateTask: parameter, GetTask: parameter });
/** Kept in the node's document alone. */
export const inNode: Wire = NODE;

/** How a list of small objects goes out and comes back, by the wire of their members. */
export function objects<T>(members: Table): Pick<Leaf<T[]>, "to" | "from"> {
  const table = leaves(members);
  const parent = (operation: string) => (table[0]?.leaf.wire?.[operation] ?? "").replace(/\.[^.]*$/, "");
  return {
    to: (items: T[], { operation, terms }: Trip) =>
      items.map(
        (item) =>
          valueAt(
            carried(table, operation, item as Record<string, unknown>, () => true, terms),
            parent(operation),
          ) ?? {},
      ),
    from: (answer: unknown, { operation, terms }: Trip) =>
      Array.isArray(answer)
        ? answer.map((entry: unknown) => {
            const around: Record<string, unknown> = {};
            putAt(around, parent(operation), entry);
            return understood(table, operation, around, terms);
          })
        : undefined,
  };
}

/** A text that may come back empty where nothing is. */
export const orNothing = (answer: unknown): unknown => (answer === null || answer === "" ? undefined : answer);
/** A 64-bit id, as text whatever the operation makes of it (contracts.md §6.33). */
export const asId = (answer: unknown): unknown =>
  typeof answer === "number" || typeof answer === "bigint" || (typeof answer === "string" && answer !== "")
    ? String(answer)
    : undefined;

/** A 64-bit id for JSON: a number literal whatever its length. */
export function wireId(id: string): number | bigint {
  if (!/^\d+$/.test(id))
    throw new TaskError(
      `${show(id)} is not an id of DataWorks, which has digits alone; where the state says so, bring back a sound one with \`pulumi stack import\``,
    );
  return Number.isSafeInteger(Number(id)) ? Number(id) : BigInt(id);
}
