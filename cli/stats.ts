import { effortOf } from "../provider/run-summary";
import { type Run, recordedRuns, runsFolder } from "../provider/runs";

export interface StatsFlags {
  run?: string;
  here?: true;
  list?: true;
  json?: true;
}

/** What a recorded run asked of the clouds, as text: the newest one, unless another is named. */
export function stats(flags: StatsFlags, folder = runsFolder(), here = process.cwd()): string {
  const runs = recordedRuns(folder, flags.here ? here : undefined);
  if (runs.length === 0) {
    throw new Error(
      `no run is recorded${flags.here ? ` for ${here}` : ""} in ${folder}; \`pulumi up\`, \`refresh\` and \`destroy\` record themselves when they call a cloud`,
    );
  }
  if (flags.list) {
    return flags.json
      ? JSON.stringify(
          runs.map(({ id, started, folder: of, calls }) => ({ id, started, folder: of, calls: sum(calls) })),
        )
      : runs.map((run) => `${run.id}  ${sum(run.calls)} calls  ${run.folder}`).join("\n");
  }
  const run = flags.run === undefined ? runs.at(-1) : runs.find(({ id }) => id === flags.run);
  if (!run) throw new Error(`there is no run ${JSON.stringify(flags.run)}; \`data-tasks stats --list\` names them`);
  return flags.json ? JSON.stringify(run) : describe(run);
}

const sum = (calls: readonly { count: number }[]) => calls.reduce((total, { count }) => total + count, 0);

function describe(run: Run): string {
  const calls = [...run.calls].sort((a, b) => b.count - a.count || (a.operation < b.operation ? -1 : 1));
  const width = Math.max(0, ...calls.map(({ cloud, operation }) => cloud.length + operation.length + 1));
  const lines = calls.map(
    ({ cloud, operation, outcome, count }) =>
      `  ${`${cloud} ${operation}`.padEnd(width)}  ${String(count).padStart(5)}${outcome === "ok" ? "" : `  ${outcome}`}`,
  );
  const batches = run.batches.map(
    ({ cloud, operation, batches: count, items }) =>
      `  ${cloud} ${operation}, ${String(count)} ${count === 1 ? "call" : "calls"}, ${String(Math.round((10 * items) / count) / 10)} tasks each on average`,
  );
  const efforts = run.efforts.flatMap((effort) => effortOf(effort).map((words) => `  ${effort.cloud}: ${words}`));
  const updates = byOperation(run);
  return [
    `Run ${run.id}, begun ${run.started}, in ${run.folder}`,
    `${sum(calls)} calls`,
    ...lines,
    ...(batches.length > 0 ? ["Batches", ...batches] : []),
    ...(efforts.length > 0 ? ["Pace", ...efforts] : []),
    ...(updates.length > 0 ? ["Updates, by what they carried", ...updates] : []),
  ].join("\n");
}

/** For each operation how many tasks it was used for, and how often each property went with it. */
function byOperation({ carried }: Run): string[] {
  return [...new Set(carried.map(({ operation }) => operation))].sort().map((operation) => {
    const calls = carried.filter((call) => call.operation === operation);
    const counts = new Map<string, number>();
    for (const property of calls.flatMap(({ properties }) => properties)) {
      counts.set(property, (counts.get(property) ?? 0) + 1);
    }
    const properties = [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
    const tasks = new Set(calls.map(({ kind, task }) => `${kind} ${task}`)).size;
    const what = properties.map(([property, count]) => (count === 1 ? property : `${property} (${count})`)).join(", ");
    return `  ${operation}, ${tasks} ${tasks === 1 ? "task" : "tasks"}${what === "" ? "" : `: ${what}`}`;
  });
}
