import assert from "node:assert/strict";
import type { Properties } from "../../provider/core/definition";
import { Stage } from "./wedata-stage";

describe("what is gone at WeData, and what only looks like it", function () {
  this.timeout(30_000);
  let stage: Stage;
  const open = async (switches: Properties = {}) => (stage = await Stage.open(switches));
  afterEach(() => stage.close());

  describe("a new task that the lists show late", () => {
    for (const site of ["cn", "intl"]) {
      it(`is waited for (${site})`, async () => {
        await open({ wedataSite: site, wedataListsLagMilliseconds: 1_000 });
        const made = await stage.created(stage.orders({ script: { content: "1" } }));
        await stage.isSettled(made);
        assert.deepEqual(stage.warnings, []);
      });
    }

    it("is said to be gone when it is not there in the end", async () => {
      await open({ wedataSite: "intl", wedataListsLagMilliseconds: 60_000 });
      await assert.rejects(
        stage.created(stage.orders()),
        /task \d+ is gone; run `pulumi refresh`, then `pulumi up` creates it again$/,
      );
    });
  });
});
