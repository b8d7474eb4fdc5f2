/** What no argument reaches of the operations that write a sync task, by parameter, with the reason. */
export const unmapped: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  CreateDISyncTask: {
    TaskType: "always DI_OFFLINE, the only kind that UpdateDISyncTask takes",
    ClientToken: "made from the resource's creation token, so that a repeated run finds its own file",
  },
  UpdateDISyncTask: {
    FileId: "the task's own id",
    TaskType: "always DI_OFFLINE",
  },
  UpdateFile: {
    FileId: "the task's own id",
    ProjectIdentifier: "the workspace by its name; projectId says it",
    AdvancedSettings: "of EMR Spark Streaming and EMR Streaming SQL files only",
    AutoParsing: "reads dependencies out of SQL, and a sync task has none",
    ConnectionName: "the compute engine of SQL files; the steps of taskContent name their data sources",
    ImageId: "the image that runs code; a sync task is run by Data Integration",
    StartImmediately: "of EMR Spark Streaming and EMR Streaming SQL files only",
  },
  SubmitFile: {
    FileId: "the task's own id",
    ProjectIdentifier: "the workspace by its name; projectId says it",
    SkipAllDeployFileExtensions: "would pass by the checks that the workspace demands before publishing",
  },
  DeployFile: {
    FileId: "the task's own id",
    NodeId: "the file by its scheduler node; its FileId says it",
    ProjectIdentifier: "the workspace by its name; projectId says it",
  },
};
