import { fork } from "node:child_process";
import path from "node:path";
import type { Answer, Order } from "./worker";

/** The answer of a provider process of its own to one order. What it says meanwhile is thrown away. */
export async function inProcess(order: Order, home: string): Promise<Answer> {
  const child = fork(path.join(__dirname, "worker.ts"), {
    execArgv: ["--require", "ts-node/register/transpile-only"],
    env: { ...process.env, PULUMI_HOME: home },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let said = "";
  child.stderr?.on("data", (text: Buffer) => (said = (said + text.toString("utf8")).slice(-2_000)));
  return new Promise((resolve, reject) => {
    child.once("message", (answer) => resolve(answer as Answer));
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the provider process ended with ${code ?? "a signal"}: ${said}`)));
    child.send(order);
  });
}
