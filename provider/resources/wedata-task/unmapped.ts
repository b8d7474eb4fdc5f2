/**
 * Parameters of the writing operations that no argument reaches, with the reason. The tables of the arguments say where
 * all others come from.
 */
const TASK_ID = "the task's own id, which the resource holds";
const SCRIPT_CHANGE = "an instruction that is ours to give: it goes along whenever the code does";

export const unmapped: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  CreateTaskNew: {},
  ModifyTaskInfo: { TaskId: TASK_ID, ScriptChange: `${SCRIPT_CHANGE}, through ModifyTaskInfoDs` },
  ModifyTaskInfoDs: {
    TaskId: TASK_ID,
    ScriptChange: SCRIPT_CHANGE,
    "RegisterDsEventPublisherRequest.ProjectId": "the project of the task, sent along",
    TaskName: "its page says that it can't rename, although its sample does: ModifyTaskInfo or ModifyTaskName renames",
  },
  ModifyTaskName: { TaskId: TASK_ID },
  BatchModifyOpsOwners: { TaskIdList: TASK_ID },
};
