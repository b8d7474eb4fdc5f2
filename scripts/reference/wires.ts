import { type Placed, isObject, putAt } from "../../provider/core/fields";
import { canonicalMembers } from "../../provider/core/check";
import { carried } from "../../provider/core/wire";
import { insideOf } from "./documented";
import type { Kind } from "./kinds";
import { sampleOf } from "./samples";

/** Where the task's own object stands in what an operation takes or answers. */
const OBJECTS: Readonly<Record<string, string>> = {
  BatchUpdateTasks: "Tasks[]",
  GetTask: "Task",
  ListTasks: "PagingInfo.Tasks[]",
  GetNode: "Node",
  ListNodes: "PagingInfo.Nodes[]",
  GetFile: "Data",
  ListFiles: "Data.Files[]",
  DescribeTaskDetailDs: "Data",
  DescribeDependTaskLists: "Data[]",
  DescribeOperateOpsTasks: "Data.Items[]",
  DescribeTaskScript: "Data",
  DescribeTaskParamDs: "Data",
};

/** The path of the task's own object in an operation, and nothing where parameters stand by themselves. */
export const objectOf = (operation: string): string => OBJECTS[operation] ?? "";

/** A parameter's path from the top of the operation. */
export const parameterOf = (operation: string, parameter: string): string =>
  [objectOf(operation), parameter].filter((part) => part !== "").join(".");

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
const TERMS: Readonly<Record<string, unknown>> = { zone: "Asia/Shanghai", known: new Map() };

/** The texts and numbers in what is sent, by path; JSON inside a text is opened. */
export function flat(value: unknown, prefix = ""): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const visit = (part: unknown, at: string): void => {
    const opened = typeof part === "string" ? parsed(part) : part;
    if (Array.isArray(opened)) for (const item of opened) visit(item, `${at}[]`);
    else if (isObject(opened)) {
      for (const [name, member] of Object.entries(opened)) visit(member, at === "" ? name : `${at}.${name}`);
    } else if (opened !== undefined) found.set(at, found.has(at) ? [found.get(at), opened] : opened);
  };
  visit(value, prefix);
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

/** The parameters in which a member shows: those that differ when only the member does. */
export function memberParameters(kind: Kind, placed: Placed, operation: string): Map<string, string[]> {
  const base = sampleOf(placed.leaf, 0);
  const before = flat(sent(kind, placed, operation, base));
  const found = new Map<string, string[]>();
  for (const [path, changed] of variations(placed, base)) {
    const after = flat(sent(kind, placed, operation, changed));
    const different = [...after].filter(([at, value]) => String(before.get(at)) !== String(value)).map(([at]) => at);
    if (different.length > 0) found.set(path, different);
  }
  return found;
}

/** The sample with one of its members changed, each in turn. */
function variations({ path, leaf }: Placed, base: unknown): [string, unknown][] {
  const found: [string, unknown][] = [];
  const visit = (
    field: Parameters<typeof insideOf>[0],
    at: string,
    replace: (value: unknown) => unknown,
    now: unknown,
  ) => {
    const inside = insideOf(field);
    if (inside === undefined) {
      if (at !== path) found.push([at, replace(sampleOf(field, 1))]);
      return;
    }
    const isList = field.kind === "list";
    const item = (isList ? (now as unknown[])[0] : now) as Record<string, unknown>;
    for (const [name, member] of Object.entries(inside)) {
      const put = (value: unknown) => replace(isList ? [{ ...item, [name]: value }] : { ...item, [name]: value });
      visit(member, `${at}${isList ? "[]" : ""}.${name}`, put, item[name]);
    }
  };
  visit(leaf, path, (value) => value, base);
  return found;
}
