import { randomUUID } from "node:crypto";
import type { Shape } from "./contract";
import type { Refusal } from "./service";

/** Response members no contract names, as `Operation.path`: a mistake of the emulator, shown by its health page. */
export const undeclared = new Set<string>();

const isObject = (shape: Shape | undefined): shape is { readonly [field: string]: Shape } =>
  typeof shape === "object" && !Array.isArray(shape);
const numeric = new Set(["int32", "int64", "uint64", "integer", "float"]);

/** JSON of its own in an answer, whatever type the contract gives the member. */
export class Verbatim {
  readonly json: string;
  constructor(json: string) {
    this.json = json;
  }
}

function member(value: unknown, shape: Shape | undefined, path: string): string {
  if (value === null) return "null";
  if (value instanceof Verbatim) return value.json;
  if (Array.isArray(value)) {
    const item = Array.isArray(shape) ? (shape[0] as Shape) : undefined;
    return `[${value.map((entry) => member(entry, item, path)).join(",")}]`;
  }
  if (typeof value === "object") return isObject(shape) ? members(value, shape, path) : JSON.stringify(value);
  if (typeof shape === "string" && numeric.has(shape) && /^-?\d+$/.test(String(value))) return String(value);
  if (shape === "string" && typeof value !== "string") return JSON.stringify(String(value));
  return JSON.stringify(value);
}

function members(value: object, shape: { readonly [field: string]: Shape }, path: string): string {
  const any = shape["*"];
  const parts = Object.entries(value as Record<string, unknown>).flatMap(([name, entry]) => {
    if (entry === undefined) return [];
    const known = any ?? (Object.hasOwn(shape, name) ? shape[name] : undefined);
    if (known === undefined) undeclared.add(`${path}.${name}`);
    return [`${JSON.stringify(name)}:${member(entry, known, `${path}.${name}`)}`];
  });
  return `{${parts.join(",")}}`;
}

/** JSON text of a response body by its contract: 64-bit integers are number literals with all their digits. */
export function responseText(operation: string, shape: Readonly<Record<string, Shape>>, body: object): string {
  return members(body, shape, operation);
}

export interface Reply {
  http: number;
  headers: Record<string, string>;
  text: string;
}

/** A request id in the form the clouds give. */
export const requestId = (): string => randomUUID();
const json = "application/json;charset=utf-8";

/** The success of an Alibaba call. */
export const alibabaReply = (text: string, id: string): Reply => ({
  http: 200,
  headers: { "content-type": json, "x-acs-request-id": id, "x-acs-trace-id": id.replaceAll("-", "") },
  text,
});

/** Alibaba's error envelope. */
export const alibabaRefusal = ({ code, message, http }: Refusal, id: string, host: string): Reply => ({
  http,
  headers: { "content-type": json, "x-acs-request-id": id, "x-acs-trace-id": id.replaceAll("-", "") },
  text: JSON.stringify({
    RequestId: id,
    HostId: host,
    Code: code,
    Message: message,
    Recommend: `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(code)}&product=dataworks-public&requestId=${id}`,
  }),
});

/** The success of a Tencent call: everything under Response. */
export const tencentReply = (text: string): Reply => ({
  http: 200,
  headers: { "content-type": "application/json" },
  text: `{"Response":${text}}`,
});

/** Tencent's error envelope: HTTP 200 all the same. */
export const tencentRefusal = ({ code, message }: Refusal, id: string): Reply => ({
  http: 200,
  headers: { "content-type": "application/json" },
  text: JSON.stringify({ Response: { Error: { Code: code, Message: message }, RequestId: id } }),
});
