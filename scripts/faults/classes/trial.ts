import assert from "node:assert/strict";
import type { Call } from "../../../emulator/index";
import { PATIENCE } from "../../../provider/clouds/attempts";
import type { Properties } from "../../../provider/core/definition";
import { sleep } from "../../../provider/core/time";
import { type Kept, type Ran, destroy, refresh, up } from "./stack";
import type { Stage } from "./stage";
import type { Trouble } from "./troubles";

/** What the engine is asked for while something goes wrong. */
export const deeds = ["create", "update", "replace", "delete", "adopt", "refresh"] as const;

export interface Trial {
  readonly deed: (typeof deeds)[number];
  /** Which edit, where it is an update. */
  readonly edit?: string;
  readonly trouble: Trouble;
  /** The call of the deed that is the first to meet it, from 1. */
  readonly nth: number;
  /** That call alone meets it, or all from then on. */
  readonly lasts: "once" | "all along";
  /** A refresh comes before the next run. */
  readonly refreshes: boolean;
}

/** A task before the deed. */
interface Ready {
  readonly name: string;
  readonly kept: Kept | undefined;
  /** The task that was there before. */
  readonly adopted?: string;
  /** The arguments that the program has from now on. */
  readonly news: Properties;
  readonly ran: () => Promise<Ran>;
}

/** The calls of a deed where nothing goes wrong. */
export async function callsOf(stage: Stage, deed: Trial["deed"], edit?: string): Promise<readonly string[]> {
  const ready = await prepared(stage, deed, edit);
  await stage.emulator.reset();
  const { error, kept } = await ready.ran();
  if (error !== undefined) throw error;
  const calls = (await stage.emulator.calls()).map(({ operation }) => operation);
  await takenAway(stage, ready, kept);
  return calls;
}

async function prepared(stage: Stage, deed: Trial["deed"], edit?: string): Promise<Ready> {
  const { scene, task, emulator } = stage;
  const { name, creationToken } = stage.next();
  const args = { ...scene.args(emulator, name), creationToken };
  if (deed === "create") return { name, kept: undefined, news: args, ran: () => up(task, undefined, args) };
  if (deed === "adopt") {
    const adopted = await scene.byHand(emulator, name);
    const news = { ...scene.adoptable(args), adopt: { id: adopted, apply: true } };
    return { name, adopted, kept: undefined, news, ran: () => up(task, undefined, news) };
  }
  const { kept, error } = await up(task, undefined, args);
  if (kept === undefined || error !== undefined) throw error ?? new Error("nothing was made");
  if (deed === "delete") return { name, kept, news: args, ran: () => destroy(task, kept) };
  if (deed === "refresh") return { name, kept, news: args, ran: () => refresh(task, kept) };
  const change = deed === "replace" ? scene.replacement : (scene.edits[edit ?? ""] as (old: Properties) => Properties);
  const news = change(args, emulator);
  return { name, kept, news, ran: () => up(task, kept, news) };
}

/** Removes what a trial has left, adopted tasks as well. */
async function takenAway(stage: Stage, { adopted }: Ready, kept?: Kept): Promise<void> {
  const { emulator, scene, task } = stage;
  if (kept !== undefined) await task.delete(kept.id, kept.outs);
  if (adopted !== undefined) await emulator.remove(scene.service, adopted);
}

/** Everything in the service but one task, as it is stored. */
async function others({ emulator, scene }: Stage, { name, adopted }: Ready): Promise<readonly unknown[]> {
  const all = (await emulator.tasks(scene.service)) as Properties[];
  const own = [name, ...(adopted === undefined ? [] : [adopted])];
  return all.filter((each) => !own.some((text) => JSON.stringify(each).includes(`"${text}"`)));
}

/** Puts one deed to one trouble. False when the deed never came to that call. */
export async function tried(stage: Stage, trial: Trial): Promise<boolean> {
  const { scene, task, emulator } = stage;
  const { deed, edit, trouble, nth, lasts } = trial;
  stage.said.length = 0;
  const ready = await prepared(stage, deed, edit);
  const before = await others(stage, ready);
  await emulator.reset();
  stage.limits(trouble.limits);
  const { id } = await emulator.fault({ ...trouble.rule, nth, times: lasts === "once" ? 1 : 0 });
  const ran = await ready.ran();
  stage.limits();
  const fault = (await emulator.faults()).find((each) => each.id === id);
  const calls = await callsInOrder(stage, fault?.applied ?? 0);
  await emulator.clearFaults();
  const secrets = [emulator.accessKeySecret, emulator.secretKey];
  if (fault === undefined || fault.applied === 0) {
    await takenAway(stage, ready, ran.kept);
    return false;
  }
  isRepeatedAsItsClassSays(trial, calls, nth);
  if (ran.error !== undefined) isWholeMessage(trial, ran.error, ready.name, ran.kept ?? ready.kept);
  for (const text of [ran.error?.message ?? "", JSON.stringify(ran.kept?.outs ?? {}), ...stage.said])
    for (const secret of secrets) assert.ok(!text.includes(secret), "a secret is told");

  let kept = ran.kept;
  if (trial.refreshes && kept !== undefined) {
    const read = await refresh(task, kept);
    if (read.error !== undefined) throw new Error(`the refresh after it failed: ${read.error.message}`);
    kept = read.kept;
  }
  if (deed === "delete") {
    if (kept !== undefined) {
      const gone = await destroy(task, kept);
      if (gone.error !== undefined) throw new Error(`the next deletion failed: ${gone.error.message}`);
    }
    const { ids, remains } = await scene.standing(emulator, ready.name);
    assert.deepEqual([ids, remains], [[], 0], "is still there after the deletion");
  } else {
    const next = await up(task, kept, ready.news);
    if (next.error !== undefined) throw new Error(`the next run failed: ${next.error.message}`);
    const again = await up(task, next.kept, ready.news);
    assert.deepEqual(again.called, [], "a run that finds everything in place does something");
    const read = await refresh(task, next.kept as Kept);
    assert.deepEqual(read.kept?.inputs, next.kept?.inputs, "a refresh finds another task than was declared");
    const { ids, remains, runs } = await scene.standing(emulator, ready.name);
    assert.deepEqual([ids.length, remains], [1, 0], `is there ${ids.length} times, with ${remains} remains`);
    assert.ok((next.kept as Kept).id.endsWith(`/${ids[0] ?? ""}`) || idShown(next.kept) === ids[0], "another task");
    assert.deepEqual(runs, scene.expected(ready.news), "production runs something else");
    await takenAway(stage, ready, next.kept);
  }
  assert.deepEqual(await others(stage, ready), before, "somebody else's task was touched");
  return true;
}

/** The calls as they were begun. The emulator lists one when it is over, and a slow one outlives its caller. */
async function callsInOrder({ emulator }: Stage, struck: number): Promise<readonly Call[]> {
  for (let calls = await emulator.calls(); ; calls = await emulator.calls()) {
    if (calls.filter(({ fault }) => fault !== undefined).length >= struck) {
      const begun = ({ time, milliseconds }: Call) => Date.parse(time) - milliseconds;
      return calls.some(({ fault }) => fault === "slow") ? [...calls].sort((a, b) => begun(a) - begun(b)) : calls;
    }
    await sleep(20);
  }
}

const idShown = (kept: Kept | undefined): unknown => kept?.outs["taskId"] ?? kept?.outs["fileId"];

const CREATING = /^(Create(Node|PipelineRun|DISyncTask|TaskNew)|SubmitFile|DeleteFile)$/;
const BY_VALUE = /^(Get|List|Describe|Check|Update|Modify|Batch(Update|Modify)|Rename|Move|Freeze)/;

/** How often the call that met the trouble was made in all, as the emulator counted it. */
function isRepeatedAsItsClassSays({ trouble, lasts }: Trial, calls: readonly Call[], nth: number): void {
  const { errorClass, unclear, hopeless } = trouble;
  const at = nth - 1;
  const operation = calls[at]?.operation ?? "";
  const following = calls.slice(at).findIndex((call) => call.operation !== operation);
  const made = following < 0 ? calls.length - at : following;
  const allowed = hopeless === true || errorClass === "clock" ? 1 : (PATIENCE[errorClass]?.attempts ?? 1);
  const blind = unclear === true && !BY_VALUE.test(operation);
  if (blind && CREATING.test(operation)) {
    assert.equal(made, 1, `${operation} was repeated blindly`);
  } else if (!blind && allowed > 1) {
    if (lasts === "once") assert.ok(made >= 2, `${operation} was not repeated after ${trouble.name}`);
    else assert.equal(made % allowed, 0, `${operation} was made ${made} times, not ${allowed}`);
  } else if (!blind && lasts === "once" && !BY_VALUE.test(operation) && errorClass !== "parameter") {
    // An argument that is demanded after all is given in a second call.
    assert.equal(made, 1, `${operation} was repeated after ${trouble.name}`);
  }
}

/** It says what was asked for, for which task, what came back, whether it was repeated, and what to do. */
function isWholeMessage({ trouble }: Trial, { message }: Error, name: string, kept: Kept | undefined): void {
  const parts: readonly (readonly [string, boolean])[] = [
    [
      "the operation",
      /\b(Get|List|Describe|Check|Create|Update|Delete|Modify|Batch|Submit|Deploy|Exec|Rename|Move|Freeze|Abolish)[A-Z]\w+/.test(
        message,
      ),
    ],
    [
      "the task",
      message.includes(name) || (kept !== undefined && message.includes(kept.id)) || message.includes("adopted task"),
    ],
    ["what came back", trouble.shows.test(message)],
    ["whether it was repeated", /, tried \d+ times|, not repeated/.test(message)],
    ["what to do", /; [^;]{15,}$/.test(message)],
  ];
  const lacking = parts.filter(([, isThere]) => !isThere).map(([part]) => part);
  assert.deepEqual(lacking, [], `lacks ${lacking.join(", ")}: ${message}`);
}
