import { type Table, leavesOf, valueAt } from "../../provider/core/fields";
import { withoutSecrets } from "../../provider/core/secrets";
import { type LiveReader, liveReader } from "../../provider/live";
import { type EngineRun, configuration, stateText } from "../preview/run";
import { type StateTask, stackState, withoutOwn } from "../state/tasks";
import type { ReviewOptions } from "./build";
import { IMPORTANCES, type Review, type TaskReview, type Warning } from "./model";

/** Asks the services what a review can't know from a file. */
export interface LiveSource {
  /** The state as it was exported, secrets in plain text: for the reader of previews alone, which masks them. */
  readonly state?: string;
  /** What there is to know beyond a review that was made without it; what could not be had is a warning. */
  look(review: Review): Promise<Pick<ReviewOptions, "live" | "liveDownstream" | "warnings">>;
}

/** So many tasks are asked for those that wait for them, the most important first: it is a call each. */
const MOST_ASKED = 200;

/** A review does not wait longer for one answer. */
const MOST_SECONDS = 60;

/** The services behind a stack; where its state or configuration can't be read, that is the warning. */
export async function liveSource(run: EngineRun): Promise<LiveSource> {
  const notes: string[] = [];
  try {
    const [state, config] = await Promise.all([stateText(run, "secrets"), configuration(run, "secrets")]);
    const tasks = new Map(stackState(state, "the state").tasks.map((task) => [task.urn, task]));
    const reader = liveReader(config, (message) => void notes.push(message), MOST_SECONDS);
    return { state, look: (review) => look(review, tasks, reader, notes) };
  } catch (error) {
    const message = `nothing was asked of the services: ${reasonOf(error)}`;
    return { look: () => Promise.resolve({ warnings: [{ severity: "warning", message }] }) };
  }
}

async function look(
  { tasks }: Review,
  stored: ReadonlyMap<string, StateTask>,
  reader: LiveReader,
  notes: readonly string[],
): Promise<Pick<ReviewOptions, "live" | "liveDownstream" | "warnings">> {
  const existing = tasks.filter(({ urn, operation }) => operation !== "create" && stored.has(urn));
  const failures = new Map<string, string[]>();
  const failed = (what: string, { name, urn }: TaskReview, error: unknown): void => {
    const reason = withoutOwn(stored.get(urn) as StateTask, reasonOf(error));
    const key = `${what}: ${reason}`;
    failures.set(key, [...(failures.get(key) ?? []), name]);
  };

  const texts = new Map<string, ReadonlyMap<string, string>>();
  const withoutText = existing.filter(({ scripts }) => scripts.some(({ digests }) => digests?.before !== undefined));
  const readText = async (review: TaskReview): Promise<void> => {
    const task = stored.get(review.urn) as StateTask;
    const values = await reader
      .values(task)
      .catch((error: unknown) => failed("its script was not read", review, error));
    texts.set(review.urn, values ? contentsOf(task, values) : new Map());
  };

  const downstream = new Map<string, readonly string[]>();
  const asked = [...existing].sort(
    (one, other) => IMPORTANCES.indexOf(one.importance) - IMPORTANCES.indexOf(other.importance),
  );
  const ask = async (review: TaskReview): Promise<void> => {
    const task = stored.get(review.urn) as StateTask;
    const names = await reader
      .downstream(task)
      .catch((error: unknown) => failed("who waits for it at the service was not told", review, error));
    downstream.set(review.urn, (names ?? []).map(withoutSecrets));
  };

  await Promise.all([...withoutText.map(readText), ...asked.slice(0, MOST_ASKED).map(ask)]);
  const left = asked.length - MOST_ASKED;
  const warnings = [
    ...[...failures].map(([what, names]) => `${namesIn(names)}: ${what}`),
    ...(left > 0
      ? [`who waits for them at the service was asked for ${MOST_ASKED} tasks, and not for ${left} more`]
      : []),
    ...new Set(notes),
  ].map((message): Warning => ({ severity: "warning", message }));
  return {
    live: (urn, property) => texts.get(urn)?.get(property),
    liveDownstream: (urn) => downstream.get(urn) ?? [],
    warnings,
  };
}

/** The code of a task by property. */
const contentsOf = ({ definition }: StateTask, values: object): ReadonlyMap<string, string> =>
  new Map(
    leavesOf(definition.fields as unknown as Table).flatMap(({ path, leaf }) => {
      const text = leaf.kind === "content" ? valueAt(values, path) : undefined;
      return typeof text === "string" ? [[path, withoutSecrets(text)] as const] : [];
    }),
  );

const namesIn = ([first = "", ...others]: readonly string[]): string =>
  others.length === 0 ? first : `${first} and ${others.length} more`;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
