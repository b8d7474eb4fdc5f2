import { type Governance, asNumber, asOnly, asText, governed } from "../../core/governed";
import { adoptedId, afterlife } from "../options";
import { type DataWorksDISyncTaskArguments } from "./arguments";

const HALTS: Readonly<Record<string, "paused" | "skips">> = { PAUSE: "paused", SKIP: "skips" };

export const governance = (args: Partial<DataWorksDISyncTaskArguments>): Governance => ({
  workspace: governed(args, "projectId", asText),
  name: governed(args, "name", asText),
  owners: governed(args, "owner", asOnly),
  // No document has a unit; the console counts hours, and shows 0 as no limit.
  timeoutMinutes: governed(args, "schedule.timeout", (hours) => {
    const limit = asNumber(hours);
    return limit === undefined ? undefined : limit === 0 ? Infinity : limit * 60;
  }),
  retries:
    args.schedule?.rerunMode === "ALL_DENIED"
      ? governed(args, "schedule.rerunMode", () => 0)
      : governed(args, "schedule.rerunTimes", asNumber),
  resourceGroups: [governed(args, "resourceGroup", asText), governed(args, "schedule.resourceGroupIdentifier", asText)],
  onDelete: {
    ...governed(args, "onDelete", () => undefined),
    value: afterlife(args, adoptedId(args) !== undefined),
  },
  schedule: "schedule.cron",
  halt:
    args.schedule?.stop === true
      ? governed(args, "schedule.stop", () => "paused")
      : governed(args, "schedule.schedulerType", (word) => HALTS[word as string]),
});
