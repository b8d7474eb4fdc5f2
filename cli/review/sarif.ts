import { CODES, type Code } from "../../provider/resources/codes";
import { isRuleName, ruleOf } from "../policy/rules";
import type { Review } from "./model";

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
const codes: Readonly<Record<string, Code>> = CODES;

/** What a code stands for, and what to do about it: one of the package's, or a rule of a policy. */
function meaningOf(id: string): { text: string; help: string } {
  if (isRuleName(id)) return { text: `Policy: ${ruleOf(id).description}`, help: ruleOf(id).remedy };
  const known = codes[id];
  return { text: known?.cause ?? "A warning of the program or the engine.", help: known?.remedy ?? "See the message." };
}

/** The warnings and errors as SARIF 2.1.0, which code scanning and editors show at the line that declares the task. */
export function sarif({ warnings }: Pick<Review, "warnings">, version: string): object {
  const used = [...new Set(warnings.map(({ code }) => code ?? "unnamed"))].sort();
  return {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "data-tasks",
            version,
            rules: used.map((id) => {
              const { text, help } = meaningOf(id);
              return { id, shortDescription: { text }, help: { text: help } };
            }),
          },
        },
        columnKind: "utf16CodeUnits",
        results: warnings.map(({ severity, code, message, task, urn, position }) => ({
          ruleId: code ?? "unnamed",
          ruleIndex: used.indexOf(code ?? "unnamed"),
          level: severity,
          message: { text: task === undefined ? message : `${task}: ${message}` },
          ...((urn !== undefined || position !== undefined) && {
            locations: [
              {
                ...(position !== undefined && {
                  physicalLocation: {
                    artifactLocation: { uri: position.file.split("/").map(encodeURIComponent).join("/") },
                    region: { startLine: position.line, startColumn: position.column },
                  },
                }),
                ...(urn !== undefined && { logicalLocations: [{ fullyQualifiedName: urn, kind: "resource" }] }),
              },
            ],
          }),
        })),
      },
    ],
  };
}
