import assert from "node:assert/strict";
import { putAt, valueAt } from "../../provider/core/fields";
import type { Properties } from "../../provider/core/definition";
import { MISSING, spoilt } from "./faults";
import type { CrossFault, Fault } from "./faults";
import { accepted, brief, changed, holds, isAtOrIn, lawful, without } from "./stage";
import type { Stage, Story } from "./stage";

/** A fault and the value that it is made with. */
export interface Broken {
  readonly fault: Omit<Fault, "values">;
  readonly value: unknown;
}
export interface CrossBroken {
  readonly cross: CrossFault;
  readonly set: Readonly<Record<string, unknown>>;
}

/** Values for what a story never declares by chance. */
const OTHERS: Properties = { adopt: { id: "1", apply: false }, connection: { region: "cn-shanghai" }, force: false };

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

async function one(
  stage: Stage,
  valid: Properties,
  spare: Properties,
  fault: Omit<Fault, "values">,
  value: unknown,
): Promise<void> {
  const { at, steps, wrong, code } = fault;
  const ready = at.split(".")[0] === "adopt" ? withoutCreated(stage, valid) : valid;
  const news =
    steps.length === 0
      ? value === MISSING
        ? without(ready, at)
        : changed(ready, at, value)
      : await roomy(stage, ready, spare, fault, value);
  if (news === undefined) return;
  // A member that is new beside the others may also be one too many.
  await isRefused(stage, news, [wrong], code, `${wrong} as ${brief(value)}`, steps.length > 0);
}

/** Valid arguments with the fault in them: the story's own, with its other value, or with the example of the kind. */
async function roomy(
  stage: Stage,
  ready: Properties,
  spare: Properties,
  fault: Omit<Fault, "values">,
  value: unknown,
): Promise<Properties | undefined> {
  const { at } = fault;
  const group = isGroup(stage, at) ? {} : undefined;
  for (const given of [valueAt(ready, at), valueAt(OTHERS, at) ?? valueAt(spare, at) ?? group]) {
    const bad = given === undefined ? undefined : spoilt(given, fault, value);
    if (bad !== undefined && (await accepted(stage, changed(ready, at, given)))) return changed(ready, at, bad);
  }
  const example = { ...ready, ...stage.kind.example };
  const given = valueAt(example, at);
  const bad = given === undefined ? undefined : spoilt(given, fault, value);
  return bad !== undefined && (await accepted(stage, example)) ? changed(example, at, bad) : undefined;
}

const isGroup = ({ table }: Stage, at: string) => table.some(({ path }) => path.startsWith(`${at}.`));

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
  await isRefused(stage, news, wrong, code, `${name} as ${brief(set)}`);
}

const withoutCreated = ({ kind }: Stage, args: Properties) => kind.createdOnly.reduce(without, args);

async function isRefused(
  stage: Stage,
  news: Properties,
  wrong: readonly string[],
  code: string,
  what: string,
  orAround = false,
): Promise<void> {
  await holds(what, async () => {
    const { failures } = await stage.task.check({}, news);
    const around = (path: string) => orAround && wrong.some((other) => other !== path && isAtOrIn(other, path));
    const paths = [...new Set(failures.map(({ property }) => property))].filter((path) => !around(path)).sort();
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
    stage.done(`refused ${wrong[0] ?? ""} [${code}]`);
  });
}
