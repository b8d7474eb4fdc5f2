import assert from "node:assert/strict";
import http from "node:http";
import fc from "fast-check";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { services } from "../../emulator/services";
import { dataworks } from "../emulator/dataworks-client";
import { isUnpolluted } from "./clear";
import type { Told } from "./program";

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}
interface Answer {
  readonly status: number;
  readonly text: string;
}

/** One request as it is, past every client that would put it right. */
const send = (emulator: Emulator, { method, path, headers = {}, body = "" }: Request): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(emulator.dataworks);
    const request = http.request(
      {
        ...{ hostname, port, method, path, timeout: 20_000, agent: false as const },
        headers: { ...headers, "content-length": String(Buffer.byteLength(body)) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
        );
        response.on("error", reject);
      },
    );
    request.on("timeout", () => request.destroy(new Error("no answer within 20 s")));
    request.on("error", reject);
    request.end(body);
  });

const words = fc.constantFrom(
  ...[
    "__proto__",
    "constructor",
    "toString",
    "",
    " ",
    "*",
    "GetTask",
    "CreateNode",
    "x".repeat(3_000),
    "größe",
    "..",
    "%00",
  ],
  ...["dataworks", "wedata", "1", "-1", "1e400", "NaN", "null", "2024-05-18", "2021-08-20", "[]", "{}", "\u0000"],
);
const members = fc.constantFrom(
  ...[
    "kind",
    "operation",
    "nth",
    "times",
    "where",
    "probability",
    "retryAfterMilliseconds",
    "milliseconds",
    "code",
    "http",
  ],
  ...["service", "id", "changes", "task", "count", "offsetMilliseconds", "signatures", "ids", "items", "missingTask"],
  ...["__proto__", "constructor", "wedataSite"],
);
const kinds = fc.constantFrom(
  "throttle",
  "error500",
  "slow",
  "drop-before",
  "html502",
  "cut-json",
  "error",
  "no",
  5,
  null,
);
const json = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  words,
  fc.constantFrom<unknown>(1e9, -1, 0.5, 1e308, -1e308, true, null, [], {}, [[]], { a: { b: {} } }),
);
const bodies: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .dictionary(fc.oneof(members, words), fc.oneof(kinds, json), { maxKeys: 5 })
      .map((body) => JSON.stringify(body)),
  },
  { weight: 2, arbitrary: fc.jsonValue().map((body) => JSON.stringify(body)) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "",
      "{",
      "[",
      '{"__proto__":{"polluted":true}}',
      "[".repeat(5_000) + "]".repeat(5_000),
      "null",
    ),
  },
);
const paths = fc.oneof(
  fc
    .constantFrom(
      ...["health", "calls", "counts", "reset", "faults", "touch", "remove", "tasks", "switches", "clock", "no"],
    )
    .map((name) => `/_emulator/${name}`),
  fc.constantFrom(
    "/",
    "//",
    "/?Action=GetTask&Version=2024-05-18",
    "/?Action=__proto__&Version=constructor",
    "/?SecretId=1",
    "/%00",
    `/${"x".repeat(3_000)}`,
  ),
  words.map((word) => `/_emulator/tasks?service=${encodeURIComponent(word)}`),
  words.map((word) => `/_emulator/faults?id=${encodeURIComponent(word)}&since=${encodeURIComponent(word)}`),
  words.map((word) => `/?Action=${encodeURIComponent(word)}&Version=2024-05-18&Id=${encodeURIComponent(word)}`),
);
const visible = (text: string) => text.replace(/[^\x21-\x7e]/g, "_").slice(0, 200);
const headers = fc.oneof(
  fc.constant({}),
  fc
    .tuple(words, words)
    .map(([action, version]) => ({ "x-tc-action": visible(action), "x-tc-version": visible(version) })),
  fc.tuple(words, words).map(([action, version]) => ({
    "x-acs-action": visible(action),
    "x-acs-version": visible(version),
    authorization: "ACS3-HMAC-SHA256 x",
  })),
  fc.constantFrom<Record<string, string>>(
    { "content-type": "application/json" },
    { "content-type": "x" },
    { host: "wedata.intl.tencentcloudapi.com" },
    {
      authorization: "TC3-HMAC-SHA256 Credential=/, SignedHeaders=, Signature=",
      "x-tc-action": "DescribeTask",
      "x-tc-version": "2021-08-20",
      "x-tc-timestamp": "NaN",
    },
  ),
);
const requests: fc.Arbitrary<Request> = fc.record({
  method: fc.constantFrom("GET", "POST", "POST", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"),
  path: paths,
  headers: headers,
  body: bodies,
}); // prettier-ignore

const operations = services
  .filter(({ version }) => version.startsWith("dataworks-2024"))
  .flatMap(({ operations: own }) => Object.keys(own));
const parameters = fc.dictionary(
  fc.oneof(fc.constantFrom("Id", "ProjectId", "Spec", "Tasks", "Ids", "Name", "EnvType", "PageSize", "PageNumber", "Trigger", "ObjectIds", "Type", "Scene"), words),
  fc.oneof(words, fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value)), fc.constantFrom("[".repeat(3_000) + "]".repeat(3_000), "9".repeat(400), "x".repeat(200_000))),
  { maxKeys: 5 },
); // prettier-ignore

/** After whatever was sent to it, the emulator answers, and nothing in it went wrong. */
async function isSound(emulator: Emulator): Promise<void> {
  await emulator.clearFaults();
  await emulator.clock(0);
  const { status, text } = await send(emulator, { method: "GET", path: "/_emulator/health" });
  assert.equal(status, 200);
  assert.deepEqual((JSON.parse(text) as { errors: string[] }).errors, [], "an internal error");
  isUnpolluted();
}

/** Requests that no client would send. Each gets an answer below 500, and the next one finds the emulator as it was. */
export async function attackHttp(seed: number, runs: number): Promise<Told> {
  return attacked(fc.sample(requests, { seed, numRuns: runs }), async (emulator, request) => {
    const { status, text } = await send(emulator, request);
    assert.ok(status < 500, `answered ${status}: ${text.slice(0, 300)}`);
    assert.ok(!text.includes("    at "), "the answer has a stack");
  });
}

/** Signed calls of every operation, with parameters that mean nothing. Each is answered, or refused with a code. */
export async function attackOperations(seed: number, runs: number): Promise<Told> {
  const all = fc.sample(fc.tuple(fc.constantFrom(...operations), parameters), { seed, numRuns: runs });
  return attacked(all, async (emulator, [operation, given]) => {
    try {
      await dataworks(emulator)(operation, { ProjectId: emulator.projectId, ...given });
    } catch (error) {
      const { code = "", message = "" } = error as { code?: string; message?: string };
      assert.ok(!/Internal/.test(code), `${code}: ${message.slice(0, 300)}`);
    }
  });
}

async function attacked<T>(cases: readonly T[], attack: (emulator: Emulator, one: T) => Promise<void>): Promise<Told> {
  const failures: string[] = [];
  let emulator = await startEmulator({ seed: 1, stageMilliseconds: 0 });
  try {
    for (const [index, one] of cases.entries()) {
      try {
        await attack(emulator, one);
        await isSound(emulator);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        failures.push(`emulator, case ${index}: ${reason.slice(0, 500)}: ${fc.stringify(one).slice(0, 400)}`);
        await emulator.close();
        emulator = await startEmulator({ seed: 1, stageMilliseconds: 0 });
      }
    }
  } finally {
    await emulator.close();
  }
  return { tried: cases.length, failures };
}
