import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { DataWorksTask } from "pulumi-data-tasks";

// Environments are workspaces: each stack has its own `projectId`, and the rest of what differs, in Pulumi.<stack>.yaml.
const config = new pulumi.Config();
const common = {
  projectId: config.require("projectId"),
  rerunMode: "FailureAllowed",
  rerunTimes: config.requireNumber("retries"),
  rerunIntervalSeconds: 120,
  tags: { stack: pulumi.getStack() },
} as const;
const trigger = {
  type: "Scheduler",
  cron: config.require("cron"),
  recurrence: config.requireBoolean("runs") ? "Normal" : "Skip",
} as const;

const orders = new DataWorksTask("orders", {
  ...common,
  name: "dwd_orders",
  script: { command: "ODPS_SQL", content: new pulumi.asset.FileAsset(path.join(__dirname, "orders.sql")) },
  trigger,
});
const revenue = new DataWorksTask("revenue", {
  ...common,
  name: "dws_revenue",
  script: { command: "ODPS_SQL", content: "SELECT SUM(amount) FROM dwd_orders;" },
  trigger,
  dependsOnTasks: [orders],
});

export const taskIds = { orders: orders.taskId, revenue: revenue.taskId };
