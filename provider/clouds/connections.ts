import { createHash } from "node:crypto";
import { alibabaClient } from "./alibaba/client";
import type { AlibabaClient } from "./alibaba/client";
import { alibabaSettings, tencentSettings } from "./configuration";
import type { ConfigurationSource } from "./configuration";
import { tencentClient } from "./tencent/client";
import type { TencentClient } from "./tencent/client";

/**
 * Which account and region a resource talks to, where that differs from the stack's configuration. It never holds a
 * secret: keys come from the environment, a profile, a role, or `pulumi config set --secret`.
 */
export interface Connection {
  /**
   * Name of a connection in the stack's configuration, e.g. `eu` for
   * `pulumi config set --path 'dataworks:connections.eu.region' eu-central-1` (`wedata:connections` for WeData). It may
   * carry what `dataworks:*` or `wedata:*` can say about an account (docs/accounts.md), keys as secrets included. Default:
   * the stack's own settings.
   */
  name?: string;
  /**
   * Region id, such as `cn-shanghai` or `ap-guangzhou`. Default: `dataworks:region` or `wedata:region`, then
   * `ALIBABA_CLOUD_REGION_ID` or `TENCENTCLOUD_REGION`. Tasks do not move between regions: with another region the same
   * ids mean other tasks, or none.
   */
  region?: string;
  /**
   * `host[:port]` or URL to call instead of the region's public endpoint, e.g. `dataworks-vpc.cn-shanghai.aliyuncs.com`
   * inside a VPC. HTTPS, except on this machine (`localhost`, `127.0.0.1`), or where `dataworks:allowHttp` or
   * `wedata:allowHttp` is true. Default: `dataworks:endpoint` or `wedata:endpoint`, then by region.
   */
  endpoint?: string;
  /**
   * Profile in the cloud's own credentials file on the machine that runs Pulumi (`~/.aliyun/config.json` or
   * `~/.alibabacloud/credentials`; `~/.tencentcloud/credentials` or `~/.tccli`). Hides keys from the stack's
   * configuration. Default: the cloud's usual search.
   */
  profile?: string;
  /** Role to assume, with the credentials found otherwise, e.g. `acs:ram::123456789012:role/deploy`. Default: none. */
  roleArn?: string;
}

/** One process serves all resources of a run, so the configuration and the clients live here once. */
let configured:
  { config: ConfigurationSource; environment: NodeJS.ProcessEnv; warn: (message: string) => void } | undefined;
const alibabaClients = new Map<string, AlibabaClient>();
const tencentClients = new Map<string, TencentClient>();

/**
 * Takes over the stack's configuration; may be called again, later calls for a client see the newer one. `warn` reaches
 * the user of the run.
 */
export function configure(
  config: ConfigurationSource,
  environment: NodeJS.ProcessEnv = process.env,
  warn: (message: string) => void = () => undefined,
): void {
  configured = { config, environment, warn };
}

/** What is made from the configuration and the environment, made once until the configuration is taken over anew. */
export function perConfiguration<T>(make: () => T): () => T {
  let made: { value: T; from: typeof configured } | undefined;
  return () => {
    if (made === undefined || made.from !== configured) made = { value: make(), from: configured };
    return made.value;
  };
}

/** Every hook asks for its client: the settings are put together once for each connection. */
const alibabaByConnection = perConfiguration(() => new Map<string, AlibabaClient>());
const tencentByConnection = perConfiguration(() => new Map<string, TencentClient>());

/** The DataWorks client for a connection, one per process and settings. Loads no SDK before its first call. */
export function alibaba(connection?: Connection): AlibabaClient {
  const { config, environment } = current();
  return found(alibabaByConnection(), connection, () =>
    cached(alibabaClients, alibabaSettings(config, environment, connection), (settings) =>
      alibabaClient(settings, (message) => current().warn(message)),
    ),
  );
}

/** The WeData client for a connection, one per process and settings. Loads no SDK before its first call. */
export function tencent(connection?: Connection): TencentClient {
  const { config, environment } = current();
  return found(tencentByConnection(), connection, () =>
    cached(tencentClients, tencentSettings(config, environment, connection), (settings) =>
      tencentClient(settings, (message) => current().warn(message)),
    ),
  );
}

/** A setting of the stack that is about no client, such as `dataworks:rules`. */
export const setting = (key: string): string | undefined => configured?.config.get(key);

function current(): NonNullable<typeof configured> {
  if (configured === undefined) {
    throw new Error("internal error: a client was asked for before configure(); hooks await their configuration first");
  }
  return configured;
}

function found<Client>(clients: Map<string, Client>, connection: Connection = {}, find: () => Client): Client {
  const key = JSON.stringify(connection);
  const known = clients.get(key);
  if (known !== undefined) return known;
  const client = find();
  clients.set(key, client);
  return client;
}

function cached<Settings extends object, Client>(
  clients: Map<string, Client>,
  settings: Settings,
  make: (settings: Settings) => Client,
): Client {
  // Hashed, so that no map of ours holds a key in clear where a heap dump or a debugger shows it first.
  const key = createHash("sha256").update(JSON.stringify(settings)).digest("hex");
  const known = clients.get(key);
  if (known !== undefined) return known;
  const made = make(settings);
  clients.set(key, made);
  return made;
}
