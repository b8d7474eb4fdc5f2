import type { Definition, Found, Properties, Work } from "../../provider/core/definition";
import { CloudError, TaskError, Waiting } from "../../provider/core/errors";
import { UNKNOWN, choice, content, flag, group, leaves, list, recordOr, text } from "../../provider/core/fields";
import type { Table } from "../../provider/core/fields";
import { caution, error, warning } from "../../provider/core/findings";
import { Unfinished, checkInputs, failuresOf, hooks, plain } from "../../provider/core/lifecycle";
import { alone, changesOf, objectsAt, textAt } from "../../provider/core/outlook";
import { plainData } from "../../provider/core/plain";
import { UNSURE, decodeRecord, digest } from "../../provider/core/record";
import { before, factsOf, keyOf, outputs } from "../../provider/core/state";
import { Pinned } from "./pinned";

const shown = (value: unknown): string =>
  value === undefined
    ? "nothing"
    : (typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value))).replaceAll(
        UNKNOWN,
        "unknown",
      );

/** One field for each thing that the core does in another way. */
const fields = {
  home: text({ replace: true }),
  owner: text(),
  notes: text({ clear: "" }),
  password: text({ writeOnly: true }),
  code: content(),
  mode: choice(["normal", "paused"]),
  parts: list<string>(text(), { clear: [] }),
  when: group<{ cron?: string; zone?: string }>({ cron: text(), zone: text() }),
  publish: flag({ option: true }),
  rules: group<Record<string, string>>({ odd: text({ option: true }), kept: text({ option: true }) }),
  adopt: recordOr<string, { id: string; apply?: boolean }>(
    "id",
    { id: text({ required: true }), apply: flag() },
    {
      option: true,
      identity: true,
    },
  ),
} as unknown as Table;
const table = leaves(fields);
const KEY = "token0000000000";

describe("the hooks of the core", () => {
  const pinned = new Pinned("hooks");

  /** What the service does the next time, and what was said. */
  interface Script {
    readonly does?: (work: Work<Properties, Properties>) => void;
    readonly throws?: Error;
    readonly found?: Found<Properties> | undefined;
    readonly unfinished?: boolean;
    readonly replaces?: readonly string[];
  }
  let script: Script = {};
  const said: string[] = [];
  let levels: Record<string, string> = {};
  const act = (work: Work<Properties, Properties>): Promise<void> => {
    work.carries("Update", ["owner"]);
    script.does?.(work);
    return script.throws ? Promise.reject(script.throws) : Promise.resolve();
  };
  const kind = {
    name: "Thing",
    module: "wedata",
    version: "1",
    fields,
    rules: [
      function* ({ value }: { value: (path: string) => unknown }) {
        if (value("owner") === "odd") yield caution("owner", "odd", "is odd");
        if (value("owner") === "strange") yield warning("owner", "strange", "is strange");
        if (value("owner") === "wrong") yield error("owner", "wrong", "is wrong");
      },
    ],
    factNames: ["number", "phase"],
    replaces: () => script.replaces ?? [],
    unfinished: () => script.unfinished === true,
    create: act,
    update: act,
    read: (
      _id: string,
      facts: Properties,
      kept: Properties,
      token: string,
      as?: (found: Found<Properties>) => boolean,
    ) => {
      said.push(`reads ${shown(facts)} with ${Object.keys(kept).join()} of ${token}`);
      if (script.throws) return Promise.reject(script.throws);
      if (script.found && as) said.push(`as recorded: ${String(as(script.found))}`);
      return Promise.resolve(script.found);
    },
    delete: (id: string, facts: Properties, _kept: Properties, token: string, inform: (message: string) => void) => {
      inform(`deletes ${id} ${shown(facts)} of ${token}`);
      return script.throws ? Promise.reject(script.throws) : Promise.resolve();
    },
  } as unknown as Definition<Properties, Properties>;
  const task = hooks(kind, {
    ready: () => {
      said.push("ready");
      return Promise.resolve();
    },
    warn: (message) => void said.push(`warns ${message}`),
    inform: (message) => void said.push(`says ${message}`),
    carried: (call) => void said.push(`carries ${shown(call)}`),
    levels: () => levels as never,
  });

  const state = (outs: Properties): string => {
    const { applied, seen, ...rest } = outs;
    const told = (line: unknown) =>
      [...decodeRecord(line, table)].map(([path, value]) => `${path}${value === UNSURE ? "?" : ""}`).join();
    return `  state ${shown(rest)}, applied ${told(applied)}${seen === undefined ? "" : `, seen ${told(seen)}`}`;
  };
  /** Does something; what was said, what came of it. */
  const tell = async (title: string, work: () => Promise<unknown>): Promise<string[]> => {
    said.length = 0;
    let end: string[];
    try {
      const result = await work();
      const { outs, props, ...rest } = (result ?? {}) as { outs?: Properties; props?: Properties };
      const left = outs ?? props;
      end = [`  ${shown(rest)}`, ...(left && Object.keys(left).length > 0 ? [state(left)] : [])];
    } catch (failure) {
      const thrown = failure as Error;
      end = [`  fails ${thrown.name}: ${thrown.message}${thrown.stack === thrown.message ? "" : ", with a stack"}`];
      if (thrown instanceof Unfinished)
        end.push(`  as ${thrown.id}, for ${thrown.reasons.join()}`, state(thrown.properties));
    }
    return [title, ...said.map((each) => `  ${each}`), ...end];
  };

  const args: Properties = {
    home: "h",
    owner: "me",
    notes: "n",
    password: "p",
    code: "select 1",
    mode: "normal",
    parts: ["a"],
    when: { cron: "0", zone: "utc" },
    publish: true,
    rules: { odd: "off" },
    creationToken: KEY,
  };
  const withMore = (more: Properties): Properties => ({ ...args, ...more });
  const live = (more: Properties = {}): Found<Properties> => {
    const { publish: _publish, rules: _rules, creationToken: _token, password: _password, ...values } = withMore(more);
    return { values, facts: { number: "7", phase: "made" } };
  };
  const cloud = (errorClass: "business" | "transport" | "missing", unclear = false) =>
    new CloudError({ cloud: "wedata", operation: "Update", code: "Code", detail: "line\nbreak", errorClass, unclear });
  const made = async (more: Properties = {}): Promise<Properties> => {
    script = { does: (work) => ((work.id = "1"), (work.found = live())) };
    const { outs } = await task.create(withMore(more));
    return outs;
  };
  const endings: readonly [string, Script][] = [
    ["all is well", {}],
    ["nothing is known of it", { does: (work) => ((work.id = "1"), (work.found = undefined)) }],
    ["it is shown", { does: (work) => ((work.id = "1"), (work.found = live())) }],
    [
      "it is shown otherwise",
      {
        does: (work) => {
          work.id = "1";
          work.found = live({ owner: "you", notes: "left", parts: ["b"], when: { cron: "0" }, mode: "paused" });
        },
      },
    ],
    [
      "a part can't be read",
      {
        does: (work) => {
          work.id = "1";
          work.found = {
            ...live({ owner: "you" }),
            unreadable: (path) => path === "owner",
            unread: (path) => path === "notes",
          };
        },
      },
    ],
    [
      "only recorded",
      { does: (work) => ((work.id = "1"), (work.recordOnly = true), (work.found = live({ owner: "you" }))) },
    ],
    ["only recorded, as it is", { does: (work) => ((work.id = "1"), (work.recordOnly = true), (work.found = live())) }],
    [
      "sent in another form, and as before",
      {
        does: (work) => {
          work.id = "1";
          work.sent = { ...work.args, owner: "you" };
          work.prior = live({ notes: "left" });
          work.found = live({ owner: "you", notes: "left" });
        },
      },
    ],
  ];
  const failures: readonly [string, Error | undefined][] = [
    ["", undefined],
    [", then refused", cloud("business")],
    [", then nobody knows", cloud("transport", true)],
    [", then it waits", new Waiting("waits for an approval [waits]")],
    [", then an error", new TaskError("no\nnever")],
  ];

  it("say what came of a creation", async () => {
    const lines: string[] = [];
    for (const [what, does] of endings)
      for (const [how, throws] of failures) {
        script = { ...does, ...(throws && { throws }) };
        lines.push(...(await tell(`${what}${how}`, () => task.create({ ...args, __provider: "code" }))));
      }
    levels = { waits: "error" };
    script = { ...endings[2]?.[1], throws: new Waiting("waits for an approval [waits]") };
    lines.push(...(await tell("waiting is an error", () => task.create(args))));
    levels = { waits: "off" };
    lines.push(...(await tell("waiting is not said", () => task.create(args))));
    levels = {};
    pinned.has("creations", lines);
  });

  it("say what came of an update", async () => {
    const olds = await made();
    const news = withMore({
      owner: "you",
      notes: undefined,
      parts: undefined,
      password: "q",
      publish: false,
      mode: "paused",
    });
    const lines: string[] = [];
    for (const [what, does] of endings)
      for (const [how, throws] of failures) {
        script = { ...does, ...(throws && { throws }) };
        lines.push(...(await tell(`${what}${how}`, () => task.update("1", olds, news))));
      }
    script = { throws: cloud("business") };
    for (const more of [{ adopted: true }, { differs: true }, { number: "8" }])
      lines.push(...(await tell(`fails on ${shown(more)}`, () => task.update("1", { ...olds, ...more }, news))));
    script = {
      does: (work) => (work.found = live({ owner: "you", mode: "paused", when: { cron: "1", zone: "utc" } })),
    };
    for (const ignoreChanges of [["when"], ["when.cron"], ["owner", "mode"], ["*"]]) {
      const options = { ...news, engineOptions: { ignoreChanges } };
      lines.push(...(await tell(`ignores ${ignoreChanges.join()}`, () => task.update("1", olds, options))));
    }
    pinned.has("updates", lines);
  });

  it("let the work see what is to be sent, and what a read shows of it", async () => {
    const olds = await made();
    const lines: string[] = [];
    const cases: Properties[] = [
      {},
      { owner: "you" },
      { when: { cron: "1", zone: "utc" } },
      { notes: undefined, when: undefined },
      { owner: "you", engineOptions: { ignoreChanges: ["owner"] } },
      { owner: "you", adopt: "9", engineOptions: { ignoreChanges: ["owner", "mode"] } },
    ];
    for (const more of cases)
      for (const isNew of [false, true]) {
        script = {
          does: (work) => {
            work.id ??= "1";
            const seen = live({ owner: "them", when: { cron: "1" }, mode: "paused" });
            said.push(
              `args ${Object.keys(work.args).join()}, facts ${shown(work.facts)}, token ${work.token}`,
              `changes ${work.changes.map(({ path, kind: how }) => `${path} ${how}`).join()}`,
              `changed ${["owner", "when", "when.cron", "wh", "mode", "notes"].filter((path) => work.changed(path)).join()}, both ${String(work.changed("home", "owner"))}, none ${String(work.changed())}`,
              `differences ${work.differences(seen).join()}, from others ${work.differences(seen, { owner: "them", mode: "normal" }).join()}`,
              `stale ${work.stale(seen).join()}, disturbed ${work.disturbed(seen).join()}`,
            );
            work.warn("is odd [odd]");
            work.warn("has no code");
            work.warn("is strange [strange]");
            work.inform("goes on");
          },
        };
        const title = `${isNew ? "creates" : "updates"} with ${shown(more)}`;
        lines.push(
          ...(await tell(title, () => (isNew ? task.create(withMore(more)) : task.update("1", olds, withMore(more))))),
        );
      }
    pinned.has("work", lines);
  });

  it("compare", async () => {
    const olds = await made();
    const cases: [Properties, Properties?, Script?][] = [
      [{}],
      [{ owner: "you" }],
      [{ owner: "you" }, { adopted: true }],
      [{ owner: "you" }, { differs: true }],
      [{}, { adopted: true }],
      [{ home: "other" }],
      [{ home: undefined }],
      [{ home: "other", owner: undefined }],
      [{ owner: undefined, notes: undefined, parts: undefined, publish: undefined, when: undefined }],
      [{ owner: undefined, rules: { kept: "off" } }],
      [{}, {}, { unfinished: true }],
      [{}, {}, { replaces: ["mode", "mode"] }],
      [{ owner: "you", mode: "paused" }, {}, { replaces: ["owner"] }],
      [{ owner: "you", engineOptions: { replaceOnChanges: ["owner"] } }],
      [{ owner: "you", engineOptions: { ignoreChanges: ["owner"] } }],
      [{ owner: UNKNOWN, when: { cron: UNKNOWN, zone: "utc" } }],
    ];
    const lines: string[] = [];
    for (const [more, outs = {}, how = {}] of cases) {
      script = how;
      const news = withMore(more);
      const title = `${shown(more)}${Object.keys(outs).length > 0 ? ` on ${shown(outs)}` : ""}${Object.keys(how).length > 0 ? ` ${shown(how)}` : ""}`;
      lines.push(...(await tell(title, () => task.diff("1", { ...olds, ...outs }, news))));
      const { changes, replaces, resumes } = task.compare("1", { ...olds, ...outs }, news);
      lines.push(`  ${changes.map(({ path }) => path).join()}; ${replaces.join()}; ${String(resumes)}`);
    }
    levels = { "kept-value": "error" };
    lines.push(
      ...(await tell("what stays behind is an error", () => task.diff("1", olds, withMore({ owner: undefined })))),
    );
    levels = { "kept-value": "off" };
    lines.push(
      ...(await tell("what stays behind is not said", () => task.diff("1", olds, withMore({ owner: undefined })))),
    );
    levels = {};
    lines.push(...(await tell("of a newer state", () => task.diff("1", { applied: 7 }, args))));
    pinned.has("differences", lines);
  });

  it("refresh", async () => {
    const olds = await made({ engineOptions: { ignoreChanges: ["mode"] } });
    const cases: [string, Script, Properties?][] = [
      ["gone", { found: undefined }],
      ["as it was", { found: live() }],
      ["moved", { found: { ...live({ owner: "you" }), editor: "them" } }],
      ["moved in a draft", { found: { ...live({ owner: "you" }), mayBeDraft: true } }],
      ["moved in a draft of ours", { found: { ...live({ owner: "you" }), mayBeDraft: true } }, { publish: false }],
      ["adopted", { found: live() }, { adopted: true }],
      ["different since", { found: live() }, { differs: true }],
      ["not read", { found: { ...live({ owner: "you" }), unread: (path) => path === "owner" } }],
      ["with other facts", { found: { ...live(), facts: { number: "8" } } }],
      ["with a fact that is gone", { found: { ...live(), facts: { phase: "" } } }],
      ["refused", { throws: cloud("missing") }],
    ];
    const lines: string[] = [];
    for (const [title, how, more = {}] of cases) {
      script = how;
      lines.push(...(await tell(title, () => task.read("1", { ...olds, ...more }))));
      lines.push(...(await tell(`${title}, looked at`, () => task.look("1", { ...olds, ...more }, true))));
    }
    script = {};
    lines.push(...(await tell("deleted", () => task.delete("1", olds))));
    script = { throws: new TaskError("no\nnever") };
    lines.push(...(await tell("not deleted", () => task.delete("1", olds))));
    pinned.has("refreshes", lines);
  });

  it("check", async () => {
    const many = Object.fromEntries(Array.from({ length: 19 }, (_, index) => [`x${index}`, 1]));
    const cases: [Properties, unknown?][] = [
      [args],
      [args, {}],
      [args, { creationToken: "token1111111111", owner: "me" }],
      [args, { creationToken: 7 }],
      [args, null],
      [args, undefined],
      [{ owner: "odd" }],
      [{ owner: "odd", rules: { odd: "off" } }],
      [{ owner: "odd", rules: { odd: "error" } }],
      [{ owner: "strange" }],
      [{ owner: "wrong" }],
      [{ owner: 7, parts: Array.from({ length: 60 }, () => 7) }],
      [{ ...many, engineOptions: { ignoreChanges: [] }, __provider: "code" }],
    ];
    const lines: string[] = [];
    for (const [news, olds] of cases) {
      said.length = 0;
      const { inputs, failures: refused } = await task.check(olds as Properties, news);
      lines.push(
        `${shown(news).slice(0, 200)} after ${shown(olds)}`,
        `  is ${inputs === news ? "as it is" : shown(inputs)}, ${said.join()}`,
        ...refused.map(({ property, reason }) => `  ${property} ${reason}`),
      );
    }
    const proxy = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("no keys");
        },
      },
    );
    const { inputs, findings } = checkInputs(kind, proxy as Properties, { odd: "error" });
    lines.push(`a proxy: ${shown(inputs)} ${shown(findings)}`);
    for (const count of [49, 50, 51, 60]) {
      const all = failuresOf(Array.from({ length: count }, (_, index) => error(`p${index}`, "odd", "is odd")));
      lines.push(`${count} faults: ${all.length}, the last ${shown(all.at(-1))}`);
    }
    lines.push(shown(failuresOf([warning("a", "b", "c"), error("d", "e", "f")])));
    const broken = new Error("a\nb");
    lines.push(`${String(plain("text"))} ${(plain(broken) as Error).message} ${broken.stack ?? ""}`);
    pinned.has("checks", lines);
  });

  it("know what changes, offers and needs there are", () => {
    const pairs: [Properties, Properties][] = [
      [{}, {}],
      [{ owner: "a" }, { owner: "a" }],
      [{ owner: "a" }, { owner: "b" }],
      [{ owner: "a" }, {}],
      [{}, { owner: "a", when: { cron: "0" } }],
      [{ when: { cron: "0", zone: "z" } }, { when: { cron: UNKNOWN, zone: "z" } }],
      [{ owner: UNKNOWN }, { owner: UNKNOWN }],
      [{ parts: ["a", "b"] }, { parts: ["b", "a"] }],
    ];
    const lines = pairs.map(
      ([was, is]) =>
        `${shown(was)} → ${shown(is)}: ${changesOf(kind, was, is)
          .map(({ path, kind: how }) => `${path} ${how}`)
          .join()}`,
    );
    for (const value of [undefined, null, "a", "", 7, UNKNOWN, [], [{ a: 1 }, null, "x", {}, []], { b: 1 }])
      lines.push(
        `${shown(value)}: text ${shown(textAt({ x: value }, "x"))}, objects ${shown(objectsAt({ x: value }, "x"))}`,
      );
    lines.push(shown([alone("Update"), alone("Update", ["a"])]));
    pinned.has("outlook", lines);
  });

  it("keep little in the state", () => {
    const record = (paths: readonly string[]) => new Map(paths.map((path) => [path, digest("text", path, KEY)]));
    const lines = [
      outputs({}, {}, { applied: new Map(), kept: new Set() }, ""),
      outputs({ number: "", phase: undefined } as never, args, { applied: record(["owner"]), kept: new Set() }, KEY),
      outputs(
        { number: "7" } as never,
        { ...args, engineOptions: { a: 1 } },
        {
          applied: record(["owner", "when.cron"]),
          seen: record(["owner"]),
          kept: new Set(["when.cron", "password", "gone", "when.none"]),
          adopted: true,
          differs: true,
        },
        KEY,
      ),
      outputs({}, args, { applied: record([]), seen: record([]), kept: new Set(["parts"]), adopted: false }, KEY),
    ];
    const states: Properties[] = [
      ...lines,
      {},
      { creationToken: "t", applied: "1other." },
      { creationToken: 7, applied: "1other." },
      { applied: 7, number: 0, phase: null },
    ];
    pinned.has("states", [
      ...lines.map(shown),
      ...states.map((each) => {
        const { applied, seen } = before(table, each);
        return `key ${keyOf(each) || "none"}, facts ${shown(factsOf<object>({ factNames: ["number", "phase"] as never }, undefined, each))}, applied ${[...applied.keys()].join()}, seen ${[...seen.keys()].join()}`;
      }),
    ]);
  });

  it("take plain data alone", () => {
    class Own {
      own = 1;
    }
    const circle: Properties = { a: {} };
    (circle["a"] as Properties)["b"] = circle;
    const shared = { x: 1 };
    let deep: unknown = "end";
    for (let level = 0; level < 105; level++) deep = level % 2 ? [deep] : { d: deep };
    const getter = Object.defineProperty({}, "g", {
      enumerable: true,
      get: () => {
        throw new Error("no");
      },
    });
    const odd: unknown = {
      toString: () => {
        throw new Error("x");
      },
    };
    const throwing = Object.defineProperty({}, "g", {
      enumerable: true,
      get: () => {
        throw odd as Error;
      },
    });
    const sparse: unknown[] = [];
    sparse[2] = 1;
    const values: [string, unknown][] = [
      ...([undefined, null, "a", "", 0, -0, 1.5, NaN, Infinity, true, 10n, Symbol("s"), () => 1] as unknown[]).map(
        (value): [string, unknown] => [Object.is(value, -0) ? "-0" : String(value), value],
      ),
      ["a date", new Date(0)],
      ["an object of a class", new Own()],
      ["an object without a prototype", Object.assign(Object.create(null) as object, { a: 1 })],
      ["a map", new Map([["a", 1]])],
      ["a nameless class", new (class {})()],
      ["a class whose name is no text", Object.create({ constructor: { name: 7 }, __proto__: { a: 1 } })],
      ["a circle", circle],
      ["one thing twice", { a: shared, b: [shared] }],
      ["something deep", deep],
      ["a getter that throws", getter],
      ["a getter that throws something odd", throwing],
      ["a list with holes", sparse],
      ["half a character", { "a\ud800": 1, b: "x\udc00y", c: ["\ud83d\ude00"] }],
      ["keys of all kinds", { "": 1, "a b": { "c.d": () => 1 }, x: undefined, ["__proto__"]: { y: 1 } }],
      ["many faults", Array.from({ length: 30 }, () => () => 1)],
      ["reserved", { reserved: 1, deep: { reserved: 1, other: 1 } }],
      ["opaque", { a: new Own(), b: { opaque: true }, c: [{ opaque: "throws" }] }],
    ];
    const carriage = {
      isOpaque: (value: object) => {
        const { opaque } = value as { opaque?: unknown };
        if (opaque === "throws") throw new Error("no");
        return opaque === true;
      },
      reserved: new Set(["reserved"]),
      described: (value: object) => (value instanceof Own ? "a thing of ours" : undefined),
    };
    const lines = values.flatMap(([title, value]) =>
      [plainData(value), plainData({ at: value }, "top", carriage)].flatMap(({ value: is, findings }, index) => [
        `${title}${index > 0 ? ", carried" : ""}: ${shown(is).slice(0, 300)}${Object.is(is, -0) ? " negative" : ""}`,
        ...findings.map(({ property, code, reason }) => `  ${property.slice(0, 60)} ${reason} [${code}]`),
      ]),
    );
    const big = plainData({ list: new Array<number>(500_001).fill(1), more: 1 });
    const many = plainData({ a: new Array<number>(300_000).fill(1), b: new Array<number>(300_000).fill(1), c: 1 });
    const bad = plainData(new Array(40).fill(Number.NaN));
    const some = plainData({ wrong: new Array(40).fill(Number.NaN), right: "x" });
    for (const { value, findings } of [big, many, bad, some])
      lines.push(
        `${Object.entries(value as Properties)
          .map(([key, list]) => `${key} ${Array.isArray(list) ? list.length : shown(list)}`)
          .join()}: ${findings.map(({ property, code, reason }) => `${property} ${reason} [${code}]`).join("; ")}`,
      );
    pinned.has("plain data", lines);
  });
});
