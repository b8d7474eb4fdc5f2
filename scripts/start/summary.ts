import type { Emulator } from "../../emulator/index";
import type { EngineStack } from "../engine-stack";
import { paint, say, shortType } from "./screen";

/** Says which tasks a stack holds. */
export async function tasksOf(stack: EngineStack, title = "Tasks"): Promise<void> {
  const state = await stack.exportState();
  const { resources = [] } = state.deployment as { resources?: { type: string }[] };
  const counts = new Map<string, number>();
  for (const { type } of resources.filter((each) => each.type.startsWith("pulumi-nodejs:dynamic/"))) {
    counts.set(shortType(type), (counts.get(shortType(type)) ?? 0) + 1);
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  line(title, `${total}: ${[...counts].map(([type, count]) => `${count} ${type}`).join(", ")}`);
}

const services: readonly [prefix: string, title: string][] = [
  ["dataworks-2024", "DataWorks 2024-05-18"],
  ["dataworks-2020", "DataWorks 2020-05-18"],
  ["wedata", "WeData 2021-08-20"],
];

/** Says which operations of the clouds were called, and how often. */
export async function callsOf(emulator: Emulator): Promise<void> {
  const calls = await emulator.calls();
  line("Calls", `${calls.length} signed requests`);
  for (const [prefix, title] of services) {
    const counts = new Map<string, number>();
    for (const { version, operation } of calls) {
      if (version.startsWith(prefix)) counts.set(operation, (counts.get(operation) ?? 0) + 1);
    }
    if (counts.size === 0) continue;
    const sorted = [...counts].sort(([, one], [, other]) => other - one);
    say(`              ${paint("dim", title)}`);
    for (const text of wrapped(sorted.map(([operation, count]) => `${operation} ${count}`)))
      say(`                ${text}`);
  }
}

export function line(title: string, text: string): void {
  say(`   ${paint("bold", title.padEnd(10))} ${text}`);
}

function wrapped(words: readonly string[], width = 84): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 2 <= width) lines[lines.length - 1] = `${last}, ${word}`;
    else lines.push(word);
  }
  return lines;
}
