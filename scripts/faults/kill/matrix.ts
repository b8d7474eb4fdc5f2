import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { startEmulator } from "../../../emulator/index";
import { ProviderProcess } from "./processes";
import { actionsOf, scenes } from "./scenes";
import type { Scene } from "./scenes";
import { serviceIn, serviceOf, things } from "./service";
import { Stack } from "./stack";
import { configOf } from "./story";
import type { Beginning } from "./story";

/** Where the processes of the stories live; removed at the end. */
export interface Ground {
  readonly folder: string;
  readonly environment: Record<string, string>;
  /** A process that has loaded everything already. */
  readonly start: () => Promise<ProviderProcess>;
  readonly close: () => Promise<void>;
}

export function ground(): Ground {
  const folder = mkdtempSync(path.join(os.tmpdir(), "kill-"));
  const environment = { PULUMI_HOME: path.join(folder, "home") };
  const loaded: Promise<ProviderProcess>[] = [];
  const more = () => void loaded.push(ProviderProcess.start(environment));
  return {
    folder,
    environment,
    start() {
      while (loaded.length < 3) more();
      return loaded.shift() as Promise<ProviderProcess>;
    },
    async close() {
      await Promise.all(loaded.map(async (process) => (await process).kill()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Every action of a scene, each told up to the moment before the run that is to be killed. */
export async function beginnings(scene: Scene, { folder, environment, start }: Ground): Promise<Beginning[]> {
  const result: Beginning[] = [];
  const provider = await start();
  try {
    const count = await withEmulator(
      scene,
      undefined,
      async (emulator, existing) => actionsOf(scene, emulator, existing).length,
    );
    for (let index = 0; index < count; index += 1) {
      const stateFile = path.join(folder, `${scene.name}-${index}.json`.replaceAll(" ", "-"));
      result.push(
        await withEmulator(scene, stateFile, async (emulator, existing) => {
          const action = actionsOf(scene, emulator, existing)[index] as Beginning["action"];
          const foreign = new Set(things(serviceIn(stateFile)).keys());
          const stack = new Stack();
          await provider.call(scene.type, "configure", configOf(scene, emulator));
          for (const program of action.before) await stack.up(provider, program);
          return { scene, action, entries: stack.entries, stateFile, foreign, folder, environment, start };
        }),
      );
    }
  } finally {
    await provider.kill();
  }
  return result;
}

/** How many calls the run makes that is to be killed, where nothing happens to it. */
export async function callsOf({ scene, action, entries, stateFile, start }: Beginning): Promise<number> {
  const copy = stateFile.replace(/\.json$/, "-counted.json");
  copyFileSync(stateFile, copy);
  const emulator = await startEmulator({ state: copy, switches: { ...scene.switches }, stageMilliseconds: 20 });
  const provider = await start();
  try {
    await provider.call(scene.type, "configure", configOf(scene, emulator));
    await new Stack(entries).up(provider, action.program);
    return (await emulator.calls()).length;
  } finally {
    await provider.kill();
    await emulator.close();
  }
}

async function withEmulator<T>(
  scene: Scene,
  state: string | undefined,
  work: (emulator: Awaited<ReturnType<typeof startEmulator>>, existing: string) => Promise<T>,
): Promise<T> {
  const emulator = await startEmulator({
    ...(state !== undefined && { state }),
    switches: { ...scene.switches },
    stageMilliseconds: 0,
  });
  try {
    const { projectId } = scene.versions(emulator).first.args;
    const template = { ...scene.existing, ProjectId: projectId };
    const [existing = ""] = await emulator.createTasks(serviceOf(scene.type), template);
    return await work(emulator, existing);
  } finally {
    await emulator.close();
  }
}

export { scenes };
