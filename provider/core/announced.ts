import { type Hooks } from "./lifecycle";

/**
 * Updates that a diff of this process has announced and that have not begun, by the name of the resource's class: the engine
 * compares ahead of what it carries out, so they come soon, as many at once as `--parallel` lets it.
 */
const announced = new Map<string, Set<string>>();

/** How many updates are still to begin. */
export const toCome = (name: string): number => announced.get(name)?.size ?? 0;

/** The same hooks of a class of resources, which note what is to come. */
export function announcing(name: string, hooks: Hooks): Hooks {
  const ids = announced.get(name) ?? new Set<string>();
  announced.set(name, ids);
  return {
    ...hooks,
    async diff(id, olds, news) {
      ids.delete(id);
      const difference = await hooks.diff(id, olds, news);
      if (difference.changes && difference.replaces.length === 0) ids.add(id);
      return difference;
    },
    update(id, olds, news) {
      ids.delete(id);
      return hooks.update(id, olds, news);
    },
    delete(id, props) {
      ids.delete(id);
      return hooks.delete(id, props);
    },
  };
}
