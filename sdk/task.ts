import * as pulumi from "@pulumi/pulumi";
import { checkInputs } from "../provider/core/lifecycle";
import type { Definition } from "../provider/core/definition";
import { holdsUnknown, isObject } from "../provider/core/fields";
import { HEEDED } from "../provider/core/heeded";
import type { Heeded } from "../provider/core/heeded";
import { withoutOutputs } from "./computed";
import { warnOfUnknownSettings } from "./configuration";
import type { Levels } from "../provider/core/findings";
import { refusePlainCredentials } from "./credentials";
import { recordStack } from "./origin";
import { withoutPromiseTraces } from "./promise-traces";
import { restored } from "./restoring";
import { configuredRules } from "./rules";
import type { Module } from "./rules";
import { engineOptions } from "./engine-options";
import { recordDeclarations, recordOrigin } from "./environment/declared";
import { secretPaths } from "./secrets";
import { recordPlaceInProgram } from "./source-position";
import { creationTokenOf } from "../provider/core/token";
import { show } from "../provider/core/quoting";
import { tell } from "./telling";

/** What distinguishes one kind of task for the engine. */
export interface KindOfTask {
  /** Name of the hooks in the provider entry. */
  readonly provider: string;
  /** `dataworks` or `wedata`, and the type after it: `pulumi-nodejs:dynamic/<module>:<type>`. */
  readonly module: Module;
  readonly type: string;
  /** Read for warnings only; the hooks check again. */
  readonly definition: Definition<never, never>;
  /** Names of the properties that only the provider knows. */
  readonly outputs: readonly string[];
}

/**
 * One object for all resources: a new one each would be serialised each time. The transformation below replaces its text.
 * What the engine stores as its provider is one constant line that loads this package by name: an upgrade is no
 * difference, `destroy` runs the installed code, and no secret can be captured.
 */
export const shared: pulumi.dynamic.ResourceProvider = {} as pulumi.dynamic.ResourceProvider;

/**
 * Lets a resource show every argument of its class as an output, also one that was not given. On the class and not among
 * the properties: each of those costs the engine and the program time for every resource.
 */
export function showArguments(resourceClass: { prototype: object }, { definition }: KindOfTask): void {
  withoutPromiseTraces(resourceClass);
  for (const name of Object.keys(definition.fields)) {
    Object.defineProperty(resourceClass.prototype, name, {
      configurable: true,
      get: () => pulumi.output(undefined),
      set(this: object, value: unknown) {
        Object.defineProperty(this, name, { value, configurable: true, enumerable: true, writable: true });
      },
    });
  }
}

/** What a resource class hands to `pulumi.dynamic.Resource`. */
export interface Described {
  readonly props: pulumi.Inputs;
  readonly opts: pulumi.CustomResourceOptions;
  /** Shows the warnings about the arguments on the resource, once it is there. */
  readonly warn: (resource: pulumi.Resource) => void;
}

/** What every resource class sees to first. */
export function beginning(): void {
  refusePlainCredentials();
  warnOfUnknownSettings();
  recordStack();
  recordDeclarations();
}

/**
 * The arguments of a task as the engine gets them.
 */
export function describe(
  kind: KindOfTask,
  name: string,
  args: object,
  opts: pulumi.CustomResourceOptions = {},
): Described {
  beginning();
  const urn = urnOf(kind, name, opts.parent);
  recordOrigin(urn, args);
  const known = Object.fromEntries(
    Object.entries(restored(urn, args)).filter(([, value]) => value !== undefined),
  ) as Record<string, unknown>;
  const { inputs, findings } = checkInputs(
    kind.definition,
    withoutOutputs(known) as Record<string, unknown>,
    configuredRules(kind.module),
    new Date(),
  );
  const own = isObject(inputs["rules"]) ? (inputs["rules"] as Levels) : {};
  const engine = engineOptions(kind.definition, `${kind.definition.name} ${show(name)}`, opts, {
    ...configuredRules(kind.module),
    ...own,
  });
  const wrong = findings.some(({ severity }) => severity === "error");
  return {
    props: {
      ...Object.fromEntries(kind.outputs.map((output) => [output, undefined])),
      ...(wrong ? known : withCanonical(known, inputs)),
      ...heeded(engine.heeded, secretPaths(known)),
      creationToken: creationToken(kind, name, opts.parent),
    },
    opts: { ...engine.opts, transformations: [loadByName(kind), ...(opts.transformations ?? [])] },
    warn: (resource) => {
      for (const { severity, property, reason, code } of [...engine.findings, ...findings]) {
        if (severity === "warning") void tell(severity, `${property} ${reason} [${code}]`, resource);
      }
    },
  };
}

/** What the hooks have to know beside the arguments, as one more property; nothing where there is nothing. */
export function heeded(options: Heeded, secrets: Promise<string[]> | undefined): pulumi.Inputs {
  const withSecrets = (paths: string[]): Heeded | undefined => {
    const all = { ...options, ...(paths.length > 0 && { secrets: paths }) };
    return Object.keys(all).length === 0 ? undefined : all;
  };
  if (secrets !== undefined) return { [HEEDED]: pulumi.output(secrets.then(withSecrets)) };
  return Object.keys(options).length === 0 ? {} : { [HEEDED]: options };
}

/** Has the engine store one constant line as the provider, and the place in the program as that of the resource. */
export const loadByName =
  ({ provider }: KindOfTask): pulumi.ResourceTransformation =>
  ({ props, opts }) => {
    recordPlaceInProgram();
    return {
      props: {
        ...(props as object),
        __provider: `exports.handler=()=>require("pulumi-data-tasks/provider").${provider}`,
      },
      opts,
    };
  };

/**
 * Marks what this resource creates, so that a lost reply never makes a second task: made from what identifies the
 * resource on its stack, and kept in the state from then on whatever it is renamed to.
 */
export function creationToken({ module, type }: KindOfTask, name: string, parent: pulumi.Resource | undefined): string {
  const stack = [pulumi.getProject(), pulumi.getStack()];
  return creationTokenOf(stack, [...parentTypes(parent), `${module}:${type}`, name]);
}

/** The engine's own name for a resource. */
export function urnOf({ module, type }: KindOfTask, name: string, parent: pulumi.Resource | undefined): string {
  const types = parentTypes(parent).filter((each) => each !== "pulumi:pulumi:Stack");
  const whole = [...types, `pulumi-nodejs:dynamic/${module}:${type}`].join("$");
  return `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${whole}::${name}`;
}

/** The types above a resource, as the engine's own name for it has them. */
function parentTypes(parent: pulumi.Resource | undefined): string[] {
  const { __parentResource, __pulumiType } = (parent ?? {}) as {
    __parentResource?: pulumi.Resource;
    __pulumiType?: string;
  };
  return __pulumiType === undefined ? [] : [...parentTypes(__parentResource), __pulumiType];
}

/**
 * The arguments in their canonical form where they are known now, so that the resource shows the same values in a preview,
 * after it, and in the state. What is still to be computed stays as it was given; the hook brings it to form.
 */
function withCanonical(given: Record<string, unknown>, canonical: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const form = canonical[name];
      if (!holdsUnknown(form)) return [name, form];
      return [
        name,
        isObject(value) && isObject(form) && !pulumi.Output.isInstance(value) ? withCanonical(value, form) : value,
      ];
    }),
  );
}
