import { definitions } from "../../provider/index";
import type { Definition } from "../../provider/core/definition";
import type { Table } from "../../provider/core/fields";

/** One class of the package, and where it is written. */
export interface Kind {
  readonly name: keyof typeof definitions;
  /** Its page of the reference. */
  readonly page: string;
  readonly fields: Table;
  readonly definition: Definition<object, Record<string, unknown>>;
  /** The contracts of its API. */
  readonly contracts: string;
  /** The interface of its arguments, and the class. */
  readonly folder: string;
  readonly argumentsFile: string;
  readonly classFile: string;
  /** Facts of a task that was made here, and of one that was adopted; for what an edit replaces. */
  readonly made: Readonly<Record<string, unknown>>;
  readonly ids: { readonly made: string; readonly adopted: string };
}

const kind = (name: Kind["name"], folder: string, contracts: string, made: Kind["made"], ids: Kind["ids"]): Kind => ({
  name,
  page: `${folder}.md`,
  fields: definitions[name].fields,
  definition: definitions[name] as unknown as Kind["definition"],
  contracts,
  folder: `provider/resources/${folder}`,
  argumentsFile: `provider/resources/${folder}/arguments.ts`,
  classFile: `sdk/${folder}.ts`,
  made,
  ids,
});

/** The kinds of task, in the order of the reference. */
export const kinds: readonly Kind[] = [
  kind(
    "DataWorksTask",
    "dataworks-task",
    "dataworks-2024-05-18",
    { nodeId: "1", taskId: "1", command: "before", language: "before" },
    { made: "1/node/1", adopted: "1/Prod/task/1" },
  ),
  kind(
    "DataWorksDISyncTask",
    "dataworks-di-sync-task",
    "dataworks-2020-05-18",
    { fileId: "1" },
    { made: "1/file/1", adopted: "1/file/1" },
  ),
  kind("WeDataTask", "wedata-task", "wedata-2021-08-20", { taskId: "1" }, { made: "1/1", adopted: "1/1" }),
];
