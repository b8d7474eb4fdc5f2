import { canonicalText, shapeOf, withAdditions, withoutAdditions } from "../../core/document";
import { isObject } from "../../core/fields";
import { type Shapes, type WriteTerms, asText } from "./spelling";

/**
 * Settings of the task type. Writes take a list of Key and Value, the detail shows ParamKey and ParamValue with entries
 * of the service among them (contracts.md §6.29): only the declared keys are compared, and of a value that is JSON only
 * the declared members.
 */

/** Key that carries the creation token from CreateTaskNew on; Notes can be set only afterwards. */
export const TOKEN_KEY = "pulumi-data-tasks";

/** Entries that the samples show the service to add; it writes them itself, so they are never sent back. */
const OF_THE_SERVICE: ReadonlySet<string> = new Set(["bucket", "ftp.file.name", "region", "tenantId"]);

/** JSON objects and lists with sorted keys and without blanks; any other value as it is. */
export const canonicalExtension = (taskExt: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(taskExt).map(([key, value]) => [key, canonicalText(value)]));

/** The shapes by which a read compares what was declared. */
export const shapesOf = (taskExt: Readonly<Record<string, string>>): Shapes =>
  Object.fromEntries(Object.entries(taskExt).map(([key, value]) => [key, shapeOf(value)]));

/**
 * The whole list for a write. Assumption, named here alone: an update takes the list as complete, so what others have
 * added to the live one is sent along; where the service merges by key, that changes nothing.
 */
export function toExtension(
  taskExt: Readonly<Record<string, string>>,
  { token, made, extension: { live, ours } = { live: {}, ours: {} } }: WriteTerms,
): { Key: string; Value: string }[] {
  const others = Object.entries(ofOthers(live)).filter(
    ([key]) => !Object.hasOwn(taskExt, key) && !Object.hasOwn(ours, key),
  );
  const declared = Object.entries(taskExt).map(([key, value]): [string, string] => {
    const there = live[key];
    // A key of ours without a shape had other text, or is one of a state that knows no shapes: the declared value is all of it.
    const isDocument = shapeOf(value).startsWith("{") && ours[key] !== "";
    return [key, there !== undefined && isDocument ? withAdditions(there, value, ours[key]) : value];
  });
  return [...declared, ...others, ...(made && token !== undefined ? [[TOKEN_KEY, token] as const] : [])].map(
    ([Key, Value]) => ({ Key, Value }),
  );
}

/** Entries that are neither the service's own nor our token. */
export const ofOthers = (live: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(live).filter(([key]) => key !== TOKEN_KEY && !OF_THE_SERVICE.has(key)));

/** Entries of the detail by key. */
export const entriesOf = (properties: unknown): Record<string, string> =>
  Object.fromEntries(
    (Array.isArray(properties) ? properties : [])
      .filter(isObject)
      .map(({ ParamKey, ParamValue }) => [asText(ParamKey) ?? "", asText(ParamValue) ?? ""]),
  );

/** The declared entries as the detail shows them. */
export function fromExtension(properties: unknown, shapes: Shapes = {}): Record<string, string> {
  const live = Object.entries(entriesOf(properties)).filter(([key]) => Object.hasOwn(shapes, key));
  return Object.fromEntries(live.map(([key, value]) => [key, withoutAdditions(value, shapes[key])]));
}
