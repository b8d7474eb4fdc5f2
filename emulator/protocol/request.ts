/** One HTTP request as it came over the wire: signatures are checked over these bytes. */
export interface WireRequest {
  method: string;
  path: string;
  /** The text after `?`, undecoded. */
  query: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
}

const octets = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
};

/** The decoded pairs of a query string or form body, in the order sent. */
export function formPairs(text: string): [name: string, value: string][] {
  return text
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const at = part.indexOf("=");
      return at < 0 ? [octets(part), ""] : [octets(part.slice(0, at)), octets(part.slice(at + 1))];
    });
}

/** RFC 3986 percent-encoding: everything but letters, digits and `-_.~`. */
export const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
