import { type Leaf, isAsset } from "../../provider/core/fields";
import { stableText } from "../../provider/core/record";
import { UNKNOWN } from "../../provider/core/fields";
import { SECRET } from "../preview/preview";

/** Longer values are cut in a table; the whole stands in the JSON document or the script beside it. */
const LONGEST = 300;

/** A value as a reader takes it in: units named, text without quotes, unknown and secret values told as such. */
export function shown(leaf: Leaf<unknown>, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (value === UNKNOWN) return "(known after the deployment)";
  if (value === SECRET) return SECRET;
  if (isAsset(value)) return `${value.path ?? "text"} (${(value.hash ?? "").slice(0, 8)})`;
  if (leaf.kind === "list" && Array.isArray(value)) {
    if (value.length === 0) return "(none)";
    return cut(value.map((item) => plain(item)).join("; "));
  }
  if (typeof value === "number" && leaf.unit !== undefined) return withUnit(value, leaf.unit);
  if (value === "") return "(empty)";
  return cut(plain(value));
}

function plain(value: unknown): string {
  if (typeof value === "string") return value.replaceAll(UNKNOWN, "(known after the deployment)");
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.entries(value)
      .map(([name, member]) => `${name}: ${typeof member === "string" ? plain(member) : stableText(member)}`)
      .join(", ");
  }
  return stableText(value);
}

const cut = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`);

const SHORT: Readonly<Record<string, string>> = { seconds: "s", minutes: "min", hours: "h" };

/** `120` seconds as `120 s (2 min)`. */
export function withUnit(value: number, unit: string): string {
  const text = `${value} ${SHORT[unit] ?? unit}`;
  const seconds = unit === "seconds" ? value : unit === "minutes" ? value * 60 : undefined;
  const smallest = unit === "seconds" ? 60 : 3600;
  if (seconds === undefined || seconds < smallest) return text;
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  const parts = [
    ...(hours > 0 ? [`${hours} h`] : []),
    ...(minutes > 0 ? [`${minutes} min`] : []),
    ...(rest > 0 ? [`${rest} s`] : []),
  ];
  return `${text} (${parts.join(" ")})`;
}
