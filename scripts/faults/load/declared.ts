import type { Emulator } from "../../../emulator/index";
import type { Properties } from "../../../provider/core/definition";

/** Which hooks, and which class, a task belongs to. */
export type KindName = "dataworksTask" | "dataworksDISyncTask" | "wedataTask";

/** A task as a program declares it, and what it becomes in the second run. */
export interface Declared {
  readonly kind: KindName;
  readonly name: string;
  readonly args: Properties;
  readonly changed: Properties;
}

type Places = Pick<Emulator, "projectId" | "legacyProjectId" | "wedataProjectId" | "wedataWorkflowId">;

const content = (table: string, concurrent: number): Properties => ({
  type: "job",
  version: "2.0",
  steps: [
    { stepType: "mysql", parameter: { datasource: "shop", table }, name: "Reader", category: "reader" },
    {
      stepType: "odps",
      parameter: { datasource: "odps_first", table: `ods_${table}` },
      name: "Writer",
      category: "writer",
    },
  ],
  setting: { speed: { throttle: false, concurrent } },
  order: { hops: [{ from: "Reader", to: "Writer" }] },
});

/** So many tasks, the three kinds in turn. Every one changes in the second run. */
export function declaredTasks(count: number, places: Places): Declared[] {
  return Array.from({ length: count }, (_, index): Declared => {
    const name = `load_${String(index).padStart(4, "0")}`;
    const cron = `00 ${String(index % 60).padStart(2, "0")} 02 * * ?`;
    const one = (kind: KindName, args: Properties, changes: Properties) => ({
      kind,
      name,
      args,
      changed: { ...args, ...changes },
    });
    if (index % 3 === 0) {
      const trigger = { type: "Scheduler", cron };
      return one(
        "dataworksTask",
        { projectId: places.projectId, name, script: { command: "ODPS_SQL", content: `select ${index};` }, trigger },
        { timeoutSeconds: 7200, description: "second run" },
      );
    }
    if (index % 3 === 1) {
      return one(
        "dataworksDISyncTask",
        {
          projectId: places.legacyProjectId,
          name,
          taskContent: content(name, 2),
          resourceGroup: "S_res_group_di",
          schedule: { cron },
        },
        { taskContent: content(name, 4) },
      );
    }
    return one(
      "wedataTask",
      {
        projectId: places.wedataProjectId,
        workflowId: places.wedataWorkflowId,
        taskType: 35,
        name,
        script: { content: `echo ${index}` },
      },
      { notes: "second run", retryWaitMinutes: 5 },
    );
  });
}
