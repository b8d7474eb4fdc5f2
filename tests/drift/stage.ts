import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { checkInputs } from "../../provider/core/lifecycle";
import { setOutputs } from "../../provider/core/set/record";
import { definitions } from "../../provider/index";
import type { Sighted } from "../../cli/drift/build";
import { takenOver } from "../../cli/drift/take-over";
import type { TakeOver } from "../../cli/drift/model";
import { kindOf } from "../../cli/kinds";
import { tasksOf } from "../../cli/state/tasks";
import { type KindName, TYPES } from "../review/previews";

type Tree = Record<string, unknown>;

const stackTrace = [{ sourcePosition: "project:///index.ts#1,1" }];
const URN = "urn:pulumi:dev::shop::";

/** A resource with one task, as the state has it after it was deployed with these arguments, and its live values. */
export interface Edited {
  readonly kind?: KindName;
  readonly name?: string;
  readonly deployed: Tree;
  readonly live: Tree;
  /** Its key in the set of the name. */
  readonly key?: string;
  /** The workflow that has made it. */
  readonly workflow?: string;
}

/** As a reader of the services tells it. */
export function seen({ kind = "DataWorksTask", name = "orders", deployed, live, key, workflow }: Edited): Sighted {
  const definition = kindOf(TYPES[kind]) as never;
  const [inputs, values] = [deployed, live].map((args) => checkInputs(definition, args).inputs) as [Tree, Tree];
  const type = `${TYPES[kind]}${key === undefined ? "" : "Set"}`;
  const parents = workflow === undefined ? "" : "pulumi-data-tasks:dataworks:Workflow$";
  const parent = workflow === undefined ? {} : { parent: `${URN}pulumi-data-tasks:dataworks:Workflow::${workflow}` };
  const state = { id: "554000/node/1", outs: { phase: "published" }, after: [], identity: undefined };
  const resource = {
    ...{ urn: `${URN}${parents}${type}::${name}`, id: "554000/node/1", stackTrace },
    ...parent,
    inputs: key === undefined ? inputs : { tasks: { [key]: inputs }, label: name },
    outputs: key === undefined ? {} : setOutputs(definitions.DataWorksTask as never, new Map([[key, state]])),
  };
  const [task] = tasksOf(resource);
  if (task === undefined) throw new Error("no task");
  const names = new Set([...pathsIn(inputs), ...pathsIn(values)]);
  const at = (tree: Tree, place: string) =>
    JSON.stringify(place.split(".").reduce<unknown>((value, each) => (value as Tree | undefined)?.[each], tree));
  return { task, sighting: { moved: [...names].filter((place) => at(inputs, place) !== at(values, place)), values } };
}

/** Every path of a tree: those that are properties of the table are taken. */
const pathsIn = (tree: Tree, prefix = ""): string[] =>
  Object.entries(tree).flatMap(([name, value]) => [
    `${prefix}${name}`,
    ...(typeof value === "object" && value !== null && !Array.isArray(value)
      ? pathsIn(value as Tree, `${prefix}${name}.`)
      : []),
  ]);

/** A folder with these files. */
export function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "data-tasks-drift-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

/** The edits taken over into a project, and written. */
export const written = (
  folder: string,
  edits: readonly Edited[],
  accept: readonly string[] = [],
): TakeOver | undefined => takenOver(edits.map(seen), { folder, accept, write: true });
