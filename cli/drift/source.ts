import { createRequire } from "node:module";
import path from "node:path";
import type * as Typescript from "typescript";

export type Compiler = typeof Typescript;

/** A place of the program that can't be edited with certainty; the message completes "it is put in by hand, because …". */
export class Refusal extends Error {
  override readonly name: string = "Refusal";
}

/** There is no such property at that place. */
export class NotWritten extends Refusal {
  override readonly name = "NotWritten";
}

/** TypeScript as the project has it; a refusal where it has none. */
export function compilerIn(folder: string): Compiler {
  let found: Partial<Compiler> | undefined;
  for (const from of [path.join(folder, "program.js"), __filename]) {
    try {
      found = createRequire(from)("typescript") as Partial<Compiler>;
      break;
    } catch {
      // Looked for in the next place.
    }
  }
  if (typeof found?.createSourceFile === "function") return found as Compiler;
  throw new Refusal(
    `the package typescript, which finds the place in the program, is not installed in ${folder}; npm install --save-dev typescript@5`,
  );
}

/** A source file of the program, parsed. */
export class Source {
  readonly ts: Compiler;
  readonly text: string;
  readonly root: Typescript.SourceFile;
  #nodes: readonly Typescript.Node[] | undefined;

  constructor(ts: Compiler, file: string, text: string) {
    this.ts = ts;
    this.text = text;
    this.root = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    if (/^\/\/[#@] sourceMappingURL=/m.test(text)) throw new Refusal(`${file} is compiled from another file`);
    const { parseDiagnostics } = this.root as { parseDiagnostics?: readonly unknown[] };
    if (parseDiagnostics?.length !== 0) throw new Refusal(`${file} has errors of syntax`);
  }

  every<N extends Typescript.Node>(is: (node: Typescript.Node) => node is N): N[] {
    return this.#all().filter(is);
  }

  #all(): readonly Typescript.Node[] {
    if (this.#nodes !== undefined) return this.#nodes;
    const nodes: Typescript.Node[] = [];
    const visit = (node: Typescript.Node): void => {
      nodes.push(node);
      this.ts.forEachChild(node, visit);
    };
    visit(this.root);
    return (this.#nodes = nodes);
  }

  /** The text that a node is in every run; `undefined` for anything else. */
  textOf(node: Typescript.Node | undefined): string | undefined {
    return node !== undefined && this.ts.isStringLiteralLike(node) ? node.text : undefined;
  }

  /** The arguments of the one resource of a class and name. */
  argumentsOf(className: string, name: string): Typescript.Expression {
    const { ts } = this;
    const made = this.every(ts.isNewExpression).filter(
      ({ expression, arguments: args }) => this.isNamed(expression, className) && this.textOf(args?.[0]) === name,
    );
    const [only] = made;
    const what = `new ${className}(${JSON.stringify(name)}, …)`;
    if (only === undefined) throw new Refusal(`no ${what} with this name as a literal stands in ${this.root.fileName}`);
    if (made.length > 1) throw new Refusal(`${what} stands ${made.length} times in ${this.root.fileName}`);
    this.refuseRepeated(only, what);
    const args = only.arguments?.[1];
    if (args === undefined) throw new Refusal(`${what} has no arguments`);
    return args;
  }

  /** What stands in a loop, a function or a class may be several things. */
  refuseRepeated(node: Typescript.Node, what: string): void {
    const { ts } = this;
    for (let at = node.parent; at !== undefined; at = at.parent) {
      if (ts.isIterationStatement(at, false)) throw new Refusal(`${what} stands in a loop`);
      if (ts.isClassLike(at) || ts.isFunctionLike(at))
        throw new Refusal(`${what} stands in a function, which may make several`);
    }
  }

  /** Whether an expression is an export of this package, also under another name. */
  isNamed(expression: Typescript.Expression, exported: string): boolean {
    const { ts } = this;
    if (ts.isPropertyAccessExpression(expression)) return expression.name.text === exported;
    if (!ts.isIdentifier(expression)) return false;
    const imported = this.every(ts.isImportSpecifier).find(({ name }) => name.text === expression.text);
    return (imported?.propertyName ?? imported?.name ?? expression).text === exported;
  }

  /** The value behind parentheses, assertions of types, and the name of a constant that nothing else uses. */
  followed(node: Typescript.Expression): Typescript.Expression {
    const { ts } = this;
    if (
      ts.isParenthesizedExpression(node) ||
      ts.isAsExpression(node) ||
      ts.isSatisfiesExpression(node) ||
      ts.isNonNullExpression(node) ||
      ts.isTypeAssertionExpression(node)
    )
      return this.followed(node.expression);
    if (!ts.isIdentifier(node) || node.text === "undefined") return node;
    return this.followed(this.#constant(node.text));
  }

  #constant(name: string): Typescript.Expression {
    const { ts } = this;
    const bindings = this.every(ts.isIdentifier).filter((each) => each.text === name && isBinding(ts, each));
    const [binding] = bindings;
    const declaration = binding?.parent;
    const isPlain =
      bindings.length === 1 &&
      declaration !== undefined &&
      ts.isVariableDeclaration(declaration) &&
      declaration.initializer !== undefined &&
      (declaration.parent.flags & ts.NodeFlags.Const) !== 0 &&
      ts.isVariableStatement(declaration.parent.parent) &&
      ts.isSourceFile(declaration.parent.parent.parent);
    if (!isPlain) throw new Refusal(`its value is ${name}, which is no constant with a literal at the top of the file`);
    const statement = declaration.parent.parent;
    if (statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
      throw new Refusal(`its value is ${name}, which other files may use too`);
    const uses = this.every(ts.isIdentifier).filter(
      (each) => each.text === name && each !== binding && isUse(ts, each),
    );
    if (uses.length > 1) throw new Refusal(`its value is ${name}, which is used in ${uses.length} places`);
    return declaration.initializer;
  }
}

/** Whether a name comes into being here: a variable, a parameter, an import, a function, a class. */
function isBinding(ts: Compiler, node: Typescript.Identifier): boolean {
  const { parent } = node;
  return (
    ((ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isBindingElement(parent)) &&
      parent.name === node) ||
    ((ts.isFunctionDeclaration(parent) || ts.isClassDeclaration(parent) || ts.isEnumDeclaration(parent)) &&
      parent.name === node) ||
    ts.isImportSpecifier(parent) ||
    ts.isImportClause(parent) ||
    ts.isNamespaceImport(parent)
  );
}

/** Whether a name stands for its value here, and is not the name of a member. */
function isUse(ts: Compiler, node: Typescript.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  return !ts.isMethodDeclaration(parent) && !ts.isPropertySignature(parent) && !ts.isPropertyDeclaration(parent);
}
