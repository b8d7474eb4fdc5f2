import type { Part } from "../part";
import { loadHooks } from "./hooks";

export const load: Part = {
  name: "load",
  title: "x",
  async run({ seed, all }, row, report) {
    await loadHooks(
      { seed, pace: all ? 1 : 10, count: Number(process.env["COUNT"] ?? 1000), parallel: 16 },
      row,
      report,
    );
  },
};
