import type { Emulator } from "../../../emulator/index";
import { dataworks } from "../../../tests/emulator/dataworks-client";

const PAGE = 100;

/** How often each name of a node stands in Data Studio: what was made and not published is no task, and shows here alone. */
export async function nodesOf(emulator: Emulator): Promise<Map<string, number>> {
  const call = dataworks(emulator);
  const counts = new Map<string, number>();
  const faults = await emulator.faults();
  await emulator.clearFaults();
  for (let page = 1; ; page += 1) {
    const answer = (await call("ListNodes", { ProjectId: emulator.projectId, PageNumber: page, PageSize: PAGE })) as {
      PagingInfo: { Nodes?: { Name: string }[] };
    };
    const { Nodes = [] } = answer.PagingInfo;
    for (const { Name } of Nodes) counts.set(Name, (counts.get(Name) ?? 0) + 1);
    if (Nodes.length < PAGE) break;
  }
  for (const { id: _id, matched: _matched, applied: _applied, ...rule } of faults) await emulator.fault(rule);
  return counts;
}
