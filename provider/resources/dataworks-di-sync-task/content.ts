import { createHash } from "node:crypto";
import { LosslessNumber, isInteger, isLosslessNumber, isSafeNumber, parse, stringify } from "lossless-json";
import { hasUnsafeNumber } from "../../core/check";
import { type Document, isObject } from "../../core/fields";

/**
 * Task content is compared as parsed JSON, and members that the service or its console adds are tolerated
 * (contracts.md §3, §7: whether GetFile returns the script as it was sent is not established). A read knows no declared
 * document, so the state carries its shape: which members the user wrote, as short digests of their paths. What the
 * shape does not name is left out of the comparison; a declared member that changed or vanished is a difference.
 *
 * The record of what the service answered right after our write (`seen`) would catch an addition that is always the
 * same, but not one that comes later: the console adds `extend` when somebody opens and saves a task in it.
 */
export type Shape = string;

const CODE = 3;
const NO_MEMBERS = "-";
const codeOf = (path: string) => createHash("sha256").update(path).digest("base64url").slice(0, CODE);

/** Numbers stay as they are written where JavaScript would round them. */
const parsed = (text: string): unknown =>
  parse(text, null, (digits) =>
    isInteger(digits) && !isSafeNumber(digits) ? new LosslessNumber(digits) : Number(digits),
  );

function documentOf(content: Document): unknown {
  if (typeof content !== "string") return content;
  try {
    return parsed(content);
  } catch {
    return undefined;
  }
}

/** A document as the wire carries it. */
export const contentText = (content: Document): string =>
  typeof content === "string" ? content : JSON.stringify(content);

/** One spelling for equal documents: an object, or text where it has numbers that an object would round. */
export const canonicalContent = (content: Document): Document => {
  if (typeof content !== "string") {
    const text = contentText(content);
    return hasUnsafeNumber(text) ? canonicalContent(text) : content;
  }
  const document = documentOf(content);
  return document === undefined ? content : (stringify(sorted(document)) ?? content);
};

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value) || isLosslessNumber(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

/** The shape of a declared document. */
export function shapeOf(content: Document): Shape {
  const codes = new Set<string>();
  const visit = (value: unknown, path: string): void => {
    if (Array.isArray(value)) {
      if (value.some((item) => typeof item === "object" && item !== null)) codes.add(codeOf(lengthOf(value, path)));
      value.forEach((item, index) => visit(item, `${path}[${index}]`));
    } else if (isObject(value) && !isLosslessNumber(value)) {
      for (const [name, member] of Object.entries(value)) {
        codes.add(codeOf(`${path}.${name}`));
        visit(member, `${path}.${name}`);
      }
    }
  };
  visit(documentOf(content), "");
  // An empty document is declared as well: whatever is there was added.
  return [...codes].join("") || NO_MEMBERS;
}

const lengthOf = (list: readonly unknown[], path: string) => `${path}#${list.length}`;

/** The live script without what the service added to the declared one; the whole of it when no shape is known. */
export function withoutAdditions(text: string, shape: Shape | undefined): string {
  const live = documentOf(text);
  if (!shape || !isObject(live)) return text;
  const codes = new Set(shape.match(new RegExp(`.{${CODE}}`, "g")));
  const reduce = (value: unknown, path: string): unknown => {
    if (Array.isArray(value)) {
      // Of another length, its elements are not the declared ones any more: shown as they are.
      return codes.has(codeOf(lengthOf(value, path)))
        ? value.map((item, index) => reduce(item, `${path}[${index}]`))
        : value;
    }
    if (!isObject(value) || isLosslessNumber(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => codes.has(codeOf(`${path}.${name}`)))
        .map(([name, member]) => [name, reduce(member, `${path}.${name}`)]),
    );
  };
  return stringify(reduce(live, "")) ?? text;
}

/** Whether a live script says what is declared. */
export function sameContent(text: string, declared: Document): boolean {
  const live = documentOf(withoutAdditions(text, shapeOf(declared)));
  return stringify(sorted(live)) === stringify(sorted(documentOf(declared)));
}
