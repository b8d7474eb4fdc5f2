import { writeFileSync } from "node:fs";
import path from "node:path";
import type { EngineStack } from "../engine-stack";

const windows = process.platform === "win32";

/**
 * Writes the variables that make `pulumi` work on a stack to a file, and returns the line that loads it into a shell.
 * PATH only gets folders in front: the rest of it is the user's.
 */
export function writeEnvironment(folder: string, { environment, stack }: EngineStack): string {
  const { PATH = "", ...others } = { ...environment, PULUMI_STACK: stack.name };
  const inFront = PATH.slice(0, PATH.length - (process.env["PATH"] ?? "").length);
  const file = path.join(folder, windows ? "env.ps1" : "env.sh");
  const lines = Object.entries(others).map(([name, value]) =>
    windows ? `$env:${name} = '${value.replaceAll("'", "''")}'` : `export ${name}=${quoted(value)}`,
  );
  lines.push(
    windows ? `$env:PATH = '${inFront.replaceAll("'", "''")}' + $env:PATH` : `export PATH=${quoted(inFront)}"$PATH"`,
  );
  // The passphrase opens nothing but this demo's state; still, it is nobody else's.
  writeFileSync(file, `${lines.join("\n")}\n`, { mode: 0o600 });
  return windows ? `. '${file}'` : `source ${/^[\w./-]+$/.test(file) ? file : quoted(file)}`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Resolves at Ctrl-C, or when the process is asked to end. */
export function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    // For good: npm and the terminal may both pass the signal on, and the second one must not cut the ending short.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
  });
}
