import { TaskError } from "../core/errors";
import type { AlibabaSettings } from "./alibaba/client";
import { EDITIONS } from "./alibaba/limits";
import type { Edition } from "./alibaba/limits";
import { serves as servesDataWorks } from "./alibaba/regions";
import type { Connection } from "./connections";
import { hostnameIn, isLoopback } from "./endpoint";
import type { TencentSettings } from "./tencent/client";
import { serves as servesWeData } from "./tencent/regions";
import { show } from "../core/quoting";

/** What answers for stack configuration: Pulumi's dynamic-provider Config does, with full keys (`dataworks:region`). */
export interface ConfigurationSource {
  get(key: string): string | undefined;
}

type Get = (key: string) => string | undefined;

const IDENTITY = {
  dataworks: ["accessKeyId", "accessKeySecret", "securityToken", "profile", "roleArn"],
  wedata: ["secretId", "secretKey", "token", "profile", "roleArn"],
} as const;

/** DataWorks settings: the stack's `dataworks:*`, then the named connection, then what the connection itself says. */
export function alibabaSettings(
  source: ConfigurationSource,
  environment: NodeJS.ProcessEnv,
  connection: Connection = {},
): AlibabaSettings {
  const get = layered("dataworks", source, connection);
  const settings = defined<AlibabaSettings>({
    region: get("region") ?? nonEmpty(environment.ALIBABA_CLOUD_REGION_ID),
    endpoint: get("endpoint"),
    profile: get("profile"),
    roleArn: get("roleArn"),
    accessKeyId: get("accessKeyId"),
    accessKeySecret: get("accessKeySecret"),
    securityToken: get("securityToken"),
    readTimeoutSeconds: positive("dataworks", "readTimeoutSeconds", get),
    connectTimeoutSeconds: positive("dataworks", "connectTimeoutSeconds", get),
    requestsPerSecond: positive("dataworks", "requestsPerSecond", get),
    readsPerSecond: positive("dataworks", "readsPerSecond", get),
    writesPerSecond: positive("dataworks", "writesPerSecond", get),
    requestsPerDay: positive("dataworks", "requestsPerDay", get),
    edition: oneOf<Edition>("dataworks", "edition", Object.keys(EDITIONS) as Edition[], get),
    allowHttp: truth("dataworks", "allowHttp", get),
    fullRefresh: truth("dataworks", "fullRefresh", get),
  });
  pair("dataworks", "accessKeyId", settings.accessKeyId, "accessKeySecret", settings.accessKeySecret);
  return settings;
}

/** WeData settings, in the same order of precedence. */
export function tencentSettings(
  source: ConfigurationSource,
  environment: NodeJS.ProcessEnv,
  connection: Connection = {},
): TencentSettings {
  const get = layered("wedata", source, connection);
  const settings = defined<TencentSettings>({
    region: get("region") ?? nonEmpty(environment.TENCENTCLOUD_REGION),
    endpoint: get("endpoint"),
    profile: get("profile"),
    roleArn: get("roleArn"),
    secretId: get("secretId"),
    secretKey: get("secretKey"),
    token: get("token"),
    site: oneOf<"cn" | "intl">("wedata", "site", ["cn", "intl"], get),
    readTimeoutSeconds: positive("wedata", "readTimeoutSeconds", get),
    connectTimeoutSeconds: positive("wedata", "connectTimeoutSeconds", get),
    requestsPerSecond: positive("wedata", "requestsPerSecond", get),
    requestsPerSecondPerOperation: positive("wedata", "requestsPerSecondPerOperation", get),
    requestsPerDay: positive("wedata", "requestsPerDay", get),
    allowHttp: truth("wedata", "allowHttp", get),
    fullRefresh: truth("wedata", "fullRefresh", get),
  });
  pair("wedata", "secretId", settings.secretId, "secretKey", settings.secretKey);
  if (settings.requestsPerSecond !== undefined && settings.requestsPerSecondPerOperation !== undefined)
    throw new TaskError(
      "wedata:requestsPerSecond is one limit for all calls, and wedata:requestsPerSecondPerOperation one for each operation: take one of them away",
    );
  return settings;
}

/**
 * Reads a key from the innermost layer that has it. A layer that says who we are (keys, profile or role) hides what
 * the layers outside say about it: a profile for one resource must not be mixed with the stack's keys. A role of a
 * connection is assumed with the stack's own credentials, so it alone hides nothing but another role.
 */
function layered(namespace: "dataworks" | "wedata", source: ConfigurationSource, connection: Connection): Get {
  const own = ownLayer(namespace, connection);
  const layers: Layer[] = [{ name: "connection.", get: (key) => own[key] }];
  if (connection.name !== undefined) {
    const named = namedLayer(namespace, source, connection.name);
    layers.push({ name: `${namespace}:connections.${connection.name}.`, get: (key) => named[key] });
  }
  layers.push({ name: `${namespace}:`, get: (key) => source.get(`${namespace}:${key}`) });
  refuseOtherRegion(namespace, layers);
  const identity: readonly string[] = IDENTITY[namespace];
  const whoKeys = identity.filter((key) => key !== "roleArn");
  return (key) => {
    for (const { get } of layers) {
      const value = nonEmpty(get(key));
      if (value !== undefined) return value;
      if (identity.includes(key) && whoKeys.some((other) => nonEmpty(get(other)) !== undefined)) return undefined;
    }
    return undefined;
  };
}

/** Where settings are looked up, and what the names of its keys begin with. */
interface Layer {
  readonly name: string;
  readonly get: Get;
}

/** A region that stands further inside than the endpoint goes nowhere, where the endpoint is not one of that region. */
function refuseOtherRegion(namespace: "dataworks" | "wedata", layers: readonly Layer[]): void {
  const first = (key: string, some: readonly Layer[]) => {
    const index = some.findIndex(({ get }) => nonEmpty(get(key)) !== undefined);
    const layer = some[index];
    return layer && { index, name: `${layer.name}${key}`, value: nonEmpty(layer.get(key)) as string };
  };
  const [region, endpoint] = [first("region", layers), first("endpoint", layers)];
  if (!region || !endpoint || region.index >= endpoint.index) return;
  if (first("region", layers.slice(endpoint.index))?.value === region.value) return;
  const hostname = hostnameIn(endpoint.value);
  const serves = namespace === "dataworks" ? servesDataWorks : servesWeData;
  if (hostname === undefined || isLoopback(hostname) || serves(hostname, region.value)) return;
  throw new TaskError(
    `${region.name} is ${show(region.value)}, but ${endpoint.name} sends the calls to ${hostname}, which is not known to be of that region: write beside ${region.name} the endpoint of its region, or take one of the two away`,
  );
}

function ownLayer(namespace: string, connection: Connection): Record<string, string | undefined> {
  const known = ["name", "region", "endpoint", "profile", "roleArn"];
  for (const [key, value] of Object.entries(connection)) {
    if (!known.includes(key)) {
      throw new TaskError(
        `connection.${key} is not known; a connection has ${known.join(", ")} and never a key or token (those go into \`pulumi config set --secret ${namespace}:…\`, the environment, or a profile)`,
      );
    }
    if (value !== undefined && typeof value !== "string") throw new TaskError(`connection.${key} must be a text`);
  }
  const { region, endpoint, profile, roleArn } = connection;
  return { region, endpoint, profile, roleArn };
}

function namedLayer(namespace: string, source: ConfigurationSource, name: string): Record<string, string | undefined> {
  const key = `${namespace}:connections`;
  const text = nonEmpty(source.get(key));
  const hint = `set it with \`pulumi config set --path '${key}.${name}.region' <region>\``;
  if (text === undefined) throw new TaskError(`connection ${show(name)} is not configured: ${hint}`);
  let all: unknown;
  try {
    all = JSON.parse(text);
  } catch {
    throw new TaskError(`${key} must be an object of connections by name; ${hint}`);
  }
  const found: unknown = isRecord(all) && Object.hasOwn(all, name) ? all[name] : undefined;
  if (!isRecord(found)) throw new TaskError(`connection ${show(name)} is not among ${key}; ${hint}`);
  // Pulumi turns `config set --path` values that look like numbers or truth values into such.
  const textOf = (value: unknown): string | undefined =>
    typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
  return Object.fromEntries(Object.entries(found).map(([field, value]) => [field, textOf(value)]));
}

function positive(namespace: string, key: string, get: Get): number | undefined {
  const text = get(key);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0)
    throw new TaskError(`${namespace}:${key} must be a number above 0, got ${show(text.slice(0, 60))}`);
  return value;
}

function truth(namespace: string, key: string, get: Get): boolean | undefined {
  const text = get(key);
  if (text === undefined) return undefined;
  if (text !== "true" && text !== "false")
    throw new TaskError(`${namespace}:${key} must be true or false, got ${show(text.slice(0, 60))}`);
  return text === "true";
}

function oneOf<Word extends string>(
  namespace: string,
  key: string,
  words: readonly Word[],
  get: Get,
): Word | undefined {
  const text = get(key)?.toLowerCase();
  if (text === undefined) return undefined;
  const word = words.find((candidate) => candidate === text);
  if (word === undefined)
    throw new TaskError(`${namespace}:${key} must be one of ${words.join(", ")}, got ${show(text.slice(0, 60))}`);
  return word;
}

function pair(
  namespace: string,
  first: string,
  one: string | undefined,
  second: string,
  other: string | undefined,
): void {
  if ((one === undefined) === (other === undefined)) return;
  const [has, lacks] = one === undefined ? [second, first] : [first, second];
  throw new TaskError(
    `${namespace}:${has} is set but ${namespace}:${lacks} is not; \`pulumi config set --secret ${namespace}:${lacks}\``,
  );
}

const nonEmpty = (text: string | undefined): string | undefined =>
  text === undefined || text.trim() === "" ? undefined : text.trim();
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

type Loose<T> = { [K in keyof T]?: T[K] | undefined };
const defined = <T extends object>(values: Loose<T>): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
