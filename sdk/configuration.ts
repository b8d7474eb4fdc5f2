import * as pulumi from "@pulumi/pulumi";
import { alibabaSettings, tencentSettings } from "../provider/clouds/configuration";
import type { ConfigurationSource } from "../provider/clouds/configuration";
import type { Connection } from "../provider/clouds/connections";
import { meant } from "../provider/core/check";
import { isObject } from "../provider/core/fields";
import { isTimeZone } from "../provider/resources/time";
import { type Module, configuredRules } from "./rules";
import { oncePerRun, perRun } from "./run";
import { show } from "../provider/core/quoting";
import { isComputed } from "./computed";

/** The stack's configuration in the form in which the provider reads it. */
export const stackConfiguration: ConfigurationSource = { get: (key) => pulumi.runtime.getConfig(key) };

/** Settings beside those of the connection. */
const OTHERS: Readonly<Record<Module, readonly string[]>> = {
  dataworks: ["connections", "rules", "timeZone", "comment", "limiter", "limiterRequired"],
  wedata: ["connections", "rules", "limiter", "limiterRequired"],
};

/** The settings that a connection is made from: those that it asks an empty configuration for. */
function settingsRead(settings: (source: ConfigurationSource, environment: NodeJS.ProcessEnv) => unknown): string[] {
  const asked = new Set<string>();
  settings(
    {
      get(key) {
        asked.add(key.slice(key.indexOf(":") + 1));
        return undefined;
      },
    },
    {},
  );
  return [...asked];
}

const OF_CONNECTIONS: Readonly<Record<Module, readonly string[]>> = {
  dataworks: settingsRead(alibabaSettings),
  wedata: settingsRead(tencentSettings),
};

/** Every setting of a cloud in the stack's configuration, without `dataworks:` or `wedata:`. */
export const knownSettings = (module: Module): readonly string[] => [...OF_CONNECTIONS[module], ...OTHERS[module]];

/** Warns about settings that nothing reads, once in a run. Never shows a value. */
export const warnOfUnknownSettings: () => void = oncePerRun(() => {
  for (const [key, value] of Object.entries(pulumi.runtime.allConfig())) {
    const [module = "", ...rest] = key.split(":");
    if (module !== "dataworks" && module !== "wedata") continue;
    const name = rest.join(":");
    const known = knownSettings(module);
    if (name === "connections") warnOfUnknownMembers(module, value);
    else if (!known.includes(name)) say(module, key, nearest(module, name, known));
  }
});

function warnOfUnknownMembers(module: Module, text: string): void {
  const known = OF_CONNECTIONS[module];
  for (const [connection, settings] of Object.entries(parsed(text))) {
    for (const name of Object.keys(isObject(settings) ? settings : {})) {
      if (known.includes(name)) continue;
      say(module, `${module}:connections.${connection}.${name}`, meant(name, known));
    }
  }
}

function nearest(module: Module, name: string, known: readonly string[]): string {
  if (module === "wedata" && name === "timeZone")
    return "; write scheduleTimeZone at the tasks instead, which only the mainland site has";
  return meant(name, known).replace("did you mean ", `did you mean ${module}:`);
}

function say(module: Module, key: string, hint: string): void {
  // A project of this name keeps its own settings under the same prefix: only what looks misspelt is worth a word.
  if (hint === "" && pulumi.getProject() === module) return;
  const level = configuredRules(module)["unknown-setting"];
  const sentence = `the setting ${key} is not known and has no effect${hint} [unknown-setting]`;
  if (level === "error") throw new pulumi.RunError(sentence);
  if (level !== "off") void pulumi.log.warn(sentence);
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** The time zone that `dataworks:timeZone` gives to the schedules that name none; `undefined` where it is not set. */
export function configuredTimeZone(): string | undefined {
  const zone = pulumi.runtime.getConfig("dataworks:timeZone")?.trim();
  if (zone === undefined || zone === "") return undefined;
  if (!isTimeZone(zone))
    throw new pulumi.RunError(
      `dataworks:timeZone must be the name of a time zone such as Asia/Shanghai, got ${show(zone.slice(0, 60))}`,
    );
  return zone;
}

/**
 * A schedule with the time zone of the stack, where it has one of these times and names no zone itself: as an ordinary
 * argument, which the preview shows.
 */
export function zoned(schedule: unknown, times: readonly string[]): unknown {
  const timeZone = configuredTimeZone();
  if (timeZone === undefined) return schedule;
  if (isComputed(schedule))
    return pulumi.output(schedule as pulumi.Input<object>).apply((known: unknown) => withZone(known, times, timeZone));
  return withZone(schedule, times, timeZone);
}

function withZone(schedule: unknown, times: readonly string[], timeZone: string): unknown {
  if (!isObject(schedule) || (schedule["timeZone"] ?? undefined) !== undefined) return schedule;
  return times.some((name) => (schedule[name] ?? undefined) !== undefined) ? { ...schedule, timeZone } : schedule;
}

const places = perRun(() => new Map<string, string | undefined>());

/** The cloud, region and endpoint of a task, or `undefined` where its connection is not known yet or not right. */
export function placeOf(module: Module, connection: unknown): string | undefined {
  const key = connection === undefined || connection === null ? module : `${module} ${textOf(connection) ?? "?"}`;
  if (key.endsWith(" ?")) return undefined;
  const cache = places();
  if (cache?.has(key) === true) return cache.get(key);
  const place = readPlace(module, connection ?? undefined);
  cache?.set(key, place);
  return place;
}

function readPlace(module: Module, connection: Connection | undefined): string | undefined {
  try {
    const { region, endpoint } = (module === "dataworks" ? alibabaSettings : tencentSettings)(
      stackConfiguration,
      process.env,
      connection,
    );
    return [module, region ?? "", endpoint ?? ""].join(" ");
  } catch {
    // What is wrong with it is said where it is used.
    return undefined;
  }
}

/** A connection as text, or `undefined` while a part of it is still to be computed. */
function textOf(connection: unknown): string | undefined {
  if (!isObject(connection)) return undefined;
  const entries = Object.entries(connection).filter(([, value]) => value !== undefined);
  return entries.every(([, value]) => typeof value === "string") ? JSON.stringify(entries.sort()) : undefined;
}
