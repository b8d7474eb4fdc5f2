import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { contracts } from "../../emulator/contracts.gen";
import { operations } from "../../provider/clouds/alibaba/operations";
import { root } from "./documents";

const READING = /^(Get|List|Describe|Check)/;
/** Readings that only a creation, a publication or a deletion makes. */
const OF_DEPLOYMENTS = ["ListPipelineRuns", "GetPipelineRun", "GetDeployment"];

interface Statement {
  Effect: string;
  Action: string[];
  Resource: string;
}

/** What a policy document allows; that it has the cloud's own form is asserted on the way. */
function allowed(name: string): string[] {
  const document = JSON.parse(readFileSync(path.join(root, "docs", "policies", `${name}.json`), "utf8")) as unknown;
  const cloud = name.split("-")[0] ?? "";
  const [actions, form] =
    cloud === "dataworks"
      ? ((policy: { Statement: Statement[] }) => {
          const Action = policy.Statement[0]?.Action ?? [];
          return [Action, { Version: "1", Statement: [{ Effect: "Allow", Action, Resource: "*" }] }] as const;
        })(document as { Statement: Statement[] })
      : ((policy: { statement: { action: string[] }[] }) => {
          const action = policy.statement[0]?.action ?? [];
          return [action, { version: "2.0", statement: [{ effect: "allow", action, resource: ["*"] }] }] as const;
        })(document as { statement: { action: string[] }[] });
  assert.deepEqual(document, form);
  assert.deepEqual(actions, [...new Set(actions)].sort(), `${name} is sorted and says everything once`);
  assert.deepEqual(
    actions.filter((action) => !action.startsWith(`${cloud}:`)),
    [],
  );
  return actions.map((action) => action.slice(cloud.length + 1));
}

/** The operations of a cloud that the resources and look-ups name in their code; what only a sentence cites is none. */
function called(known: ReadonlySet<string>): string[] {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) && known.has(node.text) && !isCited(node)) found.add(node.text);
    ts.forEachChild(node, visit);
  };
  for (const folder of ["resources", "lookups"]) {
    for (const file of readdirSync(path.join(root, "provider", folder), { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".ts")) continue;
      const text = readFileSync(path.join(root, "provider", folder, file), "utf8");
      visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true));
    }
  }
  return [...found].sort();
}
const isCited = ({ parent }: ts.Node): boolean =>
  ts.isCallExpression(parent) && parent.expression.getText() === "sourceOf";

const clouds: Record<string, ReadonlySet<string>> = {
  dataworks: new Set(Object.keys(operations)),
  // The last one stands in the SDK's models alone.
  wedata: new Set([...Object.keys(contracts["wedata-2021-08-20"] ?? {}), "DescribeSuccessorOpsTaskInfos"]),
};

describe("the policies in the documents", () => {
  for (const [cloud, known] of Object.entries(clouds)) {
    it(`allow a deployment what the package calls of ${cloud}, and nothing else`, () => {
      const calls = called(known);
      assert.ok(calls.length > 15);
      assert.deepEqual(allowed(`${cloud}-deploy`), calls);
    });

    it(`allow a refresh and a look-up what they read of ${cloud}, and nothing that changes anything`, () => {
      const reads = called(known).filter((name) => READING.test(name) && !OF_DEPLOYMENTS.includes(name));
      assert.deepEqual(allowed(`${cloud}-read`), reads);
    });
  }

  it("are told apart by kind of task as the code is", () => {
    const page = readFileSync(path.join(root, "docs", "permissions.md"), "utf8");
    const rows = [...page.matchAll(/^\| `DataWorks\w*Task` +\|(.*)\|$/gm)].map(([, cell = ""]) =>
      [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
    );
    assert.equal(rows.length, 2);
    assert.deepEqual([...new Set(rows.flat())].sort(), allowed("dataworks-deploy"));
  });
});
