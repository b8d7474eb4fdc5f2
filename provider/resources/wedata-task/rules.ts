import { type Rule } from "../../core/check";
import { error, warning } from "../../core/findings";
import { levelRule } from "../codes";
import { holdsUnknown, isObject } from "../../core/fields";
import { stableText } from "../../core/record";
import { CREATION_ONLY } from "./arguments";
import { type Cycle, UNREADABLE_CYCLES } from "./words";

const SOURCE = "ModifyTaskInfo 2021-08-20";

/** What a single field cannot say. Each rule sees canonical values; one not known yet is skipped. */
export const rules: readonly Rule[] = [
  levelRule,
  function* made({ declared }) {
    if (declared("adopt")) return;
    for (const path of ["name", "workflowId", "taskType"]) {
      if (!declared(path))
        yield error(
          path,
          "required",
          'is required for a task created here (or give adopt: "<task id>" to manage an existing task)',
        );
    }
  },
  function* adopted({ declared }) {
    if (!declared("adopt")) return;
    for (const path of CREATION_ONLY) {
      if (declared(path))
        yield error(path, "created-only", "is used only when a task is created here; leave it out together with adopt");
    }
  },
  function* crontab({ value, declared }) {
    const cycle = value("cycleType");
    if (cycle === "Crontab" && !declared("crontabExpression")) {
      yield error(
        "crontabExpression",
        "required",
        `is required with cycleType "Crontab" (${SOURCE}, CrontabExpression)`,
      );
    }
    if (declared("crontabExpression") && typeof cycle === "string" && cycle !== "Crontab") {
      yield error(
        "crontabExpression",
        "crontab-only",
        `has an effect only with cycleType "Crontab", not with ${JSON.stringify(cycle)}; leave it out (${SOURCE}, CrontabExpression)`,
      );
    }
  },
  function* readable({ value }) {
    const cycle = value("cycleType");
    if (UNREADABLE_CYCLES.includes(cycle as Cycle)) {
      yield warning(
        "cycleType",
        "unreadable-word",
        `is ${String(cycle)}, for which no document gives the word that reads use: a change of the cycle elsewhere will not be noticed`,
      );
    }
  },
  function* window({ value }) {
    const [start, end] = [value("startTime"), value("endTime")];
    if (typeof start === "string" && typeof end === "string" && start >= end) {
      yield error("endTime", "order", `must be later than startTime ${start}, got ${end}`);
    }
  },
  function* step({ value }) {
    const [cycle, step, action] = [value("cycleType"), value("cycleStep"), value("taskAction")];
    if (typeof step !== "number") return;
    if (typeof action === "string" && action !== "" && step > 1) {
      yield error(
        "cycleStep",
        "step-with-action",
        `must be 1 beside taskAction, got ${step} (ModifyTaskInfoDs, TaskAction)`,
      );
    }
    if (cycle === "Minute" && ![5, 10, 15, 20, 30].includes(step)) {
      yield warning(
        "cycleStep",
        "step-undocumented",
        `is ${step}: for minute tasks the documents name 5, 10, 15, 20 and 30 (ModifyTaskInfoDs, CycleStep)`,
      );
    }
    if (cycle === "Hour" && step > 12) {
      yield warning(
        "cycleStep",
        "step-undocumented",
        `is ${step}: for hour tasks the documents name 1 to 12 (ModifyTaskInfoDs, CycleStep)`,
      );
    }
  },
  function* owners({ value, declared }) {
    if (declared("owners") && declared("inCharge"))
      yield error("inCharge", "owners-twice", "says the same as owners; give only one of them");
    const list = value("owners");
    if (Array.isArray(list) && list.length === 0)
      yield error("owners", "empty", "must name at least one owner; leave it out to keep the present ones");
  },
  function* dependencies({ value }) {
    const list = value("dependencies");
    if (!Array.isArray(list)) return;
    const seen = new Set<string>();
    for (const [index, item] of (list as unknown[]).entries()) {
      if (!isObject(item) || holdsUnknown(item)) continue;
      const key = stableText(item);
      if (seen.has(key)) yield error(`dependencies[${index}]`, "duplicate", "is in the list twice");
      seen.add(key);
      if (item["offset"] !== undefined && !/^(RANGE|LIST)_/.test(String(item["dependConfType"]))) {
        yield warning(
          `dependencies[${index}].offset`,
          "offset-without-effect",
          `goes with the RANGE_… and LIST_… kinds, not with ${String(item["dependConfType"])} (${SOURCE}, DependencyConfigDTOs)`,
        );
      }
    }
  },
];
