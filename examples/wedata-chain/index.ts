import * as pulumi from "@pulumi/pulumi";
import { WeDataTask } from "pulumi-data-tasks";

const config = new pulumi.Config();

/** What the tasks have in common: daily Shell tasks (35) of one workflow, tried three times. */
const daily = {
  projectId: config.require("projectId"),
  workflowId: config.require("workflowId"),
  taskType: 35,
  cycleType: "Day",
  cycleStep: 1,
  startTime: "2026-01-01 00:00:00",
  endTime: "2099-12-31 23:59:59",
  retriable: true,
  tryLimit: 3,
  retryWaitMinutes: 5,
  runPriority: "medium",
} as const;

const extract = new WeDataTask("extract", {
  ...daily,
  name: "extract_orders",
  notes: "Starts at 01:30",
  delayTimeMinutes: 90,
  script: { content: "./extract.sh --day ${yyyymmdd}" },
});
const clean = new WeDataTask("clean", {
  ...daily,
  name: "clean_orders",
  script: { content: "./clean.sh --day ${yyyymmdd}" },
  parameters: { threshold: "0.95" },
  dependsOnTasks: [extract],
});
const report = new WeDataTask("report", {
  ...daily,
  name: "report_orders",
  script: { content: "./report.sh --day ${yyyymmdd}" },
  executionTtlMinutes: 60,
  selfDepend: "orderedSerial",
  dependsOnTasks: [clean],
});

export const taskIds = [extract, clean, report].map(({ taskId }) => taskId);
