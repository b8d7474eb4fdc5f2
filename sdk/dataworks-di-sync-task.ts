import * as pulumi from "@pulumi/pulumi";
import { show } from "../provider/core/quoting";
import { definitions } from "../provider/index";
import type { DataWorksDISyncTaskArguments } from "../provider/resources/dataworks-di-sync-task/arguments";
import { placeOf, zoned } from "./configuration";
import { enter, knownList, knownObject, knownText, producedBy } from "./entering";
import type { Declaration, Need } from "./declaration";
import type { InputsOf, OutputsOf } from "./inputs";
import { givenArguments, givenOptions } from "./misuse";
import { rulesOf } from "./rules";
import { describe, shared, showArguments } from "./task";
import type { KindOfTask } from "./task";

const KIND: KindOfTask = {
  provider: "dataworksDISyncTask",
  module: "dataworks",
  type: "DISyncTask",
  definition: definitions.DataWorksDISyncTask as never,
  outputs: ["fileId", "nodeId", "version", "output", "phase", "modifyTime"],
};

/** The arguments of a DataWorksDISyncTask. */
export type DataWorksDISyncTaskArgs = InputsOf<DataWorksDISyncTaskArguments>;

/** Every argument as an output; `undefined` in what was not given. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- showArguments makes them all
export interface DataWorksDISyncTask extends OutputsOf<DataWorksDISyncTaskArguments> {
  /** The Data Studio file of the task, which is its id. */
  readonly fileId: pulumi.Output<string>;
}

/**
 * A batch synchronisation task of Data Integration (earlier generation of Data Studio, API 2020-05-18). Created:
 * CreateDISyncTask, then UpdateFile for what it cannot set; changed: UpdateDISyncTask and UpdateFile; published:
 * SubmitFile and DeployFile; read: GetFile; deleted: DeleteFile.
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- as above
export class DataWorksDISyncTask extends pulumi.dynamic.Resource {
  /** The scheduler's id, once the file was submitted. */
  declare readonly nodeId: pulumi.Output<string | undefined>;
  /** The version of the file. */
  declare readonly version: pulumi.Output<number | undefined>;
  /** The first output identifier of the task, by which others can depend on it. */
  declare readonly output: pulumi.Output<string | undefined>;
  /** How far the task is; `published` at the end. */
  declare readonly phase: pulumi.Output<string | undefined>;
  /** When the service changed it last, milliseconds since the epoch. */
  declare readonly modifyTime: pulumi.Output<string | undefined>;

  constructor(name: string, args: DataWorksDISyncTaskArgs, opts?: pulumi.CustomResourceOptions) {
    const given = givenArguments("DataWorksDISyncTask", name, args);
    const title = `DataWorksDISyncTask ${show(name)}`;
    const { props, opts: options, warn } = describe(KIND, name, withTimeZone(given), givenOptions(title, opts));
    const entered = enter(declaration(title, given));
    super(shared, name, props, options, KIND.module, KIND.type);
    entered(this);
    warn(this);
  }
}

showArguments(DataWorksDISyncTask, KIND);

/** What the graph of the program is told about a task. */
function declaration(title: string, given: DataWorksDISyncTaskArgs): Declaration {
  const schedule = knownObject(given.schedule);
  return {
    name: title,
    place: placeOf("dataworks", given.connection),
    project: knownText(given.projectId),
    env: "Prod",
    ...producedBy(
      given.schedule === undefined || Object.keys(schedule).length > 0 ? schedule["outputs"] : given.schedule,
      "schedule.outputs",
    ),
    needs: knownList(schedule["inputs"]).flatMap((output, index): Need[] =>
      typeof output === "string"
        ? [{ property: `schedule.inputs[${index}]`, upstream: { output }, sameCycle: true }]
        : [],
    ),
    levels: rulesOf("dataworks", given.rules),
    crossCycle: 'schedule.dependentType "USER_DEFINE" with its node id',
  };
}

/** With the time zone of the stack where the schedule has times that are written in one, and names none. */
const withTimeZone = (given: DataWorksDISyncTaskArgs): DataWorksDISyncTaskArgs =>
  given.schedule === undefined
    ? given
    : {
        ...given,
        schedule: zoned(given.schedule, ["startTime", "endTime"]) as NonNullable<DataWorksDISyncTaskArgs["schedule"]>,
      };
