import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { refreshesOf } from "../../cli/promote/engine";

const START = Date.parse("2026-11-28T00:00:00.000Z");
const at = (minute: number, second = 0) => new Date(START + minute * 60_000 + second * 1_000).toISOString();

/** An entry as engine 3.230.0 prints it of a local backend; the minute tells them apart. */
const entry = (kind: string, minute: number, environment = {}, result = "succeeded") => ({
  ...{ kind, startTime: at(minute), endTime: at(minute, 8), message: "", result },
  environment: { "exec.kind": "cli", "pulumi.flag.yes": "true", ...environment },
});

describe("the refreshes that a promotion has to know of", () => {
  let folder = "";
  const { PATH } = process.env;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "data-tasks-history-"));
    process.env["PATH"] = `${folder}${path.delimiter}${PATH ?? ""}`;
  });
  afterEach(() => {
    process.env["PATH"] = PATH;
    rmSync(folder, { recursive: true, force: true });
  });

  /** The minutes of the refreshes that are told of a history, newest entry first. */
  const told = async (entries: readonly object[]): Promise<number[]> => {
    const script = `#!${process.execPath}
const { argv } = process;
const [size, page] = ["--page-size", "--page"].map((name) => Number(argv[argv.indexOf(name) + 1]));
console.log(JSON.stringify(${JSON.stringify(entries)}.slice((page - 1) * size, page * size)));
`;
    writeFileSync(path.join(folder, "pulumi"), script, { mode: 0o755 });
    return (await refreshesOf({ folder, stack: "prod" })).map(({ from }) => (from - START) / 60_000);
  };

  it("are those since the last deployment of the whole stack: what that has left so, its program says", async () => {
    assert.deepEqual(await told([entry("refresh", 3), entry("update", 2), entry("refresh", 1)]), [3]);
    assert.deepEqual(await told([entry("update", 2), entry("refresh", 1)]), []);
    assert.deepEqual(await told([]), []);
  });

  it("are not settled by a deployment that failed, or that was of a part of the stack", async () => {
    const parts = ["target", "target-dependents", "target-replace", "exclude", "exclude-dependents"];
    for (const [result, ...flags] of [["failed"], ...parts.map((name) => ["succeeded", name])] as const) {
      const environment = Object.fromEntries(flags.map((name) => [`pulumi.flag.${name ?? ""}`, "set"]));
      const history = [entry("update", 2, environment, result), entry("refresh", 1), entry("update", 0)];
      assert.deepEqual(await told(history), [1], flags.join());
    }
    assert.deepEqual(await told([entry("destroy", 2), entry("refresh", 1)]), [1]);
  });

  it("are found however many entries came after them", async () => {
    const later = Array.from({ length: 120 }, (_, index) =>
      entry("update", 200 - index, { "pulumi.flag.target": "set" }),
    );
    assert.deepEqual(await told([...later, entry("refresh", 1), entry("update", 0), entry("refresh", -1)]), [1]);
    assert.deepEqual(await told(later.slice(0, 100)), []);
  });
});
