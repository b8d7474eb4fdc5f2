import assert from "node:assert/strict";
import {
  canonicalDocument,
  canonicalText,
  documentText,
  sameDocument,
  shapeOf,
  withAdditions,
  withoutAdditions,
} from "../../provider/core/document";

const reader = { stepType: "mysql", name: "Reader", parameter: { column: ["id"], where: "" } };
const writer = { stepType: "odps", name: "Writer", parameter: { table: "t" } };
const declared = { type: "job", steps: [reader, writer], setting: { executeMode: null, speed: { concurrent: 2 } } };

const json = (value: unknown) => JSON.stringify(value);
const reduced = (live: unknown, document: object) =>
  JSON.parse(withoutAdditions(json(live), shapeOf({ ...document }))) as typeof declared;

describe("a JSON document", () => {
  const equal: [name: string, text: string, document: string | Record<string, unknown>][] = [
    ["another order of its keys", '{"b":{"d":1,"c":2},"a":1}', { a: 1, b: { c: 2, d: 1 } }],
    ["blanks", ' { "a" :\n[ 1 , 2 ] } ', { a: [1, 2] }],
    ["1.0 for 1", '{"a":1.0,"b":[2.50,1e2]}', { a: 1, b: [2.5, 100] }],
    ["a member added at its top", '{"a":1,"extend":{"mode":"wizard"}}', { a: 1 }],
    ["a member added deep inside", '{"a":{"b":{"c":1,"new":[]}}}', { a: { b: { c: 1 } } }],
    [
      "a member added inside an item of a list",
      '{"a":[1,{"b":1,"new":2},[{"c":1,"new":{}}]]}',
      { a: [1, { b: 1 }, [{ c: 1 }]] },
    ],
    ["a member added to an empty object", '{"a":{"new":1}}', { a: {} }],
    ["a long number that only the service added", '{"a":1,"b":9223372036854775807}', { a: 1 }],
    ["a long number kept digit by digit", '{"x":1,"a":9223372036854775807}', '{"a": 9223372036854775807}'],
    ["an added member that has the name of an inherited one", '{"toString":1,"a":1}', { a: 1 }],
  ];
  for (const [name, text, document] of equal) {
    it(`is the same with ${name}`, () => assert.equal(sameDocument(text, document), true));
  }

  const different: [name: string, text: string, document: string | Record<string, unknown>][] = [
    ["a member changed", '{"a":2}', { a: 1 }],
    ["a member vanished", '{"b":1}', { a: 1 }],
    ["a member became null", '{"a":null}', { a: 1 }],
    ["a number became text", '{"a":"1"}', { a: 1 }],
    ["a list has another order", '{"a":[2,1]}', { a: [1, 2] }],
    ["a list of objects has another order", '{"a":[{"y":1},{"x":1}]}', { a: [{ x: 1 }, { y: 1 }] }],
    ["a list grew", '{"a":[{"x":1},{"x":2}]}', { a: [{ x: 1 }] }],
    ["a list shrank", '{"a":[{"x":1}]}', { a: [{ x: 1 }, { x: 2 }] }],
    ["an object became a list", '{"a":[]}', { a: {} }],
    ["the last digit of a long number changed", '{"a":9223372036854775806}', '{"a": 9223372036854775807}'],
    ["it is no JSON any more", "{", { a: 1 }],
  ];
  for (const [name, text, document] of different) {
    it(`is another one when ${name}`, () => assert.equal(sameDocument(text, document), false));
  }

  it("has one spelling for equal ones, text only where an object would round a number", () => {
    assert.equal(canonicalText('{ "b": 1.0, "a": [ ] }'), '{"a":[],"b":1}');
    assert.equal(canonicalText("1.10"), "1.10");
    assert.equal(canonicalText("no JSON"), "no JSON");
    assert.deepEqual(canonicalDocument({ b: 1, a: 2 }), { b: 1, a: 2 });
    assert.equal(canonicalDocument('{"b":1, "a":12345678901234567890}'), '{"a":12345678901234567890,"b":1}');
    assert.equal(documentText('{"b":12345678901234567.5}'), canonicalText('{"b":12345678901234567.5}'));
  });

  it("is shown without what was added, and with what moved", () => {
    const live = structuredClone(declared) as Record<string, never> & typeof declared;
    Object.assign(live, { extend: { mode: "wizard" } });
    Object.assign(live.steps[0]?.parameter ?? {}, { splitPk: "id", where: "id > 1" });
    const shown = structuredClone(declared);
    Object.assign(shown.steps[0]?.parameter ?? {}, { where: "id > 1" });
    assert.deepEqual(reduced(live, declared), shown);
  });

  it("is shown with a new item as it is, and the declared ones without what was added to them", () => {
    const added = { name: "Extra", anything: 1 };
    const live = { ...declared, steps: [added, { ...reader, gui: {} }, { ...writer, gui: {} }], extend: {} };
    assert.deepEqual(reduced(live, declared), { ...declared, steps: [added, reader, writer] });
  });

  it("is shown with its items in their new order", () => {
    const live = {
      ...declared,
      steps: [
        { ...writer, gui: 1 },
        { ...reader, gui: 2 },
      ],
    };
    assert.deepEqual(reduced(live, declared).steps, [{ ...writer }, { ...reader }]);
  });

  it("is shown whole where nobody knows what was declared", () => {
    assert.equal(withoutAdditions('{"a": 1, "b": 2}', undefined), '{"a": 1, "b": 2}');
    assert.equal(withoutAdditions("{", shapeOf(declared)), "{");
  });

  it("is shown although the state that knew it was cut off", () => {
    const shape = shapeOf({ a: { b: 1 }, c: [{ d: 1 }] });
    for (let length = 1; length < shape.length; length++)
      assert.match(withoutAdditions('{"a":{"b":1},"c":[{"d":1}]}', shape.slice(0, length)), /^\{/);
  });

  it("is shown although the state has something else where its shape was", () => {
    const live = '{"a":{"b":1},"c":[{"d":1}]}';
    for (const mangled of [[], {}, 7, null]) assert.match(withoutAdditions(live, mangled as never), /^\{/);
  });

  it("takes four characters of the state for each member, and a few for each object and list", () => {
    assert.equal(shapeOf({ a: 1, b: [1, 2] }).length, 10);
    assert.equal(shapeOf({ a: 1, b: [1, 2], c: undefined }), shapeOf({ a: 1, b: [1, 2] }));
    assert.equal(shapeOf({ a: [{ b: 1 }, 2, { c: {} }] }).length, 23);
    assert.equal(shapeOf({}), "{}");
  });
});

describe("a JSON document that is written again", () => {
  const sameName = (live: Record<string, unknown>, wanted: Record<string, unknown>) =>
    live["name"] === wanted["name"] && live["stepType"] === wanted["stepType"];
  const rewritten = (live: unknown, wanted: object, before: object | undefined): unknown =>
    JSON.parse(withAdditions(json(live), { ...wanted }, before && shapeOf({ ...before }), sameName));

  const cases: [name: string, live: object, wanted: object, before: object | undefined, result: object][] = [
    [
      "keeps what was added, and drops what the user took away",
      { a: 1, b: 2, extend: { mode: "wizard" }, c: { d: 1, e: 2, gui: 3 } },
      { a: 5, c: { d: 1 } },
      { a: 1, b: 2, c: { d: 1, e: 2 } },
      { a: 5, c: { d: 1, gui: 3 }, extend: { mode: "wizard" } },
    ],
    ["takes nothing for the user's that was never declared", { a: 1, z: 1 }, { a: 2 }, undefined, { a: 2, z: 1 }],
    [
      "keeps what was added to the items that stay, wherever they are now",
      {
        steps: [
          { ...reader, gui: 1 },
          { ...writer, gui: 2 },
        ],
      },
      { steps: [writer] },
      { steps: [reader, writer] },
      { steps: [{ ...writer, gui: 2 }] },
    ],
    [
      "keeps what was added to an item that is still the same one",
      { steps: [{ ...reader, gui: 1, parameter: { ...reader.parameter, splitPk: "id" } }] },
      { steps: [{ ...reader, parameter: { column: ["id", "x"] } }] },
      { steps: [reader] },
      { steps: [{ ...reader, gui: 1, parameter: { column: ["id", "x"], splitPk: "id" } }] },
    ],
    [
      "gives an item of another kind nothing of the one before it",
      { steps: [{ ...reader, gui: 1 }] },
      { steps: [{ ...reader, stepType: "oracle" }] },
      { steps: [reader] },
      { steps: [{ ...reader, stepType: "oracle" }] },
    ],
    ["replaces a list of plain values", { a: [1, 2, 3] }, { a: [3] }, { a: [1, 2] }, { a: [3] }],
    [
      "gives two equal items what each had",
      {
        a: [
          { x: 1, g: 1 },
          { x: 1, g: 2 },
        ],
      },
      { a: [{ x: 1 }, { x: 1 }], b: 1 },
      { a: [{ x: 1 }, { x: 1 }] },
      {
        a: [
          { x: 1, g: 1 },
          { x: 1, g: 2 },
        ],
        b: 1,
      },
    ],
  ];
  for (const [name, live, wanted, before, result] of cases) {
    it(name, () => assert.deepEqual(rewritten(live, wanted, before), result));
  }

  it("is exactly the declared text when nothing was added", () => {
    assert.equal(withAdditions('{"a":1}', { b: 1, a: 2 }, shapeOf({ a: 1 })), '{"b":1,"a":2}');
    assert.equal(withAdditions("", { b: 1 }, undefined), '{"b":1}');
  });

  it("keeps every digit of a long number, declared or added", () => {
    assert.equal(
      withAdditions('{"x":9223372036854775807,"a":1}', '{"a":9007199254740993}', shapeOf({ a: 1 })),
      '{"a":9007199254740993,"x":9223372036854775807}',
    );
  });
});
