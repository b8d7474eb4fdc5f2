import { beginnings, callsOf, ground, scenes } from "./matrix";
import { tell } from "./story";
import type { Beginning, Ending, Kill, Victim } from "./story";
import { drawing } from "./drawing";
import type { Row, Sample } from "../part";

/** As many stories at a time: they wait for polls and back-offs more than they compute. */
const AT_ONCE = 6;
const VICTIMS: readonly Victim[] = ["provider", "emulator"];

type Tell = (row: Row) => void;
type Report = (failure: string) => void;

/** Every boundary of every action of every kind of task, for either victim; `all` goes on in every way from each of them. */
export async function matrix({ all }: Sample, row: Tell, report: Report): Promise<void> {
  const place = ground();
  try {
    const told = (await Promise.all(scenes.map((scene) => beginnings(scene, place)))).flat();
    const lengths = new Map<Beginning, number>();
    await several(told.map((beginning) => async () => void lengths.set(beginning, await callsOf(beginning))));
    for (const victim of VICTIMS) {
      for (const action of new Set(told.map((beginning) => beginning.action.name))) {
        const boundaries = told
          .filter((beginning) => beginning.action.name === action)
          .flatMap((beginning) =>
            Array.from({ length: lengths.get(beginning) ?? 0 }, (_, index) => index + 1).flatMap((nth) =>
              (["before", "after"] as const).flatMap((when) =>
                killsAt(victim, nth, when, all).map((kill) => ({ beginning, kill })),
              ),
            ),
          );
        const endings: Ending[] = [];
        await several(
          boundaries.map(({ beginning, kill }) => async () => {
            const ending = await judgedStory(beginning, kill, report);
            // A run that waits makes now more calls, now fewer: the last ones are not always there.
            if (ending.reached) endings.push(ending);
          }),
        );
        const converged = endings.filter(({ wrong }) => wrong.length === 0).length;
        row({ name: `hooks, ${victim} killed, ${action}`, tried: endings.length, converged });
      }
    }
  } finally {
    await place.close();
  }
}

/** Kills drawn with a seed: `kills` of them one by one, and `twice` that are followed by another in the next run. */
export async function someKills(
  { seed, kills, twice }: { seed: number; kills: number; twice: number },
  row: Tell,
  report: Report,
): Promise<void> {
  const place = ground();
  const told = new Map<string, Promise<Beginning[]>>();
  const story = async (number: number, again: boolean): Promise<Ending> => {
    // Each story draws for itself: which of them comes first is left to chance.
    const draw = drawing(seed + number);
    const when = () => draw.one(["before", "after"] as const);
    // A run that is over before its call comes has not been killed: another one is drawn.
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const scene = draw.one(scenes);
      const known = told.get(scene.name) ?? beginnings(scene, place);
      told.set(scene.name, known);
      const kill: Kill = {
        victim: draw.one(VICTIMS),
        nth: draw.below(10) + 1,
        when: when(),
        recovery: draw.one(["refresh, up", "up"] as const),
        stageMilliseconds: draw.one([20, 300]),
        ...(again && { again: { nth: draw.below(6) + 1, when: when() } }),
      };
      const beginning = draw.one(await known);
      const ending = await judgedStory(beginning, kill, report);
      if (ending.reached) return ending;
    }
    return { reached: true, wrong: ["no call was reached"] };
  };
  const tried = async (name: string, number: number, again: boolean): Promise<void> => {
    if (number === 0) return;
    const counts = new Map<string, { tried: number; converged: number }>();
    await several(
      Array.from({ length: number }, (_, index) => async () => count(counts, name, await story(index, again))),
    );
    row({ name, ...(counts.get(name) ?? { tried: 0, converged: 0 }) });
  };
  try {
    await tried("hooks, some killed", kills, false);
    await tried("hooks, killed twice", twice, true);
  } finally {
    await Promise.allSettled(told.values());
    await place.close();
  }
}

/** The ways to go on after a kill at a boundary: all of them, or one after the other in turn. */
function killsAt(victim: Victim, nth: number, when: Kill["when"], all: boolean): Kill[] {
  const recoveries = ["refresh, up", "up"] as const;
  const stages = [20, 300];
  const turn = nth + (when === "after" ? 1 : 0);
  return recoveries
    .filter((_, index) => all || index === turn % 2)
    .flatMap((recovery) =>
      stages
        .filter((_, index) => all || index === Math.floor(turn / 2) % 2)
        .map((stageMilliseconds) => ({ victim, nth, when, recovery, stageMilliseconds })),
    );
}

async function judgedStory(beginning: Beginning, kill: Kill, report: Report): Promise<Ending> {
  const { scene, action } = beginning;
  const ending = await tell(beginning, kill).catch((error: Error): Ending => ({
    reached: true,
    wrong: [error.stack ?? error.message],
  }));
  if (ending.wrong.length > 0) {
    const { victim, nth, when, recovery, stageMilliseconds, again } = kill;
    const at = `${victim} killed ${when} call ${nth} (${ending.operation ?? "?"})`;
    const twice = again === undefined ? "" : `, again ${again.when} call ${again.nth}`;
    report(
      `${scene.name}, ${action.name}: ${at}${twice}, then ${recovery}, stages of ${stageMilliseconds} ms: ${ending.wrong.join("; ")}`,
    );
  }
  return ending;
}

function count(counts: Map<string, { tried: number; converged: number }>, name: string, { wrong }: Ending): void {
  const { tried, converged } = counts.get(name) ?? { tried: 0, converged: 0 };
  counts.set(name, { tried: tried + 1, converged: converged + (wrong.length === 0 ? 1 : 0) });
}

/** Does all of it, a few at a time. */
export async function several(work: readonly (() => Promise<void>)[], atOnce = AT_ONCE): Promise<void> {
  const left = [...work];
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await next();
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
