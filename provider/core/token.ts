/** The line by which we know again what we made: the last one of a description (design: identity). */
const LINE = /\n?\[pulumi-data-tasks:([a-z0-9]{8,40})\]\s*$/;

/** The text with the token on a last line of its own. */
export const withToken = (text: string | undefined, token: string): string =>
  `${text ?? ""}${text ? "\n" : ""}[pulumi-data-tasks:${token}]`;

/** The text as the user wrote it. */
export const withoutToken = (text: string | undefined): string => (text ?? "").replace(LINE, "");

/** The token a text carries, or `undefined`. */
export const tokenOf = (text: string | undefined): string | undefined => LINE.exec(text ?? "")?.[1];
