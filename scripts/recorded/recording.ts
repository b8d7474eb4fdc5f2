import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import type { EngineStack } from "../engine-stack";
import { runProject } from "../run-project";
import { root } from "../setup.js";
import { PROGRAM, STATES, settingsOf } from "./settings";

/** A resource of ours as a recorded state has it; secrets are objects with their JSON text. */
export interface RecordedResource {
  readonly urn: string;
  readonly type: string;
  readonly id: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
}

/** The recordings, oldest first. */
export const recordings = (): string[] =>
  readdirSync(STATES)
    .filter((name) => /^\d+-/.test(name))
    .sort();

/** What a recording left open: an update that failed, and an adopted task not brought to form yet. */
export const OPEN = ["late", "left"];

/** A recorded state with the emulator that has its tasks; `close` removes everything. */
export interface Recording {
  readonly emulator: Emulator;
  readonly resources: RecordedResource[];
  /** The recorded stack with the recorded program, run with this version of the package. */
  readonly stack: (change?: (state: string) => string) => Promise<EngineStack>;
  readonly close: () => Promise<void>;
}

/** Brings a recording to life. */
export async function recording(name: string): Promise<Recording> {
  const parent = path.join(root, ".state", "recordings");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, `${name}-`));
  const file = path.join(folder, "emulator.json");
  copyFileSync(path.join(STATES, name, "emulator.json"), file);
  const emulator = await startEmulator({ state: file, seed: 2, stageMilliseconds: 5 });
  const text = readFileSync(path.join(STATES, name, "recorded.json"), "utf8").replaceAll(
    "http://127.0.0.1:1",
    emulator.dataworks,
  );
  const { adopt, state } = JSON.parse(text) as {
    adopt: Record<string, string>;
    state: { version: number; deployment: { resources: RecordedResource[] } };
  };
  return {
    emulator,
    resources: state.deployment.resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/")),
    async stack(change = (unchanged) => unchanged) {
      cpSync(PROGRAM, path.join(folder, "project"), { recursive: true });
      const project = await runProject(path.join(folder, "project"), "recorded", {
        stateFolder: path.join(folder, "state"),
        home: path.join(folder, "home"),
        ...settingsOf(emulator, adopt, 3),
      });
      // The secrets are in plain text, and are encrypted as the new stack does it.
      const { secrets_providers } = (await project.exportState()).deployment as { secrets_providers?: unknown };
      const changed = JSON.parse(change(JSON.stringify(state))) as typeof state;
      await project.stack.importStack({ ...changed, deployment: { ...changed.deployment, secrets_providers } });
      return project;
    },
    async close() {
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A property without the mark that an exported secret carries, at any depth. */
export function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== "object" || value === null) return value;
  const { plaintext } = value as { plaintext?: unknown };
  if (typeof plaintext === "string") return bare(JSON.parse(plaintext));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, bare(member)]));
}
