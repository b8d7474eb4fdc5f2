import assert from "node:assert/strict";
import fc from "fast-check";
import { DataWorksDISyncTask, DataWorksTask, WeDataTask } from "../../sdk/index";
import type * as pulumi from "@pulumi/pulumi";
import { checkInputs } from "../../provider/core/lifecycle";
import type { Definition, Properties } from "../../provider/core/definition";
import type { Table } from "../../provider/core/fields";
import { definitions } from "../../provider/index";
import { runProgram } from "../sdk/program";
import { attacked, attacks, described, opened } from "./arguments";
import type { Attack } from "./arguments";
import { isClear, isUnpolluted } from "./clear";
import { areClear } from "./hook";
import type { Hostility } from "./values";

type Make = (name: string, args: never, opts?: never) => pulumi.Resource;

/** A class of the package, and the least that its arguments need. */
export interface ResourceClass {
  readonly name: string;
  readonly make: Make;
  readonly definition: Definition<object, object>;
  readonly least: Properties;
}

const content = { type: "job", steps: [], order: { hops: [] } };
export const classes: readonly ResourceClass[] = [
  {
    name: "DataWorksTask",
    make: (name, args, opts) => new DataWorksTask(name, args, opts),
    definition: definitions.DataWorksTask as never,
    least: { projectId: "1", name: "a", script: { command: "ODPS_SQL" } },
  },
  {
    name: "DataWorksDISyncTask",
    make: (name, args, opts) => new DataWorksDISyncTask(name, args, opts),
    definition: definitions.DataWorksDISyncTask as never,
    least: { projectId: "1", name: "a", taskContent: content },
  },
  {
    name: "WeDataTask",
    make: (name, args, opts) => new WeDataTask(name, args, opts),
    definition: definitions.WeDataTask as never,
    least: { projectId: "1", workflowId: "1", taskType: 35, name: "a" },
  },
];

/** Options that somebody gives and the engine does not know. Those that Pulumi judges alone are not among them. */
export const hostileOptions: readonly (() => unknown)[] = [
  () => null,
  () => 5,
  () => "protect",
  () => true,
  () => [],
  () => () => ({}),
  () => Symbol("s"),
  () => ({ ignoreChanges: null }),
  () => ({ ignoreChanges: "description" }),
  () => ({ ignoreChanges: [5] }),
  () => ({ ignoreChanges: [null] }),
  () => ({ replaceOnChanges: {} }),
  () => ({ replaceOnChanges: [["a"]] }),
  () => ({ transformations: null }),
  () => ({ transformations: {} }),
  () => ({ transformations: "x" }),
  () => ({ import: null, id: null, deleteBeforeReplace: null, customTimeouts: null }),
  () => ({ parent: null, dependsOn: null, provider: null, aliases: null, protect: null }),
  () => ({ get ignoreChanges(): unknown { throw new Error("no"); } }), // prettier-ignore
  () => new Proxy({}, { ownKeys: () => { throw new Error("no"); } }), // prettier-ignore
  () => ({ ignoreChanges: ["x".repeat(1_000_000)] }),
  () => ({ ignoreChanges: ["\u0000\n\u001b[31m"] }),
  () => JSON.parse('{"__proto__": {"polluted": true}}') as unknown,
];

export interface Told {
  readonly tried: number;
  readonly failures: readonly string[];
}

/** How many resources one program declares: a program costs more than a resource. */
const IN_ONE_PROGRAM = 100;

/**
 * Hostile arguments in the constructor of a class: it refuses them with a clear sentence at the line, or the provider gets
 * exactly what was written, and judges that as it judges the arguments themselves.
 */
export async function attackClass(one: ResourceClass, hostility: Hostility, seed: number, runs: number): Promise<Told> {
  const { definition, least } = one;
  const all = fc.sample(attacks(hostility, definition.fields as unknown as Table), { seed, numRuns: runs });
  const failures: string[] = [];
  const fail = (index: number, attack: Attack, error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    failures.push(
      `${one.name}, ${hostility.name}, constructor, seed ${seed}, case ${index}: ${reason.slice(0, 600)}: ${described(attack)}`,
    );
  };
  for (let start = 0; start < all.length; start += IN_ONE_PROGRAM) {
    const some = all.slice(start, start + IN_ONE_PROGRAM);
    const passed = new Map<string, { index: number; attack: Attack }>();
    const { inputs, failure } = await runProgram(() => {
      for (const [at, attack] of some.entries()) {
        const name = `r${start + at}`;
        try {
          one.make(name, attacked(opened(structuredClone(least)), attack) as never);
          passed.set(name, { index: start + at, attack });
        } catch (thrown) {
          try {
            isRefusal(thrown);
          } catch (error) {
            fail(start + at, attack, error);
          }
        }
      }
    });
    isUnpolluted();
    if (failure !== undefined)
      failures.push(
        `${one.name}, ${hostility.name}, seed ${seed}: the program ended with ${failure.message.slice(0, 500)}`,
      );
    for (const [name, { index, attack }] of passed) {
      try {
        arrived(definition, attacked(opened(structuredClone(least)), attack), inputs[name]);
      } catch (error) {
        fail(index, attack, error);
      }
    }
  }
  return { tried: all.length, failures };
}

/** Hostile options in the constructor of a class. */
export async function attackOptions(one: ResourceClass): Promise<Told> {
  const failures: string[] = [];
  for (const [index, make] of hostileOptions.entries()) {
    let refusal: unknown;
    const { failure, inputs } = await runProgram(() => {
      try {
        one.make("r", structuredClone(one.least) as never, make() as never);
      } catch (thrown) {
        refusal = thrown;
      }
    });
    try {
      assert.equal(failure, undefined);
      if (refusal !== undefined) isRefusal(refusal);
      else assert.equal(inputs["r"]?.["name"], "a", "the resource was not registered");
      isUnpolluted();
    } catch (error) {
      failures.push(`${one.name}, options ${index}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { tried: hostileOptions.length, failures };
}

/** What a program ends with: Pulumi shows a RunError as its sentences alone. */
function isRefusal(thrown: unknown): void {
  assert.ok(
    (thrown as { __pulumiRunError?: boolean }).__pulumiRunError === true,
    `no sentence for the user but ${String((thrown as Error).stack).slice(0, 300)}`,
  );
  const lines = (thrown as Error).message.split("\n");
  assert.ok(lines.length <= 51, `${lines.length} sentences`);
  for (const line of lines) isClear(line, "a refusal");
}

/** What the provider gets of arguments that the class let through. */
function arrived(definition: ResourceClass["definition"], args: unknown, got: Properties | undefined): void {
  assert.ok(got, "the resource was not registered");
  const { __provider: _provider, creationToken: _token, ...inputs } = got;
  const known = Object.keys(definition.fields);
  const strange = Object.fromEntries(Object.entries(inputs).filter(([name]) => known.includes(name)));
  const [direct, carried] = [checkInputs(definition, args as Properties), checkInputs(definition, strange)];
  const errors = ({ findings }: typeof direct) => findings.filter(({ severity }) => severity === "error");
  const unknownNames = errors(direct).filter(({ code }) => code === "unknown-property");
  const others = errors(direct).length - unknownNames.length;
  if (errors(direct).length > 0) {
    areClear(errors(direct));
    assert.ok(unknownNames.length > 0 || errors(carried).length > 0, "the class and the provider judge differently");
    if (others > 0) assert.ok(errors(carried).length > 0, "a fault did not arrive");
    return;
  }
  assert.deepEqual(errors(carried), []);
  assert.deepEqual(carried.inputs, direct.inputs, "the provider gets other arguments than were written");
}
