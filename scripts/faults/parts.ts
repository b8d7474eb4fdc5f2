import { classes } from "./classes";
import type { Part } from "./part";
import { secrets } from "./secrets/part";
import { upgrades } from "./upgrades/part";

/** In the order in which they run. */
export const parts: readonly Part[] = [classes, secrets, upgrades];
