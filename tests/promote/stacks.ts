import { previewFrom, stateFrom } from "../../cli/preview/read";
import { opened } from "../../cli/preview/sets";
import { compare } from "../../cli/promote/compare";
import type { Compared } from "../../cli/promote/tasks";
import { NONE } from "../../cli/promote/declarations";
import type { Difference } from "../../cli/promote/model";
import { reviewOf } from "../../cli/review/build";
import { checkInputs } from "../../provider/core/lifecycle";
import { kindOf } from "../../cli/kinds";
import type { Declarations } from "../../sdk/exchange";
import { AT, PROJECT, STACK, TYPES, document, urnOf } from "../review/previews";

type Tree = Record<string, unknown>;

/** A task in both stacks, as a test writes it: in dev, in prod now, and as the program makes it for prod. */
export interface InStacks {
  readonly name: string;
  readonly dev?: Tree;
  readonly prod?: Tree;
  readonly program?: Tree;
  readonly outputs?: Tree;
  readonly devOutputs?: Tree;
}

const URN_OF_DEV = (name: string) => urnOf(name).replace(`urn:pulumi:${STACK}::`, "urn:pulumi:dev::");
const canonical = (args: Tree): Tree =>
  JSON.stringify(args).includes("[secret]") ? args : checkInputs(kindOf(TYPES.DataWorksTask) as never, args).inputs;

/** What `pulumi stack export` prints for these tasks. */
export function stateText(tasks: readonly InStacks[], stack: "dev" | "prod"): string {
  const resources = tasks.flatMap(({ name, outputs, devOutputs, ...sides }, index) => {
    const inputs = sides[stack];
    if (inputs === undefined) return [];
    const id = `${stack === "dev" ? "100001/node/9" : "554000/node/8"}00${index}`;
    const facts = {
      nodeId: id.split("/").at(-1),
      phase: "published",
      taskId: `${stack === "dev" ? "3" : "4"}0000${index}`,
    };
    return {
      urn: stack === "dev" ? URN_OF_DEV(name) : urnOf(name),
      ...{ custom: true, type: TYPES.DataWorksTask, id, inputs: canonical(inputs) },
      outputs: (stack === "dev" ? devOutputs : outputs) ?? facts,
      modified: "2026-11-28T07:00:00Z",
    };
  });
  return JSON.stringify({ version: 3, deployment: { resources } });
}

/** What is compared, as the engine tells it. */
export function compared(
  tasks: readonly InStacks[],
  declared: Partial<Declarations> = {},
  more: Partial<Compared> = {},
): Compared {
  const state = opened(stateFrom(stateText(tasks, "prod"), "the state of prod").steps);
  const edits = tasks.map(({ name, prod, program, outputs }, index) => ({
    ...{ name, id: `554000/node/800${index}` },
    outputs: outputs ?? { nodeId: `800${index}`, phase: "published", taskId: `40000${index}` },
    ...(prod && { before: prod }),
    ...(program && { after: program }),
  }));
  const preview = previewFrom(document(edits.filter(({ before, after }) => before ?? after)), "preview.json");
  return {
    ...{ from: "dev", to: "prod", toState: state, preview: opened(preview.steps) },
    fromState: opened(stateFrom(stateText(tasks, "dev"), "the state of dev").steps),
    review: reviewOf(preview, { at: AT, folder: __dirname }),
    declarations: { ...NONE, from: "dev", to: "prod", ...declared },
    configuration: [],
    refreshed: new Set(),
    ...more,
  };
}

/** The differences in short: kind, resource and property. */
export const differences = (...args: Parameters<typeof compared>): string[] =>
  all(...args).map(({ kind, resource, property }) =>
    [kind, resource, ...(property === undefined ? [] : [property])].join(" "),
  );

export const all = (...args: Parameters<typeof compared>): Difference[] => compare(compared(...args)).differences;

export const declaredFor = (name: string, paths: Declarations["tasks"][number]["paths"]) => ({
  tasks: [{ urn: urnOf(name), paths }],
});
export { PROJECT, STACK, urnOf };
