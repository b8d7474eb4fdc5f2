import * as pulumi from "@pulumi/pulumi";
import { isObject } from "../provider/core/fields";
import { oncePerRun } from "./run";

/** Stack configuration that opens an account, and must not lie in the state in plain text. */
const SECRET_KEYS = ["dataworks:accessKeySecret", "dataworks:securityToken", "wedata:secretKey", "wedata:token"];
/** The same inside named connections. */
const CONNECTIONS = ["dataworks:connections", "wedata:connections"];
/** Addresses in which a password may stand. */
const LIMITERS = ["dataworks:limiter", "wedata:limiter"];
const SECRET_MEMBERS = ["accessKeySecret", "securityToken", "secretKey", "token"];

/** Exported at run time, and marked internal in the types. */
const isConfigSecret = (key: string): boolean =>
  (pulumi.runtime as unknown as { isConfigSecret(key: string): boolean }).isConfigSecret(key);

/** Stops the program when a key was set as plain configuration: the engine keeps plain configuration in the state as it is. */
export const refusePlainCredentials: () => void = oncePerRun(() => {
  for (const key of SECRET_KEYS) {
    if (pulumi.runtime.getConfig(key) !== undefined && !isConfigSecret(key)) throw plain(key, key);
  }
  for (const key of LIMITERS) {
    const value = pulumi.runtime.getConfig(key);
    if (value !== undefined && !isConfigSecret(key) && /^[^/]*\/\/[^/]*@/.test(value)) throw plain(key, key);
  }
  for (const key of CONNECTIONS) {
    const value = pulumi.runtime.getConfig(key);
    if (value === undefined || isConfigSecret(key)) continue;
    for (const [name, member] of secretMembers(value))
      throw plain(`${key}.${name}.${member}`, `--path ${key}.${name}.${member}`);
  }
});

function secretMembers(text: string): [name: string, member: string][] {
  try {
    const connections: unknown = JSON.parse(text);
    return Object.entries(isObject(connections) ? connections : {}).flatMap(([name, connection]) =>
      SECRET_MEMBERS.filter((member) => isObject(connection) && member in connection).map(
        (member): [string, string] => [name, member],
      ),
    );
  } catch {
    return [];
  }
}

const plain = (key: string, setting: string) =>
  new pulumi.RunError(
    `${key} is set as plain configuration, which the engine would keep in the state as it is; set it again with \`pulumi config set --secret ${setting}\`, and replace the key if the file was ever shared`,
  );
