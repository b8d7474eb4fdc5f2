import assert from "node:assert/strict";
import { putAt, valueAt } from "../../provider/core/fields";
import type { Properties } from "../../provider/core/lifecycle";
import { MISSING, spoilt } from "./faults";
import type { CrossFault, Fault } from "./faults";
import { accepted, brief, changed, holds, lawful, without } from "./stage";
import type { Stage, Story } from "./stage";

/** A fault and the value that it is made with. */
export interface Broken {
  readonly fault: Fault;
  readonly value: unknown;
}
export interface CrossBroken {
  readonly cross: CrossFault;
  readonly set: Readonly<Record<string, unknown>>;
}

/** Values for what a story never declares by chance. */
const OTHERS: Properties = {
  adopt: { id: "1", apply: false },
  connection: { region: "cn-shanghai" },
  rules: {},
  force: false,
};

/** Each fault, one at a time, in arguments that are valid without it, is refused with its path alone and without a call. */
export async function refused(
  stage: Stage,
  { args, spare }: Story,
  faults: readonly Broken[],
  crosses: readonly CrossBroken[],
): Promise<boolean> {
  const valid = await lawful(stage, args);
  if (!valid) return false;
  await stage.emulator.reset();
  for (const { fault, value } of faults) await one(stage, valid, spare, fault, value);
  for (const { cross, set } of crosses) await several(stage, valid, cross, set);
  assert.deepEqual(await stage.emulator.counts(), {}, "a check has called the service");
  return true;
}

async function one(stage: Stage, valid: Properties, spare: Properties, fault: Fault, value: unknown): Promise<void> {
  const { at, steps } = fault;
  const ready = at.split(".")[0] === "adopt" ? withoutCreated(stage, valid) : valid;
  const given =
    valueAt(ready, at) ?? (steps.length === 0 ? undefined : (valueAt(OTHERS, at) ?? valueAt(spare, at) ?? {}));
  const base = steps.length === 0 || given === undefined ? ready : changed(ready, at, given);
  if (base !== ready && !(await accepted(stage, base))) return;
  const bad = spoilt(given, fault, value);
  if (bad === undefined && steps.length > 0) return;
  const news = steps.length === 0 && value === MISSING ? without(base, at) : changed(base, at, bad);
  await isRefused(stage, news, [fault.wrong], fault.code, `${fault.wrong} as ${brief(value)}`);
}

async function several(
  stage: Stage,
  valid: Properties,
  { name, wrong, code }: CrossFault,
  set: Readonly<Record<string, unknown>>,
): Promise<void> {
  let news = structuredClone(valid);
  if (set["adopt"] !== undefined) news = withoutCreated(stage, news);
  for (const [path, value] of Object.entries(set)) {
    if (value === undefined) news = without(news, path);
    else putAt(news, path, structuredClone(value));
  }
  await isRefused(stage, news, wrong, code, name);
}

const withoutCreated = ({ kind }: Stage, args: Properties) => kind.createdOnly.reduce(without, args);

async function isRefused(
  stage: Stage,
  news: Properties,
  wrong: readonly string[],
  code: string,
  what: string,
): Promise<void> {
  await holds(what, async () => {
    const { failures } = await stage.task.check({}, news);
    const paths = [...new Set(failures.map(({ property }) => property))].sort();
    assert.deepEqual(
      paths,
      [...wrong].sort(),
      failures.map(({ property, reason }) => `${property} ${reason}`).join("; "),
    );
    const reasons = failures.map(({ reason }) => reason);
    for (const path of wrong) {
      const own = failures.filter(({ property }) => property === path);
      assert.ok(
        own.some(({ reason }) => reason.endsWith(`[${code}]`)),
        `no [${code}] in ${reasons.join("; ")}`,
      );
    }
    stage.done(`refused ${what.includes(" as ") ? `${wrong[0]} [${code}]` : what}`);
  });
}
