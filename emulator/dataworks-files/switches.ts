import type { Context } from "../service";

/** Answers of the 2020-05-18 file operations that nobody has established, and how we answer unless told otherwise. */
export const switches = {
  missingFile: {
    default: "error",
    meaning:
      'What a file that does not exist answers: "error" (a digits-only code, HTTP 404), "unsuccessful" (HTTP 200, Success false), "recycle-bin" (GetFile still shows a deleted file, DeletedStatus RECYCLE_BIN), "null" (GetFile: Data without File).',
  },
  missingFileCode: { default: "1201111004", meaning: "The digits-only business code of a missing file." },
  repeatedDelete: {
    default: "error",
    meaning: 'What a second DeleteFile answers: "error" (as missingFile says) or "success".',
  },
  clientTokenIgnored: {
    default: false,
    meaning: "CreateDISyncTask makes a new file although it has seen the ClientToken.",
  },
  clientTokenConflict: {
    default: "same",
    meaning: 'A ClientToken used again with other content answers the "same" FileId, or an "error" in Data.Status.',
  },
  clientTokenSurvivesDelete: {
    default: false,
    meaning: "A ClientToken whose file has been deleted still answers the FileId of that file.",
  },
  fileContentNormalised: {
    default: false,
    meaning:
      "GetFile and ListFiles answer TaskContent serialised anew: keys sorted, blanks, members added at its top and in every step.",
  },
  strictResourceGroup: {
    default: false,
    meaning: "TaskParam.ResourceGroup must begin with S_ or group_ or Serverless_; otherwise Data.Status is fail.",
  },
  strictTaskContent: {
    default: false,
    meaning:
      "TaskContent must have type job, a reader and a writer step, and order.hops; otherwise Data.Status is fail.",
  },
  diSyncSuccessCarriesMessage: {
    default: false,
    meaning:
      "A successful CreateDISyncTask or UpdateDISyncTask carries an error text in Data.Message, as the vendor sample.",
  },
  diSyncFailureIsUnsuccessful: {
    default: false,
    meaning: "A failed CreateDISyncTask or UpdateDISyncTask also answers Success false.",
  },
  inputListRequired: {
    default: false,
    meaning:
      "UpdateFile refuses a batch sync file without InputList, and committing one without inputs fails (UpdateFile's note).",
  },
  outputListIsWhole: {
    default: false,
    meaning: "UpdateFile takes OutputList for all outputs of the file: one without the file's own takes that away.",
  },
  updateFileClearsAbsent: {
    default: false,
    meaning: "UpdateFile sets schedule properties it was not given to their defaults.",
  },
  updateDISyncTaskDemands: {
    default: "",
    meaning:
      'Which of TaskContent and TaskParam UpdateDISyncTask refuses to do without: "" neither, "both" both and they may be empty, "filled" both with a value.',
  },
  createDemandsTaskParam: { default: false, meaning: "CreateDISyncTask refuses to do without TaskParam." },
  longestContentInUrl: {
    default: 0,
    meaning:
      "How long TaskContent may be in the URL of UpdateDISyncTask, encoded, before it is refused with 414; 0 for any.",
  },
  taskParamReplaces: {
    default: false,
    meaning: "TaskParam of UpdateDISyncTask replaces the old one whole; otherwise member by member.",
  },
  taskParamInContent: {
    default: false,
    meaning:
      "The members of TaskParam show in TaskContent, as extend.resourceGroup and extend.cu, and overwrite them there.",
  },
  diFailureIsServerError: {
    default: false,
    meaning:
      "A CreateDISyncTask or UpdateDISyncTask that fails answers HTTP 500 InternalError.DI.Parameter, not Data.Status fail.",
  },
  updateFileRefusesUnchanged: {
    default: false,
    meaning:
      "UpdateFile refuses a parameter that has the value already, as its description says, and does not want InputList otherwise.",
  },
  updateFileEmptyKeeps: { default: false, meaning: "UpdateFile ignores a parameter that is an empty text." },
  stopIsSchedulerType: {
    default: false,
    meaning: "Stop and SchedulerType PAUSE are one setting, as in the console: setting either changes both.",
  },
  fileWords: {
    default: "documented",
    meaning:
      'How GetFile answers enumerations and flags of NodeConfiguration: "documented", or "other" (AllAllowed, words for OutputParameters.Type, text for every flag).',
  },
  fileReadLagMilliseconds: {
    default: 0,
    meaning: "For how long GetFile still shows a file as it was before a change.",
  },
  scheduleEditMarks: {
    default: "all",
    meaning:
      'What an edit of the schedule alone marks a file with: "all" (LastEditTime, CommitStatus 0), "commit" (CommitStatus 0 alone), or "nothing".',
  },
  deploymentHolds: {
    default: "",
    meaning:
      'Deployment packages of this kind stand still, being checked, until the switch is set back: "submit", "deploy", "delete"; "" for none.',
  },
  deploymentFails: {
    default: "",
    meaning: 'Deployment packages of this kind end with Status 2: "submit", "deploy", "delete"; "" for none.',
  },
  deployInSimpleMode: {
    default: "accepted",
    meaning: 'DeployFile in a workspace without a development environment: "accepted", or "refused" with 1201111279.',
  },
  deleteWithDownstreamFails: {
    default: false,
    meaning: "The deletion package of a committed file fails while another file has its output as an input.",
  },
} as const satisfies Record<string, { default: unknown; meaning: string }>;

/** The position of one switch: what the emulator was told, or the default of the table. */
export const position = (context: Pick<Context, "switches">, name: keyof typeof switches): unknown =>
  context.switches[name] ?? switches[name].default;
