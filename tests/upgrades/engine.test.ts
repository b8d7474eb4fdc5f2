import assert from "node:assert/strict";
import { OPEN, recording, recordings } from "../../scripts/recorded/recording";
import { differences } from "../engine/support";

describe("an upgrade on the engine", function () {
  this.timeout(240_000);

  it("from the first version previews to no change but what was left open, and goes on from there", async () => {
    const there = await recording(recordings()[0] ?? "");
    try {
      const stack = await there.stack();
      assert.deepEqual(Object.keys(differences(await stack.preview({ refresh: true }))).sort(), OPEN);
      const { resources } = (await stack.exportState()).deployment as { resources: object[] };
      assert.equal(resources.length, 15);
      await stack.destroy();
      assert.deepEqual([(await there.emulator.tasks()).length, (await there.emulator.tasks("wedata")).length], [2, 1]);
    } finally {
      await there.close();
    }
  });
});
