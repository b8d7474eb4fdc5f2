import { classes } from "./classes";
import { kill } from "./kill/part";
import type { Part } from "./part";
import { secrets } from "./secrets";
import { upgrades } from "./upgrades";

/** In the order in which they run. */
export const parts: readonly Part[] = [classes, kill, secrets, upgrades];
