import { type Governance, asNumber, asOnly, asText, governed } from "../../core/governed";
import { adoptedId, afterlife } from "../options";
import { type Kept } from "./facts";

const HALTS: Readonly<Record<string, "paused" | "skips">> = { Pause: "paused", Skip: "skips" };

export const governance = (args: Kept): Governance => ({
  workspace: governed(args, "projectId", asText),
  name: governed(args, "name", asText),
  owners: governed(args, "owner", asOnly),
  // 0 is what tasks without a limit have.
  timeoutMinutes: governed(args, "timeoutSeconds", (seconds) => {
    const limit = asNumber(seconds);
    return limit === undefined ? undefined : limit === 0 ? Infinity : limit / 60;
  }),
  retries:
    args.rerunMode === "AllDenied" ? governed(args, "rerunMode", () => 0) : governed(args, "rerunTimes", asNumber),
  resourceGroups: [governed(args, "runtimeResource.resourceGroupId", asText)],
  onDelete: {
    ...governed(args, "onDelete", () => undefined),
    value: afterlife(args, adoptedId(args) !== undefined),
  },
  schedule: "trigger.cron",
  halt: governed(args, "trigger.recurrence", (word) => HALTS[word as string]),
});
