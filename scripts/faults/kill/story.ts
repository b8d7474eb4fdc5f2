import { copyFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmulator } from "../../../emulator/index";
import type { Emulator, EmulatorOptions, HoldRule } from "../../../emulator/index";
import { EmulatorProcess, holding } from "./processes";
import type { ProviderProcess } from "./processes";
import type { Action, Scene } from "./scenes";
import { serviceIn, things, ownedBy, publishedTwice, running, sameCode } from "./service";
import { RunFailed, Stack, isGone } from "./stack";
import type { Declared, Entry } from "./stack";

export type Victim = "provider" | "emulator";

/** Where a kill comes, and how the story goes on. */
export interface Kill extends HoldRule {
  readonly victim: Victim;
  /** Refresh before the next `up`, as the documentation has it, or go on at once, as people do. */
  readonly recovery: "refresh, up" | "up";
  /** How long an asynchronous stage takes: short, it is over when the next run looks; long, it is still under way. */
  readonly stageMilliseconds: number;
  /** The next run is killed too, at this call. */
  readonly again?: HoldRule;
}

/** A story up to the moment at which the killed run begins. */
export interface Beginning {
  readonly scene: Scene;
  readonly action: Action;
  readonly entries: ReadonlyMap<string, Entry>;
  /** What the service has at that moment. */
  readonly stateFile: string;
  /** What was there before anything of this story. */
  readonly foreign: ReadonlySet<string>;
  readonly folder: string;
  readonly environment: Record<string, string>;
  readonly start: () => Promise<ProviderProcess>;
}

export interface Ending {
  /** The run came to the call at which it was to be killed. */
  readonly reached: boolean;
  readonly operation?: string;
  /** What is not as it should be; nothing when the story converged. */
  readonly wrong: readonly string[];
}

const SETTINGS = { switches: {}, seed: 1 } as const;

export const configOf = ({ switches }: Pick<Scene, "switches">, emulator: Emulator): Record<string, string> => ({
  "dataworks:endpoint": emulator.dataworks,
  "dataworks:region": "cn-shanghai",
  "dataworks:accessKeyId": emulator.accessKeyId,
  "dataworks:accessKeySecret": emulator.accessKeySecret,
  "dataworks:requestsPerSecond": "10000",
  "wedata:endpoint": emulator.wedata,
  "wedata:region": "ap-guangzhou",
  "wedata:site": switches?.["wedataSite"] === "intl" ? "intl" : "cn",
  "wedata:secretId": emulator.secretId,
  "wedata:secretKey": emulator.secretKey,
  "wedata:requestsPerSecond": "10000",
});

/** An emulator in this process or in one that can be killed. */
interface Theatre {
  readonly control: string;
  readonly emulator: () => Emulator;
  readonly close: () => Promise<void>;
}

let stories = 0;

/** Tells one story: a run that is killed, the next ones, and what is left. */
export async function tell(beginning: Beginning, kill: Kill): Promise<Ending> {
  const { scene, action, folder, environment } = beginning;
  const stateFile = path.join(folder, `story-${(stories += 1)}.json`);
  copyFileSync(beginning.stateFile, stateFile);
  const options: EmulatorOptions = {
    ...SETTINGS,
    switches: { ...scene.switches },
    state: stateFile,
    stageMilliseconds: kill.stageMilliseconds,
  };
  const killable = kill.victim === "emulator" ? await EmulatorProcess.start(environment, options) : undefined;
  await killable?.standBy();
  const here = killable === undefined ? await startEmulator(options) : undefined;
  const theatre: Theatre = {
    control: here?.control ?? killable?.emulator.control ?? "",
    emulator: () => (here ?? killable?.emulator) as Emulator,
    close: async () => void (await Promise.all([here?.close(), killable?.close()])),
  };
  const stack = new Stack(beginning.entries);
  // Also those that are not there yet when the story is over.
  const processes: Promise<ProviderProcess>[] = [];
  const provider = async (): Promise<ProviderProcess> => {
    const starting = beginning.start();
    processes.push(starting);
    const process = await starting;
    await process.call(scene.type, "configure", configOf(scene, theatre.emulator()));
    return process;
  };
  try {
    const first = await provider();
    const next = provider();
    next.catch(() => undefined);
    const killed = await killedRun(theatre, killable, first, kill, () => stack.up(first, action.program));
    const { reached, operation } = killed;
    if (!reached) return { reached, wrong: killed.failure === undefined ? [] : [`unkilled: ${killed.failure}`] };
    let second = await next;
    if (kill.again !== undefined) {
      const run = () => recovered(stack, second, action.program, kill.recovery);
      const again = await killedRun(theatre, killable, second, { ...kill, ...kill.again }, run);
      if (!again.reached && again.failure === undefined) return { reached: false, wrong: [] };
      second = await provider();
    }
    const wrong = await recovered(stack, second, action.program, kill.recovery).then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (wrong !== undefined) return { reached, ...(operation && { operation }), wrong: [`the next up: ${wrong}`] };
    const problems = await judged(beginning, stack, second, provider, stateFile);
    return { reached, ...(operation && { operation }), wrong: problems };
  } finally {
    await Promise.all(processes.map(async (process) => (await process).kill()));
    await theatre.close();
  }
}

/** The longest that a run needs to come to a call; nobody waits that long as a rule. */
const PATIENCE_MILLISECONDS = 60_000;
/** How long a killed emulator stays away: long enough for the hooks to notice, and to try again. */
const AWAY_MILLISECONDS = 150;

async function killedRun(
  { control }: Theatre,
  killable: EmulatorProcess | undefined,
  provider: ProviderProcess,
  { victim, nth, when }: Pick<Kill, "victim" | "nth" | "when">,
  run: () => Promise<unknown>,
): Promise<{ reached: boolean; operation?: string; failure?: string }> {
  const hold = holding(control);
  await hold.set({ nth, when });
  let failure: string | undefined;
  const over = run().then(
    () => true,
    (error: unknown) => {
      if (!isGone(error)) failure = error instanceof Error ? error.message : String(error);
      if (!isGone(error) && !(error instanceof RunFailed)) throw error;
      return true;
    },
  );
  const held = await Promise.race([hold.reached(PATIENCE_MILLISECONDS), over.then(() => undefined)]);
  const operation = held?.operation;
  if (operation === undefined) {
    await over;
    await hold.release("go");
    return { reached: false, ...(failure !== undefined && { failure }) };
  }
  if (victim === "provider") {
    await provider.kill();
    // Before: it never left the machine that died. After: its answer reaches nobody.
    await hold.release("drop");
  } else if (killable !== undefined) {
    await killable.kill();
    await sleep(AWAY_MILLISECONDS);
    await killable.restart();
  }
  await over;
  return { reached: true, operation, ...(failure !== undefined && { failure }) };
}

async function recovered(
  stack: Stack,
  provider: ProviderProcess,
  program: readonly Declared[],
  recovery: Kill["recovery"],
): Promise<void> {
  if (recovery === "refresh, up") await stack.refresh(provider);
  await stack.up(provider, program);
}

/** What is not as it should be after the recovery, and after everything has been destroyed. */
async function judged(
  { action, foreign }: Beginning,
  stack: Stack,
  provider: ProviderProcess,
  another: () => Promise<ProviderProcess>,
  stateFile: string,
): Promise<string[]> {
  const wrong: string[] = [];
  if (action.stays) await stack.up(provider, action.program);
  const service = serviceIn(stateFile);
  const there = [...things(service).keys()].filter((thing) => !foreign.has(thing));
  const entries = [...stack.entries];
  const owned = new Set(entries.flatMap(([, entry]) => ownedBy(entry, service)));
  const known = (thing: string) => things(service).has(thing);
  for (const { name } of action.program) if (!stack.entries.has(name)) wrong.push(`${name} is not in the state`);
  if (entries.length > action.program.length) wrong.push(`the state has ${entries.length} resources`);
  for (const thing of there.filter((each) => !owned.has(each))) wrong.push(`${thing} belongs to nobody`);
  for (const thing of [...owned].filter((each) => !known(each))) wrong.push(`${thing} is in the state and not there`);
  for (const version of publishedTwice(service)) wrong.push(`${version} was published twice`);
  for (const [, entry] of action.wanted === undefined ? [] : entries) {
    const { code, when } = running(entry, service);
    if (!sameCode(code, action.wanted?.code ?? "")) wrong.push(`production runs the code ${JSON.stringify(code)}`);
    if (when !== action.wanted?.when) wrong.push(`production runs at ${when}`);
  }
  const again = new Stack(stack.entries);
  const moved = await again.refresh(provider);
  if (moved.length > 0) wrong.push("a refresh finds a drift");
  const done = [...(await again.up(provider, action.program)), ...(await stack.up(provider, action.program))];
  if (done.length > 0) wrong.push(`a second up does ${done.join(", ")}`);
  await stack.up(await another(), []);
  const left = [...things(serviceIn(stateFile)).keys()];
  for (const thing of left.filter((each) => !foreign.has(each))) wrong.push(`${thing} is left after the destroy`);
  for (const thing of foreign) if (!left.includes(thing)) wrong.push(`${thing}, which is not ours, is gone`);
  return wrong;
}
