import { setTimeout as sleep } from "node:timers/promises";
import { alibabaRefusal, alibabaReply, requestId, responseText, tencentRefusal, tencentReply } from "./answer";
import type { Reply } from "./answer";
import type { CallLog } from "./calls";
import { contractOf, versions } from "./contract";
import type { Contract, Site } from "./contract";
import { businessFailure, refusalOf, splitBatch } from "./faults";
import type { Fault, Faults } from "./faults";
import type { Holds } from "./hold";
import type { Limiter } from "./limits";
import { alibabaParameters, tencentParameters } from "./parameters";
import * as alibaba from "./protocol/alibaba";
import type { Credentials } from "./protocol/credentials";
import { replayGuard } from "./protocol/replay";
import { formPairs } from "./protocol/request";
import type { WireRequest } from "./protocol/request";
import { verifyTc3 } from "./protocol/tencent";
import { Refusal } from "./service";
import type { Context, Operation, Parameters, Service } from "./service";

/** What the gateway stands on; the control interface moves some of it while it runs. */
export interface Grounds {
  services: readonly Service[];
  credentials: Credentials;
  contextOf: (service: Service, account: string, site: Site) => Context;
  now: () => number;
  /** The time signatures are judged by. */
  signatureNow: () => number;
  limit: Limiter;
  faults: Faults;
  holds: Holds;
  calls: CallLog;
  latency: () => number;
  /** Called before an answer leaves; resolves when the state is safe. */
  settled: (wrote: boolean) => Promise<void>;
  defaultSite: () => Site;
  /** Keeps what went wrong inside the emulator itself. */
  broken: (error: unknown) => void;
}

type Cloud = "alibaba" | "tencent";
/** No reply: the connection is cut. */
export type Outcome = Reply | "cut";

/** One call on its way through; filled in as it becomes known, so that refused calls are listed too. */
interface Passage {
  cloud: Cloud;
  version: string;
  operation: string;
  site: Site;
  caller: string;
  account: string;
  parameters: Parameters;
  fault?: Fault;
}

const readsOnly = (operation: string): boolean => /^(Get|List|Describe|Check)/.test(operation);

/** Answers the requests of both clouds. */
export function gateway(grounds: Grounds): (request: WireRequest) => Promise<Outcome> {
  const { credentials } = grounds;
  const nonces = replayGuard(alibaba.windowMilliseconds);
  const operations = new Map<string, { service: Service; run: Operation }>();
  for (const service of grounds.services) {
    for (const [name, run] of Object.entries(service.operations))
      operations.set(`${service.version}/${name}`, { service, run });
  }

  function recognise(request: WireRequest): Passage {
    const { headers } = request;
    const blank = { site: "cn" as Site, caller: "", account: "", parameters: {} };
    if (headers["x-tc-action"] !== undefined) {
      const site = (headers["host"] ?? "").includes(".intl.") ? "intl" : grounds.defaultSite();
      return {
        ...blank,
        cloud: "tencent",
        version: `wedata-${headers["x-tc-version"] ?? ""}`,
        operation: headers["x-tc-action"],
        site,
      };
    }
    const pairs = Object.fromEntries([...formPairs(request.query), ...formBody(request)]);
    const operation = headers["x-acs-action"] ?? pairs["Action"] ?? "";
    // Tencent's earlier signatures travel as parameters; they are not known here, which is said in its own envelope.
    if (pairs["SecretId"] !== undefined)
      return { ...blank, cloud: "tencent", version: `wedata-${pairs["Version"] ?? ""}`, operation };
    return {
      ...blank,
      cloud: "alibaba",
      version: `dataworks-${headers["x-acs-version"] ?? pairs["Version"] ?? ""}`,
      operation,
    };
  }

  function authenticate(request: WireRequest, passage: Passage): void {
    const now = grounds.signatureNow();
    if (passage.cloud === "tencent") {
      const key = verifyTc3(request, [credentials.tencent, credentials.tencentTemporary], now);
      passage.caller = key.id;
      passage.account = credentials.tencentAccount;
      return;
    }
    const verify = request.headers["authorization"] === undefined ? alibaba.verifyRpc : alibaba.verifyAcs3;
    const { key, nonce } = verify(request, [credentials.alibaba, credentials.alibabaTemporary], now);
    if (nonces.seen(`${key.id} ${nonce}`, now)) {
      throw new Refusal("SignatureNonceUsed", "Specified signature nonce was used already.");
    }
    passage.caller = key.id;
    passage.account = credentials.alibabaAccount;
  }

  function locate(passage: Passage): { contract: Contract; service: Service; run: Operation } {
    const { cloud, version, operation, site } = passage;
    if (!versions.includes(version)) {
      throw cloud === "alibaba"
        ? new Refusal(
            "InvalidVersion",
            `Specified parameter Version is not valid: ${version.replace(/^dataworks-/, "")}.`,
          )
        : new Refusal("NoSuchVersion", `The version ${version.replace(/^wedata-/, "")} does not exist.`, 200);
    }
    const contract = contractOf(version, operation);
    const found = operations.get(`${version}/${operation}`);
    const offered = contract?.sites?.includes(site) !== false;
    if (contract === undefined || found === undefined || !offered) {
      throw cloud === "alibaba"
        ? new Refusal("InvalidAction.NotFound", `Specified api is not found: ${operation}.`, 404)
        : new Refusal("InvalidAction", `The action ${operation} is invalid or not found.`, 200);
    }
    return { contract, ...found };
  }

  async function apply(passage: Passage, contract: Contract, service: Service, run: Operation): Promise<object> {
    const { fault, cloud } = passage;
    const context = grounds.contextOf(service, passage.account, passage.site);
    if (fault?.kind === "business-failure") {
      const list = passage.parameters["TaskIdList"];
      return businessFailure(contract, fault, cloud, Array.isArray(list) ? list.length : 1);
    }
    const split = fault?.kind === "batch-partial" ? splitBatch(fault, passage.parameters) : undefined;
    if (split === undefined) {
      if (fault?.kind !== "answer") return run(passage.parameters, context);
      const members = Object.entries(fault.body ?? {}).filter(([name]) => Object.hasOwn(contract.response, name));
      try {
        return { ...(await run(passage.parameters, context)), ...Object.fromEntries(members) };
      } catch (error) {
        if (error instanceof Refusal && members.length > 0) return Object.fromEntries(members);
        throw error;
      }
    }
    return split.merge(split.parameters === undefined ? {} : await run(split.parameters, context));
  }

  async function answer(
    request: WireRequest,
    passage: Passage,
    id: string,
    waited: Promise<void> | undefined,
  ): Promise<{ reply: Outcome; unsuccessful: boolean }> {
    authenticate(request, passage);
    const { contract, service, run } = locate(passage);
    const { operation, cloud } = passage;
    if (cloud === "alibaba" && request.method !== "GET" && request.method !== "POST") {
      throw new Refusal("UnsupportedHTTPMethod", `The HTTP method ${request.method} is not supported.`);
    }
    passage.parameters =
      cloud === "tencent"
        ? tencentParameters(contract, tencentBody(request, contract), passage.site)
        : alibabaParameters(contract, [...formPairs(request.query), ...formBody(request)]);
    grounds.limit.pass({ cloud, operation, reads: readsOnly(operation), now: grounds.now() });
    await waited;
    const fault = grounds.faults.strike(operation, passage.parameters);
    if (fault !== undefined) passage.fault = fault;
    if (fault?.kind === "drop-before") return { reply: "cut", unsuccessful: false };
    if (fault?.kind === "html502") return { reply: badGateway, unsuccessful: true };
    if (fault?.kind === "redirect") return { reply: redirect(fault.location), unsuccessful: true };
    const refusal = fault === undefined ? undefined : refusalOf(fault, cloud);
    if (refusal !== undefined) throw refusal;
    const body = await apply(passage, contract, service, run);
    await grounds.settled(!readsOnly(operation));
    if (fault?.kind === "slow") await sleep(fault.milliseconds ?? 5000);
    if (fault?.kind === "drop-after") return { reply: "cut", unsuccessful: false };
    const text = responseText(operation, contract.response, { ...body, RequestId: id });
    const reply = cloud === "tencent" ? tencentReply(text) : alibabaReply(text, id);
    if (fault?.kind === "cut-json") reply.text = reply.text.slice(0, Math.floor(reply.text.length / 2));
    return { reply, unsuccessful: saysFailed(body) };
  }

  return async (request) => {
    const started = performance.now();
    const id = requestId();
    const passage = recognise(request);
    const wait = grounds.latency();
    const held = grounds.holds.arrives(passage.operation);
    if ((await held.before()) === "drop") return "cut";
    // The limits count a call when it arrives, however long it takes then.
    const waited = wait > 0 ? sleep(wait) : undefined;
    let outcome: string;
    let reply: Outcome;
    try {
      const answered = await answer(request, passage, id, waited);
      reply = answered.reply;
      outcome = reply === "cut" ? "dropped" : answered.unsuccessful ? "unsuccessful" : "ok";
    } catch (error) {
      await waited;
      const refusal = error instanceof Refusal ? error : internalError(error, passage.cloud);
      if (refusal !== error) grounds.broken(error);
      // An operation that refuses may have moved what was due; that too is kept.
      await grounds.settled(false);
      outcome = refusal.code;
      reply =
        passage.cloud === "tencent"
          ? tencentRefusal(refusal, id)
          : alibabaRefusal(refusal, id, request.headers["host"] ?? "");
      if (passage.cloud === "tencent" && passage.fault?.http !== undefined) reply.http = passage.fault.http;
      const retryAfter = passage.fault?.retryAfterMilliseconds;
      if (retryAfter !== undefined) reply.headers["x-acs-retry-after"] = String(retryAfter);
    }
    grounds.calls.add({
      time: new Date(grounds.now()).toISOString(),
      version: passage.version,
      operation: passage.operation,
      outcome,
      http: reply === "cut" ? 0 : reply.http,
      milliseconds: Math.round((performance.now() - started) * 100) / 100,
      caller: passage.caller,
      agent: request.headers["x-tc-requestclient"] ?? request.headers["user-agent"] ?? "",
      ...(passage.fault !== undefined && { fault: passage.fault.kind }),
      parameters: passage.parameters,
    });
    if (reply === "cut" || (await held.after()) === "drop") return "cut";
    // A caller measures by it how far its own clock is off.
    return { ...reply, headers: { ...reply.headers, date: new Date(grounds.signatureNow()).toUTCString() } };
  };
}

const badGateway: Reply = {
  http: 502,
  headers: { "content-type": "text/html" },
  text: "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n",
};

const redirect = (location = "http://127.0.0.1:9/"): Reply => ({ http: 307, headers: { location }, text: "" });

const formBody = (request: WireRequest): [string, string][] =>
  request.body.length > 0 && !/^application\/json/i.test(request.headers["content-type"] ?? "")
    ? formPairs(request.body.toString("utf8"))
    : [];

/** The JSON a TC3 request carries; a GET carries scalar parameters in its query. */
function tencentBody(request: WireRequest, contract: Contract): string {
  if (request.method !== "GET") return request.body.toString("utf8");
  const member = ([name, value]: [string, string]): string =>
    `${JSON.stringify(name)}:${contract.request[name]?.type === "string" ? JSON.stringify(value) : value}`;
  return `{${formPairs(request.query).map(member).join(",")}}`;
}

function saysFailed(body: object): boolean {
  const { Success, Data } = body as { Success?: unknown; Data?: unknown };
  return (
    Success === false ||
    Data === false ||
    (typeof Data === "object" && Data !== null && (Data as { Status?: unknown }).Status === "fail")
  );
}

const internalError = (error: unknown, cloud: Cloud): Refusal =>
  cloud === "alibaba"
    ? new Refusal(
        "InternalError.System",
        `The emulator failed: ${error instanceof Error ? error.message : String(error)}`,
        500,
      )
    : new Refusal(
        "InternalError",
        `The emulator failed: ${error instanceof Error ? error.message : String(error)}`,
        200,
      );
