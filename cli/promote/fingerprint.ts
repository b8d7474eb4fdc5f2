import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { isAsset, isObject } from "../../provider/core/fields";
import { stableText } from "../../provider/core/record";
import { type Step, partsOf } from "../preview/preview";
import type { Fingerprint } from "./model";
import { afterOf } from "./tasks";

const digestOf = (value: unknown): string =>
  createHash("sha256").update(stableText(value)).digest("base64url").slice(0, 16);

/** Values without the places where files lie on the machine: what is in them counts. */
function portable(value: unknown): unknown {
  if (isAsset(value)) return value.hash ?? value.text ?? null;
  if (Array.isArray(value)) return value.map(portable);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, portable(member)]));
}

/** By which the same state and the same program are recognised. */
export function fingerprintOf(
  state: readonly Step[],
  preview: readonly Step[],
  { folder, stack }: { readonly folder: string; readonly stack: string },
): Fingerprint {
  const file = path.join(folder, `Pulumi.${stack.split("/").at(-1) ?? stack}.yaml`);
  return {
    state: Object.fromEntries(
      state.map(({ urn, before }) => [
        urn,
        digestOf(portable({ id: before?.id, inputs: before?.inputs, outputs: before?.outputs })),
      ]),
    ),
    program: Object.fromEntries(
      preview.map((step) => [
        step.urn,
        digestOf(
          portable({
            operation: step.operation,
            inputs: afterOf(step)?.inputs,
            replaceKeys: [...step.replaceKeys].sort(),
          }),
        ),
      ]),
    ),
    ...(existsSync(file) && { configuration: digestOf(readFileSync(file, "utf8")) }),
  };
}

/** How many resources are named. */
const NAMED = 8;

/** What is not as it was reviewed, in sentences; nothing when everything is. */
export function movedSince(reviewed: Fingerprint, now: Fingerprint, stack: string): string[] {
  const moved = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): string => {
    const names = [...new Set([...Object.keys(one), ...Object.keys(other)])]
      .filter((urn) => one[urn] !== other[urn])
      .map((urn) => {
        const { name } = partsOf(urn);
        return !Object.hasOwn(one, urn) ? `${name} (new)` : !Object.hasOwn(other, urn) ? `${name} (gone)` : name;
      })
      .sort();
    const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
    return `${names.slice(0, NAMED).join(", ")}${more}`;
  };
  const state = moved(reviewed.state, now.state);
  const program = moved(reviewed.program, now.program);
  return [
    ...(state === "" ? [] : [`the state of ${stack} has moved: ${state}`]),
    ...(program === "" ? [] : [`the program has moved, or what it makes of the state: ${program}`]),
    ...(reviewed.configuration === now.configuration ? [] : [`the configuration of ${stack} has moved`]),
  ];
}
