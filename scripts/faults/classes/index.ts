import type { Part, Row } from "../part";
import { seededRandom } from "../../../emulator/store";
import { type Scene, scenes } from "./scenes";
import { open } from "./stage";
import { type Trial, callsOf, deeds, tried } from "./trial";
import { troubles } from "./troubles";

/** How many trials of a scene a sample has. */
const SAMPLE = 110;

export const classes: Part = {
  name: "classes",
  title: "every class of error, at every call of every hook",
  async run({ seed, all }, row, report) {
    const counts = new Map<string, { tried: number; converged: number }>();
    const count = (name: string, converged: boolean) => {
      const known = counts.get(name) ?? { tried: 0, converged: 0 };
      counts.set(name, { tried: known.tried + 1, converged: known.converged + Number(converged) });
    };
    for (const scene of scenes) {
      const here: Row = { name: scene.name, ...(await played(scene, seed, all ? Infinity : SAMPLE, report, count)) };
      row(here);
    }
    for (const [name, numbers] of [...counts].sort()) row({ name, ...numbers });
  },
};

/** Plays trials of a scene, some or all of them. */
export async function played(
  scene: Scene,
  seed: number,
  most: number,
  report: (failure: string) => void,
  count: (name: string, converged: boolean) => void = () => undefined,
): Promise<Omit<Row, "name">> {
  let stage = await open(scene, seed);
  let [all, converged] = [0, 0];
  try {
    const trials = await trialsOf(scene, stage);
    const random = seededRandom(seed);
    const chosen = most >= trials.length ? trials : sample(trials, most, random);
    for (const trial of chosen) {
      let well = true;
      try {
        if (!(await tried(stage, trial))) continue;
      } catch (error) {
        well = false;
        report(`${scene.name}, ${described(trial)}: ${(error as Error).message.split("\n")[0] ?? ""}`);
        await stage.close();
        stage = await open(scene, seed);
      }
      all += 1;
      converged += Number(well);
      count(`class ${trial.trouble.errorClass}`, well);
      count(`hook ${trial.deed}`, well);
    }
  } finally {
    await stage.close();
  }
  return { tried: all, converged };
}

const described = ({ deed, edit, trouble, nth, lasts, refreshes }: Trial): string =>
  `${deed}${edit === undefined ? "" : ` of ${edit}`}, ${trouble.name} at call ${nth} ${lasts}${refreshes ? ", then a refresh" : ""}`;

/** All trials there are: each deed, each of its calls, each trouble, once and all along. */
async function trialsOf(scene: Scene, stage: Parameters<typeof tried>[0]): Promise<Trial[]> {
  const trials: Trial[] = [];
  for (const deed of deeds) {
    for (const edit of deed === "update" ? Object.keys(scene.edits) : [undefined]) {
      // The first time something may be learnt about the service, by calls that are not made again.
      await callsOf(stage, deed, edit);
      const calls = await callsOf(stage, deed, edit);
      for (const [index, operation] of calls.entries()) {
        for (const trouble of troubles) {
          if (trouble.cloud !== undefined && trouble.cloud !== scene.cloud) continue;
          if (trouble.only?.test(operation) === false) continue;
          for (const lasts of ["once", "all along"] as const) {
            const refreshes = (index + trials.length) % 3 === 0;
            trials.push({ deed, ...(edit !== undefined && { edit }), trouble, nth: index + 1, lasts, refreshes });
          }
        }
      }
    }
  }
  return trials;
}

/** Some of them, each class of trouble as often as the others. */
function sample(trials: readonly Trial[], most: number, random: () => number): Trial[] {
  const groups = new Map<string, Trial[]>();
  for (const trial of trials) {
    const group = `${trial.trouble.errorClass} ${trial.deed}`;
    groups.set(group, [...(groups.get(group) ?? []), trial]);
  }
  const waiting = [...groups.values()];
  const chosen: Trial[] = [];
  for (let turn = 0; chosen.length < Math.min(most, trials.length); turn += 1) {
    const group = waiting[turn % waiting.length] as Trial[];
    const [one] = group.splice(Math.floor(random() * group.length), 1);
    if (one !== undefined) chosen.push(one);
  }
  return chosen;
}
