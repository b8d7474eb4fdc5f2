/** Something the document says and the tasks do not. */
export interface FlowSpecFinding {
  /** `error`: a task, an edge or its timing is lost or wrong; `warning`: a detail is left out or was guessed. */
  readonly severity: "error" | "warning";
  /** Where in the document, such as `spec.nodes[3].do-while`. */
  readonly path: string;
  /** Completes "*path* …". */
  readonly reason: string;
}

/** `${projectIdentifier}`, `${spec.datasource.name}`, `${script.database}`: FlowSpec 2 has them replaced before use. */
const PLACEHOLDER = /\$\{(projectIdentifier|(?:spec|script)\.[\w.-]+)\}/g;

/** Collects what is said about one document, in the order in which it is read. */
export class Findings {
  readonly list: FlowSpecFinding[] = [];
  readonly #said = new Set<string>();
  readonly #placeholders: Readonly<Record<string, string>>;

  constructor(placeholders: Readonly<Record<string, string>> = {}) {
    this.#placeholders = placeholders;
  }

  error(path: string, reason: string): void {
    this.#say({ severity: "error", path, reason });
  }

  warning(path: string, reason: string): void {
    this.#say({ severity: "warning", path, reason });
  }

  /** Once, however many nodes share what it is about. */
  #say(finding: FlowSpecFinding): void {
    const key = `${finding.path} ${finding.reason}`;
    if (this.#said.has(key)) return;
    this.#said.add(key);
    this.list.push(finding);
  }

  /** The text with the placeholders that have a value replaced. */
  filled(text: string): string {
    if (!text.includes("${")) return text;
    return text.replace(PLACEHOLDER, (whole, name: string) =>
      Object.hasOwn(this.#placeholders, name) ? (this.#placeholders[name] as string) : whole,
    );
  }
}

/** The placeholder that is left in a text, such as `${projectIdentifier}`. */
export const placeholderIn = (text: string): string | undefined =>
  text.includes("${") ? text.match(PLACEHOLDER)?.[0] : undefined;
