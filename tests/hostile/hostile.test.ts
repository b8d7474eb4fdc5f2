import assert from "node:assert/strict";
import { kinds, open } from "../properties/run";
import { attackHook } from "./hook";
import { attackClass, attackOptions, classes } from "./program";
import { attackReader, readers } from "./readers";
import { attackHttp, attackOperations } from "./requests";
import { hostilities } from "./values";

/** The suite has a fixed seed, so that it never fails by chance; `npm run faults -- --part hostile` takes others, and more. */
const SEED = 20260101;
const none = (failures: readonly string[]) => assert.equal(failures.join("\n"), "");

describe("bad input", function () {
  this.timeout(300_000);
  for (const kind of kinds) {
    it(`at the hooks of a ${kind.name} is refused with a sentence, or stored exactly`, async () => {
      const theatre = await open(kind);
      try {
        for (const hostility of hostilities)
          none((await attackHook(theatre, hostility, SEED, hostility.heavy === true ? 1 : 5)).failures);
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
  it("sent to the emulator is answered, and breaks nothing in it", async () => {
    none((await attackHttp(SEED, 60)).failures);
    none((await attackOperations(SEED, 40)).failures);
  });
});
