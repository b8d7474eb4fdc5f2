import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import type { Entry } from "./stack";
import type { Type } from "./processes";

/** What an emulator's state file says of the clouds. */
export interface Service {
  readonly dataworks: {
    readonly nodes: Record<string, Node>;
    readonly tasks: { readonly Prod: Record<string, Task>; readonly Dev: Record<string, Task> };
    readonly pipelineRuns: Record<string, { NodeId: string; Type: string; Version: number; Status: string }>;
    readonly files: Record<string, SyncFile>;
    readonly deployments: Record<
      string,
      { FileId: string; kind: string; snapshot?: { Version: number }; Status: number }
    >;
  };
  readonly wedata: { readonly tasks: Record<string, WeDataTask> };
}
interface Node {
  Id: string;
  Name: string;
  TaskId?: string;
}
interface Task {
  Id: string;
  Name: string;
  NodeId?: string;
  Script: { Content: string };
  Trigger: { Cron: string };
}
interface Snapshot {
  Content: string;
  NodeConfiguration: { CronExpress?: string };
}
interface SyncFile {
  FileId: string;
  FileName: string;
  ProjectId: string;
  DeletedStatus: string;
  awaitsDeletionInProduction?: boolean;
  submitted?: Snapshot;
  deployed?: Snapshot;
}
interface WeDataTask {
  TaskId: string;
  settings: { TaskName: string };
  submitted?: { settings: { Content: string; DelayTime: number } };
}

/** The state as the file has it, which is what the service has answered last. */
export const serviceIn = (stateFile: string): Service =>
  (JSON.parse(readFileSync(stateFile, "utf8")) as { services: Service }).services;

/** Everything that is there, in development or in production, by a name that says where. */
export function things({ dataworks, wedata }: Service): Map<string, { name: string }> {
  const found = new Map<string, { name: string }>();
  for (const { Id, Name } of Object.values(dataworks.nodes)) found.set(`node ${Id}`, { name: Name });
  for (const env of ["Prod", "Dev"] as const) {
    for (const { Id, Name } of Object.values(dataworks.tasks[env])) found.set(`${env} task ${Id}`, { name: Name });
  }
  for (const file of Object.values(dataworks.files)) {
    if (file.DeletedStatus === "NORMAL" || file.awaitsDeletionInProduction === true)
      found.set(`file ${file.FileId}`, { name: file.FileName });
  }
  for (const { TaskId, settings } of Object.values(wedata.tasks))
    found.set(`WeData task ${TaskId}`, { name: settings.TaskName });
  return found;
}

/** Which of these things belong to a resource of the state. */
export function ownedBy({ type, id, outputs }: Entry, { dataworks }: Service): string[] {
  const last = id.split("/").at(-1) ?? "";
  if (type === "DataWorksDISyncTask") return [`file ${last}`];
  if (type === "WeDataTask") return [`WeData task ${last}`];
  const taskId = String(outputs["taskId"]);
  const { nodeId } = outputs;
  if (typeof nodeId !== "string") return [`Prod task ${taskId}`];
  const inDev = Object.values(dataworks.tasks.Dev).filter(({ NodeId }) => NodeId === nodeId);
  return [`node ${nodeId}`, `Prod task ${taskId}`, ...inDev.map(({ Id }) => `Dev task ${Id}`)];
}

/** What production runs of a resource: its code, and the part of its schedule that the stories change. */
export function running({ type, id, outputs }: Entry, { dataworks, wedata }: Service): { code: string; when: string } {
  const last = id.split("/").at(-1) ?? "";
  if (type === "DataWorksTask") {
    const task = dataworks.tasks.Prod[String(outputs["taskId"])];
    return { code: task?.Script.Content ?? "", when: task?.Trigger.Cron ?? "" };
  }
  if (type === "DataWorksDISyncTask") {
    const file = dataworks.files[last];
    const snapshot = outputs["standardMode"] === true ? file?.deployed : file?.submitted;
    return { code: snapshot?.Content ?? "", when: snapshot?.NodeConfiguration.CronExpress ?? "" };
  }
  const settings = wedata.tasks[last]?.submitted?.settings;
  return {
    code: Buffer.from(settings?.Content ?? "", "base64").toString("utf8"),
    when: String(settings?.DelayTime ?? ""),
  };
}

/** Whether two scripts are the same; a document is, whatever the order of its keys (the engine sorts them). */
export function sameCode(one: string, other: string): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(one), JSON.parse(other));
  } catch {
    return one === other;
  }
}

/** Versions that were brought to production more than once, as far as the service tells. */
export function publishedTwice({ dataworks }: Service): string[] {
  const seen = new Set<string>();
  const twice: string[] = [];
  for (const { NodeId, Type, Version, Status } of Object.values(dataworks.pipelineRuns)) {
    if (Type !== "Online" || ["Fail", "Termination", "Cancel"].includes(Status)) continue;
    const key = `version ${Version} of node ${NodeId}`;
    if (seen.has(key)) twice.push(key);
    seen.add(key);
  }
  return twice;
}

export const serviceOf = (type: Type): "dataworks" | "dataworks-files" | "wedata" =>
  type === "DataWorksTask" ? "dataworks" : type === "WeDataTask" ? "wedata" : "dataworks-files";
