import { canonicalMembers, checkArguments, hasUnsafeNumber, meant } from "../../provider/core/check";
import { show } from "../../provider/core/quoting";
import type { View } from "../../provider/core/check";
import { changesBetween } from "../../provider/core/diff";
import {
  canonicalDocument,
  canonicalText,
  sameDocument,
  shapeOf,
  withAdditions,
  withoutAdditions,
} from "../../provider/core/document";
import * as errors from "../../provider/core/errors";
import {
  ASSET_SIGNATURE,
  ASSET_VALUE,
  UNKNOWN,
  choice,
  content,
  decimal,
  document,
  flag,
  group,
  integer,
  leaves,
  list,
  map,
  record,
  recordOr,
  text,
} from "../../provider/core/fields";
import type { Document, Placed, Table } from "../../provider/core/fields";
import { warning } from "../../provider/core/findings";
import { inFormerSpelling } from "../../provider/core/former";
import { heedOf, namesIn } from "../../provider/core/heeded";
import { UNSURE, decodeRecord, digest, encodeRecord, stableText } from "../../provider/core/record";
import { Schedule } from "../../provider/core/schedule";
import { differences, refresh, settle, settleAdopted } from "../../provider/core/settle";
import type { Live } from "../../provider/core/settle";
import { carried, understood } from "../../provider/core/wire";
import { Pinned } from "./pinned";

const KEY = "token";
const asset = (members: object) => ({ [ASSET_SIGNATURE]: ASSET_VALUE, ...members });
const shown = (value: unknown): string =>
  value === undefined
    ? "nothing"
    : (typeof value === "number" ? String(value) : JSON.stringify(value))
        .replaceAll(UNKNOWN, "unknown")
        .replaceAll(`"${ASSET_SIGNATURE}":"${ASSET_VALUE}"`, "asset");

/** Each outcome once, with everything that leads to it. */
function grouped(rows: readonly (readonly [condition: string, outcome: string])[]): string[] {
  const outcomes = new Map<string, string[]>();
  for (const [condition, outcome] of rows) outcomes.set(outcome, [...(outcomes.get(outcome) ?? []), condition]);
  return [...outcomes].map(([outcome, conditions]) => `  ${outcome} ← ${conditions.join("; ")}`);
}

/** One field of each kind and cost. */
const FIELDS = {
  name: text({ required: true, maximumLength: 5, pattern: [/^[a-z]*$/, "small letters"], wire: { Update: "Name" } }),
  count: integer({ minimum: 1, maximum: 9 }),
  size: decimal({ multipleOf: 0.5 }),
  on: flag(),
  mode: choice(["Normal", "Pause"]),
  level: choice([4, 5], { clear: 4 }),
  notes: text({ clear: "" }),
  labels: list<string>(text(), { mayBeEmpty: true }),
  tags: map(),
  body: document(),
  code: content(),
  when: group<{ cron?: string; zone?: string }>({
    cron: text({ canonical: (value) => value.trim(), wire: { Update: "Trigger.Cron", Get: "Trigger.Cron" } }),
    zone: text({ required: true, wire: { Update: "Trigger.Zone" } }),
  }),
  edges: list<{ to: string }>(record<{ to: string }>({ to: text({ required: true, wire: { Update: "Edges.To" } }) }), {
    unordered: true,
    wire: { Update: "Edges" },
  }),
  adopt: recordOr<string, { id: string; apply?: boolean }>("id", {
    id: text({ required: true, pattern: [/^\d+$/, "digits"] }),
    apply: flag(),
  }),
} as unknown as Table;
const FORMS: readonly unknown[] = [
  ...[
    undefined,
    null,
    UNKNOWN,
    "",
    " ",
    "abc",
    "ABC",
    "abcdef",
    "1",
    "true",
    "normal",
    "4",
    0,
    1,
    4,
    9,
    10,
    -1,
    0.7,
    1.5,
  ],
  ...[Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, true, {}, { a: "1" }, { b: "2", a: "1" }, { a: 1 }, { a: null }],
  ...[{ a: UNKNOWN }, { cron: " 0 " }, { cron: 1 }, { crom: "0" }, { cron: undefined }, { to: "a" }, { id: "1" }],
  ...[{ id: "x", apply: 1 }, { apply: true }, [], [""], ["b", "a"], [1], [null], [UNKNOWN], [{ to: "b" }, { to: "a" }]],
  ...[
    [{}],
    [{ to: 1 }],
    [{ to: "a", from: "b" }],
    '{"b":1,"a":2}',
    "{",
    "[1]",
    '{"id":9007199254740993}',
    "x".repeat(99),
  ],
  ...[asset({ text: "select" }), asset({ path: "a.sql", hash: "h" }), asset({ uri: "u" }), asset({})],
];

describe("the core", () => {
  const pinned = new Pinned("core");

  describe("checks", () => {
    for (const [name] of Object.entries(FIELDS)) {
      it(`any form of ${name}`, () => {
        const plain: string[] = [];
        const lines = FORMS.flatMap((value) => {
          const given = { name: "a", when: { zone: "z" }, [name]: value };
          const { inputs, findings } = checkArguments(FIELDS, [], given, { version: "1.0" });
          const said = findings.map(({ property, reason, code }) => `  ${property} ${reason} [${code}]`);
          const [is, live] = [inputs[name], canonicalMembers(FIELDS, { [name]: value })[name]].map(shown);
          if (said.length === 0 && is === shown(value) && live === is) {
            plain.push(shown(value));
            return [];
          }
          return [`${shown(value)} is ${is}${live === is ? "" : `, and read ${live}`}`, ...said];
        });
        lines.push(`as they are: ${plain.join("; ")}`);
        pinned.has(`check ${name}`, lines);
      });
    }

    it("what its rules can see", () => {
      const seen: string[] = [];
      const rule = function* ({ value, given, declared }: View) {
        for (const path of ["name", "when", "when.cron", "edges", "edges[0]", "whence"])
          seen.push(
            `  ${path}: ${shown(value(path))}, given ${shown(given(path))}, declared ${String(declared(path))}`,
          );
        yield warning("name", "odd", "is odd");
      };
      const lines = [
        { name: "a", when: { cron: " 0 ", zone: "z" }, edges: [{ to: "b" }, { to: "a" }] },
        { name: null, when: { cron: 1, zone: "z" }, edges: [{ to: 1 }] },
        { name: UNKNOWN, when: UNKNOWN, edges: UNKNOWN },
        { name: "ABC", when: { cron: UNKNOWN, zone: "z" }, edges: [{}, { to: "a" }] },
        { name: "a", when: 1, whence: 1 },
        {},
      ].flatMap((given) => {
        seen.length = 0;
        const { findings } = checkArguments(FIELDS, [rule], given);
        return [shown(given), ...seen, `  ${findings.map(({ property, code }) => `${property} ${code}`).join(", ")}`];
      });
      pinned.has("what rules see", lines);
    });

    it("names that are nearly right", () => {
      const known = ["a", "on", "abc", "cron", "trigger", "rerunIntervalSeconds"];
      const lines = [
        "b",
        "no",
        "n",
        "abd",
        "acb",
        "xyz",
        "corn",
        "CRON",
        "crom",
        "crx",
        "trager",
        "trgr",
        "tirgre",
        "xrigegr",
      ];
      const more = ["rerunInterval", "rerunIntervalSecond", "rerunSeconds", "1", "-1", "", "x".repeat(100)];
      pinned.has(
        "did you mean",
        [...lines, ...more].map((name) => `${name.slice(0, 30)}${meant(name, known)}`),
      );
    });

    it("shows values shortly", () => {
      const values = [
        "a",
        "x".repeat(78),
        "x".repeat(79),
        `😀${"x".repeat(74)}😀xx`,
        1,
        null,
        undefined,
        true,
        [1],
        { a: 1 },
        10n,
      ];
      pinned.has(
        "shown",
        values.map((value) => show(value)),
      );
    });

    it("knows numbers that would be rounded", () => {
      const texts = [
        "9007199254740991",
        "9007199254740992",
        "-9007199254740993",
        '"9007199254740993"',
        '"\\"9007199254740993',
        "1",
      ];
      pinned.has(
        "unsafe numbers",
        texts.map((each) => `${each} ${String(hasUnsafeNumber(each))}`),
      );
    });
  });

  it("puts every failure into a sentence", () => {
    const classes: errors.ErrorClass[] = [
      ...(["throttle", "quota", "transient", "clock", "replay", "auth", "missing", "parameter", "business"] as const),
      ...(["transport", "unknown"] as const),
    ];
    const lines = classes.flatMap((errorClass) =>
      [false, true].flatMap((unclear) => {
        const error = new errors.CloudError({
          cloud: "wedata",
          operation: "ModifyTaskInfo",
          code: "Failed",
          detail: unclear ? "" : "no such task.",
          errorClass,
          unclear,
          ...(unclear && { about: "orders", requestId: "r", attempts: 3, http: 500, retryAfterMilliseconds: 5 }),
        });
        const is = Object.entries(errors).flatMap(([name, test]) =>
          /^(is|may)/.test(name) && (test as (error: unknown) => boolean)(error) ? [name] : [],
        );
        const { about, requestId, http, retryAfterMilliseconds, attempts } = error.with({ about: "b", attempts: 2 });
        const facts = shown({ about, requestId, http, retryAfterMilliseconds, attempts });
        return [`${errorClass}: ${error.message}`, `  ${is.join(", ")}; ${facts}`];
      }),
    );
    pinned.has("errors", lines);
  });

  describe("compares", () => {
    const KINDS: Readonly<Record<string, readonly [Table[string], readonly unknown[]]>> = {
      text: [text(), ["a", "b", ""]],
      "text that clears": [text({ clear: "" }), ["a", "b", ""]],
      "text in small letters": [text({ canonical: (value) => value.toLowerCase() }), ["a", "A", "b"]],
      integer: [integer(), [1, 2]],
      choice: [choice(["x", "y"]), ["x", "y"]],
      list: [list<string>(text(), { clear: [] }), [["a"], ["b"], []]],
      map: [map(), [{ a: "1" }, { a: "2" }, {}]],
      content: [content(), ["a", "b", asset({ path: "p", hash: "h" })]],
      "write-only text": [text({ writeOnly: true }), ["a", "b"]],
      option: [text({ option: true }), ["a", "b"]],
      identity: [text({ option: true, identity: true }), ["a", "b"]],
    } as never;
    const unreadable = (values: Record<string, unknown>): Live => ({ values, unreadable: () => true });
    const recorded = (placed: Placed, value: unknown) =>
      new Map(value === undefined ? [] : [["at.x", value === UNSURE ? UNSURE : digest(placed.leaf.kind, value, KEY)]]);
    const names = (kinds: readonly [string, boolean][]) =>
      kinds
        .filter(([, is]) => is)
        .map(([name]) => name)
        .join(", ");

    for (const [kind, [field, values]] of Object.entries(KINDS)) {
      const table = leaves({ at: group({ x: field }) });
      const [placed] = table as [Placed];
      const known = (value: unknown) =>
        value === undefined
          ? "nothing"
          : shown([...values, UNSURE].find((each) => digest(placed.leaf.kind, each, KEY) === value) ?? value);
      const [a, b, c] = values;
      const wants = [undefined, ...values];
      const befores = [undefined, a, b];
      const lives: readonly (Live | undefined)[] = [
        undefined,
        unreadable({ at: { x: b } }),
        ...[undefined, a, b, ...(c === undefined ? [] : [c])].map((x) => ({
          values: { at: { ...(x !== undefined && { x }) } },
        })),
      ];
      const told = (live: Live | undefined) =>
        live === undefined
          ? "no read"
          : `${live.unreadable ? "unreadable " : ""}live ${shown((live.values["at"] as { x?: unknown }).x)}`;

      it(`what was asked of a ${kind} with what is there`, () => {
        const lines = wants.flatMap((want) =>
          befores.flatMap((was) => {
            const inputs = { at: { ...(want !== undefined && { x: want }) } };
            const before = { applied: recorded(placed, was), seen: new Map<string, string>() };
            const changes = changesBetween(table, before.applied, inputs, KEY);
            const head = `${shown(was)} → ${shown(want)}: ${changes.map((change) => change.kind).join() || "no change"}`;
            const rows = [before, { ...before, seen: recorded(placed, b) }].flatMap((state, index) =>
              lives.flatMap((live) =>
                [undefined, { values: { at: { x: b } } }].map((prior) => {
                  const settled = settle(table, inputs, changes, state, live, KEY, prior && { at: { x: b } }, prior);
                  const facts = names([
                    ["kept", settled.kept.has("at.x")],
                    ["ineffective", settled.ineffective.length > 0],
                    ["disturbed", settled.disturbed.length > 0],
                    ["uncleared", settled.uncleared.length > 0],
                  ]);
                  const rest = `applied ${known(settled.applied.get("at.x"))}, seen ${known(settled.seen.get("at.x"))}`;
                  return [
                    `${told(live)}${index > 0 ? `, seen ${shown(b)}` : ""}${prior ? `, sent as and before ${shown(b)}` : ""}`,
                    `${rest}${facts && `, ${facts}`}`,
                  ] as const;
                }),
              ),
            );
            return [head, ...grouped(rows)];
          }),
        );
        pinned.has(`settle ${kind}`, lines);
      });

      it(`what a refresh finds of a ${kind}`, () => {
        const readable = lives.filter((live) => live !== undefined);
        const cases = readable.flatMap((live) =>
          [undefined, a].flatMap((stored) =>
            [undefined, b].flatMap((seen) => [undefined, c ?? a].map((spelt) => ({ live, stored, seen, spelt }))),
          ),
        );
        const lines = [a, b, c, UNSURE]
          .filter((was) => was !== undefined)
          .flatMap((was) => [
            `applied ${shown(was)}`,
            ...grouped(
              cases.map(({ live, stored, seen, spelt }) => {
                const before = { applied: recorded(placed, was), seen: recorded(placed, seen) };
                const outputs = stored === undefined ? {} : { at: { x: stored } };
                const all = { ...live, ...(spelt !== undefined && { shown: { at: { x: spelt } } }) };
                const found = refresh(table, outputs, before, all, KEY, spelt !== undefined);
                const state = `applied ${known(found.applied.get("at.x"))}, seen ${known(found.seen.get("at.x"))}`;
                const facts = `${found.moved.length > 0 ? "moved, " : ""}${state}${found.kept.has("at.x") ? ", kept" : ""}`;
                return [
                  `${told(live)}${stored === undefined ? "" : `, stored ${shown(stored)}`}${seen === undefined ? "" : `, seen ${shown(seen)}`}${spelt === undefined ? "" : `, spelt ${shown(spelt)}`}`,
                  `${facts}${found.inputs ? `, inputs ${shown(found.inputs)}` : ""}`,
                ] as const;
              }),
            ),
          ]);
        pinned.has(`refresh ${kind}`, lines);
      });

      it(`an adopted ${kind} with what is declared`, () => {
        const lines = wants.flatMap((want) =>
          lives
            .filter((live) => live !== undefined)
            .map((live) => {
              const inputs = { at: { ...(want !== undefined && { x: want }) } };
              const { applied, kept, different } = settleAdopted(table, inputs, live, KEY);
              const facts = names([
                ["kept", kept.has("at.x")],
                ["different", different.length > 0],
                ["differs", differences(table, inputs, live).length > 0],
              ]);
              return `wants ${shown(want)}, ${told(live)}: applied ${known(applied.get("at.x"))}${facts && `, ${facts}`}`;
            }),
        );
        pinned.has(`adopt ${kind}`, lines);
      });
    }

    it("the spelling of a state with the canonical one", () => {
      const fields = KINDS["text in small letters"]?.[0] as Table[string];
      const table = { x: fields, at: group({ y: fields }) } as unknown as Table;
      const values = [undefined, null, "a", "A", "b", UNKNOWN];
      const lines = values.flatMap((was) =>
        ["a", "b", undefined, UNKNOWN].map((is) => {
          const olds = { x: was, at: { y: was }, other: 1 };
          return `${shown(was)} and ${shown(is)}: ${shown(inFormerSpelling(table, leaves(table), { x: is, at: { y: "c" } }, olds))}`;
        }),
      );
      pinned.has("former spelling", lines);
    });
  });

  describe("keeps documents apart from what others add", () => {
    const DOCUMENTS: readonly Document[] = [
      {},
      { a: 1 },
      { b: [1, 2], a: { c: null, d: "x" } },
      { a: { c: 1, e: 2 }, b: [2, 1] },
      {
        steps: [
          { name: "r", x: 1 },
          { name: "w", x: [{ y: 1 }] },
        ],
      },
      { steps: [{ name: "w", x: [{ y: 1 }, { z: 2 }] }, { name: "r", x: 1, added: true }, { name: "n" }] },
      { steps: [{ name: "r", x: 2, added: true }], more: [[{ a: 1 }], 3] },
      '{"b": 1.0, "a": 9007199254740993}',
      '{"b": 1, "a": 9007199254740993, "added": {"x": [1]}}',
      "no json",
      '[{"a": 1}, 2]',
    ];
    it("each by its shape and spelling", () => {
      const lines = DOCUMENTS.map(
        (each) =>
          `${shown(each)} has the shape ${shapeOf(each)} and is ${shown(canonicalDocument(each))}${typeof each === "string" ? `, ${canonicalText(each)}` : ""}`,
      );
      pinned.has("documents", lines);
    });
    for (const [index, declared] of DOCUMENTS.entries()) {
      it(`${index + 1}: declared ${shown(declared)}`, () => {
        const wanted = typeof declared === "string" ? declared : JSON.stringify(declared);
        const texts = DOCUMENTS.map((each) => (typeof each === "string" ? each : JSON.stringify(each)));
        const lines = texts.flatMap((live, nth) => {
          const before = shapeOf(DOCUMENTS[(nth + 2) % DOCUMENTS.length] as Document);
          const byName = (one: Record<string, unknown>, other: Record<string, unknown>) =>
            one["name"] === other["name"];
          const seen = withoutAdditions(live, shapeOf(declared));
          const [made, after] = [
            withAdditions(live, declared, undefined),
            withAdditions(live, declared, before, byName),
          ];
          return [
            `live ${live}${sameDocument(live, declared) ? " is the same" : ""}`,
            ...(seen === live ? [] : [`  shown as ${seen}`]),
            ...(made === wanted ? [] : [`  made ${made}`]),
            ...(after === made ? [] : [`  made ${after} after ${before || "no shape"}`]),
          ];
        });
        pinned.has(`document ${index + 1} ${shown(declared)}`, lines);
      });
    }
  });

  it("writes equal values as equal texts", () => {
    const values = [
      { b: 1, a: undefined },
      { b: 1 },
      { b: { d: null, c: [2, { f: undefined, e: 1 }] } },
      [],
      undefined,
      1,
    ];
    pinned.has("stable texts", values.map(stableText));
  });

  it("reads paths as the engine writes them", () => {
    const paths = [
      "a",
      "a.b",
      'a["b.c"].d',
      'a["b\\"c"]',
      "a[0].b",
      "a[*].b",
      "*",
      "",
      "a[ 0 ]",
      'a[ "b" ]',
      "a..b",
      "a[]",
    ];
    const targets = ["a", "a.b", "a.b.c", "b", "a.0.b"];
    const lines = paths.map((option) => {
      const heed = heedOf({ engineOptions: { ignoreChanges: [option], replaceOnChanges: [option] } });
      const about = targets.map(
        (path) =>
          `${path} ${["ignores", "spares", "replaces"].filter((what) => heed[what as "ignores"](path)).join("+") || "-"}`,
      );
      return `${shown(option)} is ${namesIn(option).join(" / ")}: ${about.join(", ")}`;
    });
    const none = [{}, { engineOptions: 1 }, { engineOptions: {} }].map((inputs) =>
      shown(targets.map(heedOf(inputs).spares)),
    );
    pinned.has("options of the engine", [...lines, ...none]);
  });

  it("translates to the wire and from it", () => {
    const table = leaves({
      plain: text({ wire: { Update: "Plain", Get: "Task.Plain" } }),
      cleared: text({ clear: "none", wire: { Update: "Cleared" } }),
      seconds: integer({
        wire: { Update: "Milliseconds", Get: "Seconds" },
        to: (value) => value * 1000,
        from: (is, { operation, terms }) =>
          is === undefined ? undefined : `${String(is)} of ${operation} ${String(terms["t"])}`,
      }),
      at: group<{ x?: string }>({ x: text({ wire: { Update: "At.X.Y", Get: "At.X" }, to: () => undefined }) }),
      ours: text({ option: true }),
    });
    const args = [{}, { plain: "a", cleared: "b", seconds: 2, at: { x: "1" }, ours: "o" }, { plain: null, seconds: 0 }];
    const sent = args.flatMap((given) => [
      `${shown(given)} goes as ${shown(carried(table, "Update", given, () => true, { t: 1 }))}`,
      `  plain alone ${shown(carried(table, "Update", given, (path) => path === "plain"))}, by Get ${shown(carried(table, "Get", given, () => true))}, by Other ${shown(carried(table, "Other", given, () => true))}`,
    ]);
    const answers = [
      {},
      { Task: { Plain: "a" }, Seconds: 3, At: { X: "x" } },
      { Task: { Plain: null }, Seconds: null },
      { Task: 1 },
    ];
    const read = answers.map(
      (answer) => `${shown(answer)} comes as ${shown(understood(table, "Get", answer, { t: 2 }))}`,
    );
    pinned.has("wire", [...sent, ...read]);
  });

  it("books starts", () => {
    const lines = [0.4, 1, 2.5, 20, 50, 2000].flatMap((perSecond) => {
      const schedule = new Schedule(perSecond);
      const books = [
        [0, 3, 20],
        [10, 2, 20],
        [5000, 22, 0],
        [5100, 1, 500],
        [4000, 1, 20],
      ] as const;
      const rows = books.map(([at, count, slack]) => {
        const starts = schedule.book(at, count, slack).map((start) => Math.round(start * 10) / 10);
        return `  ${count} from ${at}, slack ${slack}: ${starts.join(" ")}`;
      });
      schedule.hold(90_000);
      schedule.hold(80_000);
      const held = `  held until ${schedule.held}: ${schedule.book(6000, 2, 20).map(Math.round).join(" ")}`;
      return [`${perSecond} a second: ${schedule.places} within ${Math.round(schedule.window)}`, ...rows, held];
    });
    pinned.has("schedule", lines);
  });

  it("writes records that other tables can read", () => {
    const table = leaves({ a: text(), b: group<{ c?: string }>({ c: text() }) });
    const [short] = [leaves({ a: text() })];
    const line = encodeRecord(
      new Map([
        ["a", "111111"],
        ["b.c", "222222"],
        ["gone", "333333"],
      ]),
      "tok1",
    );
    const lines = [
      line,
      line.slice(0, -1),
      line.slice(0, 10),
      `${line}x`,
      `2${line.slice(1)}`,
      line.replace("tok1", "TOK"),
      "",
    ].map(
      (each) =>
        `${each}: ${shown([...decodeRecord(each, table)])}, by another table ${shown([...decodeRecord(each, short)])}`,
    );
    pinned.has("records", lines);
  });
});
