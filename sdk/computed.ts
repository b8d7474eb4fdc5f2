import * as pulumi from "@pulumi/pulumi";
import { UNKNOWN, isObject } from "../provider/core/fields";

/** Whether a value is still to be computed. */
export const isComputed = (value: unknown): boolean => pulumi.Output.isInstance(value) || value instanceof Promise;

/** The arguments with everything that is still to be computed put as “not known yet”. */
export function withoutOutputs(value: unknown): unknown {
  if (isComputed(value) || pulumi.asset.Asset.isInstance(value)) return UNKNOWN;
  if (Array.isArray(value)) return (value as unknown[]).map(withoutOutputs);
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutOutputs(member)]));
  return value;
}
