import * as pulumi from "@pulumi/pulumi";
import { definitions } from "../provider/index";
import type { DataWorksDISyncTaskArguments } from "../provider/resources/dataworks-di-sync-task/arguments";
import type { InputsOf, OutputsOf } from "./inputs";
import { describe, shared } from "./task";
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

/**
 * A batch synchronisation task of Data Integration (earlier generation of Data Studio, API 2020-05-18). Created:
 * CreateDISyncTask, then UpdateFile for what it cannot set; changed: UpdateDISyncTask and UpdateFile; published:
 * SubmitFile and DeployFile; read: GetFile; deleted: DeleteFile.
 */
export class DataWorksDISyncTask extends pulumi.dynamic.Resource {
  /** The Data Studio file of the task, which is its id. */
  declare readonly fileId: pulumi.Output<string>;
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

  declare readonly projectId: OutputsOf<DataWorksDISyncTaskArguments>["projectId"];
  declare readonly name: pulumi.Output<string | undefined>;
  declare readonly taskContent: pulumi.Output<DataWorksDISyncTaskArguments["taskContent"]>;
  declare readonly resourceGroup: pulumi.Output<string | undefined>;

  constructor(name: string, args: DataWorksDISyncTaskArgs, opts?: pulumi.CustomResourceOptions) {
    const { props, opts: options, warn } = describe(KIND, name, args, opts);
    super(shared, name, props, options, KIND.module, KIND.type);
    warn(this);
  }
}
