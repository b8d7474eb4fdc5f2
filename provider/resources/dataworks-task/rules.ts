import { type Rule } from "../../core/check";
import { error, warning } from "../../core/findings";
import { levelRule } from "../codes";
import { isObject } from "../../core/fields";

const SOURCE = "UpdateTask 2024-05-18";

/** What a single field cannot say. Each rule sees canonical values; one not known yet is skipped. */
export const rules: readonly Rule[] = [
  levelRule,
  function* made({ value, declared }) {
    if (declared("adopt")) return;
    if (!declared("name")) yield error("name", "required", "is required for a task created here");
    if (!declared("script.command")) {
      yield error(
        "script.command",
        "required",
        'is required for a task created here, such as ODPS_SQL, DIDE_SHELL or PYODPS3 (or give adopt: "<task id>" to manage an existing task)',
      );
    }
    if (value("envType") === "Dev") {
      yield error(
        "envType",
        "environment",
        'must not be "Dev" for a task created here: it is published to production; use a workspace per environment, another projectId, instead',
      );
    }
    if (declared("clientUniqueCode")) {
      yield error(
        "clientUniqueCode",
        "adopted-only",
        "works only with adopt: a task created here gets its code from the service",
      );
    }
  },
  function* adopted({ declared }) {
    if (!declared("adopt")) return;
    for (const path of ["path", "script.command", "script.language", "trigger.timeZone", "dataSource.type"]) {
      if (declared(path))
        yield error(
          path,
          "created-only",
          "belongs to the node and works only for a task created here; leave it out together with adopt",
        );
    }
  },
  function* schedule({ value, declared }) {
    if (value("trigger.type") !== "Manual") return;
    for (const name of ["recurrence", "cron", "startTime", "endTime", "cycleType"]) {
      if (declared(`trigger.${name}`)) {
        yield error(
          `trigger.${name}`,
          "scheduler-only",
          `has an effect only with trigger.type "Scheduler"; leave it out (${SOURCE}, Trigger)`,
        );
      }
    }
  },
  function* window({ value }) {
    const [start, end] = [value("trigger.startTime"), value("trigger.endTime")];
    if (typeof start === "string" && typeof end === "string" && start >= end) {
      yield error("trigger.endTime", "order", `must be later than trigger.startTime ${start}, got ${end}`);
    }
  },
  function* reruns({ value, declared }) {
    if (value("rerunMode") !== "AllDenied") return;
    if (typeof value("rerunTimes") === "number" && (value("rerunTimes") as number) > 0) {
      yield warning(
        "rerunTimes",
        "rerun-without-effect",
        `has no effect while rerunMode is AllDenied (${SOURCE}, RerunTimes)`,
      );
    }
    if (declared("rerunIntervalSeconds")) {
      yield warning(
        "rerunIntervalSeconds",
        "rerun-without-effect",
        `has no effect while rerunMode is AllDenied (${SOURCE}, RerunInterval)`,
      );
    }
  },
  function* timeout({ value }) {
    const seconds = value("timeoutSeconds");
    if (typeof seconds === "number" && seconds > 0 && seconds < 3600) {
      yield warning(
        "timeoutSeconds",
        "timeout-disputed",
        `is below 3600: the service's documents want more than 3600 and show 3600 (${SOURCE}, Timeout)`,
      );
    }
  },
  function* dependencies({ value }) {
    const list = value("dependencies");
    if (!Array.isArray(list)) return;
    for (const [index, item] of (list as unknown[]).entries()) {
      if (!isObject(item)) continue;
      const { type, upstreamOutput, upstreamTaskId, upstream } = item;
      const path = `dependencies[${index}]`;
      const named = [upstreamOutput, upstreamTaskId, upstream].filter((name) => name !== undefined).length;
      if ((type === "Normal" || type === "CrossCycleDependsOnOtherNode") && named !== 1) {
        yield error(
          path,
          "upstream",
          `needs upstreamOutput, upstreamTaskId or upstream, and only one of them, with type ${type}`,
        );
      }
      if ((type === "CrossCycleDependsOnSelf" || type === "CrossCycleDependsOnChildren") && named > 0) {
        yield error(path, "upstream", `takes no upstream with type ${type}`);
      }
    }
  },
];
