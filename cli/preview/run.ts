import { spawn } from "node:child_process";
import { UnreadableFile } from "./read";

/** How a preview is asked of the engine. */
export interface EngineRun {
  readonly stack?: string;
  /** The folder of the Pulumi project. */
  readonly folder: string;
  /** Read every task first. */
  readonly refresh?: boolean;
  /** Only these resources, by their URNs. */
  readonly targets?: readonly string[];
  /** What the program is told beside its own environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What `pulumi` prints for these arguments; a run that fails is told with the engine's own words. */
export function pulumi(
  args: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ stdout: string; stderr: string; code: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", args, {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...environment },
    });
    const [out, errors]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "ENOENT"
          ? new UnreadableFile("the pulumi command is not on PATH; install it, or give a file with a preview")
          : error,
      ),
    );
    child.on("close", (code) =>
      resolve({ stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(errors).toString(), code: code ?? 1 }),
    );
  });
}

export const stackArguments = (stack: string | undefined): string[] => (stack === undefined ? [] : ["--stack", stack]);

/** Whether secrets come in plain text: for calls of this process, and never written anywhere. */
export type Secrets = "secrets" | "plain";
const secretArguments = (secrets: Secrets): string[] => (secrets === "secrets" ? ["--show-secrets"] : []);

/** The state as `pulumi stack export` prints it; secrets that are not wanted are encrypted in it. */
export const stateText = (run: EngineRun, secrets: Secrets): Promise<string> =>
  told(["stack", "export", ...secretArguments(secrets)], run);

/** The configuration of a stack; secrets that are not wanted are left out. */
export async function configuration(run: EngineRun, secrets: Secrets): Promise<ReadonlyMap<string, string>> {
  const text = await told(["config", "--json", ...secretArguments(secrets)], run);
  const entries = Object.entries(
    JSON.parse(text === "" ? "{}" : text) as Record<string, { readonly value?: unknown; readonly secret?: boolean }>,
  );
  return new Map(
    entries.flatMap(([key, { value, secret }]) =>
      typeof value !== "string" || (secret === true && secrets === "plain") ? [] : [[key, value]],
    ),
  );
}

/** The text that `pulumi` prints about a stack, or its own words in one sentence. */
export async function told(args: readonly string[], { stack, folder }: EngineRun): Promise<string> {
  const whole = [...args, ...stackArguments(stack), "--non-interactive"];
  const { stdout, stderr, code } = await pulumi(whole, folder);
  if (code !== 0) throw new UnreadableFile(`pulumi ${whole.join(" ")} failed: ${reasonIn("", stderr || stdout)}`);
  return stdout;
}

export const targetArguments = (urns: readonly string[]): string[] => urns.flatMap((urn) => ["--target", urn]);

/** The text of `pulumi preview --json`. */
export async function previewText({ stack, folder, refresh, targets = [], environment }: EngineRun): Promise<string> {
  const args = [
    // The engine leaves out what stays the same unless it is asked.
    ...["preview", "--json", "--show-sames", "--non-interactive", ...stackArguments(stack)],
    ...(refresh ? ["--refresh"] : []),
    ...targetArguments(targets),
  ];
  const { stdout, stderr, code } = await pulumi(args, folder, environment);
  if (code !== 0) throw new UnreadableFile(`pulumi ${args.join(" ")} failed: ${reasonIn(stdout, stderr)}`);
  return stdout;
}

/** The engine tells errors in the document where it got so far, else on the error channel. */
function reasonIn(stdout: string, stderr: string): string {
  try {
    const { diagnostics = [] } = JSON.parse(stdout) as { diagnostics?: { severity?: string; message?: string }[] };
    const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ message = "" }) => message.trim());
    if (errors.length > 0) return errors.join("\n");
  } catch {
    // No document, then.
  }
  return stderr.trim() || stdout.trim().slice(0, 2_000) || "it gave no reason";
}
