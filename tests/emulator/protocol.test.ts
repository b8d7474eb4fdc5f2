import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  acs3StringToSign,
  canonicalRequest,
  rpcStringToSign,
  verifyAcs3,
  verifyRpc,
} from "../../emulator/protocol/alibaba";
import { formPairs } from "../../emulator/protocol/request";
import type { WireRequest } from "../../emulator/protocol/request";
import { canonicalRequests, tc3StringToSign, verifyTc3 } from "../../emulator/protocol/tencent";
import { replayGuard } from "../../emulator/protocol/replay";
import { Refusal } from "../../emulator/service";

interface Vector {
  name: string;
  request: { method: string; url: string; headers: Record<string, string>; body: string };
  canonicalRequest: string;
  stringToSign: string;
  signature: string;
}
const vectors = (file: string): Vector[] =>
  (JSON.parse(readFileSync(join(__dirname, "../fixtures/protocol", file), "utf8")) as { vectors: Vector[] }).vectors;
const wire = ({ request }: Vector, changes: Partial<WireRequest> = {}): WireRequest => {
  const [path = "/", query = ""] = request.url.split("?");
  return { method: request.method, path, query, headers: request.headers, body: Buffer.from(request.body), ...changes };
};
const refused = (code: string) => (error: unknown) => error instanceof Refusal && error.code === code;

const keys = [
  { id: "AKIDEXAMPLE", secret: "SECRETEXAMPLE" },
  { id: "OTHER", secret: "OTHERSECRET", token: "OTHERTOKEN" },
];
const withToken = (token: string) => [{ id: "AKIDEXAMPLE", secret: "SECRETEXAMPLE", token }];
const now = Date.parse("2026-01-02T03:04:05Z");
const minutes = 60_000;

describe("ACS3-HMAC-SHA256", () => {
  for (const vector of vectors("alibaba-acs3-hmac-sha256.json")) {
    const known = vector.request.headers["x-acs-security-token"] === undefined ? keys : withToken("STSTOKENEXAMPLE");
    it(`agrees with the recorded request "${vector.name}"`, () => {
      const signedHeaders = /SignedHeaders=([^,]+)/.exec(vector.request.headers["authorization"] ?? "")?.[1] ?? "";
      const canonical = canonicalRequest(wire(vector), signedHeaders);
      assert.equal(canonical, vector.canonicalRequest);
      assert.equal(acs3StringToSign(canonical), vector.stringToSign);
      assert.equal(verifyAcs3(wire(vector), known, now).key.id, "AKIDEXAMPLE");
    });
  }
  const [update] = vectors("alibaba-acs3-hmac-sha256.json");
  assert(update !== undefined);
  it("refuses a body that was changed on the way", () => {
    const changed = wire(update, { body: Buffer.from("Id=1235") });
    assert.throws(() => verifyAcs3(changed, keys, now), refused("SignatureDoesNotMatch"));
  });
  it("refuses a changed header, an unsigned x-acs header, an unknown key, another secret", () => {
    const { headers } = update.request;
    const cases: [Record<string, string>, typeof keys, string][] = [
      [{ ...headers, "x-acs-action": "DeleteTask" }, keys, "SignatureDoesNotMatch"],
      [{ ...headers, "x-acs-security-token": "T" }, keys, "IncompleteSignature"],
      [headers, [], "InvalidAccessKeyId.NotFound"],
      [headers, [{ id: "AKIDEXAMPLE", secret: "NO" }], "SignatureDoesNotMatch"],
      [headers, withToken("T"), "MissingSecurityToken"],
    ];
    for (const [sent, known, code] of cases) {
      assert.throws(() => verifyAcs3(wire(update, { headers: sent }), known, now), refused(code));
    }
  });
  it("takes a date of 14 minutes ago or ahead, and none of 16", () => {
    for (const off of [-14, 14]) verifyAcs3(wire(update), keys, now + off * minutes);
    for (const off of [-16, 16]) {
      assert.throws(() => verifyAcs3(wire(update), keys, now + off * minutes), refused("InvalidTimeStamp.Expired"));
    }
  });
});

describe("RPC signature 1.0", () => {
  for (const vector of vectors("alibaba-rpc-hmac-sha1.json")) {
    it(`agrees with the recorded request "${vector.name}"`, () => {
      const request = wire(vector);
      const pairs = [...formPairs(request.query), ...formPairs(vector.request.body)];
      assert.equal(rpcStringToSign(request.method, pairs), vector.stringToSign);
      assert.equal(verifyRpc(request, keys, now).nonce, "0123456789abcdef0123456789abcdef");
    });
  }
  const [update] = vectors("alibaba-rpc-hmac-sha1.json");
  assert(update !== undefined);
  it("refuses a changed parameter and an old time stamp", () => {
    const changed = wire(update, { body: Buffer.from("Id=9") });
    assert.throws(() => verifyRpc(changed, keys, now), refused("SignatureDoesNotMatch"));
    assert.throws(() => verifyRpc(wire(update), keys, now + 16 * minutes), refused("InvalidTimeStamp.Expired"));
  });
});

describe("TC3-HMAC-SHA256", () => {
  for (const vector of vectors("tencent-tc3-hmac-sha256.json")) {
    const token = vector.request.headers["x-tc-token"];
    it(`agrees with the recorded request "${vector.name}"`, () => {
      const [, date = "", service = ""] = (
        /Credential=([^,]+)/.exec(vector.request.headers["authorization"] ?? "")?.[1] ?? ""
      ).split("/");
      const [canonical = ""] = canonicalRequests(wire(vector), "content-type;host");
      assert.equal(canonical, vector.canonicalRequest);
      assert.equal(tc3StringToSign(canonical, "1767323045", date, service), vector.stringToSign);
      assert.equal(verifyTc3(wire(vector), token === undefined ? keys : withToken(token), now).id, "AKIDEXAMPLE");
    });
  }
  const [modify] = vectors("tencent-tc3-hmac-sha256.json");
  assert(modify !== undefined);
  it("refuses a changed body, an unknown key, a missing token, and a time 6 minutes off", () => {
    const changed = wire(modify, { body: Buffer.from("{}") });
    assert.throws(() => verifyTc3(changed, keys, now), refused("AuthFailure.SignatureFailure"));
    assert.throws(() => verifyTc3(wire(modify), [], now), refused("AuthFailure.SecretIdNotFound"));
    assert.throws(() => verifyTc3(wire(modify), withToken("T"), now), refused("AuthFailure.TokenFailure"));
    assert.throws(() => verifyTc3(wire(modify), keys, now + 6 * minutes), refused("AuthFailure.SignatureExpire"));
  });
});

describe("nonces", () => {
  it("are refused a second time inside the window and forgotten after it", () => {
    const guard = replayGuard(1000);
    assert.deepEqual(
      [guard.seen("a", 0), guard.seen("a", 500), guard.seen("b", 600), guard.seen("a", 1700)],
      [false, true, false, false],
    );
  });
});
