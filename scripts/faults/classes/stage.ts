import { startEmulator } from "../../../emulator/index";
import type { Emulator } from "../../../emulator/index";
import { configure } from "../../../provider/clouds/connections";
import { goBy } from "../../../provider/core/clock";
import type { Hooks } from "../../../provider/core/lifecycle";
import { sleep } from "../../../provider/core/time";
import type { Scene } from "./scenes";
import type { Trouble } from "./troubles";

/** A scene with an emulator of its own, in a time that runs faster. One is open at a time: the clock is the process's. */
export interface Stage {
  readonly scene: Scene;
  readonly task: Hooks;
  readonly emulator: Emulator;
  /** Everything that was said to the user. */
  readonly said: string[];
  /** A name and a creation token that nobody has had before. */
  readonly next: () => { name: string; creationToken: string };
  readonly limits: (limits?: Trouble["limits"]) => void;
  readonly close: () => Promise<void>;
}

/** So much faster pass waits and deadlines; an HTTP call takes as long as it takes. */
const FASTER = 100;

export async function open(scene: Scene, seed: number): Promise<Stage> {
  const began = Date.now();
  goBy({
    now: () => began + (Date.now() - began) * FASTER,
    sleep: (milliseconds, signal) => sleep(milliseconds / FASTER, signal),
  });
  const emulator = await startEmulator({ stageMilliseconds: 0, seed, switches: { ...scene.switches } });
  const said: string[] = [];
  const limits: Stage["limits"] = ({ connect, read } = { connect: 10, read: 20 }) => {
    const space = scene.cloud === "alibaba" ? "dataworks" : "wedata";
    const config: Record<string, string> = {
      ...scene.config(emulator),
      [`${space}:connectTimeoutSeconds`]: String(connect),
      [`${space}:readTimeoutSeconds`]: String(read),
    };
    configure({ get: (key) => config[key] }, {}, (message) => void said.push(message));
  };
  limits();
  await scene.byHand(emulator, "somebody_elses");
  let serial = 0;
  const task = scene.hooks({
    ready: () => Promise.resolve(),
    warn: (message) => void said.push(message),
    inform: (message) => void said.push(message),
  });
  return {
    scene,
    task,
    emulator,
    said,
    next() {
      serial += 1;
      return { name: `orders_${serial}`, creationToken: `token${String(serial).padStart(8, "0")}` };
    },
    limits,
    async close() {
      goBy();
      await emulator.close();
    },
  };
}
