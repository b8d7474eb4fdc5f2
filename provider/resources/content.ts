import { readFile } from "node:fs/promises";
import { TaskError } from "../core/errors";
import { type Content } from "../core/fields";

/** The text of a content property: itself, or what its file holds now. */
export async function readContent(content: Content | undefined, property: string): Promise<string | undefined> {
  if (content === undefined || typeof content === "string") return content;
  if (content.text !== undefined) return content.text;
  try {
    return await readFile(content.path ?? "", "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new TaskError(
      `${property}: cannot read the file ${content.path ?? ""} (${code}); give a path relative to the folder of Pulumi.yaml`,
    );
  }
}
