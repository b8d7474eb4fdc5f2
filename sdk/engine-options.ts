import * as pulumi from "@pulumi/pulumi";
import { meant } from "../provider/core/check";
import { type Table, isObject, leaves } from "../provider/core/fields";
import { type Finding, type Levels, sentenceOf, warning, withLevels } from "../provider/core/findings";
import { type Heeded, covers, namesIn } from "../provider/core/heeded";
import type { Definition } from "../provider/core/definition";
import { show, spelt } from "../provider/core/quoting";

/** What the options of the engine come to for one of our resources. */
export interface EngineOptions {
  readonly opts: pulumi.CustomResourceOptions;
  /** What the hooks have to know of them. */
  readonly heeded: Heeded;
  readonly findings: readonly Finding[];
}

/**
 * The options as these resources need them. Every replacement deletes first, also where the engine does not ask the
 * provider (`--replace`): a new task made while the old one is there would be taken for it, and deleted with it.
 */
export function engineOptions(
  definition: Definition<never, never>,
  name: string,
  opts: pulumi.CustomResourceOptions,
  levels: Levels,
): EngineOptions {
  const about = `${definition.name} ${show(name)}`;
  for (const option of ["import", "id"] as const) {
    if (opts[option] === undefined) continue;
    throw new pulumi.RunError(
      `${about}: the option ${option} does not work with this kind of resource; take it out and name the task's id in the argument adopt`,
    );
  }
  if (opts.deleteBeforeReplace === false) {
    throw new pulumi.RunError(
      `${about}: deleteBeforeReplace: false is not possible, because the new task would meet the old one; take the option out`,
    );
  }
  const { ignoreChanges = [], replaceOnChanges = [] } = opts;
  for (const [option, paths] of Object.entries({ ignoreChanges, replaceOnChanges })) {
    // It would cover every property there is.
    const empty = paths.findIndex((path) => namesIn(path).length === 0);
    if (empty >= 0)
      throw new pulumi.RunError(`${about}: ${option}[${empty}] names no property; name one, or "*" for all of them`);
  }
  const fields = definition.fields as unknown as Table;
  const heeded: Heeded = {
    ...(ignoreChanges.length > 0 && { ignoreChanges }),
    ...(replaceOnChanges.length > 0 && { replaceOnChanges }),
  };
  const findings = [
    ...ignoreChanges.flatMap((path) => unknownPath("ignoreChanges", path, fields)),
    ...replaceOnChanges.flatMap((path) => [
      ...unknownPath("replaceOnChanges", path, fields),
      ...insideOne(path, fields),
    ]),
  ];
  if (opts.customTimeouts !== undefined) {
    const reason = "does not reach this kind of resource; write the argument timeouts, in seconds, instead";
    findings.push(warning("customTimeouts", "engine-option", reason));
  }
  const settled = withLevels(findings, levels);
  const refused = settled.find(({ severity }) => severity === "error");
  if (refused !== undefined) throw new pulumi.RunError(`${about}: ${sentenceOf(refused)}`);
  return {
    opts: { ...opts, deleteBeforeReplace: true },
    heeded,
    findings: settled,
  };
}

/** A path that names no property would be ignored without a word. */
function unknownPath(option: string, path: string, fields: Table): Finding[] {
  let known: unknown = fields;
  for (const [depth, name] of namesIn(path).entries()) {
    if (name === "*" || !isObject(known)) return [];
    if (!Object.hasOwn(known, name)) {
      const below = leaves(fields).find((leaf) => leaf.path.endsWith(`.${name}`))?.path;
      const advice = depth === 0 && below !== undefined ? `; did you mean ${below}?` : meant(name, Object.keys(known));
      return [warning(option, "engine-option", `names ${spelt(path)}, which is no property of this resource${advice}`)];
    }
    const field = known[name] as Table[string];
    known = field.kind === "group" ? field.fields : undefined;
  }
  return [];
}

/** Inside a property that is compared as a whole nobody can tell what changed. */
function insideOne(path: string, fields: Table): Finding[] {
  const names = namesIn(path);
  const whole = leaves(fields).find((leaf) => {
    const place = leaf.path.split(".");
    return place.length < names.length && covers(place, names);
  });
  if (whole === undefined) return [];
  const reason = `names ${spelt(path)}, inside ${whole.path}, which replaces only as a whole; name ${whole.path}`;
  return [warning("replaceOnChanges", "engine-option", reason)];
}
