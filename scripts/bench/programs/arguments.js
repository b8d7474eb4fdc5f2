"use strict";
// The arguments of a task by its number. `revision` edits each of them, in its schedule alone.

const statement = (index) =>
  `-- Orders of shop ${index}, one row per order, kept by day.
insert overwrite table ods_orders_${index} partition (ds='\${bizdate}')
select order_id, buyer_id, cast(amount as decimal(18,2)) as amount, gmt_create
from stg_orders_${index}
where ds='\${bizdate}' and is_deleted=0;`;

const two = (number) => String(number).padStart(2, "0");
const cron = (index, revision) => `00 ${two((index + revision) % 60)} ${two(index % 24)} * * ?`;

/** A DataWorks task that is there already. */
const adopted = ({ projectId, ids, revision }, index) => ({
  projectId,
  adopt: { id: ids[index], apply: true },
  description: `Orders of shop ${index}, by day`,
  trigger: { type: "Scheduler", cron: cron(index, revision), recurrence: "Normal" },
  rerunMode: "FailureAllowed",
  rerunTimes: 3,
  rerunIntervalSeconds: 120,
  timeoutSeconds: 7200,
  tags: { team: "data", tier: "gold" },
  dependencies: [{ type: "Normal", upstreamOutput: "shop_root" }],
});

/** A DataWorks task to be created and published. */
const created = ({ projectId, revision }, index) => ({
  projectId,
  name: `ods_orders_${index}`,
  description: `Orders of shop ${index}, by day`,
  script: { command: "ODPS_SQL", content: statement(index), parameters: "bizdate=$bizdate" },
  trigger: { type: "Scheduler", cron: cron(index, revision) },
  outputs: { taskOutputs: [`shop.ods_orders_${index}`] },
  dependencies: [{ type: "Normal", upstreamOutput: "shop_root" }],
  rerunMode: "FailureAllowed",
  rerunTimes: 3,
  rerunIntervalSeconds: 120,
  tags: { team: "data" },
});

const wedata = ({ projectId, workflowId, revision }, index) => ({
  projectId,
  workflowId,
  taskType: 35,
  name: `load_orders_${index}`,
  notes: `Orders of shop ${index}, by day`,
  cycleType: "Day",
  delayTimeMinutes: ((index + revision) % 600) + 1,
  retriable: true,
  tryLimit: 3,
  script: { content: `echo orders ${index}\n` },
});

/** Nothing but what a task needs. */
const least = ({ projectId }, index) => ({
  projectId,
  name: `ods_orders_${index}`,
  script: { command: "ODPS_SQL", content: "select 1;" },
});

/** A batch synchronisation with some 20 kB of columns. */
const sync = ({ legacyProjectId }, index) => {
  const column = Array.from({ length: 600 }, (_, number) => `a_rather_long_name_${number}`);
  const step = (stepType, category, parameter) => ({ stepType, category, name: category, parameter });
  return {
    projectId: legacyProjectId,
    name: `mysql_orders_${index}`,
    resourceGroup: "S_res_group_di",
    taskContent: {
      type: "job",
      version: "2.0",
      steps: [
        step("mysql", "reader", {
          datasource: "shop",
          column,
          connection: [{ datasource: "shop", table: ["orders"] }],
        }),
        step("odps", "writer", {
          datasource: "odps_first",
          table: `ods_orders_${index}`,
          column: column.slice(0, 200),
        }),
      ],
      setting: { speed: { concurrent: 2, throttle: false } },
      order: { hops: [{ from: "reader", to: "writer" }] },
    },
    schedule: { cron: cron(index, 0) },
  };
};

/** A DataWorks task with everything that one can be given. */
const full = (plan, index) => ({
  ...created(plan, index),
  owner: "1709426262675728",
  instanceMode: "T+1",
  timeoutSeconds: 7200,
  script: {
    command: "ODPS_SQL",
    language: "odps-sql",
    content: statement(index),
    parameters: "bizdate=$bizdate",
  },
  trigger: {
    type: "Scheduler",
    recurrence: "Normal",
    cron: cron(index, plan.revision),
    startTime: "2026-01-01 00:00:00",
    endTime: "2029-01-01 00:00:00",
    cycleType: "Daily",
    timeZone: "Asia/Shanghai",
  },
  runtimeResource: { resourceGroupId: "S_res_group_524257424564736_1716799673667", image: "i-xxxxxx", cu: "0.25" },
  dataSource: { name: "odps_first", type: "odps" },
  inputs: { variables: [{ name: "region", type: "Constant", value: "east" }] },
  outputs: {
    taskOutputs: [`shop.ods_orders_${index}`],
    variables: [{ name: "rows", type: "Constant", value: "1" }],
  },
  path: "shop/ods",
  comment: "Ask the orders team before changing it",
  publish: true,
  onDelete: "delete",
  force: false,
  timeouts: { create: 600 },
  rules: { "unproduced-output": "off" },
});

const shapes = { adopted, created, wedata, least, sync, full };

/** The tasks of a plan, each with its shape and arguments. With the shape `both`, there are as many of either cloud. */
module.exports = ({ shape, count, ...plan }) =>
  shape === "both" ? ["adopted", "wedata"].flatMap((each) => tasksOf(each, count, plan)) : tasksOf(shape, count, plan);

function tasksOf(shape, count, { wedataProjectId, ...plan }) {
  const where = shape === "wedata" && wedataProjectId !== undefined ? { ...plan, projectId: wedataProjectId } : plan;
  return Array.from({ length: count }, (_, index) => ({
    name: `${shape}-${index}`,
    shape,
    args: shapes[shape](where, index),
  }));
}
