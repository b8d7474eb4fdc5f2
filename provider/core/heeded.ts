import { isObject } from "./fields";

/**
 * Options of the engine that it cannot carry out alone for a dynamic provider. The resource class puts them beside the
 * arguments where the user gives them: `replaceOnChanges` needs the names of the changed properties, which the engine's
 * host does not pass on, and `ignoreChanges` covers the comparison, but not what an update finds spoilt and sends again.
 */
export interface Heeded {
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  /** Where the program has put secrets: the hooks get plain values, and messages must not show these. */
  readonly secrets?: readonly string[];
}

/** Their name among the inputs, and in the outputs, from which a refresh makes inputs again. */
export const HEEDED = "engineOptions";

/** Says of a dotted path of the table whether an option of the state or the inputs is about it. */
export interface Heed {
  /** The whole property is ignored. */
  readonly ignores: (path: string) => boolean;
  /** The property, or something inside it, is ignored. */
  readonly spares: (path: string) => boolean;
  readonly replaces: (path: string) => boolean;
}

export function heedOf(inputs: Readonly<Record<string, unknown>>): Heed {
  const given = inputs[HEEDED];
  const { ignoreChanges = [], replaceOnChanges = [] } = (isObject(given) ? given : {}) as Heeded;
  const ignored = ignoreChanges.map(namesIn);
  const replacing = replaceOnChanges.map(namesIn);
  const names = (path: string) => path.split(".");
  return {
    ignores: (path) => ignored.some((option) => covers(option, names(path))),
    spares: (path) => ignored.some((option) => covers(option, names(path)) || covers(names(path), option)),
    replaces: (path) => replacing.some((option) => covers(option, names(path))),
  };
}

/** The names in a property path as the engine writes it: `trigger.cron`, `tags["a.b"]`, `dependencies[0].type`, `*`. */
export const namesIn = (path: string): string[] =>
  [...path.matchAll(/\[\s*"((?:[^"\\]|\\.)*)"\s*\]|\[\s*([^\]]*?)\s*\]|([^.[\]]+)/g)].map(
    ([, quoted, index, name]) => quoted?.replace(/\\(.)/g, "$1") ?? index ?? name ?? "",
  );

/** Whether a path lies at another one or below; a star stands for any name. */
export const covers = (above: readonly string[], below: readonly string[]): boolean =>
  above.length > 0 && above.length <= below.length && above.every((name, at) => name === "*" || name === below[at]);
