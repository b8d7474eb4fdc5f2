import { readFileSync, statSync } from "node:fs";
import { inOneLine } from "../../provider/core/quoting";
import type { Note, Operation, Position, Preview, Snapshot, Step, Tree } from "./preview";
import { partsOf } from "./preview";
import { argumentsIn, isTree } from "./values";

/** A file that is no preview, or can't be read: a sentence for the user. */
export class UnreadableFile extends Error {
  override readonly name = "UnreadableFile";

  constructor(message: string, options?: ErrorOptions) {
    super(inOneLine(message), options);
  }
}

/** Larger files are no previews that a program could be reviewed by. */
const MOST_BYTES = 256 * 1024 * 1024;

/** The text of a regular file. */
export function textOf(file: string): string {
  let bytes: number;
  try {
    const status = statSync(file);
    if (!status.isFile()) throw new UnreadableFile(`${file} is no file`);
    bytes = status.size;
    if (bytes > MOST_BYTES)
      throw new UnreadableFile(`${file} has ${bytes} bytes; more than ${MOST_BYTES} are not read`);
    return readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    throw new UnreadableFile(`${file} can't be read: ${(error as Error).message}`);
  }
}

/** The object in a JSON file. */
export function objectIn(file: string): Tree {
  const text = textOf(file);
  const value = readably(file, "a file of this command", (): unknown => JSON.parse(text));
  return isTree(value) ? value : {};
}

/**
 * A preview from the text of `pulumi preview --json` (one document, or a line for each event), of `--save-plan`, or of an
 * event log. `state` is what `pulumi stack export` printed: a plan takes the values before the change from it.
 */
export function previewFrom(text: string, name: string, state?: string, stateName = "the state"): Preview {
  const stored = state === undefined ? undefined : readably(stateName, "a state", () => resourcesOf(JSON.parse(state), stateName)); // prettier-ignore
  return readably(name, "a preview", () => {
    const whole = parsed(text);
    if (isTree(whole) && isTree(whole["resourcePlans"])) return fromPlan(whole, whole["resourcePlans"], stored);
    if (isTree(whole) && (Array.isArray(whole["steps"]) || isTree(whole["changeSummary"]))) return fromDocument(whole);
    const events = partsIn(text);
    if (events.some(isEvent)) return fromEvents(events);
    throw new UnreadableFile(
      `${name} is no preview; give what \`pulumi preview --json\` printed, an event log (\`--event-log\`), or an update plan (\`--save-plan\`)`,
    );
  });
}

/** What `read` makes of a text; what goes wrong is told in a sentence that quotes nothing of it. */
export function readably<T>(name: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableFile) throw error;
    if (error instanceof RangeError)
      throw new UnreadableFile(`${name} is nested too deeply to be ${what}`, { cause: error });
    // The parser quotes what stands there, which may be a secret; what it says before that is enough.
    const [reason] = (error as Error).message.split(/, (?:\.\.\.)?"/);
    throw new UnreadableFile(`${name} is no readable JSON: ${reason ?? ""}`, { cause: error });
  }
}

/** One JSON document, or `undefined` when the text is something else. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Lines of events are looked at next; a document that was cut off is told.
    if (/^\s*\{"/.test(text) && /\n\s*\{"/.test(text)) return undefined;
    throw error;
  }
}

/** One document as a list, or the events of a log. */
export const partsIn = (text: string): Tree[] => {
  const whole = parsed(text);
  return whole === undefined ? lines(text) : [whole].filter(isTree);
};

/** Every line that is a JSON object; the last one may be cut off where a run was killed. */
const lines = (text: string): Tree[] =>
  text.split("\n").flatMap((line) => {
    try {
      const value: unknown = line.trim() === "" ? undefined : JSON.parse(line);
      return isTree(value) ? [value] : [];
    } catch {
      return [];
    }
  });

const isEvent = (value: Tree): boolean =>
  typeof value["sequence"] === "number" || Object.keys(value).some((key) => /Event$/.test(key));

const textIn = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];

const OPERATIONS: Readonly<Record<string, Operation>> = {
  create: "create",
  import: "create",
  update: "update",
  delete: "delete",
  same: "same",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "import-replacement": "replace",
};
const operationOf = (word: unknown): Operation => OPERATIONS[String(word)] ?? "other";

/** One side of a step from a resource as the engine writes it. */
export function snapshot(value: unknown): Snapshot | undefined {
  if (!isTree(value)) return undefined;
  const id = textIn(value["id"]);
  return {
    ...(id !== undefined && { id }),
    inputs: argumentsIn(value["inputs"]),
    outputs: argumentsIn(value["outputs"]),
    dependencies: texts(value["dependencies"]),
  };
}

/** One step for each resource: the engine tells a replacement as three. */
function together(steps: readonly Step[]): Step[] {
  const byUrn = new Map<string, Step>();
  for (const step of steps) {
    const known = byUrn.get(step.urn);
    if (known === undefined) {
      byUrn.set(step.urn, step);
      continue;
    }
    const [before, after] = [known.before ?? step.before, step.after ?? known.after];
    const position = known.position ?? step.position;
    const stays = known.stays ?? step.stays;
    byUrn.set(step.urn, {
      ...known,
      operation: known.operation === "replace" || step.operation === "replace" ? "replace" : step.operation,
      ...(before && { before }),
      ...(after && { after }),
      ...(position && { position }),
      ...(stays !== undefined && { stays }),
      replaceKeys: [...new Set([...known.replaceKeys, ...step.replaceKeys])],
    });
  }
  return [...byUrn.values()];
}

function whose(steps: readonly Step[]): Pick<Preview, "project" | "stack"> {
  const { project, stack } = partsOf(steps[0]?.urn ?? "");
  return { ...(project !== undefined && { project }), ...(stack !== undefined && { stack }) };
}

function stepOf(value: Tree, old: unknown, now: unknown, keys: unknown): Step[] {
  const urn = textIn(value["urn"]);
  if (urn === undefined) return [];
  const { name, type } = partsOf(urn);
  const operation = operationOf(value["op"]);
  const before = operation === "create" ? undefined : snapshot(old);
  const after = operation === "delete" ? undefined : snapshot(now);
  const position = positionIn(now) ?? positionIn(old);
  return [
    {
      ...{ operation, urn, type, name, replaceKeys: texts(keys) },
      ...staying(old),
      ...(before && { before }),
      ...(after && { after }),
      ...(position && { position }),
    },
  ];
}

/** The engine makes no call for a resource that was declared with `retainOnDelete`. */
const staying = (old: unknown): Pick<Step, "stays"> =>
  isTree(old) && old["retainOnDelete"] === true
    ? { stays: "because of retainOnDelete the task stays at the service as it is, and is not managed any more" }
    : {};

/** The innermost place of the program itself that declares a resource: neither a package nor a file outside of its folder. */
export function positionIn(resource: unknown): Position | undefined {
  const trace = isTree(resource) && Array.isArray(resource["stackTrace"]) ? resource["stackTrace"].filter(isTree) : [];
  for (const { sourcePosition } of trace) {
    const [, file, line, column] =
      /^project:\/\/\/((?!\.\.\/|.*node_modules\/).+)#(\d+),(\d+)$/.exec(String(sourcePosition)) ?? [];
    if (file !== undefined) return { file: decodedPath(file), line: Number(line), column: Number(column) };
  }
  return undefined;
}

function decodedPath(file: string): string {
  try {
    return decodeURIComponent(file);
  } catch {
    return file;
  }
}

function noteOf(value: Tree): Note[] {
  const severity = String(value["severity"]);
  const level = severity === "error" || severity === "warning" ? severity : severity.startsWith("info") ? "info" : "";
  const message = plain(textIn(value["message"]) ?? "");
  if (level === "" || message === "") return [];
  const urn = textIn(value["urn"]);
  return [{ severity: level, message, ...(urn !== undefined && { urn }) }];
}

/** Without the engine's marks of colour and the word it puts in front. */
const plain = (message: string): string =>
  message
    .replaceAll(/<\{%[^%]*%\}>/g, "")
    .replace(/^(warning|error|info): /, "")
    .trim();

const configIn = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(isTree(value) ? value : {}).flatMap(([key, entry]) =>
      typeof entry === "string" ? [[key, entry]] : [],
    ),
  );

function fromDocument(document: Tree): Preview {
  // A refresh tells each resource once as it was, and then what becomes of it as it is.
  const all = (Array.isArray(document["steps"]) ? document["steps"].filter(isTree) : []).filter(
    (step) => step["op"] !== "refresh",
  );
  const steps = together(
    all.flatMap((step) => stepOf(step, step["oldState"], step["newState"], step["replaceReasons"])),
  );
  const notes = Array.isArray(document["diagnostics"]) ? document["diagnostics"].filter(isTree).flatMap(noteOf) : [];
  const summary = isTree(document["changeSummary"]) ? document["changeSummary"] : {};
  const same = typeof summary["same"] === "number" ? summary["same"] : 0;
  const leftOut = Math.max(0, same - steps.filter(({ operation }) => operation === "same").length);
  return {
    ...whose(steps),
    steps,
    notes,
    config: configIn(document["config"]),
    hasBefore: true,
    ...(leftOut > 0 && { leftOut }),
  };
}

function fromEvents(events: readonly Tree[]): Preview {
  const steps: Step[] = [];
  const notes: Note[] = [];
  let config: Record<string, string> = {};
  let at: number | undefined;
  for (const event of events) {
    if (typeof event["timestamp"] === "number") at ??= event["timestamp"] * 1000;
    const prelude = event["preludeEvent"];
    if (isTree(prelude)) config = configIn(prelude["config"]);
    const said = event["diagnosticEvent"];
    if (isTree(said)) notes.push(...noteOf(said));
    // A refresh announces "refresh" and says afterwards what has become of the resource.
    for (const told of [event["resourcePreEvent"], event["resOutputsEvent"]]) {
      const metadata = isTree(told) ? told["metadata"] : undefined;
      if (!isTree(metadata) || metadata["op"] === "refresh") continue;
      steps.push(...stepOf(metadata, metadata["old"], metadata["new"], metadata["keys"]));
    }
  }
  const merged = together(steps);
  return { ...whose(merged), steps: merged, notes, config, hasBefore: true, ...(at !== undefined && { at }) };
}

/** The resources of an exported state. */
export function resourcesOf(state: unknown, name: string): ReadonlyMap<string, Tree> {
  const deployment = isTree(state) ? state["deployment"] : undefined;
  // A stack that nothing was deployed to has no list.
  const list = isTree(deployment)
    ? (deployment["resources"] ?? (isTree(deployment["manifest"]) ? [] : undefined))
    : undefined;
  if (!Array.isArray(list)) throw new UnreadableFile(`${name} is no state; give what \`pulumi stack export\` printed`);
  return new Map(list.filter(isTree).map((resource) => [String(resource["urn"]), resource]));
}

/** A stack as its state has it. */
export interface State {
  /** Every resource, as a step that changes nothing. */
  readonly steps: readonly Step[];
  /** When each was changed last, by its URN, milliseconds since the epoch. */
  readonly modified: ReadonlyMap<string, number>;
}

/** The stack from the text of `pulumi stack export`, secrets masked. */
export function stateFrom(text: string, name: string): State {
  return readably(name, "a state", () => {
    const resources = resourcesOf(JSON.parse(text), name);
    const modified = new Map<string, number>();
    const steps = [...resources].flatMap(([urn, resource]) => {
      const moment = Date.parse(textIn(resource["modified"]) ?? "");
      if (!Number.isNaN(moment)) modified.set(urn, moment);
      return stepOf({ urn, op: "same" }, resource, resource, []);
    });
    return { steps, modified };
  });
}

function fromPlan(plan: Tree, plans: Tree, stored: ReadonlyMap<string, Tree> | undefined): Preview {
  const steps = Object.entries(plans).flatMap(([urn, entry]): Step[] => {
    if (!isTree(entry)) return [];
    const { name, type } = partsOf(urn);
    const goal = isTree(entry["goal"]) ? entry["goal"] : {};
    const words = texts(entry["steps"]).map(operationOf);
    const operation = words.includes("replace") ? "replace" : (words[0] ?? "other");
    const before = operation === "create" ? undefined : snapshot(stored?.get(urn));
    const inputs = argumentsIn(entry["state"]);
    const after = { inputs, outputs: {}, dependencies: dependenciesIn(goal["propertyDependencies"]) };
    return [
      {
        ...{ operation, urn, type, name, replaceKeys: [] },
        ...staying(stored?.get(urn)),
        ...(before && { before }),
        ...(operation !== "delete" && { after }),
        ...(before === undefined && operation === "update" && { changed: namesIn(goal["inputDiff"]) }),
      },
    ];
  });
  return { ...whose(steps), steps, notes: [], config: configIn(plan["config"]), hasBefore: stored !== undefined };
}

/** The arguments that a plan adds, changes or removes. */
const namesIn = (difference: unknown): string[] =>
  Object.values(isTree(difference) ? difference : {}).flatMap((part) =>
    Array.isArray(part) ? texts(part) : Object.keys(isTree(part) ? part : {}),
  );

const dependenciesIn = (value: unknown): string[] => [
  ...new Set(Object.values(isTree(value) ? value : {}).flatMap(texts)),
];
