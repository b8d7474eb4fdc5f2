import type { Context } from "../service";

/** Answers of DataWorks 2024-05-18 that nobody has established, and how we answer unless told otherwise. */
export const switches = {
  missingTask: {
    default: "error",
    meaning:
      'What a task that does not exist answers: "error" (missingTaskCode), "null" (GetTask without Task; writes Success false), "success" (only DeleteTask; the others as error).',
  },
  missingTaskCode: { default: "9990040003", meaning: "The digits-only business code of a missing task." },
  missingTaskHttp: { default: 400, meaning: "The HTTP status of that code." },
  missingNodeCode: {
    default: "9990040006",
    meaning: "The digits-only business code of a missing node or pipeline run.",
  },
  unknownUpstreamFails: {
    default: false,
    meaning: "The check stage fails when nobody produces the output a node depends on.",
  },
  publishResetsTask: {
    default: false,
    meaning: "Publishing sets whatever the Spec does not carry to its default.",
  },
  updateNodeReplaces: {
    default: false,
    meaning: "UpdateNode replaces the whole Spec; otherwise what it does not carry stays.",
  },
  updateTaskClearsAbsent: {
    default: false,
    meaning: "UpdateTask sets fields it was not given to their defaults.",
  },
  updateTaskReplacesObjects: {
    default: false,
    meaning:
      "UpdateTask and BatchUpdateTasks replace Trigger, Script, RuntimeResource … whole; otherwise member by member.",
  },
  updateTaskNeedsPublish: {
    default: false,
    meaning: "UpdateTask of a task with a node changes only the node's Spec, until it is published.",
  },
  emptyListClears: { default: true, meaning: "An empty list clears; otherwise it is ignored." },
  emptyStringClears: { default: true, meaning: "An empty string clears; otherwise it is ignored." },
  rerunIntervalInSeconds: {
    default: false,
    meaning: "UpdateTask takes RerunInterval in seconds, as before October 2025.",
  },
  strictTimeout: { default: false, meaning: "Timeout must be greater than 3600." },
  batchUpdateMaximum: { default: 100, meaning: "How many tasks one BatchUpdateTasks takes." },
  batchUpdateAtomic: { default: false, meaning: "One bad task makes BatchUpdateTasks leave all alone." },
  batchSuccessCarriesMessage: {
    default: false,
    meaning: "Successful tasks carry an error text in SuccessInfo, as the vendor sample.",
  },
  batchOutcomesMissing: {
    default: "",
    meaning:
      'Which tasks BatchUpdateTasks leaves out of SuccessInfo: "" none, "done" those it has changed, "refused" those it has not.',
  },
  companionsRequired: {
    default: false,
    meaning: "UpdateTask demands Name, Owner, RerunMode, RuntimeResource and Trigger, as older SDKs did.",
  },
  clientUniqueCode: {
    default: "first",
    meaning:
      'The ClientUniqueCode of a task born without one: "first" (the first one sent is bound) or "refuse" (none matches).',
  },
  listTasksMaximumPageSize: { default: 100, meaning: "The largest PageSize of the list operations." },
  listTasksLosesItems: {
    default: false,
    meaning: "ListTasks leaves every second task out of its pages, although it counts them.",
  },
  modifyTimeMoves: {
    default: "always",
    meaning:
      'Which edits move ModifyTime: "always", or "listed" (only those of what ListTasks shows, so no edit of the code, the variables, outputs, dependencies or tags alone).',
  },
  readLagMilliseconds: { default: 0, meaning: "For how long reads still show a task as it was before a change." },
  deleteIgnoresDependents: {
    default: false,
    meaning: "DeleteTask and taking offline succeed although other tasks depend on the task.",
  },
  deleteTaskKeepsNode: {
    default: true,
    meaning: "DeleteTask leaves the node of the task, unpublished; otherwise it goes too.",
  },
  onePipelineRunPerNode: { default: false, meaning: "CreatePipelineRun refuses a node that has an unfinished run." },
  pipelineFailsAt: {
    default: "",
    meaning: 'Pipeline runs fail at the stage of this code, such as "PROD_CHECK"; "" for none.',
  },
  pipelineHoldsAt: {
    default: "",
    meaning:
      'Pipeline runs stand still at the stage of this code, such as "PROD_CHECK", as for an approval, until the switch is set back; "" for none.',
  },
  specTimeoutWholeHours: {
    default: false,
    meaning: "A Spec keeps timeouts in whole hours, rounded up; otherwise UpdateTask saves them with a fraction.",
  },
  scriptContentIgnored: {
    default: false,
    meaning: "UpdateTask accepts Script.Content, which its page calls deprecated, and changes nothing.",
  },
  edgesReadAs: {
    default: "written",
    meaning:
      'How reads show the upstream of a dependency: "written" (by output or id, as it was given), "id" (by the id of the task wherever it is known), "both".',
  },
  rerunModeWords: {
    default: "task",
    meaning:
      'The words in which reads show RerunMode: "task" (AllAllowed), "file" (ALL_ALLOWED, as 2020-05-18), "spec" (Allowed, as FlowSpec).',
  },
  cronPadded: { default: false, meaning: "Reads show the numbers of a cron with two digits, 00 00 02 * * ?." },
  emptyReadAs: {
    default: "empty",
    meaning: 'How reads show empty texts and lists: "empty", "absent", "null".',
  },
  idTypesSwapped: {
    default: false,
    meaning: "Reads show Id and ProjectId as texts and UpstreamTaskId as a number; otherwise the other way round.",
  },
  onlyProjectEnv: {
    default: false,
    meaning: "GetTask shows the environment as ProjectEnv alone, the older name; otherwise as EnvType too.",
  },
  dataAssetTagsAreTaskTags: { default: false, meaning: "TagDataAssets changes Task.Tags too." },
} as const satisfies Record<string, { default: unknown; meaning: string }>;

/** The position of one switch: what the emulator was told, or the default of the table. */
export const position = (context: Pick<Context, "switches">, name: keyof typeof switches): unknown =>
  context.switches[name] ?? switches[name].default;
