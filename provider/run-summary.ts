import type { Cloud } from "./core/errors";
import type { Effort } from "./core/counters";
import type { Run } from "./runs";

const NAMES: Readonly<Record<Cloud, string>> = { dataworks: "DataWorks", wedata: "WeData" };
/** So many operations are named; the others are counted together. */
const MOST_NAMED = 5;
/** Shorter waits are the usual pace and no news. */
const NOTABLE_WAIT_MILLISECONDS = 1_000;

const rounded = (value: number): string => String(Math.round(value * 10) / 10);

/** What a cloud's limits and failures have cost, in words; none where they cost nothing. */
export const effortOf = ({ repeats, waited, day }: Effort): string[] => [
  ...(repeats > 0 ? [`${String(repeats)} of them repeated after a failure`] : []),
  ...(waited >= NOTABLE_WAIT_MILLISECONDS ? [`${rounded(waited / 1000)} s of waiting for limits`] : []),
  ...(day ? [`${String(day.used)} of today's ${String(day.allowed)} calls used`] : []),
];

/** What the runs of one engine have asked of each cloud, a line for each. */
export function summaryOf(runs: readonly Run[]): string[] {
  const clouds = [...new Set(runs.flatMap(({ calls }) => calls.map(({ cloud }) => cloud)))].sort();
  return clouds.map((cloud) => {
    const calls = new Map<string, number>();
    for (const call of runs.flatMap((run) => run.calls).filter((each) => each.cloud === cloud))
      calls.set(call.operation, (calls.get(call.operation) ?? 0) + call.count);
    const batches = runs.flatMap((run) => run.batches).filter((each) => each.cloud === cloud);
    const mean = (operation: string): string => {
      const own = batches.filter((each) => each.operation === operation);
      const count = own.reduce((sum, each) => sum + each.batches, 0);
      const items = own.reduce((sum, each) => sum + each.items, 0);
      return items > count ? ` of ${rounded(items / count)} tasks on average` : "";
    };
    const sorted = [...calls].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
    const named = sorted
      .slice(0, MOST_NAMED)
      .map(([operation, count]) => `${String(count)} ${operation}${mean(operation)}`);
    const others = sorted.slice(MOST_NAMED).reduce((sum, [, count]) => sum + count, 0);
    const sum = sorted.reduce((total, [, count]) => total + count, 0);
    const what = [...named, ...(others > 0 ? [`${String(others)} others`] : [])].join(", ");
    const efforts = runs.flatMap((run) => run.efforts.filter((each) => each.cloud === cloud)).flatMap(effortOf);
    return `${NAMES[cloud]}: ${String(sum)} ${sum === 1 ? "call" : "calls"} (${what})${efforts.map((effort) => `; ${effort}`).join("")}`;
  });
}
