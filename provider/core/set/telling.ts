import { type Carried } from "../definition";
import { taskPath } from "./check";
import { type Plan, type Step } from "./plan";

/** How many tasks, failures and warnings of one kind are named before the rest is counted. */
const MOST_NAMED = 8;
const MOST_FAILURES = 10;
const MOST_WARNINGS = 5;
/** How often a run that takes long says where it is. */
const PROGRESS_MILLISECONDS = 10_000;

/** Some names, then how many more there are. */
export function named(names: readonly string[], most = MOST_NAMED): string {
  const more = names.length - most;
  return more <= 0 ? names.join(", ") : `${names.slice(0, most).join(", ")} and ${more} more`;
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** One line that says which tasks change in what. Properties only: nobody tells a hook which values are secret. */
export function planSentence({ steps, leaving }: Plan): string {
  const all = [...steps];
  const of = (kind: Step["kind"]) => all.filter(([, step]) => step.kind === kind);
  const updates = of("update");
  const renamed = all.filter(([, { from }]) => from !== undefined);
  const said = all.filter(([, { saidAnew }]) => saidAnew === true).map(([key]) => key);
  const parts = (
    [
      ["created", of("create").map(([key]) => key)],
      ["deleted", [...leaving.keys()]],
      ["replaced", of("replace").map(([key, { replaces }]) => `${key} (${replaces.join(", ")})`)],
      ["renamed", renamed.map(([key, { from }]) => `${from} → ${key}`)],
      ["known by another identity", said],
    ] as const
  ).flatMap(([word, names]) => (names.length > 0 ? [`${names.length} ${word}: ${named(names)}`] : []));
  const total = counted(steps.size, "task", "tasks");
  if (updates.length === 0) return `of ${total} ${parts.join("; ")}`;
  const verb = updates.length === 1 ? "changes" : "change";
  return [`${updates.length} of ${total} ${verb}: ${changesOf(updates)}`, ...parts].join("; ");
}

/** Few tasks are named with their properties; of many, the properties with their tasks. */
function changesOf(updates: readonly (readonly [string, Step])[]): string {
  const wordsOf = ({ paths }: Step) => (paths.length === 0 ? "goes on where it stopped" : paths.join(", "));
  if (updates.length <= MOST_NAMED) return updates.map(([key, step]) => `${key} (${wordsOf(step)})`).join(", ");
  const groups = new Map<string, string[]>();
  for (const [key, step] of updates) {
    const words = wordsOf(step);
    const group = groups.get(words);
    if (group) group.push(key);
    else groups.set(words, [key]);
  }
  const sorted = [...groups].sort(([, one], [, other]) => other.length - one.length);
  const shown = sorted.slice(0, MOST_NAMED).map(([words, keys]) => `${words} in ${keys.length} (${named(keys, 3)})`);
  return named([...shown, ...sorted.slice(MOST_NAMED).map(([words]) => words)]);
}

/** What a set says while one of its hooks runs. */
export interface Teller {
  readonly warn: (key: string, message: string) => void;
  /** What a task has to say while it is worked on, such as that it waits for an approval. */
  readonly inform: (key: string, message: string) => void;
  readonly carried: (call: Carried) => void;
  /** One more task is done. */
  readonly done: () => void;
  /** Says what was only counted so far. */
  readonly end: () => void;
}

/** Says few lines for many tasks: warnings by their code, calls by operation and properties, and how far it is. */
export function teller(
  title: string,
  total: number,
  say: { readonly warn: (message: string) => void; readonly inform: (message: string) => void },
  now: () => number = Date.now,
): Teller {
  const warnings = new Map<string, string[]>();
  const calls = new Map<string, number>();
  const silent: string[] = [];
  let [done, said, informed] = [0, now(), 0];
  return {
    warn(key, message) {
      const code = / \[([a-z-]+)\]$/.exec(message)?.[1] ?? "";
      const keys = warnings.get(code) ?? [];
      warnings.set(code, [...keys, key]);
      if (keys.length < MOST_WARNINGS) say.warn(`${title} ${taskPath(key)}: ${message}`);
    },
    inform(key, message) {
      informed += 1;
      if (informed <= MOST_WARNINGS) say.inform(`${title} ${taskPath(key)}: ${message}`);
      else silent.push(key);
    },
    carried({ operation, properties }) {
      const what = `${operation}${properties.length > 0 ? `: ${properties.join(", ")}` : ""}`;
      calls.set(what, (calls.get(what) ?? 0) + 1);
    },
    done() {
      done += 1;
      if (done === total || now() - said < PROGRESS_MILLISECONDS) return;
      said = now();
      say.inform(`${title}: ${done} of ${total} tasks done`);
    },
    end() {
      for (const [code, keys] of warnings) {
        const more = keys.slice(MOST_WARNINGS);
        if (more.length > 0) say.warn(`${title}: the same of ${named(more)}${code === "" ? "" : ` [${code}]`}`);
      }
      if (silent.length > 0) say.inform(`${title}: more was said of ${named([...new Set(silent)])}`);
      for (const [what, count] of calls) say.inform(`${title}: ${what} (${counted(count, "task", "tasks")})`);
    },
  };
}

/** What became of the tasks that are not as they should be. */
export interface Failures {
  /** By key. */
  readonly failed: ReadonlyMap<string, unknown>;
  /** By key, why it was not attempted. */
  readonly skipped: ReadonlyMap<string, string>;
}

/** One error for a set: a sentence for each of the first tasks, then how many more. */
export function failureOf(title: string, total: number, { failed, skipped }: Failures, rest: string): Error {
  const told = [...failed].map(
    ([key, error]) => `${taskPath(key)}: ${error instanceof Error ? error.message : String(error)}`,
  );
  const shown = told.slice(0, MOST_FAILURES);
  const more = [...failed.keys()].slice(MOST_FAILURES);
  const reasons = new Map<string, string[]>();
  for (const [key, reason] of skipped) reasons.set(reason, [...(reasons.get(reason) ?? []), key]);
  const groups = [...reasons].map(([reason, keys]) => `not attempted, because ${reason}: ${named(keys)}`);
  const lines = [
    ...shown,
    ...(more.length > 0 ? [`and ${more.length} more: ${named(more)}`] : []),
    ...(groups.length > MOST_FAILURES ? [`not attempted: ${named([...skipped.keys()])}`] : groups),
  ];
  const first = [...failed.values()][0];
  return new Error(
    `${title}: ${failed.size} of ${counted(total, "task", "tasks")} failed; ${rest}\n  ${lines.join("\n  ")}`,
    {
      cause: first instanceof Error && first.cause instanceof Error ? first.cause : first,
    },
  );
}
