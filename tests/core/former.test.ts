import assert from "node:assert/strict";
import type { Definition, Properties } from "../../provider/core/definition";
import { group, leaves, list, map, record, text } from "../../provider/core/fields";
import type { Table } from "../../provider/core/fields";
import { inFormerSpelling } from "../../provider/core/former";
import { type Unfinished, hooks } from "../../provider/core/lifecycle";
import { decodeRecord, digest, encodeRecord } from "../../provider/core/record";
import { differences, settle } from "../../provider/core/settle";

const upper = (value: string) => value.toUpperCase();
const fields = {
  when: group<{ cron?: string }>({ cron: text({ canonical: upper }) }),
  tags: map(),
  edges: list(record<{ to: string }>({ to: text({ canonical: upper }) }), { unordered: true }),
};
const table = leaves(fields);

describe("an input that the state spells in an older form", () => {
  const spelt = (inputs: Properties, olds: Properties) => inFormerSpelling(fields, table, inputs, olds);

  it("stays as it is spelt there while it means the same, and is the new one when it does not", () => {
    const olds = { when: { cron: "mon" }, edges: [{ to: "a" }, { to: "b" }] };
    const same = { when: { cron: "MON" }, edges: [{ to: "A" }, { to: "B" }] };
    assert.deepEqual(spelt(same, olds), olds);
    assert.deepEqual(spelt({ ...same, when: { cron: "TUE" } }, olds), { ...olds, when: { cron: "TUE" } });
    assert.deepEqual(same.when, { cron: "MON" });
  });

  it("takes no value from the state that is not declared any more, not known yet, or of another type there", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    assert.deepEqual(spelt({}, { when: { cron: "mon" } }), {});
    assert.deepEqual(spelt({ when: unknown }, { when: { cron: "mon" } }), { when: unknown });
    for (const when of [null, 7, "mon", [], { cron: null }, { cron: 7 }, unknown])
      assert.deepEqual(spelt({ when: { cron: "MON" } }, { when }), { when: { cron: "MON" } });
  });

  it("is as declared where a read shows the newer form, and another value is none", () => {
    const inputs = { when: { cron: "mon" } };
    const live = (cron: string) => ({ values: { when: { cron } } });
    assert.deepEqual(differences(table, inputs, live("MON")), []);
    assert.deepEqual(differences(table, inputs, live("TUE")), ["when.cron"]);
    const before = { applied: new Map([["when.cron", digest("text", "mon", "k")]]), seen: new Map<string, string>() };
    assert.deepEqual(settle(table, inputs, [], before, live("MON"), "k").disturbed, []);
    assert.deepEqual(settle(table, inputs, [], before, live("TUE"), "k").disturbed, ["when.cron"]);
  });
});

describe("the hooks of a kind of task", () => {
  const said: string[] = [];
  const kind = {
    name: "Thing",
    module: "wedata",
    version: "1",
    fields: { home: text({ replace: true }), owner: text() },
    rules: [],
    factNames: [],
    unfinished: () => false,
    update: () => Promise.reject(new Error("the network is down")),
  } as unknown as Definition<object, object>;
  const task = hooks(kind, {
    ready: () => Promise.resolve(),
    warn: (message) => said.push(message),
    inform: () => undefined,
    levels: () => ({ "kept-value": "error" }),
  });
  const things = leaves(kind.fields as unknown as Table);
  const state = (args: Record<string, string>, more: Properties = {}) => {
    const applied = new Map(Object.entries(args).map(([path, value]) => [path, digest("text", value, "")]));
    assert.equal(decodeRecord(encodeRecord(applied), things).size, applied.size);
    return { applied: encodeRecord(applied), ...more };
  };

  it("say nothing of a value that stays behind with a task that is replaced", async () => {
    const olds = state({ home: "1", owner: "me" });
    await assert.rejects(task.diff("1", olds, { home: "1" }), /owner is no longer declared; .* \[kept-value\]$/);
    assert.deepEqual((await task.diff("1", olds, { home: "2" })).replaces, ["home"]);
    assert.deepEqual(said, []);
  });

  it("know after an update that failed that the inputs of the state are not the live ones", async () => {
    const olds = state({ home: "1", owner: "me" }, { differs: true });
    const failure = await task.update("1", olds, { home: "1", owner: "you" }).then(
      () => assert.fail("the update went well"),
      (error: unknown) => error as Unfinished,
    );
    assert.equal(failure.properties["differs"], true);
  });
});
