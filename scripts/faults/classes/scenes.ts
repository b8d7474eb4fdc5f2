import type { Emulator } from "../../../emulator/index";
import { alibaba } from "../../../provider/clouds/connections";
import type { Properties } from "../../../provider/core/definition";
import { type Environment, type Hooks, hooks } from "../../../provider/core/lifecycle";
import { definition as syncDefinition } from "../../../provider/resources/dataworks-di-sync-task/resource";
import { definition as taskDefinition } from "../../../provider/resources/dataworks-task/resource";
import { definition as wedataDefinition } from "../../../provider/resources/wedata-task/resource";

/** What the service itself has of one task: how many, and what its scheduler runs. */
export interface Standing {
  readonly ids: readonly string[];
  /** Left over without being a whole task: a node without a task, a file that only production still has. */
  readonly remains: number;
  /** The values that production runs, in the service's own words; compared with those of `expected`. */
  readonly runs: Properties | undefined;
}

/** One kind of task in one place, and what can be done to it. */
export interface Scene {
  readonly name: string;
  readonly cloud: "alibaba" | "tencent";
  readonly switches?: Readonly<Record<string, unknown>>;
  readonly hooks: (environment: Environment) => Hooks;
  readonly service: string;
  /** Arguments of a new task. */
  readonly args: (emulator: Emulator, name: string) => Properties;
  /** Edits in place, each through other operations. */
  readonly edits: Readonly<Record<string, (args: Properties) => Properties>>;
  /** An edit that makes a new task. */
  readonly replacement: (args: Properties, emulator: Emulator) => Properties;
  /** What `standing` shows once the arguments are there. */
  readonly expected: (args: Properties) => Properties;
  readonly standing: (emulator: Emulator, name: string) => Promise<Standing>;
  /** Makes a task at the console, to be adopted. */
  readonly byHand: (emulator: Emulator, name: string) => Promise<string>;
  /** Arguments that can't be given together with `adopt`. */
  readonly adoptable: (args: Properties) => Properties;
  readonly config: (emulator: Emulator) => Record<string, string>;
}

const members = (value: unknown): Properties => (value ?? {}) as Properties;

const dataworks = (emulator: Emulator) => ({
  "dataworks:endpoint": emulator.dataworks,
  "dataworks:accessKeyId": emulator.accessKeyId,
  "dataworks:accessKeySecret": emulator.accessKeySecret,
  "dataworks:requestsPerSecond": "10000",
});

function task(name: string, projectOf: (emulator: Emulator) => string): Scene {
  return {
    name,
    cloud: "alibaba",
    service: "dataworks",
    hooks: (environment) => hooks(taskDefinition, environment),
    args: (emulator, task) => ({
      projectId: projectOf(emulator),
      name: task,
      description: "Orders",
      script: { command: "ODPS_SQL", content: "select 1;" },
      trigger: { type: "Scheduler", cron: "00 00 02 * * ?" },
      rerunMode: "AllAllowed",
      rerunTimes: 1,
      outputs: { taskOutputs: [`shop.${task}`] },
      tags: { team: "warehouse" },
    }),
    edits: {
      "a batch": (args) => ({ ...args, rerunTimes: 2, tags: { team: "finance" } }),
      "a single update": (args) => ({ ...args, instanceMode: "Immediately", rerunTimes: 3 }),
      "the code": (args) => ({ ...args, script: { ...members(args["script"]), content: "select 2;" }, rerunTimes: 4 }),
    },
    replacement: (args) => ({ ...args, script: { command: "DIDE_SHELL", content: "echo 1" } }),
    expected: (args) => ({
      Name: args["name"],
      RerunTimes: args["rerunTimes"],
      Content: members(args["script"])["content"],
      InstanceMode: args["instanceMode"] ?? "T+1",
      Team: members(args["tags"])["team"],
    }),
    async standing(emulator, task) {
      const all = (await emulator.tasks("dataworks")) as Properties[];
      const own = all.filter(({ Name, EnvType }) => Name === task && EnvType === "Prod");
      const nodes: Properties[] = [];
      for (const Scene of ["DATAWORKS_PROJECT", "DATAWORKS_MANUAL_TASK"]) {
        const { PagingInfo } = await alibaba().call("ListNodes", {
          ProjectId: projectOf(emulator),
          Scene,
          Name: task,
          PageSize: 100,
        });
        const { Nodes } = PagingInfo as { Nodes: Properties[] };
        nodes.push(...Nodes.filter(({ Name }) => Name === task));
      }
      const [first] = own;
      const made = own.filter(({ NodeId }) => NodeId !== undefined).length;
      const Tags = (first?.["Tags"] ?? []) as { Key: string; Value: string }[];
      return {
        ids: own.map(({ Id }) => String(Id)),
        remains: Math.abs(nodes.length - made),
        runs: first && {
          Name: first["Name"],
          RerunTimes: first["RerunTimes"],
          Content: members(first["Script"])["Content"],
          InstanceMode: first["InstanceMode"],
          Team: Tags.find(({ Key }) => Key === "team")?.Value,
        },
      };
    },
    byHand: async (emulator, task) => {
      const [id = ""] = await emulator.createTasks("dataworks", { Name: task, ProjectId: projectOf(emulator) }, 1);
      return id;
    },
    adoptable: ({ script, ...args }) => ({ ...args, script: { content: members(script)["content"] } }),
    config: dataworks,
  };
}

const document = (concurrent: number) => ({
  type: "job",
  version: "2.0",
  steps: [
    { stepType: "mysql", parameter: { datasource: "shop" }, name: "Reader", category: "reader" },
    { stepType: "odps", parameter: { datasource: "odps_first" }, name: "Writer", category: "writer" },
  ],
  setting: { speed: { throttle: false, concurrent } },
  order: { hops: [{ from: "Reader", to: "Writer" }] },
});

function sync(name: string, standard: boolean): Scene {
  const projectOf = ({ legacyProjectId, legacyStandardProjectId }: Emulator) =>
    standard ? legacyStandardProjectId : legacyProjectId;
  return {
    name,
    cloud: "alibaba",
    service: "dataworks-files",
    hooks: (environment) => hooks(syncDefinition, environment),
    args: (emulator, task) => ({
      projectId: projectOf(emulator),
      name: task,
      taskContent: document(2),
      description: "Orders",
      schedule: { cron: "00 00 02 * * ?", rerunTimes: 1, inputs: ["shop_root"] },
    }),
    edits: {
      "the content": (args) => ({ ...args, taskContent: document(4) }),
      "the schedule": (args) => ({ ...args, schedule: { ...members(args["schedule"]), rerunTimes: 3 } }),
    },
    replacement: (args, { legacyProjectId, legacyStandardProjectId }) => ({
      ...args,
      projectId: standard ? legacyProjectId : legacyStandardProjectId,
    }),
    expected: (args) => ({
      Project: args["projectId"],
      Concurrent: members(members(members(args["taskContent"])["setting"])["speed"])["concurrent"],
      RerunTimes: members(args["schedule"])["rerunTimes"],
    }),
    async standing(emulator, task) {
      const files = (await emulator.tasks("dataworks-files")) as Properties[];
      const own = files.filter(({ FileName }) => FileName === task);
      const living = own.filter(({ DeletedStatus }) => DeletedStatus === "NORMAL");
      const [first] = living;
      const deployed = first?.["deployed"] as Properties | undefined;
      const content = deployed && (JSON.parse(String(deployed["Content"])) as Properties);
      return {
        ids: living.map(({ FileId }) => String(FileId)),
        remains: own.filter((file) => file["deployed"] !== undefined && !living.includes(file)).length,
        runs: content && {
          Project: first?.["ProjectId"],
          Concurrent: members(members(content["setting"])["speed"])["concurrent"],
          RerunTimes: Number(members(deployed["NodeConfiguration"])["AutoRerunTimes"]),
        },
      };
    },
    byHand: async (emulator, task) => {
      const made = { FileName: task, ProjectId: projectOf(emulator), Content: JSON.stringify(document(1)) };
      const [id = ""] = await emulator.createTasks("dataworks-files", made, 1);
      return id;
    },
    adoptable: (args) => args,
    config: dataworks,
  };
}

function wedata(name: string, site: "cn" | "intl"): Scene {
  return {
    name,
    cloud: "tencent",
    service: "wedata",
    ...(site === "intl" && { switches: { wedataSite: "intl" } }),
    hooks: (environment) => hooks(wedataDefinition, environment),
    args: ({ wedataProjectId, wedataWorkflowId }, task) => ({
      projectId: wedataProjectId,
      workflowId: wedataWorkflowId,
      taskType: 35,
      name: task,
      notes: "Orders",
      delayTimeMinutes: 5,
      script: { content: "echo 1" },
    }),
    edits: {
      "the settings": (args) => ({ ...args, delayTimeMinutes: 10 }),
      "the code": (args) => ({ ...args, script: { content: "echo 2" }, delayTimeMinutes: 15 }),
    },
    replacement: (args) => ({ ...args, taskType: 30 }),
    expected: (args) => ({
      Name: args["name"],
      Type: args["taskType"],
      DelayTime: args["delayTimeMinutes"],
      Content: members(args["script"])["content"],
    }),
    async standing(emulator, task) {
      const all = (await emulator.tasks("wedata")) as Properties[];
      const own = all.filter(({ settings }) => members(settings)["TaskName"] === task);
      const [first] = own;
      const submitted = first?.["submitted"] as Properties | undefined;
      const settings = submitted && members(submitted["settings"]);
      return {
        ids: own.map(({ TaskId }) => String(TaskId)),
        remains: 0,
        runs: settings && {
          Name: settings["TaskName"],
          Type: first?.["TaskType"],
          DelayTime: settings["DelayTime"],
          Content: Buffer.from(String(settings["Content"]), "base64").toString(),
        },
      };
    },
    byHand: async (emulator, task) => {
      const [id = ""] = await emulator.createTasks("wedata", { TaskName: task, TaskType: 35 }, 1);
      return id;
    },
    adoptable: (args) => args,
    config: (emulator) => ({
      "wedata:endpoint": emulator.wedata,
      "wedata:secretId": emulator.secretId,
      "wedata:secretKey": emulator.secretKey,
      "wedata:site": site,
      "wedata:requestsPerSecond": "10000",
    }),
  };
}

export const scenes: readonly Scene[] = [
  task("DataWorksTask", ({ projectId }) => projectId),
  task("DataWorksTask in standard mode", ({ standardProjectId }) => standardProjectId),
  sync("DataWorksDISyncTask", false),
  sync("DataWorksDISyncTask in standard mode", true),
  wedata("WeDataTask", "cn"),
  wedata("WeDataTask on the international site", "intl"),
];
