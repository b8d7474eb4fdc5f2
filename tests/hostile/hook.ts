import assert from "node:assert/strict";
import fc from "fast-check";
import type { Properties } from "../../provider/core/definition";
import { dataworks } from "../emulator/dataworks-client";
import type { Theatre } from "../properties/run";
import { lawful } from "../properties/stage";
import type { Stage } from "../properties/stage";
import { attacked, attacks, described, opened } from "./arguments";
import type { Attack } from "./arguments";
import { LONGEST_FAILURE, isClear, isUnpolluted } from "./clear";
import { notStored } from "./stored";
import type { Hostility } from "./values";

/** No single check or call may take longer, on however slow a machine. */
const LONGEST_MILLISECONDS = 20_000;

async function inTime<T>(what: string, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new assert.AssertionError({ message: `${what} hangs` })), LONGEST_MILLISECONDS);
  });
  const started = performance.now();
  try {
    const result = await Promise.race([work(), limit]);
    const took = performance.now() - started;
    assert.ok(took < LONGEST_MILLISECONDS, `${what} took ${Math.round(took)} ms`);
    return result;
  } finally {
    clearTimeout(timer);
  }
}

const carried = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** How many tasks there are of the kind, drafts included. */
const count = async ({ emulator, kind }: Stage): Promise<number> =>
  ((await emulator.tasks(kind.service)) as Properties[]).filter(
    (task) => (task["DeletedStatus"] ?? "NORMAL") === "NORMAL",
  ).length;

/** What Data Studio holds of a task, which for a draft is everything. */
async function nodeOf({ emulator, kind }: Stage, { nodeId }: Properties): Promise<unknown[]> {
  if (kind.service !== "dataworks" || typeof nodeId !== "string") return [];
  const node: unknown = await dataworks(emulator)("GetNode", { ProjectId: emulator.projectId, Id: nodeId });
  return [node];
}

/** Every refusal names a property and says one clear thing about it. */
export function areClear(failures: readonly { property: string; reason: string }[]): void {
  assert.ok(failures.length <= 51, `${failures.length} failures at once`);
  for (const { property, reason } of failures) {
    assert.notEqual(property, "", `a refusal names no property: ${reason}`);
    isClear(`${property} ${reason}`, "a refusal");
  }
}

export type End = "refused" | "stored" | "refused by the service";

/** What becomes of hostile arguments at the hooks: a clear refusal, or exactly them in the service. */
export async function hookSurvives(stage: Stage, attack: Attack): Promise<End> {
  const { task, kind, table, emulator } = stage;
  const { some } = kind.arguments(emulator);
  const [generated = {}] = fc.sample(some, { numRuns: 1, seed: attack.seed });
  const lawfulArgs = await lawful(stage, { ...generated, ...kind.base(emulator) });
  assert.ok(lawfulArgs, "the arguments around the hostile ones are refused");
  const news = attacked(opened(lawfulArgs), attack);
  try {
    return await lived(news);
  } finally {
    isUnpolluted();
  }

  async function lived(hostile: unknown): Promise<End> {
    const { inputs, failures } = await inTime("check", () => task.check({}, hostile as Properties));
    if (failures.length > 0) {
      areClear(failures);
      return "refused";
    }
    const whole = carried(inputs);
    assert.deepEqual(whole, inputs, "the engine would carry something else");
    assert.deepEqual((await task.check({}, whole)).failures, [], "checked again it is refused");
    const before = await count(stage);
    let made: { id: string; outs: Properties };
    try {
      made = await inTime("create", () => task.create(whole));
    } catch (thrown) {
      const { message, id, properties } = thrown as { message?: string; id?: string; properties?: Properties };
      isClear(message, "a failed create", LONGEST_FAILURE);
      if (id !== undefined && properties !== undefined) await task.delete(id, carried(properties));
      assert.equal(await count(stage), before, `a failed create leaves something behind: ${message}`);
      return "refused by the service";
    }
    try {
      const outs = carried(made.outs);
      assert.equal((await task.diff(made.id, outs, whole)).changes, false, "what was created shows a difference");
      const read = await inTime("read", () => task.read(made.id, outs));
      assert.equal(read.id, made.id, "what was created is not found");
      const tasks = [...(await emulator.tasks(kind.service)), ...(await nodeOf(stage, outs))];
      const lost = notStored(table, whole, tasks).filter(
        // What no read shows is nowhere in what the control interface shows either.
        (path) => !kind.unread(path, undefined, "made") && !kind.createdOnly.includes(path),
      );
      assert.equal(lost.join(", "), "", "stored otherwise than declared");
      if (read.inputs !== undefined)
        assert.equal((await task.diff(made.id, read.props, whole)).changes, false, "a refresh shows a difference");
    } finally {
      await task.delete(made.id, carried(made.outs));
    }
    assert.equal(await count(stage), before, "something is left after the deletion");
    return "stored";
  }
}

export interface Tally {
  readonly tried: number;
  readonly converged: number;
  readonly ends: Readonly<Record<End, number>>;
  readonly failures: readonly string[];
}

/** Many attacks of one kind on one resource. One failure after the other is told, none is made smaller. */
export async function attackHook(theatre: Theatre, hostility: Hostility, seed: number, runs: number): Promise<Tally> {
  const all = fc.sample(attacks(hostility, theatre.kind.fields), { seed, numRuns: runs });
  const ends = { refused: 0, stored: 0, "refused by the service": 0 };
  const failures: string[] = [];
  for (const [index, attack] of all.entries()) {
    theatre.stage.warnings.length = 0;
    theatre.stage.said.length = 0;
    try {
      ends[await hookSurvives(theatre.stage, attack)] += 1;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push(
        `${theatre.kind.name}, ${hostility.name}, seed ${seed}, case ${index}: ${reason.slice(0, 900)}: ${described(attack)}`,
      );
      await theatre.renew();
    }
  }
  return { tried: all.length, converged: all.length - failures.length, ends, failures };
}
