import assert from "node:assert/strict";
import fc from "fast-check";
import { adoption } from "./adoption";
import { edited, reduced, touched } from "./edits";
import { faultsOf, wholeFaults } from "./faults";
import type { Kind } from "./kind";
import { permuted } from "./order";
import { refused } from "./refusals";
import type { Broken, CrossBroken } from "./refusals";
import { accepted, adopted, holds, isFixed, isQuiet, isUnchanged, made, withTask } from "./stage";
import type { Pick, Stage, Story } from "./stage";
import { unknown } from "./unknowns";

/** Something that holds for any arguments of any kind of task. */
export interface Property<T extends Story = Story> {
  /** (a) to (e) are those of the proof; the others go beyond. */
  readonly letter: string;
  readonly title: string;
  /** Stories for it; every property sees the same arguments under the same seed. */
  readonly stories: (kind: Kind, stories: fc.Arbitrary<Story>) => fc.Arbitrary<T>;
  /** False when the rules refuse the arguments; throws when the property does not hold. */
  readonly check: (stage: Stage, story: T) => Promise<boolean>;
}

const plain = (_kind: Kind, stories: fc.Arbitrary<Story>) => stories;
const property = <T extends Story>(one: Property<T>) => one as unknown as Property;

interface Refusals extends Story {
  readonly faults: readonly Broken[];
  readonly crosses: readonly CrossBroken[];
}

const further = (pick: Pick, by: Pick): Pick => (typeof pick === "number" && typeof by === "number" ? pick + by : pick);

/** How many faults are tried in one set of arguments. */
const FAULTS = 48;

export const properties: readonly Property[] = [
  {
    letter: "a",
    title: "create then diff is empty",
    stories: plain,
    check: (stage, story) =>
      withTask(stage, story, async (told) => {
        await isUnchanged(stage, told);
        isQuiet(stage);
      }),
  },
  {
    letter: "b",
    title: "read-back of inputs is a fixed point",
    stories: plain,
    check: (stage, story) =>
      withTask(stage, story, async (told) => {
        const again = await accepted(stage, told.inputs, told.inputs);
        assert.deepEqual(again, told.inputs, "check is no fixed point");
        await isFixed(stage, told);
      }),
  },
  {
    letter: "c",
    title: "permuting anything order-free is no change",
    stories: plain,
    check: (stage, story) =>
      withTask(stage, story, async (told) => {
        const inputs = await accepted(stage, permuted(stage.table, told.inputs), told.inputs);
        assert.ok(inputs, "the permuted arguments are refused");
        await isUnchanged(stage, { ...told, inputs });
      }),
  },
  {
    letter: "d",
    title: "one changed field takes the table's operations, with that field alone, and then diff is empty",
    stories: plain,
    async check(stage, story) {
      const [first = 0, ...picks] = story.picks;
      const edits = picks.slice(0, 3);
      const isOther = typeof first === "number" && first % 2 === 1;
      return withTask(stage, story, async (told) => {
        let last = told;
        for (const pick of edits) last = await edited(stage, last, pick, story.spare);
        if (!isOther || told.standing === "draft") return last;
        const twin = await adopted(stage, last.inputs, last.outs);
        if (!twin || (await stage.task.diff(twin.id, twin.outs, twin.inputs)).changes) return last;
        let taken = twin;
        for (const pick of edits) taken = await edited(stage, taken, further(pick, first), story.spare);
        return last;
      });
    },
  },
  property<Refusals>({
    letter: "e",
    title: "a value outside a rule is refused before the first call, with its path",
    stories(kind, stories) {
      const all = [...wholeFaults(kind.fields), ...faultsOf(kind.fields)];
      const faults = fc
        .nat(all.length - 1)
        .chain((start) =>
          fc.tuple(
            ...[...all.slice(start), ...all.slice(0, start)]
              .slice(0, FAULTS)
              .map((fault) => fault.values.map((value): Broken => ({ fault, value }))),
          ),
        );
      const crosses = fc.tuple(
        ...kind.crossFaults.map((cross) => cross.set.map((set): CrossBroken => ({ cross, set }))),
      );
      return fc
        .tuple(stories, faults, crosses)
        .map(([story, broken, cross]): Refusals => ({ ...story, faults: broken, crosses: cross }));
    },
    check: (stage, story) => refused(stage, story, story.faults, story.crosses),
  }),
  {
    letter: "f",
    title: "a value not known yet is never refused, and is a change",
    stories: plain,
    check: (stage, story) =>
      withTask(stage, story, async (told) => {
        for (const pick of story.picks) await unknown(stage, told, pick);
      }),
  },
  {
    letter: "g",
    title: "a field taken away is cleared or forgotten, and then diff is empty",
    stories: plain,
    check: (stage, story) =>
      withTask(stage, story, async (told) => {
        let last = told;
        for (const pick of story.picks.slice(0, 3)) last = await reduced(stage, last, pick);
        return last;
      }),
  },
  {
    letter: "h",
    title: "an edit at the console is seen, alone, with its value, and put right",
    stories: plain,
    check: (stage, story) =>
      withTask(stage, story, async (told) => {
        let last = told;
        for (const pick of story.picks.slice(0, 3)) last = await touched(stage, last, pick, story.spare);
        return last;
      }),
  },
  {
    letter: "i",
    title: "adopting writes nothing, and shows exactly what differs",
    stories: plain,
    check: (stage, story) =>
      withTask(stage, story, async (told) => {
        if (told.standing !== "draft") await holds("adoption", () => adoption(stage, told, story.spare));
      }),
  },
  {
    letter: "j",
    title: "a deleted task leaves nothing, and is deleted twice without complaint",
    stories: plain,
    async check(stage, { args }) {
      const told = await made(stage, args);
      if (!told) return false;
      await stage.task.delete(told.id, told.outs);
      assert.deepEqual(await stage.task.read(told.id, told.outs), { id: "", props: {} });
      await stage.task.delete(told.id, told.outs);
      return true;
    },
  },
];
