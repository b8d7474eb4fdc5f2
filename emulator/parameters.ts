import { isLosslessNumber, parse } from "lossless-json";
import type { Contract, Field, Site } from "./contract";
import { Refusal } from "./service";
import type { Parameters } from "./service";

/** How one cloud words its refusals of a parameter, and how strictly it reads JSON values. */
interface Dialect {
  missing: (path: string) => Refusal;
  invalid: (path: string, why: string) => Refusal;
  unknown: (path: string) => Refusal;
  /** A string must come as a JSON string and a number as a JSON number. */
  strict: boolean;
}

const top = (path: string): string => path.split(/[.[]/)[0] ?? path;

const alibaba: Dialect = {
  missing: (path) =>
    path === top(path)
      ? new Refusal(`Missing${path}`, `${path} is mandatory for this action.`)
      : new Refusal(`Invalid${top(path)}`, `${path} is mandatory.`),
  invalid: (path, why) => new Refusal(`Invalid${top(path)}`, `Specified parameter ${path} is not valid: it ${why}.`),
  unknown: (path) =>
    new Refusal(`Invalid${top(path)}`, `Specified parameter ${path} is not a parameter of this action.`),
  strict: false,
};
const tencent: Dialect = {
  missing: (path) => new Refusal("MissingParameter", `The request is missing a required parameter \`${path}\`.`, 200),
  invalid: (path, why) =>
    new Refusal("InvalidParameterValue", `The value of the parameter \`${path}\` is invalid: it ${why}.`, 200),
  unknown: (path) => new Refusal("UnknownParameter", `The parameter \`${path}\` is not recognized.`, 200),
  strict: true,
};
const wrongType = (path: string, type: string, dialect: Dialect): Refusal =>
  dialect.strict
    ? new Refusal("InvalidParameter", `The value type of parameter \`${path}\` is not valid: ${type} is expected.`, 200)
    : dialect.invalid(path, `must be of type ${type}`);

const bounds: Record<string, readonly [bigint, bigint]> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  integer: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

function integer(value: unknown, field: Field, type: string, path: string, dialect: Dialect): string | number {
  const text = isLosslessNumber(value)
    ? value.toString()
    : dialect.strict
      ? undefined
      : typeof value === "string"
        ? value.trim()
        : undefined;
  const [least, most] = bounds[type] ?? [0n, 0n];
  if (text === undefined || !/^[+-]?\d{1,20}$/.test(text)) throw wrongType(path, type, dialect);
  const number = BigInt(text.replace("+", ""));
  if (number < least || number > most) throw wrongType(path, type, dialect);
  if (field.min !== undefined && number < BigInt(field.min))
    throw dialect.invalid(path, `must be at least ${field.min}`);
  if (field.max !== undefined && number > BigInt(field.max))
    throw dialect.invalid(path, `must be at most ${field.max}`);
  if (field.enum !== undefined && !field.enum.includes(Number(number))) {
    throw dialect.invalid(path, `must be one of ${field.enum.join(", ")}`);
  }
  return type === "int32" ? Number(number) : number.toString();
}

function text(value: unknown, field: Field, path: string, dialect: Dialect): string {
  const found =
    typeof value === "string" ? value : !dialect.strict && isLosslessNumber(value) ? value.toString() : undefined;
  if (found === undefined) throw wrongType(path, "string", dialect);
  // An empty string is how a value is cleared: no list of words can forbid it where the field is optional.
  if (found === "" && field.required === undefined && dialect.strict) return found;
  if (field.enum !== undefined && !field.enum.includes(found))
    throw dialect.invalid(path, `must be one of ${field.enum.join(", ")}`);
  if (field.maxItems !== undefined && found.split(",").length > field.maxItems) {
    throw dialect.invalid(path, `must name at most ${field.maxItems} ids`);
  }
  if (field.format === "date-time" && found !== "" && !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(found)) {
    throw dialect.invalid(path, "must be of the form yyyy-mm-dd hh:mm:ss");
  }
  if (field.format === "base64" && !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(found))
    throw dialect.invalid(path, "must be base64 text");
  return found;
}

function flag(value: unknown, path: string, dialect: Dialect): boolean {
  if (typeof value === "boolean") return value;
  // The Python SDK writes True and False.
  const word = !dialect.strict && typeof value === "string" ? value.toLowerCase() : "";
  if (word === "true" || word === "false") return word === "true";
  throw wrongType(path, "boolean", dialect);
}

function float(value: unknown, path: string, dialect: Dialect): number {
  const number = Number(
    isLosslessNumber(value) || (!dialect.strict && typeof value === "string") ? value.toString() : Number.NaN,
  );
  if (!Number.isFinite(number)) throw wrongType(path, "float", dialect);
  return number;
}

/** Numbers inside free-form values keep all their digits as text when a JavaScript number can't hold them. */
function plain(value: unknown): unknown {
  if (isLosslessNumber(value)) {
    const number = Number(value.toString());
    return Number.isSafeInteger(number) || !/^-?\d+$/.test(value.toString()) ? number : value.toString();
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
  }
  return value;
}

function one(value: unknown, field: Field, type: string, path: string, site: Site, dialect: Dialect): unknown {
  const item = /^array<(.+)>$/.exec(type)?.[1];
  if (item !== undefined) {
    if (!Array.isArray(value)) throw wrongType(path, type, dialect);
    return value.map((entry, index) => one(entry, field, item, `${path}[${index}]`, site, dialect));
  }
  if (type === "string") return text(value, field, path, dialect);
  if (type === "boolean") return flag(value, path, dialect);
  if (type === "float") return float(value, path, dialect);
  if (type in bounds) return integer(value, field, type, path, dialect);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrongType(path, type, dialect);
  return field.fields === undefined ? plain(value) : members(value, field.fields, `${path}.`, site, dialect);
}

const demanded = (field: Field, site: Site): boolean =>
  field.required === true || (field.required?.includes(site) ?? false);

function members(
  given: object,
  fields: Readonly<Record<string, Field>>,
  prefix: string,
  site: Site,
  dialect: Dialect,
): Record<string, unknown> {
  const known = (name: string): Field | undefined => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return field?.sites?.includes(site) === false ? undefined : field;
  };
  const checked: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given) as [string, unknown][]) {
    if (value === null || value === undefined) continue;
    const field = known(name);
    if (field === undefined) throw dialect.unknown(`${prefix}${name}`);
    checked[name] = one(value, field, field.type, `${prefix}${name}`, site, dialect);
  }
  for (const [name, field] of Object.entries(fields)) {
    if (checked[name] === undefined && known(name) !== undefined && demanded(field, site))
      throw dialect.missing(`${prefix}${name}`);
  }
  return checked;
}

/** Parameters every RPC call may carry beside its own. */
const commons = new Set([
  ...[
    "Action",
    "Format",
    "Version",
    "Timestamp",
    "SignatureNonce",
    "SignatureMethod",
    "SignatureVersion",
    "SignatureType",
  ],
  ...[
    "AccessKeyId",
    "SecurityToken",
    "Signature",
    "RegionId",
    "OwnerId",
    "OwnerAccount",
    "ResourceOwnerId",
    "ResourceOwnerAccount",
  ],
]);

/** The checked parameters of an Alibaba call, from its query and form pairs; a place (query, body) is not insisted on. */
export function alibabaParameters(contract: Contract, pairs: readonly [string, string][]): Parameters {
  const given: Record<string, unknown> = {};
  for (const [name, value] of pairs) {
    const field = Object.hasOwn(contract.request, name) ? contract.request[name] : undefined;
    if (field === undefined && commons.has(name)) continue;
    if (field === undefined) throw alibaba.unknown(name);
    if (value === "" && field.required !== undefined) throw alibaba.missing(name);
    try {
      given[name] = field.json === true ? parse(value) : value;
    } catch {
      throw alibaba.invalid(name, "must be JSON text");
    }
  }
  return members(given, contract.request, "", "cn", alibaba);
}

/** The checked parameters of a Tencent call, from its JSON body. */
export function tencentParameters(contract: Contract, body: string, site: Site): Parameters {
  let given: unknown;
  try {
    given = body.trim() === "" ? {} : parse(body);
  } catch {
    throw new Refusal("InvalidParameter", "The request body is not JSON.", 200);
  }
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new Refusal("InvalidParameter", "The request body must be a JSON object.", 200);
  }
  return members(given, contract.request, "", site, tencent);
}
