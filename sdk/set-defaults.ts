import * as pulumi from "@pulumi/pulumi";
import type { Properties } from "../provider/core/definition";
import { type Table, isObject } from "../provider/core/fields";
import { put } from "../provider/core/set/record";
import { isComputed } from "./computed";

/** The defaults in two parts. */
export interface Parted {
  readonly known: Properties;
  /** What is still to be computed. It is sent in the tasks: the engine keeps a value secret at the place where it was sent. */
  readonly computed: Properties;
}

/** The defaults, what is still to be computed apart from what is known; groups and maps member by member. */
export function parted(fields: Table, defaults: Properties): Parted {
  const known: Properties = {};
  const computed: Properties = {};
  for (const [name, value] of Object.entries(defaults)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const isParted = (field?.kind === "group" || field?.kind === "map") && isObject(value) && !isComputed(value);
    if (!holdsComputed(value)) put<unknown>(known, name, value);
    else if (!isParted) put<unknown>(computed, name, value);
    else {
      const parts = parted(field.kind === "group" ? field.fields : {}, value);
      if (Object.keys(parts.known).length > 0) put<unknown>(known, name, parts.known);
      put<unknown>(computed, name, parts.computed);
    }
  }
  return { known, computed };
}

function holdsComputed(value: unknown): boolean {
  if (isComputed(value)) return true;
  if (Array.isArray(value)) return (value as unknown[]).some(holdsComputed);
  if (!isObject(value) || pulumi.Resource.isInstance(value) || pulumi.asset.Asset.isInstance(value)) return false;
  return Object.values(value).some(holdsComputed);
}
