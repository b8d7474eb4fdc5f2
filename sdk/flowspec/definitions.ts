import type { Findings } from "./findings";
import { Members, elements, isNothing, isRecord, kindOf, shown, textOf } from "./members";

/** What nodes can refer to instead of spelling it out. */
export type Collection =
  "scripts" | "triggers" | "runtimeResources" | "variables" | "datasources" | "tables" | "nodeOutputs";

/** Words before the dot in `{{scripts.load}}`, in the singular and without case, and what they name. */
const PREFIXES: Readonly<Record<string, readonly Collection[]>> = {
  script: ["scripts"],
  trigger: ["triggers"],
  runtimeresource: ["runtimeResources"],
  resource: ["runtimeResources"],
  variable: ["variables"],
  datasource: ["datasources"],
  artifact: ["tables", "nodeOutputs", "variables"],
  table: ["tables"],
  nodeoutput: ["nodeOutputs"],
  output: ["nodeOutputs"],
};

/** An object of the document, spelt out in place or found by reference. */
export interface Definition {
  readonly value: Record<string, unknown>;
  readonly path: string;
  readonly collection: Collection;
}

/** `x` for `{{x}}`; `undefined` for a text that is no reference. */
export const reference = (text: string): string | undefined => /^\{\{\s*([^{}]+?)\s*\}\}$/.exec(text)?.[1];

/** The shared objects of a document by id, and which of them a task uses. */
export class Definitions {
  readonly #findings: Findings;
  readonly #byId: Record<Collection, Map<string, Definition>> = {
    scripts: new Map(),
    triggers: new Map(),
    runtimeResources: new Map(),
    variables: new Map(),
    datasources: new Map(),
    tables: new Map(),
    nodeOutputs: new Map(),
  };
  readonly #all = new Map<object, Definition>();
  readonly #used = new Set<Definition>();

  constructor(spec: Members, findings: Findings) {
    this.#findings = findings;
    for (const name of ["scripts", "triggers", "runtimeResources", "variables", "datasources"] as const)
      this.#add(name, spec.list(name));
    const artifacts = spec.entry("artifacts");
    if (artifacts && isRecord(artifacts.value)) {
      const groups = new Members(artifacts.value, artifacts.path, findings);
      this.#add("tables", groups.list("tables", "table"));
      for (const name of ["nodeOutputs", "nodeOutput", "outputs", "output"])
        this.#add("nodeOutputs", groups.list(name));
      this.#add("variables", groups.list("variables", "variable"));
      groups.rest();
    } else if (artifacts) {
      // Version 1.0 has one list and says by `type` what each entry is.
      for (const entry of elements(artifacts.value, artifacts.path)) {
        const type = kindOf(entry.value);
        this.#add(type.includes("output") ? "nodeOutputs" : type.includes("variable") ? "variables" : "tables", [
          entry,
        ]);
      }
    }
  }

  #add(collection: Collection, entries: readonly { value: unknown; path: string }[]): void {
    const map = this.#byId[collection];
    for (const { value, path } of entries) {
      if (!isRecord(value)) {
        this.#findings.warning(path, `is left out: it must be an object, got ${shown(value)}`);
        continue;
      }
      const definition = { value, path, collection };
      this.#all.set(value, definition);
      const id = textOf(isNothing(value["id"]) ? value["name"] : value["id"], `${path}.id`, this.#findings)?.trim();
      if (id === undefined) continue;
      const first = map.get(id);
      if (first)
        this.#findings.error(`${path}.id`, `is the id of ${first.path} too, and every reference goes to that one`);
      else map.set(id, definition);
    }
  }

  /** The object that a member holds or refers to; a text that names nothing gives `undefined`. */
  resolve(value: unknown, path: string, ...collections: readonly Collection[]): Definition | undefined {
    if (isRecord(value)) {
      const shared = this.#all.get(value); // by a YAML alias
      if (shared) this.#used.add(shared);
      return shared ?? { value, path, collection: collections[0] as Collection };
    }
    if (typeof value !== "string" && typeof value !== "number") return undefined;
    const text = String(value).trim();
    const name = reference(text) ?? text;
    const dot = name.indexOf(".");
    const prefix = PREFIXES[name.slice(0, Math.max(dot, 0)).toLowerCase().replace(/s$/, "")];
    const found =
      this.#find(collections, name) ??
      (prefix &&
        this.#find(
          prefix.filter((collection) => collections.includes(collection)),
          name.slice(dot + 1).trim(),
        ));
    if (found) this.#used.add(found);
    return found;
  }

  #find(collections: readonly Collection[], id: string): Definition | undefined {
    for (const collection of collections) {
      const found = this.#byId[collection].get(id);
      if (found) return found;
    }
    return undefined;
  }

  /** Reports what no task uses. */
  rest(): void {
    for (const definition of this.#all.values()) {
      if (!this.#used.has(definition)) this.#findings.warning(definition.path, "is left out: no task uses it");
    }
  }
}
