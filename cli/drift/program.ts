import type * as Typescript from "typescript";
import { stableText } from "../../provider/core/record";
import { isTree } from "../preview/values";
import { literal } from "./code";
import { sharedArguments } from "./environment";
import type { Splice } from "./files";
import { NotWritten, Refusal, type Source } from "./source";
import { added, cut, excerpt, indentOf, newlineOf, quoteOf, removed } from "./writing";

/** A value that a program has before and after an edit, and what brings one as it is written to its canonical form. */
export interface Wanted {
  readonly before: unknown;
  readonly after: unknown;
  readonly canonical: (value: unknown) => unknown;
}

const same = (one: unknown, other: unknown): boolean => stableText(one) === stableText(other);

/**
 * What brings a property at a path inside an object of the program from one value to another. `mayAdd`: where the path
 * is not written, it is put in. Throws a Refusal for anything that is not certain.
 */
export function spliceAt(
  source: Source,
  object: Typescript.Expression,
  path: readonly string[],
  wanted: Wanted,
  mayAdd = false,
): Splice[] {
  const [name = "", ...rest] = path;
  const literalNode = objectOn(source, object, path);
  const member = memberOf(source, literalNode, name);
  if (member === undefined) {
    if (!mayAdd || wanted.after === undefined)
      throw new NotWritten(
        `${name} is not written there; it comes from a default, the configuration, or wiring by object`,
      );
    const value = rest.reduceRight<unknown>((inner, each) => ({ [each]: inner }), wanted.after);
    return [added(source, literalNode, name, value)];
  }
  if (rest.length > 0) return spliceAt(source, valueOf(source, member), rest, wanted, mayAdd);
  if (wanted.after === undefined) {
    const value = staticValue(source, valueOf(source, member));
    if (!same(wanted.canonical(value), wanted.before)) throw new Refusal(changed(value));
    return [removed(source, literalNode, member)];
  }
  return replaced(source, valueOf(source, member), wanted);
}

/** Whether a path inside an object of the program is written out. */
export function isWritten(source: Source, object: Typescript.Expression, path: readonly string[]): boolean {
  const [name = "", ...rest] = path;
  const member = memberOf(source, objectOn(source, object, path), name);
  return member !== undefined && (rest.length === 0 || isWritten(source, valueOf(source, member), rest));
}

/** The object that a path goes on from, written out. */
const objectOn = (source: Source, object: Typescript.Expression, path: readonly string[]) =>
  objectAt(source, sharedArguments(source, source.followed(object), path) ?? object);

/** The object that an expression is, written out. */
function objectAt(source: Source, node: Typescript.Expression): Typescript.ObjectLiteralExpression {
  const found = source.followed(node);
  if (source.ts.isObjectLiteralExpression(found)) return found;
  throw new Refusal(`it is computed (${excerpt(source, found)})`);
}

/** A member by its name; a refusal where a spread may bring it, or more than one has the name. */
export function memberOf(
  source: Source,
  object: Typescript.ObjectLiteralExpression,
  name: string,
): Typescript.ObjectLiteralElementLike | undefined {
  const { ts } = source;
  const { properties } = object;
  const isNamed = (each: Typescript.ObjectLiteralElementLike): boolean =>
    each.name !== undefined &&
    (ts.isIdentifier(each.name) || ts.isStringLiteralLike(each.name) || ts.isNumericLiteral(each.name)) &&
    each.name.text === name;
  const own = properties.filter(isNamed);
  if (own.length > 1) throw new Refusal(`${name} is written ${own.length} times`);
  const [only] = own;
  const from = only === undefined ? 0 : properties.indexOf(only) + 1;
  const isOpen = (each: Typescript.ObjectLiteralElementLike): boolean =>
    ts.isSpreadAssignment(each) || (each.name !== undefined && ts.isComputedPropertyName(each.name));
  const open = properties.slice(from).find(isOpen);
  if (open !== undefined) throw new Refusal(`${name} may come from ${excerpt(source, open)}`);
  return only;
}

function valueOf(source: Source, member: Typescript.ObjectLiteralElementLike): Typescript.Expression {
  const { ts } = source;
  if (ts.isPropertyAssignment(member)) return member.initializer;
  if (ts.isShorthandPropertyAssignment(member)) return member.name;
  throw new Refusal(`it is computed (${excerpt(source, member)})`);
}

/** Changes as little of an expression as brings it to the other value. */
function replaced(source: Source, node: Typescript.Expression, wanted: Wanted): Splice[] {
  const { ts } = source;
  const at = source.followed(node);
  const { before, after } = wanted;
  const raw: Wanted = { before, after, canonical: (value) => value };
  try {
    if (ts.isObjectLiteralExpression(at) && isTree(before) && isTree(after)) return inObject(source, at, before, after);
    if (
      ts.isArrayLiteralExpression(at) &&
      Array.isArray(before) &&
      Array.isArray(after) &&
      before.length === after.length &&
      before.length === at.elements.length
    )
      return at.elements.flatMap((element, index) =>
        same(before[index], after[index])
          ? []
          : replaced(source, element, { ...raw, before: before[index], after: after[index] }),
      );
  } catch (error) {
    // Written in another form than it has been deployed in: replaced as a whole, where that is certain.
    if (!(error instanceof Refusal) || !isStatic(source, at)) throw error;
  }
  const value = staticValue(source, at);
  if (!same(wanted.canonical(value), before)) {
    if (same(wanted.canonical(value), after)) return [];
    throw new Refusal(changed(value));
  }
  const written = literal(
    inFormOf(value, after),
    indentOf(source, at),
    quoteOf(source, at, value, after),
    newlineOf(source),
  );
  if (written === undefined) throw new Refusal("the live value has no literal in TypeScript");
  return [{ start: at.getStart(source.root), end: at.getEnd(), text: written }];
}

/** A document that is written as its text stays one, and members stay in their order. */
function inFormOf(written: unknown, value: unknown): unknown {
  if (typeof written === "string" && (isTree(value) || Array.isArray(value))) return JSON.stringify(value, null, 2);
  if (!isTree(written) || !isTree(value)) return value;
  const names = new Set([...Object.keys(written), ...Object.keys(value)]);
  return Object.fromEntries([...names].filter((name) => name in value).map((name) => [name, value[name]]));
}

function inObject(
  source: Source,
  object: Typescript.ObjectLiteralExpression,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Splice[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const differing = names.filter((name) => !same(before[name], after[name]));
  const [gone, come] = [before, after].map((other) => differing.filter((name) => other[name] === undefined).length);
  // The commas of one would be in the way of the other.
  const isTangled = ((come ?? 0) > 0 && differing.length > 1) || ((gone ?? 0) > 1 && object.properties.length === 0);
  if (isTangled) throw new Refusal("several of its members come and go");
  return differing.flatMap((name) => {
    const [was, is] = [before[name], after[name]];
    const member = memberOf(source, object, name);
    if (member === undefined) {
      if (was !== undefined) throw new Refusal(`${name} is not written there`);
      return [added(source, object, name, is)];
    }
    const wanted: Wanted = { before: was, after: is, canonical: (value) => value };
    if (is !== undefined) return replaced(source, valueOf(source, member), wanted);
    const value = staticValue(source, valueOf(source, member));
    if (!same(value, was)) throw new Refusal(changed(value));
    return [removed(source, object, member)];
  });
}

const changed = (value: unknown): string =>
  `the program says ${cut(JSON.stringify(value) ?? "nothing")} there, which is not what was deployed last`;

const isStatic = (source: Source, node: Typescript.Expression): boolean => {
  try {
    staticValue(source, node);
    return true;
  } catch {
    return false;
  }
};

/** What an expression is in every run; a refusal where that depends on anything. */
export function staticValue(source: Source, node: Typescript.Expression): unknown {
  const { ts } = source;
  const at = source.followed(node);
  const text = source.textOf(at);
  if (text !== undefined) return text;
  if (ts.isNumericLiteral(at)) return Number(at.text);
  if (ts.isPrefixUnaryExpression(at) && at.operator === ts.SyntaxKind.MinusToken && ts.isNumericLiteral(at.operand))
    return -Number(at.operand.text);
  if (at.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (at.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (at.kind === ts.SyntaxKind.NullKeyword) return null;
  if (ts.isArrayLiteralExpression(at)) return at.elements.map((element) => staticValue(source, element));
  if (ts.isObjectLiteralExpression(at)) {
    return Object.fromEntries(
      at.properties.map((member) => {
        const { name } = member;
        if (name === undefined || !(ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)))
          throw new Refusal(`it is computed (${excerpt(source, member)})`);
        return [name.text, staticValue(source, valueOf(source, member))];
      }),
    );
  }
  throw new Refusal(`it is computed (${excerpt(source, at)})`);
}
