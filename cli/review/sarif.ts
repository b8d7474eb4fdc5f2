import { CODES, type Code } from "../../provider/resources/codes";
import type { Review } from "./model";

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
const codes: Readonly<Record<string, Code>> = CODES;

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
            rules: used.map((id) => ({
              id,
              shortDescription: { text: codes[id]?.cause ?? "A warning of the program or the engine." },
              help: { text: codes[id]?.remedy ?? "See the message." },
            })),
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
