import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { Refusal } from "../service";
import type { Key } from "./credentials";
import type { WireRequest } from "./request";

/** Both directions, as the vendor's text says. */
export const windowMilliseconds = 5 * 60_000;

const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** The ways official SDKs write a signed header: the host with and without its port, values as sent or in lower case. */
function spellings(request: WireRequest, names: readonly string[]): string[] {
  const host = request.headers["host"] ?? "";
  const hosts = [...new Set([host.replace(/:\d+$/, ""), host])];
  const texts = hosts.flatMap((spelt) => {
    const lines = names.map((name) => [name, name === "host" ? spelt : (request.headers[name] ?? "").trim()] as const);
    return [
      lines.map(([name, value]) => `${name}:${value}\n`).join(""),
      lines.map(([name, value]) => `${name}:${value.toLowerCase()}\n`).join(""),
    ];
  });
  return [...new Set(texts)];
}

/** The canonical requests a TC3 signature may have been made over. */
export function canonicalRequests(request: WireRequest, signedHeaders: string): string[] {
  const unsigned = request.headers["x-tc-content-sha256"] === "UNSIGNED-PAYLOAD";
  const payload = unsigned ? sha256("UNSIGNED-PAYLOAD") : sha256(request.body);
  return spellings(request, signedHeaders.split(";")).map((headers) =>
    [request.method, "/", request.query, headers, signedHeaders, payload].join("\n"),
  );
}

/** The string TC3-HMAC-SHA256 signs. */
export const tc3StringToSign = (canonical: string, timestamp: string, date: string, service: string): string =>
  `TC3-HMAC-SHA256\n${timestamp}\n${date}/${service}/tc3_request\n${sha256(canonical)}`;

/** The signature over that string. */
export const tc3Signature = (stringToSign: string, secret: string, date: string, service: string): string =>
  hmac(hmac(hmac(hmac(`TC3${secret}`, date), service), "tc3_request"), stringToSign).toString("hex");

/** Who signed the request with TC3-HMAC-SHA256; throws the gateway's refusal when the signature does not hold. */
export function verifyTc3(request: WireRequest, keys: readonly Key[], now: number): Key {
  const { headers } = request;
  const parts =
    /^TC3-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{4}-\d\d-\d\d)\/([^/,\s]+)\/tc3_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
      headers["authorization"] ?? "",
    );
  const [id, date, service, signedHeaders, signature] = parts?.slice(1) ?? [];
  if (
    id === undefined ||
    date === undefined ||
    service === undefined ||
    signedHeaders === undefined ||
    signature === undefined
  ) {
    throw new Refusal(
      "AuthFailure.InvalidAuthorization",
      "The Authorization header is not a complete TC3-HMAC-SHA256 signature.",
    );
  }
  const names = signedHeaders.split(";");
  if (!names.includes("host") || !names.includes("content-type")) {
    throw new Refusal("AuthFailure.InvalidAuthorization", "content-type and host must be among the signed headers.");
  }
  const timestamp = headers["x-tc-timestamp"] ?? "";
  if (!/^\d{1,12}$/.test(timestamp)) {
    throw new Refusal("MissingParameter", "The request is missing the header X-TC-Timestamp.");
  }
  const key = keys.find((known) => known.id === id);
  if (key === undefined) throw new Refusal("AuthFailure.SecretIdNotFound", "The SecretId is not found.");
  if ((headers["x-tc-token"] ?? "") !== (key.token ?? "")) {
    throw new Refusal("AuthFailure.TokenFailure", "The token does not belong to the SecretId.");
  }
  if (Math.abs(Number(timestamp) * 1000 - now) > windowMilliseconds) {
    throw new Refusal(
      "AuthFailure.SignatureExpire",
      "The signature has expired: the time differs from ours by more than 5 minutes.",
    );
  }
  const day = new Date(Number(timestamp) * 1000).toISOString().slice(0, 10);
  const expected = canonicalRequests(request, signedHeaders).map((canonical) =>
    tc3Signature(tc3StringToSign(canonical, timestamp, date, service), key.secret, date, service),
  );
  // The service is the caller's: SDKs derive it from the endpoint, which is an address here and no service name.
  if (date !== day || !expected.some((one) => timingSafeEqual(Buffer.from(one), Buffer.from(signature)))) {
    throw new Refusal(
      "AuthFailure.SignatureFailure",
      "The provided credentials could not be validated. Please check your signature is correct.",
    );
  }
  return key;
}
