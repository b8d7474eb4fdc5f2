import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { startEmulator } from "../../emulator/index";
import { ProviderProcess } from "../../scripts/faults/kill/processes";
import { Stack } from "../../scripts/faults/kill/stack";
import { overTheLimit } from "../../scripts/faults/kill/ten-stacks";

describe("provider processes of ten stacks on one machine", function () {
  this.timeout(300_000);

  it("stay inside the limits of their account together", async () => {
    const home = mkdtempSync(path.join(os.tmpdir(), "stacks-"));
    const emulator = await startEmulator({ edition: "Enterprise", stageMilliseconds: 0 });
    const { dataworks, accessKeyId, accessKeySecret, projectId } = emulator;
    const config = {
      "dataworks:endpoint": dataworks,
      "dataworks:region": "cn-shanghai",
      "dataworks:edition": "Enterprise",
      "dataworks:accessKeyId": accessKeyId,
      "dataworks:accessKeySecret": accessKeySecret,
    };
    const processes = await Promise.all(Array.from({ length: 10 }, () => ProviderProcess.start({ PULUMI_HOME: home })));
    try {
      await Promise.all(
        processes.map(async (provider, index) => {
          await provider.call("DataWorksTask", "configure", config);
          const program = [0, 1].map((nth) => ({
            name: `orders-${nth}`,
            type: "DataWorksTask" as const,
            args: {
              projectId,
              name: `orders_${index}_${nth}`,
              script: { command: "ODPS_SQL", content: "select 1;" },
              creationToken: `token0000${index}${nth}`,
            },
          }));
          await new Stack().up(provider, program);
        }),
      );
      assert.deepEqual(overTheLimit(await emulator.calls()), []);
      assert.equal((await emulator.tasks()).length, 20);
    } finally {
      await Promise.all(processes.map((provider) => provider.kill()));
      await emulator.close();
      rmSync(home, { recursive: true, force: true });
    }
  });
});
