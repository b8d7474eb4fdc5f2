import { taskPath } from "../../provider/core/set/check";
import { kindOf } from "../kinds";
import { SECRET, type Step, type Tree } from "../preview/preview";
import { withUnknown } from "./judge";
import type { JudgedTask } from "./rule";

/** The tasks that a stack will have after a preview, changed or not, as the policies see them. */
export const judgedIn = (steps: readonly Step[], nameOf: (step: Step) => string): JudgedTask[] =>
  steps.flatMap((step) => {
    const definition = kindOf(step.type);
    if (definition === undefined || step.after === undefined || step.operation === "delete") return [];
    if (step.operation === "other") return [];
    const inputs = withUnknown(step.after.inputs, (value) => value === SECRET) as Tree;
    return [
      {
        urn: step.urn,
        resource: step.name,
        name: nameOf(step),
        prefix: step.key === undefined ? "" : `${taskPath(step.key)}.`,
        governance: definition.governance(inputs),
        timing: definition.outlook.timing(inputs),
      },
    ];
  });
