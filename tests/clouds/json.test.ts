import assert from "node:assert/strict";
import fc from "fast-check";
import { stringify } from "lossless-json";
import { parseObject } from "../../provider/clouds/json";

/** As an answer is understood: integers that JavaScript would round are their digits. */
function understood(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (Array.isArray(value)) return value.map(understood);
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, understood(member)]))
    : value;
}

describe("the JSON of an answer", () => {
  it("keeps every digit of a number wherever it stands, whatever else is there", () => {
    const digits = fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n });
    const words = fc.oneof(fc.string({ maxLength: 12 }), digits.map(String));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: "small" },
        digits,
        fc.integer(),
        words,
        fc.constantFrom(null, true, 0.5, 1e21),
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[A-Za-z]{1,6}$/), tie("tree"), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(tree, fc.constantFrom(0, 2), (value, indent) => {
        const text = stringify({ Data: value }, null, indent) ?? "";
        assert.deepEqual(parseObject(text), understood({ Data: value }));
      }),
      { seed: 20260101, numRuns: 2_000 },
    );
  });

  for (const [text, expected] of [
    ['{"a":9007199254740993}', { a: "9007199254740993" }],
    ['{"a":-9007199254740993}', { a: "-9007199254740993" }],
    ['{"a":[1,9007199254740993]}', { a: [1, "9007199254740993"] }],
    ['{"a":[9007199254740993]}', { a: ["9007199254740993"] }],
    ['{ "a" :\n\t9007199254740993 }', { a: "9007199254740993" }],
    ['{"a":9007199254740991,"b":"9007199254740993"}', { a: 9007199254740991, b: "9007199254740993" }],
    ["<html>", undefined],
    ['{"a":', undefined],
    ["[1]", undefined],
  ] as const) {
    it(`understands ${JSON.stringify(text)}`, () => assert.deepEqual(parseObject(text), expected));
  }
});
