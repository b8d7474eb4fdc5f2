import { existsSync, readFileSync } from "node:fs";
import type { Declarations } from "../../sdk/exchange";
import { UnreadableFile } from "../preview/read";

export const NONE: Declarations = { version: 1, from: "", to: "", tasks: [], values: [], only: [] };

/** What the program has written of its declarations; a program without tasks writes nothing. */
export function declarationsIn(file: string): Declarations {
  if (!existsSync(file)) return NONE;
  const read = JSON.parse(readFileSync(file, "utf8")) as Declarations;
  if (read.version !== 1)
    throw new UnreadableFile(
      `the program uses another version of pulumi-data-tasks (its declarations have version ${String(read.version)}); install the same one beside the program and for this command`,
    );
  return read;
}

/** A task of any stack by the same key: its place in the program. */
export const keyOf = (urn: string): string => urn.replace(/^urn:pulumi:[^:]*::/, "");
