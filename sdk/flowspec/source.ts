import { readFileSync, statSync } from "node:fs";
import { parse as parseJson } from "lossless-json";
import type * as Yaml from "yaml";
import { inOneLine, show } from "../../provider/core/quoting";
import { isRecord } from "./members";

/** A file that cannot be read as FlowSpec. The message is one sentence with the file and, where known, line and column. */
export class FlowSpecError extends Error {
  override readonly name = "FlowSpecError";
  /** What Pulumi knows its own RunError by: a program that ends with this shows the sentence, without a stack. */
  protected readonly __pulumiRunError = true;
  readonly line?: number;
  readonly column?: number;

  constructor(about: string, reason: string, place?: { line: number; column: number }, options?: { cause?: unknown }) {
    super(inOneLine(`${about}${place ? `:${place.line}:${place.column}` : ""} ${reason}`), options);
    if (place) {
      this.line = place.line;
      this.column = place.column;
    }
  }
}

const MIB = 1024 * 1024;
/** Reading JSON takes 25 ms a MiB, YAML ten times that and much memory (measured). */
const LARGEST = { JSON: 128 * MIB, YAML: 16 * MIB };
/** How many nodes aliases may stand for, counted as the product along nested anchors: a bomb passes this at once. */
const MOST_ALIASES = 200_000;

/** How many brackets may stand open. A YAML reader takes minutes for thousands of them (measured). */
const DEEPEST = 1_000;
const TOO_DEEP = "is nested too deeply";

/** The most brackets that are open at once; those inside of texts count too, which are closed in the same text. */
function bracketsIn(text: string): number {
  let [open, most] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === "[" || character === "{") most = Math.max(most, (open += 1));
    else if ((character === "]" || character === "}") && open > 0) open -= 1;
  }
  return most;
}

/** The document of a file, a text or an object, and how to call it in a sentence. */
export function load(source: string | object): { about: string; document: Record<string, unknown> } {
  if (typeof source !== "string") return { about: "The document", document: asRecord(source, "The document") };
  const isText = source.includes("\n") || source.trimStart().startsWith("{");
  const about = isText ? "The text" : source;
  const text = isText ? source.replace(/^\uFEFF/, "") : readText(source);
  const format = /\.json$/i.test(about)
    ? "JSON"
    : /\.ya?ml$/i.test(about)
      ? "YAML"
      : /^\s*[[{]/.test(text)
        ? "JSON"
        : "YAML";
  if (text.length > LARGEST[format]) throw tooLarge(about, text.length, format);
  if (text.trim() === "") throw new FlowSpecError(about, "is empty");
  if (bracketsIn(text) > DEEPEST) throw new FlowSpecError(about, TOO_DEEP);
  try {
    return { about, document: asRecord(format === "JSON" ? fromJson(text, about) : fromYaml(text, about), about) };
  } catch (error) {
    if (error instanceof RangeError) throw new FlowSpecError(about, TOO_DEEP, undefined, { cause: error });
    throw error;
  }
}

function readText(file: string): string {
  let bytes: Buffer;
  try {
    const stats = statSync(file);
    // A device or a pipe may never end.
    if (!stats.isFile() && !stats.isDirectory()) throw new FlowSpecError(file, "is a device or a pipe, not a file");
    const { size } = stats;
    if (size > LARGEST.JSON) throw tooLarge(file, size, "JSON");
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof FlowSpecError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === "ENOENT"
        ? "does not exist"
        : code === "EISDIR"
          ? "is a folder, not a file"
          : `cannot be read (${code ?? String(error)})`;
    throw new FlowSpecError(file, reason, undefined, { cause: error });
  }
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes); // takes the byte order mark away
  } catch (error) {
    throw new FlowSpecError(file, `is not text in ${encoding.toUpperCase()}`, undefined, { cause: error });
  }
}

const tooLarge = (about: string, size: number, format: "JSON" | "YAML") =>
  new FlowSpecError(
    about,
    `has ${Math.ceil(size / MIB)} MiB, and at most ${LARGEST[format] / MIB} MiB of ${format} are read: split it${format === "YAML" ? " or write it as JSON" : ""}`,
  );

/** Numbers stay text, so that 19-digit ids survive. */
function fromJson(text: string, about: string): unknown {
  try {
    return parseJson(text, undefined, (digits) => digits);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [, reason, position] = /^(.*?) (?:encountered )?at position (\d+)$/s.exec(error.message) ?? [];
    if (reason === undefined || position === undefined)
      throw new FlowSpecError(about, `is not JSON: ${error.message}`, undefined, { cause: error });
    const before = text.slice(0, Number(position)).split("\n");
    const place = { line: before.length, column: (before.at(-1) ?? "").length + 1 };
    throw new FlowSpecError(about, `is not JSON: ${reason}`, place, { cause: error });
  }
}

/** Loaded when the first document is read: most programs read none. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it with the package
const yaml = (): typeof Yaml => require("yaml") as typeof Yaml;

/** Plain scalars stay text: `064152` keeps its zero, `2023-01-01T00:00:00` is not moved between time zones. */
function fromYaml(text: string, about: string): unknown {
  const { LineCounter, YAMLParseError, parseDocument } = yaml();
  const lineCounter = new LineCounter();
  // Pretty errors cut the line out anew for each of them, and unique keys are looked for in a list: either takes minutes
  // for a file of some MiB (measured).
  const quick = { logLevel: "error", prettyErrors: false, uniqueKeys: false, lineCounter } as const;
  const parsed = parseDocument(text, { schema: "failsafe", customTags: ["null"], merge: true, ...quick });
  const error = parsed.errors[0] ?? repeatedKey(parsed);
  if (error instanceof YAMLParseError) {
    const { line, col: column } = lineCounter.linePos(error.pos[0]);
    const reason =
      error.code === "MULTIPLE_DOCS"
        ? "holds several YAML documents, and one is read: split it"
        : `is not YAML: ${error.message}`;
    throw new FlowSpecError(about, reason, { line, column }, { cause: error });
  }
  if (/(^|[\s:,[])\{\{/m.test(text)) quoteReferences(parsed);
  try {
    return parsed.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    throw new FlowSpecError(about, `has YAML aliases that cannot be followed: ${cause.message}`, undefined, { cause });
  }
}

/** The error of a key that stands twice in one map. */
function repeatedKey(parsed: Yaml.Document): Yaml.YAMLParseError | undefined {
  const { YAMLParseError, isScalar, visit } = yaml();
  let repeated: Yaml.YAMLParseError | undefined;
  visit(parsed, {
    Map: (_key, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) {
          const [start = 0, end = start] = key.range ?? [];
          repeated = new YAMLParseError(
            [start, end],
            "DUPLICATE_KEY",
            `the key ${show(key.value)} stands twice in one map`,
          );
          return visit.BREAK;
        }
        seen.add(key.value);
      }
      return undefined;
    },
  });
  return repeated;
}

/** `{{scripts.load}}` without quotes is a map in a map to YAML, and a reference to everybody who writes it. */
function quoteReferences(parsed: Yaml.Document): void {
  const { Scalar, isMap, isScalar, visit } = yaml();
  const onlyKey = (node: unknown): unknown => {
    const pair = isMap(node) && node.flow === true && node.items.length === 1 ? node.items[0] : undefined;
    return pair && (pair.value === null || (isScalar(pair.value) && pair.value.value === null)) ? pair.key : undefined;
  };
  visit(parsed, {
    Map: (_key, node) => {
      const name = onlyKey(onlyKey(node));
      return isScalar(name) ? new Scalar(`{{${String(name.value)}}}`) : undefined;
    },
  });
}

function asRecord(value: unknown, about: string): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw new FlowSpecError(
    about,
    `is no FlowSpec document: it holds ${Array.isArray(value) ? "a list" : "a single value"} instead of an object with version, kind and spec`,
  );
}
