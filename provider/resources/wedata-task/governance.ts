import { type Governance, asNumber, asText, governed } from "../../core/governed";
import { adoptedId, afterlife } from "../options";
import { type Arguments } from "./facts";

/** Accounts in a list, or names with semicolons between them. */
const asMany = (value: unknown): readonly string[] | undefined => {
  const all = Array.isArray(value) ? value.map(String) : (asText(value) ?? "").split(";");
  const named = all.map((each) => each.trim()).filter((each) => each !== "");
  return named.length === 0 ? undefined : named;
};

export const governance = (args: Arguments): Governance => ({
  workspace: governed(args, "projectId", asText),
  name: governed(args, "name", asText),
  owners: governed(args, args.owners === undefined && args.inCharge !== undefined ? "inCharge" : "owners", asMany),
  timeoutMinutes: governed(args, "executionTtlMinutes", (minutes) => {
    const limit = asNumber(minutes);
    return limit === undefined ? undefined : limit < 0 ? Infinity : limit;
  }),
  retries: args.retriable === false ? governed(args, "retriable", () => 0) : governed(args, "tryLimit", asNumber),
  resourceGroups: [governed(args, "resourceGroup", asText)],
  onDelete: {
    ...governed(args, "onDelete", () => undefined),
    value: afterlife(args, adoptedId(args) !== undefined),
  },
  schedule: args.cycleType === "Crontab" ? "crontabExpression" : "cycleType",
  // No argument of this kind pauses a task.
  halt: governed(args, "scheduleRunType", (word) => (word === "dryRun" || word === 1 ? "skips" : undefined)),
});
