import { randomBytes, randomInt } from "node:crypto";

/** One key the emulator knows; `token` for temporary credentials. */
export interface Key {
  id: string;
  secret: string;
  token?: string;
}

/** Everything the emulator accepts: one long-lived key and one temporary triple per cloud, and whose they are. */
export interface Credentials {
  alibaba: Key;
  alibabaTemporary: Required<Key>;
  alibabaAccount: string;
  tencent: Key;
  tencentTemporary: Required<Key>;
  tencentAccount: string;
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const text = (length: number): string => Array.from(randomBytes(length), (byte) => letters[byte % 62]).join("");
const digits = (length: number): string => `1${Array.from({ length: length - 1 }, () => randomInt(10)).join("")}`;

/** Fresh random credentials, in the shapes the clouds give them. */
export function newCredentials(): Credentials {
  return {
    alibaba: { id: `LTAI5t${text(18)}`, secret: text(30) },
    alibabaTemporary: { id: `STS.NU${text(18)}`, secret: text(44), token: `CAIS${randomBytes(96).toString("base64")}` },
    alibabaAccount: digits(16),
    tencent: { id: `AKID${text(32)}`, secret: text(32) },
    tencentTemporary: { id: `AKID${text(60)}`, secret: text(44), token: randomBytes(120).toString("base64") },
    tencentAccount: digits(12),
  };
}
