import { type Rule } from "../../core/check";
import { error, warning } from "../../core/findings";
import { levelRule } from "../codes";
import { contentRules } from "./content-rules";
import { dependencyRules } from "./dependency-rules";
import { scheduleRules } from "./schedule-rules";
import { sourceOf } from "./sources";
import { show } from "../../core/quoting";

const TOKEN_LINE = 34;
const LONGEST_DESCRIPTION = 200;

/** Resource groups have identifiers in words; the numbers that some operations show are of no use here. */
const resourceGroups = {
  resourceGroup: sourceOf("UpdateDISyncTask", "TaskParam.ResourceGroup"),
  "schedule.resourceGroupIdentifier": sourceOf("UpdateFile", "ResourceGroupIdentifier"),
} as const;

/** What a single field cannot say. Each rule sees canonical values; one not known yet is skipped. */
export const rules: readonly Rule[] = [
  levelRule,
  function* made({ declared }) {
    if (declared("adopt")) return;
    for (const [path, parameter] of [
      ["name", "TaskName"],
      ["taskContent", "TaskContent"],
    ] as const) {
      if (declared(path)) continue;
      yield error(
        path,
        "required",
        `is required for a task created here (or give adopt: "<file id>" to manage an existing task)${sourceOf("CreateDISyncTask", parameter)}`,
      );
    }
  },
  function* groups({ value }) {
    for (const [path, source] of Object.entries(resourceGroups)) {
      const group = value(path);
      if (typeof group !== "string" || /^(?!\d+$)[\w.-]+$/.test(group)) continue;
      yield warning(
        path,
        "resource-group",
        `should be the identifier of a resource group, such as S_res_group_1_2, not its number or its name; got ${show(group)}${source}`,
      );
    }
  },
  function* owner({ value }) {
    const owner = value("owner");
    if (typeof owner !== "string" || /^\d+$/.test(owner)) return;
    yield warning(
      "owner",
      "owner-not-an-id",
      `should be an account id, digits; got ${show(owner)}${sourceOf("UpdateFile", "Owner")}`,
    );
  },
  function* description({ value, declared }) {
    const description = value("description");
    if (typeof description !== "string") return;
    const length = description.length + (declared("adopt") ? 0 : TOKEN_LINE);
    if (length <= LONGEST_DESCRIPTION) return;
    yield warning(
      "description",
      "description-length",
      `has ${description.length} characters${declared("adopt") ? "" : `, and ${TOKEN_LINE} more for the creation token`}; a client of the vendor refuses more than ${LONGEST_DESCRIPTION} in all${sourceOf("UpdateFile", "FileDescription")}`,
    );
  },
  ...contentRules,
  ...scheduleRules,
  ...dependencyRules,
];
