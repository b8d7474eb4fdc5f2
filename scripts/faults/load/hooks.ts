import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Emulator } from "../../../emulator/index";
import { nodesOf } from "./nodes";
import { declaredTasks } from "./declared";
import type { Declared } from "./declared";
import { inProcess } from "./process";
import { REQUESTS_PER_SECOND, loadedService, refusedByLimit, taskNames } from "./service";
import type { Pace } from "./service";
import type { Kept, Order, Phase } from "./worker";
import type { Row } from "../part";

export interface Load {
  readonly seed: number;
  readonly pace: Pace;
  readonly count: number;
  /** Hooks at once, as `pulumi up --parallel` has it. */
  readonly parallel: number;
}

/** Of every service, tasks of somebody else that lie beside ours. */
const FOREIGN = 20;

export const configurationFor = (emulator: Emulator, pace: Pace): Record<string, string> => ({
  "dataworks:endpoint": emulator.dataworks,
  "dataworks:accessKeyId": emulator.accessKeyId,
  "dataworks:accessKeySecret": emulator.accessKeySecret,
  "dataworks:requestsPerSecond": String(REQUESTS_PER_SECOND * pace),
  "wedata:endpoint": emulator.wedata,
  "wedata:secretId": emulator.secretId,
  "wedata:secretKey": emulator.secretKey,
  "wedata:requestsPerSecond": String(REQUESTS_PER_SECOND * pace),
});

/** Makes the tasks of somebody else; gives what compares them with how they were. */
export async function foreigners(emulator: Emulator): Promise<() => Promise<string[]>> {
  const made = {
    dataworks: await emulator.createTasks("dataworks", { Name: "foreign" }, FOREIGN),
    "dataworks-files": await emulator.createTasks("dataworks-files", { FileName: "foreign" }, FOREIGN),
    wedata: await emulator.createTasks("wedata", { TaskName: "foreign" }, FOREIGN),
  };
  const shown = async () => {
    const all = await Promise.all(Object.keys(made).map((service) => emulator.tasks(service)));
    const texts = all.flat().map((task) => JSON.stringify(task));
    return Object.entries(made).flatMap(([service, ids]) =>
      ids.map(
        (id) => `${service} ${texts.find((text) => text.includes(`"${id}"`) && text.includes("foreign")) ?? "gone"}`,
      ),
    );
  };
  const before = await shown();
  return async () => {
    const now = await shown();
    return before.filter((text, at) => text !== now[at]);
  };
}

const serviceOf = { dataworksTask: "dataworks", dataworksDISyncTask: "dataworks-files", wedataTask: "wedata" } as const;

/** The declared tasks that are not there exactly once. */
export async function notOnce(emulator: Emulator, declared: readonly Declared[]): Promise<string[]> {
  const names = await taskNames(emulator);
  const counts = new Map<string, number>();
  for (const [service, all] of Object.entries(names))
    for (const name of all) counts.set(`${service} ${name}`, (counts.get(`${service} ${name}`) ?? 0) + 1);
  const nodes = await nodesOf(emulator);
  return declared.flatMap(({ kind, name }) => {
    const times = counts.get(`${serviceOf[kind]} ${name}`) ?? 0;
    const drafts = kind === "dataworksTask" ? (nodes.get(name) ?? 0) : 1;
    if (times !== 1) return [`${kind} ${name} is there ${times} times`];
    return drafts === 1 ? [] : [`${kind} ${name} has ${drafts} nodes in Data Studio`];
  });
}

/** The life of many tasks through the provider's hooks, against slow, strict and unreliable services. */
export async function loadHooks(load: Load, row: (row: Row) => void, report: (failure: string) => void): Promise<void> {
  const { seed, pace, count, parallel } = load;
  const home = mkdtempSync(path.join(os.tmpdir(), "data-tasks-load-"));
  const { emulator, strike } = await loadedService(seed, pace);
  try {
    const changed = await foreigners(emulator);
    await strike();
    const declared = declaredTasks(count, emulator);
    const config = configurationFor(emulator, pace);
    let kept = new Map<string, Kept>();
    let [calls, refused, struck] = [0, 0, 0];
    const highest = { alibaba: 0, tencent: 0 };
    for (const phase of ["create", "update", "refresh", "destroy"] as const satisfies Phase[]) {
      await emulator.reset();
      const order: Order = {
        ...{ phase, config, parallel },
        tasks: declared.map(({ kind, name, args, changed: other }) => ({
          ...{ kind, name, args: phase === "create" ? args : other },
          kept: kept.get(name),
        })),
      };
      const answer = await inProcess(order, home);
      kept = new Map(answer.kept.map((one) => [one.name, one]));
      const made = await emulator.calls();
      calls += made.length;
      struck += made.filter(({ fault }) => fault !== undefined).length;
      refused += await refusedByLimit(emulator);
      const peak = await emulator.highestPerSecond();
      highest.alibaba = Math.max(highest.alibaba, peak.alibaba);
      highest.tencent = Math.max(highest.tencent, peak.tencent);
      for (const { name, message } of answer.failures) report(`seed ${seed}, hooks, ${phase}: ${name}: ${message}`);
      const wrong = phase === "destroy" ? await left(emulator, declared) : await notOnce(emulator, declared);
      for (const what of wrong) report(`seed ${seed}, hooks, after ${phase}: ${what}`);
      const bad = new Set([
        ...answer.failures.map(({ name }) => name),
        ...wrong.map((what) => what.split(" ", 2).join(" ")),
      ]);
      row({ name: `hooks: ${phase}, each task exactly once, no failure`, tried: count, converged: count - bad.size });
    }
    const moved = await changed();
    for (const what of moved) report(`seed ${seed}, hooks: a task of somebody else was changed: ${what.slice(0, 200)}`);
    row({ name: "hooks: tasks of somebody else untouched", tried: 3 * FOREIGN, converged: 3 * FOREIGN - moved.length });
    row({
      name: `hooks: calls inside the limit of ${REQUESTS_PER_SECOND * pace} a second (highest: DataWorks ${highest.alibaba}, WeData ${highest.tencent}; ${struck} calls struck by a fault)`,
      tried: calls,
      converged: calls - refused,
    });
  } finally {
    await emulator.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** What is left of our tasks after they were destroyed. */
export async function left(emulator: Emulator, declared: readonly Declared[]): Promise<string[]> {
  const names = await taskNames(emulator);
  const nodes = await nodesOf(emulator);
  return declared.flatMap(({ kind, name }) => {
    const there = names[serviceOf[kind]].includes(name) || (kind === "dataworksTask" && nodes.has(name));
    return there ? [`${kind} ${name} is still there`] : [];
  });
}
