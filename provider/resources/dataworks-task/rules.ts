import { type Rule } from "../../core/check";
import { caution, error, warning } from "../../core/findings";
import { levelRule } from "../codes";
import { isObject } from "../../core/fields";
import { linkRules } from "./links";
import { scheduleRules } from "./schedule";
import { show } from "../../core/quoting";

const SOURCE = "UpdateTask 2024-05-18";
/** Assumption, named here alone: no document limits a name, and consoles of this kind stop here. */
const LONGEST_NAME = 128;

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
  function* adopted({ value, declared }) {
    if (!declared("adopt")) return;
    if (value("publish") === false) {
      const reason =
        "false keeps back only the code of an adopted task that has a node; everything else has no draft, and an edit of it changes the task at once (UpdateTask 2024-05-18, EnvType)";
      yield warning("publish", "without-effect", reason);
    }
    for (const path of ["path", "script.command", "script.language", "trigger.timeZone", "dataSource.type"]) {
      if (declared(path))
        yield error(
          path,
          "created-only",
          "belongs to the node and works only for a task created here; leave it out together with adopt",
        );
    }
  },
  ...scheduleRules,
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
        `is ${seconds}: the documents want more than 3600 and show 3600 (${SOURCE}, Timeout)`,
      );
    }
  },
  function* owner({ value }) {
    const owner = value("owner");
    if (typeof owner !== "string" || /^\d+$/.test(owner)) return;
    const reason = `is ${show(owner)}: the service wants the id of an account, digits, and not its name (${SOURCE}, Owner)`;
    yield warning("owner", "owner-not-an-id", reason);
  },
  function* nameLength({ value }) {
    const name = value("name");
    if (typeof name !== "string" || name.length <= LONGEST_NAME) return;
    const reason = `has ${name.length} characters, more than the ${LONGEST_NAME} that we take to be the limit; no document names one`;
    yield caution("name", "name-length", reason);
  },
  function* tags({ value }) {
    const tags = value("tags");
    if (isObject(tags) && Object.hasOwn(tags, "")) {
      yield error("tags", "empty", `must not have an empty key (${SOURCE}, Tags.Key)`);
    }
  },
  ...linkRules,
];
