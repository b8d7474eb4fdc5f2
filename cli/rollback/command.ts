import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Leaf, type Table, leavesOf, valueAt } from "../../provider/core/fields";
import { RESTORE_VARIABLE, type Restorations } from "../../sdk/exchange";
import { kindOf } from "../kinds";
import { type Step, partsOf } from "../preview/preview";
import { UnreadableFile, objectIn, previewFrom, stateFrom } from "../preview/read";
import { previewText, stateText, targetArguments } from "../preview/run";
import { opened, ownerOf } from "../preview/sets";
import { deployed } from "../promote/engine";
import { NO_CORRESPONDENCE, equality } from "../promote/equality";
import type { Promotion } from "../promote/model";
import { afterOf } from "../promote/tasks";
import { reviewOf } from "../review/build";
import { momentOf } from "../review/command";
import { markdown } from "../review/markdown";
import { code } from "../review/markdown-text";
import type { Review } from "../review/model";
import { type TaskRollback, refusals, rollbackOf } from "./plan";
import { sourceChange } from "./source";

export interface RollbackFlags {
  readonly stack?: string;
  readonly cwd?: string;
  readonly at?: string;
  readonly yes?: true;
  /** `false` with `--no-preview`. */
  readonly preview: boolean;
}

/**
 * Prints the change of the source that brings tasks back to what they were, and a review of its deployment; with `--yes`
 * deploys it. Gives the exit code.
 */
export async function rollback(file: string, names: readonly string[], flags: RollbackFlags): Promise<number> {
  const review = reviewIn(file);
  const { project = "", stack = "" } = review;
  if (flags.stack !== undefined && flags.stack.split("/").at(-1) !== stack)
    throw new UnreadableFile(`${file} is about the stack ${stack}, and --stack is ${flags.stack}`);
  if (flags.yes && !flags.preview) throw new UnreadableFile("--yes deploys after the preview; take --no-preview out");
  const rollbacks = rollbackOf(review, names);
  console.log(sourceChange(rollbacks, `${code(`${project}/${stack}`)} to before ${review.at}`));
  if (rollbacks.length === 0) {
    console.log("\nNo task was changed: there is nothing to roll back.");
    return 0;
  }
  const refused = refusals(rollbacks);
  const restoring = rollbacks.filter(({ how, kept }) => how === "restore" && kept.every(({ isSecret }) => isSecret));
  if (!flags.preview || restoring.length === 0) {
    if (flags.yes)
      throw new UnreadableFile(`nothing was deployed. ${refused.join(". ") || "There is nothing to put back"}`);
    return 0;
  }
  return withRestoration(restoring, stack, (environment) =>
    run(restoring, { review, refused, environment, flags, stack: flags.stack ?? stack }),
  );
}

interface Run {
  readonly review: Review;
  readonly refused: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly flags: RollbackFlags;
  readonly stack: string;
}

async function run(rollbacks: readonly TaskRollback[], { refused, environment, flags, stack }: Run): Promise<number> {
  const folder = path.resolve(flags.cwd ?? ".");
  const targets = [...new Set(rollbacks.map(({ urn, task }) => ownerOf(urn, task.resource).urn))];
  const preview = previewFrom(await previewText({ folder, stack, targets, environment }), `the preview of ${stack}`);
  const ignored = notTaken(rollbacks, opened(preview.steps), "after");
  if (ignored.length > 0)
    throw new UnreadableFile(
      `the program does not take the earlier arguments: ${ignored.join(", ")}. It must declare the tasks with the same version of pulumi-data-tasks as this command's, and without ignoreChanges for these properties`,
    );
  const result = reviewOf(preview, { at: momentOf(flags.at, preview.at), folder });
  console.log(`\n${markdown(result).trimEnd()}\n`);
  const changes = result.tasks.length + result.others.length;
  if (changes === 0) {
    console.log(`${stack} has the earlier arguments already: nothing is deployed.`);
    return 0;
  }
  if (!flags.yes) {
    console.log("Nothing was deployed; --yes does it.");
    for (const reason of refused) console.log(`Not with it: ${reason}.`);
    return 0;
  }
  if (refused.length > 0) throw new UnreadableFile(`nothing was deployed. ${refused.join(". ")}`);
  const exit = await deployed({ folder, stack }, targetArguments(targets), environment);
  if (exit !== 0)
    throw new UnreadableFile(
      `pulumi up of ${stack} ended with exit code ${exit}; the state has what was done: run the rollback again`,
    );
  const { steps } = stateFrom(await stateText({ folder, stack }, "plain"), `the state of ${stack}`);
  const missing = notTaken(rollbacks, opened(steps), "before");
  if (missing.length > 0)
    throw new UnreadableFile(`deployed, but the state of ${stack} has other values: ${missing.join(", ")}`);
  console.log(
    `\nRolled back, and the state of ${stack} says so. The source does not: commit the change above. Until then the next preview shows the later arguments again, and the next deployment brings them back.`,
  );
  return 0;
}

/** The properties that do not have their earlier values. */
function notTaken(rollbacks: readonly TaskRollback[], steps: readonly Step[], side: "before" | "after"): string[] {
  const inputs = new Map(steps.map((step) => [step.urn, (side === "after" ? afterOf(step) : step.before)?.inputs]));
  return rollbacks.flatMap(({ urn, task, set, unset }) => {
    const now = inputs.get(urn);
    const leaves = leavesOf((kindOf(partsTypeOf(urn, steps))?.fields ?? {}) as Table);
    const isBack = (path: string, value: unknown): boolean => {
      const leaf: Leaf<unknown> = leaves.find((each) => each.path === path)?.leaf ?? { kind: "text" };
      return equality(leaf, value, valueAt(now, path), NO_CORRESPONDENCE) === "same";
    };
    return [...Object.entries(set), ...unset.map((path) => [path, undefined] as const)]
      .filter(([path, value]) => !isBack(path, value))
      .map(([path]) => `${task.resource} ${path}`);
  });
}

const partsTypeOf = (urn: string, steps: readonly Step[]): string =>
  steps.find((step) => step.urn === urn)?.type ?? partsOf(urn).type;

/** Runs something with the file from which the program takes the earlier arguments. */
async function withRestoration<T>(
  rollbacks: readonly TaskRollback[],
  stack: string,
  work: (environment: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "data-tasks-rollback-"));
  try {
    const file = path.join(folder, "restore.json");
    const restorations: Restorations = {
      version: 1,
      stack,
      tasks: rollbacks.map(({ urn, set, unset }) => ({ urn, set, unset })),
    };
    writeFileSync(file, JSON.stringify(restorations), { mode: 0o600 });
    return await work({ [RESTORE_VARIABLE]: file });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The review in what `review --json` or `promote --json` wrote. */
function reviewIn(file: string): Review {
  const read: Partial<Review & Promotion> = objectIn(file);
  const review = read.what === "promotion" ? read.review : (read as Partial<Review>);
  if (review?.version !== 1 || !Array.isArray(review.tasks) || review.stack === undefined)
    throw new UnreadableFile(
      `${file} is no review; give what data-tasks review --json or data-tasks promote --json wrote`,
    );
  if (!review.hasBefore)
    throw new UnreadableFile(
      `${file} was made from an update plan without a state, and has no values from before the change`,
    );
  const olds = (review as Review).tasks.filter(
    ({ operation, previous }) => operation !== "create" && previous === undefined,
  );
  if (olds.length > 0)
    throw new UnreadableFile(`${file} was written by an earlier version of data-tasks, and has no earlier arguments`);
  return review as Review;
}
