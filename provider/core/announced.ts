/**
 * Updates that a diff of this process has announced and that have not begun, by the name of the resource's class: the engine
 * compares ahead of what it carries out, so they come soon, as many at once as `--parallel` lets it.
 */
const announced = new Map<string, Set<string>>();

export function announce(name: string, id: string): void {
  const ids = announced.get(name);
  if (ids) ids.add(id);
  else announced.set(name, new Set([id]));
}

export function begun(name: string, id: string): void {
  announced.get(name)?.delete(id);
}

/** How many updates are still to begin. */
export const toCome = (name: string): number => announced.get(name)?.size ?? 0;
