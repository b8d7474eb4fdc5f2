import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { DataWorksDISyncTask, DataWorksTask, DataWorksWorkflow, WeDataTask } from "pulumi-data-tasks";
import { ordersToMaxCompute } from "./orders-sync";

const config = new pulumi.Config();
const projectId = config.require("projectId");
const reportCron = config.get("reportCron") ?? "0 0 2 * * ?";
const retries = config.getNumber("retries") ?? 1;
const priority = config.get("priority", { allowedValues: ["high", "medium", "low"] }) ?? "low";
const syncConcurrency = config.getNumber("syncConcurrency") ?? 2;

// DataWorks: the three tasks of a FlowSpec document, with their dependencies.
const accessLog = DataWorksWorkflow.fromFlowSpec("access-log", path.join(__dirname, "workflow", "access-log.yaml"), {
  projectId,
});
const details = accessLog.tasks["cn_shanghai_api_access_detail"];

// A task of our own behind the last of them.
const report = new DataWorksTask("access-report", {
  projectId,
  name: "access_report",
  description: "Calls per API and day",
  script: {
    command: "ODPS_SQL",
    content: new pulumi.asset.FileAsset(path.join(__dirname, "access-report.sql")),
    parameters: "bizdate=$bizdate",
  },
  trigger: { type: "Scheduler", cron: reportCron },
  rerunMode: "FailureAllowed",
  rerunTimes: retries,
  rerunIntervalSeconds: 120,
  tags: { team: "analytics" },
  dependsOnTasks: details ? [details] : [],
});

// Data Integration: MySQL to MaxCompute, in a workspace of the earlier generation, where such tasks live.
const sync = new DataWorksDISyncTask("orders-sync", {
  projectId: config.require("legacyProjectId"),
  name: "orders_to_maxcompute",
  taskContent: ordersToMaxCompute({ concurrency: syncConcurrency }),
  cu: 0.5,
  schedule: { cron: "00 30 00 * * ?", cycleType: "DAY", inputs: [config.require("syncUpstream")] },
});

// WeData: extract, clean, report, one after the other.
const wedata = { projectId: config.require("wedataProjectId"), workflowId: config.require("wedataWorkflowId") };
const shell = { ...wedata, taskType: 35, cycleType: "Day", retriable: true, runPriority: priority } as const;
const extract = new WeDataTask("extract", {
  ...shell,
  name: "orders_extract",
  script: { content: "./extract.sh orders ${yyyymmdd}" },
  delayTimeMinutes: 60,
  tryLimit: retries,
  retryWaitMinutes: 5,
});
const clean = new WeDataTask("clean", {
  ...shell,
  name: "orders_clean",
  script: { content: "./clean.sh orders ${yyyymmdd}" },
  dependsOnTasks: [extract],
});
const publish = new WeDataTask("publish", {
  ...shell,
  name: "orders_publish",
  script: { content: "./publish.sh orders ${yyyymmdd}" },
  dependsOnTasks: [clean],
});

export const dataworks = [...Object.values(accessLog.tasks), report].map(({ taskId }) => taskId);
export const reportTaskId = report.taskId;
export const syncFileId = sync.fileId;
export const wedataTaskIds = [extract, clean, publish].map(({ taskId }) => taskId);
