import { CloudError } from "../core/errors";

const EMPTY = "NoAnswer";

/**
 * What to throw for an answer of DataWorks that lacks what was asked for: nothing may be concluded from it. With `unclear`
 * the call may have taken effect.
 */
export const emptyAnswer = (
  operation: string,
  answer: Readonly<Record<string, unknown>>,
  lacks: string,
  { code = EMPTY, unclear = false, about }: { code?: string; unclear?: boolean; about?: string } = {},
): CloudError =>
  new CloudError({
    cloud: "dataworks",
    operation,
    code,
    detail: `the answer has no ${lacks}`,
    errorClass: "transient",
    requestId: typeof answer["RequestId"] === "string" ? answer["RequestId"] : undefined,
    unclear,
    ...(about !== undefined && { about }),
  });

export const isEmptyAnswer = (error: unknown): error is CloudError =>
  error instanceof CloudError && error.code === EMPTY;

/** The id that a call has given to what it made. */
export function idFrom(operation: string, answer: Readonly<Record<string, unknown>>, about: string): string {
  const id = answer["Id"] as string | number | null | undefined;
  if (id === undefined || id === null || id === "")
    throw emptyAnswer(operation, answer, "Id", { unclear: true, about });
  return String(id);
}
