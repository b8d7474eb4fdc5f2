import { connect } from "node:net";
import { TaskError } from "../../core/errors";
import { tidy } from "../transport";
import { singleFlight, within } from "../within";
import type { TencentSettings } from "./client";
import { PROFILE_PLACES, profileKeys } from "./profiles";
import type { Keys } from "./profiles";
import { show } from "../../core/quoting";

export type { Keys } from "./profiles";

type Source = () => Promise<Keys>;

const LONGEST_MILLISECONDS = 20_000;
/** The SDK's OIDC credential forgets to renew in time (it subtracts 600 ms for 600 s), so it is made anew this often. */
const OIDC_LIFE_MILLISECONDS = 30 * 60_000;
const METADATA_HOST = "metadata.tencentyun.com";

/**
 * A function that gives the keys to sign with: explicit ones, a profile's, or the first found of environment, default
 * profile, OIDC of a TKE pod, and CVM role; with a role, those assume it. The SDK's providers cache and renew
 * temporary keys. Its own chain isn't used: it knows no profile but `default`, prints to the console, asks the
 * metadata service without a time limit, and keeps a failure for ever (tencentcloud-sdk-nodejs 4.1.313).
 */
export function keysOf(settings: TencentSettings, site: "cn" | "intl"): Source {
  let source: Source | undefined;
  return singleFlight(async () => {
    try {
      source ??= await sourceOf(settings, site);
      return await within(source(), LONGEST_MILLISECONDS, () => new Error("no answer in time"));
    } catch (error) {
      source = undefined;
      if (error instanceof TaskError) throw error;
      throw new TaskError(explain(settings, error));
    }
  });
}

async function sourceOf(settings: TencentSettings, site: "cn" | "intl"): Promise<Source> {
  const base = await baseOf(settings);
  const { roleArn } = settings;
  if (roleArn === undefined) return base;
  const { STSCredential } = (await import("tencentcloud-sdk-nodejs/tencentcloud/common/credential.js")).default;
  const endpoint = site === "intl" ? "sts.intl.tencentcloudapi.com" : "sts.tencentcloudapi.com";
  const role = new STSCredential(
    {
      credential: { getCredential: base },
      profile: { httpProfile: { endpoint, reqTimeout: 15 } },
      ...(settings.region !== undefined && { region: settings.region }),
    },
    { RoleArn: roleArn, RoleSessionName: "pulumi-data-tasks", DurationSeconds: 7200 },
  );
  return async () => complete(await role.getCredential());
}

async function baseOf(settings: TencentSettings): Promise<Source> {
  const { secretId, secretKey, token, profile } = settings;
  if (secretId !== undefined && secretKey !== undefined)
    return always({ secretId, secretKey, ...(token !== undefined && { token }) });
  if (profile !== undefined) {
    const keys = await profileKeys(profile);
    if (keys === undefined)
      throw new TaskError(`the profile ${show(profile)} (wedata:profile) was found in none of ${PROFILE_PLACES}`);
    return always(keys);
  }
  const { env } = process;
  if (env.TENCENTCLOUD_SECRET_ID && env.TENCENTCLOUD_SECRET_KEY) {
    return () => Promise.resolve(fromEnvironment());
  }
  const usual = await profileKeys(nonEmpty(env.TENCENTCLOUD_PROFILE) ?? "default");
  if (usual !== undefined) return always(usual);
  const { CvmRoleCredential, OIDCRoleArnCredential } = (
    await import("tencentcloud-sdk-nodejs/tencentcloud/common/credential.js")
  ).default;
  if (env.TKE_WEB_IDENTITY_TOKEN_FILE && env.TKE_ROLE_ARN) {
    let made = 0;
    let pod = new OIDCRoleArnCredential();
    return async () => {
      if (Date.now() - made > OIDC_LIFE_MILLISECONDS) [made, pod] = [Date.now(), new OIDCRoleArnCredential()];
      return complete(await pod.getCredential());
    };
  }
  if (await answers(METADATA_HOST, 80, 1500)) {
    const machine = new CvmRoleCredential();
    return async () => complete(await machine.getCredential());
  }
  throw new TaskError(
    "no Tencent Cloud credentials found: set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, write a profile into " +
      "~/.tencentcloud/credentials, run where a CAM role is attached, or `pulumi config set --secret` both wedata:secretId " +
      "and wedata:secretKey",
  );
}

const always =
  (keys: Keys): Source =>
  () =>
    Promise.resolve(keys);
const nonEmpty = (text: string | undefined): string | undefined => (text === "" ? undefined : text);

function fromEnvironment(): Keys {
  const {
    TENCENTCLOUD_SECRET_ID: secretId,
    TENCENTCLOUD_SECRET_KEY: secretKey,
    TENCENTCLOUD_TOKEN,
    TENCENTCLOUD_SESSION_TOKEN,
  } = process.env;
  const token = nonEmpty(TENCENTCLOUD_TOKEN) ?? nonEmpty(TENCENTCLOUD_SESSION_TOKEN);
  return { secretId: secretId ?? "", secretKey: secretKey ?? "", ...(token !== undefined && { token }) };
}

/** Asked before the SDK's CVM provider, which would wait as long as the network lets it. */
function answers(host: string, port: number, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (reached: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reached);
    };
    const timer = setTimeout(() => done(false), milliseconds);
    socket.once("connect", () => done(true));
    socket.once("error", () => done(false));
  });
}

function complete({ secretId, secretKey, token }: { secretId?: string; secretKey?: string; token?: string }): Keys {
  if (!secretId || !secretKey) throw new Error("the service gave no keys");
  return { secretId, secretKey, ...(token && { token }) };
}

function explain({ roleArn, secretKey, token }: TencentSettings, error: unknown): string {
  const reason = tidy(error instanceof Error ? error.message : String(error), [secretKey, token]);
  return roleArn === undefined
    ? `the Tencent Cloud credentials of this machine can't be had: ${reason}`
    : `the role ${roleArn} (wedata:roleArn) can't be assumed: ${reason}`;
}
