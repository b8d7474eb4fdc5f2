import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { FILE_VARIABLE, STACK_VARIABLE } from "../../sdk/exchange";
import type { Preview } from "../preview/preview";
import { UnreadableFile, objectIn, previewFrom, stateFrom } from "../preview/read";
import { configuration, previewText, stateText } from "../preview/run";
import { opened } from "../preview/sets";
import { reviewOf } from "../review/build";
import { momentOf, write } from "../review/command";
import { isAsReviewed } from "./as-reviewed";
import { compare } from "./compare";
import { declarationsIn } from "./declarations";
import { type Place, deployed, refreshesOf } from "./engine";
import { fingerprintOf, movedSince } from "./fingerprint";
import { promotionHeadline, promotionMarkdown } from "./markdown";
import { KINDS, type Promotion } from "./model";
import { targetProblems } from "./target";
import { afterOf } from "./tasks";

export interface PromoteFlags {
  readonly from?: string;
  readonly to?: string;
  readonly cwd?: string;
  readonly refresh?: true;
  readonly base?: string;
  readonly at?: string;
  readonly markdown?: string;
  readonly json?: string;
  readonly yes?: true;
  /** `false` with `--no-target-check`. */
  readonly targetCheck: boolean;
}

/** What a pipeline has to know. */
export const EXIT = { fine: 0, error: 1, unexplained: 4 } as const;

/**
 * Without a file: compares two stacks and writes what a promotion does. With the file that an earlier run has written: says
 * whether everything is still as it was reviewed, and with `--yes` deploys it. Gives the exit code.
 */
export async function promote(file: string | undefined, flags: PromoteFlags): Promise<number> {
  if (file === undefined) return plan(flags);
  const given = (["from", "to", "refresh", "base", "at", "markdown", "json"] as const).find(
    (name) => flags[name] !== undefined,
  );
  if (given !== undefined)
    throw new UnreadableFile(`give either ${file}, which says what is promoted, or --${given}, and not both`);
  return deploy(promotionIn(file), file, flags);
}

async function plan(flags: PromoteFlags): Promise<number> {
  const { from, to, refresh = false, base } = flags;
  if (flags.yes)
    throw new UnreadableFile(
      "--yes deploys what was reviewed: write it to a file first (data-tasks promote --from … --to … --json promotion.json), then give that file",
    );
  if (from === undefined || to === undefined)
    throw new UnreadableFile(
      "give --from and --to, the stack that is promoted and the target; or the file of an earlier run",
    );
  if (from === to) throw new UnreadableFile(`--from and --to are both ${to}`);
  const folder = path.resolve(flags.cwd ?? ".");
  const target = { folder, stack: to };
  const origin = { folder, stack: from };
  const [sourceText, targetText, refreshes, there, here] = await Promise.all([
    stateText(origin, "plain"),
    stateText(target, "plain"),
    refreshesOf(target),
    configuration(origin, "plain"),
    configuration(target, "plain"),
  ]);
  const source = stateFrom(sourceText, `the state of ${from}`);
  const state = stateFrom(targetText, `the state of ${to}`);
  const { preview, declarations } = await previewOf(target, from, refresh);
  const at = momentOf(flags.at, preview.at);
  const review = reviewOf(preview, { at, folder, ...(base !== undefined && { base }) });
  const steps = opened(preview.steps);
  const { differences, remarks } = compare({
    ...{ from, to, review, declarations },
    fromState: opened(source.steps),
    toState: opened(state.steps),
    preview: steps,
    configuration: [...there].flatMap(([key, value]) => {
      const other = here.get(key);
      return other === undefined || other === value ? [] : [{ key, from: value, to: other }];
    }),
    refreshed: new Set(
      [...state.modified]
        .filter(([, moment]) => refreshes.some((run) => run.from - SECOND <= moment && moment <= run.to + SECOND))
        .map(([urn]) => urn),
    ),
  });
  const problems = flags.targetCheck ? await targetOf(opened(state.steps), steps, target) : [];
  const promotion: Promotion = {
    version: 1,
    what: "promotion",
    ...(preview.project !== undefined && { project: preview.project }),
    ...{ from, to, at: new Date(at).toISOString(), refresh },
    counts: Object.fromEntries(
      KINDS.map((kind) => [kind, differences.filter((each) => each.kind === kind).length]),
    ) as Promotion["counts"],
    differences,
    remarks: [...problems, ...remarks],
    review,
    fingerprint: fingerprintOf(state.steps, preview.steps, target),
  };
  const wanted: [string | undefined, () => string][] = [
    [flags.markdown ?? (flags.json === "-" ? undefined : "-"), () => promotionMarkdown(promotion)],
    [flags.json, () => `${JSON.stringify(promotion, null, 2)}\n`],
  ];
  for (const [file, make] of wanted) if (file !== undefined) write(file, make());
  if (promotion.counts.unexplained === 0) return EXIT.fine;
  process.stderr.write(`data-tasks: ${promotionHeadline(promotion)}\n`);
  return EXIT.unexplained;
}

/** A state tells moments in whole seconds where the backend rounds them. */
const SECOND = 1_000;

async function deploy(promotion: Promotion, file: string, { cwd, yes, targetCheck }: PromoteFlags): Promise<number> {
  const { from, to, refresh, counts } = promotion;
  const folder = path.resolve(cwd ?? ".");
  const target = { folder, stack: to };
  if (counts.unexplained > 0) {
    process.stderr.write(
      `data-tasks: ${file} has ${promotionHeadline(promotion)}; what is unexplained is not deployed\n`,
    );
    return EXIT.unexplained;
  }
  const state = stateFrom(await stateText(target, "plain"), `the state of ${to}`);
  const { preview } = await previewOf(target, from, refresh);
  const moved = movedSince(promotion.fingerprint, fingerprintOf(state.steps, preview.steps, target), to);
  if (moved.length > 0)
    throw new UnreadableFile(
      `nothing was deployed, because not everything is as it was reviewed in ${file}: ${moved.join("; ")}. Run data-tasks promote --from ${from} --to ${to} again, and have the new promotion reviewed`,
    );
  console.log(`Everything is as it was reviewed: ${promotionHeadline(promotion)}.`);
  if (!yes) {
    console.log("Nothing was deployed; --yes does it.");
    return EXIT.fine;
  }
  const problems = targetCheck ? await targetOf(opened(state.steps), opened(preview.steps), target) : [];
  if (problems.length > 0)
    throw new UnreadableFile(`nothing was deployed: ${problems.join("; ")}; --no-target-check deploys all the same`);
  const code = await deployed(target, refresh ? ["--refresh"] : []);
  if (code !== 0)
    throw new UnreadableFile(
      `pulumi up of ${to} ended with exit code ${code}; the state has what was done, and a new promotion shows what is left`,
    );
  const other = await notAsReviewed(preview, target);
  if (other.length > 0)
    throw new UnreadableFile(
      `deployed, but the program has changed meanwhile: ${other.join(", ")} are not as they were reviewed`,
    );
  console.log(`Deployed to ${to} as reviewed.`);
  return EXIT.fine;
}

/** The resources whose arguments in the state are not those that were reviewed. */
async function notAsReviewed(preview: Preview, target: Place): Promise<string[]> {
  const { steps } = stateFrom(await stateText(target, "plain"), `the state of ${target.stack}`);
  const stored = new Map(steps.map(({ urn, before }) => [urn, before?.inputs]));
  return preview.steps
    .filter((step) => {
      const inputs = stored.get(step.urn);
      if (step.operation === "other") return false;
      if (step.operation === "delete") return inputs !== undefined;
      return inputs === undefined || !isAsReviewed(afterOf(step)?.inputs ?? {}, inputs);
    })
    .map(({ name }) => name);
}

/** The pending preview of a stack, and what the program declares for it and the one that is promoted. */
async function previewOf({ folder, stack }: Place, from: string, refresh: boolean) {
  const own = mkdtempSync(path.join(os.tmpdir(), "data-tasks-promote-"));
  try {
    const file = path.join(own, "declared.json");
    // A stack's name may come with its organisation; the program knows it without.
    const environment = { [FILE_VARIABLE]: file, [STACK_VARIABLE]: from.split("/").at(-1) ?? from };
    const text = await previewText({ folder, stack, environment, ...(refresh && { refresh }) });
    return { preview: previewFrom(text, `the preview of ${stack}`), declarations: declarationsIn(file) };
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

/** What speaks against the credentials; that it can't be asked is a remark as well. */
async function targetOf(
  state: Parameters<typeof targetProblems>[0],
  preview: Parameters<typeof targetProblems>[1],
  target: Place,
): Promise<string[]> {
  return targetProblems(state, preview, await configuration(target, "secrets"), target.stack);
}

function promotionIn(file: string): Promotion {
  const read: Partial<Promotion> = objectIn(file);
  if (read.what !== "promotion" || read.version !== 1 || read.fingerprint === undefined || read.counts === undefined)
    throw new UnreadableFile(`${file} is no promotion; give what data-tasks promote --from … --to … --json wrote`);
  return read as Promotion;
}
