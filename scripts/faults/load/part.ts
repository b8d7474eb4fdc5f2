import type { Part } from "../part";
import { loadHooks } from "./hooks";
import { REQUESTS_PER_SECOND, accidents } from "./service";

/** Hooks at once, as the engine has them on four cores. */
const PARALLEL = 16;
const TASKS = 1_000;

/**
 * Many tasks against services that are slow, strict and unreliable. With `--all` at their real pace (20 requests a second,
 * 50 to 800 ms, about half an hour); otherwise everything ten times as fast, with the same ratios.
 */
export const load: Part = {
  name: "load",
  title: `${TASKS} tasks, ${REQUESTS_PER_SECOND} requests a second, 50 to 800 ms each, 2 % failures of each of ${accidents.join(", ")} (a tenth of the time without --all): no failed run, no second task`,
  async run({ seed, all }, row, report) {
    await loadHooks({ seed, pace: all ? 1 : 10, count: TASKS, parallel: PARALLEL }, row, report);
  },
};
