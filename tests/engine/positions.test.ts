import assert from "node:assert/strict";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { DataWorksTask, DataWorksTaskSet } from "pulumi-data-tasks";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { root } from "../../scripts/setup.js";
import { cloudsAt } from "./clouds";
import { inlineStack, stored } from "./support";
import type { EngineStack, Stored } from "./support";

type Placed = Stored & { sourcePosition?: string; stackTrace?: { sourcePosition?: string }[] };

/** An ordinary dynamic resource. */
class Plain extends pulumi.dynamic.Resource {
  constructor(name: string) {
    super({ create: () => Promise.resolve({ id: "1", outs: {} }) }, name, {});
  }
}

const file = path.relative(root, __filename);
/** The line of this file on which it is called. */
const here = (): number =>
  Number(/positions\.test\.ts:(\d+)/.exec((new Error().stack ?? "").split("\n")[2] ?? "")?.[1]);

describe("the place of a task in the program", () => {
  let emulator: Emulator;
  let stack: EngineStack;
  const lines: Record<string, number> = {};

  const args = (name: string) => ({
    projectId: emulator.projectId,
    name,
    script: { command: "ODPS_SQL", content: "select 1;" },
  });
  /** A function of the program, as one writes it to make many tasks alike. */
  const daily = (name: string) => {
    lines["within"] = here() + 1;
    return new DataWorksTask(name, args(name));
  };
  const refused: pulumi.ResourceTransformation = () => {
    throw new Error("from the program");
  };

  before(async function () {
    this.timeout(120_000);
    emulator = await startEmulator({ stageMilliseconds: 5 });
    const program = () => {
      lines["single"] = here() + 1;
      new DataWorksTask("single", args("single"));
      lines["set"] = here() + 1;
      new DataWorksTaskSet("set", { tasks: { a: args("in_set") } });
      lines["helped"] = here() + 1;
      daily("helped");
      new Plain("plain");
      // One that does not come to be leaves nothing behind for the next.
      assert.throws(() => new DataWorksTask("refused", args("refused"), { transformations: [refused] }));
      return Promise.resolve().then(() => void new Plain("later"));
    };
    stack = await inlineStack("positions", program, cloudsAt(emulator));
    await stack.up();
  });
  after(() => emulator.close());

  const traceOf = async (name: string): Promise<[position: string | undefined, trace: (string | undefined)[]]> => {
    const { sourcePosition, stackTrace = [] } = (await stored(stack, name)) as Placed;
    return [sourcePosition, stackTrace.map((frame) => frame.sourcePosition)];
  };
  const isOn = (position: string | undefined, line: number | undefined) =>
    assert.ok(position?.includes(`${file}#${line},`), `${position} is not line ${line} of this file`);

  for (const name of ["single", "set"])
    it(`of its own, or as a set, is the line that makes it: ${name}`, async () => {
      const [position, trace] = await traceOf(name);
      isOn(position, lines[name]);
      isOn(trace[0], lines[name]);
    });

  it("is the line in the function that makes it, and the trace has the line that calls this", async () => {
    const [position, trace] = await traceOf("helped");
    isOn(position, lines["within"]);
    isOn(trace[1], lines["helped"]);
  });

  it("has nothing of Pulumi, of Node and of this package around it", async () => {
    for (const name of ["single", "set", "helped"]) {
      const [, trace] = await traceOf(name);
      for (const frame of trace) assert.match(frame ?? "no file", /^project:/);
      assert.doesNotMatch(trace.join(" "), /\/sdk\/|@pulumi/);
    }
  });

  it("of another resource stays as Pulumi has it", async () => {
    for (const name of ["plain", "later"]) {
      const [, trace] = await traceOf(name);
      assert.ok(trace.includes(undefined) || /@pulumi/.test(trace.join(" ")), trace.join(" "));
    }
  });
});
