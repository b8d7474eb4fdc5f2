import assert from "node:assert/strict";
import net from "node:net";
import type { AddressInfo } from "node:net";
import { endWithEngine, real } from "../../provider/engine";

/** A process with an engine of its own, whose parent can die. */
async function started(
  connected: (socket: net.Socket) => void = (socket) => void socket.destroy(),
): Promise<{ address: string; server: net.Server; process: { parent: number; ended: number } }> {
  const server = net.createServer(connected);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    process: { parent: 100, ended: 0 },
  };
}

const closed = (server: net.Server) => new Promise<void>((resolve) => void server.close(() => resolve()));
/** Nothing is heard of a connection that is held. */
const mute = { ...real, attach: () => undefined };

describe("a provider process", function () {
  this.timeout(10_000);

  const until = async (isSo: () => boolean, milliseconds: number): Promise<boolean> => {
    const end = Date.now() + milliseconds;
    while (Date.now() < end && !isSo()) await new Promise((resolve) => setTimeout(resolve, 50));
    return isSo();
  };

  it("lives as long as its engine answers, and ends within seconds when nobody listens at its address", async () => {
    const { address, server, process } = await started();
    const timer = endWithEngine(address, { ...mute, parent: () => process.parent, end: () => void process.ended++ });
    try {
      assert.equal(await until(() => process.ended > 0, 2_500), false);
      await closed(server);
      assert.equal(await until(() => process.ended > 0, 4_000), true);
    } finally {
      clearInterval(timer);
    }
  });

  it("ends at once when its connection to the engine is closed and nobody listens there any more", async () => {
    const sockets: net.Socket[] = [];
    const { address, server, process } = await started((socket) => void sockets.push(socket));
    const surroundings = { ...real, parent: () => process.parent, end: () => void process.ended++ };
    const timer = endWithEngine(address, surroundings);
    try {
      assert.equal(await until(() => sockets.length > 0, 2_500), true);
      // An engine that closes what says nothing is alive.
      for (const socket of sockets.splice(0)) socket.destroy();
      assert.equal(await until(() => sockets.length > 0, 4_000), true);
      assert.equal(process.ended, 0);
      clearInterval(timer);
      const gone = closed(server);
      for (const socket of sockets.splice(0)) socket.destroy();
      await gone;
      assert.equal(await until(() => process.ended > 0, 2_500), true);
    } finally {
      clearInterval(timer);
    }
  });

  it("ends at once when its engine dies piece by piece: its connections first, then what listens, then its children", async () => {
    for (const lastSign of ["answers", "parent"] as const) {
      let signal = (): void => undefined;
      let [dead, ended] = [false, 0];
      const timer = endWithEngine("127.0.0.1:1", {
        // As in the kernel: the connection is closed a moment before anything else shows that the engine is gone.
        attach: (_host, _port, isClosed) => void (signal = isClosed),
        answers: () => Promise.resolve(!(dead && lastSign === "answers")),
        parent: () => (dead && lastSign === "parent" ? 1 : 100),
        end: () => void (ended += 1),
      });
      clearInterval(timer);
      signal();
      await new Promise((resolve) => setTimeout(resolve, 15));
      assert.equal(ended, 0);
      dead = true;
      assert.equal(await until(() => ended > 0, 300), true, lastSign);
    }
  });

  it("ends when another process has taken it over from the engine", async () => {
    const { address, server, process } = await started();
    const timer = endWithEngine(address, { ...mute, parent: () => process.parent, end: () => void process.ended++ });
    try {
      process.parent = 1;
      assert.equal(await until(() => process.ended > 0, 4_000), true);
    } finally {
      clearInterval(timer);
      await closed(server);
    }
  });

  it("does not watch anything where it was not started with an engine's address", () => {
    for (const given of [undefined, "tests/**/*.test.ts", "127.0.0.1", ":x"]) {
      assert.equal(endWithEngine(given), undefined);
    }
  });
});
