import path from "node:path";
import ts from "typescript";

/** The folder of the package. */
export const root = path.resolve(__dirname, "..", "..");

/** What a doc comment says. */
export interface Prose {
  /** Without line breaks inside a paragraph; empty where there is no comment. */
  readonly text: string;
  /** Block tags, such as `since`, with what follows them. */
  readonly tags: readonly (readonly [name: string, text: string])[];
}

/** A member of an interface or class. */
export interface Member {
  readonly name: string;
  readonly prose: Prose;
  readonly type: ts.Type;
  /** The type as it stands in the source; the compiler's own spelling orders unions by chance. */
  readonly written: string;
  readonly optional: boolean;
  /** The file it is written in. */
  readonly file: string;
}

/** The sources of the package as the compiler reads them. */
export class Sources {
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;

  constructor(files: readonly string[]) {
    const config = ts.readConfigFile(path.join(root, "tsconfig.json"), (file) => ts.sys.readFile(file));
    const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
    this.program = ts.createProgram(
      files.map((file) => path.join(root, file)),
      { ...options, noEmit: true },
    );
    this.checker = this.program.getTypeChecker();
  }

  /** The files of the package itself, under these folders. */
  files(...folders: readonly string[]): ts.SourceFile[] {
    return this.program.getSourceFiles().filter(({ fileName }) => {
      const where = this.place(fileName);
      return folders.some((folder) => where.startsWith(`${folder}/`));
    });
  }

  /** A file relative to the package, with `/`. */
  place(file: string): string {
    return path.relative(root, file).split(path.sep).join("/");
  }

  /** What a module exports under a name. */
  exported(file: string, name: string): ts.Symbol {
    const found = this.exports(file).find((symbol) => symbol.name === name);
    if (found === undefined) throw new Error(`${file} exports no ${name}`);
    return found;
  }

  exports(file: string): ts.Symbol[] {
    const source = this.program.getSourceFile(path.join(root, file));
    const module = source && this.checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${file} is no module`);
    return this.checker
      .getExportsOfModule(module)
      .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol));
  }

  proseOf(symbol: ts.Symbol): Prose {
    return {
      text: flowing(ts.displayPartsToString(symbol.getDocumentationComment(this.checker))),
      tags: symbol.getJsDocTags(this.checker).map(({ name, text }) => [name, flowing(ts.displayPartsToString(text))]),
    };
  }

  /** What the comment of a class says; an interface of its name may have another one. */
  proseOfClass(symbol: ts.Symbol): Prose {
    const [comment] = (symbol.valueDeclaration && ts.getJSDocCommentsAndTags(symbol.valueDeclaration)) ?? [];
    const text = comment && ts.isJSDoc(comment) ? ts.getTextOfJSDocComment(comment.comment) : undefined;
    return { text: flowing(text ?? ""), tags: [] };
  }

  /** The properties of a type, in the order in which they are written. */
  members(type: ts.Type): Member[] {
    return this.checker.getPropertiesOfType(type).map((symbol) => ({
      name: symbol.name,
      prose: this.proseOf(symbol),
      type: this.checker.getTypeOfSymbol(symbol),
      written: this.writtenType(symbol),
      optional: (symbol.flags & ts.SymbolFlags.Optional) !== 0,
      file: this.place(symbol.declarations?.[0]?.getSourceFile().fileName ?? root),
    }));
  }

  typeOf(symbol: ts.Symbol): ts.Type {
    return symbol.flags & ts.SymbolFlags.Value && !(symbol.flags & ts.SymbolFlags.Class)
      ? this.checker.getTypeOfSymbol(symbol)
      : this.checker.getDeclaredTypeOfSymbol(symbol);
  }

  /** The object inside a type: the items of a list, the longer spelling of a union, without `undefined`. */
  objectIn(type: ts.Type): ts.Type | undefined {
    const whole = this.checker.getNonNullableType(type);
    const parts = whole.isUnion() ? whole.types : [whole];
    for (const part of parts) {
      const [item] = this.checker.isArrayType(part) ? this.checker.getTypeArguments(part as ts.TypeReference) : [part];
      if (item !== undefined && item.flags & ts.TypeFlags.Object) return item;
    }
    return undefined;
  }

  private writtenType(symbol: ts.Symbol): string {
    const declaration = symbol.valueDeclaration;
    const node = declaration && (ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration));
    const text = (node ? declaration.type?.getText() : undefined) ?? "";
    if (text !== "") return text.replace(/\s+/g, " ");
    const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;
    return this.checker.typeToString(this.checker.getTypeOfSymbol(symbol), undefined, flags);
  }
}

/** Lines of a comment as paragraphs. */
const flowing = (text: string): string =>
  text
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s*\n\s*(?![-*] )/g, " "))
    .join("\n\n")
    // The fact sheet is for those who work on this package.
    .replace(/ \(contracts[^()]*\)/g, "");
