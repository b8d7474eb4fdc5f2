import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { DataWorksTask, forEnvironment } from "pulumi-data-tasks";

// Environments are workspaces: the id of each is in Pulumi.<stack>.yaml. Everything else that differs is declared here.
const projectId = new pulumi.Config().require("projectId");
const environment = forEnvironment({
  dev: {
    schedules: "dry",
    values: { database: "shop_dev" },
    DataWorksTask: { projectId, rerunTimes: 0, tags: { stack: "dev" } },
  },
  prod: {
    values: { database: "shop" },
    DataWorksTask: { projectId, rerunTimes: 3, tags: { stack: "prod" } },
  },
  // `pulumi stack init dev-anna`: a stack of one's own, in the workspace that its configuration names.
  "dev-*": (who) => ({ like: "dev", namePrefix: `${who}_`, DataWorksTask: { tags: { stack: `dev-${who}` } } }),
});
const { database } = environment.values;

const orders = new DataWorksTask(
  "orders",
  environment.DataWorksTask(
    {
      name: "dwd_orders",
      script: { command: "ODPS_SQL", content: new pulumi.asset.FileAsset(path.join(__dirname, "orders.sql")) },
      trigger: { type: "Scheduler", cron: "00 30 01 * * ?" },
      rerunMode: "FailureAllowed",
      rerunIntervalSeconds: 120,
    },
    // For this task alone.
    { dev: { trigger: { cron: "00 00 06 * * ?" } } },
  ),
);
const revenue = new DataWorksTask(
  "revenue",
  environment.DataWorksTask({
    name: "dws_revenue",
    script: { command: "ODPS_SQL", content: `SELECT SUM(amount) FROM ${database}.dwd_orders;` },
    trigger: { type: "Scheduler", cron: "00 00 07 * * ?" },
    dependsOnTasks: [orders],
  }),
);

export const taskIds = { orders: orders.taskId, revenue: revenue.taskId };
