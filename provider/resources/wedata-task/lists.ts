import { type Trip, isObject } from "../../core/fields";
import { asText, reading } from "./spelling";

/** Lists that are maps or sets to us: the parameters by name, and the owners. */

export const toParameters = (parameters: Readonly<Record<string, string>>) =>
  Object.entries(parameters).map(([ParamKey, ParamValue]) => ({ ParamKey, ParamValue }));

/** Parameters as the detail and DescribeTaskParamDs show them. */
export const fromParameters = (answer: unknown): Record<string, string> =>
  Object.fromEntries(
    (Array.isArray(answer) ? answer : [])
      .filter(isObject)
      .map(({ ParamKey, ParamValue }) => [asText(ParamKey) ?? "", asText(ParamValue) ?? ""]),
  );

/**
 * Owners, of whom a read shows a single id or several in one text. Assumption, named here alone: a single id is the
 * documented answer whatever the number of owners (contracts.md §4.2), so one of the declared ones says nothing about
 * the others.
 */
export function fromOwners(answer: unknown, trip: Trip): string[] | undefined {
  const ids = asText(answer)
    ?.split(/[;,]/)
    .filter((id) => id !== "");
  if (ids === undefined) return undefined;
  const { owners = [] } = reading(trip).declared ?? {};
  const saysNothing = ids.length === 1 && owners.length > 1 && owners.includes(ids[0] as string);
  return saysNothing ? undefined : ids;
}
