import { type Cloud, TaskError } from "../core/errors";
import type { ConfigurationSource } from "./configuration";
import type { SharedLimits } from "./limits";
import { serverAt } from "./shared-server";

const CLOUDS: readonly Cloud[] = ["dataworks", "wedata"];

/** The servers in which the stack wants its limits kept: `dataworks:limiter`, `wedata:limiter`, and whether they are required. */
export function limiterServers(source: ConfigurationSource): Partial<Record<Cloud, SharedLimits>> {
  const servers: Partial<Record<Cloud, SharedLimits>> = {};
  for (const cloud of CLOUDS) {
    const address = source.get(`${cloud}:limiter`)?.trim() ?? "";
    const required = source.get(`${cloud}:limiterRequired`)?.trim() ?? "";
    if (!["", "true", "false"].includes(required))
      throw new TaskError(
        `${cloud}:limiterRequired must be true or false, got ${JSON.stringify(required.slice(0, 60))}`,
      );
    if (address === "" && required === "true")
      throw new TaskError(
        `${cloud}:limiterRequired is true, but ${cloud}:limiter names no server: set ${cloud}:limiter, or take ${cloud}:limiterRequired away`,
      );
    if (address === "") continue;
    serverAt(address, `${cloud}:limiter`);
    servers[cloud] = { address, isRequired: required === "true" };
  }
  return servers;
}
