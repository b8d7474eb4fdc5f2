import { createServer } from "node:https";
import { createSign, generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** One element of DER, by which certificates are written. */
const element = (tag: number, ...contents: Buffer[]): Buffer => {
  const body = Buffer.concat(contents);
  const length =
    body.length < 128
      ? Buffer.from([body.length])
      : body.length < 256
        ? Buffer.from([0x81, body.length])
        : Buffer.from([0x82, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([Buffer.from([tag]), length, body]);
};
const sequence = (...contents: Buffer[]): Buffer => element(0x30, ...contents);
const time = (date: Date): Buffer =>
  element(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replace(/[-T:]/g, "")}Z`));
/** ecdsa-with-SHA256 */
const ALGORITHM = sequence(element(0x06, Buffer.from("2a8648ce3d040302", "hex")));

/** A certificate that nobody but its holder has signed, made anew for every run: no key lies in the repository. */
function selfSigned(name: string): { key: KeyObject; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const commonName = element(0x06, Buffer.from("550403", "hex"));
  const names = sequence(element(0x31, sequence(commonName, element(0x0c, Buffer.from(name)))));
  const [day, now] = [86_400_000, Date.now()];
  const facts = sequence(
    element(0x02, Buffer.from([1])),
    ALGORITHM,
    names,
    sequence(time(new Date(now - day)), time(new Date(now + day))),
    names,
    publicKey.export({ format: "der", type: "spki" }),
  );
  const signature = createSign("sha256").update(facts).sign(privateKey);
  const certificate = sequence(facts, ALGORITHM, element(0x03, Buffer.from([0]), signature));
  return {
    key: privateKey,
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString("base64")}\n-----END CERTIFICATE-----\n`,
  };
}

/** An HTTPS service on a free loopback port, with a certificate that no machine trusts. */
export async function tlsService(answer: RequestListener): Promise<{ endpoint: string; close: () => Promise<void> }> {
  const { key, cert } = selfSigned("localhost");
  const server = createServer({ key: key.export({ format: "pem", type: "pkcs8" }), cert }, answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
