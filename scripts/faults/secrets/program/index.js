"use strict";
// A secret word in every place that takes one, on all three kinds of task and in a set; see scripts/faults/secrets/story.ts.
const pulumi = require("@pulumi/pulumi");
const { DataWorksTask, DataWorksDISyncTask, WeDataTask, WeDataTaskSet } = require("pulumi-data-tasks");

const config = new pulumi.Config();
const { projectId, legacyProjectId, wedataProjectId, wedataWorkflowId, adopt } = config.requireObject("places");
const word = config.requireSecret("word");
const step = config.getNumber("step") ?? 1;
/** An edit that has nothing to do with the secret, and one of the secret itself. */
const edited = step >= 2 ? { rerunTimes: 2 } : { rerunTimes: 1 };
/** Long on a busy machine, and short while a service refuses on purpose. */
const seconds = config.getNumber("seconds") ?? 180;
const timeouts = { create: seconds, read: seconds, update: seconds, delete: seconds };
const connection = config.getObject("connection") ?? {};
const shared = { timeouts, ...(Object.keys(connection).length > 0 && { connection }) };

new DataWorksTask("code", {
  ...shared,
  ...edited,
  projectId,
  name: "secret_code",
  description: word,
  script: {
    command: "DIDE_SHELL",
    content: pulumi.interpolate`export PASSWORD='${word}'\necho ${step}`,
    parameters: pulumi.interpolate`key=${word}`,
  },
  tags: { note: word },
});
new DataWorksDISyncTask("sync", {
  ...shared,
  projectId: legacyProjectId,
  name: "secret_sync",
  resourceGroup: "S_res_group_di",
  taskContent: {
    type: "job",
    version: "2.0",
    steps: [
      { stepType: "mysql", parameter: { username: "reader", password: word }, name: "Reader", category: "reader" },
      { stepType: "odps", parameter: { datasource: "odps_first" }, name: "Writer", category: "writer" },
    ],
    setting: { speed: { throttle: false, concurrent: step } },
    order: { hops: [{ from: "Reader", to: "Writer" }] },
  },
  schedule: { cron: "00 10 01 * * ?", parameters: pulumi.interpolate`key=${word}` },
});
new WeDataTask("load", {
  ...shared,
  projectId: wedataProjectId,
  workflowId: wedataWorkflowId,
  name: "secret_load",
  taskType: 35,
  tryLimit: step,
  notes: word,
  script: { content: pulumi.interpolate`curl -u me:${word} example.com` },
  taskExt: { queue: "main", password: word },
});
new WeDataTaskSet("loads", {
  defaults: {
    ...shared,
    projectId: wedataProjectId,
    workflowId: wedataWorkflowId,
    taskType: 35,
    notes: word,
    taskExt: { queue: "main", password: word },
  },
  tasks: {
    plain: { name: "secret_plain", tryLimit: step, script: { content: "echo" } },
    secret: { name: "secret_own", script: { content: pulumi.interpolate`curl -u me:${word} example.com/${step}` } },
    // Taken out by an edit.
    ...(step === 1 && { leaver: { name: "secret_leaver", script: { content: pulumi.interpolate`echo ${word}` } } }),
  },
});
if (adopt !== undefined) {
  new DataWorksTask("taken", { ...shared, projectId, adopt: adopt.task, description: word });
  new WeDataTask("taken-load", { ...shared, projectId: wedataProjectId, adopt: adopt.load, notes: word });
}
// Refused before any call: the sentence about it quotes no secret.
if (config.getBoolean("wrong")) {
  new DataWorksTask("wrong", {
    ...shared,
    projectId,
    name: "secret_wrong",
    script: { command: "DIDE_SHELL", content: "echo" },
    trigger: { type: "Scheduler", cron: word, startTime: word },
    instanceMode: word,
    baselineId: word,
  });
}
