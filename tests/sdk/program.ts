import * as pulumi from "@pulumi/pulumi";
import * as settings from "@pulumi/pulumi/runtime/settings";
import * as state from "@pulumi/pulumi/runtime/state";

export interface Ran {
  /** What the program said on its log, warnings and errors. */
  readonly warnings: string[];
  readonly errors: string[];
  /** The arguments with which each resource was registered, by its name. */
  readonly inputs: Record<string, Record<string, unknown>>;
  /** What the program threw. */
  readonly failure: Error | undefined;
}

/** Runs a program in a stack of its own, as the engine does, against a monitor that makes every resource at once. */
export async function runProgram(
  program: () => unknown,
  config: Record<string, string> = {},
  { project = "tests", stack = "test", secrets = [] as string[] } = {},
): Promise<Ran> {
  const inputs: Ran["inputs"] = {};
  const said: Pick<Ran, "warnings" | "errors"> = { warnings: [], errors: [] };
  await pulumi.runtime.setMocks(
    {
      newResource: (resource) => {
        inputs[resource.name] = resource.inputs as Record<string, unknown>;
        return { id: `id-of-${resource.name}`, state: resource.inputs as object };
      },
      call: () => ({}),
    },
    project,
    stack,
    false,
  );
  pulumi.runtime.setAllConfig(config, secrets);
  const { warn, error } = console;
  console.warn = (text: string) => said.warnings.push(text.replace("warning: [runtime] ", ""));
  console.error = (text: string) => said.errors.push(text.replace("error: [runtime] ", ""));
  let failure: Error | undefined;
  try {
    await pulumi.runtime.runInPulumiStack(async () => {
      await program();
      return {};
    });
  } catch (thrown) {
    failure = thrown as Error;
  } finally {
    await settings.disconnect();
    Object.assign(console, { warn, error });
  }
  return { ...said, inputs, failure };
}

/** Runs work with a state of the runtime of its own, as the Automation API gives one to each of its programs. */
export const apart: <T>(work: () => Promise<T>) => Promise<T> = (
  state as unknown as { withLocalStorage: <T>(work: () => Promise<T>) => Promise<T> }
).withLocalStorage;

/** Mocks that give back what a resource was made with. */
export const mocks: pulumi.runtime.Mocks = {
  newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
  call: () => ({}),
};
