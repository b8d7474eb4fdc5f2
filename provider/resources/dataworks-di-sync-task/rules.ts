import { type Rule } from "../../core/check";
import { error, warning } from "../../core/findings";
import { levelRule } from "../codes";
import { isTime, isTimeZone } from "../time";

/** What a single field cannot say. Each rule sees canonical values; one not known yet is skipped. */
export const rules: readonly Rule[] = [
  levelRule,
  function* made({ declared }) {
    if (declared("adopt")) return;
    for (const path of ["name", "taskContent"]) {
      if (!declared(path)) {
        yield error(
          path,
          "required",
          'is required for a task created here (or give adopt: "<file id>" to manage an existing task)',
        );
      }
    }
  },
  function* times({ value }) {
    for (const path of ["schedule.startTime", "schedule.endTime"]) {
      const time = value(path);
      if (typeof time === "string" && !isTime(time))
        yield error(path, "format", `must be a time that exists, got ${time}`);
    }
    const zone = value("schedule.timeZone");
    if (typeof zone === "string" && !isTimeZone(zone)) {
      yield error(
        "schedule.timeZone",
        "format",
        `must be the name of a time zone such as Asia/Shanghai, got ${JSON.stringify(zone)}`,
      );
    }
  },
  function* window({ value }) {
    const [start, end] = [value("schedule.startTime"), value("schedule.endTime")];
    if (typeof start === "string" && typeof end === "string" && start >= end) {
      yield error("schedule.endTime", "order", `must be later than schedule.startTime ${start}, got ${end}`);
    }
  },
  function* zoneAlone({ declared }) {
    if (declared("schedule.timeZone") && !declared("schedule.startTime") && !declared("schedule.endTime")) {
      yield warning(
        "schedule.timeZone",
        "without-effect",
        "says how startTime and endTime are written, and neither is given",
      );
    }
  },
  function* previousCycle({ value, declared }) {
    const type = value("schedule.dependentType");
    const ids = value("schedule.dependentNodeIds");
    const named = type === "USER_DEFINE";
    if (named && (!declared("schedule.dependentNodeIds") || (Array.isArray(ids) && ids.length === 0))) {
      yield error(
        "schedule.dependentNodeIds",
        "required",
        `must name at least one node with dependentType ${String(type)}`,
      );
    }
    if (Array.isArray(ids) && ids.length > 0 && !named && (type !== undefined || !declared("schedule.dependentType"))) {
      yield error(
        "schedule.dependentNodeIds",
        "dependent-type",
        'has an effect only with schedule.dependentType "USER_DEFINE"',
      );
    }
  },
  function* reruns({ value, declared }) {
    if (value("schedule.rerunMode") !== "ALL_DENIED") return;
    const times = value("schedule.rerunTimes");
    if (typeof times === "number" && times > 0) {
      yield warning(
        "schedule.rerunTimes",
        "rerun-without-effect",
        "has no effect while schedule.rerunMode is ALL_DENIED",
      );
    }
    if (declared("schedule.rerunIntervalSeconds")) {
      yield warning(
        "schedule.rerunIntervalSeconds",
        "rerun-without-effect",
        "has no effect while schedule.rerunMode is ALL_DENIED",
      );
    }
  },
];
