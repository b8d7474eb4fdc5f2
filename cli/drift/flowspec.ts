import path from "node:path";
import type * as Typescript from "typescript";
import { type Scalar, isNode, isPair, parseDocument, visit } from "yaml";
import { type Leaf, leavesOf, valueAt } from "../../provider/core/fields";
import { canonicalValue } from "../../provider/core/former";
import { stableText } from "../../provider/core/record";
import { definitions } from "../../provider/index";
import { type FlowSpecTask, type FlowSpecWorkflow, readFlowSpec } from "../../sdk/flowspec/reader";
import type { Edit } from "./build";
import { type Splice, spliced } from "./files";
import { memberOf, staticValue } from "./program";
import { Refusal, type Source } from "./source";

/** The call that makes a workflow of a document. */
export interface WorkflowCall {
  /** The document's file, as the program names it. */
  readonly file: string;
  /** The object with what the program changes of single tasks. */
  readonly overrides: Typescript.ObjectLiteralExpression | undefined;
  readonly placeholders: Readonly<Record<string, string>> | undefined;
  readonly namePrefix: string | undefined;
}

/** Finds `DataWorksWorkflow.fromFlowSpec("<name>", "<file>", …)`; a refusal where that is not certain. */
export function workflowCall(source: Source, name: string): WorkflowCall {
  const { ts } = source;
  const what = `fromFlowSpec(${JSON.stringify(name)}, …)`;
  const calls = source
    .every(ts.isCallExpression)
    .filter(
      ({ expression, arguments: given }) =>
        ts.isPropertyAccessExpression(expression) &&
        expression.name.text === "fromFlowSpec" &&
        source.textOf(given[0]) === name,
    );
  const [only] = calls;
  if (only === undefined) throw new Refusal(`no ${what} with this name as a literal stands in ${source.root.fileName}`);
  if (calls.length > 1) throw new Refusal(`${what} stands ${calls.length} times in ${source.root.fileName}`);
  source.refuseRepeated(only, what);
  const [, document, args] = only.arguments;
  const file = document === undefined ? undefined : fileIn(source, document);
  if (file === undefined) throw new Refusal(`the document of ${what} is not named by a literal`);
  const given = args === undefined ? undefined : source.followed(args);
  if (given === undefined || !ts.isObjectLiteralExpression(given))
    throw new Refusal(`the arguments of ${what} are computed`);
  const member = (key: string): Typescript.Expression | undefined => {
    const found = memberOf(source, given, key);
    if (found === undefined) return undefined;
    if (!ts.isPropertyAssignment(found)) throw new Refusal(`${key} of ${what} is computed`);
    return source.followed(found.initializer);
  };
  const [tasks, placeholders, prefix] = [member("tasks"), member("placeholders"), member("namePrefix")];
  if (tasks !== undefined && !ts.isObjectLiteralExpression(tasks)) throw new Refusal(`tasks of ${what} is computed`);
  return {
    file,
    overrides: tasks,
    placeholders: placeholders && (staticValue(source, placeholders) as Record<string, string>),
    namePrefix: prefix && String(staticValue(source, prefix)),
  };
}

/** A path as a literal, or joined of literals and the program's own folder. */
function fileIn(source: Source, node: Typescript.Expression): string | undefined {
  const { ts } = source;
  const at = source.followed(node);
  const text = source.textOf(at);
  if (text !== undefined) return text;
  if (!ts.isCallExpression(at) || !/^(path\.)?(join|resolve)$/.test(at.expression.getText(source.root)))
    return undefined;
  const here = path.dirname(source.root.fileName);
  const parts = at.arguments.map((each) =>
    ts.isIdentifier(each) && each.text === "__dirname" ? here : source.textOf(each),
  );
  return parts.some((part) => part === undefined) ? undefined : path.join(...(parts as string[]));
}

/** FlowSpec's own words, where a task has others. */
const WORDS: Readonly<Record<string, string>> = { Allowed: "AllAllowed", Denied: "AllDenied" };
const wordOf = (value: unknown): unknown => Object.keys(WORDS).find((word) => WORDS[word] === value) ?? value;

/** How FlowSpec writes what a task counts or names in another way; both directions. */
const FORMS: readonly { readonly from: (written: string) => unknown; readonly to: (value: unknown) => unknown }[] = [
  { from: (written) => WORDS[written], to: wordOf },
  { from: (written) => written, to: (value) => value },
  { from: Number, to: (value) => value },
  { from: (written) => Number(written) * 3600, to: (value) => Number(value) / 3600 },
  { from: (written) => Number(written) / 1000, to: (value) => Number(value) * 1000 },
];

/** The tasks of a document; a refusal where it is none. */
export function documentIn(text: string, placeholders: Readonly<Record<string, string>> | undefined): FlowSpecWorkflow {
  try {
    // A text of one line without a brace would be taken for the name of a file.
    return readFlowSpec(
      text.endsWith("\n") ? text : `${text}\n`,
      placeholders && { placeholders: { ...placeholders } },
    );
  } catch (error) {
    throw new Refusal(`the document can't be read: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * The text of a document in which one property of one task has its live value. A place of the document counts only where
 * an edit of it, read back, changes this property of this task and nothing else of any task.
 */
export function editedDocument(
  text: string,
  isTask: (task: FlowSpecTask) => boolean,
  edit: Edit,
  placeholders: Readonly<Record<string, string>> | undefined,
): string {
  const { path: property, leaf, before, after } = edit;
  if (!["string", "number", "boolean"].includes(typeof after))
    throw new Refusal(
      after === undefined
        ? "the live task has no value there"
        : "its value is no single word or number in the document",
    );
  const read = (document: string) => documentIn(document, placeholders);
  const old = read(text);
  const index = old.tasks.findIndex(isTask);
  const task = old.tasks[index];
  if (task === undefined) throw new Refusal("the document has no node of this task any more");
  const declared = canonicalValue(leaf, valueAt(task.arguments, property));
  if (stableText(declared) === stableText(after)) return text;
  if (stableText(declared) !== stableText(before))
    throw new Refusal("the document says something else there than what was deployed last");
  let tries = 0;
  for (const scalar of scalarsIn(text, task.path)) {
    for (const { from, to } of FORMS) {
      if (stableText(canonicalValue(leaf, from(String(scalar.value)))) !== stableText(before)) continue;
      const splice = withValue(text, scalar, to(after));
      if (splice === undefined) continue;
      if (tries++ === MOST_TRIES)
        throw new Refusal(
          `the first ${MOST_TRIES} places with this value are not about this task alone, and the rest were not tried`,
        );
      const edited = spliced(text, [splice]);
      if (changesOnly(old, edited, read, index, property, leaf, after)) return edited;
    }
  }
  throw new Refusal("the document has no place that is about this property of this task alone");
}

/** Each is one reading of the document. */
const MOST_TRIES = 100;

/** Every single value of a document in JSON or YAML, those of the node at a path first, keys left out. */
function scalarsIn(text: string, path: string): Scalar[] {
  const document = parseDocument(text, {
    schema: "failsafe",
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: "error",
  });
  const found: Scalar[] = [];
  visit(document, {
    Scalar: (key, node, parents) => {
      if (key !== "key" || !isPair(parents.at(-1))) found.push(node);
    },
  });
  const node = document.getIn(path.match(/[^.[\]]+/g) ?? [], true);
  const [start = 0, end = 0] = (isNode(node) && node.range) || [];
  const isWithin = ({ range }: Scalar): boolean => !!range && range[0] >= start && range[1] <= end;
  return [...found.filter(isWithin), ...found.filter((scalar) => !isWithin(scalar))];
}

/** The other value in the form in which the old one is written. */
function withValue(text: string, { range, type }: Scalar, value: unknown): Splice | undefined {
  if (!range) return undefined;
  const [start, end] = range;
  const isText = typeof value === "string";
  const written = text.slice(start, end);
  const whole = (now: string): Splice => ({ start, end, text: now });
  if (type === "QUOTE_DOUBLE") return whole(JSON.stringify(String(value)));
  if (type === "QUOTE_SINGLE") return whole(`'${String(value).replaceAll("'", "''")}'`);
  if (type === "PLAIN") {
    const isSafe = !isText || (!/^\s*[[{]/.test(text) && /^[\p{L}\d][\p{L}\d _./-]*$/u.test(value));
    return whole(isSafe ? String(value) : JSON.stringify(value));
  }
  if (type !== "BLOCK_LITERAL") return undefined;
  const [, header = "|", newline = "\n", indent = ""] = /^([^\r\n]*)(\r?\n)([ \t]*)/.exec(written) ?? [];
  const lines = String(value).replace(/\n$/, "").split("\n");
  const body = lines.map((line) => (line === "" ? "" : indent + line)).join(newline);
  return whole(`${header}${newline}${body}${/\r?\n$/.test(written) ? newline : ""}`);
}

/** Whether an edited document makes the same tasks but for one property of one of them. */
function changesOnly(
  old: FlowSpecWorkflow,
  edited: string,
  read: (text: string) => FlowSpecWorkflow,
  index: number,
  property: string,
  leaf: Leaf<unknown>,
  after: unknown,
): boolean {
  let now: FlowSpecWorkflow;
  try {
    now = read(edited);
  } catch {
    return false;
  }
  if (now.tasks.length !== old.tasks.length || now.findings.length !== old.findings.length) return false;
  return now.tasks.every((task, at) => {
    const was = old.tasks[at];
    if (was === undefined || task.nodeId !== was.nodeId || stableText(task.dependsOn) !== stableText(was.dependsOn))
      return false;
    if (at !== index) return stableText(task.arguments) === stableText(was.arguments);
    return leavesOf(definitions.DataWorksTask.fields).every(({ path: each }) => {
      const [is, before] = [valueAt(task.arguments, each), valueAt(was.arguments, each)];
      return each === property
        ? stableText(canonicalValue(leaf, is)) === stableText(after)
        : stableText(is) === stableText(before);
    });
  });
}
