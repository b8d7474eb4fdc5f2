import { formatPatch, parsePatch, reversePatch } from "diff";
import { isAsset, isObject, putAt, valueAt } from "../../provider/core/fields";
import { block, cell, code, prose } from "../review/markdown-text";
import type { TaskReview } from "../review/model";
import { partsOf } from "../preview/preview";
import { ownerOf } from "../preview/sets";
import type { TaskRollback } from "./plan";

/** The change of the source that a rollback stands for, as Markdown. */
export function sourceChange(rollbacks: readonly TaskRollback[], title: string): string {
  return [`## Rollback ${title}`, ...rollbacks.map(taskText)].join("\n\n");
}

const WORDS: Readonly<Record<TaskRollback["how"], string>> = {
  restore: "put back these arguments",
  recreate: "put the declaration back",
  remove: "take the declaration out; its deletion is previewed like any other",
  nothing: "the change touched no argument of its own: there is nothing to put back",
};

function taskText(rollback: TaskRollback): string {
  const { task, how, set, unset, kept } = rollback;
  const { position } = task;
  const place = position === undefined ? "" : `, ${code(`${position.file}:${position.line}`)}`;
  return [
    `### ${code(task.name)}`,
    `${task.kind} ${code(task.resource)}${place}: ${WORDS[how]}.`,
    ...(how === "restore" ? [comparison(rollback)] : []),
    ...(how === "restore" && Object.keys(set).length > 0 ? [block("ts", snippet(set, task))] : []),
    ...(unset.length > 0 ? [`Take out ${unset.map(code).join(", ")}.`] : []),
    ...(how === "recreate" ? [block("ts", declaration(task))] : []),
    ...(how === "restore" ? task.scripts.flatMap((script) => scriptText(script, task)) : []),
    ...kept.map(({ property, reason }) => `${code(property)} ${prose(reason)}.`),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function comparison({ task }: TaskRollback): string {
  if (task.properties.length === 0) return "";
  const side = (text: string | undefined) => (text === undefined ? "—" : cell(text));
  const rows = task.properties.map(
    ({ property, before, after }) => `| ${cell(property)} | ${side(after)} | ${side(before)} |`,
  );
  return ["| Property | By the change | Put back |", "| --- | --- | --- |", ...rows].join("\n");
}

/** The arguments as they stand in a program; scripts follow line by line. */
function snippet(set: Readonly<Record<string, unknown>>, { scripts, previous = {} }: TaskReview): string {
  const tree: Record<string, unknown> = {};
  const notes: string[] = [];
  for (const [path, value] of Object.entries(set)) {
    const was = valueAt(previous, path);
    const file = isAsset(was) ? was.path : undefined;
    const isShown = scripts.some(({ property, diff }) => property === path && diff !== undefined);
    if (file !== undefined) notes.push(`// ${path}: the file ${file}, as below`);
    else if (isShown && typeof value === "string" && value.includes("\n")) notes.push(`// ${path}: as below`);
    else putAt(tree, path, value);
  }
  const members = Object.entries(tree).map(([name, value]) => `${key(name)}: ${literal(value, 0)},`);
  return [...members, ...notes].join("\n");
}

/** What a script gets back, line by line; a short one stands among the arguments. */
function scriptText({ property, diff }: TaskReview["scripts"][number], { previous = {} }: TaskReview): string[] {
  const was = valueAt(previous, property);
  if (diff === undefined || diff === "" || (typeof was === "string" && !was.includes("\n"))) return [];
  const file = isAsset(was) && was.path !== undefined ? was.path : property;
  const [patch] = parsePatch(`--- before\n+++ after\n${diff}\n`);
  if (patch === undefined) return [];
  const lines = formatPatch({ ...reversePatch(patch), oldFileName: file, newFileName: file })
    .trimEnd()
    .split("\n");
  const hunks = lines.findIndex((line) => line.startsWith("@@"));
  return [block("diff", [`--- ${file}`, `+++ ${file}`, ...lines.slice(hunks)].join("\n"))];
}

/** The whole declaration of a task that is gone. */
function declaration({ urn, kind, resource, previous = {} }: TaskReview): string {
  const args = literal(withFiles(previous), 0);
  const owner = ownerOf(urn, resource);
  if (owner.key === undefined) return `new ${kind}(${JSON.stringify(resource)}, ${args});`;
  const { name } = partsOf(owner.urn);
  return `// in the tasks of new ${kind}Set(${JSON.stringify(name)}, …)\n${key(owner.key)}: ${args},`;
}

/** A file stands in a program as what it is. */
class Code {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function withFiles(value: unknown): unknown {
  if (isAsset(value))
    return value.path === undefined
      ? (value.text ?? "")
      : new Code(`new pulumi.asset.FileAsset(${JSON.stringify(value.path)})`);
  if (Array.isArray(value)) return value.map(withFiles);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withFiles(member)]));
}

const key = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

/** A value as TypeScript, short ones on a line. */
function literal(value: unknown, depth: number): string {
  if (value instanceof Code) return value.text;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  const items = Array.isArray(value)
    ? value.map((item) => literal(item, depth + 1))
    : Object.entries(value).map(([name, member]) => `${key(name)}: ${literal(member, depth + 1)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (items.length === 0) return `${open}${close}`;
  const room = Array.isArray(value) ? "" : " ";
  const line = `${open}${room}${items.join(", ")}${room}${close}`;
  if (line.length <= 90 && !line.includes("\n")) return line;
  const indent = "  ".repeat(depth + 1);
  return `${open}\n${items.map((item) => `${indent}${item},`).join("\n")}\n${"  ".repeat(depth)}${close}`;
}
