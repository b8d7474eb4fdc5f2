import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { prepareSources, root } from "../../scripts/setup.js";

const run = promisify(execFile);
const windows = process.platform === "win32";

/** A folder outside the repository; its path holds no link, so that module resolution sees what the test sees. */
export function outsideFolder(): string {
  return mkdtempSync(path.join(tmpdir(), "data-tasks-pack-"));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

export interface Packed {
  tarball: string;
  files: string[];
  /** Unpacked size in bytes. */
  size: number;
}

/** The package as `npm publish` would send it. `dist/` is what the set-up has built: it is not built again under other tests. */
export async function pack(into: string): Promise<Packed> {
  await prepareSources();
  const { stdout } = await npm(["pack", "--ignore-scripts", "--json", "--pack-destination", into], root);
  const [packed] = JSON.parse(stdout) as { filename: string; unpackedSize: number; files: { path: string }[] }[];
  if (packed === undefined) throw new Error(`npm pack said: ${stdout}`);
  return {
    tarball: path.join(into, packed.filename),
    files: packed.files.map((file) => file.path).sort(),
    size: packed.unpackedSize,
  };
}

export type Manager = "npm" | "pnpm";

/** A user's project with the packed package and the given `@pulumi/pulumi`, installed by the given manager. */
export async function installProject(
  folder: string,
  manager: Manager,
  { tarball, pulumi, files }: { tarball: string; pulumi: string; files: Record<string, string> },
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const manifest = {
    name: "orders",
    private: true,
    dependencies: { "@pulumi/pulumi": pulumi, "pulumi-data-tasks": `file:${tarball}` },
    devDependencies: { "@types/node": "^20.19.0", typescript: "~5.9.3" },
  };
  const all = { "package.json": JSON.stringify(manifest, undefined, 2), ...files };
  for (const [name, text] of Object.entries(all)) writeFileSync(path.join(folder, name), text);
  if (manager === "npm") {
    await npm(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], folder);
    return;
  }
  const store = path.join(path.dirname(folder), "pnpm-store");
  await npm(
    ["exec", "--yes", "--package=pnpm@9", "--", "pnpm", "install", "--ignore-scripts", `--store-dir=${store}`],
    folder,
  );
}

/** Runs Node in a folder and returns what it printed. */
export async function node(folder: string, args: string[]): Promise<string> {
  try {
    const { stdout } = await run(process.execPath, args, { cwd: folder, env: userEnvironment() });
    return stdout.trim();
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`node ${args.join(" ")} failed:\n${stdout ?? ""}${stderr ?? ""}`, { cause: error });
  }
}

function npm(args: string[], cwd: string): Promise<{ stdout: string }> {
  return run(windows ? "npm.cmd" : "npm", args, {
    cwd,
    env: userEnvironment(),
    maxBuffer: 64 * 1024 * 1024,
    shell: windows,
  });
}

/** What a user's shell has: nothing of the `npm test` that runs this. */
function userEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|command|config_local)/i.test(name)),
  );
}
