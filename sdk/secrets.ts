import * as pulumi from "@pulumi/pulumi";
import { isObject } from "../provider/core/fields";

/**
 * Where the program has put secrets into the arguments, as paths with a star for the place in a list; `undefined` when no
 * argument can be one. The engine tells the provider the bare values, and nobody else could say which must not be shown.
 */
export function secretPaths(args: unknown): Promise<string[]> | undefined {
  const outputs = [...outputsIn(args, "")];
  if (outputs.length === 0) return undefined;
  return Promise.all(outputs.map(async ([path, output]) => ((await pulumi.isSecret(output)) ? path : undefined))).then(
    (paths) => [...new Set(paths.filter((path) => path !== undefined))].sort(),
  );
}

function* outputsIn(value: unknown, path: string): Generator<[path: string, output: pulumi.Output<unknown>]> {
  if (pulumi.Output.isInstance(value)) yield [path, value];
  else if (Array.isArray(value)) for (const item of value as unknown[]) yield* outputsIn(item, `${path}[*]`);
  else if (isObject(value) && !pulumi.Resource.isInstance(value)) {
    for (const [name, member] of Object.entries(value)) yield* outputsIn(member, joined(path, name));
  }
}

/** A path as the engine writes it. */
const joined = (path: string, name: string): string =>
  !/^[\w$-]+$/.test(name) ? `${path}[${JSON.stringify(name)}]` : path === "" ? name : `${path}.${name}`;
