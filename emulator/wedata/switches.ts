import type { Context } from "../service";

/** Answers of WeData 2021-08-20 that nobody has established, and how we answer unless told otherwise. */
export const switches = {
  missingWedataTask: {
    default: "FailedOperation",
    meaning:
      'What a task that does not exist answers: "FailedOperation", "ResourceNotFound", or "null" (reads: null or an empty list; writes: Data false).',
  },
  dependListsSeesDrafts: {
    default: true,
    meaning: "DescribeDependTaskLists finds tasks that were never submitted.",
  },
  dependListsShowsSubmitted: {
    default: false,
    meaning: "DescribeDependTaskLists shows the submitted version of a task instead of its newest edit.",
  },
  operateListSeesDrafts: {
    default: true,
    meaning:
      "DescribeOperateOpsTasks lists tasks that were never submitted: its items have a Submit flag and the state N, so we think it does.",
  },
  modifyTaskInfoClearsAbsent: {
    default: false,
    meaning: "ModifyTaskInfo and ModifyTaskInfoDs set fields they were not given to their defaults.",
  },
  modifyTaskInfoDsRenames: {
    default: false,
    meaning: "ModifyTaskInfoDs renames by TaskName, as its sample does; its table says it cannot.",
  },
  taskExtMerges: {
    default: false,
    meaning: "TaskExt of an update is merged by key into the earlier list instead of replacing it.",
  },
  guangzhouAllowlist: {
    default: false,
    meaning:
      "The caller is not on the Guangzhou allowlist: ModifyTaskInfo, ModifyTaskScript, ModifyTaskLinks and SubmitTask answer OperationDenied.UserNotInWhitelistError.",
  },
  selfDependWords: {
    default: "ordered-is-orderly",
    meaning:
      'Words for SelfDepend on read: "ordered-is-orderly" (1 orderly, 2 serial) or "ordered-is-serial" (1 serial, 2 orderly); 3 is parallel.',
  },
  serverIdsWrapped: {
    default: true,
    meaning: "SourceServiceId and TargetServiceId come back wrapped in semicolons, as in the samples: ;8738;.",
  },
  detailServersNull: {
    default: false,
    meaning:
      "DescribeTaskDetailDs answers SourceServer and TargetServer null, as its sample; only the wrapped ids remain.",
  },
  executionTimeWithSeconds: {
    default: false,
    meaning: "ExecutionStartTime and ExecutionEndTime come back as HH:mm:ss.",
  },
  strictCycleStep: {
    default: false,
    meaning:
      "Minute tasks take a CycleStep of 5, 10, 15, 20 or 30 only, hour tasks 1 to 12, as ModifyTaskInfoDs names them.",
  },
  deleteRefusedWithDownstream: {
    default: false,
    meaning:
      "DeleteTaskDs and BatchDeleteOpsTasks refuse a task that others depend on; otherwise DeleteMode decides what happens to them.",
  },
  deleteKeepsScheduled: {
    default: false,
    meaning:
      "DeleteTaskDs takes a task out of the editing space only: its submitted version stays in operations until BatchDeleteOpsTasks.",
  },
  scriptPageCharacters: {
    default: 4999,
    meaning:
      "How many base64 characters one page of GetPaginationTaskScript holds; pages do not end at a base64 group.",
  },
} as const satisfies Record<string, { default: unknown; meaning: string }>;

/** The position of one switch: what the emulator was told, or the default of the table. */
export const position = (context: Pick<Context, "switches">, name: keyof typeof switches): unknown =>
  context.switches[name] ?? switches[name].default;
