import { OPEN, recording, recordings } from "../../recorded/recording";
import type { Part } from "../part";

/** What an upgrade comes to, step by step: each gives what is wrong, or nothing. */
async function upgraded(name: string): Promise<string[]> {
  const there = await recording(name);
  const wrong: string[] = [];
  const same = (what: string, is: unknown, wanted: unknown): void => {
    const [shown, expected] = [JSON.stringify(is), JSON.stringify(wanted)];
    if (shown !== expected) wrong.push(`${what}: ${shown} instead of ${expected}`);
  };
  const names = (changes: readonly { name: string }[]): string[] =>
    [...new Set(changes.map(({ name }) => name))].sort();
  try {
    const stack = await there.stack();
    same("a preview changes", names((await stack.preview()).changes), OPEN);
    const refreshed = names((await stack.refresh()).changes).filter((one) => !OPEN.includes(one));
    same("a refresh changes", refreshed, []);
    same("a preview after it changes", names((await stack.preview()).changes), OPEN);
    await stack.up();
    same("a preview at the end changes", names((await stack.preview({ refresh: true })).changes), []);
    await stack.destroy();
    same(
      "what is left",
      [(await there.emulator.tasks()).length, (await there.emulator.tasks("wedata")).length],
      [2, 1],
    );
  } finally {
    await there.close();
  }
  return wrong;
}

/** A state of a version to come. */
async function newer(name: string): Promise<string[]> {
  const there = await recording(name);
  try {
    const stack = await there.stack((state) => state.replaceAll('"applied":"1', '"applied":"2'));
    const wrong: string[] = [];
    for (const run of ["preview", "up", "refresh", "destroy"] as const) {
      const said = await stack[run]().then(
        () => "it went through",
        (error: unknown) => String(error),
      );
      if (!said.includes("written by a newer version of pulumi-data-tasks"))
        wrong.push(`${run}: ${said.slice(0, 300)}`);
    }
    const calls = (await there.emulator.calls()).length;
    return calls === 0 ? wrong : [...wrong, `${calls} calls were made`];
  } finally {
    await there.close();
  }
}

export const upgrades: Part = {
  name: "upgrades",
  title: "States of earlier versions go on, and those of later ones are left alone",
  async run(_sample, row, report) {
    const all = recordings();
    const tries: [string, () => Promise<string[]>][] = [
      ...all.map((name): [string, () => Promise<string[]>] => [`a state of ${name}`, () => upgraded(name)]),
      ["a state of a version to come", () => newer(all.at(-1) ?? "")],
    ];
    for (const [name, play] of tries) {
      const wrong = await play().catch((error: unknown) => [String(error)]);
      for (const failure of wrong) report(`${name}: ${failure}; --part upgrades`);
      row({ name, tried: 1, converged: wrong.length === 0 ? 1 : 0 });
    }
  },
};
