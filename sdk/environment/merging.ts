import * as pulumi from "@pulumi/pulumi";
import { type Table, isObject } from "../../provider/core/fields";
import { isComputed } from "../computed";

type Args = Readonly<Record<string, unknown>>;

const isPlain = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && !isComputed(value) && !pulumi.asset.Asset.isInstance(value);

/**
 * Arguments with others on top: groups (such as `trigger`) and maps member by member, everything else as a whole. What is
 * still to be computed below is merged once it is known. Symbols of the lower ones stay.
 */
export function mergedWith(fields: Table, under: Args, over: Args): Record<string, unknown> {
  const result: Record<string, unknown> = { ...under };
  for (const [name, value] of Object.entries(over)) {
    if (value === undefined || value === null) continue;
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const members = field?.kind === "group" ? field.fields : field?.kind === "map" ? {} : undefined;
    const below = result[name];
    if (members === undefined || !isPlain(value)) result[name] = value;
    else if (isComputed(below)) {
      const later = pulumi.output(below as pulumi.Input<object>);
      result[name] = later.apply((known: unknown) => (isPlain(known) ? mergedWith(members, known, value) : value));
    } else result[name] = isPlain(below) ? mergedWith(members, below, value) : value;
  }
  return result;
}
