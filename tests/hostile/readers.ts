import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { startEmulator } from "../../emulator/index";
import { readFlowSpec } from "../../sdk/flowspec/reader";
import { LONGEST_FAILURE, isClear, isUnpolluted } from "./clear";
import { hostileFiles } from "./files";
import type { HostileFile } from "./files";

/** What reads a file that somebody names. */
export interface Reader {
  readonly name: string;
  /** Reads it; what it throws is for the user. */
  readonly read: (file: string) => Promise<unknown>;
  readonly sample: { readonly text: string; readonly format: "json" | "yaml" };
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
