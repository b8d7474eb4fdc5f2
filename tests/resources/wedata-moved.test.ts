import assert from "node:assert/strict";
import { Stage } from "./wedata-stage";

describe("a WeDataTask that is moved from another resource", function () {
  this.timeout(30_000);
  let stage: Stage;
  beforeEach(async () => (stage = await Stage.open()));
  afterEach(() => stage.close());
  const with_ = { taskFolderId: "7", instanceInitStrategy: "T+0", productName: "DATA_DEV", leftCoordinate: 40 };

  it("keeps what it was made with in the program", async () => {
    const made = await stage.created(stage.orders(with_));
    const { creationToken: _token, ...args } = made.inputs;
    await stage.emulator.reset();
    const moved = await stage.created(stage.orders({ ...args, adopt: made.id }));
    await stage.isSettled(moved);
    const writes = Object.keys(await stage.emulator.counts()).filter((name) =>
      /^(Create|Modify)Task(?!Version)/.test(name),
    );
    assert.deepEqual(writes, []);
    assert.deepEqual(stage.warnings, []);
  });

  for (const [name, value] of Object.entries({
    taskFolderId: "8",
    instanceInitStrategy: "T+1",
    productName: "DATA_INTEGRATION",
  }))
    it(`is not moved to another ${name}, which nothing can change`, async () => {
      const made = await stage.created(stage.orders(with_));
      const { creationToken: _token, ...args } = made.inputs;
      await assert.rejects(
        stage.created(stage.orders({ ...args, adopt: made.id, [name]: value })),
        new RegExp(`adopt: task \\d+ has ${name} .*, not ${value.replace("+", "\\+")}; no operation changes that`),
      );
    });
});
