import type { TaskOptions } from "../resources/options";

/** The arguments of a kind of task as facts about an existing one: without our options, and any of them may be absent. */
export type Facts<T> = { readonly [K in keyof Omit<T, keyof TaskOptions>]?: Exclude<T[K], undefined> };

/** How long one look-up may take, in seconds. */
export const SECONDS_OF_LOOKUP = 300;
