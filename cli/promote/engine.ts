import { spawn } from "node:child_process";
import { UnreadableFile } from "../preview/read";
import { pulumi, stackArguments } from "../preview/run";

/** Where `pulumi` runs, and for which stack. */
export interface Place {
  readonly folder: string;
  readonly stack: string;
}

/** The text that `pulumi` prints, or its own words in one sentence. */
async function told(args: readonly string[], { folder, stack }: Place): Promise<string> {
  const whole = [...args, ...stackArguments(stack), "--non-interactive"];
  const { stdout, stderr, code } = await pulumi(whole, folder);
  if (code !== 0) throw new UnreadableFile(`pulumi ${whole.join(" ")} failed: ${stderr.trim() || stdout.trim()}`);
  return stdout;
}

/** The state of a stack, its secrets encrypted. */
export const exported = (place: Place): Promise<string> => told(["stack", "export"], place);

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

/**
 * The configuration of a stack. With `secrets` also those, in plain text: for calls of this process, and never written
 * anywhere; without they are left out.
 */
export async function configurationOf(
  place: Place,
  secrets: "secrets" | "plain",
): Promise<ReadonlyMap<string, string>> {
  const text = await told(["config", "--json", ...(secrets === "secrets" ? ["--show-secrets"] : [])], place);
  const entries = JSON.parse(text === "" ? "{}" : text) as Record<string, { value?: string; secret?: boolean }>;
  return new Map(
    Object.entries(entries).flatMap(([key, { value, secret }]) =>
      value === undefined || (secret === true && secrets === "plain") ? [] : [[key, value]],
    ),
  );
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
