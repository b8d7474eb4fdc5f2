import assert from "node:assert/strict";
import { flag, group, integer, leaves, list, text } from "../../provider/core/fields";
import { carried, carries, understood } from "../../provider/core/wire";

const table = leaves({
  name: text({ wire: { Update: "Name", Get: "Task.Name" } }),
  note: text({ clear: "", wire: { Update: "Note", Get: "Task.Note" } }),
  when: group<{ cron?: string; seconds?: number }>({
    cron: text({ wire: { Update: "Trigger.Cron", Get: "Trigger.Cron" } }),
    seconds: integer({
      wire: { Update: "Trigger.Wait", Batch: "Wait", Get: "Trigger.Wait" },
      to: (value, { operation, terms }) => value * (operation === "Update" ? 1000 : 1) + Number(terms["more"] ?? 0),
      from: (answer, { operation, terms }) =>
        typeof answer === "number" ? answer / 1000 + Number(terms[operation] ?? 0) : undefined,
    }),
  }),
  silent: flag({ wire: { Update: "Silent" }, to: () => undefined }),
  tags: list<string>(text()),
});
const all = () => true;

describe("what an operation carries", () => {
  it("is the wanted properties at their parameters, translated for it", () => {
    const args = { name: "a", when: { cron: "0", seconds: 3 }, silent: true, tags: ["x"] };
    assert.deepEqual(carried(table, "Update", args, all, { more: 7 }), {
      Name: "a",
      Note: "",
      Trigger: { Cron: "0", Wait: 3007 },
    });
    assert.deepEqual(carried(table, "Batch", args, all), { Wait: 3 });
    assert.deepEqual(
      carried(table, "Update", args, (path) => path === "when.cron"),
      { Trigger: { Cron: "0" } },
    );
  });

  it("is nothing of what has no value, unless something clears it", () => {
    assert.deepEqual(carried(table, "Update", {}, all), { Note: "" });
    assert.deepEqual(carried(table, "Other", { name: "a" }, all), {});
  });

  it("is known beforehand", () => {
    const operations = table.map((placed) => ["Update", "Batch"].filter((operation) => carries(placed, operation)));
    assert.deepEqual(operations, [["Update"], ["Update"], ["Update"], ["Update", "Batch"], ["Update"], []]);
  });
});

describe("what an answer means", () => {
  it("is in the words of the arguments, translated for the operation", () => {
    const answer = { Task: { Name: "a", Note: "" }, Trigger: { Wait: 3000 }, Silent: true };
    assert.deepEqual(understood(table, "Get", answer, { Get: 2 }), { name: "a", note: "", when: { seconds: 5 } });
    assert.deepEqual(understood(table, "Other", answer), {});
  });

  it("is nothing where it is null or says nothing", () => {
    assert.deepEqual(understood(table, "Get", { Task: { Name: null }, Trigger: { Wait: null, Cron: null } }), {});
    assert.deepEqual(understood(table, "Get", {}), {});
  });
});
