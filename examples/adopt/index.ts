import * as pulumi from "@pulumi/pulumi";
import { DataWorksTask } from "pulumi-data-tasks";

const config = new pulumi.Config();

// The first `up` reads the task, records it, and writes nothing. After a `refresh`, which takes the task's values into the
// state, a preview shows every difference to what is declared here, and the next `up` applies it. What is not declared
// stays as it is, and is never compared.
const task = new DataWorksTask("orders", {
  projectId: config.require("projectId"),
  adopt: config.require("taskId"),
  description: "Under management since the adoption",
  trigger: { cron: "00 45 03 * * ?" },
  rerunTimes: 3,
});

export const taskId = task.taskId;
