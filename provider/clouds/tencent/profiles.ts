import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

export interface Keys {
  secretId: string;
  secretKey: string;
  token?: string;
}

/** Where profiles are looked for; `~` is the home directory. */
export const PROFILE_PLACES =
  "~/.tencentcloud/credentials, /etc/tencentcloud/credentials and ~/.tccli/<profile>.credential";

/**
 * The keys of a profile: a section of the SDKs' credentials file, else the file that `tccli configure` writes.
 * The SDK reads the section `default` alone (tencentcloud-sdk-nodejs 4.1.313), hence this.
 */
export async function profileKeys(profile: string): Promise<Keys | undefined> {
  for (const path of [join(homedir(), ".tencentcloud", "credentials"), "/etc/tencentcloud/credentials"]) {
    const section = sections((await textOf(path)) ?? "").get(profile);
    const keys = keysIn(section?.secret_id, section?.secret_key, section?.token);
    if (keys !== undefined) return keys;
  }
  if (!/^[\w.-]+$/.test(profile)) return undefined;
  try {
    const found: unknown = JSON.parse((await textOf(join(homedir(), ".tccli", `${profile}.credential`))) ?? "null");
    if (typeof found !== "object" || found === null) return undefined;
    const { secretId, secretKey, token } = found as Partial<Record<keyof Keys, unknown>>;
    return keysIn(secretId, secretKey, token);
  } catch {
    return undefined;
  }
}

function sections(text: string): Map<string, Record<string, string>> {
  const found = new Map<string, Record<string, string>>();
  let section: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const heading = /^\s*\[([^\]]*)\]/.exec(line)?.[1];
    if (heading !== undefined) found.set(heading.trim(), (section = {}));
    const entry = /^\s*([A-Za-z_]+)\s*=\s*(.*?)\s*$/.exec(line);
    if (entry?.[1] !== undefined && entry[2] !== undefined)
      section[entry[1]] = entry[2].replace(/^(["'])(.*)\1$/, "$2");
  }
  return found;
}

function keysIn(id: unknown, key: unknown, token: unknown): Keys | undefined {
  if (typeof id !== "string" || typeof key !== "string" || id === "" || key === "") return undefined;
  return { secretId: id, secretKey: key, ...(typeof token === "string" && token !== "" && { token }) };
}

const textOf = (path: string): Promise<string | undefined> => readFile(path, "utf8").catch(() => undefined);
