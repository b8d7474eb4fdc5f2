import assert from "node:assert/strict";
import {
  flagFrom,
  items,
  numberFrom,
  textFrom,
  wordFrom,
} from "../../provider/resources/dataworks-di-sync-task/answers";

describe("what the service answers about a sync task", () => {
  const rows: [answer: unknown, text?: string, word?: string, number?: number, flag?: boolean][] = [
    [undefined],
    [null],
    ["", ""],
    ["7", "7", "7", 7],
    [7, "7", "7", 7],
    [0, "0", "0", 0],
    ["true", "true", "true", Number.NaN, true],
    [true, "true", "true", 1, true],
    [false, "false", "false", 0, false],
    ["False", "False", "False", Number.NaN],
  ];
  for (const [answer, text, word, number, flag] of rows) {
    it(`is read whether it says ${JSON.stringify(answer) ?? "nothing"} as text, as a number or as a flag`, () => {
      assert.deepEqual(
        [textFrom(answer), wordFrom(answer), numberFrom(answer), flagFrom(answer)],
        [text, word, number, flag],
      );
    });
  }

  it("has no items where it is no list", () => {
    assert.deepEqual([undefined, null, "a", { a: 1 }, [{ a: 1 }]].map(items), [[], [], [], [], [{ a: 1 }]]);
  });
});
