import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { changesBetween } from "../../provider/core/diff";
import { ASSET_SIGNATURE, ASSET_VALUE, content, group, integer, leaves, list, text } from "../../provider/core/fields";
import { decodeRecord, digest, encodeRecord, refuseNewer, stableText, tokenOfRecord } from "../../provider/core/record";
import { differences, refresh, settle, settleAdopted } from "../../provider/core/settle";

const table = leaves({
  name: text(),
  secret: text({ writeOnly: true }),
  publish: text({ option: true }),
  when: group<{ cron?: string; zone?: string }>({ cron: text(), zone: text({ writeOnly: true }) }),
  code: content(),
  edges: list<string>(text()),
});
const none = { applied: new Map<string, string>(), seen: new Map<string, string>() };
const KEY = "token";
const text1 = (value: unknown) => digest("text", value, KEY);

describe("the applied record", () => {
  it("comes back as it went, in a few characters a property", () => {
    const record = new Map([
      ["name", text1("a")],
      ["when.cron", text1("0")],
    ]);
    const line = encodeRecord(record, "abcdef123456");
    assert.deepEqual(decodeRecord(line, table), record);
    assert.equal(tokenOfRecord(line), "abcdef123456");
    assert.equal(line.length, 1 + 12 + 1 + 2 * 9);
  });
  it("reads nothing out of what it does not know", () => {
    for (const line of [undefined, 7, "", "9abc", "1xxxyyyyyy", "1.xxxyyyyyy"])
      assert.equal(decodeRecord(line, table).size, 0);
  });
  it("is read as the first versions wrote it: with longer digests, and without a token", () => {
    const record = new Map(["name", "when.cron", "code"].map((path) => [path, text1(path)]));
    const longer = encodeRecord(record, "").slice(2).replace(/.{9}/g, "$&xy");
    assert.deepEqual(decodeRecord(`1abcdef123456.${longer}`, table), record);
    assert.deepEqual(decodeRecord(`1${longer}`, table), record);
    assert.equal(tokenOfRecord(`1${longer}`), undefined);
  });
  it("of another version is refused in a sentence", () => {
    assert.throws(() => refuseNewer("2abcdef123456.xxxyyyyyy"), /newer version .*state version 2, this one reads 1/);
    for (const line of [undefined, 7, "", encodeRecord(new Map(), "abc"), "1abcxxxyyyyyyzz"]) refuseNewer(line);
  });
  it("does not depend on the order of members, and does on the key", () => {
    assert.equal(stableText({ b: 1, a: [{ d: 1, c: 2 }] }), stableText({ a: [{ c: 2, d: 1 }], b: 1 }));
    assert.notEqual(digest("text", "a", "one"), digest("text", "a", "two"));
  });
  it("takes a text and a file of the same bytes for the same, and of others for another", () => {
    const asset = (bytes: string) => ({
      [ASSET_SIGNATURE]: ASSET_VALUE,
      path: "orders.sql",
      hash: createHash("sha256").update(bytes).digest("hex"),
    });
    assert.equal(digest("content", asset("select 1"), KEY), digest("content", "select 1", KEY));
    assert.notEqual(digest("content", asset("select 2"), KEY), digest("content", "select 1", KEY));
  });
});

describe("settling a write", () => {
  const inputs = { name: "a", secret: "s", publish: "p", when: { cron: "0", zone: "z" } };
  const changes = changesBetween(table, new Map(), inputs, KEY);

  it("keeps in the outputs only what no read brings back", () => {
    const settled = settle(table, inputs, changes, none, { values: { name: "a", when: { cron: "0" } } }, KEY);
    assert.deepEqual([...settled.kept].sort(), ["publish", "secret", "when.zone"]);
    assert.equal(settled.seen.size, 0);
    assert.equal(changesBetween(table, settled.applied, inputs, KEY).length, 0);
  });
  it("records what is there where a property is not as it was although nobody sent it", () => {
    const before = { applied: settle(table, inputs, changes, none, undefined, KEY).applied, seen: none.seen };
    const live = { values: { name: "b", when: { cron: "0" } } };
    const settled = settle(table, inputs, [], before, live, KEY);
    assert.deepEqual([settled.disturbed, settled.ineffective], [["name"], []]);
    assert.deepEqual(
      changesBetween(table, settled.applied, inputs, KEY).map(({ path }) => path),
      ["name"],
    );
  });
  it("names what was to be cleared and still has a value", () => {
    const clearing = leaves({ tags: list<string>(text(), { clear: [] }), name: text() });
    const before = { applied: new Map([["tags", digest("list", ["a"], KEY)]]), seen: none.seen };
    const removal = changesBetween(clearing, before.applied, {}, KEY);
    const after = (tags: string[]) => settle(clearing, {}, removal, before, { values: { tags } }, KEY);
    assert.deepEqual(after(["a"]).uncleared, ["tags"]);
    assert.deepEqual(after([]).uncleared, []);
  });
  it("keeps a file in the outputs as its hash and path, read or not", () => {
    const code = { [ASSET_SIGNATURE]: ASSET_VALUE, path: "a.sql", hash: "0".repeat(64) };
    const given = { code };
    const added = changesBetween(table, new Map(), given, KEY);
    for (const live of [undefined, { values: { code } }])
      assert.deepEqual([...settle(table, given, added, none, live, KEY).kept], ["code"]);
    const text = { code: "select 1" };
    const plain = changesBetween(table, new Map(), text, KEY);
    assert.deepEqual([...settle(table, text, plain, none, { values: text }, KEY).kept], []);
    assert.deepEqual([...settle(table, text, plain, none, undefined, KEY).kept], []);
  });
  it("takes what was there before the write for none of what was sent", () => {
    const given = { name: "a" };
    const added = changesBetween(table, new Map(), given, KEY);
    const live = { values: { name: "before" } };
    const settledAfter = (prior: string | undefined) => {
      const known = prior === undefined ? undefined : { values: { name: prior } };
      const { ineffective, seen } = settle(table, given, added, none, live, KEY, {}, known);
      return [ineffective, [...seen.keys()]];
    };
    assert.deepEqual(settledAfter("before"), [["name"], []]);
    assert.deepEqual(settledAfter("something else"), [[], ["name"]]);
    assert.deepEqual(settledAfter(undefined), [[], ["name"]]);
  });
  it("takes nothing for no form of something", () => {
    const settled = settle(table, inputs, changes, none, { values: { when: { cron: "0" } } }, KEY);
    assert.deepEqual(settled.ineffective, ["name"]);
    assert.equal(settled.applied.has("name"), false);
  });
  it("remembers how the service renders a value, and takes it for no drift", () => {
    const live = { values: { name: "A", when: { cron: "0" } } };
    const settled = settle(table, inputs, changes, none, live, KEY);
    assert.deepEqual([...settled.seen.keys()], ["name"]);
    const again = refresh(table, { ...inputs }, settled, live, KEY, false);
    assert.deepEqual(again.moved, []);
    assert.equal(again.inputs, undefined);
  });
  it("notices a change that the service accepted and did not make", () => {
    const before = settle(table, inputs, changes, none, { values: { name: "a", when: { cron: "0" } } }, KEY);
    const next = { ...inputs, name: "b" };
    const later = settle(
      table,
      next,
      changesBetween(table, before.applied, next, KEY),
      before,
      { values: { name: "a", when: { cron: "0" } } },
      KEY,
    );
    assert.deepEqual(later.ineffective, ["name"]);
    assert.deepEqual(
      changesBetween(table, later.applied, next, KEY).map(({ path }) => path),
      ["name"],
    );
  });
  it("takes another number for another value, and records what is there", () => {
    const numbers = leaves({ count: integer() });
    const wanted = { count: 60 };
    const changes = changesBetween(numbers, new Map(), wanted, KEY);
    const settled = settle(numbers, wanted, changes, none, { values: { count: 60_000 } }, KEY);
    assert.deepEqual(settled.ineffective, ["count"]);
    assert.equal(settled.seen.size, 0);
    assert.deepEqual(
      changesBetween(numbers, settled.applied, wanted, KEY).map(({ kind }) => kind),
      ["changed"],
    );
  });
  it("takes empty and absent for the same", () => {
    const empty = { name: "", edges: [] };
    const settled = settle(table, empty, changesBetween(table, new Map(), empty, KEY), none, { values: {} }, KEY);
    assert.equal(settled.seen.size, 0);
    assert.deepEqual(refresh(table, {}, settled, { values: {} }, KEY, false).moved, []);
    assert.deepEqual(differences(table, empty, { values: {} }), []);
  });
});

describe("a refresh", () => {
  const inputs = { name: "a", secret: "s", when: { cron: "0", zone: "z" } };
  const settled = settle(
    table,
    inputs,
    changesBetween(table, new Map(), inputs, KEY),
    none,
    { values: { name: "a", when: { cron: "0" } } },
    KEY,
  );
  const outputs = { secret: "s", when: { cron: "0", zone: "z" } };

  it("gives the inputs back with the live value, and nothing undeclared", () => {
    const found = refresh(
      table,
      outputs,
      settled,
      { values: { name: "b", edges: ["x"], when: { cron: "0" } } },
      KEY,
      false,
    );
    assert.deepEqual(found.moved, ["name"]);
    assert.deepEqual(found.inputs, { name: "b", secret: "s", when: { cron: "0", zone: "z" } });
    assert.deepEqual(
      changesBetween(table, found.applied, inputs, KEY).map(({ path }) => path),
      ["name"],
    );
  });
  it("drops a property that is gone from the service", () => {
    const found = refresh(table, outputs, settled, { values: { when: { cron: "0" } } }, KEY, false);
    assert.deepEqual(found.moved, ["name"]);
    assert.equal("name" in (found.inputs ?? {}), false);
  });
  it("never takes for drift what this site cannot say", () => {
    const found = refresh(
      table,
      outputs,
      settled,
      { values: { when: { cron: "0" } }, unreadable: (path) => path === "name" },
      KEY,
      false,
    );
    assert.deepEqual(found.moved, []);
  });
});

describe("an adoption", () => {
  it("records the live values, and leaves every difference to the next update", () => {
    const inputs = { name: "a", secret: "s", publish: "p", edges: ["x"] };
    const { applied, different } = settleAdopted(table, inputs, { values: { name: "b", edges: ["x"] } }, KEY);
    assert.deepEqual(different, ["name", "secret"]);
    assert.deepEqual(
      changesBetween(table, applied, inputs, KEY).map(({ path }) => path),
      ["name", "secret"],
    );
  });
});
