import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { MutationFailure, mutationCheck } from "../../scripts/mutation/check";
import type { Draw, Subject } from "../../scripts/mutation/check";
import { drawn } from "../../scripts/mutation/sample";

const SOURCE = `/** The later of two. */
export const later: (one: number, other: number) => number = (one, other) => (one > other ? one : other);
`;
const TEST = `import assert from "node:assert/strict";
import { later } from "../src/later";
describe("later", () => {
  it("is the greater one", () => assert.deepEqual([later(1, 2), later(2, 1)], [2, 2]));
});
`;
const ALL: Draw = { seed: 1, count: 100, workers: 1 };

describe("the mutation check", function () {
  this.timeout(180_000);
  let folder: string;
  let subject: Subject;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "mutation-check-"));
    for (const name of ["src", "tests"]) mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, "src", "later.ts"), SOURCE);
    writeFileSync(path.join(folder, "tests", "later.test.ts"), TEST);
    writeFileSync(
      path.join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { strict: true, module: "node16", target: "ES2022", esModuleInterop: true } }),
    );
    subject = {
      name: "later",
      folder,
      parts: ["src", "tests", "tsconfig.json"],
      files: ["src/later.ts"],
      tests: ["tests/later.test.ts"],
      types: ["src"],
    };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("kills what the tests notice, lets an equivalent change survive, and leaves nothing behind", async () => {
    const copies = () => readdirSync(os.tmpdir()).filter((name) => name.startsWith("data-tasks-mutation-"));
    const before = copies();
    const { total, uncompilable, killed, survivors } = await mutationCheck([subject], ALL);
    // Equal numbers are the same whichever is returned.
    assert.deepEqual(survivors, [
      { file: "src/later.ts", line: 2, change: "one > other → one >= other", uncovered: false },
    ]);
    assert.equal(uncompilable, 1, "an arrow function that returns nothing is no number");
    assert.equal(killed, total - 2);
    assert.ok(killed >= 3, `only ${killed} were killed`);
    assert.equal(readFileSync(path.join(folder, "src", "later.ts"), "utf8"), SOURCE);
    assert.ok(!existsSync(path.join(folder, ".stryker-tmp")));
    assert.deepEqual(copies(), before);
  });

  it("judges nothing when a test fails without any change", async () => {
    writeFileSync(path.join(folder, "src", "later.ts"), SOURCE.replace("one > other", "one < other"));
    await assert.rejects(mutationCheck([subject], ALL), (error: unknown) => {
      assert.ok(error instanceof MutationFailure);
      assert.match(error.message, /is the greater one/);
      return true;
    });
  });
});

describe("a draw of mutants", () => {
  const keys = Array.from({ length: 500 }, (_, index) => `mutant ${index}`);

  it("is the same for the same seed, whatever the order, and another for another", () => {
    assert.deepEqual(drawn(keys, 20, 7), drawn([...keys].reverse(), 20, 7));
    assert.notDeepEqual(drawn(keys, 20, 7), drawn(keys, 20, 8));
  });

  it("draws each at most once, and all when there are no more", () => {
    assert.equal(new Set(drawn(keys, 100, 7)).size, 100);
    assert.deepEqual(drawn(keys, 9_999, 7).sort(), [...keys].sort());
  });
});
