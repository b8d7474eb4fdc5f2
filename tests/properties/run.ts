import fc from "fast-check";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { configure } from "../../provider/clouds/connections";
import { leaves } from "../../provider/core/fields";
import { dataworksTask } from "./dataworks-task";
import { diSyncTask } from "./di-sync-task";
import type { Carried, Properties } from "../../provider/core/definition";
import { withUpstreams } from "./kind";
import type { Kind } from "./kind";
import type { Property } from "./properties";
import type { Stage, Story } from "./stage";
import { wedataTask, wedataTaskAbroad } from "./wedata-task";

export const kinds: readonly Kind[] = [dataworksTask, diSyncTask, wedataTask, wedataTaskAbroad];

/** A kind of task with an emulator of its own, for as many properties as wanted. */
export interface Theatre {
  readonly kind: Kind;
  readonly stage: Stage;
  readonly stories: fc.Arbitrary<Story>;
  /** A story with the ids of this theatre's tasks. */
  readonly filled: <T extends Story>(story: T) => T;
  /** How often what was done: `edited trigger.cron`. */
  readonly counts: ReadonlyMap<string, number>;
  /** Begins with empty services: a story that ends badly leaves things behind. */
  readonly renew: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** One theatre is open at a time: the provider's connections belong to the process. */
export async function open(kind: Kind): Promise<Theatre> {
  const warnings: string[] = [];
  const said: Carried[] = [];
  const counts = new Map<string, number>();
  let serial = 0;
  let emulator = await emulatorFor(kind);
  const stage: Stage = {
    kind,
    table: leaves(kind.fields),
    task: kind.hooks({
      ready: () => Promise.resolve(),
      warn: (message) => void warnings.push(message),
      inform: () => undefined,
      carried: (call) => void said.push(call),
    }),
    get emulator() {
      return emulator;
    },
    warnings,
    said,
    nextToken: () => `token${String((serial += 1)).padStart(8, "0")}`,
    done: (what) => void counts.set(what, (counts.get(what) ?? 0) + 1),
  };
  let ids = await kind.upstreams(emulator);
  const { some, all } = kind.arguments(emulator);
  const picks = fc.array(fc.nat(999), { minLength: 5, maxLength: 5 });
  const stories: fc.Arbitrary<Story> = fc.record({ args: some, spare: all, picks });
  const close = () => emulator.close();
  const renew = async () => {
    await close();
    emulator = await emulatorFor(kind);
    ids = await kind.upstreams(emulator);
  };
  const filled = <T extends Story>(story: T) => ({
    ...story,
    args: withUpstreams(story.args, ids) as Properties,
    spare: withUpstreams(story.spare, ids) as Properties,
  });
  return { kind, stage, stories, filled, counts, renew, close };
}

async function emulatorFor(kind: Kind): Promise<Emulator> {
  const emulator = await startEmulator({ stageMilliseconds: 0, seed: 1, switches: { ...kind.switches } });
  const config = kind.config(emulator);
  configure({ get: (key) => config[key] });
  return emulator;
}

/** A counterexample, made as small as it gets. */
export interface Failure {
  readonly seed: number;
  readonly path: string;
  readonly cause: string;
  readonly story: Story;
}

export interface Outcome {
  /** Sets of arguments that passed the rules. */
  readonly tried: number;
  /** Sets that the rules refuse, of which nothing could be asked. */
  readonly refused: number;
  readonly failures: readonly Failure[];
}

export interface Sample {
  readonly seed: number;
  readonly runs: number;
  /** Repeats one failure, as it was printed. */
  readonly path?: string;
  /** How long one failure may be made smaller, in milliseconds. */
  readonly shrinking?: number;
  /** Failures of one property after which it is left alone. */
  readonly failures?: number;
}

/** Tells many stories of one property. A failure is made smaller, and the rest is told all the same. */
export async function run(theatre: Theatre, property: Property, sample: Sample): Promise<Outcome> {
  const { seed, runs, path, shrinking = 20_000, failures: enough = 3 } = sample;
  let [tried, refused, told] = [0, 0, 0];
  const failures: Failure[] = [];
  while (told < runs && failures.length < enough) {
    let failedAt = Infinity;
    const started = seed + failures.length;
    const details = await fc.check(
      fc.asyncProperty(property.stories(theatre.kind, theatre.stories), async (story) => {
        if (Date.now() > failedAt + shrinking) return;
        const first = failedAt === Infinity;
        // A path that fails no more would be followed to all its branches.
        if (first && told >= runs) return;
        if (first) told += 1;
        try {
          await theatre.stage.emulator.reset();
          const passed = await property.check(theatre.stage, theatre.filled(story));
          if (first && passed) tried += 1;
          else if (first) refused += 1;
        } catch (error) {
          if (first) tried += 1;
          failedAt = Math.min(failedAt, Date.now());
          await theatre.renew();
          throw error;
        }
      }),
      { seed: started, numRuns: runs - told, ...(path !== undefined && failures.length === 0 && { path }) },
    );
    if (!details.failed || !details.counterexample) break;
    const cause =
      details.errorInstance instanceof Error ? details.errorInstance.message : String(details.errorInstance);
    const [story] = details.counterexample;
    failures.push({ seed: details.seed, path: details.counterexamplePath ?? "", cause, story });
    if (path !== undefined) break;
  }
  return { tried, refused, failures };
}

/** A failure for a person: how to see it again, and what it takes. */
export function described({ name }: Kind, { letter }: Property, { seed, path, cause, story }: Failure): string {
  const again = `npm run fuzz -- --resource "${name}" --property ${letter} --seed ${seed} --path ${path}`;
  return `${cause}\n  seed ${seed}, path ${path}\n  ${again}\n  arguments ${shown(story.args)}, picks ${story.picks.join(" ")}`;
}

const shown = (value: unknown) => fc.stringify(value).replace(/(.{400}).{200,}?(.{60})/gs, "$1…$2");
