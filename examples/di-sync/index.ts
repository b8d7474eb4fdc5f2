import * as pulumi from "@pulumi/pulumi";
import { DataWorksDISyncTask } from "pulumi-data-tasks";

const config = new pulumi.Config();
const columns = ["id", "customer_id", "amount", "created_at"];

const sync = new DataWorksDISyncTask("orders", {
  projectId: config.require("projectId"),
  name: "ods_orders",
  folder: "Business Flow/Sales/Data Integration",
  description: "Orders of the shop database, once a night",
  // As the code editor of Data Integration shows it; JSON text works as well, for instance read from a file.
  taskContent: {
    type: "job",
    version: "2.0",
    steps: [
      {
        stepType: "mysql",
        name: "Reader",
        category: "reader",
        parameter: { datasource: "shop_mysql", table: ["orders"], column: columns, splitPk: "id" },
      },
      {
        stepType: "odps",
        name: "Writer",
        category: "writer",
        parameter: { datasource: "odps_first", table: "ods_orders", column: columns, partition: "pt=${bizdate}" },
      },
    ],
    setting: { errorLimit: { record: "0" }, speed: { concurrent: 2, throttle: false } },
    order: { hops: [{ from: "Reader", to: "Writer" }] },
  },
  resourceGroup: config.require("resourceGroup"),
  cu: config.getNumber("cu") ?? 0.5,
  schedule: {
    cron: "00 15 00 * * ?",
    cycleType: "DAY",
    rerunMode: "ALL_ALLOWED",
    rerunTimes: 3,
    rerunIntervalSeconds: 120,
    parameters: "bizdate=$bizdate",
    // What it waits for, by output name; the workspace's root node lets it run at its time.
    inputs: [config.require("upstream")],
  },
});

export const fileId = sync.fileId;
export const nodeId = sync.nodeId;
