import { type Rule, placeOf } from "../../core/check";
import { type Finding, error, warning } from "../../core/findings";
import { holdsUnknown, isObject } from "../../core/fields";
import { stableText } from "../../core/record";
import { type Dependency } from "./dependencies";
import { show } from "../../core/quoting";

const SOURCE = "ModifyTaskInfo 2021-08-20, DependencyConfigDTOs";

/** The kind that a task of each cycle has in its dependencies; the others have none that is documented. */
const KIND_OF_CYCLE: Readonly<Record<string, string>> = {
  Crontab: "CRONTAB",
  Minute: "MINUTE",
  Hour: "HOUR",
  Day: "DAY",
  Week: "WEEK",
  Month: "MONTH",
  Year: "YEAR",
};

/** What has been found missing, or wrong, is not there to be looked at. */
const REQUIRED = ["dependConfType", "subordinateCyclicType", "parentTask"];

export const dependencyRules: readonly Rule[] = [
  function* dependencies({ value }) {
    const list = value("dependencies");
    if (!Array.isArray(list)) return;
    const adopt = value("adopt");
    const own = isObject(adopt) ? adopt["id"] : adopt;
    const seen = new Set<string>();
    const parents = new Set<string>();
    for (const [index, item] of (list as unknown[]).entries()) {
      if (!isObject(item) || holdsUnknown(item)) continue;
      const path = `dependencies[${placeOf(list, index)}]`;
      if (REQUIRED.some((name) => item[name] === undefined)) continue;
      const dependency = item as unknown as Dependency;
      const parent = typeof dependency.parentTask === "object" ? dependency.parentTask.taskId : dependency.parentTask;
      const text = stableText(item);
      if (seen.has(text)) yield error(path, "duplicate", `is in the list twice (${SOURCE})`);
      else if (parents.has(parent)) {
        yield warning(
          `${path}.parentTask`,
          "parent-twice",
          `names task ${parent} a second time; no document says how two dependencies on one task combine (${SOURCE})`,
        );
      }
      seen.add(text);
      parents.add(parent);
      yield* ends(dependency, path, parent, own);
      yield* kinds(dependency, path, value("cycleType"));
    }
  },
];

function* ends({ sonTask }: Dependency, path: string, parent: string, own: unknown): Generator<Finding> {
  if (typeof own !== "string") return;
  if (parent === own) {
    yield error(
      `${path}.parentTask`,
      "self-dependency",
      `is this task itself, ${own}; how its own instances follow each other is selfDepend (${SOURCE}.ParentTask)`,
    );
  }
  if (sonTask !== undefined && sonTask.taskId !== own) {
    yield error(
      `${path}.sonTask.taskId`,
      "other-task",
      `must be this task, ${own}, got ${sonTask.taskId} (${SOURCE}.SonTask)`,
    );
  }
}

function* kinds({ dependConfType: kind, offset }: Dependency, path: string, cycle: unknown): Generator<Finding> {
  const isOffsetKind = /^(RANGE|LIST)_/.test(kind);
  if (offset !== undefined && !isOffsetKind) {
    yield warning(
      `${path}.offset`,
      "without-effect",
      `goes with the RANGE_… and LIST_… kinds, not with ${kind} (${SOURCE}.Offset)`,
    );
  }
  if (offset === undefined && isOffsetKind) {
    yield warning(`${path}.offset`, "offset-missing", `is missing beside ${kind}, which goes by it (${SOURCE}.Offset)`);
  }
  const own = KIND_OF_CYCLE[String(cycle)];
  if (own !== undefined && kind.replace(/^(RANGE|LIST)_/, "") !== own) {
    yield warning(
      `${path}.dependConfType`,
      "cycle-mismatch",
      `is ${kind}; it is the cycle of this task in the dependency, and cycleType ${show(cycle)} is ${own} (${SOURCE}.DependConfType)`,
    );
  }
}
