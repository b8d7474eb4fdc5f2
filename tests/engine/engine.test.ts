import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { EngineFailure, inlineStack, localProject, temporaryFolder } from "./support";

class Note extends pulumi.dynamic.Resource {
  constructor(name: string, text: pulumi.Input<string>) {
    const provider: pulumi.dynamic.ResourceProvider = {
      check: (_olds, news: { text: string }) =>
        Promise.resolve({
          inputs: news,
          failures: news.text === "" ? [{ property: "text", reason: "must not be empty" }] : [],
        }),
      create: (inputs: { text: string }) => Promise.resolve({ id: "note", outs: inputs }),
      update: (_id, _olds, news: { text: string }) => Promise.resolve({ outs: news }),
    };
    super(provider, name, { text });
  }
}

describe("the engine harness", function () {
  this.timeout(120_000);

  it("takes an inline program through its whole life", async () => {
    const stack = await inlineStack(
      "life",
      async () => {
        const config = new pulumi.Config("notes");
        new Note("first", config.require("text"));
        new Note("secret", config.requireSecret("token"));
        return Promise.resolve({ text: config.require("text") });
      },
      { config: { "notes:text": "one" }, secretConfig: { "notes:token": "hidden-word" } },
    );

    const planned = await stack.preview();
    assert.deepEqual(planned.summary, { create: 3 });

    const created = await stack.up();
    assert.equal(created.outputs["text"]?.value, "one");
    const state = await stack.stateText();
    assert.ok(state.includes("notes:text") && !state.includes("hidden-word"));
    assert.ok((await stack.stateBytes()) > 1_000);

    assert.deepEqual((await stack.preview()).changes, []);

    await stack.configure({ config: { "notes:text": "two" } });
    const changed = await stack.preview();
    assert.deepEqual(
      changed.changes.map(({ op, name, detailedDiff }) => ({ op, name, detailedDiff })),
      [{ op: "update", name: "first", detailedDiff: { text: "update" } }],
    );
    assert.deepEqual((await stack.up()).summary, { update: 1, same: 2 });
    assert.equal((await stack.refresh()).changes.length, 0);
    assert.deepEqual((await stack.destroy()).summary, { delete: 3 });
  });

  it("throws the engine's errors as sentences", async () => {
    const stack = await inlineStack("failing", async () => Promise.resolve(void new Note("empty", "")));
    await assert.rejects(
      stack.up(),
      (error) => error instanceof EngineFailure && error.message.includes("problem: must not be empty"),
    );
  });

  it("runs a project kept in a folder through the CLI", async () => {
    const source = temporaryFolder("project-source");
    writeFileSync(path.join(source, "Pulumi.yaml"), "name: kept\nruntime: nodejs\n");
    writeFileSync(path.join(source, "package.json"), "{}\n");
    writeFileSync(
      path.join(source, "index.ts"),
      `import * as pulumi from "@pulumi/pulumi";
       export const greeting: string = "hello " + new pulumi.Config().require("who");`,
    );
    const stack = await localProject(source, { config: { "kept:who": "world" } });
    const { outputs } = await stack.up();
    assert.equal(outputs["greeting"]?.value, "hello world");
    assert.deepEqual((await stack.destroy()).summary, { delete: 1 });
  });
});
