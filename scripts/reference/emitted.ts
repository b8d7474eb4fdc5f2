import path from "node:path";
import ts from "typescript";
import { kinds, type Kind } from "./kinds";
import { root, type Sources } from "./sources";

/** A place in the sources that says something to a user under a code. */
export interface Emission {
  readonly code: string;
  /** `unknown` where a sentence is only marked with the code. */
  readonly severity: "error" | "warning" | "unknown";
  readonly caution: boolean;
  /** The property it is said of, where that is written out. */
  readonly properties: readonly string[];
  /** `provider/core/check.ts:12`. */
  readonly place: string;
  readonly statement: ts.Statement;
}

/** A function that says something under the code in one of its arguments. */
interface Emitter {
  readonly severity: "error" | "warning";
  readonly caution: boolean;
  readonly codeAt: number;
  readonly propertyAt: number | undefined;
}

const FINDINGS = "provider/core/findings.ts";

/** Every place that says something under a code, found by following the constructors of findings through the sources. */
export function emissions(sources: Sources): Emission[] {
  const { checker } = sources;
  const files = sources.files("provider", "sdk").filter(({ fileName }) => sources.place(fileName) !== FINDINGS);
  const emitters = new Map<ts.Symbol, Emitter>();
  for (const [name, severity, caution] of [
    ["error", "error", false],
    ["caution", "error", true],
    ["warning", "warning", false],
  ] as const) {
    emitters.set(sources.exported(FINDINGS, name), { severity, caution, codeAt: 1, propertyAt: 0 });
  }
  const symbolOf = (node: ts.Node): ts.Symbol | undefined => {
    const symbol = checker.getSymbolAtLocation(node);
    return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  };
  const calls = files.flatMap((file) => descendants(file).filter(ts.isCallExpression));
  // A function that passes its own parameter on as the code says it for its callers.
  for (let known = -1; known !== emitters.size;) {
    known = emitters.size;
    for (const call of calls) {
      const emitter = emitterOf(call, emitters, symbolOf);
      const code = emitter && call.arguments[emitter.codeAt];
      const passed = code && parameterNamed(code, checker);
      if (emitter === undefined || passed === undefined) continue;
      const name = nameOf(passed.parent, checker);
      if (name === undefined || emitters.has(name)) continue;
      const property = emitter.propertyAt === undefined ? undefined : call.arguments[emitter.propertyAt];
      const passedProperty = property && parameterNamed(property, checker);
      emitters.set(name, {
        ...emitter,
        codeAt: passed.parent.parameters.indexOf(passed),
        propertyAt:
          passedProperty?.parent === passed.parent ? passed.parent.parameters.indexOf(passedProperty) : undefined,
      });
    }
  }
  const found: Emission[] = [];
  const say = (node: ts.Node, code: string, about: Omit<Emission, "code" | "place" | "statement">): void => {
    const file = node.getSourceFile();
    const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    found.push({ code, ...about, place: `${sources.place(file.fileName)}:${line}`, statement: topLevel(node) });
  };
  for (const call of calls) {
    const emitter = emitterOf(call, emitters, symbolOf);
    if (emitter === undefined) continue;
    const { severity, caution } = emitter;
    const argument = call.arguments[emitter.codeAt] ?? initializerOf(call, emitter.codeAt, checker);
    if (argument === undefined) throw new Error(`no code at ${placeOf(call)}`);
    const codes = literals(checker.getTypeAtLocation(argument));
    if (codes.length === 0 && parameterNamed(argument, checker) === undefined) {
      throw new Error(`${placeOf(call)}: the code must be written out, or be of a type that lists it`);
    }
    const property = emitter.propertyAt === undefined ? undefined : call.arguments[emitter.propertyAt];
    const properties = property === undefined ? [] : spellings(property, checker);
    for (const code of codes) say(call, code, { severity, caution, properties });
  }
  for (const node of files.flatMap(descendants)) {
    const text = ts.isStringLiteralLike(node) || ts.isTemplateTail(node) ? node.text : "";
    const marked = / \[([a-z]+(?:-[a-z]+)+)\]$/.exec(text)?.[1];
    if (marked !== undefined) say(node, marked, { severity: "unknown", caution: false, properties: [] });
  }
  return found;
}

/** The kinds whose users can meet an emission: those whose definition or class leads to the statement it stands in. */
export function kindsOf(sources: Sources, found: readonly Emission[]): Map<Emission, readonly Kind["name"][]> {
  const reached = new Map(kinds.map((kind) => [kind.name, reachable(sources, kind)]));
  return new Map(
    found.map((emission) => [
      emission,
      kinds
        .map(({ name }) => name)
        .filter((name) => emission.place.startsWith("provider/core/") || reached.get(name)?.has(emission.statement)),
    ]),
  );
}

/** The top-level statements to which a kind's definition leads, and its class inside the SDK. */
function reachable(sources: Sources, { folder, classFile, name }: Kind): ReadonlySet<ts.Statement> {
  const { checker } = sources;
  const seen = new Set<ts.Statement>();
  const visit = (start: ts.Statement, within: string): void => {
    const waiting = [start];
    for (let statement = waiting.pop(); statement !== undefined; statement = waiting.pop()) {
      if (seen.has(statement)) continue;
      seen.add(statement);
      for (const node of descendants(statement)) {
        if (!ts.isIdentifier(node)) continue;
        const symbol = ts.isShorthandPropertyAssignment(node.parent)
          ? checker.getShorthandAssignmentValueSymbol(node.parent)
          : checker.getSymbolAtLocation(node);
        const real = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
        for (const declaration of real?.declarations ?? []) {
          const place = sources.place(declaration.getSourceFile().fileName);
          if (place.startsWith(within) && !ts.isSourceFile(declaration)) waiting.push(topLevel(declaration));
        }
      }
    }
  };
  const from = (file: string, exported: string, within: string) => {
    for (const declaration of sources.exported(file, exported).declarations ?? []) visit(topLevel(declaration), within);
  };
  from(`${folder}/resource.ts`, "definition", "provider/resources/");
  from(classFile, name, "sdk/");
  return seen;
}

type Signed = ts.SignatureDeclaration;

function emitterOf(
  call: ts.CallExpression,
  emitters: ReadonlyMap<ts.Symbol, Emitter>,
  symbolOf: (node: ts.Node) => ts.Symbol | undefined,
): Emitter | undefined {
  const symbol = symbolOf(ts.isPropertyAccessExpression(call.expression) ? call.expression.name : call.expression);
  return symbol && emitters.get(symbol);
}

/** The parameter that an expression only passes on. */
function parameterNamed(
  node: ts.Node,
  checker: ts.TypeChecker,
): (ts.ParameterDeclaration & { parent: Signed }) | undefined {
  if (!ts.isIdentifier(node)) return undefined;
  const declaration = checker.getSymbolAtLocation(node)?.valueDeclaration;
  return declaration && ts.isParameter(declaration) ? declaration : undefined;
}

/** The name under which a function is called. */
function nameOf(declaration: Signed, checker: ts.TypeChecker): ts.Symbol | undefined {
  const named =
    ts.isFunctionDeclaration(declaration) || ts.isMethodDeclaration(declaration)
      ? declaration.name
      : ts.isVariableDeclaration(declaration.parent) || ts.isPropertyAssignment(declaration.parent)
        ? declaration.parent.name
        : undefined;
  return named && checker.getSymbolAtLocation(named);
}

/** What a parameter is when the call leaves it out. */
function initializerOf(call: ts.CallExpression, index: number, checker: ts.TypeChecker): ts.Expression | undefined {
  return checker.getResolvedSignature(call)?.declaration?.parameters[index] === undefined
    ? undefined
    : (checker.getResolvedSignature(call)?.declaration?.parameters[index] as ts.ParameterDeclaration).initializer;
}

const literals = (type: ts.Type): string[] =>
  (type.isUnion() ? type.types : [type]).flatMap((part) => (part.isStringLiteral() ? [part.value] : []));

/** Every text that an expression can be, as far as its type lists them; a template is opened. */
function spellings(node: ts.Expression, checker: ts.TypeChecker): string[] {
  if (!ts.isTemplateExpression(node)) return literals(checker.getTypeAtLocation(node));
  return node.templateSpans.reduce<string[]>(
    (starts, { expression, literal }) =>
      starts.flatMap((start) => spellings(expression, checker).map((part) => `${start}${part}${literal.text}`)),
    [node.head.text],
  );
}

const topLevel = (node: ts.Node): ts.Statement =>
  ts.isSourceFile(node.parent) ? (node as ts.Statement) : topLevel(node.parent);

function descendants(node: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (inner: ts.Node): void => {
    found.push(inner);
    inner.forEachChild(visit);
  };
  node.forEachChild(visit);
  return found;
}

function placeOf(node: ts.Node): string {
  const file = node.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(node.getStart());
  return `${path.relative(root, file.fileName)}:${line + 1}`;
}
