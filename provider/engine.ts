import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** How often the engine is looked for, and how soon after it has closed a connection another one is made. */
const EVERY_MILLISECONDS = 1_000;
/**
 * How long to wait between the looks that follow a closed connection. A dying process closes its connections one by one, and
 * what listens and its children come later: some milliseconds, and more where the machine is busy.
 */
const CLOSED_MILLISECONDS = [0, 2, 5, 10, 20, 40, 80, 160, 320];

/** What the process and its surroundings are made of, so that a test can play them. */
export interface Surroundings {
  /** The process that started this one; another one adopts it when that dies. */
  readonly parent: () => number;
  /** Whether something listens at the engine's address. */
  readonly answers: (host: string, port: number) => Promise<boolean>;
  /** Holds a connection to the engine's address, and says when it is closed. */
  readonly attach: (host: string, port: number, closed: () => void) => void;
  readonly end: () => void;
}

/**
 * Ends this process with the engine that started it. The engine's provider process outlives an engine that was killed
 * (seen on 3.230.0), keeps its memory and goes on with what it was doing, beside the next run; its answers reach nobody
 * any more. A connection that is held tells at once, so that no further call starts; looking every second is for where
 * that says nothing. `address` is the engine's own, the first argument of the provider process.
 */
export function endWithEngine(
  address: string | undefined,
  surroundings: Surroundings = real,
): NodeJS.Timeout | undefined {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(address ?? "") ?? [];
  if (host === undefined || port === undefined) return undefined;
  const { parent, answers, attach, end } = surroundings;
  const first = parent();
  const look = async (): Promise<void> => {
    // A parent that is gone is the engine, or a script that waits for us and lives as long; the address settles it.
    if (parent() !== first || !(await answers(host, Number(port)))) end();
  };
  const lookClosely = async (): Promise<void> => {
    for (const wait of CLOSED_MILLISECONDS) {
      await sleep(wait, undefined, { ref: false });
      await look();
    }
  };
  const hold = (): void =>
    attach(host, Number(port), () => {
      void lookClosely();
      // A living engine closes what says nothing for some minutes.
      setTimeout(hold, EVERY_MILLISECONDS).unref();
    });
  hold();
  let looking = false;
  return setInterval(() => {
    if (looking) return;
    looking = true;
    void look().finally(() => (looking = false));
  }, EVERY_MILLISECONDS).unref();
}

/** As the process really is. */
export const real: Surroundings = {
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
  attach: (host, port, closed) => {
    const socket = net.connect({ host, port });
    socket.on("error", () => undefined);
    socket.once("close", closed);
    socket.resume().unref();
  },
  end: () => process.exit(1),
};
