import type { Part, Row } from "../part";
import { Deployment } from "./deployment";
import { engineStories, together } from "./engine";
import { matrix, someKills } from "./hooks";
import { incidents } from "./incidents";
import { tenStacks } from "./ten-stacks";

export const kill: Part = {
  name: "kill",
  title: "kills the provider process, the engine or the service at every call, and lets the next run go on",
  async run(sample, row, report) {
    await matrix(sample, row, report);
    await someKills({ seed: sample.seed, kills: 0, twice: sample.all ? 200 : 30 }, row, report);
    await engineStories(sample, row, report);
    await everyIncident(row, report);
    await tenStacks(row, report);
  },
};

async function everyIncident(row: (row: Row) => void, report: (failure: string) => void): Promise<void> {
  const deployment = await Deployment.open({ stageMilliseconds: 300 });
  try {
    const [create] = await together(deployment, ["DataWorksTask", "WeDataTask"]);
    const blank = await deployment.keep("blank");
    for (const [name, incident] of incidents) {
      await blank();
      const wrong = await incident(deployment, create?.program ?? []).catch((error: unknown) => [String(error)]);
      for (const failure of wrong) report(`engine, ${name}: ${failure}`);
      row({ name: `engine, ${name}`, tried: 1, converged: wrong.length === 0 ? 1 : 0 });
    }
  } finally {
    await deployment.close();
  }
}
