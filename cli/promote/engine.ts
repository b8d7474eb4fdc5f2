import { spawn } from "node:child_process";
import { stackArguments, told } from "../preview/run";

/** Where `pulumi` runs, and for which stack. */
export interface Place {
  readonly folder: string;
  readonly stack: string;
}

/** So many runs of a history are asked for at once. */
const PAGE = 50;

/** A run as the history of a stack tells it. */
interface Run {
  readonly kind?: string;
  readonly result?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  /** The options among it, as `pulumi.flag.target`. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * When those refreshes of a stack ran that no deployment of the whole stack has followed, milliseconds since the epoch. What
 * a refresh has recorded and such a deployment has left so, its program says too.
 */
export async function refreshesOf(place: Place): Promise<{ from: number; to: number }[]> {
  const since: Run[] = [];
  for (let page = 1; ; page++) {
    const size = ["--page-size", String(PAGE), "--page", String(page)];
    const text = await told(["stack", "history", "--json", ...size], place);
    const runs = JSON.parse(text === "" ? "[]" : text) as Run[] | null;
    const whole = runs?.findIndex(deploysAll) ?? -1;
    since.push(...(runs ?? []).slice(0, whole < 0 ? undefined : whole));
    if (whole >= 0 || (runs?.length ?? 0) < PAGE) break;
  }
  return since
    .filter(({ kind }) => kind === "refresh")
    .map(({ startTime = "", endTime = "" }) => ({ from: Date.parse(startTime), to: Date.parse(endTime) }))
    .filter(({ from, to }) => !Number.isNaN(from) && !Number.isNaN(to));
}

const deploysAll = ({ kind, result, environment = {} }: Run): boolean =>
  kind === "update" &&
  result === "succeeded" &&
  !Object.keys(environment).some((name) => /^pulumi\.flag\.(target|exclude)/.test(name));

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
