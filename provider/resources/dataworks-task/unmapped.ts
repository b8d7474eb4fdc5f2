const TASK = "the task itself, known from the creation or from `adopt`";
const WORKSPACE_NODE = "the node itself, known from the creation";

/** Parameters of the writing operations that no argument reaches, each with the reason. */
export const unmapped: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  UpdateTask: { Id: TASK },
  BatchUpdateTasks: { Id: TASK },
  CreateNode: {
    Scene: "follows from `trigger.type`: scheduled nodes and those started by hand live in two areas",
    ContainerId: "a node inside a workflow belongs to that; DataWorksTask makes nodes of their own",
  },
  UpdateNode: { Id: WORKSPACE_NODE, ProjectId: "of the node; another `projectId` makes another task" },
  RenameNode: { Id: WORKSPACE_NODE, ProjectId: "of the node; another `projectId` makes another task" },
  MoveNode: { Id: WORKSPACE_NODE, ProjectId: "of the node; another `projectId` makes another task" },
};
