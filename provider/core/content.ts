import { readFile } from "node:fs/promises";
import { TaskError } from "./errors";
import { type Content, type Placed, isAsset, valueAt } from "./fields";
import { type Finding, error } from "./findings";

/** The text of a content property: itself, or what its file holds now. */
export async function readContent(content: Content | undefined, property: string): Promise<string | undefined> {
  if (content === undefined || typeof content === "string") return content;
  if (content.text !== undefined) return content.text;
  const file = content.path ?? "";
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new TaskError(
      `${property}: cannot read the file ${file} (${code}); give a path relative to the folder of Pulumi.yaml`,
    );
  }
  const text = decoded(bytes);
  if (text === undefined) throw new TaskError(`${property} ${notText(file)}`);
  return text;
}

/** What is wrong with the files of the arguments, as far as they are not those of the former arguments. */
export async function findingsOfFiles(table: readonly Placed[], inputs: unknown, olds: unknown): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { path, leaf } of table) {
    const value = leaf.kind === "content" ? valueAt(inputs, path) : undefined;
    if (!isAsset(value) || value.path === undefined || value.text !== undefined) continue;
    const old = valueAt(olds, path);
    if (isAsset(old) && value.hash !== undefined && old.hash === value.hash) continue;
    // One that cannot be read now may be there when it is sent.
    const bytes = await readFile(value.path).catch(() => undefined);
    if (bytes && decoded(bytes) === undefined) findings.push(error(path, "format", notText(value.path)));
  }
  return findings;
}

const notText = (file: string) => `must be text in UTF-8, and the file ${file} is not: save it as UTF-8`;

/** A byte order mark stays: the service is to have what the hash stands for. */
function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
