import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { knownSwitches } from "../../emulator/switches";
import { type Placed, leaves, text } from "../../provider/core/fields";
import { CODES as alibaba } from "../../provider/clouds/alibaba/errors";
import { CODES as tencent } from "../../provider/clouds/tencent/errors";
import { OWN_CODES } from "../../provider/clouds/transport";
import { MEANINGS } from "../../provider/core/errors";
import { CODES } from "../../provider/resources/codes";
import { assumptionsOf } from "../../scripts/reference/assumptions";
import { all, documented } from "../../scripts/reference/documented";
import { type Kind, kinds } from "../../scripts/reference/kinds";
import { Sources } from "../../scripts/reference/sources";
import { page, root } from "./documents";

const headings = (file: string): string[] =>
  [...page(file).text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading.replace(/`/g, ""));

describe("the reference", function () {
  this.timeout(60_000);
  let sources: Sources;
  before(() => {
    sources = new Sources([...kinds.map(({ argumentsFile }) => argumentsFile)]);
  });

  for (const kind of kinds) {
    it(`has a section for every property of ${kind.name}, and describes every member`, () => {
      const described = new Set([...headings(`docs/reference/${kind.page}`), ...headings("docs/reference/options.md")]);
      const missing = leaves(kind.fields).filter(({ path }: Placed) => !described.has(path));
      assert.deepEqual(missing, []);
      const text = page(`docs/reference/${kind.page}`).text + page("docs/reference/options.md").text;
      for (const { path } of all(documented(sources, kind))) assert.ok(text.includes(`\`${path}\``), path);
    });
  }

  const [first] = kinds as [Kind];

  it("is not made of a field without a doc comment", () => {
    const kind = { ...first, fields: { ...first.fields, colour: text() } };
    assert.throws(() => documented(sources, kind), /DataWorksTask: colour has no doc comment/);
  });

  it("is not made of a doc comment without a field, also inside a list", () => {
    const { owner: _owner, ...others } = first.fields;
    assert.throws(() => documented(sources, { ...first, fields: others }), /owner is described and is no field/);
    const { dependencies, ...rest } = first.fields;
    const item = { kind: "record" as const, members: { type: text() } };
    const narrow = { ...dependencies, kind: "list" as const, item };
    assert.throws(
      () => documented(sources, { ...first, fields: { ...rest, dependencies: narrow } }),
      /dependencies\[\]\.upstreamOutput is described and is no field/,
    );
  });

  it("has a section for every code, with its cause and its remedy", () => {
    const { text: rules } = page("docs/reference/rules.md");
    const told = headings("docs/reference/rules.md");
    for (const [code, { cause, remedy }] of Object.entries(CODES)) {
      assert.ok(told.includes(code), code);
      for (const part of [cause, remedy]) assert.ok(rules.includes(part), `${code}: ${part}`);
    }
  });

  it("has a section for every class of error, with every code of both clouds and of ours", () => {
    const { text: errors } = page("docs/reference/errors.md");
    const told = headings("docs/reference/errors.md");
    for (const errorClass of Object.keys(MEANINGS)) assert.ok(told.includes(errorClass), errorClass);
    for (const { codes, meaning } of [...alibaba, ...tencent, ...OWN_CODES]) {
      for (const code of codes) assert.ok(errors.includes(code === "#" ? "digits alone" : `\`${code}\``), code);
      assert.ok(errors.includes(meaning), meaning);
    }
  });

  it("explains every code that a failed call can have without the service", () => {
    const known = OWN_CODES.flatMap(({ codes }) => codes);
    const files = ["exchange.ts", "transport.ts", "attempts.ts", "alibaba/answer.ts", "tencent/client.ts"];
    const batch = "../resources/dataworks-task/batch.ts";
    const sources = [...files, batch].map((file) => readFileSync(path.join(root, "provider/clouds", file), "utf8"));
    const said = new Set<string>();
    for (const [, code = ""] of sources.join("\n").matchAll(/"([A-Z][A-Za-z.]+(?:=[a-z]+)?)"/g)) {
      if (/^(Stopped|[A-Z]\w+Timeout|NoAnswer|NoTurn|Unreadable\w+|NoOutcome|TaskRefused|.*=(false|fail))$/.test(code))
        said.add(code);
    }
    assert.ok(said.size >= 9, [...said].join(", "));
    assert.deepEqual(
      [...said].filter((code) => !known.includes(code)),
      [],
    );
  });

  it("names for every assumption a place in the code, and switches that the emulator has", () => {
    for (const { item, files, place, switches } of kinds.flatMap(assumptionsOf)) {
      const texts = files.map((file) => readFileSync(path.join(root, file), "utf8")).join("\n");
      const names =
        place
          .replace(/\([^)]*\)/g, "")
          .replace(/[\w./-]+\.ts\b/g, "")
          .match(/\w+/g) ?? [];
      assert.ok(files.length > 0 || place.startsWith("("), `${item}: ${place}`);
      for (const name of names) assert.ok(texts.includes(name), `${item}: ${place} has no ${name}`);
      for (const name of switches.match(/(?<!…)\b[a-z]+[A-Z]\w*/g) ?? []) {
        assert.ok(Object.hasOwn(knownSwitches, name), `${item}: the emulator has no switch ${name}`);
      }
    }
  });
});
