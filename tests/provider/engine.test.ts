import assert from "node:assert/strict";
import net from "node:net";
import type { AddressInfo } from "node:net";
import { endWithEngine } from "../../provider/engine";

/** A process with an engine of its own, whose parent can die. */
async function started(): Promise<{ address: string; server: net.Server; process: { parent: number; ended: number } }> {
  const server = net.createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    process: { parent: 100, ended: 0 },
  };
}

const closed = (server: net.Server) => new Promise<void>((resolve) => void server.close(() => resolve()));
const answers = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect({ host, port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });

describe("a provider process", function () {
  this.timeout(10_000);

  const until = async (isSo: () => boolean, milliseconds: number): Promise<boolean> => {
    const end = Date.now() + milliseconds;
    while (Date.now() < end && !isSo()) await new Promise((resolve) => setTimeout(resolve, 50));
    return isSo();
  };

  it("lives as long as its engine answers, and ends within seconds when nobody listens at its address", async () => {
    const { address, server, process } = await started();
    const timer = endWithEngine(address, { parent: () => process.parent, answers, end: () => void process.ended++ });
    try {
      assert.equal(await until(() => process.ended > 0, 2_500), false);
      await closed(server);
      assert.equal(await until(() => process.ended > 0, 4_000), true);
    } finally {
      clearInterval(timer);
    }
  });

  it("ends when another process has taken it over from the engine", async () => {
    const { address, server, process } = await started();
    const timer = endWithEngine(address, { parent: () => process.parent, answers, end: () => void process.ended++ });
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
