import type { Definition } from "../provider/core/definition";
import { definitions } from "../provider/index";

type AnyDefinition = Definition<object, object>;

/** The kinds of task by the type that the engine knows them by. */
const KINDS: Readonly<Record<string, AnyDefinition>> = {
  "pulumi-nodejs:dynamic/dataworks:Task": definitions.DataWorksTask as unknown as AnyDefinition,
  "pulumi-nodejs:dynamic/dataworks:DISyncTask": definitions.DataWorksDISyncTask as unknown as AnyDefinition,
  "pulumi-nodejs:dynamic/wedata:Task": definitions.WeDataTask as unknown as AnyDefinition,
};

/** The kind of task that a resource of this type is; `undefined` for anything else. */
export const kindOf = (type: string): AnyDefinition | undefined =>
  Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;

/** The type of the single resource whose tasks a set of this type holds; `undefined` for anything else. */
export const kindOfSet = (type: string): string | undefined => {
  const single = type.endsWith("TaskSet") ? type.slice(0, -"Set".length) : "";
  return Object.hasOwn(KINDS, single) ? single : undefined;
};
