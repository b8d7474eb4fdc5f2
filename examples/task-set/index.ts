import * as pulumi from "@pulumi/pulumi";
import { WeDataTask, WeDataTaskSet } from "pulumi-data-tasks";
import type { WeDataTaskInSetArgs } from "pulumi-data-tasks";

const config = new pulumi.Config();
const workspace = { projectId: config.require("projectId"), workflowId: config.require("workflowId"), taskType: 35 };

const tables = [
  "orders",
  "customers",
  "products",
  "payments",
  "refunds",
  "clicks",
  "carts",
  "coupons",
  "stores",
  "stock",
];

/** Extract, clean and load each table: three tasks in a chain. */
const tasks: Record<string, WeDataTaskInSetArgs> = {};
for (const table of tables) {
  tasks[`extract_${table}`] = { name: `extract_${table}`, script: { content: `./extract.sh ${table} \${yyyymmdd}` } };
  tasks[`clean_${table}`] = {
    name: `clean_${table}`,
    script: { content: `./clean.sh ${table} \${yyyymmdd}` },
    dependsOnTasks: [`extract_${table}`],
  };
  tasks[`load_${table}`] = {
    name: `load_${table}`,
    script: { content: `./load.sh ${table} \${yyyymmdd}` },
    // One table is larger than the others.
    ...(table === "clicks" && { executionTtlMinutes: 240 }),
    dependsOnTasks: [`clean_${table}`],
  };
}

const warehouse = new WeDataTaskSet("warehouse", {
  defaults: {
    ...workspace,
    cycleType: "Day",
    cycleStep: 1,
    startTime: "2026-01-01 00:00:00",
    endTime: "2099-12-31 23:59:59",
    retriable: true,
    tryLimit: 3,
    retryWaitMinutes: 5,
  },
  tasks,
});

/** A task of its own may wait for tasks of the set. */
new WeDataTask("report", {
  ...workspace,
  name: "report",
  cycleType: "Day",
  cycleStep: 1,
  script: { content: "./report.sh ${yyyymmdd}" },
  dependsOnTasks: tables.map((table) => warehouse.task(`load_${table}`)),
});

export const taskIds = warehouse.taskIds;
