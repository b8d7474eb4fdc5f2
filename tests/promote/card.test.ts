import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import Ajv from "ajv";
import { compare } from "../../cli/promote/compare";
import { fingerprintOf, movedSince } from "../../cli/promote/fingerprint";
import { promotionMarkdown } from "../../cli/promote/markdown";
import { KINDS, type Promotion } from "../../cli/promote/model";
import { ownerOf } from "../../cli/preview/sets";
import { rollbackOf } from "../../cli/rollback/plan";
import { sourceChange } from "../../cli/rollback/source";
import { root } from "../../scripts/setup.js";
import type { Declarations } from "../../sdk/exchange";
import { task } from "../review/previews";
import { type InStacks, compared, urnOf } from "./stacks";

/** `UPDATE_GOLDEN=1 npm test -- tests/promote/card.test.ts` writes the files again, for a person to read. */
function pinned(name: string, text: string): void {
  const file = path.join(__dirname, "golden", `${name}.md`);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, text);
  assert.equal(text, readFileSync(file, "utf8"));
}

function promotionOf(tasks: readonly InStacks[], declared: Partial<Declarations>): Promotion {
  const given = compared(tasks, declared);
  const { differences, remarks } = compare(given);
  return {
    ...{
      version: 1,
      what: "promotion",
      project: "warehouse",
      from: "dev",
      to: "prod",
      at: given.review.at,
      refresh: false,
    },
    counts: Object.fromEntries(
      KINDS.map((kind) => [kind, differences.filter((each) => each.kind === kind).length]),
    ) as Promotion["counts"],
    ...{ differences, remarks, review: given.review },
    fingerprint: fingerprintOf(given.toState, given.preview, { folder: __dirname, stack: "prod" }),
  };
}

const workspace = { projectId: { from: "100001", to: "554000" } };
const sides = (name: string, there: object, now: object, then: object): InStacks => ({
  name,
  dev: task(`ods_${name}`, { projectId: "100001", ...there }),
  prod: task(`ods_${name}`, { projectId: "554000", ...now }),
  program: task(`ods_${name}`, { projectId: "554000", ...then }),
});
const at = (cron: string, recurrence?: string) => ({
  trigger: { type: "Scheduler", cron, ...(recurrence && { recurrence }) },
});

const story: InStacks[] = [
  sides(
    "orders",
    { ...at("0 15 0 * * ?", "Skip"), owner: "1107" },
    { ...at("0 30 23 * * ?"), owner: "1107" },
    { ...at("0 15 0 * * ?"), owner: "1107" },
  ),
  sides("report", { rerunTimes: 3 }, { rerunTimes: 1 }, { rerunTimes: 5 }),
  { name: "extract", dev: task("ods_extract", { projectId: "100001" }), program: task("ods_extract") },
  { name: "old", prod: task("ods_old | `x`") },
];
const declared = {
  tasks: [
    { urn: urnOf("orders"), paths: { ...workspace, "trigger.recurrence": { from: "Skip", to: null } } },
    ...["report", "extract"].map((name) => ({ urn: urnOf(name), paths: workspace })),
  ],
};

describe("a promotion card", () => {
  it("tells what is unexplained first, then what is pending as a review does, then what is declared", () => {
    pinned("promotion", promotionMarkdown(promotionOf(story, declared)));
  });

  it("says in a word when there is nothing", () => {
    const same = [sides("orders", {}, {}, {})];
    const text = promotionMarkdown(promotionOf(same, { tasks: [{ urn: urnOf("orders"), paths: workspace }] }));
    assert.match(text, /## Promotion `warehouse` `dev` → `prod`: nothing pending, 1 declared\n/);
  });

  it("of a thousand tasks fits into a comment, tasks that differ alike in one row", () => {
    const many = Array.from({ length: 1_000 }, (_, index) =>
      sides(
        `t${index}`,
        { rerunTimes: 3, description: `a${index}` },
        { rerunTimes: 1, description: `b${index}` },
        { rerunTimes: 3, description: `b${index}` },
      ),
    );
    const promotion = promotionOf(many, { tasks: many.map(({ name }) => ({ urn: urnOf(name), paths: workspace })) });
    const text = promotionMarkdown(promotion);
    assert.ok(text.length < 60_000, `${text.length} characters`);
    assert.deepEqual(promotion.counts, { unexplained: 1_000, pending: 1_000, declared: 1_000 });
    assert.match(text, /880 more rows stand in the JSON document/);
    assert.match(text, /`ods_t0`, `ods_t1`, `ods_t10`, `ods_t100`, `ods_t101` and 995 more \| `projectId`/);
  });

  it("leaves room for what is pending, however long the unexplained values are", () => {
    const long = (letter: string, index: number) => `${letter}${index} `.repeat(200);
    const many = Array.from({ length: 300 }, (_, index) =>
      sides(
        `t${index}`,
        { description: long("a", index) },
        { description: long("b", index) },
        { description: long("b", index) },
      ),
    );
    const gone = { name: "gone", prod: task("ods_gone") };
    const promotion = promotionOf([...many, gone], {});
    const remarks = Array.from({ length: 400 }, (_, index) => `t${index}: its last deployment is not over`);
    const text = promotionMarkdown({ ...promotion, remarks });
    assert.ok(text.length <= 60_000, `${text.length} characters`);
    assert.match(text, /#### ➖ delete `ods_gone`/);
    assert.match(text, /\d+ more rows stand in the JSON document\./);
    assert.match(text, /380 more stand in the JSON document/);
  });

  it("is data that fits the published schema, too", () => {
    const schema = JSON.parse(
      readFileSync(path.join(root, "docs", "schemas", "promotion.schema.json"), "utf8"),
    ) as object;
    const validate = new Ajv({ strict: false }).compile(schema);
    assert.ok(validate(JSON.parse(JSON.stringify(promotionOf(story, declared)))), JSON.stringify(validate.errors));
  });
});

describe("the fingerprint of a promotion", () => {
  const print = (tasks: readonly InStacks[]) => promotionOf(tasks, declared).fingerprint;

  it("names the tasks whose state or declaration has moved", () => {
    const moved = story.map((each) =>
      each.name === "report" ? sides("report", { rerunTimes: 3 }, { rerunTimes: 2 }, { rerunTimes: 5 }) : each,
    );
    assert.deepEqual(movedSince(print(story), print(moved), "prod"), ["the state of prod has moved: report"]);
    const edited = story.map((each) =>
      each.name === "report" ? sides("report", { rerunTimes: 3 }, { rerunTimes: 1 }, { rerunTimes: 6 }) : each,
    );
    assert.deepEqual(movedSince(print(story), print(edited.slice(0, 2)), "prod"), [
      "the state of prod has moved: old (gone)",
      "the program has moved, or what it makes of the state: extract (gone), old (gone), report",
    ]);
    assert.deepEqual(movedSince(print(story), print(story), "prod"), []);
  });

  it("does not depend on where the files of scripts lie, but on what is in them", () => {
    const file = (path: string, hash: string) => ({
      script: {
        command: "ODPS_SQL",
        content: { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", path, hash },
      },
    });
    const of = (path: string, hash: string) =>
      print([sides("a", file(path, hash), file("x.sql", "0".repeat(64)), file(path, hash))]);
    assert.deepEqual(movedSince(of("/one/a.sql", "1".repeat(64)), of("/two/a.sql", "1".repeat(64)), "prod"), []);
    assert.equal(movedSince(of("/one/a.sql", "1".repeat(64)), of("/one/a.sql", "2".repeat(64)), "prod").length, 1);
  });
});

describe("the source change of a rollback", () => {
  it("puts back what was, and says what has to be done by hand", () => {
    const secret = { description: "[secret]" };
    const tasks = [
      ...story,
      sides(
        "taken",
        {},
        { description: "kept", tags: { team: "sales" } },
        { script: { command: "ODPS_SQL", content: "select 3;" } },
      ),
      sides(
        "long",
        {},
        { script: { command: "ODPS_SQL", content: "select 1;\nselect 2;\n" } },
        { script: { command: "ODPS_SQL", content: "select 1;\nselect 3;\n" } },
      ),
      sides("masked", secret, { ...secret, owner: "1" }, { description: "plain", owner: "2" }),
    ];
    const { review } = compared(tasks, declared);
    const rollbacks = rollbackOf(review, []);
    pinned("rollback", `${sourceChange(rollbacks, "`warehouse/prod`")}\n`);
    const taken = rollbacks.find(({ task: { resource } }) => resource === "taken");
    assert.deepEqual(taken?.set, { "script.content": "select 1;", description: "kept", tags: { team: "sales" } });
    assert.deepEqual(
      rollbackOf(review, ["ods_report"]).map(({ set, unset }) => [set, unset]),
      [[{ rerunTimes: 1 }, []]],
    );
    assert.throws(
      () => rollbackOf(review, ["ods_reprot"]),
      /the file has no task ods_reprot; did you mean ods_report\?/,
    );
  });

  it("knows a set by its type, and not by a # in a name", () => {
    const { review } = compared([{ name: "orders#1", prod: task("ods_orders") }]);
    assert.match(sourceChange(rollbackOf(review, []), ""), /new DataWorksTask\("orders#1", \{/);
    assert.deepEqual(ownerOf(urnOf("orders#1"), "orders#1"), { urn: urnOf("orders#1") });
    const set = urnOf("daily#2").replace("dataworks:Task", "dataworks:TaskSet");
    assert.deepEqual(ownerOf(`${set}#a#b`, "daily#2.a#b"), { urn: set, key: "a#b" });
    const [deleted = assert.fail()] = review.tasks;
    const inSet = { ...review, tasks: [{ ...deleted, urn: `${set}#a#b`, resource: "daily#2.a#b" }] };
    assert.match(
      sourceChange(rollbackOf(inSet, []), ""),
      /in the tasks of new DataWorksTaskSet\("daily#2", …\)\n"a#b": \{/,
    );
  });
});
