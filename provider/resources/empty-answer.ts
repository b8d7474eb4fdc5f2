import { type Cloud, CloudError } from "../core/errors";
import { type Page } from "../core/listing";

const EMPTY = "EmptyAnswer";

/**
 * What to throw for an answer that lacks what was asked for: nothing may be concluded from it. With `unclear` the call may
 * have taken effect.
 */
export const emptyAnswer = (
  operation: string,
  answer: Readonly<Record<string, unknown>>,
  lacks: string,
  {
    cloud = "dataworks",
    code = EMPTY,
    unclear = false,
    about,
  }: { cloud?: Cloud; code?: string; unclear?: boolean; about?: string } = {},
): CloudError =>
  new CloudError({
    cloud,
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

/** What is asked for again and again; an answer that says nothing is waited for, too. */
export const unlessEmpty = <T>(answer: Promise<T>): Promise<T | undefined> =>
  answer.catch((error: unknown) => {
    if (isEmptyAnswer(error)) return undefined;
    throw error;
  });

/** A page of a list. One that lacks what it counts is none: nothing may be concluded from it. */
export function page<T>(
  operation: string,
  answer: Readonly<Record<string, unknown>>,
  name: string,
  { within = "PagingInfo", cloud = "dataworks" }: { within?: "PagingInfo" | "Data"; cloud?: Cloud } = {},
): Page<T> {
  const paging = (answer[within] ?? {}) as Record<string, unknown>;
  const given = paging[name] ?? [];
  const items = Array.isArray(given) ? (given as T[]) : [];
  const total = Number(paging["TotalCount"] ?? NaN);
  if (items.length > 0) return { items, total: Number.isFinite(total) ? total : items.length };
  if (total === 0 || Number(paging["PageNumber"]) > 1) return { items, total };
  throw emptyAnswer(operation, answer, `complete page of ${name}`, { cloud, code: NO_PAGE });
}

/**
 * Everything in a list, page after page, however few things the service puts on one. A list that ends before it has shown
 * all that it counts is none: nothing may be concluded from it.
 */
export async function everyItem<T>(
  operation: string,
  pageOf: (number: number) => Page<T> | Promise<Page<T>>,
  cloud: Cloud = "dataworks",
): Promise<T[]> {
  const found: T[] = [];
  let most = 0;
  for (let number = 1; ; number++) {
    const { items, total } = await pageOf(number);
    found.push(...items);
    if (found.length >= total) return found;
    if (items.length === 0) {
      const lacks = `page ${number}, although it counts ${most} and has shown ${found.length}`;
      throw emptyAnswer(operation, {}, lacks, { cloud, code: NO_PAGE });
    }
    most = total;
  }
}
const NO_PAGE = "NoPage";

/** What a list shows, or nothing where its page came back broken: then each thing is looked at by itself. */
export const orNothing =
  <T>(nothing: T) =>
  (error: unknown): T => {
    if (error instanceof CloudError && error.code === NO_PAGE) return nothing;
    throw error;
  };

/** The id that a call has given to what it made. */
export function idFrom(operation: string, answer: Readonly<Record<string, unknown>>, about: string): string {
  const id = answer["Id"] as string | number | null | undefined;
  if (id === undefined || id === null || id === "")
    throw emptyAnswer(operation, answer, "Id", { unclear: true, about });
  return String(id);
}
