import type { Kind } from "./kinds";

/** A short program for the top of each page; the tests compile it. */
export const EXAMPLES: Readonly<Record<Kind["name"], string>> = {
  DataWorksTask: `import * as pulumi from "@pulumi/pulumi";
import { DataWorksTask } from "pulumi-data-tasks";

const projectId = new pulumi.Config().require("projectId");

const orders = new DataWorksTask("orders", {
  projectId,
  name: "ods_orders",
  script: { command: "ODPS_SQL", content: new pulumi.asset.FileAsset("ods_orders.sql"), parameters: "bizdate=$bizdate" },
  trigger: { type: "Scheduler", cron: "00 30 02 * * ?" },
  outputs: { taskOutputs: ["shop.ods_orders"] },
  rerunMode: "FailureAllowed",
  rerunTimes: 3,
  rerunIntervalSeconds: 120,
  tags: { team: "data" },
});

new DataWorksTask("report", {
  projectId,
  name: "orders_per_day",
  script: { command: "ODPS_SQL", content: "select ds, count(*) from ods_orders group by ds;" },
  trigger: { type: "Scheduler", cron: "00 00 04 * * ?" },
  dependsOnTasks: [orders],
});
`,
  DataWorksDISyncTask: `import * as pulumi from "@pulumi/pulumi";
import { DataWorksDISyncTask } from "pulumi-data-tasks";

new DataWorksDISyncTask("orders", {
  projectId: new pulumi.Config().require("projectId"),
  name: "sync_orders",
  taskContent: {
    type: "job",
    version: "2.0",
    steps: [
      { stepType: "mysql", name: "Reader", category: "reader", parameter: { table: ["orders"] } },
      { stepType: "odps", name: "Writer", category: "writer", parameter: { table: "ods_orders" } },
    ],
    order: { hops: [{ from: "Reader", to: "Writer" }] },
  },
  resourceGroup: "S_res_group_1_2",
  cu: 1.5,
  schedule: { cycleType: "DAY", cron: "00 15 01 * * ?", inputs: ["shop_root"], rerunMode: "FAILURE_ALLOWED" },
});
`,
  WeDataTask: `import * as pulumi from "@pulumi/pulumi";
import { WeDataTask } from "pulumi-data-tasks";

const config = new pulumi.Config();
const [projectId, workflowId] = [config.require("projectId"), config.require("workflowId")];

const extract = new WeDataTask("extract", {
  projectId,
  workflowId,
  taskType: 35,
  name: "extract",
  cycleType: "Day",
  delayTimeMinutes: 120,
  script: { content: new pulumi.asset.FileAsset("extract.sh") },
});

new WeDataTask("load", {
  projectId,
  workflowId,
  taskType: 35,
  name: "load",
  cycleType: "Day",
  delayTimeMinutes: 180,
  retriable: true,
  tryLimit: 3,
  script: { content: "echo load" },
  dependsOnTasks: [extract],
});
`,
};
