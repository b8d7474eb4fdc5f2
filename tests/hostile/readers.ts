import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { startEmulator } from "../../emulator/index";
import { previewFrom, textOf } from "../../cli/preview/read";
import { reviewOf } from "../../cli/review/build";
import { page } from "../../cli/review/html";
import { markdown } from "../../cli/review/markdown";
import { sarif } from "../../cli/review/sarif";
import { AT, document, task, urnOf } from "../review/previews";
import { readFlowSpec } from "../../sdk/flowspec/reader";
import { LONGEST_FAILURE, isClear, isUnpolluted } from "./clear";
import { hostileFiles } from "./files";
import type { HostileFile } from "./files";

/** What reads a file that somebody names. */
export interface Reader {
  readonly name: string;
  /** Reads it; what it throws is for the user. */
  readonly read: (file: string) => Promise<unknown>;
  readonly sample: { readonly text: string; readonly format: "json" | "lines" | "yaml" };
}

const spec = {
  version: "1.1.0",
  kind: "Node",
  spec: {
    nodes: [
      {
        id: "1",
        name: "ods_orders",
        script: { path: "etl/ods_orders", content: "select 1;", runtime: { command: "ODPS_SQL" } },
        trigger: { type: "Scheduler", cron: "00 30 02 * * ?" },
        outputs: { nodeOutputs: [{ data: "shop.ods_orders" }] },
      },
    ],
    flow: [{ nodeId: "1", depends: [{ type: "Normal", output: "shop_root" }] }],
  },
};

const yaml = `version: "1.1.0"
kind: Node
spec:
  nodes:
    - id: "1"
      name: ods_orders
      script: {path: etl/ods_orders, content: "select 1;", runtime: {command: ODPS_SQL}}
      trigger:
        type: Scheduler
        cron: 00 30 02 * * ?
  flow:
    - nodeId: "1"
      depends: [{type: Normal, output: shop_root}]
`;

/** The text of a state that the emulator has written itself. */
async function emulatorState(): Promise<string> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "data-tasks-state-"));
  try {
    const file = path.join(folder, "state.json");
    await (await startEmulator({ state: file, seed: 1 })).close();
    return readFileSync(file, "utf8");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the engine prints of three edits, in each of its forms. */
const preview = document([
  { name: "a", before: task("a"), after: task("a", { trigger: { type: "Scheduler", cron: "00 00 03 * * ?" } }) },
  { name: "b", before: task("b"), dependencies: [urnOf("a")] },
  { name: "c", after: task("c") },
]);
interface Step {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: object;
  readonly newState?: { readonly inputs: object };
}
const { steps } = JSON.parse(preview) as { steps: Step[] };
const events = steps
  .map(({ op, urn, oldState, newState }, sequence) => {
    const metadata = { op, urn, old: oldState ?? null, new: newState ?? null, keys: null };
    return JSON.stringify({ sequence, timestamp: 1_800_000_000, resourcePreEvent: { metadata } });
  })
  .join("\n");
const plan = JSON.stringify({
  resourcePlans: Object.fromEntries(
    steps.map(({ op, urn, newState }) => [
      urn,
      { steps: [op], goal: { inputDiff: { updates: { trigger: 1 } } }, state: newState?.inputs ?? {} },
    ]),
  ),
});
const state = JSON.stringify({
  version: 3,
  deployment: { resources: steps.flatMap(({ oldState }) => oldState ?? []) },
});

/** Everything that a review makes of a preview. */
async function review(text: string, name: string, ...withState: [string, string] | []): Promise<void> {
  const result = reviewOf(previewFrom(text, name, ...withState), { at: AT, folder: __dirname });
  for (const made of [markdown(result), markdown(result, { full: true }), page(result), sarif(result, "1.0.0")])
    assert.ok(made);
}
const reviewed = async (file: string) => review(textOf(file), file);

/** Every reader of files there is. */
export async function readers(): Promise<Reader[]> {
  return [
    {
      name: "FlowSpec in JSON",
      read: async (file) => readFlowSpec(file),
      sample: { text: JSON.stringify(spec, null, 1), format: "json" },
    },
    { name: "FlowSpec in YAML", read: async (file) => readFlowSpec(file), sample: { text: yaml, format: "yaml" } },
    {
      name: "state of the emulator",
      read: async (file) => (await startEmulator({ state: file })).close(),
      sample: { text: await emulatorState(), format: "json" },
    },
    { name: "review of a preview", read: reviewed, sample: { text: preview, format: "json" } },
    { name: "review of an event log", read: reviewed, sample: { text: events, format: "lines" } },
    { name: "review of an update plan", read: reviewed, sample: { text: plan, format: "json" } },
    {
      name: "exported state beside a plan",
      read: async (file) => review(plan, "plan.json", textOf(file), file),
      sample: { text: state, format: "json" },
    },
  ];
}

/** No file may be read for longer, on however slow a machine. */
const LONGEST_MILLISECONDS = 20_000;

/** A reader takes a file, or says in a sentence what is wrong with it; in both cases soon. */
export async function survives({ read }: Reader, { file }: HostileFile): Promise<void> {
  const started = performance.now();
  try {
    await read(file);
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : thrown;
    isClear(message, "the message", LONGEST_FAILURE);
    assert.ok(String(message).includes(path.basename(file)), `the message does not name the file: ${String(message)}`);
  }
  const took = performance.now() - started;
  assert.ok(took < LONGEST_MILLISECONDS, `it took ${Math.round(took)} ms`);
  isUnpolluted();
}

/** All hostile files of a reader, by kind; `every` so many bytes the sound document is cut off. */
export async function attackReader(
  reader: Reader,
  every: number,
  kinds: (kind: string) => boolean = () => true,
): Promise<Map<string, { tried: number; failures: string[] }>> {
  const rows = new Map<string, { tried: number; failures: string[] }>();
  const { files, remove } = hostileFiles({ ...reader.sample, every });
  try {
    for (const one of files.filter(({ kind }) => kinds(kind))) {
      const row = rows.get(one.kind) ?? { tried: 0, failures: [] };
      rows.set(one.kind, row);
      row.tried += 1;
      await survives(reader, one).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        row.failures.push(`${reader.name}, ${one.kind}, ${one.name}: ${reason.slice(0, 600)}`);
      });
    }
  } finally {
    remove();
  }
  return rows;
}
