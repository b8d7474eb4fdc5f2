import assert from "node:assert/strict";
import type { Levels } from "../../provider/core/findings";
import { checkInputs, hooks } from "../../provider/core/lifecycle";
import type { Definition, Properties } from "../../provider/core/definition";
import { dataworksTask, definitions } from "../../provider/index";

const definition = definitions.DataWorksTask as unknown as Definition<object, object>;
const fine = { projectId: "1", name: "a", script: { command: "ODPS_SQL" }, creationToken: "levels000001" };
/** Meets a caution of ours, a warning, and an error of the documents. */
const cautious = { ...fine, name: "n".repeat(129) };
const doubtful = { ...fine, timeoutSeconds: 3599 };
const wrong = { ...fine, rerunTimes: -1 };

/** Hooks beside which nothing is called, with the levels of a stack, and what they say. */
function surrounded(levels?: Levels) {
  const said: string[] = [];
  const task = hooks(definition, {
    ready: () => Promise.resolve(),
    warn: (message) => said.push(message),
    inform: () => undefined,
    ...(levels && { levels: () => levels }),
  });
  return { task, said };
}

/** What a check finds, as `severity code`, and what of it stops a preview. */
async function found(args: Properties, levels: Levels = {}) {
  const { task } = surrounded(levels);
  const { failures } = await task.check({}, args);
  const { findings } = checkInputs(definition, args, levels);
  return {
    findings: findings.map(({ severity, code }) => `${severity} ${code}`),
    stopped: failures.map(({ property }) => property),
  };
}

const off = (code: string) => ({ [code]: "off" as const });

describe("the level of a rule", () => {
  it("is that of the reference where nobody says anything", async () => {
    assert.deepEqual(await found(cautious), { findings: ["error name-length"], stopped: ["name"] });
    assert.deepEqual(await found(doubtful), { findings: ["warning timeout-disputed"], stopped: [] });
  });

  for (const [where, with_] of [
    ["the argument rules", (args: Properties, rules: Levels) => found({ ...args, rules })],
    ["the stack's configuration", (args: Properties, rules: Levels) => found(args, rules)],
  ] as const) {
    it(`turns off a caution and a warning, through ${where}`, async () => {
      assert.deepEqual(await with_(cautious, off("name-length")), { findings: [], stopped: [] });
      assert.deepEqual(await with_(doubtful, off("timeout-disputed")), { findings: [], stopped: [] });
    });

    it(`makes a caution a warning, and a warning an error, through ${where}`, async () => {
      const lowered = await with_(cautious, { "name-length": "warning" });
      assert.deepEqual(lowered, { findings: ["warning name-length"], stopped: [] });
      const raised = await with_(doubtful, { "timeout-disputed": "error" });
      assert.deepEqual(raised, { findings: ["error timeout-disputed"], stopped: ["timeoutSeconds"] });
    });

    it(`leaves other rules alone, through ${where}`, async () => {
      const other = await with_({ ...cautious, timeoutSeconds: 3599 }, off("timeout-disputed"));
      assert.deepEqual(other, { findings: ["error name-length"], stopped: ["name"] });
    });
  }

  it("of a task comes before that of the stack", async () => {
    const rules = { "timeout-disputed": "warning" };
    const both = await found({ ...doubtful, rules }, { "timeout-disputed": "error" });
    assert.deepEqual(both, { findings: ["warning timeout-disputed"], stopped: [] });
  });

  it("can't be set for what the documents demand", async () => {
    const { findings, stopped } = await found({ ...wrong, rules: off("range") });
    assert.deepEqual(findings.sort(), ["error enum", "error range"]);
    assert.deepEqual(stopped.sort(), ["rerunTimes", "rules.range"]);
    assert.deepEqual((await found(wrong, off("range"))).stopped, ["rerunTimes"]);
  });

  it("is one of three words, of a code that exists", async () => {
    const { failures } = await surrounded().task.check(
      {},
      { ...fine, rules: { "timeout-disputed": "never", "timeout-dispute": "off" } },
    );
    assert.deepEqual(
      failures.map(({ property, reason }) => `${property} ${reason}`),
      [
        "rules.timeout-dispute is no code of a rule; did you mean timeout-disputed? [enum]",
        'rules.timeout-disputed must be one of off, warning, error, got "never" [enum]',
      ],
    );
  });

  it("is an option, and an edit of it replaces nothing", async () => {
    const { task } = surrounded();
    const applied = await outputsOf(fine);
    const { inputs } = await task.check({}, { ...fine, rules: off("timeout-disputed") });
    const { changes, replaces } = await task.diff("1/node/1", applied, inputs);
    assert.deepEqual({ changes, replaces }, { changes: true, replaces: [] });
  });

  it("comes to the engine's provider from dataworks:rules", async () => {
    const configured = async (rules: string | undefined) => {
      await dataworksTask.configure({ config: { get: (key) => (key === "dataworks:rules" ? rules : undefined) } });
      return (await dataworksTask.check({}, doubtful)).failures.map(({ reason }) => reason);
    };
    assert.match((await configured('{"timeout-disputed":"error"}')).join(), /^timeoutSeconds .*\[timeout-disputed\]$/);
    assert.deepEqual(await configured(undefined), []);
  });
});

/** The outputs of a task with these arguments, without any call: what a recorded creation leaves. */
async function outputsOf(args: Properties): Promise<Properties> {
  const made: Definition<object, object> = {
    ...definition,
    create(work) {
      work.id = "1/node/1";
      return Promise.resolve();
    },
  };
  const environment = { ready: () => Promise.resolve(), warn: () => undefined, inform: () => undefined };
  return (await hooks(made, environment).create(args)).outs;
}

describe("the warning kept-value", () => {
  const without = async (rules: Levels | undefined, levels?: Levels) => {
    const { task, said } = surrounded(levels);
    const applied = await outputsOf({ ...fine, owner: "1" });
    const diff = task.diff("1/node/1", applied, { ...fine, ...(rules && { rules }) });
    return { diff, said };
  };

  it("is said in the preview of a removal that nothing clears", async () => {
    const { diff, said } = await without(undefined);
    assert.equal((await diff).changes, true);
    assert.match(said.join(), /^DataWorksTask 1\/node\/1: owner is no longer declared; .* \[kept-value\]$/);
  });

  it("can be turned off, by the task and by the stack", async () => {
    for (const { diff, said } of [await without(off("kept-value")), await without(undefined, off("kept-value"))]) {
      assert.equal((await diff).changes, true);
      assert.deepEqual(said, []);
    }
  });

  it("can be raised, and stops the preview then", async () => {
    const { diff, said } = await without({ "kept-value": "error" });
    await assert.rejects(diff, /owner is no longer declared; .* \[kept-value\]$/);
    assert.deepEqual(said, []);
  });
});

describe("a warning that is said while a change is applied", () => {
  /** An update from some arguments to others, after which the task is read with these values. */
  async function updated(before: Properties, after: Properties, values: Properties): Promise<string[]> {
    const changing: Definition<object, object> = {
      ...definition,
      update(work) {
        work.found = { values, facts: {} };
        return Promise.resolve();
      },
    };
    const said: string[] = [];
    const environment = {
      ready: () => Promise.resolve(),
      warn: (message: string) => said.push(message),
      inform: () => undefined,
    };
    await hooks(changing, environment).update("1/node/1", await outputsOf({ ...fine, ...before }), {
      ...fine,
      ...after,
    });
    return said;
  }

  for (const [code, sentence, before, after, shown] of [
    [
      "value-not-shown",
      /the service accepted rerunTimes and shows/,
      { rerunTimes: 1 },
      { rerunTimes: 2 },
      { rerunTimes: 3 },
    ],
    [
      "changed-meanwhile",
      /owner changed although/,
      { owner: "1", rerunTimes: 1 },
      { owner: "1", rerunTimes: 2 },
      { owner: "5", rerunTimes: 2 },
    ],
    ["not-cleared", /keeps the value of description/, { description: "d" }, {}, { description: "d" }],
  ] as const) {
    it(`has a code and can be turned off: ${code}`, async () => {
      const values = { ...fine, ...shown };
      const [warning = "", ...others] = await updated(before, after, values);
      assert.match(warning, sentence);
      assert.ok(warning.endsWith(` [${code}]`), warning);
      assert.deepEqual(others, []);
      assert.deepEqual(await updated(before, { ...after, rules: off(code) }, values), []);
    });
  }
});
