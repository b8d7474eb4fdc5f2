import { type Document, type Fields, decimal, document, text } from "../../core/fields";
import { type TaskOptions, optionFields } from "../options";
import { canonicalContent } from "./content";
import { type Schedule, scheduleFields } from "./schedule";

/**
 * A batch synchronization task of DataWorks Data Integration (DI_OFFLINE): a file of the earlier Data Studio, API
 * 2020-05-18. Workspaces of the new Data Studio refuse it. Undeclared properties are never sent and never compared.
 * Removing a property clears it where the service can (description, and of the schedule parameters, dependencies, inputs
 * and outputs); otherwise the service keeps the value, with a warning.
 */
export interface DataWorksDISyncTaskArguments extends TaskOptions {
  /** Workspace id, digits. An edit replaces. */
  projectId: string;
  /** Name of the task, unique in its folder. Required for a task created here. Source: CreateDISyncTask TaskName, UpdateFile FileName. */
  name?: string;
  /**
   * The script of the code editor, as an object or as its JSON text: `type`, `version`, `steps` (reader and writer),
   * `setting`, `order.hops`. Required for a task created here. Compared as parsed JSON; members that the service adds to
   * it are tolerated. Source: UpdateDISyncTask TaskContent.
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
  /** Free text. A task created here carries its creation token behind it, on a last line of its own. Source: UpdateFile FileDescription. */
  description?: string;
  /** Account id of the owner, digits. Source: UpdateFile Owner. */
  owner?: string;
  /** When and where it runs, and after whom. */
  schedule?: Schedule;
  /** Remark that goes with the next SubmitFile and DeployFile. An edit of it alone publishes nothing. */
  comment?: string;
}

/** A path without slashes at its ends. */
export const canonicalFolder = (folder: string): string => folder.trim().replace(/^\/+|\/+$/g, "");

// No operation returns resourceGroup, cu, schedule.timeZone and schedule.resourceGroupIdentifier: they are facts of the
// state, under which a read gives them back.
export const fields = {
  projectId: text({ required: true, replace: true, pattern: [/^[1-9]\d{0,10}$/, "the digits of a workspace id"] }),
  name: text(),
  taskContent: document({ canonical: canonicalContent }),
  resourceGroup: text(),
  cu: decimal({ minimum: 0.5, multipleOf: 0.5 }),
  folder: text({ canonical: canonicalFolder }),
  description: text({ clear: "" }),
  owner: text(),
  schedule: scheduleFields,
  comment: text({ option: true }),
  ...optionFields,
} satisfies Fields<DataWorksDISyncTaskArguments>;
