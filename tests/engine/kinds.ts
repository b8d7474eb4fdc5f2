import { DataWorksDISyncTask, DataWorksTask, WeDataTask } from "pulumi-data-tasks";
import type { DataWorksDISyncTaskArgs, DataWorksTaskArgs, WeDataTaskArgs } from "pulumi-data-tasks";
import type * as pulumi from "@pulumi/pulumi";
import type { Emulator } from "../../emulator/index";

export type Args = Record<string, unknown>;
export type Service = "dataworks" | "dataworks-files" | "wedata";
export type Make = (name: string, args: Args, opts?: pulumi.CustomResourceOptions) => pulumi.CustomResource;

/** The script of a batch synchronisation task, with some of its members changed. */
export const content = (speed: { concurrent: number; throttle?: boolean } = { concurrent: 2 }) => ({
  type: "job",
  version: "2.0",
  steps: [
    {
      stepType: "mysql",
      parameter: {
        datasource: "shop",
        column: ["id", "name"],
        connection: [{ datasource: "shop", table: ["orders"] }],
      },
      name: "Reader",
      category: "reader",
    },
    {
      stepType: "odps",
      parameter: { datasource: "odps_first", table: "ods_orders", partition: "pt=${bizdate}" },
      name: "Writer",
      category: "writer",
    },
  ],
  setting: { speed: { throttle: false, ...speed } },
  order: { hops: [{ from: "Reader", to: "Writer" }] },
});

/** The three kinds of task: how to make one, and the least that one needs. */
export const kinds = {
  task: {
    service: "dataworks",
    make: (name: string, args: Args, opts?: pulumi.CustomResourceOptions) =>
      new DataWorksTask(name, args as unknown as DataWorksTaskArgs, opts),
    least: ({ projectId }: Emulator): Args => ({
      projectId,
      name: "ods_orders",
      script: { command: "ODPS_SQL", content: "select 1;" },
    }),
  },
  sync: {
    service: "dataworks-files",
    make: (name: string, args: Args, opts?: pulumi.CustomResourceOptions) =>
      new DataWorksDISyncTask(name, args as unknown as DataWorksDISyncTaskArgs, opts),
    least: ({ legacyProjectId }: Emulator): Args => ({
      projectId: legacyProjectId,
      name: "mysql_orders",
      taskContent: content(),
      resourceGroup: "S_res_group_di",
    }),
  },
  load: {
    service: "wedata",
    make: (name: string, args: Args, opts?: pulumi.CustomResourceOptions) =>
      new WeDataTask(name, args as unknown as WeDataTaskArgs, opts),
    least: ({ wedataProjectId, wedataWorkflowId }: Emulator): Args => ({
      projectId: wedataProjectId,
      workflowId: wedataWorkflowId,
      taskType: 35,
      name: "load_orders",
      script: { content: "echo orders" },
    }),
  },
} satisfies Record<string, { service: Service; make: Make; least: (emulator: Emulator) => Args }>;

export type Name = keyof typeof kinds;
