import type { Part } from "../part";
import { matrix, someKills } from "./hooks";
import { engineStories } from "./engine";
import { tenStacks } from "./ten-stacks";

export const kill: Part = {
  name: "kill",
  title: "kills the provider process, the engine or the service at every call, and lets the next run go on",
  async run(sample, row, report) {
    await matrix(sample, row, report);
    await someKills({ seed: sample.seed, kills: 0, twice: sample.all ? 200 : 30 }, row, report);
    await engineStories(sample, row, report);
    await tenStacks(row, report);
  },
};
