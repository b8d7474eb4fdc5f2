export { DataWorksTask } from "./dataworks-task";
export type { DataWorksTaskArgs, UpstreamTask } from "./dataworks-task";
export { DataWorksDISyncTask } from "./dataworks-di-sync-task";
export type { DataWorksDISyncTaskArgs } from "./dataworks-di-sync-task";
export { WeDataTask } from "./wedata-task";
export type { UpstreamWeDataTask, WeDataTaskArgs } from "./wedata-task";
export {
  getDataWorksTask,
  getDataWorksTaskOutput,
  getDataWorksTasks,
  getDataWorksTasksOutput,
  getWeDataTask,
  getWeDataTaskOutput,
} from "./lookups";
export type {
  GetDataWorksTaskArgs,
  GetDataWorksTaskOutputArgs,
  GetDataWorksTaskResult,
  GetDataWorksTasksArgs,
  GetDataWorksTasksOutputArgs,
  GetWeDataTaskArgs,
  GetWeDataTaskOutputArgs,
  GetWeDataTaskResult,
} from "./lookups";
export { DataWorksWorkflow } from "./dataworks-workflow";
export type { DataWorksWorkflowArgs } from "./dataworks-workflow";
export { FlowSpecError, readFlowSpec } from "./flowspec/reader";
export type { FlowSpecEdge, FlowSpecFinding, FlowSpecTask, FlowSpecWorkflow } from "./flowspec/reader";
