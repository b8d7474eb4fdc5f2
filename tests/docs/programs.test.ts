import assert from "node:assert/strict";
import path from "node:path";
import ts from "typescript";
import { type Block, pages, root } from "./documents";

/** What a fragment without imports may use; a block with imports is a program by itself. */
const FRAGMENT = `import * as pulumi from "@pulumi/pulumi";
import { DataWorksDISyncTask, DataWorksTask, DataWorksTaskSet, DataWorksWorkflow, WeDataTask, WeDataTaskSet } from "pulumi-data-tasks";
declare const config: pulumi.Config;
declare const projectId: string;
declare const workflowId: string;
`;

/** The block as a module with a file name of its own, and how many lines were put before it. */
function asModule({ text, line, place }: Block): { file: string; text: string; place: string; line: number } {
  const isProgram = /^import /m.test(text);
  const before = isProgram ? "" : FRAGMENT;
  return {
    file: path.join(root, "docs", `${place.replace(/\W+/g, "-")}.ts`),
    text: `${before}${text}export {};\n`,
    place,
    line: line - before.split("\n").length + 1,
  };
}

describe("the TypeScript in the documentation", function () {
  this.timeout(120_000);

  it("compiles against the types of the package as users install it", () => {
    const modules = pages()
      .flatMap(({ blocks }) => blocks)
      .filter(({ language }) => ["ts", "typescript"].includes(language))
      .map(asModule);
    assert.ok(modules.length >= 10, `only ${modules.length} blocks were found`);

    const options: ts.CompilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.Node16,
      moduleResolution: ts.ModuleResolutionKind.Node16,
      types: ["node"],
    };
    const host = ts.createCompilerHost(options);
    const texts = new Map(modules.map(({ file, text }) => [file, text]));
    const readFile = host.readFile.bind(host);
    const fileExists = host.fileExists.bind(host);
    const getSourceFile = host.getSourceFile.bind(host);
    host.readFile = (file) => texts.get(file) ?? readFile(file);
    host.fileExists = (file) => texts.has(file) || fileExists(file);
    host.getSourceFile = (file, target, ...rest) => {
      const text = texts.get(file);
      return text === undefined ? getSourceFile(file, target, ...rest) : ts.createSourceFile(file, text, target, true);
    };
    const program = ts.createProgram([...texts.keys()], options, host);

    const complaints = ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
      const known = modules.find((module) => module.file === file?.fileName);
      const text = ts.flattenDiagnosticMessageText(messageText, " ");
      if (known === undefined || file === undefined) return `${file?.fileName ?? ""}: ${text}`;
      const inside = file.getLineAndCharacterOfPosition(start).line;
      return `${known.place.replace(/:\d+$/, "")}:${known.line + inside + 1}: ${text}`;
    });
    assert.deepEqual(complaints, []);
  });
});
