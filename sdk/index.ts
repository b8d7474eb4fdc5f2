export { DataWorksTask } from "./dataworks-task";
export type { DataWorksTaskArgs, UpstreamTask } from "./dataworks-task";
export { DataWorksDISyncTask } from "./dataworks-di-sync-task";
export type { DataWorksDISyncTaskArgs } from "./dataworks-di-sync-task";
export { DataWorksTaskSet } from "./dataworks-task-set";
export type { DataWorksTaskInSetArgs, DataWorksTaskSetArgs, UpstreamTaskInSet } from "./dataworks-task-set";
export { WeDataTask } from "./wedata-task";
export type { UpstreamWeDataTask, WeDataTaskArgs } from "./wedata-task";
export { WeDataTaskSet } from "./wedata-task-set";
export type { UpstreamWeDataTaskInSet, WeDataTaskInSetArgs, WeDataTaskSetArgs } from "./wedata-task-set";
export { TaskOfSet } from "./task-of-set";
export type { SetOfTasks } from "./task-of-set";
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
export { forEnvironment } from "./for-environment";
export type { ForEnvironment, StackDeclaration } from "./for-environment";
