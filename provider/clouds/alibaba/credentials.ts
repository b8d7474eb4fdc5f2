import type Credential from "@alicloud/credentials";
import type { CredentialsProvider } from "@alicloud/credentials";
import { TaskError } from "../../core/errors";
import { tidy } from "../transport";
import { singleFlight, within } from "../within";
import type { AlibabaSettings } from "./client";
import { show } from "../../core/quoting";

/** What the SDK's client asks before each request. */
export interface Keys {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string;
  type?: string;
  providerName?: string;
}

interface Provider {
  getCredentials(): Promise<Keys>;
  getProviderName(): string;
}

/** The library's own probes (instance metadata) take 1 s each, a role 15 s; beyond this something hangs. */
const LONGEST_MILLISECONDS = 20_000;

/**
 * A function that gives the keys to sign with: explicit ones, a profile's, or what the library's default chain finds
 * (environment, OIDC, CLI profile, credentials file, ECS role, URI); with a role, those assume it. The library caches
 * and refreshes temporary keys, so it is asked for every call.
 */
export function keysOf(settings: AlibabaSettings): () => Promise<Keys> {
  let source: Promise<Provider> | undefined;
  // The chain of @alicloud/credentials 2.4.7 remembers the provider it tried last even when that failed: a second call
  // meanwhile would ask a wrong one, and after a failure it would try only the last. So one at a time, and anew.
  return singleFlight(async () => {
    source ??= sourceOf(settings);
    try {
      return await within((await source).getCredentials(), LONGEST_MILLISECONDS, () => new Error("no answer in time"));
    } catch (error) {
      source = undefined;
      throw error instanceof TaskError ? error : new TaskError(explain(settings, error));
    }
  });
}

async function sourceOf(settings: AlibabaSettings): Promise<Provider> {
  const library = await import("@alicloud/credentials");
  const { accessKeyId, accessKeySecret, securityToken, profile, roleArn } = settings;
  let base: Provider;
  if (accessKeyId !== undefined && accessKeySecret !== undefined) {
    base = fixed({ accessKeyId, accessKeySecret, ...(securityToken !== undefined && { securityToken }) });
  } else if (profile !== undefined) {
    base = firstOf(
      library.CLIProfileCredentialsProvider.builder().withProfileName(profile).build(),
      library.ProfileCredentialsProvider.builder().withProfileName(profile).build(),
    );
  } else {
    base = library.DefaultCredentialsProvider.builder().build();
  }
  if (roleArn === undefined) return base;
  return library.RAMRoleARNCredentialsProvider.builder()
    .withCredentialsProvider(base as CredentialsProvider)
    .withRoleArn(roleArn)
    .withRoleSessionName(process.env.ALIBABA_CLOUD_ROLE_SESSION_NAME ?? "pulumi-data-tasks")
    .build();
}

const fixed = (keys: Keys): Provider => ({
  getCredentials: () =>
    Promise.resolve({ ...keys, providerName: keys.securityToken === undefined ? "static_ak" : "static_sts" }),
  getProviderName: () => "static",
});

/** The provider among two that has the profile: either cloud file may hold it. */
function firstOf(...providers: Provider[]): Provider {
  let chosen: Provider | undefined;
  return {
    async getCredentials() {
      if (chosen !== undefined) return chosen.getCredentials();
      const failures: unknown[] = [];
      for (const provider of providers) {
        try {
          const keys = await provider.getCredentials();
          chosen = provider;
          return keys;
        } catch (error) {
          failures.push(error);
        }
      }
      throw new AggregateError(failures);
    },
    getProviderName: () => "profile",
  };
}

function explain(settings: AlibabaSettings, error: unknown): string {
  const reason = reasonOf(error, settings);
  if (settings.roleArn !== undefined && !/from any of the providers/.test(reason)) {
    return `the role ${settings.roleArn} (dataworks:roleArn) can't be assumed: ${reason}`;
  }
  if (settings.profile !== undefined) {
    return `the profile ${show(settings.profile)} (dataworks:profile) gives no credentials, looked for it in ~/.aliyun/config.json and ~/.alibabacloud/credentials: ${reason}`;
  }
  return (
    "no Alibaba Cloud credentials found: set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, log in with " +
    "`aliyun configure`, run where a RAM role is attached, or `pulumi config set --secret` both dataworks:accessKeyId and " +
    "dataworks:accessKeySecret"
  );
}

/** The library's reason without what it may quote: a broken profile file in full, the answer of the role service. */
function reasonOf(error: unknown, settings: AlibabaSettings): string {
  if (error instanceof AggregateError)
    return error.errors.map((each) => reasonOf(each, settings).replace(/\.$/, "")).join("; ");
  const { accessKeySecret, securityToken } = settings;
  const text = error instanceof Error ? error.message : String(error);
  const service = /"Message"\s*:\s*"([^"]*)"/.exec(text)?.[1];
  return tidy(service ?? text.replace(/(failed|fail):\s*[\s\S]*$/, "$1"), [accessKeySecret, securityToken]);
}

/** The shape in which @alicloud/openapi-client wants its credentials. */
export const asCredential = (keys: () => Promise<Keys>): Credential =>
  ({ getCredential: async () => ({ type: "access_key", ...(await keys()) }) }) as unknown as Credential;
