import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Emulator } from "../../../emulator/index";

/** The keys of both clouds that a story uses. */
export interface Keys {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
  readonly secretId: string;
  readonly secretKey: string;
  readonly token?: string;
}

/** How keys come into a run. */
export interface Given {
  readonly env?: Record<string, string>;
  readonly config?: Record<string, string>;
  readonly secretConfig?: Record<string, string>;
}
export interface Source {
  readonly name: string;
  /** With session tokens. */
  readonly temporary: boolean;
  readonly give: (keys: Keys, home: string, endpoint: string) => Given;
}

/** Long enough to be found by no accident, with the signs that URLs, JSON and shells write in other ways. */
export const newSecret = (what: string): string => `${what}+/=&<%>${randomBytes(9).toString("hex")}`;

/** Keys for an emulator, none of them used anywhere else. */
export const newCredentials = () => ({
  alibaba: { id: "LTAIsecrets", secret: newSecret("aliyun") },
  alibabaTemporary: { id: "STS.secrets", secret: newSecret("aliyun-sts"), token: newSecret("aliyun-token") },
  tencent: { id: "AKIDsecrets", secret: newSecret("tencent") },
  tencentTemporary: { id: "AKIDtemporary", secret: newSecret("tencent-sts"), token: newSecret("tencent-token") },
});

export const keysOf = (emulator: Emulator, temporary: boolean): Keys => {
  const { accessKeyId, accessKeySecret, secretId, secretKey } = emulator;
  return temporary ? emulator.temporary : { accessKeyId, accessKeySecret, secretId, secretKey };
};

const environment = (keys: Keys): Given => ({
  env: defined({
    ALIBABA_CLOUD_ACCESS_KEY_ID: keys.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: keys.accessKeySecret,
    ALIBABA_CLOUD_SECURITY_TOKEN: keys.securityToken,
    TENCENTCLOUD_SECRET_ID: keys.secretId,
    TENCENTCLOUD_SECRET_KEY: keys.secretKey,
    TENCENTCLOUD_TOKEN: keys.token,
  }),
});

const tencentOf = ({ env = {} }: Given): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith("TENCENTCLOUD")));

const configuration = (keys: Keys): Given => ({
  secretConfig: defined({
    "dataworks:accessKeyId": keys.accessKeyId,
    "dataworks:accessKeySecret": keys.accessKeySecret,
    "dataworks:securityToken": keys.securityToken,
    "wedata:secretId": keys.secretId,
    "wedata:secretKey": keys.secretKey,
    "wedata:token": keys.token,
  }),
});

const files = (home: string, texts: Record<string, string>): void => {
  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(path.dirname(path.join(home, name)), { recursive: true });
    writeFileSync(path.join(home, name), text, { mode: 0o600 });
  }
};

export const sources: readonly Source[] = [
  { name: "environment", temporary: false, give: environment },
  { name: "environment, temporary keys", temporary: true, give: environment },
  { name: "configuration", temporary: false, give: configuration },
  { name: "configuration, temporary keys", temporary: true, give: configuration },
  {
    name: "configuration, a connection",
    temporary: true,
    give: ({ accessKeyId, accessKeySecret, securityToken, secretId, secretKey, token }, _home, endpoint) => ({
      config: { "secrets:connection": JSON.stringify({ name: "team" }) },
      secretConfig: {
        "dataworks:connections": JSON.stringify({
          team: { endpoint, region: "cn-shanghai", accessKeyId, accessKeySecret, securityToken },
        }),
        "wedata:connections": JSON.stringify({
          team: { endpoint, region: "ap-guangzhou", secretId, secretKey, token },
        }),
      },
    }),
  },
  {
    name: "a machine that hands out keys",
    temporary: true,
    give: (keys, _home, endpoint) => ({
      env: { ALIBABA_CLOUD_CREDENTIALS_URI: `http://${endpoint}/keys`, ...tencentOf(environment(keys)) },
    }),
  },
  {
    name: "profiles of the clouds' command lines",
    temporary: true,
    give: ({ accessKeyId, accessKeySecret, securityToken, secretId, secretKey, token }, home) => {
      const profile = {
        ...{ name: "team", mode: "StsToken", access_key_id: accessKeyId, access_key_secret: accessKeySecret },
        sts_token: securityToken,
      };
      files(home, {
        ".aliyun/config.json": JSON.stringify({ current: "team", profiles: [profile] }),
        ".tccli/team.credential": JSON.stringify({ secretId, secretKey, token }),
      });
      return { config: { "dataworks:profile": "team", "wedata:profile": "team" } };
    },
  },
  {
    // The library of Alibaba Cloud reads no session token from its file.
    name: "profiles of the clouds' libraries",
    temporary: false,
    give: ({ accessKeyId, accessKeySecret, secretId, secretKey }, home) => {
      files(home, {
        ".alibabacloud/credentials": `[team]\ntype = access_key\naccess_key_id = ${accessKeyId}\naccess_key_secret = ${accessKeySecret}\n`,
        ".tencentcloud/credentials": `[team]\nsecret_id = ${secretId}\nsecret_key = ${secretKey}\n`,
      });
      return { config: { "dataworks:profile": "team", "wedata:profile": "team" } };
    },
  },
];

const defined = (values: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined));
