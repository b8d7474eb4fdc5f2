import { createHash } from "node:crypto";
import { isAsset, valueAt } from "../../provider/core/fields";
import { canonicalValue } from "../../provider/core/former";
import { withoutSecrets } from "../../provider/core/secrets";
import { UnreadableFile } from "../preview/read";
import { type StateTask, nameOf } from "../state/tasks";
import { type Edit, type Sighted, editsOf } from "./build";
import { snippet } from "./code";
import { ProjectFiles, spliced } from "./files";
import { documentIn, editedDocument, workflowCall } from "./flowspec";
import type { TakeOver, TakenEdit } from "./model";
import { isWritten, spliceAt } from "./program";
import { type Compiler, NotWritten, Refusal, Source, compilerIn } from "./source";

export interface TakeOverOptions {
  readonly folder: string;
  /** Names of tasks, or `task:property`; all edits when there are none. */
  readonly accept: readonly string[];
  readonly write: boolean;
}

/** The edits as a change of the program: a patch where the place is certain, else what to put in by hand. */
export function takenOver(found: readonly Sighted[], { folder, accept, write }: TakeOverOptions): TakeOver | undefined {
  const accepted = found
    .flatMap((each) => editsOf(each).map((edit) => ({ task: each.task, edit })))
    .filter(({ task, edit }) => accept.length === 0 || accept.some((words) => means(words, task, edit)));
  for (const words of accept)
    if (!accepted.some(({ task, edit }) => means(words, task, edit)))
      throw new UnreadableFile(
        `--accept ${words} names no edit; give the name of a task, or task:property, of the report`,
      );
  if (accepted.length === 0) return undefined;
  const files = new ProjectFiles(folder);
  const author = new Author(
    files,
    found.map(({ task }) => task),
  );
  const edits = accepted.map(({ task, edit }): TakenEdit => {
    const about = { task: nameOf(task), urn: task.urn, property: edit.path };
    try {
      if (edit.unsure && accept.length === 0) throw new Refusal(UNSURE);
      const file = author.apply(task, edit);
      return file === undefined
        ? { ...about, reason: "the program says so already; the next `pulumi up` records it" }
        : { ...about, file };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const byHand = isHidden(edit) ? {} : { snippet: snippetOf(task, edit) };
      return { ...about, reason: withoutSecrets(error.message), ...byHand };
    }
  });
  const patch = files.patch();
  if (write) files.write();
  return { patch, written: write && patch !== "", edits };
}

/** What may be an edit of the program that did not arrive is not to be undone there unasked. */
const UNSURE =
  "what was deployed last is not certain, because an update failed or a refresh found it changed; --accept takes it over all the same";

/** A secret, or a live value in which a secret of the program stands. */
function isHidden({ secret, after }: Edit): boolean {
  const text = JSON.stringify(after) ?? "";
  return secret || withoutSecrets(text) !== text;
}

const means = (words: string, task: StateTask, edit: Edit): boolean =>
  [nameOf(task), task.resource].some((name) => words === name || words === `${name}:${edit.path}`);

const snippetOf = ({ set }: StateTask, { path: property, after }: Edit): string =>
  snippet([...(set === undefined ? [] : ["tasks", set.key]), ...property.split(".")], after);

/** Makes the edits in the files of a program, one after the other. */
class Author {
  readonly #files: ProjectFiles;
  readonly #tasks: readonly StateTask[];
  #compiler: Compiler | undefined;
  /** The file as it was parsed last: most edits of a program are of one file, and many leave it as it is. */
  #last: Source | undefined;

  constructor(files: ProjectFiles, tasks: readonly StateTask[]) {
    this.#files = files;
    this.#tasks = tasks;
  }

  /** The file that was changed; `undefined` where nothing had to be. */
  apply(task: StateTask, edit: Edit): string | undefined {
    if (isHidden(edit)) throw new Refusal("its value is a secret, and is shown nowhere");
    const asset = valueAt(task.declared, edit.path);
    if (isAsset(asset)) return this.#intoScript(asset, edit);
    const { position, workflow } = task;
    if (position === undefined) throw new Refusal("the state does not say where the program declares it");
    const text = this.#files.read(position.file);
    if (text === undefined) throw new Refusal(`${position.file}, which declares it, can't be read`);
    this.#compiler ??= compilerIn(this.#files.folder);
    const source = this.#parsed(this.#compiler, position.file, text);
    return workflow === undefined
      ? this.#intoProgram(source, task, edit)
      : this.#intoWorkflow(source, workflow, task, edit);
  }

  #parsed(ts: Compiler, file: string, text: string): Source {
    if (this.#last?.root.fileName === file && this.#last.text === text) return this.#last;
    return (this.#last = new Source(ts, file, text));
  }

  #intoProgram(source: Source, { definition, resource, set }: StateTask, edit: Edit): string | undefined {
    const className = `${definition.name}${set === undefined ? "" : "Set"}`;
    const args = source.argumentsOf(className, set?.name ?? resource);
    const own = edit.path.split(".");
    const wanted = wantedOf(edit);
    if (set === undefined) return this.#changed(source, spliceAt(source, args, own, wanted));
    const task = ["tasks", set.key];
    if (!isWritten(source, args, task)) throw new Refusal(`the program has no task ${set.key} in this set any more`);
    const path = [...task, ...own];
    const written = whereWritten(() => spliceAt(source, args, path, wanted));
    if (written !== undefined) return this.#changed(source, written);
    // What all tasks of the set have by default is put into the one task, whose own value goes before.
    const inDefaults = spliceAt(source, args, ["defaults", ...own], wanted);
    return inDefaults.length === 0 ? undefined : this.#changed(source, spliceAt(source, args, path, wanted, true));
  }

  #intoWorkflow(source: Source, workflow: string, task: StateTask, edit: Edit): string | undefined {
    const call = workflowCall(source, workflow);
    const text = this.#files.read(call.file);
    const name = this.#files.nameOf(call.file);
    if (text === undefined || name === undefined)
      throw new Refusal(`${call.file}, the document of ${workflow}, is no readable file of the project`);
    if (edit.path === "name" && call.namePrefix !== undefined) throw new Refusal("namePrefix is a part of its name");
    const { set, resource } = task;
    const isTask = ({ key, nodeId }: { readonly key: string; readonly nodeId: string }): boolean =>
      set === undefined
        ? resource === `${workflow}-${nodeId}` || resource === `${workflow}-${nodeId}-${key}`
        : key === set.key;
    const key = documentIn(text, call.placeholders).tasks.find(isTask)?.key;
    if (call.overrides !== undefined && key !== undefined) {
      const path = [key, ...edit.path.split(".")];
      const { overrides } = call;
      const own = whereWritten(() => spliceAt(source, overrides, path, wantedOf(edit)));
      if (own !== undefined) return this.#changed(source, own);
    }
    const edited = editedDocument(text, isTask, edit, call.placeholders);
    if (edited === text) return undefined;
    this.#files.change(call.file, edited);
    return name;
  }

  /** A script in a file of its own: the file gets the live text. */
  #intoScript(
    { path: file, hash }: { readonly path?: string; readonly hash?: string },
    edit: Edit,
  ): string | undefined {
    const name = file === undefined ? undefined : this.#files.nameOf(file);
    const text = name === undefined ? undefined : this.#files.read(name);
    if (name === undefined || text === undefined) throw new Refusal("its code is in no readable file of the project");
    const users = this.#tasks.filter(({ declared, definition }) =>
      Object.keys(definition.fields).some((field) => holdsFile(declared[field], file)),
    );
    if (users.length > 1) throw new Refusal(`${name} is the code of ${users.length} tasks`);
    if (typeof edit.after !== "string") throw new Refusal("the live task has no code");
    if (text === edit.after) return undefined;
    if (createHash("sha256").update(text).digest("hex") !== hash)
      throw new Refusal(`${name} is not as it was deployed last`);
    this.#files.change(name, edit.after);
    return name;
  }

  #changed(source: Source, splices: ReturnType<typeof spliceAt>): string | undefined {
    if (splices.length === 0) return undefined;
    const edited = spliced(source.text, splices);
    const file = source.root.fileName;
    // Throws where an edit would have left no sound program.
    this.#parsed(source.ts, file, edited);
    this.#files.change(file, edited);
    return this.#files.nameOf(file);
  }
}

const wantedOf = ({ leaf, before, after }: Edit) => ({
  before,
  after,
  canonical: (value: unknown) => canonicalValue(leaf, value),
});

const holdsFile = (value: unknown, file: string | undefined): boolean =>
  isAsset(value)
    ? value.path === file
    : typeof value === "object" && value !== null && Object.values(value).some((member) => holdsFile(member, file));

/** What an edit of a place gives; `undefined` where the property is not written there. */
function whereWritten<T>(edit: () => T): T | undefined {
  try {
    return edit();
  } catch (error) {
    if (error instanceof NotWritten) return undefined;
    throw error;
  }
}
