import type { FastifyInstance } from "fastify";
import { undeclared } from "./answer";
import type { CallLog } from "./calls";
import type { Controls } from "./controls";
import { faultKinds } from "./faults";
import type { FaultRule, Faults } from "./faults";
import type { HoldRule, Holds } from "./hold";
import type { Limiter } from "./limits";
import type { Context } from "./service";
import type { Controlled } from "./services";

export interface ControlGrounds {
  calls: CallLog;
  limit: Limiter;
  faults: Faults;
  holds: Holds;
  controlled: Readonly<Record<string, Controlled>>;
  switches: Record<string, unknown>;
  knownSwitches: Readonly<Record<string, { default: unknown; meaning: string }>>;
  contextOf: (controlled: Controlled) => Context;
  settled: (wrote: boolean) => Promise<void>;
  setClock: (offsetMilliseconds: number, signatures: boolean) => void;
  brokenList: () => readonly string[];
}

/** A request the control interface does not understand; one sentence. */
export class ControlError extends Error {}

const MOST_AT_ONCE = 100_000;
/** A thousand years. */
const LONGEST_OFFSET = 1000 * 365 * 86_400_000;
const LONGEST_WAIT = 600_000;

const whole = (least: number, most: number) => (value: unknown) =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most
    ? undefined
    : `must be a whole number from ${least} to ${most}`;
const text = (value: unknown) => (typeof value === "string" ? undefined : "must be a text");
const isList = (value: unknown, types: readonly string[]) =>
  Array.isArray(value) && value.every((item) => types.includes(typeof item));

/** What each member of a fault must be; the words for it when it is not. */
const ruleMembers: Readonly<Record<keyof FaultRule, (value: unknown) => string | undefined>> = {
  kind: (value) =>
    (faultKinds as readonly unknown[]).includes(value) ? undefined : `must be one of ${faultKinds.join(", ")}`,
  operation: (value) =>
    typeof value === "string" || isList(value, ["string"]) ? undefined : "must be the name of an operation, or a list",
  nth: whole(1, 2 ** 31),
  times: whole(0, 2 ** 31),
  where: (value) => (isObject(value) ? undefined : "must be an object of parameters and their values"),
  probability: (value) =>
    typeof value === "number" && value >= 0 && value <= 1 ? undefined : "must be a number from 0 to 1",
  retryAfterMilliseconds: whole(0, LONGEST_WAIT),
  milliseconds: whole(0, LONGEST_WAIT),
  code: text,
  message: text,
  location: text,
  http: whole(200, 599),
  ids: (value) => (isList(value, ["string", "number"]) ? undefined : "must be a list of ids"),
  body: (value) => (isObject(value) ? undefined : "must be an object of members of the answer and their values"),
  items: (value) => (isList(value, ["number"]) ? undefined : "must be a list of positions"),
};

/** A fault that can strike, or a sentence about the member that is wrong. */
function checkedRule(rule: FaultRule): FaultRule {
  for (const name of ["kind", ...Object.keys(rule)]) {
    const member = Object.hasOwn(ruleMembers, name) ? ruleMembers[name as keyof FaultRule] : undefined;
    const value: unknown = rule[name as keyof FaultRule];
    if (value === undefined && name !== "kind") continue;
    const wrong = member === undefined ? "is not known" : member(value);
    if (wrong !== undefined) throw new ControlError(`A fault's ${JSON.stringify(name.slice(0, 80))} ${wrong}.`);
  }
  return rule;
}

/** The control interface as functions. */
export function controls(grounds: ControlGrounds): Controls {
  const named = (service: string): Controlled => {
    const found = Object.hasOwn(grounds.controlled, service) ? grounds.controlled[service] : undefined;
    if (found !== undefined) return found;
    throw new ControlError(
      `There is no service "${service}": name one of ${Object.keys(grounds.controlled).join(", ")}.`,
    );
  };
  return {
    calls: async (since) => grounds.calls.list(since),
    counts: async () => grounds.calls.counts().operations,
    highestPerSecond: async () => grounds.limit.highest(),
    async reset() {
      grounds.calls.reset();
      grounds.limit.forget();
    },
    fault: async (rule) => grounds.faults.add(checkedRule(rule)),
    faults: async () => grounds.faults.list(),
    clearFaults: async (id) => grounds.faults.remove(id),
    async hold({ nth, when }) {
      if (!Number.isSafeInteger(nth) || nth < 1) throw new ControlError(`"nth" must be a whole number from 1.`);
      if (when !== "before" && when !== "after") throw new ControlError(`"when" must be "before" or "after".`);
      grounds.holds.set({ nth, when });
    },
    held: async (wait = 0) => grounds.holds.reached(wait),
    release: async (how = "go") => grounds.holds.release(how),
    async touch(service, id, changes) {
      const found = named(service);
      const touched = found.service.touch(id, changes, grounds.contextOf(found));
      await grounds.settled(true);
      return touched;
    },
    async remove(service, id) {
      const found = named(service);
      const removed = found.remove(grounds.contextOf(found).state, id);
      await grounds.settled(true);
      return removed;
    },
    async tasks(service = "dataworks") {
      const found = named(service);
      return found.list(grounds.contextOf(found).state);
    },
    async createTasks(service, task, count = 1) {
      const found = named(service);
      if (!Number.isInteger(count) || count < 0 || count > MOST_AT_ONCE)
        throw new ControlError(`"count" must be a whole number up to ${MOST_AT_ONCE}.`);
      const context = grounds.contextOf(found);
      const made = found.bulk(context.state, context, count, task);
      await grounds.settled(true);
      return Array.isArray(made) ? made.map(String) : [];
    },
    switches: async () => ({
      ...Object.fromEntries(Object.entries(grounds.knownSwitches).map(([name, known]) => [name, known.default])),
      ...grounds.switches,
    }),
    async setSwitch(name, value) {
      if (!Object.hasOwn(grounds.knownSwitches, name)) throw new ControlError(`There is no switch "${name}".`);
      grounds.switches[name] = value;
    },
    clock: async (offset, options) => {
      // Beyond it there are no dates.
      if (!Number.isFinite(offset) || Math.abs(offset) > LONGEST_OFFSET)
        throw new ControlError(`"offsetMilliseconds" must be a number up to ${LONGEST_OFFSET}.`);
      grounds.setClock(offset, options?.signatures ?? true);
    },
  };
}

const record = (body: unknown): Record<string, unknown> => {
  const text = Buffer.isBuffer(body) ? body.toString("utf8") : "";
  try {
    const parsed: unknown = JSON.parse(text === "" ? "{}" : text);
    if (typeof parsed === "object" && parsed !== null) return parsed as Record<string, unknown>;
  } catch {
    // Answered below, like every other body that is no object.
  }
  throw new ControlError("The body must be a JSON object.");
};
const word = (value: unknown, name: string): string => {
  if (typeof value === "string" && value !== "") return value;
  if (typeof value === "number") return String(value);
  throw new ControlError(`"${name}" is missing.`);
};
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Serves the control interface under /_emulator. No authentication: the emulator listens on the loopback only. */
export function controlRoutes(server: FastifyInstance, controls: Controls, grounds: ControlGrounds): void {
  const at = "/_emulator";
  const query = (url: string): URLSearchParams => new URL(url, "http://emulator").searchParams;
  server.get(`${at}/health`, async () => ({ ok: true, undeclared: [...undeclared], errors: grounds.brokenList() }));
  server.get(`${at}/calls`, async ({ url }) => controls.calls(Number(query(url).get("since") ?? 0)));
  server.get(`${at}/counts`, async () => ({
    ...grounds.calls.counts(),
    highestPerSecond: await controls.highestPerSecond(),
  }));
  server.post(`${at}/reset`, async () => {
    await controls.reset();
    return { ok: true };
  });
  server.get(`${at}/faults`, async () => controls.faults());
  server.post(`${at}/faults`, async ({ body }) => controls.fault(record(body) as unknown as FaultRule));
  server.delete(`${at}/faults`, async ({ url }) => {
    await controls.clearFaults(query(url).get("id") ?? undefined);
    return { ok: true };
  });
  server.get(`${at}/hold`, async ({ url }) => ({ ...(await controls.held(Number(query(url).get("wait") ?? 0))) }));
  server.post(`${at}/hold`, async ({ body }) => {
    await controls.hold(record(body) as unknown as HoldRule);
    return { ok: true };
  });
  server.delete(`${at}/hold`, async ({ url }) => {
    await controls.release(query(url).has("drop") ? "drop" : "go");
    return { ok: true };
  });
  server.post(`${at}/touch`, async ({ body }) => {
    const { service = "dataworks", id, changes } = record(body);
    if (!isObject(changes)) throw new ControlError(`"changes" must be an object.`);
    return controls.touch(word(service, "service"), word(id, "id"), changes);
  });
  server.post(`${at}/remove`, async ({ body }) => {
    const { service = "dataworks", id } = record(body);
    return { removed: await controls.remove(word(service, "service"), word(id, "id")) };
  });
  server.get(`${at}/tasks`, async ({ url }) => controls.tasks(query(url).get("service") ?? undefined));
  server.post(`${at}/tasks`, async ({ body }) => {
    const { service = "dataworks", task = {}, count = 1 } = record(body);
    if (!isObject(task) || typeof count !== "number")
      throw new ControlError(`"task" must be an object and "count" a number.`);
    return { ids: await controls.createTasks(word(service, "service"), task, count) };
  });
  server.get(`${at}/switches`, async ({ url }) =>
    query(url).has("meanings")
      ? Object.fromEntries(
          Object.entries(await controls.switches()).map(([name, value]) => [
            name,
            { value, ...grounds.knownSwitches[name] },
          ]),
        )
      : controls.switches(),
  );
  server.put(`${at}/switches`, async ({ body }) => {
    for (const [name, value] of Object.entries(record(body))) await controls.setSwitch(name, value);
    return controls.switches();
  });
  server.post(`${at}/clock`, async ({ body }) => {
    const { offsetMilliseconds, signatures } = record(body);
    if (typeof offsetMilliseconds !== "number") throw new ControlError(`"offsetMilliseconds" must be a number.`);
    await controls.clock(offsetMilliseconds, { signatures: signatures !== false });
    return { ok: true, now: new Date(Date.now() + offsetMilliseconds).toISOString() };
  });
}
