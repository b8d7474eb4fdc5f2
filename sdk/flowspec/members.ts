import { type Findings, placeholderIn } from "./findings";

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** A member that says nothing: FlowSpec's writers leave many of them behind. */
export const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (Array.isArray(value) && value.length === 0) ||
  (isRecord(value) && Object.keys(value).length === 0);

/**
 * Members that say nothing about what a task does, wherever they stand. This is the whole list of what is passed over
 * without a finding.
 */
const MEANINGLESS: ReadonlySet<string> = new Set([
  "id", // names the object inside the document; references are resolved by it
  "uuid",
  "$schema", // for editors
  "isRef", // the writer's own mark
  "metadata", // "not used in business logic", says the format's reference
  "artifactType", // repeats the name of the list around it
  "refTableName", // display name of an output
  "isDefault", // whether the service made the output
  "sourceType", // whether a person or the parser made the edge
  "engine", // follows from the command
  "commandTypeId", // the command as a number
  "extension", // of the file in which an editor keeps the code
]);

/** Why a known member is left out; any other is left out because a task has no argument for it. */
const REASONS: Readonly<Record<string, string>> = {
  priority: "is left out: no operation sets the priority of a single task, it follows from its baseline",
  failureStrategy: "is left out: it belongs to a workflow as a whole, and the tasks here stand on their own",
  ignoreBranchConditionSkip: "is left out: a task has no argument for it",
  fileResources: "is left out: resource files are not tasks, and a task names what it uses in its code",
  functions: "is left out: functions are not tasks, and a task names what it uses in its code",
  tables: "is left out: which tables a task reads and writes is not one of its arguments",
};

/** One object of the document and which of its members have been read: what nobody reads is reported at the end. */
export class Members {
  readonly path: string;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #findings: Findings;
  readonly #read = new Set<string>();

  constructor(values: Readonly<Record<string, unknown>>, path: string, findings: Findings) {
    this.#values = values;
    this.path = path;
    this.#findings = findings;
  }

  /** The first of these members that says something; all of them count as read. */
  raw(...names: readonly string[]): unknown {
    return this.entry(...names)?.value;
  }

  /** As `raw`, with the path of what was found. */
  entry(...names: readonly string[]): { value: unknown; path: string } | undefined {
    let found: { value: unknown; path: string } | undefined;
    for (const name of names) {
      if (!Object.hasOwn(this.#values, name)) continue;
      this.#read.add(name);
      const value = this.#values[name];
      if (!isNothing(value)) found ??= { value, path: this.at(name) };
    }
    return found;
  }

  /** Says that these members are known and need no word. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#read.add(name);
  }

  at(name: string): string {
    return this.path === "" ? name : `${this.path}.${name}`;
  }

  /** A text; numbers keep their digits, blanks around it go. */
  text(...names: readonly string[]): string | undefined {
    const found = this.entry(...names);
    return (found && filledText(found.value, found.path, this.#findings)?.trim()) || undefined;
  }

  /** A text kept to the letter. */
  code(...names: readonly string[]): string | undefined {
    const found = this.entry(...names);
    return found && filledText(found.value, found.path, this.#findings, "${script.");
  }

  number(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (Number.isFinite(value) && value >= 0) return value;
    this.#findings.warning(this.at(name), `is left out: it must be a number from 0 on, got ${shown(text)}`);
    return undefined;
  }

  /** One of the words of a table, without regard to case and `_`. */
  word<T extends string>(name: string, words: Readonly<Record<string, T>>): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const key = text.toLowerCase().replace(/[_\s]/g, "");
    if (Object.hasOwn(words, key)) return words[key];
    const known = [...new Set(Object.values(words))].join(", ");
    this.#findings.warning(this.at(name), `is left out: ${shown(text)} is none of ${known}`);
    return undefined;
  }

  object(...names: readonly string[]): Members | undefined {
    const found = this.entry(...names);
    if (!found) return undefined;
    if (isRecord(found.value)) return new Members(found.value, found.path, this.#findings);
    this.#findings.warning(found.path, `is left out: it must be an object, got ${shown(found.value)}`);
    return undefined;
  }

  /** The elements of a list with their paths; a single value counts as a list of one. */
  list(...names: readonly string[]): { value: unknown; path: string }[] {
    const found = this.entry(...names);
    return found ? elements(found.value, found.path) : [];
  }

  /** Reports every member that says something and has not been read. */
  rest(): void {
    for (const [name, value] of Object.entries(this.#values)) {
      if (this.#read.has(name) || MEANINGLESS.has(name) || isNothing(value)) continue;
      this.#findings.warning(this.at(name), REASONS[name] ?? "is left out: a task has no argument for it");
    }
  }

  /** Reports one member by its own reason, if it says something. */
  leaveOut(name: string): void {
    if (!isNothing(this.raw(name))) {
      this.#findings.warning(this.at(name), REASONS[name] ?? "is left out: a task has no argument for it");
    }
  }
}

/** The elements of a list with their paths, without empty ones. */
export function elements(value: unknown, path: string): { value: unknown; path: string }[] {
  if (!Array.isArray(value)) return [{ value, path }];
  return value
    .map((element: unknown, index) => ({ value: element, path: `${path}[${index}]` }))
    .filter((element) => !isNothing(element.value));
}

/** A value as text; a placeholder that nothing replaced is reported. */
function filledText(value: unknown, path: string, findings: Findings, start = "${"): string | undefined {
  const text = textOf(value, path, findings);
  const left = text === undefined ? undefined : placeholderIn(text);
  if (left?.startsWith(start)) findings.warning(path, `holds the placeholder ${left}, which nothing replaces`);
  return text;
}

/** A value as text: a number that JavaScript has rounded, or an object, is reported. */
export function textOf(value: unknown, path: string, findings: Findings): string | undefined {
  if (typeof value === "string") return findings.filled(value);
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  // Another reader's YAML timestamp: written without a zone, held as UTC, so UTC gives the text back.
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? undefined : value.toISOString().slice(0, 19).replace("T", " ");
  if (typeof value === "number") {
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      findings.error(path, `is ${value}, a number too large for JavaScript and possibly rounded: write it as text`);
    }
    return String(value);
  }
  if (!isNothing(value)) findings.warning(path, `is left out: it must be text, got ${shown(value)}`);
  return undefined;
}

/** A single value as text, without a word about anything else: for names by which something is looked up. */
export const plain = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "bigint"
    ? String(value).trim()
    : undefined;

/** The word by which an entry of a mixed list says what it is. */
export const kindOf = (value: unknown): string =>
  isRecord(value) ? (plain(value["artifactType"]) ?? plain(value["type"]) ?? "").toLowerCase() : "";

/** A value as it may stand in a sentence. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isRecord(value)) return "an object";
  const text = JSON.stringify(String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}
