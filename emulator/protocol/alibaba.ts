import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { Refusal } from "../service";
import type { Key } from "./credentials";
import { formPairs, percentEncode } from "./request";
import type { WireRequest } from "./request";

/** Both directions, as the vendor's text says; the nonce is kept for the same time. */
export const windowMilliseconds = 15 * 60_000;

export interface Signed {
  key: Key;
  nonce: string;
}

const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
const same = (left: string, right: string): boolean => {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
};
const byName = (left: [string, string], right: [string, string]): number =>
  left[0] < right[0] ? -1 : left[0] > right[0] ? 1 : left[1] < right[1] ? -1 : left[1] > right[1] ? 1 : 0;

function knownKey(keys: readonly Key[], id: string, token: string | undefined): Key {
  const key = keys.find((known) => known.id === id);
  if (key === undefined) {
    throw new Refusal("InvalidAccessKeyId.NotFound", "Specified access key is not found.", 404);
  }
  if (key.token !== undefined && token === undefined) {
    throw new Refusal("MissingSecurityToken", "SecurityToken is mandatory for this action.");
  }
  if (token !== undefined && key.token !== token) {
    throw new Refusal(
      "InvalidSecurityToken.MismatchWithAccessKey",
      "The SecurityToken does not belong to the access key.",
    );
  }
  return key;
}

function freshTime(text: string, now: number): void {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) || Number.isNaN(Date.parse(text))) {
    throw new Refusal(
      "InvalidTimeStamp.Format",
      `Specified time stamp "${text}" is not of the form yyyy-MM-ddTHH:mm:ssZ.`,
    );
  }
  if (Math.abs(Date.parse(text) - now) > windowMilliseconds) {
    throw new Refusal("InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.");
  }
}

const unmatched = "Specified signature is not matched with our calculation.";

/**
 * The canonical request of ACS3-HMAC-SHA256 over the headers the caller says to have signed. `bare` leaves out the
 * equals sign of empty values, as the Java SDK does.
 */
export function canonicalRequest(request: WireRequest, signedHeaders: string, bare = false): string {
  const query = formPairs(request.query)
    .sort(byName)
    .map(([name, value]) =>
      bare && value === "" ? percentEncode(name) : `${percentEncode(name)}=${percentEncode(value)}`,
    )
    .join("&");
  const headers = signedHeaders
    .split(";")
    .map((name) => `${name}:${(request.headers[name] ?? "").trim()}\n`)
    .join("");
  const hash = request.headers["x-acs-content-sha256"] ?? "";
  return [request.method, request.path, query, headers, signedHeaders, hash].join("\n");
}

/** The string ACS3-HMAC-SHA256 signs. */
export const acs3StringToSign = (canonical: string): string => `ACS3-HMAC-SHA256\n${sha256(canonical)}`;

/** Who signed the request with ACS3-HMAC-SHA256; throws the gateway's refusal when the signature does not hold. */
export function verifyAcs3(request: WireRequest, keys: readonly Key[], now: number): Signed {
  const { headers } = request;
  const parts = /^ACS3-HMAC-SHA256\s+Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]+)$/.exec(
    headers["authorization"] ?? "",
  );
  const [id, signedHeaders, signature] = parts?.slice(1) ?? [];
  if (id === undefined || signedHeaders === undefined || signature === undefined) {
    throw new Refusal("IncompleteSignature", "The Authorization header is not a complete ACS3-HMAC-SHA256 signature.");
  }
  const signed = new Set(signedHeaders.split(";"));
  const needed = [
    "host",
    "x-acs-action",
    "x-acs-version",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-content-sha256",
  ];
  // Every x-acs- header that is sent must be signed, or somebody on the way could add a token or an action.
  const loose = [...needed, ...Object.keys(headers).filter((name) => name.startsWith("x-acs-"))].find(
    (name) => !signed.has(name),
  );
  if (loose !== undefined)
    throw new Refusal("IncompleteSignature", `The header ${loose} is not among the signed headers.`);
  const absent = needed.find((name) => (headers[name] ?? "") === "");
  if (absent !== undefined) throw new Refusal("IncompleteSignature", `The header ${absent} is missing.`);
  const key = knownKey(keys, id, headers["x-acs-security-token"]);
  freshTime(headers["x-acs-date"] ?? "", now);
  const expected = (bare: boolean): string => {
    const stringToSign = acs3StringToSign(canonicalRequest(request, signedHeaders, bare));
    return createHmac("sha256", key.secret).update(stringToSign).digest("hex");
  };
  if (!same(signature, expected(false)) && !same(signature, expected(true))) {
    throw new Refusal("SignatureDoesNotMatch", unmatched);
  }
  if (headers["x-acs-content-sha256"] !== sha256(request.body)) {
    throw new Refusal("SignatureDoesNotMatch", "The header x-acs-content-sha256 is not the hash of the body.");
  }
  return { key, nonce: headers["x-acs-signature-nonce"] ?? "" };
}

/** The string the older RPC signature signs: all query and form parameters but the signature. */
export function rpcStringToSign(method: string, pairs: readonly [string, string][]): string {
  const text = pairs
    .filter(([name]) => name !== "Signature")
    .sort(byName)
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join("&");
  return `${method}&%2F&${percentEncode(text)}`;
}

/** Who signed the request with the RPC signature 1.0; throws the gateway's refusal when it does not hold. */
export function verifyRpc(request: WireRequest, keys: readonly Key[], now: number): Signed {
  const form = /^application\/x-www-form-urlencoded/i.test(request.headers["content-type"] ?? "");
  const pairs = [...formPairs(request.query), ...(form ? formPairs(request.body.toString("utf8")) : [])];
  const parameters = Object.fromEntries(pairs);
  const needed = ["AccessKeyId", "Signature", "SignatureMethod", "SignatureNonce", "SignatureVersion", "Timestamp"];
  const absent = needed.find((name) => (parameters[name] ?? "") === "");
  if (absent !== undefined) throw new Refusal(`Missing${absent}`, `${absent} is mandatory for this action.`);
  const hash = { "HMAC-SHA1": "sha1", "HMAC-SHA256": "sha256" }[parameters["SignatureMethod"] ?? ""];
  if (hash === undefined || parameters["SignatureVersion"] !== "1.0") {
    throw new Refusal("InvalidSignatureMethod", "SignatureMethod must be HMAC-SHA1 with SignatureVersion 1.0.");
  }
  const key = knownKey(keys, parameters["AccessKeyId"] ?? "", parameters["SecurityToken"]);
  freshTime(parameters["Timestamp"] ?? "", now);
  const stringToSign = rpcStringToSign(request.method, pairs);
  const expected = createHmac(hash, `${key.secret}&`).update(stringToSign).digest("base64");
  if (!same(parameters["Signature"] ?? "", expected)) throw new Refusal("SignatureDoesNotMatch", unmatched);
  return { key, nonce: parameters["SignatureNonce"] ?? "" };
}
