import { contractOf } from "../../emulator/contract";
import { type Field, type Leaf, type Placed, isObject, putAt } from "../../provider/core/fields";
import { canonicalMembers } from "../../provider/core/check";
import { carried } from "../../provider/core/wire";
import { insideOf } from "./documented";
import type { Kind } from "./kinds";
import { sampleOf } from "./samples";

/** Where the task's own object stands in what an operation takes or answers. */
const OBJECTS: Readonly<Record<string, string>> = {
  BatchUpdateTasks: "Tasks",
  GetTask: "Task",
  ListTasks: "PagingInfo.Tasks",
  GetNode: "Node",
  GetFile: "Data",
  ListFiles: "Data.Files",
  DescribeTaskDetailDs: "Data",
  DescribeDependTaskLists: "Data",
  DescribeOperateOpsTasks: "Data.Items",
  DescribeTaskScript: "Data",
  GetPaginationTaskScript: "Data",
  DescribeTaskParamDs: "Data",
};

/** A parameter's path from the top of the operation; some stand beside the task's own object. */
export function parameterOf({ contracts }: Pick<Kind, "contracts">, operation: string, parameter: string): string {
  const contract = contractOf(contracts, operation);
  const [first = ""] = parameter.split(".");
  const isTop = !isReading(operation) && Object.hasOwn(contract?.request ?? {}, first);
  return [...(isTop ? [] : [OBJECTS[operation] ?? ""]), parameter].filter((part) => part !== "").join(".");
}

/** Whether an operation brings nothing to the service. */
export const isReading = (operation: string): boolean => /^(Get|List|Describe|Check)/.test(operation);
export const isCreating = (operation: string): boolean => /^Create/.test(operation);

/** What an operation is sent for one property, with a sample as its value. */
export function sent(kind: Kind, placed: Placed, operation: string, value: unknown): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  putAt(args, placed.path, value);
  return carried([placed], operation, canonicalMembers(kind.fields, args), () => true, TERMS);
}

/** What translations may depend on beside the value. */
const TERMS: Readonly<Record<string, unknown>> = { zone: "Asia/Shanghai", known: new Map(), projectId: "1" };

/** The parts of what is sent by path, lists with `[]`; JSON inside a text is opened, except at a path that `isWhole`. */
export function flat(value: unknown, isWhole: (path: string) => boolean = () => false): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const visit = (part: unknown, at: string): void => {
    const opened = typeof part === "string" && !isWhole(at) ? parsed(part) : part;
    if (Array.isArray(opened) && !isWhole(at)) for (const item of opened) visit(item, `${at}[]`);
    else if (isObject(opened) && !isWhole(at)) {
      for (const [name, member] of Object.entries(opened)) visit(member, at === "" ? name : `${at}.${name}`);
    } else if (opened !== undefined) found.set(at, opened);
  };
  visit(value, "");
  return found;
}

function parsed(text: string): unknown {
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** A parameter that a property, or a member of it, shows in. */
export interface Reached {
  /** `dependencies[].type`. */
  readonly property: string;
  readonly field: Leaf<unknown>;
  /** Inside the task's own object, lists with `[]`. */
  readonly parameter: string;
  /** Values of ours, and what is sent for each. */
  readonly pairs: readonly (readonly [value: unknown, sent: unknown])[];
}

/**
 * The parameters of an operation that a property shows in, found by trying: those that differ when only the property, or
 * only one member of it, does.
 */
export function reached(
  kind: Kind,
  placed: Placed,
  operation: string,
  isWhole: (path: string) => boolean = () => false,
): Reached[] {
  return spots(placed).flatMap(({ property, field, put }) => {
    const tries = variants(field).map((value) => ({
      value,
      parts: flat(sent(kind, placed, operation, put(value)), isWhole),
    }));
    const paths = new Set(tries.flatMap(({ parts }) => [...parts.keys()]));
    const moved = [...paths].filter((at) => new Set(tries.map(({ parts }) => textOf(parts.get(at)))).size > 1);
    return moved.map((parameter) => ({
      property,
      field,
      parameter,
      pairs: tries.flatMap(({ value, parts }) =>
        parts.has(parameter) ? [[value, parts.get(parameter)] as const] : [],
      ),
    }));
  });
}

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part)) ?? "";

/** Different values of a field: all that a choice has. */
const variants = (field: Leaf<unknown>): unknown[] =>
  field.kind === "choice"
    ? [...(field.values ?? [])]
    : field.kind === "flag"
      ? [true, false]
      : [sampleOf(field, 0), sampleOf(field, 1)];

interface Spot {
  readonly property: string;
  readonly field: Leaf<unknown>;
  /** The whole value with this part of it replaced. */
  readonly put: (part: unknown) => unknown;
}

/** A property itself, or each of its members at every depth, in a sample that has them all. */
function spots({ path, leaf }: Placed): Spot[] {
  const found: Spot[] = [];
  const visit = (field: Field<unknown>, property: string, put: (part: unknown) => unknown, now: unknown): void => {
    if (field.kind === "list") {
      visit(field.item as Field<unknown>, `${property}[]`, (part) => put([part]), (now as unknown[])[0]);
      return;
    }
    const inside = insideOf(field);
    if (inside === undefined) {
      found.push({ property, field: field as Leaf<unknown>, put });
      return;
    }
    const whole = now as Record<string, unknown>;
    for (const [name, member] of Object.entries(inside)) {
      visit(member, `${property}.${name}`, (part) => put({ ...whole, [name]: part }), whole[name]);
    }
  };
  visit(leaf, path, (part) => part, sampleOf(leaf, 0));
  return found;
}
