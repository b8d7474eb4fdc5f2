import * as pulumi from "@pulumi/pulumi";
import { show } from "../provider/core/quoting";
import { isObject } from "../provider/core/fields";
import { LEVELS, type Level, type Levels } from "../provider/core/findings";
import { problemOfLevel } from "../provider/resources/codes";
import { perRun } from "./run";

export type Module = "dataworks" | "wedata";

const known = perRun(() => new Map<Module, Levels>());

/**
 * What the stack's configuration makes of our cautions, by code: `dataworks:rules` or `wedata:rules`, a JSON object such
 * as `{"unproduced-output": "off"}`. The argument `rules` of a task comes before it. Anything else stops the program.
 */
export function configuredRules(module: Module): Levels {
  const cache = known();
  const levels = cache?.get(module) ?? readRules(module);
  cache?.set(module, levels);
  return levels;
}

function readRules(module: Module): Levels {
  const key = `${module}:rules`;
  const text = pulumi.runtime.getConfig(key);
  if (text === undefined || text.trim() === "") return {};
  const hint = `set one with \`pulumi config set --path '${key}.<code>' off\``;
  let rules: unknown;
  try {
    rules = JSON.parse(text);
  } catch {
    rules = text;
  }
  if (!isObject(rules))
    throw new pulumi.RunError(
      `${key} must be an object of "off", "warning" or "error" by code, got ${show(rules)}; ${hint}`,
    );
  for (const [code, level] of Object.entries(rules)) {
    const problem = problemOfLevel(code, level);
    if (problem !== undefined) throw new pulumi.RunError(`${key}.${code} ${problem}`);
  }
  return rules as Levels;
}

/** The levels for one task: its own argument, as far as it is known now, before the stack's. */
export function rulesOf(module: Module, own: unknown): Levels {
  const configured = configuredRules(module);
  if (!isObject(own) || pulumi.Output.isInstance(own)) return configured;
  const known = Object.entries(own).filter(([, level]) => LEVELS.includes(level as Level));
  return { ...configured, ...(Object.fromEntries(known) as Levels) };
}
