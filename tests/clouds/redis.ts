import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import net from "node:net";
import type { AddressInfo } from "node:net";

/** A server of the Redis protocol on this machine. */
export interface RunningServer {
  port: number;
  stop: () => Promise<void>;
}

const NAMES = ["redis-server", "valkey-server"];
const found = (): string | undefined => NAMES.find((name) => spawnSync(name, ["--version"]).status === 0);

/** The program of a server, installed where that is possible; or why there is none. */
export function serverProgram(): { program: string } | { missing: string } {
  const there = found();
  if (there !== undefined) return { program: there };
  if (process.getuid?.() !== 0)
    return { missing: `there is no ${NAMES.join(" and no ")}, and only root could install one` };
  const quietly = { stdio: "ignore", timeout: 180_000 } as const;
  spawnSync("apt-get", ["update"], quietly);
  spawnSync("apt-get", ["install", "-y", "--no-install-recommends", "redis-server"], {
    ...quietly,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  const installed = found();
  return installed === undefined
    ? { missing: "there is no redis-server, and apt-get could not install one" }
    : { program: installed };
}

/** Starts a server on a free port of loopback, which keeps nothing. */
export async function startServer(program: string, password?: string): Promise<RunningServer> {
  const port = await freePort();
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const child: ChildProcess = spawn(program, [...options, ...(password ? ["--requirepass", password] : [])], {
    stdio: "ignore",
  });
  for (let tries = 0; !(await answers(port)); tries += 1) {
    if (tries > 200) throw new Error(`${program} does not answer`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return {
    port,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect({ host: "127.0.0.1", port });
    const settle = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
  });
