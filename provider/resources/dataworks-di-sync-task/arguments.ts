import { canonicalDocument } from "../../core/document";
import { type Document, type Fields, decimal, document, text } from "../../core/fields";
import { withToken, withoutToken } from "../../core/token";
import { type TaskOptions, optionFields } from "../options";
import { textFrom } from "./answers";
import { type Schedule, scheduleFields } from "./schedule";

/**
 * A batch synchronization task of DataWorks Data Integration (DI_OFFLINE): a file of the earlier Data Studio, API
 * 2020-05-18. Workspaces of the new Data Studio refuse it. Undeclared properties are never sent and never compared.
 * Removing a property clears it where the service can (description, and of the schedule parameters, dependencies, inputs
 * and outputs); otherwise the service keeps the value, with a warning in the preview. `null` is the same as leaving a
 * property out; an empty text or list clears where removing does, and is refused elsewhere.
 */
export interface DataWorksDISyncTaskArguments extends TaskOptions {
  /** Workspace id, digits. An edit replaces. Source: CreateDISyncTask ProjectId. */
  projectId: string;
  /**
   * Name of the task, unique in its folder. Required for a task created here. Source: CreateDISyncTask TaskName,
   * UpdateFile FileName.
   */
  name?: string;
  /**
   * The script of the code editor, as an object or as its JSON text: `type`, `version`, `steps` (reader and writer),
   * `setting`, `order.hops`. Required for a task created here. Compared as parsed JSON: the order of keys, blanks, `1.0`
   * for `1`, and members that the service or its console adds anywhere are no difference; the order of a list is one. An
   * edit keeps what was added there, and takes out what is no longer declared. Source: UpdateDISyncTask TaskContent; a
   * script too long for its URL goes through UpdateFile Content.
   */
  taskContent?: Document;
  /**
   * Identifier of the resource group of Data Integration that moves the data, such as `S_res_group_…`. Write-only: no
   * operation returns it. Source: UpdateDISyncTask TaskParam.ResourceGroup.
   */
  resourceGroup?: string;
  /** Compute units on a serverless resource group, a multiple of 0.5. Write-only. Source: UpdateDISyncTask TaskParam.Cu. */
  cu?: number;
  /**
   * Folder, such as `Business Flow/orders/Data Integration`; without it the service chooses. An edit moves the task.
   * Source: CreateDISyncTask TaskParam.FileFolderPath, UpdateFile FileFolderPath.
   */
  folder?: string;
  /**
   * Free text. A task created here carries its creation token behind it, on a last line of its own. Removing it clears
   * it. Source: UpdateFile FileDescription.
   */
  description?: string;
  /** Account id of the owner, digits; without it the account that creates. Source: UpdateFile Owner. */
  owner?: string;
  /** When and where it runs, and after whom. */
  schedule?: Schedule;
  /**
   * Remark that goes with the next SubmitFile and DeployFile. An edit of it alone publishes nothing. Source: SubmitFile
   * Comment, DeployFile Comment.
   */
  comment?: string;
}

/** A path without slashes at its ends. */
export const canonicalFolder = (folder: string): string => folder.trim().replace(/^\/+|\/+$/g, "");

const CREATED_BY_SERVICE = "the service's own; not documented";

// No operation returns resourceGroup, cu, schedule.timeZone and schedule.resourceGroupIdentifier, so the table names no
// reading operation for them. What was sent last is a fact of the state, which a read gives back: more precise after a
// failure than a value that may or may not have been sent, and the rest of the schedule need not be kept beside it.
export const fields = {
  projectId: text({
    required: true,
    replace: true,
    pattern: [/^([1-9]\d{0,9}|10000000000)$/, "the digits of a workspace id"],
    wire: {
      CreateDISyncTask: "ProjectId",
      UpdateDISyncTask: "ProjectId",
      UpdateFile: "ProjectId",
      SubmitFile: "ProjectId",
      DeployFile: "ProjectId",
    },
  }),
  name: text({
    wire: { CreateDISyncTask: "TaskName", UpdateFile: "FileName", GetFile: "File.FileName", ListFiles: "FileName" },
    from: textFrom,
  }),
  taskContent: document({
    canonical: canonicalDocument,
    wire: {
      UpdateDISyncTask: "TaskContent",
      CreateDISyncTask: "TaskContent",
      UpdateFile: "Content",
      GetFile: "File.Content",
    },
  }),
  resourceGroup: text({
    default: CREATED_BY_SERVICE,
    wire: { UpdateDISyncTask: "TaskParam.ResourceGroup", CreateDISyncTask: "TaskParam.ResourceGroup" },
  }),
  cu: decimal({
    minimum: 0.5,
    multipleOf: 0.5,
    unit: "compute units",
    default: CREATED_BY_SERVICE,
    wire: { UpdateDISyncTask: "TaskParam.Cu", CreateDISyncTask: "TaskParam.Cu" },
  }),
  folder: text({
    pattern: [/[^\s/]/, "a folder such as Business Flow/orders/Data Integration"],
    canonical: canonicalFolder,
    default: CREATED_BY_SERVICE,
    wire: {
      CreateDISyncTask: "TaskParam.FileFolderPath",
      UpdateFile: "FileFolderPath",
      ListFiles: "AbsoluteFolderPath",
    },
    from: (answer) => (typeof answer === "string" && answer !== "" ? canonicalFolder(answer) : undefined),
  }),
  description: text({
    clear: "",
    default: "none",
    wire: { UpdateFile: "FileDescription", GetFile: "File.FileDescription", ListFiles: "FileDescription" },
    to: (value, { terms }) => (typeof terms["token"] === "string" ? withToken(value, terms["token"]) : value),
    from: (answer) => withoutToken(textFrom(answer)),
  }),
  owner: text({
    default: "the account that creates the task",
    wire: { UpdateFile: "Owner", GetFile: "File.Owner", ListFiles: "Owner" },
    from: textFrom,
  }),
  schedule: scheduleFields,
  comment: text({ option: true, wire: { SubmitFile: "Comment", DeployFile: "Comment" } }),
  ...optionFields,
} satisfies Fields<DataWorksDISyncTaskArguments>;
