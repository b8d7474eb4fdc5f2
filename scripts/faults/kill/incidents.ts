import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, providersBelow } from "./deployment";
import type { Deployment } from "./deployment";
import { callsBegunAfter, killedUp } from "./engine";
import { holding } from "./processes";
import { serviceIn, things } from "./service";
import type { Declared } from "./stack";

const REACHED_WITHIN = 120_000;
const ENDS_WITHIN = 10_000;

type Incident = (deployment: Deployment, program: readonly Declared[]) => Promise<string[]>;

/** Waits until these processes are gone; gives those that are not. */
async function ended(pids: readonly number[]): Promise<number[]> {
  for (const end = Date.now() + ENDS_WITHIN; pids.some(isAlive) && Date.now() < end;) await sleep(20);
  return pids.filter(isAlive);
}

/** A run that is stopped at a call; the hold is to be released. */
async function heldUp(deployment: Deployment, program: readonly Declared[], nth: number, when: "before" | "after") {
  deployment.declare(program);
  const hold = holding(deployment.emulator.emulator.control);
  await hold.set({ nth, when });
  const run = await deployment.start("up", "--yes", "--skip-preview");
  const fail = (): never => {
    throw new Error(`the run was over before its call came: ${run.text().slice(-500)}`);
  };
  await Promise.race([hold.reached(REACHED_WITHIN), run.ended.then(fail)]);
  return { ...run, hold };
}

/** Ctrl-C, so many times, while a call is under way; what is wrong then and after the next run. */
export const interrupted =
  (times: number): Incident =>
  async (deployment, program) => {
    const wrong: string[] = [];
    const { run, ended: over, text, hold } = await heldUp(deployment, program, 4, "after");
    const providers = providersBelow(run.pid ?? 0);
    for (let nth = 0; nth < times; nth += 1) {
      run.kill("SIGINT");
      await sleep(500);
    }
    await hold.release("go");
    if ((await over) === 0) wrong.push(`an interrupted run succeeded: ${text().slice(-300)}`);
    if ((await ended(providers)).length > 0) wrong.push("the provider process lives on");
    const there = things(serviceIn(deployment.stateFile));
    for (const { type, id, outputs } of (await deployment.state()).entries.values()) {
      const name = type === "WeDataTask" ? `WeData task ${id.split("/").at(-1)}` : `node ${String(outputs["nodeId"])}`;
      if (!there.has(name)) wrong.push(`${name} is in the state and not there`);
    }
    await deployment.stack.refresh({ clearPendingCreates: true });
    await deployment.stack.up();
    for (const { name, op } of (await deployment.stack.preview()).changes)
      wrong.push(`a preview says ${op} of ${name}`);
    // A node and its task for one resource, a task of WeData for the other.
    const made = [...things(serviceIn(deployment.stateFile)).values()].filter(({ name }) => name.startsWith("orders"));
    return made.length === 3 ? wrong : [...wrong, `${made.length} things are there instead of 3`];
  };

/**
 * The engine goes while a pipeline is polled and refused calls wait to be repeated: no call follows. `busy`: its provider
 * process gets no time from the machine just then, and everything it waited for is due when it goes on.
 */
export const killedWhileWaiting =
  (busy: boolean): Incident =>
  async (deployment, program) => {
    deployment.declare(program);
    const { control } = deployment.emulator.emulator;
    const fault = { kind: "throttle", operation: "CheckTaskNameExist", times: 0, retryAfterMilliseconds: 3_000 };
    await fetch(`${control}/faults`, { method: "POST", body: JSON.stringify(fault) });
    const { environment } = deployment.stack;
    environment["NODE_OPTIONS"] = `--require ${path.join(__dirname, "standing-still.js")}`;
    const { run, ended: over } = await deployment.start("up", "--yes", "--skip-preview");
    delete environment["NODE_OPTIONS"];
    const count = async (): Promise<Record<string, number>> =>
      ((await (await fetch(`${control}/counts`)).json()) as { operations: Record<string, number> }).operations;
    const end = Date.now() + REACHED_WITHIN;
    for (let seen = await count(); !seen["GetPipelineRun"] || !seen["CheckTaskNameExist"]; seen = await count()) {
      if (Date.now() > end) throw new Error("no poll and no refused call came");
      await sleep(20);
    }
    const providers = providersBelow(run.pid ?? 0);
    if (busy) for (const pid of providers) process.kill(pid, "SIGUSR2");
    await sleep(busy ? 500 : 0);
    run.kill("SIGKILL");
    await over;
    const gone = Date.now();
    const wrong = providers.length === 1 ? [] : [`the run has ${providers.length} provider processes`];
    if ((await ended(providers)).length > 0) wrong.push("the provider process lives on");
    // Longer than a refused call was told to wait.
    await sleep(4_500);
    for (const late of await callsBegunAfter(deployment, gone)) wrong.push(`${late} after the kill`);
    await deployment.stack.stack.cancel();
    return wrong;
  };

/** A second run while the first is under way: the engine's lock refuses it, and nothing changes. */
const twoRuns: Incident = async (deployment, program) => {
  const first = await heldUp(deployment, program, 3, "before");
  const { control } = deployment.emulator.emulator;
  // While one call is held, the other resource comes to its end.
  await sleep(3_000);
  const state = async () =>
    JSON.stringify([
      await (await fetch(`${control}/calls`)).json(),
      [...things(serviceIn(deployment.stateFile)).entries()],
    ]);
  const before = await state();
  const second = await deployment.start("up", "--yes", "--skip-preview");
  const wrong: string[] = [];
  if ((await second.ended) === 0 || !second.text().includes("the stack is currently locked"))
    wrong.push(`the second run was not refused: ${second.text().slice(-300)}`);
  if ((await state()) !== before) wrong.push("the second run changed something");
  await first.hold.release("go");
  if ((await first.ended) !== 0) wrong.push(`the first run failed: ${first.text().slice(-300)}`);
  const { entries } = await deployment.state();
  return entries.size === program.length ? wrong : [...wrong, `the state has ${entries.size} resources`];
};

const undisturbed: Incident = async (deployment, program) => {
  deployment.declare(program);
  const { reached, wrong } = await killedUp(deployment, { victim: "engine", nth: 10_000, when: "before" });
  return reached ? [...wrong, "a call was held"] : wrong;
};

/** What else can happen to a run, by its name. */
export const incidents: readonly (readonly [name: string, incident: Incident])[] = [
  ["the engine killed between calls", killedWhileWaiting(false)],
  ["the engine killed while its provider process gets no time", killedWhileWaiting(true)],
  ["one interrupt", interrupted(1)],
  ["two interrupts", interrupted(2)],
  ["a second run at the same time", twoRuns],
  ["nothing killed", undisturbed],
];
