import type { Measure, Round } from "../measure";
import type { BenchStack } from "../stack";
import { growth } from "../statistics";
import { besideEmpty, created, edited, inTurn, profileOf } from "../variants";

/** Checkpoints are skipped: what the engine writes grows with the square, whoever's hooks it calls. */
const withoutCheckpoints = { skipCheckpoints: true };

interface Point {
  size: number;
  ours: number;
  baseline: number;
}

export const growing: readonly Measure[] = [
  {
    name: "growth",
    title:
      "growth of the CPU of program and provider (their start taken off) from 100 to 1,000 to 3,000 edits, exponent",
    goal: 1.05,
    async take(grounds) {
      const sizes = [...new Set([100, 1_000, 3_000].map(grounds.tasks))];
      // With a small upper limit there would be one size alone.
      if (sizes.length === 1) sizes.unshift(Math.max(2, Math.floor((sizes[0] ?? 0) / 5)));
      const points: Point[][] = [];
      let last: BenchStack | undefined;
      for (const size of [1, ...sizes]) {
        const stacks = await besideEmpty(grounds, "adopted", size);
        await created(stacks);
        for (let round = 1; round <= grounds.runs; round += 1) {
          edited(stacks, round);
          const costs = await inTurn(stacks, round, (stack) => stack.run("up", withoutCheckpoints));
          const of = (who: "ours" | "baseline") => costs[who].programCpu + costs[who].providerCpu;
          const point = { size, ours: of("ours"), baseline: of("baseline") };
          (points[round - 1] ??= []).push(point);
          const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;
          grounds.progress(
            `${size} tasks, ${round} of ${grounds.runs}: ${seconds(point.ours)}, empty hooks ${seconds(point.baseline)}`,
          );
        }
        last = stacks.ours;
      }
      const rounds = points.map(([start, ...others]): Round => {
        const of = (who: "ours" | "baseline") =>
          growth(others.map((point) => ({ size: point.size - 1, cost: point[who] - (start?.[who] ?? 0) })));
        const each = others.flatMap(({ size, ours, baseline }): [string, number][] => [
          [`ours${size}`, ours],
          [`baseline${size}`, baseline],
        ]);
        return { value: of("ours"), baseline: of("baseline"), ...Object.fromEntries(each) };
      });
      return {
        rounds,
        async explain() {
          if (last === undefined) return "";
          last.plan({ revision: grounds.runs + 1 });
          return profileOf(await last.run("up", { ...withoutCheckpoints, profile: true }));
        },
      };
    },
  },
];
