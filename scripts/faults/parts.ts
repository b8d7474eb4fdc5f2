import { classes } from "./classes";
import { kill } from "./kill/part";
import type { Part } from "./part";

/** In the order in which they run. */
export const parts: readonly Part[] = [classes, kill];
