import type { Context } from "../service";

/** Answers of DataWorks 2024-05-18 that nobody has established, and how we answer unless told otherwise. */
export const switches = {
  missingTask: {
    default: "error",
    meaning:
      'What a task that does not exist answers (§7): "error" (missingTaskCode), "null" (GetTask without Task; writes Success false), "success" (only DeleteTask; the others as error).',
  },
  missingTaskCode: { default: "9990040003", meaning: "The digits-only business code of a missing task (§5.3, §7)." },
  missingTaskHttp: { default: 400, meaning: "The HTTP status of that code (§7)." },
  missingNodeCode: {
    default: "9990040006",
    meaning: "The digits-only business code of a missing node or pipeline run (§5.3, §7).",
  },
  unknownUpstreamFails: {
    default: false,
    meaning: "The check stage fails when nobody produces the output a node depends on.",
  },
  publishResetsTask: {
    default: false,
    meaning: "Publishing sets whatever the Spec does not carry to its default (design §10.8).",
  },
  updateNodeReplaces: {
    default: false,
    meaning: "UpdateNode replaces the whole Spec; otherwise what it does not carry stays.",
  },
  updateTaskClearsAbsent: {
    default: false,
    meaning: "UpdateTask sets fields it was not given to their defaults (§7).",
  },
  updateTaskReplacesObjects: {
    default: false,
    meaning:
      "UpdateTask and BatchUpdateTasks replace Trigger, Script, RuntimeResource … whole; otherwise member by member (§7).",
  },
  updateTaskNeedsPublish: {
    default: false,
    meaning: "UpdateTask of a task with a node changes only the node's Spec, until it is published (§7).",
  },
  emptyListClears: { default: true, meaning: "An empty list clears; otherwise it is ignored (§7)." },
  emptyStringClears: { default: true, meaning: "An empty string clears; otherwise it is ignored (§7)." },
  rerunIntervalInSeconds: {
    default: false,
    meaning: "UpdateTask takes RerunInterval in seconds, as before October 2025 (§6 item 1).",
  },
  strictTimeout: { default: false, meaning: "Timeout must be greater than 3600 (§6 item 2)." },
  batchUpdateMaximum: { default: 100, meaning: "How many tasks one BatchUpdateTasks takes (§7)." },
  batchUpdateAtomic: { default: false, meaning: "One bad task makes BatchUpdateTasks leave all alone (§7)." },
  batchSuccessCarriesMessage: {
    default: false,
    meaning: "Successful tasks carry an error text in SuccessInfo, as the vendor sample (§6 item 10).",
  },
  companionsRequired: {
    default: false,
    meaning:
      "UpdateTask demands Name, Owner, RerunMode, RuntimeResource and Trigger, as older SDKs did (design §10.13).",
  },
  clientUniqueCode: {
    default: "first",
    meaning:
      'The ClientUniqueCode of a task born without one: "first" (the first one sent is bound) or "refuse" (none matches) (§2.4).',
  },
  listTasksMaximumPageSize: { default: 100, meaning: "The largest PageSize of the list operations (§7)." },
  readLagMilliseconds: { default: 0, meaning: "For how long reads still show a task as it was before a change (§7)." },
  deleteIgnoresDependents: {
    default: false,
    meaning: "DeleteTask and taking offline succeed although other tasks depend on the task.",
  },
  deleteTaskKeepsNode: {
    default: true,
    meaning: "DeleteTask leaves the node of the task, unpublished; otherwise it goes too (§2.1).",
  },
  onePipelineRunPerNode: { default: false, meaning: "CreatePipelineRun refuses a node that has an unfinished run." },
  pipelineFailsAt: {
    default: "",
    meaning: 'Pipeline runs fail at the stage of this code, such as "PROD_CHECK"; "" for none.',
  },
  dataAssetTagsAreTaskTags: { default: false, meaning: "TagDataAssets changes Task.Tags too (§2.2)." },
} as const satisfies Record<string, { default: unknown; meaning: string }>;

/** The position of one switch: what the emulator was told, or the default of the table. */
export const position = (context: Pick<Context, "switches">, name: keyof typeof switches): unknown =>
  context.switches[name] ?? switches[name].default;
