import { type Placed, putAt, valueAt } from "./fields";

type Terms = Readonly<Record<string, unknown>>;
type Values = Readonly<Record<string, unknown>>;

/** Whether an operation carries a property. */
export const carries = ({ leaf }: Pick<Placed, "leaf">, operation: string): boolean =>
  leaf.wire?.[operation] !== undefined;

/**
 * What an operation is sent for some properties: each value at its parameter's path, translated as its field says.
 * A property without a value is sent as what clears it, or not at all.
 */
export function carried(
  table: readonly Placed[],
  operation: string,
  args: Values,
  wanted: (path: string) => boolean,
  terms: Terms = {},
): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const { path, leaf } of table) {
    const parameter = leaf.wire?.[operation];
    if (parameter === undefined || !wanted(path)) continue;
    const value = valueAt(args, path) ?? leaf.clear;
    const sent = value === undefined ? undefined : leaf.to ? leaf.to(value, { operation, terms }) : value;
    if (sent !== undefined) putAt(body, parameter, sent);
  }
  return body;
}

/** What an answer says of the properties, in the words of the arguments; nothing of those it does not mention. */
export function understood(
  table: readonly Placed[],
  operation: string,
  answer: Values,
  terms: Terms = {},
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { path, leaf } of table) {
    const parameter = leaf.wire?.[operation];
    if (parameter === undefined) continue;
    const is = valueAt(answer, parameter);
    const value = leaf.from ? leaf.from(is, { operation, terms }) : is === null ? undefined : is;
    if (value !== undefined) putAt(values, path, value);
  }
  return values;
}
