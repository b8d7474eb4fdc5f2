import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { FlowSpecError, readFlowSpec } from "../../sdk/flowspec/reader";

const YAML = `version: 1.1.0
kind: CycleWorkflow
spec:
  scripts:
    - {id: s, runtime: {command: ODPS_SQL}, content: select 1}
  triggers:
    - &daily {id: daily, cron: 00 00 02 * * ?, startTime: 2023-01-01T00:00:00, endTime: 2024-01-01 00:00:00}
  nodes:
    - id: 8745734768222459575
      name: 007
      owner: 064152
      script: {{scripts.s}}
      trigger: *daily
      timeout: 3
      priority: ~
`;
const JSON_TEXT =
  '{"version":"1.1.0","kind":"Node","spec":{"nodes":[{"id":"a","script":{"runtime":{"command":"VIRTUAL"}}}]}}';

describe("FlowSpec sources", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(path.join(tmpdir(), "flowspec-"))));
  after(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: string | Uint8Array): string => {
    const at = path.join(folder, name);
    writeFileSync(at, content);
    return at;
  };
  const keys = (source: string | object) => readFlowSpec(source).tasks.map(({ key }) => key);

  it("YAML keeps what looks like numbers and times as it is written", () => {
    const { tasks, findings } = readFlowSpec(file("flow.yaml", YAML));
    assert.deepEqual(findings, []);
    assert.deepEqual(tasks, [
      {
        key: "007",
        nodeId: "8745734768222459575",
        path: "spec.nodes[0]",
        arguments: {
          name: "007",
          owner: "064152",
          timeoutSeconds: 10800,
          script: { command: "ODPS_SQL", content: "select 1" },
          trigger: {
            type: "Scheduler",
            cron: "00 00 02 * * ?",
            startTime: "2023-01-01 00:00:00",
            endTime: "2024-01-01 00:00:00",
          },
        },
        dependsOn: [],
      },
    ]);
  });

  const accepted: [string, string, string | Uint8Array][] = [
    ["JSON with a byte order mark", "bom.json", `\uFEFF${JSON_TEXT}`],
    ["JSON without a telling name", "node.flow", JSON_TEXT],
    ["YAML without a telling name", "flow.txt", JSON_TEXT.replace("{", "# a comment\n{")],
    ["YAML with a byte order mark and Windows line ends", "crlf.yml", `\uFEFF${JSON_TEXT.replaceAll(",", ",\r\n ")}`],
    ["UTF-16", "wide.json", Buffer.from(`\uFEFF${JSON_TEXT}`, "utf16le")],
    ["one YAML document behind a marker", "marked.yaml", `---\n${JSON_TEXT}\n`],
  ];
  for (const [title, name, content] of accepted)
    it(`${title} is read`, () => assert.deepEqual(keys(file(name, content)), ["a"]));

  const refused: [string, string, string | Uint8Array, RegExp][] = [
    ["an empty file", "empty.json", " \n", /empty\.json is empty$/],
    ["broken JSON", "broken.json", '{\n "version" 1}', /broken\.json:2:12 is not JSON: .+/],
    ["a key twice", "twice.json", '{"kind":"a","kind":"b"}', /twice\.json:1:\d+ is not JSON: Duplicate key 'kind'/],
    ["broken YAML", "broken.yaml", "version: 1\nspec: [", /broken\.yaml:\d+:\d+ is not YAML: .+/],
    ["an unknown alias", "alias.yaml", "version: 1.1.0\nspec: *gone\n", /alias\.yaml.* (is not YAML|has YAML aliases)/],
    ["several documents", "two.yaml", "a: 1\n---\nb: 2\n", /two\.yaml:\d+:\d+ holds several YAML documents/],
    ["a list", "list.json", "[1]", /list\.json is no FlowSpec document: it holds a list/],
    ["a word", "word.yaml", "hello", /word\.yaml is no FlowSpec document: it holds a single value/],
    [
      "other JSON",
      "package.json",
      '{"name":"x","version":"1.0.0"}',
      /package\.json is no FlowSpec document: it has no spec with nodes$/,
    ],
    [
      "a spec of something else",
      "deploy.yaml",
      "apiVersion: v1\nkind: Deployment\nspec: {replicas: 1}",
      /deploy\.yaml is no FlowSpec document: its spec has neither nodes nor workflows \(kind Deployment\)/,
    ],
    [
      "a spec that is text",
      "text.json",
      '{"version":"1.1.0","kind":"Node","spec":"x"}',
      /text\.json is no FlowSpec document: it has a spec that must be an object, got "x"/,
    ],
    ["bytes that are no text", "binary.yaml", Uint8Array.of(0xc3, 0x28, 0x0a), /binary\.yaml is not text in UTF-8/],
    ["a hundred thousand brackets", "deep.json", `{"spec":${"[".repeat(100_000)}`, /deep\.json is nested too deeply/],
    ["a million brackets", "brackets.yaml", "[".repeat(1_000_000), /brackets\.yaml is nested too deeply/],
    [
      "a key twice in YAML",
      "twice.yaml",
      "a: {b: 1,\n c: 2, b: 3}\n",
      /twice\.yaml:2:\d+ is not YAML: the key "b" stands twice/,
    ],
    ["very many quotes", "quotes.yaml", `a: ${'"'.repeat(200_000)}\n`, /quotes\.yaml:1:6 is not YAML: Unexpected/],
    ["very many keys", "keys.yaml", `{${manyKeys(50_000)}}\n`, /keys\.yaml is no FlowSpec document: it has no spec/],
    [
      "a bomb of aliases",
      "bomb.yaml",
      bomb(),
      /bomb\.yaml has YAML aliases that cannot be followed: Excessive alias count/,
    ],
    [
      "too much YAML",
      "large.yaml",
      `# ${"x".repeat(17 * 1024 * 1024)}`,
      /large\.yaml has 18 MiB, and at most 16 MiB of YAML are read: split it or write it as JSON/,
    ],
  ];
  for (const [title, name, content, message] of refused) {
    it(`${title} is refused in one sentence`, () => {
      const at = file(name, content);
      assert.throws(
        () => readFlowSpec(at),
        (error: unknown) =>
          error instanceof FlowSpecError && message.test(error.message) && !error.message.includes("\n"),
      );
    });
  }

  it("a file that is not there, and a folder, are refused in one sentence", () => {
    assert.throws(() => readFlowSpec(path.join(folder, "none.json")), /none\.json does not exist$/);
    assert.throws(() => readFlowSpec(folder), /is a folder, not a file$/);
  });

  it("an endless device is refused in one sentence", function () {
    if (process.platform === "win32") this.skip();
    assert.throws(() => readFlowSpec("/dev/zero"), /\/dev\/zero is a device or a pipe, not a file$/);
  });

  it("line and column are members of the error", () => {
    assert.throws(
      () => readFlowSpec(file("at.json", "{\n x")),
      (error: unknown) => error instanceof FlowSpecError && error.line === 2 && error.column === 2,
    );
  });

  it("an alias that holds itself does no harm", () => {
    assert.deepEqual(
      keys(
        "version: 1.1.0\nkind: Node\nspec:\n  nodes:\n    - &a {id: a, script: {runtime: {command: VIRTUAL}}, extra: *a}\n",
      ),
      ["a"],
    );
  });
});

/** As many as take minutes when each is looked for among all before it. */
function manyKeys(count: number): string {
  return Array.from({ length: count }, (_, at) => `k${at}: ${at}`).join(", ");
}

function bomb(): string {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level < 9; level++)
    lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(", ")}]`);
  return `version: 1.1.0\nkind: Node\n${lines.join("\n")}\nspec: {nodes: *a8}\n`;
}
