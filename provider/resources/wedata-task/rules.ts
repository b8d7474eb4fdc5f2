import { type Rule, type View, placeOf } from "../../core/check";
import { error, warning } from "../../core/findings";
import { isObject } from "../../core/fields";
import { levelRule } from "../codes";
import { isMove, moveRule } from "../options";
import { CREATION_ONLY } from "./arguments";
import { dependencyRules } from "./dependency-rules";
import { TOKEN_KEY } from "./extension";
import { scheduleRules } from "./schedule-rules";
import { show } from "../../core/quoting";

const SOURCE = "ModifyTaskInfo 2021-08-20";
/** Task types that CreateTaskNew documents. */
const TASK_TYPES: readonly number[] = [26, 30, 31, 32, 33, 34, 35, 36, 39, 40, 92];
const SHELL = 35;

/** What a single field cannot say. Each rule sees canonical values; one not known yet is skipped. */
export const rules: readonly Rule[] = [
  levelRule,
  function* made({ declared, value }) {
    if (declared("adopt") && !isMove(value("adopt"))) return;
    for (const path of ["name", "workflowId", "taskType"]) {
      if (!declared(path))
        yield error(
          path,
          "required",
          'is required for a task created here (or give adopt: "<task id>" to manage an existing task)',
        );
    }
  },
  moveRule,
  function* adopted({ declared, value }) {
    if (!declared("adopt") || isMove(value("adopt"))) return;
    for (const path of CREATION_ONLY) {
      if (declared(path))
        yield error(path, "created-only", "is used only when a task is created here; leave it out together with adopt");
    }
  },
  function* type({ value, declared }) {
    const taskType = value("taskType");
    if (typeof taskType !== "number") return;
    if (!TASK_TYPES.includes(taskType)) {
      yield warning(
        "taskType",
        "task-type-unknown",
        `is ${taskType}, which is none of the documented task types ${TASK_TYPES.join(", ")} (CreateTaskNew 2021-08-20, TaskType)`,
      );
    }
    if (declared("eventPublisher") && taskType !== SHELL) {
      yield warning(
        "eventPublisher",
        "without-effect",
        `is for shell tasks (${SHELL}), and taskType is ${taskType} (ModifyTaskInfoDs 2021-08-20, RegisterDsEventPublisherRequest)`,
      );
    }
  },
  ...scheduleRules,
  function* retries({ value, declared }) {
    if (value("retriable") === false) {
      for (const path of ["tryLimit", "retryWaitMinutes"]) {
        if (declared(path))
          yield warning(path, "without-effect", `means nothing while retriable is false (${SOURCE}, Retriable)`);
      }
    }
    if (value("retriable") === true && value("tryLimit") === 0) {
      yield warning("tryLimit", "without-effect", `is 0: no retry, although retriable is true (${SOURCE}, TryLimit)`);
    }
    if (value("executionTtlMinutes") === 0) {
      yield warning(
        "executionTtlMinutes",
        "ttl-zero",
        "is 0, which no document explains; -1 is no limit (ModifyTaskInfoDs 2021-08-20, ExecutionTTL)",
      );
    }
  },
  function* owners({ value }) {
    const list = value("owners");
    if (list !== undefined && value("inCharge") !== undefined)
      yield error("inCharge", "owners-twice", "says the same as owners; give only one of them");
    if (!Array.isArray(list)) return;
    for (const [index, id] of (list as unknown[]).entries()) {
      if (typeof id !== "string") continue;
      const path = `owners[${placeOf(list, index)}]`;
      if (list.indexOf(id) < index) yield error(path, "duplicate", `is in the list twice: ${id}`);
      else if (!/^\d+$/.test(id)) {
        yield warning(
          path,
          "owner-not-an-id",
          `is ${show(id)}; owners are account ids, digits in every sample, and names go into inCharge (${SOURCE}, InChargeIds)`,
        );
      }
    }
  },
  function* keys(view) {
    yield* blankKeys(view, "taskExt", "TaskExt.Key");
    yield* blankKeys(view, "parameters", "TaskParamInfos.ParamKey");
    const taskExt = view.value("taskExt");
    if (isObject(taskExt) && Object.hasOwn(taskExt, TOKEN_KEY)) {
      yield error(
        `taskExt.${TOKEN_KEY}`,
        "reserved",
        "is the key under which a created task carries its token; take another one",
      );
    }
  },
  ...dependencyRules,
];

function* blankKeys({ value }: View, path: string, parameter: string) {
  const entries = value(path);
  if (!isObject(entries)) return;
  for (const key of Object.keys(entries)) {
    if (key.trim() === "")
      yield error(`${path}.${show(key)}`, "format", `must have a name, got a blank one (${SOURCE}, ${parameter})`);
  }
}
