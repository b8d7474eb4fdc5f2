import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { secretPaths } from "../../sdk/secrets";

describe("the secrets among the arguments", () => {
  it("are told by their paths, with a star for the place in a list", async () => {
    const word = pulumi.secret("word");
    const args = {
      name: "orders",
      notes: word,
      script: { content: pulumi.interpolate`echo ${word}`, command: pulumi.output("DIDE_SHELL") },
      steps: [{ parameter: { password: word } }, { parameter: { password: word, user: "reader" } }],
      tags: { "a.b": word },
    };
    assert.deepEqual(await secretPaths(args), [
      "notes",
      "script.content",
      "steps[*].parameter.password",
      'tags["a.b"]',
    ]);
  });

  it("are none where nothing is computed, or nothing of it secret", async () => {
    assert.equal(secretPaths({ name: "orders", tags: { a: "b" } }), undefined);
    assert.deepEqual(await secretPaths({ name: pulumi.output("orders") }), []);
  });
});
