import { setTimeout as sleep } from "node:timers/promises";
import type { HoldRule } from "../../../emulator/index";
import { Deployment, isAlive, providersBelow } from "./deployment";
import { drawing } from "./drawing";
import { holding } from "./processes";
import { actionsOf, scenes } from "./scenes";
import type { Action } from "./scenes";
import { ownedBy, publishedTwice, running, sameCode, serviceIn, serviceOf, things } from "./service";
import type { Declared } from "./stack";
import type { Row, Sample } from "../part";

export type EngineVictim = "provider" | "engine" | "emulator";

export interface EngineKill extends HoldRule {
  readonly victim: EngineVictim;
  /** As docs/failures.md has it, or `up` at once, as people do. */
  readonly recovery: "refresh, up" | "up";
}

/** What a story on the real engine shows. */
export interface EngineEnding {
  readonly reached: boolean;
  readonly operation?: string;
  readonly wrong: readonly string[];
}

const REACHED_WITHIN = 120_000;
/** A provider process must not outlive its engine by more than that. */
const ENDS_WITHIN = 10_000;
/**
 * What was on the wire when the engine went has arrived by then. The provider process ends some 20 ms after its engine (seen
 * on 3.230.0); the emulator, which says when a call came in, may get no time from a busy machine just then.
 */
const ON_THE_WIRE = 1_000;

/** Tells one story: `pulumi up` is killed at a call, the recovery follows, then everything is destroyed. */
export async function engineStory(
  deployment: Deployment,
  program: readonly Declared[],
  wanted: ReadonlyMap<string, Action["wanted"]>,
  kill: EngineKill,
): Promise<EngineEnding> {
  const { stack } = deployment;
  const foreign = new Set(things(serviceIn(deployment.stateFile)).keys());
  const before = await owners(deployment);
  for (const thing of before.flat()) foreign.delete(thing);
  deployment.declare(program);
  const { reached, operation, wrong } = await killedUp(deployment, kill);
  if (!reached) return { reached, wrong };
  if (kill.victim === "engine") await stack.stack.cancel();
  try {
    if (kill.recovery === "refresh, up") await stack.refresh({ clearPendingCreates: true });
    await stack.up();
    wrong.push(...(await differences(deployment, program, wanted, foreign)));
    // Only this takes an interrupted operation off the list.
    const refreshed = kill.recovery === "up" ? await stack.refresh({ clearPendingCreates: true }) : undefined;
    for (const { name, op } of refreshed?.changes ?? []) wrong.push(`a refresh says ${op} of ${name}`);
    const { pending } = await deployment.state();
    if (pending > 0) wrong.push(`${pending} operations are still pending`);
    const { changes } = await stack.preview({ refresh: refreshed === undefined });
    for (const { name, op } of changes) wrong.push(`a preview says ${op} of ${name}`);
    await stack.destroy();
  } catch (error) {
    wrong.push(error instanceof Error ? error.message : String(error));
  }
  const left = [...things(serviceIn(deployment.stateFile)).keys()];
  for (const thing of left) if (!foreign.has(thing)) wrong.push(`${thing} is left after the destroy`);
  for (const thing of foreign) if (!left.includes(thing)) wrong.push(`${thing}, which is not ours, is gone`);
  return { reached, ...(operation !== undefined && { operation }), wrong };
}

async function owners(deployment: Deployment): Promise<string[][]> {
  const service = serviceIn(deployment.stateFile);
  return [...(await deployment.state()).entries.values()].map((entry) => ownedBy(entry, service));
}

/** One `pulumi up` that comes to a call, and is killed there. */
export async function killedUp(
  deployment: Deployment,
  { victim, nth, when }: Pick<EngineKill, "victim" | "nth" | "when">,
): Promise<{ reached: boolean; operation?: string; wrong: string[] }> {
  const hold = holding(deployment.emulator.emulator.control);
  await hold.set({ nth, when });
  const { run, ended, text } = await deployment.start("up", "--yes", "--skip-preview");
  const held = await Promise.race([hold.reached(REACHED_WITHIN), ended.then(() => undefined)]);
  const { operation } = held ?? {};
  if (operation === undefined) {
    run.kill("SIGKILL");
    const code = await ended;
    await hold.release("go");
    return { reached: false, wrong: code === 0 ? [] : [`the run that was to be killed failed: ${text().slice(-500)}`] };
  }
  const wrong: string[] = [];
  const providers = providersBelow(run.pid ?? 0);
  if (providers.length !== 1) wrong.push(`the run has ${providers.length} provider processes`);
  if (victim === "emulator") {
    await deployment.emulator.restart();
    await ended;
  } else if (victim === "provider") {
    for (const pid of providers) process.kill(pid, "SIGKILL");
    await hold.release("drop");
    await ended;
  } else {
    run.kill("SIGKILL");
    await ended;
    const gone = Date.now();
    // Its call is under way; nothing may follow once that is answered.
    await hold.release(when === "before" ? "drop" : "go");
    const end = Date.now() + ENDS_WITHIN;
    while (providers.some(isAlive) && Date.now() < end) await sleep(50);
    if (providers.some(isAlive)) wrong.push(`the provider process lives on ${ENDS_WITHIN} ms after its engine`);
    for (const late of await callsBegunAfter(deployment, gone)) wrong.push(`${late} after the engine was gone`);
    for (const pid of providers.filter(isAlive)) process.kill(pid, "SIGKILL");
  }
  return { reached: true, operation, wrong };
}

const calls = async ({ emulator }: Deployment): Promise<number> =>
  ((await (await fetch(`${emulator.emulator.control}/counts`)).json()) as { total: number }).total;

/** The calls that came in later than a moment, but for what was on the wire then. */
export async function callsBegunAfter({ emulator }: Deployment, moment: number): Promise<string[]> {
  const all = (await (await fetch(`${emulator.emulator.control}/calls`)).json()) as {
    operation: string;
    time: string;
    milliseconds: number;
  }[];
  return all.flatMap(({ operation, time, milliseconds }) => {
    const late = Date.parse(time) - milliseconds - moment;
    return late > ON_THE_WIRE ? [`${operation} came in ${late} ms`] : [];
  });
}

/** What of the service and of the state is not as the program has it. */
async function differences(
  deployment: Deployment,
  program: readonly Declared[],
  wanted: ReadonlyMap<string, Action["wanted"]>,
  foreign: ReadonlySet<string>,
): Promise<string[]> {
  const wrong: string[] = [];
  const service = serviceIn(deployment.stateFile);
  const { entries } = await deployment.state();
  const there = things(service);
  const owned = new Set([...entries.values()].flatMap((entry) => ownedBy(entry, service)));
  for (const { name } of program) if (!entries.has(name)) wrong.push(`${name} is not in the state`);
  if (entries.size > program.length) wrong.push(`the state has ${entries.size} resources`);
  for (const thing of there.keys()) {
    if (!owned.has(thing) && !foreign.has(thing)) wrong.push(`${thing} belongs to nobody`);
  }
  for (const thing of owned) if (!there.has(thing)) wrong.push(`${thing} is in the state and not there`);
  for (const version of publishedTwice(service)) wrong.push(`${version} was published twice`);
  for (const [name, entry] of entries) {
    const want = wanted.get(name);
    if (want === undefined) continue;
    const { code, when } = running(entry, service);
    if (!sameCode(code, want.code)) wrong.push(`production runs the code ${JSON.stringify(code)} of ${name}`);
    if (when !== want.when) wrong.push(`production runs ${name} at ${when}`);
  }
  return wrong;
}

/** An action of all kinds of task at once: the programs before, and the one whose run is killed. */
export interface Together {
  readonly name: string;
  readonly before: readonly Declared[][];
  readonly program: readonly Declared[];
  readonly wanted: ReadonlyMap<string, Action["wanted"]>;
}

/** The actions of some scenes together, one resource for each. One process has one site of WeData. */
export async function together(deployment: Deployment, names: readonly string[]): Promise<Together[]> {
  const { emulator } = deployment.emulator;
  const played = scenes.filter(({ name }) => names.includes(name));
  const perScene: Action[][] = [];
  for (const scene of played) {
    const { projectId } = scene.versions(emulator).first.args;
    const response = await fetch(`${emulator.control}/tasks`, {
      method: "POST",
      body: JSON.stringify({ service: serviceOf(scene.type), task: { ...scene.existing, ProjectId: projectId } }),
    });
    const { ids } = (await response.json()) as { ids: string[] };
    perScene.push(actionsOf(scene, emulator, ids[0] ?? ""));
  }
  // Two of them may change places: neither is in the way of the other when each has a name of its own.
  const renamed = (program: readonly Declared[], index: number): Declared[] =>
    program.map(({ type, args: { name, ...args } }) => ({
      name: `orders-${index}`,
      type,
      args: { ...args, ...(typeof name === "string" && { name: `${name}_of_${index}` }) },
    }));
  return (perScene[0] ?? []).map(({ name }, at) => {
    const actions = perScene.map((each) => each[at] as Action);
    return {
      name,
      before: (actions[0]?.before ?? []).map((_, step) =>
        actions.flatMap((action, index) => renamed(action.before[step] ?? [], index)),
      ),
      program: actions.flatMap((action, index) => renamed(action.program, index)),
      wanted: new Map(actions.map(({ wanted }, index) => [`orders-${index}`, wanted])),
    };
  });
}

const PLAYED = ["DataWorksTask", "DataWorksDISyncTask", "DataWorksDISyncTask in standard mode", "WeDataTask"] as const;
const VICTIMS: readonly EngineVictim[] = ["provider", "engine", "emulator"];

/** Kills on the real engine: some drawn with a seed, or every one of them. */
export async function engineStories(
  { seed, all }: Sample,
  row: (row: Row) => void,
  report: (failure: string) => void,
  most = 30,
): Promise<void> {
  const deployment = await Deployment.open();
  const counts = new Map<string, { tried: number; converged: number }>();
  try {
    // What was kept as adopted from is there in every story.
    const actions = (await together(deployment, PLAYED)).filter(({ name }) => name !== "adopt");
    const returns = new Map<string, { back: () => Promise<void>; calls: number }>();
    const blank = await deployment.keep("blank");
    for (const { name, before, program } of actions) {
      await blank();
      for (const earlier of before) {
        deployment.declare(earlier);
        await deployment.stack.up();
      }
      const back = await deployment.keep(name.replaceAll(" ", "-"));
      const made = await calls(deployment);
      deployment.declare(program);
      await deployment.stack.up();
      returns.set(name, { back, calls: (await calls(deployment)) - made });
    }
    const told = async (action: Together, kill: EngineKill): Promise<void> => {
      await returns.get(action.name)?.back();
      const ending = await engineStory(deployment, action.program, action.wanted, kill).catch(
        (error: Error): EngineEnding => ({ reached: true, wrong: [error.stack ?? error.message] }),
      );
      if (!ending.reached && ending.wrong.length === 0) return;
      const name = `engine, ${kill.victim} killed, ${action.name}`;
      const { tried, converged } = counts.get(name) ?? { tried: 0, converged: 0 };
      counts.set(name, { tried: tried + 1, converged: converged + (ending.wrong.length === 0 ? 1 : 0) });
      if (ending.wrong.length === 0) return;
      const at = `${kill.victim} killed ${kill.when} call ${kill.nth} (${ending.operation ?? "?"})`;
      report(`engine, ${action.name}: ${at}, then ${kill.recovery}: ${ending.wrong.join("; ")}`);
    };
    if (all) {
      for (const action of actions) {
        for (let nth = 1; nth <= (returns.get(action.name)?.calls ?? 0); nth += 1) {
          for (const victim of VICTIMS) {
            for (const when of ["before", "after"] as const) {
              for (const recovery of ["refresh, up", "up"] as const)
                await told(action, { victim, nth, when, recovery });
            }
          }
        }
      }
    } else {
      const draw = drawing(seed);
      for (let index = 0; index < most; index += 1) {
        const action = actions[index % actions.length] as Together;
        await told(action, {
          victim: VICTIMS[index % VICTIMS.length] as EngineVictim,
          nth: draw.below(returns.get(action.name)?.calls ?? 1) + 1,
          when: draw.one(["before", "after"]),
          recovery: draw.one(["refresh, up", "up"]),
        });
      }
    }
    for (const [name, counted] of counts) row({ name, ...counted });
  } finally {
    await deployment.close();
  }
}
