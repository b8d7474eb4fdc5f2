import { type Checked, meant } from "../check";
import { findingsOfFiles } from "../content";
import { show } from "../quoting";
import { type Definition, type Properties } from "../definition";
import { type Table, isObject, isUnknown, leavesOf } from "../fields";
import { type Finding, type Levels, error } from "../findings";
import { inFormerSpelling } from "../former";
import { HEEDED } from "../heeded";
import { checkInputs } from "../lifecycle";
import { PROVIDER, TOKEN } from "../state";
import { circleIn } from "./order";
import { TASKS, put } from "./record";
import { mapped, namedSiblings, siblingsIn, withNames, withSiblings } from "./siblings";

/** What stands beside the tasks in the arguments of a set. */
export const DEFAULTS = "defaults";
export const RELEASE = "release";
/** By key, what makes the task the same one under another key and name, such as the id of a node in a document. */
export const IDENTITIES = "identities";
/** The name of the resource in the program, for sentences: no hook is told it. */
export const LABEL = "label";

const OWN = new Set<string>([TASKS, DEFAULTS, RELEASE, IDENTITIES, LABEL, TOKEN, HEEDED, PROVIDER]);
const LONGEST_KEY = 128;
const COMPUTED = "must be an object that is known when the program runs; the values in it may be outputs";

/** The path of a task, for sentences: `tasks.ods_orders`, or `tasks["my orders"]`. */
export const taskPath = (key: string): string =>
  /^[\p{L}_][\p{L}\p{N}_-]*$/u.test(key) ? `${TASKS}.${key}` : `${TASKS}[${JSON.stringify(key)}]`;

/**
 * The canonical arguments of a set and the findings about all of its tasks, each at the path where the user wrote it: the
 * check of the single resource for every task with the defaults filled in. The canonical form has no defaults.
 */
export function checkSet<A extends object, F extends object>(
  definition: Definition<A, F>,
  given: Properties,
  configured: Levels = {},
  now?: Date,
): Checked {
  const fields = definition.fields as unknown as Table;
  const findings: Finding[] = [];
  for (const name of Object.keys(given)) {
    if (OWN.has(name) || given[name] === undefined) continue;
    const hint = Object.hasOwn(fields, name)
      ? `; write it in the arguments of a task, or in ${DEFAULTS} for all of them`
      : meant(name, [TASKS, DEFAULTS, RELEASE]);
    findings.push(error(name, "unknown-property", `is not a property of a set of tasks${hint}`));
  }
  const tasks = given[TASKS];
  const defaults = given[DEFAULTS] ?? {};
  if (!isObject(tasks))
    findings.push(
      error(
        TASKS,
        "type",
        isUnknown(tasks)
          ? COMPUTED
          : `must be an object with the arguments of each task by its key, got ${show(tasks)}`,
      ),
    );
  if (!isObject(defaults))
    findings.push(
      error(
        DEFAULTS,
        "type",
        isUnknown(defaults) ? COMPUTED : `must be an object with arguments for all tasks, got ${show(defaults)}`,
      ),
    );
  const keys = given[RELEASE];
  if (keys !== undefined && !(Array.isArray(keys) && keys.every((key) => typeof key === "string")) && !isUnknown(keys))
    findings.push(error(RELEASE, "type", `must be a list of keys, got ${show(keys)}`));
  if (!isObject(tasks) || !isObject(defaults)) return { inputs: given, findings };

  const checked: Record<string, Properties> = {};
  const said = new Set<string>();
  for (const [key, own] of Object.entries(tasks)) {
    if (own === undefined || own === null) continue;
    if (key === "" || key.length > LONGEST_KEY) {
      findings.push(error(taskPath(key.slice(0, 20)), "length", `must have a key of 1 to ${LONGEST_KEY} characters`));
      continue;
    }
    if (!isObject(own)) {
      findings.push(error(taskPath(key), "type", isUnknown(own) ? COMPUTED : `must be an object, got ${show(own)}`));
      continue;
    }
    const result = checkTask(definition, withDefaults(fields, defaults, own), tasks, configured, now);
    put(checked, key, result.inputs);
    for (const finding of result.findings) {
      const property = placeIn(finding.property, own, defaults)
        ? `${DEFAULTS}.${finding.property}`
        : `${taskPath(key)}.${finding.property}`;
      // What is wrong with a default is wrong once.
      const sentence = `${property} ${finding.code} ${finding.reason}`;
      if (!said.has(sentence)) findings.push({ ...finding, property });
      said.add(sentence);
    }
  }
  const naming = definition.upstreams;
  const circle = naming && circleIn(namedSiblings(checked, naming));
  if (circle !== undefined) {
    const reason = `closes a circle: ${circle.join(" → ")}; each names the next by its key, and none can be the first; take one out, or name one of them by an output`;
    findings.push(error(`${taskPath(circle[0] as string)}.${naming?.list ?? ""}`, "cycle", reason));
  }
  const others = [LABEL, RELEASE, IDENTITIES, TOKEN, HEEDED].filter((name) => given[name] !== undefined);
  return { inputs: { [TASKS]: checked, ...Object.fromEntries(others.map((name) => [name, given[name]])) }, findings };
}

/** What is wrong with the files of the tasks, as far as they are not those of the former arguments. */
export async function findingsOfFilesIn(fields: Table, inputs: Properties, olds: unknown): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [key, args] of Object.entries(isObject(inputs[TASKS]) ? inputs[TASKS] : {})) {
    const before = isObject(olds) && isObject(olds[TASKS]) && Object.hasOwn(olds[TASKS], key) ? olds[TASKS][key] : {};
    for (const finding of await findingsOfFiles(leavesOf(fields), args, before))
      findings.push({ ...finding, property: `${taskPath(key)}.${finding.property}` });
  }
  return findings;
}

/** The check of one task; an upstream of the set passes as one that is known by name. */
function checkTask<A extends object, F extends object>(
  definition: Definition<A, F>,
  args: Properties,
  tasks: Properties,
  configured: Levels,
  now: Date | undefined,
): Checked {
  const naming = definition.upstreams;
  if (naming === undefined) return checkInputs(definition, args, configured, now);
  const siblings = siblingsIn(args, naming);
  const unknown = siblings.filter(({ key }) => !Object.hasOwn(tasks, key));
  const stands = new Map(siblings.map(({ key }, index) => [key, naming.placeholder(index)]));
  const names = new Map([...stands].map(([key, name]) => [name, `tasks.${key}`]));
  const { inputs, findings } = checkInputs(
    definition,
    withSiblings(args, naming, (key) => stands.get(key) as string),
    configured,
    now,
  );
  return {
    inputs: withNames(inputs, naming, (name) => names.get(name)),
    findings: [
      ...findings,
      ...unknown.map(({ key, property }) =>
        error(
          property,
          "unknown-task",
          `names the task ${JSON.stringify(key)}, which is not in this set${meant(key, Object.keys(tasks))}`,
        ),
      ),
    ],
  };
}

/** A task with the defaults filled in: groups and maps member by member, everything else as a whole. */
export function withDefaults(fields: Table, defaults: Properties, own: Properties): Properties {
  const result: Properties = { ...defaults };
  for (const [name, value] of Object.entries(own)) {
    if (value === undefined || value === null) continue;
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const under = Object.hasOwn(defaults, name) ? defaults[name] : undefined;
    const isMerged = (field?.kind === "group" || field?.kind === "map") && isObject(under) && isObject(value);
    const members = field?.kind === "group" ? field.fields : {};
    put<unknown>(result, name, isMerged ? withDefaults(members, under, value) : value);
  }
  return result;
}

/** Whether what a path leads to was written among the defaults. */
function placeIn(path: string, own: Properties, defaults: Properties): boolean {
  let [mine, common]: [unknown, unknown] = [own, defaults];
  for (const name of path.split(/[.[]/)) {
    const there = isObject(mine) && Object.hasOwn(mine, name) ? mine[name] : undefined;
    const under = isObject(common) && Object.hasOwn(common, name) ? common[name] : undefined;
    if (there === undefined || there === null) return under !== undefined && under !== null;
    if (!isObject(there) || !isObject(under)) return false;
    [mine, common] = [there, under];
  }
  return false;
}

/** The canonical arguments; what means the same as in the state stays as it is spelt there. */
export function setInFormerSpelling(fields: Table, inputs: Properties, olds: Properties): Properties {
  const before = isObject(olds[TASKS]) ? olds[TASKS] : {};
  const table = leavesOf(fields);
  return {
    ...inputs,
    [TASKS]: mapped((inputs[TASKS] ?? {}) as Record<string, Properties>, (args, key) => {
      const old = Object.hasOwn(before, key) ? before[key] : undefined;
      return isObject(old) ? inFormerSpelling(fields, table, args, old) : args;
    }),
  };
}
