import type { Measure, Round } from "../measure";
import { growth } from "../statistics";
import { besideEmpty, created, edited, inTurn, profileOf } from "../variants";

/** Checkpoints are skipped: what the engine writes grows with the square, whoever's hooks it calls. */
const withoutCheckpoints = { skipCheckpoints: true };

export const growing: readonly Measure[] = [
  {
    name: "growth",
    title: "growth of our own share of the CPU (beyond empty hooks) from 100 to 1,000 to 3,000 edits, exponent",
    goal: 1.05,
    async take(grounds) {
      const sizes = [...new Set([100, 1_000, 3_000].map(grounds.tasks))];
      if (sizes.length < 2) sizes.unshift(Math.max(1, Math.floor((sizes[0] ?? 2) / 10)));
      const shares: { size: number; cost: number }[][] = [];
      let explain = () => Promise.resolve("");
      for (const size of sizes) {
        const stacks = await besideEmpty(grounds, "adopted", size);
        await created(stacks);
        for (let round = 1; round <= grounds.runs; round += 1) {
          edited(stacks, round);
          const { ours, baseline } = await inTurn(stacks, round, (stack) => stack.run("up", withoutCheckpoints));
          const cost = ours.programCpu + ours.providerCpu - baseline.programCpu - baseline.providerCpu;
          (shares[round - 1] ??= []).push({ size, cost });
          grounds.progress(`${size} tasks, ${round} of ${grounds.runs}: our share ${(cost / 1000).toFixed(2)} s`);
        }
        explain = async () => {
          edited(stacks, grounds.runs + 1);
          return profileOf(await stacks.ours.run("up", { ...withoutCheckpoints, profile: true }));
        };
      }
      const rounds = shares.map((points): Round => ({
        value: growth(points),
        ...Object.fromEntries(points.map(({ size, cost }) => [`milliseconds${size}`, cost])),
      }));
      return { rounds, explain };
    },
  },
];
