import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { DataWorksWorkflow } from "pulumi-data-tasks";

const config = new pulumi.Config();
const document = config.get("document") ?? path.join(__dirname, "workflows", "sql-python-node-spec.json");

// Every node becomes a task, upstream first. What a task cannot represent is listed by path: as warnings, and where a
// node as a whole has no counterpart (a loop, a branch) as an error, unless `unsupported: "warn"` leaves it out.
const workflow = DataWorksWorkflow.fromFlowSpec("daily", document, {
  projectId: config.require("projectId"),
  namePrefix: config.get("namePrefix") ?? "demo_",
  tasks: {
    // Single tasks can be changed without touching the document.
    python节点: { rerunTimes: 2, rerunIntervalSeconds: 300, tags: { owner: "data-platform" } },
  },
});

export const tasks = Object.fromEntries(Object.entries(workflow.tasks).map(([key, task]) => [key, task.taskId]));
export const leftOut = workflow.findings.map((finding) => finding.path);
