import type { Variable } from "../../provider/resources/dataworks-task/arguments";
import type { Definition, Definitions } from "./definitions";
import { reference } from "./definitions";
import type { Findings } from "./findings";
import { Members, elements, isNothing, isRecord, plain, shown, textOf } from "./members";

const TYPE = {
  constant: "Constant",
  system: "System",
  passthrough: "PassThrough",
  nodeoutput: "NodeOutput",
  nokvvariableexpression: "NoKvVariableExpression",
} as const;

interface ReadVariable {
  readonly name?: string;
  readonly type?: (typeof TYPE)[keyof typeof TYPE];
  readonly value?: string;
  readonly context: boolean;
  /** The output of the node that gives the variable, where one is named. */
  readonly source?: string;
  readonly path: string;
}

/** Reads variables, each definition once however many nodes refer to it. */
export class Variables {
  readonly #definitions: Definitions;
  readonly #findings: Findings;
  readonly #read = new Map<object, ReadVariable>();

  constructor(definitions: Definitions, findings: Findings) {
    this.#definitions = definitions;
    this.#findings = findings;
  }

  /** The scheduling parameters of a script, as one string of `name=value`; `context` are the node's input variables. */
  parameters(entries: readonly { value: unknown; path: string }[], context: readonly Variable[]): string | undefined {
    const parts: string[] = [];
    const names = new Set<string>();
    for (const { value, path } of entries) {
      const variable = this.#resolve(value, path);
      if (variable === "text") {
        parts.push(textOf(value, path, this.#findings)?.trim() ?? "");
        continue;
      }
      if (!variable) continue;
      const { name, type, value: text = "" } = variable;
      if (type === "NoKvVariableExpression")
        parts.push(text); // a whole parameter string, given without names
      else if (variable.context && (type === "NodeOutput" || type === "PassThrough")) {
        if (!context.some((input) => input.name === name)) {
          this.#findings.warning(
            path,
            "is left out: it is a variable of the node's context, not a scheduling parameter",
          );
        }
      } else if (name === undefined || /[\s=]/.test(name)) {
        this.#findings.error(
          path,
          `is left out: a parameter needs a name without blanks and "=", got ${shown(name ?? "")}`,
        );
      } else if (/\s/.test(text)) {
        this.#findings.error(
          path,
          `is left out: a task's parameters are one string separated by blanks, and the value of ${name} has some: ${shown(text)}`,
        );
      } else if (names.has(name)) {
        this.#findings.warning(path, `is left out: the parameter ${name} is given before`);
      } else {
        names.add(name);
        parts.push(`${name}=${text}`);
      }
    }
    const line = parts.filter((part) => part !== "").join(" ");
    return line === "" ? undefined : line;
  }

  /** Input or output variables. `own` are the names by which a variable may call the node itself as its source. */
  context(entries: readonly { value: unknown; path: string }[], own: ReadonlySet<string>): Variable[] {
    const names = new Set<string>();
    const variables: Variable[] = [];
    for (const { value, path } of entries) {
      const variable = this.#resolve(value, path);
      if (!variable || variable === "text") {
        if (variable) this.#findings.error(path, `refers to ${shown(value)}, which the document does not define`);
        continue;
      }
      const { name, type, value: text, source } = variable;
      if (name === undefined || type === undefined || type === "NoKvVariableExpression") {
        this.#findings.warning(
          path,
          "is left out: a variable needs a name and one of the types Constant, System, PassThrough, NodeOutput",
        );
        continue;
      }
      if (names.has(name)) {
        this.#findings.warning(path, `is left out: the variable ${name} is given before`);
        continue;
      }
      names.add(name);
      if (source !== undefined && !own.has(source)) {
        this.#findings.warning(
          path,
          `keeps its name, type and value; that it comes from ${shown(source)} has no place in a task's arguments`,
        );
      }
      variables.push({ name, type, ...(text !== undefined && { value: text }) });
    }
    return variables;
  }

  /** `"text"` for a text that names no variable of the document. */
  #resolve(value: unknown, path: string): ReadVariable | "text" | undefined {
    const found = this.#definitions.resolve(value, path, "variables");
    if (found) return this.#readOnce(found);
    if (typeof value === "string" && reference(value) === undefined) return "text";
    this.#findings.error(path, `refers to ${shown(value)}, which the document does not define`);
    return undefined;
  }

  #readOnce(definition: Definition): ReadVariable {
    let variable = this.#read.get(definition.value);
    if (!variable) this.#read.set(definition.value, (variable = this.#readNew(definition)));
    return variable;
  }

  #readNew({ value, path }: Definition): ReadVariable {
    const members = new Members(value, path, this.#findings);
    const name = members.text("name") ?? members.text("id");
    const type = members.word("type", TYPE) ?? members.word("valueType", TYPE); // version 1.0 says valueType
    const scope = members.text("scope")?.toLowerCase();
    const other = members.raw("referenceVariable", "variable");
    const text =
      members.code("value") ??
      (isRecord(other) ? textOf(other["value"], `${path}.referenceVariable.value`, this.#findings) : undefined);
    const source =
      sourceOf(members.raw("node")) ??
      (isNothing(other) ? undefined : (sourceOf(isRecord(other) ? other["node"] : undefined) ?? "another variable"));
    members.ignore("description", "id");
    members.rest();
    return {
      ...(name !== undefined && { name }),
      ...(type !== undefined && { type }),
      ...(text !== undefined && { value: this.#valueOf(text, path) }),
      ...(source !== undefined && { source }),
      context: scope === "nodecontext" || scope === "context",
      path,
    };
  }

  /** A value such as `{{other}}` is the value of that variable. */
  #valueOf(text: string, path: string): string {
    if (reference(text) === undefined) return text;
    const other = this.#definitions.resolve(text, path, "variables");
    const value = other && textOf(other.value["value"], `${other.path}.value`, this.#findings);
    if (value === undefined) {
      this.#findings.warning(
        `${path}.value`,
        `refers to ${text}, which the document does not define, and is passed on as it is`,
      );
      return text;
    }
    return value;
  }
}

/** The output, or else the id, of the node that gives a variable. */
function sourceOf(node: unknown): string | undefined {
  const text = plain(isRecord(node) ? (isNothing(node["output"]) ? node["nodeId"] : node["output"]) : node);
  return text && (reference(text) ?? text);
}

/** Elements of a list of variables, or the entries of a map of names and values. */
export function variableEntries(
  found: { value: unknown; path: string } | undefined,
): { value: unknown; path: string }[] {
  if (!found) return [];
  if (!isRecord(found.value)) return elements(found.value, found.path);
  return Object.entries(found.value).map(([name, value]) => ({
    value: { name, type: "Constant", value },
    path: `${found.path}.${name}`,
  }));
}
