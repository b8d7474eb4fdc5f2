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

/** The state as `pulumi stack export` prints it, secrets in plain text. */
export const stateText = ({ stack, folder }: EngineRun): Promise<string> =>
  output(["stack", "export", "--show-secrets", ...stackArguments(stack)], folder);

/** The configuration of a stack, secrets in plain text. */
export async function configuration({ stack, folder }: EngineRun): Promise<ReadonlyMap<string, string>> {
  const text = await output(["config", "--json", "--show-secrets", ...stackArguments(stack)], folder);
  const entries = Object.entries(JSON.parse(text) as Record<string, { readonly value?: unknown }>);
  return new Map(entries.flatMap(([key, { value }]) => (typeof value === "string" ? [[key, value]] : [])));
}

async function output(args: readonly string[], folder: string): Promise<string> {
  const { stdout, stderr, code } = await pulumi(args, folder);
  if (code !== 0) throw new UnreadableFile(`pulumi ${args.join(" ")} failed: ${reasonIn("", stderr)}`);
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
