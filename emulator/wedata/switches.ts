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
  wedataEmptyTextClears: {
    default: true,
    meaning: "An empty text in ModifyTaskInfo and ModifyTaskInfoDs clears; otherwise it changes nothing.",
  },
  wedataEmptyListClears: {
    default: true,
    meaning: "An empty list in ModifyTaskInfo and ModifyTaskInfoDs clears; otherwise it changes nothing.",
  },
  guangzhouAllowlist: {
    default: false,
    meaning:
      "The caller is not on the Guangzhou allowlist: ModifyTaskInfo, ModifyTaskScript, ModifyTaskLinks and SubmitTask answer OperationDenied.UserNotInWhitelistError, or the code given here.",
  },
  executionTtlSeconds: {
    default: false,
    meaning: "ModifyTaskInfo takes ExecutionTTL in seconds; reads, and ModifyTaskInfoDs, have minutes.",
  },
  inChargeIgnored: {
    default: false,
    meaning: "ModifyTaskInfo does not take InCharge, which its table lacks.",
  },
  startupTimeAbandoned: {
    default: false,
    meaning: "StartupTime is not taken: reads show what was there.",
  },
  tryLimitCountsRuns: {
    default: false,
    meaning: "TryLimit is a number of retries on input, and a number of runs, one more, in reads.",
  },
  cycleTypeAnswers: {
    default: "word",
    meaning: 'CycleType in reads: "word" (DAY_CYCLE), "letter" (D, as in one sample) or "number" (3).',
  },
  selfDependAnswers: {
    default: "word",
    meaning: 'SelfDepend in reads: "word", or the "number" of the write side.',
  },
  initStrategyAnswers: {
    default: "T_PLUS_0",
    meaning: 'InstanceInitStrategy in reads: as "T_PLUS_0" or as "T+0"; samples have both.',
  },
  wedataIdsAreNumbers: {
    default: false,
    meaning:
      "Ids that fit come back as JSON numbers (the vendor's SDK would round those of tasks and projects), those of task types as text.",
  },
  ownersShown: {
    default: "all",
    meaning: 'InChargeId in reads: "all" owners, separated by semicolons, or the "first" alone.',
  },
  dependListsUsesListNames: {
    default: false,
    meaning:
      "DescribeDependTaskLists fills StartDate, CycleUnit and the like, as DescribeOperateOpsTasks does, instead of StartTime, CycleType.",
  },
  validityTimes: {
    default: "seconds",
    meaning: 'StartTime and EndTime in reads: with "seconds", with a "fraction" of one, or with "minutes" only.',
  },
  taskExtNormalises: {
    default: false,
    meaning:
      "JSON in the values of TaskExt comes back spaced, in another order of keys, and with members of the service.",
  },
  wedataReadsLagMilliseconds: {
    default: 0,
    meaning: "How long reads go on showing a task as it was before an update.",
  },
  wedataListsLagMilliseconds: {
    default: 0,
    meaning: "How long DescribeDependTaskLists and DescribeOperateOpsTasks do not show a new task.",
  },
  batchCountsTotal: {
    default: false,
    meaning: "BatchDeleteOpsTasks counts what it did in TotalCount; in the vendor's sample that is 0.",
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
  detailParamsNull: {
    default: false,
    meaning: "DescribeTaskDetailDs answers Params null, as its sample; DescribeTaskParamDs has them.",
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
