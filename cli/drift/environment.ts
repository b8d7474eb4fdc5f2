import type * as Typescript from "typescript";
import { Refusal, type Source } from "./source";
import { excerpt } from "./writing";

const CLASSES = ["DataWorksTask", "DataWorksDISyncTask", "WeDataTask"];
const COMPLETED = new Set([...CLASSES, "DataWorksTaskSet", "WeDataTaskSet"]);

/** What a stack sets beside arguments: the properties, and the text that leaves them as they are. */
const SETTINGS: Readonly<Record<string, { readonly sets: readonly string[]; readonly none: string }>> = {
  schedules: { sets: ["trigger.recurrence", "schedule.schedulerType", "scheduleRunType"], none: "run" },
  namePrefix: { sets: ["name"], none: "" },
};

/**
 * The arguments that all stacks share, inside `environment.DataWorksTask({ … })` of what `forEnvironment` gave; `undefined`
 * for any other expression. A refusal where a stack may have its own value at the path: the shared one is not what counts
 * there.
 */
export function sharedArguments(
  source: Source,
  node: Typescript.Expression,
  path: readonly string[],
): Typescript.Expression | undefined {
  const { ts } = source;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
  const { expression: environment, name } = node.expression;
  const stacks =
    COMPLETED.has(name.text) && ts.isIdentifier(environment) ? declaredAs(source, environment.text) : undefined;
  const [shared, own] = node.arguments;
  if (stacks === undefined || shared === undefined) return undefined;
  const property = ownPath(path, name.text).join(".");
  for (const stack of membersOf(source, stacks)) {
    for (const member of membersOf(source, entryOf(source, stack))) {
      if (CLASSES.includes(nameOf(source, member))) refuseOwn(source, valueOf(source, member), path);
      else refuseSet(source, member, property);
    }
  }
  if (own !== undefined) for (const stack of membersOf(source, own)) refuseOwn(source, valueOf(source, stack), path);
  return shared;
}

/** What `const environment = forEnvironment({ … })` declares. */
function declaredAs(source: Source, name: string): Typescript.Expression | undefined {
  const { ts } = source;
  const made = source
    .every(ts.isVariableDeclaration)
    .filter((each) => ts.isIdentifier(each.name) && each.name.text === name);
  const [only] = made;
  const call = only?.initializer;
  if (made.length !== 1 || call === undefined || !ts.isCallExpression(call)) return undefined;
  return source.isNamed(call.expression, "forEnvironment") ? call.arguments[0] : undefined;
}

/** An entry for stacks whose name has a star may be a function of what stands for it. */
function entryOf(source: Source, stack: Typescript.ObjectLiteralElementLike): Typescript.Expression {
  const { ts } = source;
  const value = valueOf(source, stack);
  if (!ts.isArrowFunction(value)) return value;
  if (ts.isBlock(value.body)) throw unclear(source, value);
  return source.followed(value.body);
}

function membersOf(source: Source, node: Typescript.Expression): readonly Typescript.ObjectLiteralElementLike[] {
  const found = source.followed(node);
  if (!source.ts.isObjectLiteralExpression(found)) throw unclear(source, found);
  return found.properties;
}

function nameOf(source: Source, member: Typescript.ObjectLiteralElementLike): string {
  const { ts } = source;
  const { name } = member;
  if (name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteralLike(name))) return name.text;
  throw unclear(source, member);
}

function valueOf(source: Source, member: Typescript.ObjectLiteralElementLike): Typescript.Expression {
  if (source.ts.isPropertyAssignment(member)) return source.followed(member.initializer);
  throw unclear(source, member);
}

function refuseOwn(source: Source, args: Typescript.Expression, path: readonly string[]): void {
  for (const member of membersOf(source, args)) {
    const name = nameOf(source, member);
    if (path.includes(name)) throw new Refusal(`${name} is different between the stacks, as forEnvironment has it`);
  }
}

/** A path inside the arguments of a class as that of a task's property. */
function ownPath(path: readonly string[], className: string): readonly string[] {
  if (!className.endsWith("Set")) return path;
  return path.slice(path[0] === "tasks" ? 2 : 1);
}

function refuseSet(source: Source, member: Typescript.ObjectLiteralElementLike, property: string): void {
  const name = nameOf(source, member);
  const setting = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
  if (setting?.sets.includes(property) && source.textOf(valueOf(source, member)) !== setting.none)
    throw new Refusal(`${property} is different between the stacks, as ${name} of forEnvironment has it`);
}

const unclear = (source: Source, node: Typescript.Node): Refusal =>
  new Refusal(`what forEnvironment changes is computed (${excerpt(source, node)})`);
