import type { Definition, Properties } from "../../provider/core/definition";
import { CloudError } from "../../provider/core/errors";
import { ASSET_SIGNATURE, ASSET_VALUE, UNKNOWN } from "../../provider/core/fields";
import { type TaskHooks, Unfinished } from "../../provider/core/lifecycle";
import { encodeRecord } from "../../provider/core/record";
import { checkSet, setInFormerSpelling, taskPath, withDefaults } from "../../provider/core/set/check";
import { circleIn, inOrder, ordered, places, reversed } from "../../provider/core/set/order";
import { argumentsOf, identityOf, isEmptyPlan, planOf, tokenOf } from "../../provider/core/set/plan";
import { factByKey, setOutputs, shortName, statesOf, taskState } from "../../provider/core/set/record";
import type { TaskState } from "../../provider/core/set/record";
import { namedSiblings, siblingsIn, upstreamsOf, withNames, withSiblings } from "../../provider/core/set/siblings";
import type { Naming } from "../../provider/core/set/siblings";
import { failureOf, named, planSentence, teller } from "../../provider/core/set/telling";
import { carryOut, takeAway } from "../../provider/core/set/work";
import { definition as dataworksTask } from "../../provider/resources/dataworks-task/resource";
import { definition as wedataTask } from "../../provider/resources/wedata-task/resource";
import { Pinned } from "./pinned";

const known = { dataworks: dataworksTask as unknown as Definition<never, never>, wedata: wedataTask as never };
const definitions = Object.entries(known as Record<string, Definition<never, never>>);
const naming = known.dataworks.upstreams as Naming;
const shown = (value: unknown): string =>
  value === undefined
    ? "nothing"
    : JSON.stringify(value instanceof Map ? Object.fromEntries(value) : value)
        .replaceAll(UNKNOWN, "unknown")
        .replaceAll(`"${ASSET_SIGNATURE}":"${ASSET_VALUE}"`, "asset");
const graph = (text: string) =>
  new Map(
    text
      .split(";")
      .map((part) => part.split(":"))
      .map(([key = "", all = ""]) => [key, all.split(",").filter(Boolean)]),
  );
const waits = (...upstreams: unknown[]): Properties => ({
  dependencies: upstreams.map((upstream) => ({ type: "Normal", upstream })),
});
/** Reasons come from many rules: their first words are enough here. */
const briefly = (findings: readonly { property: string; code: string; reason: string }[]) =>
  findings.map(({ property, code, reason }) => `  ${property} ${reason.slice(0, 400)} [${code}]`);

describe("the core of sets", () => {
  const pinned = new Pinned("sets");

  it("puts keys in order", async () => {
    const graphs = [
      "a",
      "a:b;b:c;c",
      "c;b:c;a:b",
      "a:a",
      "a:b;b:a",
      "a:x",
      "a:b,c;b:d;c:d;d",
      "a:b;b:c;c:a;d:a",
      "d:b;a;b:c;c:b",
      "a;b:a,a;c:b,a",
      "x:y;y:z;z:y,w;w:x",
    ];
    const lines: string[] = [];
    for (const text of graphs) {
      const upstreams = graph(text);
      const { keys, upstreams: kept } = ordered(upstreams.keys(), upstreams);
      const some = ordered(["b", "a"], upstreams).keys;
      const steps: string[] = [];
      let [free, most] = [0, 0];
      const place = places(2);
      await inOrder([...upstreams.keys()], {
        upstreams,
        place: async () => {
          const leave = await place();
          most = Math.max(most, (free += 1));
          return () => {
            free -= 1;
            leave();
          };
        },
        work: async (key) => {
          steps.push(`+${key}`);
          await new Promise((resolve) => setImmediate(resolve));
          steps.push(`-${key}`);
        },
      });
      lines.push(
        `${text}: ${keys.join(" ")}, kept ${shown(kept)}, of a and b ${some.join(" ")}`,
        `  circle ${circleIn(upstreams)?.join(" → ") ?? "none"}, reversed ${shown(reversed(upstreams))}`,
        `  at most ${most} at once: ${steps.join(" ")}`,
      );
    }
    pinned.has("order", lines);
  });

  it("goes on when a task fails, and gives its place back", async () => {
    const steps: string[] = [];
    const place = places(1);
    const run = inOrder(["a", "b"], {
      upstreams: new Map(),
      place,
      work: (key) => {
        steps.push(key);
        return key === "a" ? Promise.reject(new Error("no")) : Promise.resolve();
      },
    });
    steps.push(await run.then(() => "well", String));
    (await place())();
    pinned.has("a failing step", steps);
  });

  it("finds the upstreams that tasks name", () => {
    const edges: unknown[] = ["tasks.b", "tasks.", "tasks.b c", "Tasks.b", "p/node/1", 7, null, UNKNOWN];
    const lists: Properties[] = [
      {},
      { dependencies: "x" },
      { dependencies: [] },
      { dependencies: [null, "x", { type: "Normal" }] },
      ...edges.map((edge) => waits(edge)),
      waits("tasks.c", "p/node/1", "tasks.b", "tasks.b"),
      waits("tasks.c", UNKNOWN, "tasks.b"),
    ];
    const lines = lists.map((args) => {
      const one = siblingsIn(args, naming).map(({ key, property }) => `${property} names ${JSON.stringify(key)}`);
      const two = withSiblings(args, naming, (key) => `<${key}>`);
      const three = withNames(args, naming, (upstream) => (upstream === "p/node/1" ? "known" : undefined));
      return `${shown(args)}: ${one.join(", ") || "none"}; ${two === args ? "as it is" : shown(two)}; ${three === args ? "as it is" : shown(three)}`;
    });
    const tasks = {
      a: { ...waits("tasks.b", "tasks.a", "tasks.none"), outputs: { taskOutputs: ["p.a", 7, "p.same"] } },
      b: {
        dependencies: [
          { type: "Normal", upstreamOutput: "p.a" },
          { type: "Normal", upstreamOutput: 7 },
        ],
      },
      c: {
        dependencies: [
          { upstreamOutput: "p.same" },
          { upstream: "tasks.a" },
          { upstreamOutput: "p.gone" },
          { upstreamOutput: "p.c" },
          null,
        ],
        outputs: { taskOutputs: ["p.c", "p.same"] },
      },
      d: { dependencies: [{ parentTask: "tasks.a" }, { parentTask: "tasks.d" }] },
    };
    for (const [name, { upstreams }] of definitions)
      lines.push(
        `${name}: waits ${shown(upstreamsOf(tasks, upstreams))}, by key ${shown(namedSiblings(tasks, upstreams as Naming))}`,
      );
    lines.push(`without names: ${shown(upstreamsOf(tasks, undefined))}`);
    pinned.has("siblings", lines);
  });

  it("checks what stands beside the tasks, and each task at its place", () => {
    const tasks = { a: { name: "a" } };
    const sets: Properties[] = [
      {},
      { tasks: UNKNOWN },
      { tasks: [], defaults: 1 },
      { tasks: null, defaults: UNKNOWN },
      { tasks, taks: 1, owner: "1", label: undefined },
      { tasks, defaults: "x" },
      { tasks, release: "a" },
      { tasks, release: ["a", 1] },
      { tasks, release: UNKNOWN },
      { tasks, release: ["a"], identities: { a: "x" }, label: "l", creationToken: "t", engineOptions: {} },
      { tasks: { "": {}, ["x".repeat(128)]: null, ["y".repeat(129)]: {}, b: undefined, c: UNKNOWN, d: "x", e: [] } },
      {
        tasks: { a: { name: 7 }, "b c": { name: "b", onwer: "x" }, "9": {}, é: { name: "e" } },
        defaults: { timeout: "x" },
      },
      { tasks: { a: { script: { content: "x" } }, b: { script: null } }, defaults: { script: { command: 7 } } },
      { tasks: { a: waits("tasks.b"), b: waits("tasks.a"), c: waits("tasks.aa", "tasks.c") } },
      { tasks: { a: { ...waits("tasks.b", "tasks.zz"), name: "a" }, b: { name: "b" }, "": waits("tasks.a") } },
    ];
    const lines = definitions.flatMap(([name, definition]) =>
      sets.flatMap((given) => {
        const { inputs, findings } = checkSet(definition, given, {}, new Date(0));
        return [`${name} ${shown(given).slice(0, 300)}`, `  is ${shown(inputs).slice(0, 600)}`, ...briefly(findings)];
      }),
    );
    pinned.has("check", lines);
    pinned.has(
      "paths",
      ["a", "_a", "9", "a b", "a.b", "é1", "日本", "a-b", "-a", ""].map((key) => `${key}: ${taskPath(key)}`),
    );
  });

  it("fills in defaults member by member", () => {
    const { fields } = known.dataworks as unknown as { fields: never };
    const pairs: [Properties, Properties][] = [
      [{}, {}],
      [{ owner: "1" }, { owner: "2" }],
      [{ owner: "1" }, { owner: null, description: undefined }],
      [{ script: { command: "A", content: "x" } }, { script: { content: "y" } }],
      [{ script: { command: "A" } }, { script: "no" }],
      [{ script: "no" }, { script: { command: "A" } }],
      [{ tags: { a: "1", b: "2" } }, { tags: { b: "3" } }],
      [{ tags: { a: "1" } }, { tags: { a: null } }],
      [{ dependencies: [{ type: "Normal" }] }, { dependencies: [] }],
      [{ other: { a: 1 } }, { other: { b: 1 } }],
      [{ trigger: { cron: "0" } }, { trigger: { type: undefined, cron: "1" } }],
    ];
    pinned.has(
      "defaults",
      pairs.map(
        ([defaults, own]) => `${shown(defaults)} under ${shown(own)}: ${shown(withDefaults(fields, defaults, own))}`,
      ),
    );
    const inputs = {
      tasks: { a: { trigger: { cron: "00 00 01 * * ?" } }, b: { owner: "1" }, toString: { owner: "1" } },
    };
    const olds = [{}, { tasks: 1 }, { tasks: { a: 1 } }, { tasks: { a: { trigger: { cron: "0 0 1 * * ?" } } } }];
    pinned.has(
      "former spelling",
      olds.map((each) => `${shown(each)}: ${shown(setInFormerSpelling(fields, inputs, each))}`),
    );
  });

  it("writes a line for each task and reads it again", () => {
    const { factNames } = known.dataworks;
    const applied = encodeRecord(new Map([["owner", "111111"]]), "tok1");
    const outs: Properties[] = [
      {},
      { applied },
      { applied, seen: "s", adopted: true, differs: true },
      { applied, adopted: false, differs: false },
      Object.fromEntries(factNames.map((name, index) => [name, index % 2 ? `p ${index}%\n` : `=${index}`])),
      Object.fromEntries(
        factNames.map((name, index) => [name, ["1", "-", "/1", "", true, 7, { a: "b c" }][index % 7]]),
      ),
      { applied, taskId: "22", nodeId: "33", owner: "kept", description: { a: 1 }, other: 1 },
    ];
    const states = new Map<string, TaskState>(
      outs.map((each, index) => [
        `${String.fromCharCode(122 - index)}${index}`,
        {
          id: index === 0 ? undefined : index === 1 ? "-x y" : "1/22/33",
          outs: each,
          after: index > 3 ? ["abcd", "efgh"] : [],
          identity: index > 2 ? "identity" : undefined,
        },
      ]),
    );
    const written = setOutputs(known.dataworks, states);
    const records = written["records"] as Record<string, string>;
    const back = statesOf(known.dataworks, written);
    const strange: Properties[] = [
      {},
      { records: {} },
      { records: { a: 7, b: "", d: "1", e: "1 -", f: "1 1/2 - - - abc", g: "x" } },
      { records: { a: "1 1/2 t" }, tasks: { a: { owner: "k" }, b: { owner: "l" } } },
      { records: { toString: "1 1/2 t" }, tasks: {} },
      { records: { a: "1 1/2 =7 =8 =9 =10 =11" } },
    ];
    pinned.has("records", [
      ...Object.entries(records).map(([key, line]) => `${key} ${line}`),
      `tasks ${shown(written["tasks"])}`,
      ...[...back].map(([key, state]) => `${key} ${shown(state)}`),
      ...["id", "taskId", "phase", "applied", "none"].map(
        (name) => `${name} of all: ${shown(factByKey(known.dataworks, written, name))}`,
      ),
      ...strange.map((each) => `${shown(each)}: ${shown(statesOf(known.dataworks, each))}`),
      shown(taskState("1", { a: 1, engineOptions: 1, __provider: 1 }, { after: ["x"], identity: "i" })),
      shortName("a"),
    ]);
    let refused = "";
    try {
      statesOf(known.dataworks, { records: { a: "2 1/2 t" } });
    } catch (error) {
      refused = String(error);
    }
    pinned.has("a newer record", [refused]);
  });

  describe("plans", () => {
    const token = "stack0123456789abc";
    const state = (id: string | undefined, more: Partial<TaskState> = {}): TaskState => ({
      id,
      outs: { applied: encodeRecord(new Map(), `own${(id ?? "").replaceAll("/", "")}`) },
      after: [],
      ...more,
    });
    /** Says what the arguments of a task ask for: a change of what `owner` names, or a new task for it. */
    const compare: Pick<TaskHooks, "compare"> = {
      compare: (_id, _outs, args) => {
        const [what, ...paths] = String(args["owner"] ?? "same").split(" ");
        if (what === "refused") throw new Error("this can't be");
        return {
          changes: what === "same" || what === "resume" ? [] : (paths.map((path) => ({ path })) as never),
          replaces: what === "replace" ? paths : [],
          resumes: what === "resume",
        };
      },
    };
    const told = (news: Properties, states: ReadonlyMap<string, TaskState>, definition = known.dataworks): string[] => {
      try {
        const plan = planOf(definition, compare, states, { creationToken: token, label: "l", ...news });
        return [
          ...[...plan.steps].map(
            ([key, { kind, from, state: was, args, paths, replaces }]) =>
              `  ${key}: ${kind}${from === undefined ? "" : ` from ${from}`}${was ? ` of ${was.id ?? "an attempt"}` : ""} ${shown(args)}, paths ${paths.join()}, replaces ${replaces.join()}`,
          ),
          `  leaving ${[...plan.leaving.keys()].join()}, upstreams ${shown(plan.upstreams)}, waits ${shown(plan.waits)}, ${isEmptyPlan(plan) ? "empty" : planSentence(plan)}`,
        ];
      } catch (error) {
        return [
          `  fails ${String(error)} ${error instanceof Error && error.stack === error.message ? "" : "with a stack"}`,
        ];
      }
    };
    const named = (name: string, more: Properties = {}): Properties => ({ projectId: "1", name, ...more });

    it("compare each task with its state", () => {
      const four = new Map(["a", "b", "c", "d"].map((key) => [key, state(`1/node/${key}`)]));
      const rewired = new Map([
        ["a", state("1/node/a")],
        ["b", state("1/node/b", { after: [shortName("a"), shortName("c")] })],
        ["c", state("1/node/c")],
      ]);
      const cases: [string, Properties, ReadonlyMap<string, TaskState>][] = [
        ["nothing", {}, new Map()],
        ["new", { tasks: { a: named("a", waits("tasks.b")), b: named("b") } }, new Map()],
        [
          "all kinds",
          {
            tasks: {
              a: named("a", { owner: "update description", ...waits("tasks.b", "tasks.c") }),
              b: named("b", { owner: "replace script.command projectId" }),
              c: named("c", { owner: "resume" }),
              d: named("d", waits("tasks.a")),
              e: named("e", waits("tasks.b", "tasks.d", "tasks.c")),
            },
          },
          four,
        ],
        ["refused", { tasks: { "a b": named("a", { owner: "refused" }) } }, new Map([["a b", state("1/node/a")]])],
        ["gone", { tasks: { a: named("a") } }, four],
        [
          "attempts",
          { tasks: { a: named("a"), b: named("b") } },
          new Map([
            ["a", state(undefined)],
            ["x", state(undefined)],
          ]),
        ],
        [
          "rewired",
          {
            tasks: {
              a: named("a", { owner: "replace name" }),
              b: named("b", { owner: "update dependencies", ...waits("tasks.c") }),
              c: named("c", { owner: "update owner" }),
            },
          },
          rewired,
        ],
        [
          "replaced with others",
          {
            tasks: {
              a: named("a", { owner: "replace name" }),
              b: named("b", { owner: "update owner" }),
              c: named("c", { owner: "replace name", ...waits("tasks.a") }),
            },
          },
          rewired,
        ],
        [
          "options of the engine",
          {
            tasks: { a: named("a"), "b c": named("b") },
            engineOptions: {
              ignoreChanges: ["tasks.a.trigger.cron", 'tasks["b c"]', "*.a.tags[0]", "owner", "tasks"],
              replaceOnChanges: ["tasks[*].dependencies[*].type", "tasks.z.name"],
            },
          },
          new Map(),
        ],
        ["no options", { tasks: { a: named("a") }, engineOptions: { ignoreChanges: ["tasks.z"] } }, new Map()],
        ["options that are none", { tasks: { a: named("a") }, engineOptions: 7 }, new Map()],
      ];
      const lines = cases.flatMap(([title, news, states]) => [title, ...told(news, states)]);
      const wedata = { tasks: { a: { dependencies: [{ parentTask: "tasks.b" }] }, b: {} } };
      lines.push("of another cloud", ...told(wedata, new Map([["b", state("9/77/5")]]), known.wedata));
      const bare = { ...known.dataworks };
      delete (bare as { upstreams?: unknown }).upstreams;
      lines.push("without names of upstreams", ...told({ tasks: { a: waits("tasks.b"), b: {} } }, four, bare));
      pinned.has("plans", lines);
    });

    it("know a task again under another key", () => {
      const news = { creationToken: token, tasks: { n: named("a") } };
      const own = identityOf(known.dataworks, news, "n");
      const states = new Map([
        ["old", state("1/node/a", { identity: own })],
        ["other", state("1/node/b", { identity: "else" })],
        ["none", state("1/node/c")],
      ]);
      const cases: Properties[] = [
        { tasks: { n: named("a"), m: named("a") } },
        { tasks: { n: named("a"), old: named("x") } },
        { tasks: { old: named("a"), n: named("a") } },
        { tasks: { n: named("b") } },
        { tasks: { n: { projectId: "1" } } },
        { tasks: { n: named(UNKNOWN) } },
        { tasks: { n: named("renamed") }, identities: { n: "x" } },
      ];
      const lines = cases.flatMap((each) => [shown(each), ...told(each, states)]);
      const both = new Map([...states, ["n", state("1/node/n", { identity: "another" })]]);
      lines.push("the key has a task already", ...told({ tasks: { n: named("a") } }, both));
      const identities = [
        { tasks: { n: named("a") } },
        { tasks: { n: { adopt: "1" } } },
        { tasks: { n: { adopt: UNKNOWN } } },
        { tasks: { n: { path: "a" } } },
        { tasks: { n: named("a", { path: "p" }) } },
        { tasks: { n: {} }, identities: { n: "x" } },
        { tasks: { n: named("a") }, identities: { n: 7 } },
        { tasks: { n: named("a") }, identities: 7 },
      ].map(
        (each) =>
          `${shown(each)}: ${identityOf(known.dataworks, { ...each, creationToken: token }, "n") ?? "none"}, ${identityOf(known.dataworks, { ...each, creationToken: "t" }, "n") ?? "none"}, without ${identityOf({}, each, "n") ?? "none"}`,
      );
      const tokens = [undefined, state("1/node/a"), state(undefined)].map((each) =>
        tokenOf(each, { creationToken: token }, "n"),
      );
      const args = argumentsOf(known.dataworks, { tasks: { n: waits("tasks.b", "x") } }, "n", "t", (key) => `<${key}>`);
      pinned.has("renamings", [...lines, ...identities, tokens.join(" "), shown(args)]);
    });

    /** The task's hooks as a script: which ones fail, and how; what was asked. */
    const scripted = (asked: string[], fails: Readonly<Record<string, unknown>>) => (key: string) => {
      const done = (what: string, result: unknown) => {
        asked.push(what);
        const failure = fails[`${what.split(" ")[0] ?? ""} ${key}`];
        return failure instanceof Error ? Promise.reject(failure) : Promise.resolve(result);
      };
      return {
        create: (inputs: Properties) =>
          done(`create ${key} ${shown(inputs)}`, { id: `1/node/new-${key}`, outs: { applied: `made ${key}` } }),
        update: (id: string, _outs: Properties, inputs: Properties) =>
          done(`update ${key} ${id} ${shown(inputs)}`, { outs: { applied: `updated ${key}` } }),
        delete: (id: string, outs: Properties) => done(`delete ${key} ${id} ${shown(outs)}`, undefined),
      } as unknown as TaskHooks;
    };
    const refusedKeys = new CloudError({
      cloud: "dataworks",
      operation: "CreateNode",
      code: "InvalidAccessKeyId",
      detail: "no such key",
      errorClass: "auth",
    });

    it("are carried out, and what is true then is kept", async () => {
      const states = new Map([
        ["b", state("1/node/b")],
        ["c", state("1/node/c", { after: [shortName("gone")] })],
        ["d", state(undefined)],
        ["gone", state("1/node/gone")],
        ["far", state("1/node/far", { after: [shortName("gone")] })],
        ["kept", state("1/node/kept")],
      ]);
      const tasks = {
        a: named("a"),
        b: named("b", { owner: "replace name", ...waits("tasks.a") }),
        c: named("c", { owner: "update dependencies", ...waits("tasks.b") }),
        d: named("d", waits("tasks.c")),
        e: named("e"),
      };
      const unfinished = new Unfinished("1/node/half", { applied: "half" }, new Error("stopped"));
      const refusedHalf = new Unfinished("1/node/half", { applied: "half" }, refusedKeys);
      const runs: [string, Record<string, unknown>, Properties?][] = [
        ["all is well", {}],
        ["the first fails", { "create a": new Error("no") }],
        ["one is half made", { "create b": unfinished }],
        ["one is not deleted before it is made anew", { "delete b": new Error("no") }],
        ["an update fails", { "update c": unfinished }],
        ["the credentials are refused", { "create a": refusedKeys }],
        ["the credentials are refused in the middle", { "create a": refusedHalf }],
        ["what goes is not deleted", { "delete far": new Error("no"), "delete kept": new Error("never") }],
        ["what goes is released", {}, { release: ["gone", "kept", 7] }],
        ["nothing is released", {}, { release: "gone" }],
      ];
      const lines: string[] = [];
      for (const [title, fails, more] of runs) {
        const news = { creationToken: token, tasks, ...more };
        const plan = planOf(known.dataworks, compare, states, news);
        const asked: string[] = [];
        let done = 0;
        const result = await carryOut(known.dataworks, plan, news, {
          taskOf: scripted(asked, fails),
          teller: {
            warn: (key: string, message: string) => void asked.push(`warns ${key} ${message}`),
            done: () => (done += 1),
          } as never,
          place: places(1),
          took: (id) => void asked.push(`took ${id}`),
          isTaken: (id) => id === "1/node/kept",
        });
        lines.push(title, ...asked.map((each) => `  ${each}`));
        for (const [key, each] of result.states) lines.push(`  state ${key} ${shown(each)}`);
        const error = failureOf("Set l", plan.steps.size, result, "the rest");
        lines.push(`  ${done} done, ${error.message.split("\n").join(" | ")}, because of ${String(error.cause)}`);
      }
      pinned.has("carried out", lines);
    });

    it("are taken away, what waits first", async () => {
      const states = new Map([
        ["a", state("1/node/a")],
        ["b", state("1/node/b", { after: [shortName("a"), "????"] })],
        ["c", state(undefined, { after: [shortName("b")] })],
        ["d", state("1/node/d", { after: [shortName("c")] })],
        ["e", state("1/node/kept")],
      ]);
      const lines: string[] = [];
      for (const fails of [{}, { "delete b": new Error("no") }, { "delete d": new Error("no") }]) {
        const asked: string[] = [];
        let done = 0;
        const { failed, skipped } = await takeAway(states, {
          taskOf: scripted(asked, fails),
          teller: {
            warn: (key: string, message: string) => void asked.push(`warns ${key} ${message}`),
            done: () => (done += 1),
          } as never,
          place: places(3),
          took: () => undefined,
          isTaken: (id) => id === "1/node/kept",
        });
        lines.push(
          ...asked.map((each) => `  ${each}`),
          `  ${done} done, failed ${[...failed.keys()].join()}, skipped ${shown(skipped)}`,
        );
      }
      pinned.has("taken away", lines);
    });
  });

  it("tells much in few lines", () => {
    const keys = (count: number, name = "t") => Array.from({ length: count }, (_, index) => `${name}${index}`);
    const lines = [0, 1, 8, 9, 20].map((count) => named(keys(count)));
    lines.push(named(keys(4), 3), named(keys(3), 3));
    const step = (kind: string, more: object = {}) => ({ kind, args: {}, paths: [], replaces: [], ...more });
    const plan = (steps: readonly (readonly [string, object])[], leaving: readonly string[] = []) =>
      planSentence({
        steps: new Map(steps),
        leaving: new Map(leaving.map((key) => [key, {}])),
        upstreams: new Map(),
        waits: new Map(),
      } as never);
    const updates = (count: number, of: (index: number) => readonly string[]) =>
      keys(count).map((key, index) => [key, step("update", { paths: of(index) })] as const);
    lines.push(
      plan([["a", step("create")]]),
      plan([["a", step("same", { from: "b" })]], ["x", "y"]),
      plan([
        ["a", step("replace", { replaces: ["name", "projectId"] })],
        ["b", step("update", { paths: ["owner"] })],
      ]),
      plan(updates(8, () => [])),
      plan(updates(9, (index) => (index < 2 ? [] : index < 5 ? ["owner"] : ["owner", "tags"]))),
      plan(updates(40, (index) => [`p${index % 12}`, ...(index > 30 ? ["q"] : [])])),
      plan(
        keys(20).map((key) => [key, step("create")] as const),
        keys(10, "gone"),
      ),
    );
    pinned.has("sentences", lines);

    const said: string[] = [];
    let time = 0;
    const told = teller(
      "Set l",
      40,
      { warn: (message) => void said.push(`warns ${message}`), inform: (message) => void said.push(`says ${message}`) },
      () => time,
    );
    for (const [index, key] of keys(7).entries()) {
      told.warn(key, "is odd [odd]");
      if (index < 6) told.warn(key, "has no code");
      if (index < 1) told.warn(key, "is rare [rare]");
      told.inform(key, "waits");
      told.carried({ kind: "k", task: key, operation: "Update", properties: index > 5 ? ["owner", "tags"] : [] });
    }
    told.inform("t6", "waits again");
    for (let index = 0; index < 40; index++) {
      time += 2_500;
      told.done();
    }
    told.end();
    teller("Set m", 1, { warn: () => said.push("no"), inform: () => said.push("no") }).end();
    pinned.has("told", said);

    const failures = [1, 10, 11, 25].map((count) => {
      const failed = new Map<string, unknown>(
        keys(count).map((key, index) => [key, index % 2 ? "text" : new Error(`no ${index}`)]),
      );
      const skipped = new Map(keys(count, "s").map((key, index) => [key, `reason ${count > 12 ? index : index % 2}`]));
      const error = failureOf("Set l", count === 1 ? 1 : 50, { failed, skipped }, "the rest is done next");
      return `${error.message.split("\n").join(" | ")}, because of ${String(error.cause)}`;
    });
    const caused = failureOf(
      "S",
      2,
      { failed: new Map([["a", new Error("x", { cause: new Error("deep") })]]), skipped: new Map() },
      "r",
    );
    pinned.has("failures", [...failures, `${caused.message}, because of ${String(caused.cause)}`]);
  });
});
