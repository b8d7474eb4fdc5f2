import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { diSyncTask } from "../properties/di-sync-task";
import { kinds, open } from "../properties/run";
import { wedataTaskAbroad } from "../properties/wedata-task";
import { attackHook, hookSurvives } from "./hook";
import { attackClass, attackOptions, classes } from "./program";
import { attackReader, readers } from "./readers";
import { attackHttp, attackOperations } from "./requests";
import { attackStates } from "./states";
import { hostilities } from "./values";

/** The suite has a fixed seed, so that it never fails by chance; `npm run faults -- --part hostile` takes others, and more. */
const SEED = 20260101;
/** An id that is not in the state any more, or no text. */
const ID_LOST = /^(without \w+Id$|\w+Id = (\{"|5))/;
const none = (failures: readonly string[]) => assert.equal(failures.join("\n"), "");

function circle(): unknown {
  const content: Record<string, unknown> = { type: "job" };
  content["steps"] = [content];
  return content;
}

describe("bad input", function () {
  this.timeout(300_000);
  for (const kind of kinds) {
    it(`at the hooks of a ${kind.name} is refused with a sentence, or stored exactly`, async () => {
      const theatre = await open(kind);
      try {
        // Megabytes take seconds, and both sites of WeData have the same hooks.
        const isLight = kind === wedataTaskAbroad;
        for (const hostility of hostilities.filter(({ heavy }) => heavy !== true || !isLight))
          none((await attackHook(theatre, hostility, SEED, hostility.heavy === true ? 1 : 4)).failures);
        none((await attackStates(theatre, SEED, 4, ID_LOST)).failures);
      } finally {
        await theatre.close();
      }
    });
  }
  for (const one of classes) {
    it(`in the constructor of a ${one.name} is refused with a sentence, or reaches the provider as it is`, async () => {
      // What takes megabytes takes seconds here.
      for (const hostility of hostilities.filter(({ heavy }) => heavy !== true))
        none((await attackClass(one, hostility, SEED, 6)).failures);
    });
    it(`as the options of a ${one.name} is refused with a sentence`, async () => {
      none((await attackOptions(one)).failures);
    });
  }
  it("in a file is refused with a sentence that names the file", async () => {
    for (const reader of await readers()) {
      const isQuick = (kind: string) => kind !== "huge" && kind !== "bombs";
      for (const { failures } of (await attackReader(reader, 101, isQuick)).values()) none(failures);
    }
  });
  for (const [what, make] of [
    ["a circle", circle],
    ["content of 10 MB", () => ({ type: "job", version: "2.0", steps: [{ name: "y".repeat(10 * 1024 * 1024) }] })],
    ["half a character", () => ({ type: "job", note: "\ud800" })],
    ["a key called toString", () => ({ type: "job", toString: "x" })],
  ] as const) {
    it(`as the content of a synchronisation, ${what} ends with a sentence or is stored, and never the process`, async () => {
      const theatre = await open(diSyncTask);
      try {
        const placed = [{ way: ["taskContent"], make }];
        await hookSurvives(theatre.stage, { hostility: what, placed, seed: SEED });
        // A connection that the service resets is heard of later.
        await setTimeout(200);
      } finally {
        await theatre.close();
      }
    });
  }
  it("sent to the emulator is answered, and breaks nothing in it", async () => {
    none((await attackHttp(SEED, 60)).failures);
    none((await attackOperations(SEED, 40)).failures);
  });
});
