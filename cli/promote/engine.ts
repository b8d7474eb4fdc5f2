import { spawn } from "node:child_process";
import { stackArguments, told } from "../preview/run";

/** Where `pulumi` runs, and for which stack. */
export interface Place {
  readonly folder: string;
  readonly stack: string;
}

/** How far back refreshes are looked for. */
const LOOKED_AT = 50;

/** When the latest refreshes of a stack ran, milliseconds since the epoch. */
export async function refreshesOf(place: Place): Promise<{ from: number; to: number }[]> {
  const text = await told(["stack", "history", "--json", "--page-size", String(LOOKED_AT), "--page", "1"], place);
  const entries = JSON.parse(text === "" ? "[]" : text) as
    { kind?: string; startTime?: string; endTime?: string }[] | null;
  return (entries ?? [])
    .filter(({ kind }) => kind === "refresh")
    .map(({ startTime = "", endTime = "" }) => ({ from: Date.parse(startTime), to: Date.parse(endTime) }))
    .filter(({ from, to }) => !Number.isNaN(from) && !Number.isNaN(to));
}

/** Deploys a stack, showing what the engine says as it goes; gives its exit code. */
export function deployed(
  { folder, stack }: Place,
  more: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<number> {
  const args = ["up", "--yes", "--skip-preview", "--non-interactive", ...stackArguments(stack), ...more];
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", args, {
      cwd: folder,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...environment },
    });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}
