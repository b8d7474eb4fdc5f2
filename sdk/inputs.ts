import type * as pulumi from "@pulumi/pulumi";
import type { Asset } from "../provider/core/fields";

/**
 * The arguments of a resource as a program gives them: any value may be an output of another resource, and an optional one
 * may be `undefined`, as `config.get` gives it, also in a program with `exactOptionalPropertyTypes`.
 */
export type InputsOf<T> = { [K in keyof T]: pulumi.Input<Nested<T[K]>> | Absent<T, K> };

type Absent<T, K extends keyof T> = Partial<Pick<T, K>> extends Pick<T, K> ? undefined : never;

type Nested<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends Asset
    ? pulumi.asset.FileAsset | pulumi.asset.StringAsset
    : T extends (infer Item)[]
      ? pulumi.Input<Nested<Item>>[]
      : T extends object
        ? InputsOf<T>
        : T;

/** The arguments as the resource shows them, resolved: every one, and `undefined` in what was not given. */
export type OutputsOf<T> = { readonly [K in keyof T]-?: pulumi.Output<T[K]> };
