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
