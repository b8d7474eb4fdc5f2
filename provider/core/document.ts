import { createHash } from "node:crypto";
import { LosslessNumber, isInteger, isLosslessNumber, isSafeNumber, parse, stringify } from "lossless-json";
import { hasUnsafeNumber } from "./check";
import { type Document, isObject } from "./fields";

/**
 * JSON documents inside a task, compared as parsed: the order of keys, blanks and `1.0` for `1` mean nothing, the order
 * of a list does. A service or its console may add members anywhere; those are tolerated. A read knows no declared
 * document, so the state carries its shape: which members the user wrote, as short digests of their names. What the
 * shape does not name is left out of the comparison; a declared member that changed or vanished is a difference.
 *
 * The record of what a service answered right after our write (`seen`) would catch an addition that is always the same,
 * but not one that comes later, when somebody opens and saves a task in the console.
 *
 * Written: four characters for each member, then `{…}` for an object, `[…]` for a list with objects in it, and nothing
 * for a value that is compared as a whole; in a list `.` stands for such a value.
 */
export type Shape = string;

/** A shape, read. */
interface ObjectShape {
  readonly members: ReadonlyMap<string, ShapeNode>;
}
interface ListShape {
  readonly items: readonly ShapeNode[];
}
type ShapeNode = ObjectShape | ListShape | undefined;

const CODE = 4;
const codeOf = (name: string) => createHash("sha256").update(name).digest("base64url").slice(0, CODE);
const isMembers = (value: unknown): value is Record<string, unknown> => isObject(value) && !isLosslessNumber(value);

/** Parsed JSON; numbers that JavaScript would round stay as they are written. `undefined` for what is no JSON. */
export function parsed(text: string): unknown {
  try {
    return parse(text, null, (digits) =>
      isSafeNumber(digits) && (!isInteger(digits) || Number.isSafeInteger(Number(digits)))
        ? Number(digits)
        : new LosslessNumber(digits),
    );
  } catch {
    return undefined;
  }
}

const valueOf = (document: Document): unknown => (typeof document === "string" ? parsed(document) : document);

/** A document as the wire carries it. */
export const documentText = (document: Document): string =>
  typeof document === "string" ? document : JSON.stringify(document);

/** One spelling for equal documents: an object, or text where it has numbers that an object would round. */
export function canonicalDocument(document: Document): Document {
  if (typeof document === "string") return canonicalText(document);
  const text = documentText(document);
  return hasUnsafeNumber(text) ? canonicalText(text) : document;
}

/** The text of a JSON object or list with sorted keys and without blanks; any other text stays as it is. */
export function canonicalText(text: string): string {
  const value = parsed(text);
  return Array.isArray(value) || isMembers(value) ? (stringify(sorted(value)) ?? text) : text;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMembers(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

const same = (one: unknown, other: unknown): boolean => stringify(sorted(one)) === stringify(sorted(other));

/** The shape of a declared document. */
export const shapeOf = (document: Document): Shape => written(valueOf(document));

function written(value: unknown): string {
  if (Array.isArray(value)) {
    const items = value.map((item) => written(item) || ".");
    return items.some((item) => item !== ".") ? `[${items.join("")}]` : "";
  }
  if (!isMembers(value)) return "";
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([name, member]) => `${codeOf(name)}${written(member)}`).join("")}}`;
}

/** The shape that a text of the state stands for. */
function shapeFrom(text: Shape | undefined): ShapeNode {
  // A state that somebody has mangled may have anything here.
  const tokens = (typeof text === "string" ? text : "").match(/[{}[\].]|[^{}[\].]{4}/g) ?? [];
  let at = 0;
  const take = () => tokens[at++] as string;
  /** Whether a bracket stands next; it is taken then. */
  const comes = (bracket: string) => tokens[at] === bracket && take() === bracket;
  const node = (): ShapeNode => {
    if (comes("{")) {
      const members = new Map<string, ShapeNode>();
      while (at < tokens.length && !comes("}")) members.set(take(), node());
      return { members };
    }
    if (comes("[")) {
      const items: ShapeNode[] = [];
      while (at < tokens.length && !comes("]")) items.push(/[{[]/.test(tokens[at] ?? "") ? node() : void take());
      return { items };
    }
    return undefined;
  };
  return node();
}

/** The live document without what the service added to the declared one; the whole of it when no shape is known. */
export function withoutAdditions(text: string, shape: Shape | undefined): string {
  const live = parsed(text);
  const declared = shapeFrom(shape);
  return live === undefined || declared === undefined ? text : (stringify(reduced(live, declared)) ?? text);
}

function reduced(value: unknown, shape: ShapeNode): unknown {
  if (shape === undefined) return value;
  if ("members" in shape) {
    if (!isMembers(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => shape.members.has(codeOf(name)))
        .map(([name, member]) => [name, reduced(member, shape.members.get(codeOf(name)))]),
    );
  }
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown, index) => reduced(item, itemShape(item, index, shape, value.length)));
}

/** The declared item that a live one is: that of its place, else another one that it has every member of. */
function itemShape(item: unknown, index: number, { items }: ListShape, length: number): ShapeNode {
  const own = items[index];
  if (fits(item, own)) return own;
  const other = items.find((shape) => shape !== undefined && fits(item, shape));
  // In a list of another length, an item like no other is none of the declared ones: it is shown as it is.
  return other ?? (length === items.length ? own : undefined);
}

function fits(value: unknown, shape: ShapeNode): boolean {
  if (shape === undefined) return !isMembers(value);
  if ("items" in shape) return Array.isArray(value);
  if (!isMembers(value)) return false;
  const codes = new Map(Object.entries(value).map(([name, member]) => [codeOf(name), member]));
  return [...shape.members].every(
    ([code, member]) => codes.has(code) && (member === undefined || fits(codes.get(code), member)),
  );
}

/** Whether a live document says what is declared. */
export const sameDocument = (text: string, declared: Document): boolean =>
  same(parsed(withoutAdditions(text, shapeOf(declared))), valueOf(declared));

/**
 * The text that makes a live document the declared one and keeps what others have added to it. `before` is the shape
 * declared last: a member that it names and the new document does not was taken away by the user, and goes.
 * `isSameItem` says whether a live item of a list is the one declared now, although its members differ.
 */
export function withAdditions(
  text: string,
  declared: Document,
  before: Shape | undefined,
  isSameItem: (live: Record<string, unknown>, declared: Record<string, unknown>) => boolean = () => false,
): string {
  const live = parsed(text);
  if (!isMembers(live)) return documentText(declared);
  const merged = merge(live, valueOf(declared), shapeFrom(before));
  return same(merged, valueOf(declared)) ? documentText(declared) : (stringify(merged) ?? documentText(declared));

  function merge(there: unknown, wanted: unknown, shape: ShapeNode): unknown {
    if (Array.isArray(there) && Array.isArray(wanted)) return mergeItems(there, wanted, shape);
    if (!isMembers(there) || !isMembers(wanted)) return wanted;
    const members = shape !== undefined && "members" in shape ? shape.members : new Map<string, ShapeNode>();
    const kept = Object.entries(there).filter(([name]) => !Object.hasOwn(wanted, name) && !members.has(codeOf(name)));
    const declaredOnes = Object.entries(wanted).map(([name, member]) => [
      name,
      Object.hasOwn(there, name) ? merge(there[name], member, members.get(codeOf(name))) : member,
    ]);
    return Object.fromEntries([...declaredOnes, ...kept]) as unknown;
  }

  function mergeItems(there: readonly unknown[], wanted: readonly unknown[], shape: ShapeNode): unknown[] {
    const items: ListShape = shape !== undefined && "items" in shape ? shape : { items: [] };
    const left = new Set(there.keys());
    return wanted.map((item) => {
      if (!isMembers(item)) return item;
      const [own, text] = [shapeFrom(shapeOf(item)), stringify(sorted(item))];
      const is = (index: number) => {
        const other = there[index];
        return isMembers(other) && (isSameItem(other, item) || stringify(sorted(reduced(other, own))) === text);
      };
      const index = [...left].find(is);
      if (index === undefined) return item;
      left.delete(index);
      return merge(there[index], item, itemShape(there[index], index, items, there.length));
    });
  }
}
