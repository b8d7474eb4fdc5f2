import { switches as ofFiles } from "../../emulator/dataworks-files/switches";
import { switches as ofTasks } from "../../emulator/dataworks/switches";
import { switches as ofWeData } from "../../emulator/wedata/switches";
import { without } from "../properties/stage";
import { examples } from "./kinds";
import type { Example } from "./kinds";
import { Pinned } from "./pinned";
import { Story } from "./stories";

type Switches = Readonly<Record<string, { readonly default: unknown; readonly meaning: string }>>;
const SWITCHES: Readonly<Record<string, Switches>> = {
  "dataworks-task": ofTasks,
  "dataworks-di-sync-task": ofFiles,
  "wedata-task": ofWeData,
};
/** Where no other value follows from the table. */
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  missingTaskCode: [],
  missingTaskHttp: [],
  missingNodeCode: [],
  missingFileCode: [],
  readLagMilliseconds: [],
  fileReadLagMilliseconds: [],
  wedataReadsLagMilliseconds: [],
  // These hold a task up for minutes.
  pipelineHoldsAt: [],
  deploymentHolds: [],
  batchUpdateMaximum: [1],
  listTasksMaximumPageSize: [1],
  longestContentInUrl: [100],
  scriptPageCharacters: [3],
  pipelineFailsAt: ["PROD_CHECK"],
};

/** The other answers of a service. */
const others = (name: string, { default: usual, meaning }: Switches[string]): readonly unknown[] =>
  VALUES[name] ??
  (typeof usual === "boolean"
    ? [!usual]
    : [...meaning.matchAll(/"([^"]+)"/g)].map(([, word]) => word).filter((word) => word !== usual));

/** A life with every kind of turn. */
async function life(example: Example, switches: Readonly<Record<string, unknown>>): Promise<string[]> {
  const story = await Story.open(example, switches);
  const { scene, args, edited, lightly, removed } = story;
  const { kind } = scene;
  try {
    await story.tell("up", () => story.up(args));
    await story.tell("refresh", story.refresh);
    await story.tell("up with a few edits", () => story.up(lightly));
    await story.tell("refresh", story.refresh);
    await story.tell("up with many edits", () => story.up(edited));
    await story.tell("up again", () => story.up(edited));
    await story.tell("up with fewer properties", () => story.up(removed));
    await story.tell("refresh", story.refresh);
    const [made, id] = [scene.outs ?? {}, scene.id];
    scene.forget();
    let taken = args;
    for (const path of kind.createdOnly) taken = without(taken, path);
    await story.tell("up of a resource that adopts it", () =>
      story.up({ ...taken, adopt: kind.taskId(made), force: true, onDelete: "release" }),
    );
    await story.tell("refresh", story.refresh);
    await story.tell("up again", () =>
      story.up({ ...taken, adopt: kind.taskId(made), force: true, onDelete: "release" }),
    );
    [scene.id, scene.outs] = [id, made];
    await story.tell("destroy", () => scene.destroy());
    await story.tell("refresh", story.refresh);
    [scene.id, scene.outs] = [id, made];
    await story.tell("destroy again", () => scene.destroy());
  } finally {
    await scene.close();
  }
  return scene.lines;
}

/** The lines under each of their steps. */
function steps(lines: readonly string[]): { readonly title: string; readonly lines: string[] }[] {
  const found: { title: string; lines: string[] }[] = [];
  for (const line of lines) {
    if (line.startsWith("  ")) found.at(-1)?.lines.push(line.slice(2));
    else found.push({ title: line, lines: [] });
  }
  return found;
}

/** In each step, what is not seen as usual, and what is seen instead. */
function deviations(usual: readonly string[], seen: readonly string[]): string[] {
  const others = steps(usual);
  const lines = steps(seen).flatMap(({ title, lines }, index) => {
    const before = others[index]?.lines ?? [];
    const gone = before.filter((line) => !lines.includes(line)).map((line) => `  - ${line}`);
    const come = lines.filter((line) => !before.includes(line)).map((line) => `  + ${line}`);
    return gone.length + come.length === 0 ? [] : [title, ...gone, ...come];
  });
  return lines.length === 0 ? ["as always"] : lines;
}

for (const example of examples) {
  const switches = SWITCHES[example.name];
  if (switches === undefined) continue;
  describe(`the life of a ${example.kind.name}`, function () {
    this.timeout(120_000);
    const pinned = new Pinned(`${example.name}-answers`);
    let usual: readonly string[];
    before(async () => (usual = await life(example, {})));
    it("is this, where the service is as we think", () => pinned.has("the service as we think it is", usual));
    for (const [name, entry] of Object.entries(switches)) {
      for (const value of others(name, entry)) {
        const title = `${name} ${JSON.stringify(value)}`;
        it(`is this with ${title}`, async () => {
          pinned.has(title, deviations(usual, await life(example, { [name]: value })));
        });
      }
    }
  });
}
