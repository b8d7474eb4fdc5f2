import type { Emulator } from "../../../emulator/index";
import type { Part, Row } from "../part";
import { around, found } from "./scan";
import { refusals } from "./service";
import type { Refusal } from "./service";
import { keysOf, newSecret, sources } from "./sources";
import type { Keys, Source } from "./sources";
import { story } from "./story";
import type { Places, Story } from "./story";

/** What happens to a stack before everything is looked through. */
interface Situation {
  readonly name: string;
  /** The keys as they are handed over, where they are not those that the emulator knows. */
  readonly keys?: (keys: Keys) => Keys;
  /** Gives what did not go as it should, so that nothing counts as clean that never ran. */
  readonly play: (story: Story) => Promise<string[]>;
}

const wellAnd = (what: string, code: number): string[] => (code === 0 ? [] : [`${what} ended with ${code}`]);
const badAnd = (what: string, code: number): string[] => (code !== 0 ? [] : [`${what} was to fail and did not`]);

/** Everything that a stack goes through in its life, with all that shows or keeps something. */
const life: Situation = {
  name: "a life",
  async play(told) {
    const { emulator, stack, pulumi, debugged } = told;
    const went = [
      ...wellAnd("preview", await pulumi("preview", "--diff")),
      ...wellAnd("up", await debugged("up", "--yes", "--diff")),
    ];
    // Nothing of the rest can be played without its tasks.
    if (went.length > 0) return went;
    await stack.configure({ config: { "secrets:step": "2" } });
    went.push(
      ...wellAnd("preview", await pulumi("preview", "--json", "--save-plan=plan.json")),
      ...wellAnd("up", await debugged("up", "--yes", "--diff", "--plan=plan.json")),
    );
    for (const [service, id, changes] of await edits(told)) await emulator.touch(service, id, changes);
    await stack.configure({ config: { "secrets:wrong": "true" } });
    went.push(
      ...wellAnd("refresh", await debugged("refresh", "--yes", "--diff")),
      ...badAnd("preview", await pulumi("preview", "--diff")),
    );
    await stack.configure({ config: { "secrets:wrong": "false" } });
    went.push(
      ...wellAnd("up", await pulumi("up", "--yes", "--diff", "--json")),
      ...wellAnd("destroy", await debugged("destroy", "--yes")),
    );
    return went;
  },
};

/** A service that says no in the middle of a creation, then of an update, and of every read. */
const refused = (how: Refusal): Situation => ({
  name: `a service that refuses: ${how}`,
  async play({ gateway, stack, pulumi, debugged }) {
    const patience = (seconds: number) => stack.configure({ config: { "secrets:seconds": String(seconds) } });
    await patience(20);
    gateway.refuse(how, 4);
    const went = badAnd("up", await debugged("up", "--yes", "--diff"));
    gateway.through();
    await patience(180);
    went.push(...wellAnd("up", await pulumi("up", "--yes", "--diff")));
    await stack.configure({ config: { "secrets:step": "2" } });
    await patience(20);
    gateway.refuse(how, 1);
    went.push(...badAnd("up", await debugged("up", "--yes", "--diff")));
    gateway.refuse(how);
    went.push(...badAnd("refresh", await pulumi("refresh", "--yes", "--diff")));
    if (gateway.refused() === 0) went.push("nothing was refused");
    gateway.through();
    await patience(180);
    return [...went, ...wellAnd("up", await pulumi("up", "--yes"))];
  },
});

const unknownKeys: Situation = {
  name: "keys that the service does not know",
  keys: (keys) => ({ ...keys, accessKeySecret: newSecret("wrong"), secretKey: newSecret("wrong") }),
  play: async ({ debugged }) => badAnd("up", await debugged("up", "--yes", "--diff")),
};

const unreachable: Situation = {
  name: "a service that is not there",
  async play({ gateway, stack, debugged }) {
    await stack.configure({ config: { "secrets:seconds": "20" } });
    await gateway.close();
    return badAnd("up", await debugged("up", "--yes", "--diff"));
  },
};

/** Changes somebody makes at the console. */
async function edits({ stack }: Story): Promise<[service: string, id: string, changes: Record<string, unknown>][]> {
  const { resources } = (await stack.exportState()).deployment as { resources: { urn: string; outputs: object }[] };
  const taskOf = (name: string): string => {
    const outputs = resources.find(({ urn }) => urn.endsWith(`::${name}`))?.outputs;
    return String((outputs as { taskId?: unknown } | undefined)?.taskId);
  };
  return [
    ["dataworks", taskOf("code"), { Description: "At the console" }],
    ["wedata", taskOf("load"), { Notes: "At the console" }],
  ];
}

/** What is played with a source: everything, or its life and its share of the rest. */
function situationsFor(index: number, seed: number, all: boolean): Situation[] {
  const others = [...refusals.map(refused), unknownKeys, unreachable];
  return [life, ...others.filter((_, at) => all || (at + seed) % sources.length === index)];
}

/** Whose secret was found: a key of the source, or the word among the arguments. */
const ofArguments = (hit: string): boolean => hit.startsWith("word");

export const secrets: Part = {
  name: "secrets",
  title: "Keys, tokens and secret arguments lie nowhere that a run leaves something",
  async run({ seed, all }, row, report) {
    const ofWord = new Map<string, Row>();
    for (const [index, source] of sources.entries()) {
      const ofKeys = new Map<string, Row>();
      for (const situation of situationsFor(index, seed, all)) {
        const where = `${source.name}, ${situation.name}`;
        const { hits, places, wrong } = await played(source, situation);
        for (const failure of wrong) report(`${where}: ${failure}; --part secrets --seed ${seed}`);
        for (const { place, hit, text } of hits) report(`${where}: ${place} holds the ${hit}: ${text}`);
        for (const place of places) {
          const clean = (whose: boolean): boolean =>
            wrong.length === 0 && !hits.some((one) => one.place === place && ofArguments(one.hit) === whose);
          count(ofKeys, `${source.name} × ${place}`, clean(false));
          count(ofWord, `secret arguments × ${place}`, clean(true));
        }
      }
      for (const each of ofKeys.values()) row(each);
    }
    for (const each of ofWord.values()) row(each);
  },
};

function count(rows: Map<string, Row>, name: string, isClean: boolean): void {
  const { tried, converged } = rows.get(name) ?? { tried: 0, converged: 0 };
  rows.set(name, { name, tried: tried + 1, converged: converged + (isClean ? 1 : 0) });
}

interface Look {
  readonly places: string[];
  readonly hits: { place: string; hit: string; text: string }[];
  readonly wrong: string[];
}

/** Why a run that was to succeed did not. */
const lastErrors = ({ output = "", "debug log": log = "" }: Places): string[] =>
  [output, log].flatMap((text) =>
    (text.match(/^\s*error: .*$/gm) ?? []).slice(-2).map((line) => line.trim().slice(0, 300)),
  );

/** Plays a situation and looks through everything that it left. */
export async function played(source: Source, situation: Situation): Promise<Look> {
  const given = (emulator: Emulator): Keys => {
    const keys = keysOf(emulator, source.temporary);
    return situation.keys?.(keys) ?? keys;
  };
  let used: Keys | undefined;
  const told = await story(source, (emulator) => (used = given(emulator)));
  try {
    const wrong = await situation.play(told).catch((error: unknown) => [String(error)]);
    const { accessKeySecret = "", securityToken, secretKey = "", token } = used ?? ({} as Partial<Keys>);
    const secret: Record<string, string> = {
      "access key secret": accessKeySecret,
      "secret key": secretKey,
      ...(securityToken !== undefined && { "security token": securityToken }),
      ...(token !== undefined && { token }),
      word: told.word,
    };
    const texts = await told.places();
    if (wrong.length > 0) wrong.push(...lastErrors(texts));
    const hits = Object.entries(texts).flatMap(([place, text]) =>
      found(text, secret)
        // The emulator's list of calls shows what tasks were sent, and masks what is called a password.
        .filter((hit) => place !== "the emulator's calls" || !ofArguments(hit))
        .map((hit) => ({ place, hit, text: around(text, secret[hit.split(",")[0] ?? ""] ?? "") })),
    );
    return { places: Object.keys(texts), hits, wrong };
  } finally {
    await told.close();
  }
}
