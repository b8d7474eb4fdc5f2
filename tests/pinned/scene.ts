import assert from "node:assert/strict";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { configure } from "../../provider/clouds/connections";
import type { Properties } from "../../provider/core/definition";
import { isObject, leaves } from "../../provider/core/fields";
import { Unfinished } from "../../provider/core/lifecycle";
import type { Hooks } from "../../provider/core/lifecycle";
import { decodeRecord, stableText } from "../../provider/core/record";
import type { Kind } from "../properties/kind";

const DAY = 86_400_000;
let serial = 0;

/** A task's life over an emulator, written down: what the user does, what is called, what is said, what the state has. */
export class Scene {
  lines: string[] = [];
  readonly kind: Kind;
  readonly emulator: Emulator;
  readonly #task: Hooks;
  readonly #said: string[] = [];
  /** Ids by what they stand for. */
  #names = new Map<string, string>();
  /** Numbers that the arguments have. */
  #given = new Set<string>();
  readonly #token = `token${String((serial += 1)).padStart(8, "0")}`;
  /** Writes down the names of the calls alone. */
  brief = false;
  id = "";
  outs: Properties | undefined;
  inputs: Properties = {};

  private constructor(kind: Kind, emulator: Emulator) {
    this.kind = kind;
    this.emulator = emulator;
    this.#task = kind.hooks({
      ready: () => Promise.resolve(),
      warn: (message) => void this.#said.push(`warns ${message}`),
      inform: (message) => void this.#said.push(`says ${message}`),
      carried: ({ kind: what, task, operation, properties }) =>
        void this.#said.push(`says ${what} ${task}: ${operation} carries ${properties.join(", ")}`),
    });
    for (const [name, value] of Object.entries(emulator))
      if (/Id$/.test(name) && typeof value === "string") this.#names.set(value, `<${name}>`);
  }

  /** `isFull`: a refresh reads every task in full. */
  static async open(kind: Kind, switches: Properties = {}, isFull = false): Promise<Scene> {
    const emulator = await startEmulator({
      stageMilliseconds: 0,
      seed: 1,
      switches: { ...kind.switches, ...switches },
    });
    const scene = new Scene(kind, emulator);
    const config = kind.config(emulator);
    configure({ get: (key) => (isFull && key.endsWith(":fullRefresh") ? "true" : config[key]) });
    await emulator.reset();
    return scene;
  }

  /** Another resource of the same kind beside this one. */
  beside(): Scene {
    const other = new Scene(this.kind, this.emulator);
    [other.lines, other.#names, other.#given, other.brief] = [this.lines, this.#names, this.#given, this.brief];
    return other;
  }

  close = (): Promise<void> => this.emulator.close();

  /** Gives an id a name in what is written. */
  call(id: string, name: string): string {
    this.#names.set(id, `<${name}>`);
    return id;
  }

  /** Numbers of these arguments stay as they are. */
  know(values: unknown): void {
    for (const [digits] of JSON.stringify(values).matchAll(/\d{6,}/g))
      if (!this.#names.has(digits)) this.#given.add(digits);
  }

  say(line: string): void {
    this.lines.push(this.#readable(line));
  }

  /** A second resource, which knows nothing of the first one. */
  forget(): void {
    [this.id, this.outs, this.inputs] = ["", undefined, {}];
  }

  /** What a deployment with these arguments does. */
  async up(args: Properties): Promise<void> {
    this.know(args);
    const before = this.outs ?? {};
    const { inputs, failures } = await this.#task.check(this.inputs, {
      ...structuredClone(args),
      creationToken: this.#token,
    });
    for (const { property, reason } of failures) this.say(`  refused ${property} ${reason}`);
    if (failures.length > 0) return;
    await this.#done(before, async () => {
      if (this.outs === undefined) {
        const { id, outs } = await this.#task.create(inputs);
        [this.id, this.outs, this.inputs] = [id, outs, inputs];
        return;
      }
      const { changes, replaces } = await this.#task.diff(this.id, this.outs, inputs);
      if (replaces.length > 0) this.say(`  replaces for ${replaces.join(", ")}`);
      else if (!changes) this.say("  no difference");
      if (replaces.length > 0 || !changes) return;
      const { outs } = await this.#task.update(this.id, this.outs, inputs);
      [this.outs, this.inputs] = [outs, inputs];
    });
  }

  /** What a refresh does. */
  async refresh(): Promise<void> {
    const before = this.outs ?? {};
    await this.#done(before, async () => {
      const { id, props, inputs } = await this.#task.read(this.id, before);
      if (id === "") {
        this.say("  is gone");
        return this.forget();
      }
      this.outs = props;
      if (inputs === undefined) return;
      this.#differing("shows", flat(this.inputs), flat(inputs));
      this.inputs = inputs;
    });
  }

  async destroy(): Promise<void> {
    const before = this.outs ?? {};
    await this.#done(before, async () => {
      await this.#task.delete(this.id, before);
      this.say("  is deleted");
    });
  }

  /** The state and the arguments agree, and with the service too. */
  async isSettled(): Promise<void> {
    const { changes } = await this.#task.diff(this.id, this.outs ?? {}, this.inputs);
    assert.equal(changes, false, "there is a difference left");
  }

  /** Does something, and writes down what was called, said and recorded. */
  async #done(before: Properties, work: () => Promise<void>): Promise<void> {
    this.#said.length = 0;
    await this.emulator.reset();
    const at = this.lines.length;
    try {
      await work();
    } catch (error) {
      this.say(`  fails ${error instanceof Error ? error.message : String(error)}`);
      if (error instanceof Unfinished) [this.id, this.outs] = [error.id, error.properties];
    }
    const heard = this.lines.splice(at);
    const calls = await this.emulator.calls();
    this.know(calls.map(({ outcome }) => outcome));
    const shownCalls = withoutRepeats(
      calls.map(({ operation, parameters, outcome }) =>
        [operation, ...(this.brief ? [] : pairs(parameters)), ...(outcome === "ok" ? [] : ["→", outcome])].join(" "),
      ),
    );
    if (!this.brief) for (const call of shownCalls) this.say(`  ${call}`);
    else if (shownCalls.length > 0) this.say(`  calls ${shownCalls.join(", ")}`);
    for (const said of this.#said) this.say(`  ${said}`);
    this.lines.push(...heard);
    this.#differing("state", this.#state(before), this.#state(this.outs ?? {}));
  }

  /** The state as a person would tell it: the record by the names of the properties. */
  #state(outs: Properties): Map<string, string> {
    const table = leaves(this.kind.fields);
    const { applied, seen, creationToken: _token, ...others } = outs;
    const state = Object.keys(others).length === 0 ? new Map<string, string>() : flat(others);
    for (const [name, line] of [
      ["applied", applied],
      ["seen", seen],
    ] as const)
      for (const [path, value] of decodeRecord(line, table)) state.set(`${name} ${path}`, value);
    return state;
  }

  #differing(verb: string, before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): void {
    const isRecord = (name: string) => /^(applied|seen) /.test(name);
    const shown: string[] = [];
    for (const [name, value] of after) {
      if (before.get(name) === value) continue;
      if (name === "modifyTime" && this.brief) continue;
      if (!isRecord(name)) shown.push(`${name}=${value}`);
      else shown.push(`${before.has(name) ? "~" : "+"}${name.replace(" ", ":")}`);
    }
    for (const name of before.keys())
      if (!after.has(name) && name !== "creationToken") shown.push(`-${name.replace(" ", ":")}`);
    if (shown.length > 0) this.say(`  ${verb} ${shown.join(" ")}`);
  }

  /** Ids by name and without moments, which differ from run to run. */
  #readable(line: string): string {
    return line
      .replace(/\btoken(\d{8})\b/g, (token) => (token === this.#token ? "<token>" : "<other token>"))
      .replace(/http:\/\/127\.0\.0\.1:\d+/g, "<endpoint>")
      .replace(/\(request [^)]*\)/g, "(request …)")
      .replace(/\b[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}\b/g, "<uuid>")
      .replace(/\b20\d\d-\d\d-\d\d[ T]\d\d:\d\d:\d\d\b/g, (time) =>
        Math.abs(Date.parse(`${time.replace(" ", "T")}Z`) - Date.now()) < 2 * DAY ? "<time>" : time,
      )
      .replace(/\d{6,}/g, (digits) => {
        if (Math.abs(Number(digits) - Date.now()) < 2 * DAY) return "<time>";
        if (this.#given.has(digits) || /^1[5-9]\d{8}000$/.test(digits)) return digits;
        if (!this.#names.has(digits))
          this.#names.set(digits, `#${[...this.#names.values()].filter((name) => name.startsWith("#")).length + 1}`);
        return this.#names.get(digits) as string;
      });
  }
}

const READING = /^(Get|List|Describe)/;

/** The calls, what is read again and again only once: how often depends on the time that something takes. */
function withoutRepeats(calls: readonly string[]): string[] {
  const kept: string[] = [];
  for (const call of calls) {
    kept.push(call);
    for (const size of [1, 2, 3]) {
      const [before, last] = [kept.slice(-2 * size, -size), kept.slice(-size)];
      if (before.length === size && before.join() === last.join() && last.every((each) => READING.test(each)))
        kept.splice(-size);
    }
  }
  return kept;
}

/** A value as text: what is plain stays so. */
const shown = (value: unknown): string =>
  typeof value === "string" && /^[\w./:+-]+$/.test(value) ? value : stableText(value);

/** The members by their dotted paths. */
export function flat(value: unknown, prefix = "", write: (value: unknown) => string = shown): Map<string, string> {
  if (!isObject(value) || Object.keys(value).length === 0) return new Map([[prefix, write(value)]]);
  return new Map(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .flatMap(([name, member]) => [...flat(member, prefix === "" ? name : `${prefix}.${name}`, write)]),
  );
}

/** The parameters of a call. */
const pairs = (parameters: unknown): string[] =>
  isObject(parameters) && Object.keys(parameters).length > 0
    ? [...flat(parameters)].map(([name, value]) => `${name}=${value}`)
    : [];
