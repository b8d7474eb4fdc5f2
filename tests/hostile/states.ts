import assert from "node:assert/strict";
import fc from "fast-check";
import type { Properties } from "../../provider/core/definition";
import type { Theatre } from "../properties/run";
import { lawful } from "../properties/stage";
import type { Stage } from "../properties/stage";
import { LONGEST_FAILURE, isClear, isUnpolluted } from "./clear";

/** A state as no hook of ours has written it: by hand, by another version, or by a disk that lost its end. */
interface State {
  readonly what: string;
  readonly id: string;
  readonly outs: Properties;
}

const strange: readonly unknown[] = [
  ...[null, 5, -1, true, "", "x", "\u0000", "\ud800", "__proto__", "constructor", [], {}, [null], { a: { b: [1] } }],
  ...["x".repeat(1_000_000), "9".repeat(40), "../../1", "a b&c=d"],
];
const spelt = (value: unknown) => JSON.stringify(value).slice(0, 30);

/** Every state that is one step away from a sound one, and some that are far away. */
function statesAround(id: string, outs: Properties): State[] {
  const names = [...Object.keys(outs), "applied", "seen", "creationToken", "differs", "adopted"];
  const replaced = names.flatMap((name) =>
    strange.map((value) => ({ what: `${name} = ${spelt(value)}`, id, outs: { ...outs, [name]: value } })),
  );
  const missing = Object.keys(outs).map((name) => {
    const { [name]: _gone, ...rest } = outs;
    return { what: `without ${name}`, id, outs: rest };
  });
  const applied = String(outs["applied"]);
  const cut = Array.from({ length: applied.length }, (_, length) => ({
    ...{ what: `applied cut after ${length}`, id, outs: { ...outs, applied: applied.slice(0, length) } },
  }));
  const ids = ["", "x", "/", "//", "1/2/3/4", "__proto__/constructor/toString", `${id}/`, `${id}0`, "9".repeat(5_000)];
  // The same words for every task: a case is found again by them.
  const named = ids.map((other) => ({ what: `id ${other.replace(id, "<id>").slice(0, 40)}`, id: other, outs }));
  return [...replaced, ...missing, ...cut, ...named, { what: "nothing but an id", id, outs: {} }];
}

const inventory = async ({ emulator, kind }: Stage, except?: string): Promise<string> =>
  ((await emulator.tasks(kind.service)) as Properties[])
    .map((task) => JSON.stringify(task))
    .filter((task) => except === undefined || !task.includes(except))
    .join("\n");

/**
 * What becomes of a task whose state is not sound: its hooks end well, or with a sentence; what only looks writes nothing;
 * and no other task is touched. One case after the other begins with a task of its own. Beside as many as `runs`, those
 * named by `always` are tried.
 */
export async function attackStates(theatre: Theatre, seed: number, runs: number, always = /^$/) {
  const { stage } = theatre;
  const { task, kind } = stage;
  const failures: string[] = [];
  const made = async (name: string, draw = seed): Promise<{ id: string; outs: Properties; inputs: Properties }> => {
    const [generated = {}] = fc.sample(kind.arguments(stage.emulator).some, { numRuns: 1, seed: draw });
    const args = await lawful(stage, { ...generated, ...kind.base(stage.emulator), name });
    assert.ok(args, "the arguments of a sound task are refused");
    const { inputs, failures: refused } = await task.check({}, args);
    assert.deepEqual(refused, []);
    const { id, outs } = await task.create(inputs);
    return { id, outs: JSON.parse(JSON.stringify(outs)) as Properties, inputs };
  };
  const sound = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (thrown) {
      isClear((thrown as { message?: unknown }).message, what, LONGEST_FAILURE);
      return undefined;
    }
  };
  const first = await made("hostile_first");
  const all = statesAround(first.id, first.outs);
  await task.delete(first.id, first.outs);
  const picked = [
    ...fc.sample(fc.nat(all.length - 1), { seed, numRuns: runs }),
    ...all.flatMap(({ what }, index) => (always.test(what) ? [index] : [])),
  ];
  for (const [index, pick] of picked.entries()) {
    const what = all[pick]?.what ?? "";
    try {
      await made("hostile_neighbour", seed + 1);
      const others = await inventory(stage);
      const mine = await made("hostile_mine");
      const state = statesAround(mine.id, mine.outs).find((one) => one.what === what) ?? all[pick];
      assert.ok(state);
      const { id, outs } = state;
      const before = await inventory(stage);
      const news = { ...mine.inputs, ...kind.base(stage.emulator), name: "hostile_changed" };
      const { inputs, failures: refused } = await task.check(outs, news);
      for (const { property, reason } of refused) isClear(`${property} ${reason}`, "a refusal");
      await sound("diff", () => task.diff(id, outs, inputs));
      await sound("read", () => task.read(id, outs));
      assert.equal(await inventory(stage), before, "a diff or a read writes");
      const updated = await sound("update", () => task.update(id, outs, inputs));
      await sound("delete", () => task.delete(id, updated?.outs ?? outs));
      assert.ok((await inventory(stage)).includes(others), "the task of somebody else is touched");
      isUnpolluted();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      failures.push(`${kind.name}, states, seed ${seed}, case ${index}: ${reason.slice(0, 600)}: ${what}`);
    }
    await theatre.renew();
  }
  return { tried: picked.length, failures };
}
