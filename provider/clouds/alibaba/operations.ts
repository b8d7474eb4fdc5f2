/** How one operation of dataworks-public is called, from the SDKs' metadata (contracts.md §2.2, §3). */
export interface Operation {
  version: "2024-05-18" | "2020-05-18";
  method: "GET" | "POST";
  /** Counts against the limit for reads. */
  read: boolean;
  /** May be sent again when nobody knows whether the first attempt took effect: reads, and updates by value. */
  repeatable: boolean;
  /** Parameters that travel in the query; the rest is the form body. Objects and lists are JSON text in both. */
  query: "all" | readonly string[];
  /** Where the answer says whether it worked, when HTTP 200 does not: `Success`, `Data.Status`, or `SuccessInfo`. */
  outcome?: "Data.Status" | "SuccessInfo";
}

const NEW = "2024-05-18";
const OLD = "2020-05-18";
type Rest = Partial<Operation>;
const get = (version: Operation["version"]): Operation => ({
  version,
  method: "GET",
  read: true,
  repeatable: true,
  query: "all",
});
const list = (version: Operation["version"], rest: Rest = {}): Operation => ({
  version,
  method: "POST",
  read: true,
  repeatable: true,
  query: [],
  ...rest,
});
const update = (version: Operation["version"], rest: Rest = {}): Operation => ({
  version,
  method: "POST",
  read: false,
  repeatable: true,
  query: [],
  ...rest,
});
const once = (version: Operation["version"], rest: Rest = {}): Operation => ({
  version,
  method: "POST",
  read: false,
  repeatable: false,
  query: [],
  ...rest,
});

/** Operations that both versions have (GetFile, DeleteFile, …) are the older ones: only those know DI sync files. */
export const operations = {
  GetProject: get(NEW),

  CreateNode: once(NEW),
  UpdateNode: update(NEW),
  RenameNode: update(NEW),
  MoveNode: update(NEW),
  DeleteNode: once(NEW),
  GetNode: get(NEW),
  ListNodes: get(NEW),
  ListNodeDependencies: get(NEW),
  ListWorkflowDefinitions: get(NEW),

  CreatePipelineRun: once(NEW),
  ExecPipelineRunStage: once(NEW, { query: ["ProjectId"] }),
  AbolishPipelineRun: once(NEW),
  GetPipelineRun: get(NEW),
  ListPipelineRuns: get(NEW),
  ListPipelineRunItems: get(NEW),

  GetTask: get(NEW),
  ListTasks: list(NEW),
  ListUpstreamTasks: get(NEW),
  ListDownstreamTasks: get(NEW),
  ListTaskOperationLogs: get(NEW),
  UpdateTask: update(NEW),
  BatchUpdateTasks: update(NEW, { outcome: "SuccessInfo" }),
  // Not called: UpdateTask answers when it is done, and repeating it by value is safe; an asynchronous one would leave an
  // operation id that a killed process takes with it, and only one of the vendor's SDKs has it (Python 9.11.0).
  UpdateTaskAsync: update(NEW),
  GetUpdateTaskResult: list(NEW, { query: "all" }),
  DeleteTask: once(NEW, { query: "all" }),
  TagDataAssets: update(NEW, { query: "all" }),
  UnTagDataAssets: update(NEW, { query: "all" }),

  // Long task content makes a long URL in UpdateDISyncTask, which no document limits; creation moved it into the body.
  CreateDISyncTask: once(OLD, {
    query: ["ClientToken", "ProjectId", "TaskName", "TaskParam", "TaskType"],
    outcome: "Data.Status",
  }),
  UpdateDISyncTask: update(OLD, { query: "all", outcome: "Data.Status" }),
  GetDISyncTask: list(OLD, { query: "all" }),
  DeleteDISyncTask: once(OLD, { query: "all", outcome: "Data.Status" }),
  DeployDISyncTask: once(OLD, { query: "all", outcome: "Data.Status" }),
  TerminateDISyncInstance: once(OLD, { query: "all", outcome: "Data.Status" }),

  GetFile: list(OLD),
  ListFiles: list(OLD),
  UpdateFile: update(OLD),
  SubmitFile: once(OLD),
  DeployFile: once(OLD),
  DeleteFile: once(OLD),
  GetDeployment: list(OLD),
  ListDeployments: list(OLD),
} satisfies Record<string, Operation>;

export type DataWorksOperation = keyof typeof operations;

/** Whether this very call may be repeated blindly: a creation may, when it carries the service's idempotency token. */
export function isRepeatable(name: DataWorksOperation, parameters: Record<string, unknown>): boolean {
  const { repeatable } = operations[name];
  return (
    repeatable ||
    (name === "CreateDISyncTask" && typeof parameters.ClientToken === "string" && parameters.ClientToken !== "")
  );
}

/** Parameters as the wire has them: all text, in the query or in the form. Absent and null members are not sent. */
export function placed(operation: Operation, parameters: Record<string, unknown>, textOf: (value: unknown) => string) {
  const query: Record<string, string> = {};
  const body: Record<string, string> = {};
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || value === null) continue;
    const inQuery = operation.query === "all" || operation.query.includes(name);
    (inQuery ? query : body)[name] = typeof value === "string" ? value : textOf(value);
  }
  return { query, ...(Object.keys(body).length > 0 && { body }) };
}
