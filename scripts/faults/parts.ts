import { classes } from "./classes";
import { hostile } from "./hostile/part";
import { kill } from "./kill/part";
import { load } from "./load/part";
import type { Part } from "./part";
import { secrets } from "./secrets/part";
import { upgrades } from "./upgrades/part";

/** In the order in which they run. */
export const parts: readonly Part[] = [classes, kill, load, hostile, secrets, upgrades];
