import net from "node:net";

/** How often the engine is looked for. */
const EVERY_MILLISECONDS = 1_000;

/** What the process and its surroundings are made of, so that a test can play them. */
export interface Surroundings {
  /** The process that started this one; another one adopts it when that dies. */
  readonly parent: () => number;
  /** Whether something listens at the engine's address. */
  readonly answers: (host: string, port: number) => Promise<boolean>;
  readonly end: () => void;
}

/**
 * Ends this process soon after the engine that started it. The engine's provider process outlives an engine that was
 * killed (seen on 3.230.0), keeps its memory and goes on with what it was doing, beside the next run; its answers reach
 * nobody any more. `address` is the engine's own, the first argument of the provider process.
 */
export function endWithEngine(
  address: string | undefined,
  surroundings: Surroundings = real,
): NodeJS.Timeout | undefined {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(address ?? "") ?? [];
  if (host === undefined || port === undefined) return undefined;
  const { parent, answers, end } = surroundings;
  const first = parent();
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    // A parent that is gone is the engine, or a script that waits for us and lives as long; the address settles it.
    const gone = parent() !== first || !(await answers(host, Number(port)));
    looking = false;
    if (gone) end();
  };
  return setInterval(() => void look(), EVERY_MILLISECONDS).unref();
}

const real: Surroundings = {
  parent: () => process.ppid,
  answers: (host, port) =>
    new Promise((resolve) => {
      const socket = net.connect({ host, port });
      const settle = (answered: boolean) => {
        socket.destroy();
        resolve(answered);
      };
      socket.once("connect", () => settle(true));
      // Only a refusal says that nobody is there; anything else may be a busy machine.
      socket.once("error", (error: NodeJS.ErrnoException) => settle(error.code !== "ECONNREFUSED"));
      socket.setTimeout(EVERY_MILLISECONDS * 5, () => settle(true));
    }),
  end: () => process.exit(1),
};
