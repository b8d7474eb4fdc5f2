/* eslint-disable @typescript-eslint/only-throw-error -- a getter may throw anything */
import fc from "fast-check";

/** One kind of hostility: values that nobody should write, and somebody, or something, does. */
export interface Hostility {
  readonly name: string;
  /** What makes the value, anew each time: no case sees what another has done to it, and nobody looks into it before. */
  readonly values: fc.Arbitrary<() => unknown>;
  /** Takes seconds and megabytes: a few of them say as much as thousands. */
  readonly heavy?: true;
}

const made = (...makers: readonly (() => unknown)[]): fc.Arbitrary<() => unknown> => fc.constantFrom(...makers);
const some = (...values: readonly unknown[]) => made(...values.map((value) => () => structuredClone(value)));
const thunk = (value: unknown) => () => value;

/** An object or a list, so many levels deep, with something at the bottom. */
export function deep(levels: number, form: "object" | "list", bottom: unknown = "bottom"): unknown {
  let value = bottom;
  for (let level = 0; level < levels; level += 1) value = form === "object" ? { a: value } : [value];
  return value;
}

function cyclic(): unknown[] {
  const object: Record<string, unknown> = { name: "a" };
  object["self"] = object;
  const list: unknown[] = [1];
  list.push(list);
  const one: Record<string, unknown> = {};
  const other = { one, text: "x" };
  one["list"] = [{ other }];
  return [object, list, one];
}

class Foreign {
  readonly text = "x";
  toJSON(): string {
    return "other";
  }
}

const throwing = (message = "the getter says no") => ({
  type: "job",
  get steps(): unknown {
    throw new Error(message);
  },
});
const refusing = (trap: keyof ProxyHandler<object>) =>
  new Proxy({ type: "job" }, { [trap]: () => { throw new TypeError(`the proxy refuses ${trap}`); } }); // prettier-ignore
/** Another value at each look. */
const fickle = () => {
  let looks = 0;
  return Object.defineProperty({}, "type", { enumerable: true, get: () => `look ${(looks += 1)}` });
};
const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const sparse = (length: number) => {
  const list: unknown[] = [];
  list.length = length;
  list[0] = "first";
  return list;
};

const controls = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code));

export const hostilities: readonly Hostility[] = [
  {
    name: "wrong types",
    values: some(5, -1, 1.5, true, false, "text", "true", "5", [], {}, [[]], [{}], [null], { a: 1 }, ["a", 1], null),
  },
  {
    name: "huge texts",
    values: fc
      .tuple(
        fc.constantFrom("x", "中", "🎈", "\u0000", " ", "a.", '"', "\\", "%", "="),
        fc.integer({ min: 300, max: 60_000 }),
      )
      .map(([unit, times]) => thunk(unit.repeat(times))),
  },
  {
    name: "texts of 10 MB",
    heavy: true,
    values: made(
      () => "x".repeat(10 * 1024 * 1024),
      () => "select 1; -- 中文\n".repeat(600_000),
      () => ({ type: "job", steps: [{ name: "y".repeat(10 * 1024 * 1024) }] }),
    ),
  },
  {
    name: "very many values",
    heavy: true,
    values: made(
      () => Array.from({ length: 600_000 }, (_, index) => index),
      () => Array.from({ length: 100_000 }, () => ({})),
      () => Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`name${index}`, "x"])),
    ),
  },
  {
    name: "deep nesting",
    values: fc
      .tuple(
        fc.constantFrom("object" as const, "list" as const),
        fc.oneof(fc.integer({ min: 20, max: 300 }), fc.constantFrom(1_000, 10_000)),
      )
      .map(
        ([form, levels]) =>
          () =>
            deep(levels, form),
      ),
  },
  { name: "circles", values: fc.nat(2).map((which) => () => cyclic()[which]) },
  {
    name: "control characters",
    values: fc.oneof(
      some(...controls.map((control) => `a${control}b`)),
      some(
        "\u007f",
        "\u0085",
        "\u2028",
        "\u2029",
        "\ufeffname",
        "\u001b[31mred\u001b[0m",
        "a\r\nb",
        "\u0000".repeat(9),
      ),
      fc.string({ unit: fc.constantFrom(...controls, "a", "\u009b"), minLength: 1, maxLength: 20 }).map(thunk),
    ),
  },
  {
    name: "prototype keys",
    values: made(
      () => JSON.parse('{"__proto__": {"polluted": true}}') as unknown,
      () => JSON.parse('{"constructor": {"prototype": {"polluted": true}}}') as unknown,
      () => JSON.parse('{"prototype": {"polluted": true}, "toString": "x", "hasOwnProperty": 1}') as unknown,
      () => JSON.parse('[{"__proto__": {"polluted": true}, "valueOf": null, "toJSON": "x"}]') as unknown,
      () => Object.assign(Object.create(null) as object, { type: "job", toString: "x" }),
      () => "__proto__",
      () => "constructor",
    ),
  },
  {
    name: "getters and proxies",
    values: made(
      () => throwing(),
      () => throwing("x".repeat(1_000_000)),
      () => [throwing("a\nb")],
      () => ({ get name(): unknown { throw null; } }), // prettier-ignore
      () => ({ get name(): unknown { throw Symbol("s"); } }), // prettier-ignore
      fickle,
      () => refusing("get"),
      () => refusing("ownKeys"),
      () => refusing("getPrototypeOf"),
      () => refusing("has"),
      () => refusing("getOwnPropertyDescriptor"),
      () => new Proxy([1, 2], {}),
      () => new Proxy({ a: 1 }, { ownKeys: () => ["a", "b", "__proto__"], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) }), // prettier-ignore
      () => [refusing("get")],
      revoked,
    ),
  },
  {
    name: "half characters",
    values: fc.oneof(
      some("\ud800", "a\udc00b", "\udfff\ud800", "🎈\ud83c", "x".repeat(500) + "\ud800"),
      made(
        () => ({ type: "job", note: "\ud800" }),
        () => ({ "\udc00": "x" }),
        () => ["\udbff"],
      ),
    ),
  },
  {
    name: "numbers that JSON lacks",
    values: fc.oneof(
      some(NaN, Infinity, -Infinity, -0, 1e308, 5e-324, 1e21, 2 ** 53, -(2 ** 63), 0.1 + 0.2),
      made(
        () => ({ type: "job", n: NaN }),
        () => ({ type: "job", n: [Infinity] }),
        () => ({ type: "job", n: -0 }),
        () => [NaN],
      ),
    ),
  },
  {
    name: "values that JSON lacks",
    values: fc.oneof(
      made(
        () => 12345678901234567890n,
        () => Symbol("s"),
        () => () => "x",
        () => async () => undefined,
        () => class A {},
        () => new Date(0),
        () => new Date(NaN),
        () => new Map([["a", 1]]),
        () => new Set([1]),
        () => new WeakMap(),
        () => Buffer.from("select 1;"),
        () => new Uint8Array(8),
        () => new ArrayBuffer(8),
        () => /a/g,
        () => new Error("x"),
        () => new Foreign(),
        () => Object(5) as unknown,
        () => Object("text") as unknown,
        () => new URL("http://localhost/"),
        () => globalThis,
        () => process,
      ),
      made(
        () => ({ type: "job", n: 1n }),
        () => ({ type: "job", f: () => 1 }),
        () => ({ type: "job", d: new Date(0) }),
        () => [Symbol("s")],
        () => [undefined],
        () => ({ type: "job", list: [undefined] }),
        () => ({ toJSON: () => "x" }),
      ),
    ),
  },
  {
    name: "lists with holes",
    values: made(
      () => sparse(3),
      () => sparse(10_000),
      () => sparse(4_294_967_295),
      () => ({ type: "job", steps: sparse(3) }),
      () => Object.assign(["a"], { extra: "x" }),
    ),
  },
  {
    name: "ids beyond 2^53",
    values: fc.oneof(
      // eslint-disable-next-line no-loss-of-precision -- what somebody writes who does not know
      some(9007199254740993, 2 ** 63, 2 ** 64, -(2 ** 53) - 2, "9007199254740993", "9223372036854775807"),
      some("9223372036854775808", "18446744073709551616", "-1", "0", "1e3", "0x10", "1.0", " 1", "1 ", "１２３", "٣"),
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }).map((id) => thunk(String(id))),
    ),
  },
  {
    name: "look-alikes",
    values: some(
      ...["оds_orders", "ods\u200borders", "ods\u00a0orders", "ﬁle", "e\u0301", "\u00e9", "\u202egnp.sdo", "a\u0000"],
      ...["０ 0 2 * * ?", "0 0 2 * * ？", "Ａsia/Shanghai", "YES", "ⅷ", "K", "ſ", "İ", "ß", "true ", "‘x’", "\u3000"],
    ),
  },
  {
    name: "nothing at all",
    values: some("", " ", "\t", null, undefined, [], {}, [""], [null], [[]], [{}], { "": "" }, { a: undefined }),
  },
];
