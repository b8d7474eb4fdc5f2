import type { AddressInfo } from "node:net";
import { callLog } from "./calls";
import { controlRoutes, controls } from "./control";
import type { ControlGrounds } from "./control";
import type { Controls } from "./controls";
import type { Site } from "./contract";
import { faultList } from "./faults";
import { gateway } from "./gateway";
import { holds as noHolds } from "./hold";
import { documentedLimits, limiter } from "./limits";
import type { Edition, Limits } from "./limits";
import type { Credentials } from "./protocol/credentials";
import { httpServer } from "./server";
import type { Context, Service } from "./service";
import { controlled, services } from "./services";
import { openStore, seededRandom } from "./store";
import { knownSwitches } from "./switches";

export type { Call } from "./calls";
export type { Controls } from "./controls";
export type { Fault, FaultRule } from "./faults";
export type { Hold, HoldRule } from "./hold";
export type { Edition, Limits } from "./limits";
export type { Credentials } from "./protocol/credentials";

export interface EmulatorOptions {
  /** 0, the default, takes a free port. */
  port?: number;
  /** The loopback by default; there is no authentication for the control interface. */
  host?: string;
  /** A file that keeps the state across restarts. */
  state?: string;
  /** Given, its documented rate limits hold. */
  edition?: Edition;
  /** `documented`: those of the edition (Enterprise by default). Otherwise what is set here; nothing is limited by default. */
  limits?: Limits | "documented";
  /** How long every call takes, or from … to. */
  latencyMilliseconds?: number | readonly [from: number, to: number];
  /** How long an asynchronous stage takes; 50 by default. */
  stageMilliseconds?: number;
  /** Answers nobody has established; see switches.ts. */
  switches?: Record<string, unknown>;
  /** Makes ids, latencies and faults with a probability repeatable. */
  seed?: number;
  /** Keys of your own instead of random ones. */
  credentials?: Partial<Credentials>;
}

/** A running emulator of both clouds. */
export interface Emulator extends Controls {
  /** The URL of the DataWorks endpoint, and of the WeData endpoint: one server tells them apart by their headers. */
  dataworks: string;
  wedata: string;
  accessKeyId: string;
  accessKeySecret: string;
  secretId: string;
  secretKey: string;
  /** A workspace of the new Data Studio generation. */
  projectId: string;
  /** A workspace of the earlier generation: files, and the sync tasks among them. */
  legacyProjectId: string;
  wedataProjectId: string;
  wedataWorkflowId: string;
  /** The URL of the control interface. */
  control: string;
  /** A second workspace of the new generation. */
  otherProjectId: string;
  /** A workspace of the new generation in standard mode, with a development environment. */
  standardProjectId: string;
  /** A workspace of the earlier generation in standard mode. */
  legacyStandardProjectId: string;
  otherWedataProjectId: string;
  otherWedataWorkflowId: string;
  /** Temporary credentials with a session token. */
  temporary: {
    accessKeyId: string;
    accessKeySecret: string;
    securityToken: string;
    secretId: string;
    secretKey: string;
    token: string;
  };
  /** The accounts that sign. */
  account: string;
  wedataAccount: string;
  close: () => Promise<void>;
}

const list = (value: unknown): Record<string, unknown>[] =>
  (Array.isArray(value) ? value : Object.values(value ?? {})) as Record<string, unknown>[];
const id = (value: unknown): string => (typeof value === "string" ? value : "");

function unknownSwitch(names: readonly string[]): void {
  const wrong = names.find((name) => !Object.hasOwn(knownSwitches, name));
  if (wrong !== undefined)
    throw new Error(`There is no switch "${wrong}"; known are ${Object.keys(knownSwitches).join(", ")}.`);
}

/** The bounds between which latencies are drawn. */
function latencyOf(given: EmulatorOptions["latencyMilliseconds"] = 0): readonly [number, number] {
  const [from, to] = typeof given === "number" ? [given, given] : given;
  if (from >= 0 && from <= to && Number.isFinite(to)) return [from, to];
  throw new Error(`A latency goes from a number of milliseconds to one that is not less, got ${from} to ${to}.`);
}

/** Starts an emulator of both clouds on one port. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const switches: Record<string, unknown> = { ...options.switches };
  unknownSwitch(Object.keys(switches));
  latencyOf(options.latencyMilliseconds);
  const random = seededRandom(options.seed ?? Math.floor(Math.random() * 2 ** 32));
  const store = openStore(options.state, options.credentials ?? {}, random);
  const { credentials } = store.saved;
  const clock = { offset: 0, signatures: true };
  const now = (): number => Date.now() + clock.offset;
  const calls = callLog();
  const faults = faultList(random);
  const holds = noHolds();
  const errors: string[] = [];

  const world = (account: string, site: Site): Omit<Context, "state"> => ({
    now,
    newId: store.newId,
    moved: store.changed,
    switches,
    stageMilliseconds: options.stageMilliseconds ?? 50,
    account,
    site,
  });
  const accountOf = (service: Service): string =>
    service.stateKey === "wedata" ? credentials.tencentAccount : credentials.alibabaAccount;
  const fresh = services.filter(({ stateKey }) => store.saved.services[stateKey] === undefined);
  for (const service of fresh)
    service.seed((store.saved.services[service.stateKey] ??= {}), world(accountOf(service), "cn"));
  const stateOf = (service: Service): Record<string, unknown> => (store.saved.services[service.stateKey] ??= {});
  const contextOf = (service: Service, account: string, site: Site): Context => ({
    ...world(account, site),
    state: stateOf(service),
  });

  const allowed: Limits =
    options.limits === "documented" || (options.limits === undefined && options.edition !== undefined)
      ? documentedLimits[options.edition ?? "Enterprise"]
      : {
          ...(options.edition !== undefined && documentedLimits[options.edition]),
          ...options.limits,
        };
  const settled = async (wrote: boolean): Promise<void> => {
    if (wrote) store.changed();
    if (store.isChanged()) await store.flush();
  };
  const latency = (): number => {
    const [from, to] = latencyOf(options.latencyMilliseconds);
    return from === to ? from : from + random() * (to - from);
  };
  const limit = limiter(() => allowed);
  const defaultSite = (): Site => (switches["wedataSite"] === "intl" ? "intl" : "cn");
  const answer = gateway({
    services,
    credentials,
    contextOf,
    now,
    signatureNow: () => (clock.signatures ? now() : Date.now()),
    limit,
    faults,
    holds,
    calls,
    latency,
    settled,
    defaultSite,
    broken: (error) => errors.push(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  });

  const grounds: ControlGrounds = {
    calls,
    limit,
    faults,
    holds,
    controlled,
    switches,
    knownSwitches,
    // Whoever edits at the console is another account.
    contextOf: ({ service }) => contextOf(service, "1999999999999999", defaultSite()),
    settled,
    setClock: (offset, signatures) => Object.assign(clock, { offset, signatures }),
    brokenList: () => errors,
  };
  const moves = controls(grounds);
  const server = httpServer(answer);
  controlRoutes(server, moves, grounds);
  await store.flush();
  const host = options.host ?? "127.0.0.1";
  await server.listen({ port: options.port ?? 0, host });
  const { port } = server.server.address() as AddressInfo;
  const url = `http://${host.includes(":") ? `[${host}]` : host === "0.0.0.0" ? "127.0.0.1" : host}:${port}`;

  const projects = list(store.saved.services.dataworks?.["projects"]);
  const workspace = (generation: string, standard: boolean, nth = 0): string =>
    id(
      projects.filter(
        (project) => project["generation"] === generation && project["DevEnvironmentEnabled"] === standard,
      )[nth]?.["Id"],
    );
  const wedataProjects = list(store.saved.services.wedata?.["projects"]).map((project) =>
    id(project["ProjectId"] ?? project["Id"]),
  );
  const workflowOf = (project: string | undefined): string => {
    const found = list(store.saved.services.wedata?.["workflows"]).find(
      (workflow) => workflow["ProjectId"] === project,
    );
    return id(found?.["WorkflowId"] ?? found?.["Id"]);
  };
  return {
    dataworks: url,
    wedata: url,
    accessKeyId: credentials.alibaba.id,
    accessKeySecret: credentials.alibaba.secret,
    secretId: credentials.tencent.id,
    secretKey: credentials.tencent.secret,
    projectId: workspace("new", false),
    legacyProjectId: workspace("legacy", false),
    wedataProjectId: id(wedataProjects[0]),
    wedataWorkflowId: workflowOf(wedataProjects[0]),
    control: `${url}/_emulator`,
    otherProjectId: workspace("new", false, 1),
    standardProjectId: workspace("new", true),
    legacyStandardProjectId: workspace("legacy", true),
    otherWedataProjectId: id(wedataProjects[1]),
    otherWedataWorkflowId: workflowOf(wedataProjects[1]),
    temporary: {
      accessKeyId: credentials.alibabaTemporary.id,
      accessKeySecret: credentials.alibabaTemporary.secret,
      securityToken: credentials.alibabaTemporary.token,
      secretId: credentials.tencentTemporary.id,
      secretKey: credentials.tencentTemporary.secret,
      token: credentials.tencentTemporary.token,
    },
    account: credentials.alibabaAccount,
    wedataAccount: credentials.tencentAccount,
    ...moves,
    async close() {
      await server.close();
      await store.flush();
    },
  };
}
