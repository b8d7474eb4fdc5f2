import path from "node:path";
import { checkInputs } from "../../provider/core/lifecycle";
import { kindOf } from "../../cli/kinds";
import { previewFrom } from "../../cli/preview/read";
import { reviewOf } from "../../cli/review/build";
import type { Review } from "../../cli/review/model";
import { root } from "../../scripts/setup.js";

type Tree = Record<string, unknown>;

export const TYPES = {
  DataWorksTask: "pulumi-nodejs:dynamic/dataworks:Task",
  DataWorksDISyncTask: "pulumi-nodejs:dynamic/dataworks:DISyncTask",
  WeDataTask: "pulumi-nodejs:dynamic/wedata:Task",
} as const;
export type KindName = keyof typeof TYPES;

/** A task of a program before and after an edit, as a test writes it. */
export interface Edit {
  readonly kind?: KindName;
  readonly name: string;
  readonly before?: Tree;
  readonly after?: Tree;
  readonly id?: string;
  readonly outputs?: Tree;
  readonly op?: string;
  readonly dependencies?: readonly string[];
  readonly replaceReasons?: readonly string[];
  readonly line?: number;
}

export const STACK = "prod";
export const PROJECT = "warehouse";
export const urnOf = (name: string, kind: KindName = "DataWorksTask"): string =>
  `urn:pulumi:${STACK}::${PROJECT}::${TYPES[kind]}::${name}`;

/** The inputs as the engine has them after the check. */
function canonical(kind: KindName, args: Tree): Tree {
  // What is masked was brought to form before.
  if (/\[secret\]|"1b47061264138c4ac30d75fd1eb44270"/.test(JSON.stringify(args))) return args;
  return checkInputs(kindOf(TYPES[kind]) as never, args).inputs;
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** What `pulumi preview --json` of engine 3.230.0 prints for these edits. */
export function document(edits: readonly Edit[], more: Tree = {}): string {
  const steps = edits.map((edit, index) => {
    const { kind = "DataWorksTask", name, dependencies = [], line = index + 1 } = edit;
    const urn = urnOf(name, kind);
    const id = edit.id ?? `554000/node/${8_000 + index}`;
    const outputs = edit.outputs ?? { nodeId: id.split("/").at(-1), phase: "published", taskId: String(1_000 + index) };
    const stackTrace = [
      { sourcePosition: "project:///node_modules/pulumi-data-tasks/dist/sdk/dataworks-task.js#84,5" },
      { sourcePosition: `project:///index.ts#${line},1` },
    ];
    const before = edit.before && canonical(kind, edit.before);
    const after = edit.after && canonical(kind, edit.after);
    const op = edit.op ?? (!before ? "create" : !after ? "delete" : same(before, after) ? "same" : "update");
    const state = (inputs: Tree) => ({ urn, custom: true, type: TYPES[kind], inputs, dependencies, stackTrace });
    return {
      op,
      urn,
      ...(before && { oldState: { ...state(before), id, outputs } }),
      ...(after && { newState: state(after) }),
      ...(edit.replaceReasons && { replaceReasons: edit.replaceReasons }),
      detailedDiff: null,
    };
  });
  return JSON.stringify({ config: {}, steps, diagnostics: [], duration: 1, changeSummary: {}, ...more });
}

/** Fire times of the tests begin here: a Saturday afternoon in Shanghai. */
export const AT = Date.parse("2026-11-28T08:00:00Z");

export const reviewed = (text: string, state?: string): Review =>
  reviewOf(previewFrom(text, "preview.json", state), { at: AT, folder: path.join(root, "tests", "review") });

/** A task as most tests need it. */
export const task = (name: string, more: Tree = {}): Tree => ({
  projectId: "554000",
  name,
  script: { command: "ODPS_SQL", content: "select 1;" },
  trigger: { type: "Scheduler", cron: "00 30 02 * * ?" },
  ...more,
});
