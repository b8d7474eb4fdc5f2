import type { Emulator } from "../../../emulator/index";
import type { Properties, Type } from "./processes";
import type { Declared } from "./stack";

/** What production must run when a program has been carried out. */
export interface Wanted {
  readonly code: string;
  readonly when: string;
}

/** One kind of task where it may be another story. */
export interface Scene {
  readonly name: string;
  readonly type: Type;
  readonly switches?: Readonly<Record<string, unknown>>;
  /** Arguments of the first version, of an edited one, and of one that can only be had as a new task. */
  readonly versions: (emulator: Emulator) => Record<"first" | "second" | "other", { args: Properties; wanted: Wanted }>;
  /** A task that was there before, to be adopted. */
  readonly existing: Properties;
}

const TOKEN = "0123456789abcdef";

const task = (name: string, workspace: (emulator: Emulator) => string): Scene => ({
  name,
  type: "DataWorksTask",
  existing: { Name: "existing", Script: { Content: "select 0;", Parameters: "" } },
  versions(emulator) {
    const version = (code: string, cron: string, changes: Properties = {}) => ({
      args: {
        projectId: workspace(emulator),
        name: "orders",
        script: { command: "ODPS_SQL", content: code },
        trigger: { type: "Scheduler", cron },
        description: "the orders",
        creationToken: TOKEN,
        ...changes,
      },
      wanted: { code, when: cron },
    });
    return {
      first: version("select 1;", "0 0 1 * * ?"),
      second: version("select 2;", "0 0 2 * * ?", { name: "orders_2", rerunTimes: 2 }),
      other: version("select 3;", "0 0 3 * * ?", { script: { command: "DIDE_SHELL", content: "select 3;" } }),
    };
  },
});

const sync = (name: string, workspace: (emulator: Emulator) => string): Scene => ({
  name,
  type: "DataWorksDISyncTask",
  existing: { FileName: "existing" },
  versions(emulator) {
    const version = (table: string, cron: string, changes: Properties = {}) => {
      const taskContent = {
        type: "job",
        version: "2.0",
        steps: [
          { stepType: "mysql", parameter: { table: [table] }, name: "Reader", category: "reader" },
          { stepType: "odps", parameter: { table: "ods_orders" }, name: "Writer", category: "writer" },
        ],
        order: { hops: [{ from: "Reader", to: "Writer" }] },
      };
      return {
        args: {
          projectId: workspace(emulator),
          name: "orders",
          taskContent,
          resourceGroup: "S_res_group_di",
          schedule: { cron },
          creationToken: TOKEN,
          ...changes,
        },
        wanted: { code: JSON.stringify(taskContent), when: cron },
      };
    };
    const elsewhere = [emulator.legacyProjectId, emulator.legacyStandardProjectId].find(
      (id) => id !== workspace(emulator),
    );
    return {
      first: version("orders_1", "0 0 1 * * ?"),
      second: version("orders_2", "0 0 2 * * ?", { name: "orders_2" }),
      other: version("orders_3", "0 0 3 * * ?", { projectId: elsewhere }),
    };
  },
});

const load = (name: string, site: "cn" | "intl"): Scene => ({
  name,
  type: "WeDataTask",
  ...(site === "intl" && { switches: { wedataSite: "intl" } }),
  existing: { TaskName: "existing" },
  versions(emulator) {
    const version = (content: string, delayTimeMinutes: number, changes: Properties = {}) => ({
      args: {
        projectId: emulator.wedataProjectId,
        workflowId: emulator.wedataWorkflowId,
        taskType: 35,
        name: "orders",
        cycleType: "Day",
        delayTimeMinutes,
        script: { content },
        creationToken: TOKEN,
        ...changes,
      },
      wanted: { code: content, when: String(delayTimeMinutes) },
    });
    return {
      first: version("echo 1", 10),
      second: version("echo 2", 20, { name: "orders_2" }),
      other: version("echo 3", 30, {
        projectId: emulator.otherWedataProjectId,
        workflowId: emulator.otherWedataWorkflowId,
      }),
    };
  },
});

export const scenes: readonly Scene[] = [
  task("DataWorksTask", ({ projectId }) => projectId),
  task("DataWorksTask in standard mode", ({ standardProjectId }) => standardProjectId),
  sync("DataWorksDISyncTask", ({ legacyProjectId }) => legacyProjectId),
  sync("DataWorksDISyncTask in standard mode", ({ legacyStandardProjectId }) => legacyStandardProjectId),
  load("WeDataTask", "cn"),
  load("WeDataTask on the international site", "intl"),
];

/** What is done when the kill comes: what was there before, and the program whose run is killed. */
export interface Action {
  readonly name: string;
  /** Programs that have run before, undisturbed. */
  readonly before: readonly Declared[][];
  readonly program: readonly Declared[];
  readonly wanted?: Wanted;
  /** Adopting alone writes nothing: it takes another run to bring the task to its arguments, and a destroy releases it. */
  readonly stays: boolean;
}

/** The actions of a scene; `existing` is the id of the task that was there before. */
export function actionsOf({ type, versions }: Scene, emulator: Emulator, existing: string): Action[] {
  const { first, second, other } = versions(emulator);
  const declare = (args: Properties): Declared[] => [{ name: "orders", type, args }];
  const { name: _name, ...rest } = second.args;
  if (type === "DataWorksTask") rest["script"] = { content: second.wanted.code };
  const adopting = { ...rest, adopt: { id: existing, apply: true } };
  const [one, two, three] = [first, second, other].map(({ args }) => declare(args)) as [
    Declared[],
    Declared[],
    Declared[],
  ];
  return [
    { name: "create", before: [], program: one, wanted: first.wanted, stays: false },
    { name: "update", before: [one], program: two, wanted: second.wanted, stays: false },
    { name: "replace", before: [one], program: three, wanted: other.wanted, stays: false },
    { name: "delete", before: [one], program: [], stays: false },
    { name: "adopt", before: [], program: declare({ ...rest, adopt: existing }), wanted: second.wanted, stays: true },
    { name: "adopt and apply", before: [], program: declare(adopting), wanted: second.wanted, stays: true },
  ];
}
