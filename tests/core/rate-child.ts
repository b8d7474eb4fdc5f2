/**
 * A process that calls a service through its own limiter: `folder url perSecond milliseconds`. With 0 milliseconds it
 * books what it can get, begins a line that it does not finish, says so, and does nothing more.
 */
import { appendFileSync, readdirSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { bookInFile } from "../../provider/core/book-file";
import { limiter, monotonic } from "../../provider/core/rate";

const [, , folder = "", url = "", perSecond = "", milliseconds = ""] = process.argv;
const broken = (error: unknown): void => {
  throw error;
};
const book = bookInFile({ folder, name: "calls", perSecond: Number(perSecond), broken });
const agent = new http.Agent({ keepAlive: true });

/** When the limiter looked at the clock last: the time of the turn that it has given. */
let looked = 0;
const now = (): number => (looked = monotonic());

const call = (turn: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const headers = { caller: process.pid, turn };
    http.get(url, { agent, headers }, (response) => response.resume().on("end", resolve)).on("error", reject);
  });

async function main(): Promise<void> {
  if (milliseconds === "0") {
    book.book(Number(perSecond), 20);
    book.book(Number(perSecond), 20);
    for (const name of readdirSync(folder)) appendFileSync(path.join(folder, name), '["unfinished",1,');
    process.send?.("booked");
    setInterval(() => undefined, 1000);
    return;
  }
  const { turn } = limiter({ perSecond: Number(perSecond), book, now });
  // A connection is there before the first turn, as it is for all but the first calls of a run.
  await call(0);
  const end = Date.now() + Number(milliseconds);
  const work = async (): Promise<void> => {
    while (Date.now() < end) {
      await turn();
      await call(looked);
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  agent.destroy();
}

void main();
