import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { DataWorksTask } from "pulumi-data-tasks";

const config = new pulumi.Config();
const projectId = config.require("projectId");

const orders = new DataWorksTask("orders", {
  projectId,
  name: "dwd_orders",
  description: "Cleaned orders of the day before",
  path: "warehouse/dwd",
  script: {
    command: "ODPS_SQL",
    // Kept in the state as its hash; edit the file and preview.
    content: new pulumi.asset.FileAsset(path.join(__dirname, "sql", "orders.sql")),
    parameters: "bizdate=$bizdate",
  },
  trigger: {
    type: "Scheduler",
    cron: "00 30 01 * * ?",
    startTime: "2026-01-01 00:00:00",
    endTime: "2099-12-31 00:00:00",
  },
  rerunMode: "AllAllowed",
  rerunTimes: 3,
  rerunIntervalSeconds: 180,
  outputs: { taskOutputs: ["shop.dwd_orders"] },
  tags: { layer: "dwd", team: "orders" },
});

const check = new DataWorksTask("orders-check", {
  projectId,
  name: "dwd_orders_check",
  path: "warehouse/dwd",
  script: { command: "DIDE_SHELL", content: "echo checking dwd_orders" },
  trigger: { type: "Scheduler", cron: "00 30 01 * * ?" },
  timeoutSeconds: 7200,
  // Runs after `orders` of the same day; the engine creates it after it too.
  dependsOnTasks: [orders],
});

export const ordersTaskId = orders.taskId;
export const checkTaskId = check.taskId;
