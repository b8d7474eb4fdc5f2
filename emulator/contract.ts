import { contracts } from "./contracts.gen";

/** Where an operation or a field exists, when not everywhere. */
export type Site = "cn" | "intl";

/** What a number counts: seconds, milliseconds, minutes. */
export type Unit = "s" | "ms" | "min";

/** One request field of an operation. */
export interface Field {
  /** `string`, `boolean`, `int32`, `int64`, `uint64`, `float`, `object`, `array<…>`. */
  type: string;
  /** `true`, or the sites that demand it. */
  required?: true | readonly Site[];
  in?: "query" | "body";
  /** The value is JSON text inside a form or query field. */
  json?: true;
  enum?: readonly (string | number)[];
  min?: number;
  max?: number;
  /** How many comma-separated ids fit. */
  maxItems?: number;
  format?: "date-time" | "base64";
  unit?: Unit;
  sites?: readonly Site[];
  fields?: Readonly<Record<string, Field>>;
}

/** The shape of a response: a type name, an object by field, a list `[shape]`, or a map `{"*": shape}`. */
export type Shape = string | readonly [Shape] | { readonly [field: string]: Shape };

export interface Contract {
  method: "GET" | "POST";
  sites?: readonly Site[];
  request: Readonly<Record<string, Field>>;
  response: Readonly<Record<string, Shape>>;
  /** Units of numbers in the response, by path. */
  units?: Readonly<Record<string, Unit>>;
}

/** The contract of one operation; undefined when the API version has no such operation. */
export function contractOf(version: string, operation: string): Contract | undefined {
  const operations = contracts[version];
  return operations !== undefined && Object.hasOwn(operations, operation) ? operations[operation] : undefined;
}

/** Every emulated API version, by the folder name of its contracts. */
export const versions: readonly string[] = Object.keys(contracts);
