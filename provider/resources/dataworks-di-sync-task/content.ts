import { canonicalText, documentText, withAdditions } from "../../core/document";
import { type Document } from "../../core/fields";

/** A step of the live script is the declared one when it has the same name and is of the same kind. */
const isSameStep = (live: Record<string, unknown>, declared: Record<string, unknown>): boolean =>
  typeof declared["name"] === "string" &&
  live["name"] === declared["name"] &&
  live["stepType"] === declared["stepType"] &&
  live["category"] === declared["category"];

/**
 * The script to send so that the live one becomes what is declared; `undefined` when it is already. UpdateDISyncTask
 * replaces the whole of it, so what the service or its console has added (`extend`, the settings of its wizard) is sent
 * along, and what the user no longer declares is not. `shape`: what was declared last, see core/document.ts.
 */
export function contentToSend(live: string, declared: Document, shape: string | undefined): string | undefined {
  const text = withAdditions(live, declared, shape, isSameStep);
  return canonicalText(text) === canonicalText(live) ? undefined : text;
}

/** The same for a file that we have made ourselves and nobody has worked on yet: exactly what is declared. */
export const contentOfNew = (live: string, declared: Document): string | undefined =>
  canonicalText(live) === canonicalText(documentText(declared)) ? undefined : documentText(declared);
