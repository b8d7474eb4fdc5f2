import type { PlannedCall } from "../../provider/core/outlook";
import type { Review } from "./model";

export type CallSum = Review["calls"];

/** Calls a day by edition, where it has a limit (DataWorks "Use OpenAPI" page). */
const DAILY: Readonly<Record<string, number>> = { basic: 100 };

/** How many writing calls a deployment makes: tasks of one account and environment share those that carry many. */
export function callSum(
  tasks: readonly { readonly planned: readonly PlannedCall[]; readonly place: string }[],
  config: Readonly<Record<string, string>>,
): CallSum {
  const lanes = new Map<string, { operation: string; shared: number; tasks: number }>();
  for (const { planned, place } of tasks) {
    for (const { operation, shared } of planned) {
      const key = `${operation}\n${shared > 1 ? place : ""}`;
      const lane = lanes.get(key) ?? { operation, shared, tasks: 0 };
      lanes.set(key, { ...lane, tasks: lane.tasks + 1 });
    }
  }
  const byOperation = new Map<string, { operation: string; calls: number; tasks: number }>();
  for (const { operation, shared, tasks: count } of lanes.values()) {
    const known = byOperation.get(operation) ?? { operation, calls: 0, tasks: 0 };
    byOperation.set(operation, {
      operation,
      calls: known.calls + Math.ceil(count / shared),
      tasks: known.tasks + count,
    });
  }
  const list = [...byOperation.values()].sort((one, other) => (one.operation < other.operation ? -1 : 1));
  const daily = DAILY[(config["dataworks:edition"] ?? "").toLowerCase()];
  return {
    byOperation: list,
    total: list.reduce((sum, { calls }) => sum + calls, 0),
    ...(daily !== undefined && { daily }),
  };
}
