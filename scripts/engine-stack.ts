import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import type { ConfigMap, Deployment, EngineEvent, OpType, OutputMap, Stack } from "@pulumi/pulumi/automation";
import { prepare } from "./setup.js";
import type { Prepared } from "./setup.js";

/** One resource the engine means to touch, or has touched; resources that stay the same are only counted. */
export interface ResourceChange {
  op: OpType;
  urn: string;
  type: string;
  name: string;
  /**
   * Property path (`schedule.cron`, `tags[0]`) → `add`, `update` or `delete`: the difference between old and new inputs
   * that the engine draws on the screen.
   */
  detailedDiff: Record<string, "add" | "update" | "delete">;
  /** The properties for whose sake it is replaced. */
  replaceKeys: string[];
  oldInputs: Record<string, unknown>;
  newInputs: Record<string, unknown>;
}

export interface Diagnostic {
  severity: string;
  message: string;
  urn?: string;
}

export interface Report {
  /** How many resources got which operation: `{ create: 2, same: 1 }`; the stack itself counts as one. */
  summary: Partial<Record<OpType, number>>;
  changes: ResourceChange[];
  diagnostics: Diagnostic[];
  /** What the CLI printed. */
  text: string;
  milliseconds: number;
}

export interface UpReport extends Report {
  outputs: OutputMap;
}

export interface RunOptions {
  /** Shows the field-by-field difference in `text`. */
  diff?: boolean;
  target?: string[];
  /** Also what depends on the targets. */
  targetDependents?: boolean;
  exclude?: string[];
  /** `up` and `preview`: replaces these, changed or not. */
  replace?: string[];
  /** `refresh`: shows what has moved, and records nothing. */
  previewOnly?: boolean;
  /** `refresh`: forgets creations that were interrupted. */
  clearPendingCreates?: boolean;
  parallel?: number;
  /** Gets what the CLI prints, as it prints it. */
  onOutput?: (text: string) => void;
  color?: "always" | "never" | "raw" | "auto";
  /** `up`, `preview` and `destroy`: refresh first. */
  refresh?: boolean;
}

/** A run of the engine that did not succeed: the message holds the errors it showed, `report` the whole run. */
export class EngineFailure extends Error {
  override readonly name = "EngineFailure";
  readonly report: Report;
  constructor(action: string, report: Report, cause: unknown) {
    const errors = report.diagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ message }) => message.trim());
    super(`pulumi ${action} failed: ${errors.length > 0 ? errors.join("\n") : String(cause)}`, { cause });
    this.report = report;
  }
}

/** A stack with its folder and the five things done with it. A run that fails throws an `EngineFailure`. */
export interface EngineStack {
  readonly stack: Stack;
  /** The project's folder: where the program runs, and where `pulumi` can be called by hand with `environment`. */
  readonly folder: string;
  /** The variables that make `pulumi` work on this stack's state. */
  readonly environment: Record<string, string>;
  preview(options?: RunOptions): Promise<Report>;
  up(options?: RunOptions): Promise<UpReport>;
  refresh(options?: RunOptions): Promise<Report>;
  destroy(options?: RunOptions): Promise<Report>;
  /** The state with its secrets in plain text, as the Automation API exports it. */
  exportState(): Promise<Deployment>;
  /** Every file of the backend (state, history, backups) as it lies on the disk, to look for what must not be in it. */
  stateText(): Promise<string>;
  /** The size of the state file. */
  stateBytes(): Promise<number>;
  /** Sets or changes configuration between runs. */
  configure(values: StackValues): Promise<void>;
}

export interface StackValues {
  /** Plain configuration, keys as in `dataworks:region`. */
  config?: Record<string, string>;
  /** Configuration kept encrypted. */
  secretConfig?: Record<string, string>;
}

export interface EngineOptions extends StackValues {
  /** Environment of the engine, the program and the provider, besides this process's own. */
  env?: Record<string, string>;
}

let prepared: Promise<Prepared> | undefined;

/** The engine this process works with, looked for (and got, if need be) once. */
export function engine(): Promise<Prepared> {
  return (prepared ??= prepare());
}

/** The engine as the Automation API wants it. */
export async function engineCommand(): Promise<PulumiCommand> {
  const { pulumi } = await engine();
  const folder = path.dirname(pulumi);
  // The Automation API looks for <root>/bin/pulumi; an engine that lies elsewhere is found through PATH.
  return path.basename(folder) === "bin" ? PulumiCommand.get({ root: path.dirname(folder) }) : PulumiCommand.get();
}

/** The variables of a run whose state lies in `stateFolder` and that looks nothing up on the network. */
export async function engineEnvironment(
  stateFolder: string,
  options: { passphrase?: string; home?: string } = {},
): Promise<Record<string, string>> {
  const { home, pathDirectories } = await engine();
  mkdirSync(stateFolder, { recursive: true });
  return {
    PATH: [...pathDirectories, process.env["PATH"] ?? ""].join(path.delimiter),
    PULUMI_HOME: options.home ?? home,
    PULUMI_BACKEND_URL: pathToFileURL(stateFolder).href,
    PULUMI_CONFIG_PASSPHRASE: options.passphrase ?? randomBytes(12).toString("hex"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}

/** The program did not reach the engine in its time, on a machine that is very busy: nothing has happened yet. */
const UNREACHED = /14 UNAVAILABLE: No connection established/;
const MOST_ATTEMPTS = 3;

/** The Automation API's stack with reports that tests and scripts can look into. */
export function engineStack(stack: Stack, folder: string, environment: Record<string, string>): EngineStack {
  async function recorded<T extends { stdout: string }>(
    action: string,
    run: (onEvent: (event: EngineEvent) => void) => Promise<T>,
  ): Promise<{ result: T; report: Report }> {
    for (let attempt = 1; ; attempt += 1) {
      const events: EngineEvent[] = [];
      const started = Date.now();
      try {
        const result = await run((event) => events.push(event));
        return { result, report: report(events, result.stdout, started) };
      } catch (cause) {
        if (attempt < MOST_ATTEMPTS && UNREACHED.test(String(cause))) continue;
        throw new EngineFailure(action, report(events, String(cause), started), cause);
      }
    }
  }

  const stateFolder = fileURLToPath(environment["PULUMI_BACKEND_URL"] ?? "");
  return {
    stack,
    folder,
    environment,
    preview: async (options = {}) =>
      (await recorded("preview", (onEvent) => stack.preview({ ...options, onEvent }))).report,
    up: async (options = {}) => {
      const { result, report } = await recorded("up", (onEvent) => stack.up({ ...options, onEvent }));
      return { ...report, outputs: result.outputs };
    },
    refresh: async ({ refresh: _, ...options } = {}) =>
      (await recorded("refresh", (onEvent) => stack.refresh({ ...options, onEvent }))).report,
    destroy: async (options = {}) =>
      (await recorded("destroy", (onEvent) => stack.destroy({ ...options, onEvent }))).report,
    exportState: () => stack.exportStack(),
    stateText: () =>
      Promise.resolve(
        filesUnder(stateFolder)
          .map((file) => readFileSync(file, "utf8"))
          .join("\n"),
      ),
    stateBytes: async () => {
      const { name } = await stack.workspace.projectSettings();
      return statSync(path.join(stateFolder, ".pulumi", "stacks", name, `${stack.name}.json`)).size;
    },
    configure: async (values) => {
      const all = configMap(values);
      if (Object.keys(all).length > 0) await stack.setAllConfig(all);
    },
  };
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function configMap({ config = {}, secretConfig = {} }: StackValues): ConfigMap {
  return Object.fromEntries([
    ...Object.entries(config).map(([key, value]) => [key, { value }] as const),
    ...Object.entries(secretConfig).map(([key, value]) => [key, { value, secret: true }] as const),
  ]);
}

function report(events: readonly EngineEvent[], text: string, started: number): Report {
  const summary: Partial<Record<OpType, number>> = {};
  const changes: ResourceChange[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { resourcePreEvent, resOutputsEvent, summaryEvent, diagnosticEvent } of events) {
    if (summaryEvent !== undefined) Object.assign(summary, summaryEvent.resourceChanges);
    // Debug messages come too, whatever the type says.
    const severity: string = diagnosticEvent?.severity ?? "debug";
    if (diagnosticEvent !== undefined && diagnosticEvent.ephemeral !== true && severity !== "debug") {
      const { message, urn } = diagnosticEvent;
      diagnostics.push({ severity, message: plain(message), ...(urn !== undefined && urn !== "" && { urn }) });
    }
    // A refresh announces every resource as "refresh" and says afterwards what has become of it.
    const metadata = resourcePreEvent?.metadata ?? resOutputsEvent?.metadata;
    if (metadata === undefined || metadata.op === "same" || metadata.op === "refresh") continue;
    // The engine's own entry for a provider changes with any stack configuration; nobody asked for it.
    if (metadata.type.startsWith("pulumi:providers:")) continue;
    const { op, urn, type, keys } = metadata;
    const oldInputs = withoutProvider(metadata.old?.inputs);
    const newInputs = withoutProvider(metadata.new?.inputs);
    const change: ResourceChange = {
      op,
      urn,
      type,
      name: urn.slice(urn.lastIndexOf("::") + 2),
      detailedDiff: metadata.old && metadata.new ? Object.fromEntries(differences("", oldInputs, newInputs)) : {},
      replaceKeys: keys ?? [],
      oldInputs,
      newInputs,
    };
    const earlier = changes.findIndex((other) => other.urn === urn && other.op === op);
    if (earlier === -1) changes.push(change);
    else if (resourcePreEvent === undefined) changes[earlier] = change;
  }
  return { summary, changes, diagnostics, text, milliseconds: Date.now() - started };
}

function withoutProvider({ __provider: _, ...inputs }: Record<string, unknown> = {}): Record<string, unknown> {
  return inputs;
}

function* differences(at: string, olds: unknown, news: unknown): Generator<[string, "add" | "update" | "delete"]> {
  if (isTree(olds) && isTree(news) && Array.isArray(olds) === Array.isArray(news)) {
    for (const key of new Set([...Object.keys(olds), ...Object.keys(news)])) {
      const inside = Array.isArray(news) ? `${at}[${key}]` : at === "" ? key : `${at}.${key}`;
      yield* differences(inside, olds[key], news[key]);
    }
  } else if (olds === undefined && news !== undefined) yield [at, "add"];
  else if (olds !== undefined && news === undefined) yield [at, "delete"];
  else if (olds !== news) yield [at, "update"];
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** The engine's messages carry its own colour marks, `<{%reset%}>`. */
function plain(message: string): string {
  return message.replaceAll(/<\{%[^%]*%\}>/g, "");
}
