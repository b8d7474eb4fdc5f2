import { hostile } from "./hostile/part";
import { load } from "./load/part";
import type { Part } from "./part";

/** In the order in which they run. */
export const parts: readonly Part[] = [load, hostile];
