import * as pulumi from "@pulumi/pulumi";
import { type Table, isObject } from "../../provider/core/fields";
import { put } from "../../provider/core/set/record";
import { isComputed } from "../computed";

type Args = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && !isComputed(value) && !pulumi.asset.Asset.isInstance(value);

/**
 * Arguments with others on top: groups (such as `trigger`) and maps member by member, everything else as a whole. What is
 * still to be computed is merged once it is known. Symbols of the lower ones stay. Nothing in the upper ones says nothing;
 * `null` does as well, or takes away what is below it.
 */
export function mergedWith(
  fields: Table,
  under: Args,
  over: Args,
  nulls: "say nothing" | "take away" = "say nothing",
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...under };
  for (const [name, value] of Object.entries(over)) {
    if (value === null && nulls === "take away") delete result[name];
    if (value === undefined || value === null) continue;
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const members = field?.kind === "group" ? field.fields : field?.kind === "map" ? {} : undefined;
    const below =
      (Object.hasOwn(result, name) ? result[name] : undefined) ??
      (members !== undefined && nulls === "take away" ? {} : undefined);
    // A group on top of another; nothing leaves the lower one as it is, and what is no group is taken as a whole.
    const merged = (lower: unknown, upper: unknown): unknown =>
      members !== undefined && isPlain(lower) && isPlain(upper)
        ? mergedWith(members, lower, upper, nulls)
        : upper === undefined || (upper === null && nulls === "say nothing")
          ? lower
          : upper;
    if (members === undefined || below === undefined) put<unknown>(result, name, value);
    else if (isComputed(below) || isComputed(value))
      put<unknown>(
        result,
        name,
        pulumi.all([below, value] as pulumi.Input<unknown>[]).apply(([lower, upper]) => merged(lower, upper)),
      );
    else put<unknown>(result, name, merged(below, value));
  }
  return result;
}
