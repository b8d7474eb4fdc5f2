import { createHash } from "node:crypto";

/** The line by which we know again what we made: the last one of a description (design: identity). */
const LINE = /\n?\[pulumi-data-tasks:([a-z0-9]{8,40})\]\s*$/;

/** The text with the token on a last line of its own. */
export const withToken = (text: string | undefined, token: string): string =>
  `${text ?? ""}${text ? "\n" : ""}[pulumi-data-tasks:${token}]`;

/** The text as the user wrote it. */
export const withoutToken = (text: string | undefined): string => (text ?? "").replace(LINE, "");

/** The token a text carries, or `undefined`. */
export const tokenOf = (text: string | undefined): string | undefined => LINE.exec(text ?? "")?.[1];

const STACK = 5;

const hashed = (parts: readonly string[], length: number): string =>
  BigInt(`0x${createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16)}`)
    .toString(36)
    .padStart(length, "0")
    .slice(-length);

/** The creation token of a resource: what its stack is, then what tells it from the others of the stack. */
export const creationTokenOf = (stack: readonly string[], resource: readonly string[]): string =>
  hashed(stack, STACK) + hashed([...stack, ...resource], 12);

/** The creation token of one task of a set. */
export const memberToken = (token: string, key: string): string => token.slice(0, STACK) + hashed([token, key], 12);

/** Whether two tokens were made for resources of one stack. */
export const isOfSameStack = (one: string, other: string): boolean => one.slice(0, STACK) === other.slice(0, STACK);
