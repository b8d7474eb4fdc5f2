import { createHash } from "node:crypto";

/** What says who calls, as the configuration has it. */
export interface Identity {
  keyId?: string | undefined;
  /** Present with temporary keys. */
  token?: string | undefined;
  profile?: string | undefined;
  roleArn?: string | undefined;
}

/** Where the clouds' own tools look when the configuration says nothing. */
const VARIABLES = {
  dataworks: {
    keyId: ["ALIBABA_CLOUD_ACCESS_KEY_ID"],
    token: ["ALIBABA_CLOUD_SECURITY_TOKEN"],
    profile: ["ALIBABA_CLOUD_PROFILE"],
    roleArn: ["ALIBABA_CLOUD_ROLE_ARN"],
  },
  wedata: {
    keyId: ["TENCENTCLOUD_SECRET_ID"],
    token: ["TENCENTCLOUD_TOKEN", "TENCENTCLOUD_SESSION_TOKEN"],
    profile: ["TENCENTCLOUD_PROFILE"],
    roleArn: ["TKE_ROLE_ARN"],
  },
} as const;

/**
 * A mark that is the same for all pipelines of an account, as far as that can be known without asking the cloud: the
 * account that a role belongs to, else the key, else the profile. Temporary keys are new for each pipeline and say
 * nothing, so all of them have one mark: better two accounts that wait for each other than one that breaks its limit.
 */
export function accountMark(
  cloud: keyof typeof VARIABLES,
  identity: Identity,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const explicit = identity.keyId !== undefined || identity.profile !== undefined;
  const variables = VARIABLES[cloud];
  const from = (names: readonly string[]): string | undefined =>
    names.map((name) => environment[name]).find((value) => value !== undefined && value !== "");
  const who: Identity = explicit
    ? identity
    : {
        keyId: from(variables.keyId),
        token: from(variables.token),
        profile: from(variables.profile),
        roleArn: identity.roleArn ?? (from(variables.keyId) === undefined ? from(variables.roleArn) : undefined),
      };
  const account = /^(?:acs:ram::|qcs::cam:[^:]*:uin\/)(\d+):/.exec(who.roleArn ?? "")?.[1];
  if (account !== undefined) return `account ${account}`;
  if (who.keyId !== undefined) return who.token === undefined ? `key ${who.keyId}` : "temporary";
  return who.profile === undefined ? "found" : `profile ${who.profile}`;
}

/** A name for a file or a key that others may see: it shows neither an account nor a key. */
export const nameOf = (what: unknown): string =>
  createHash("sha256").update(JSON.stringify(what)).digest("hex").slice(0, 32);
