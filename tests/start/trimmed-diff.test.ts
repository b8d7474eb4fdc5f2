import assert from "node:assert/strict";
import { trimmedDiff } from "../../scripts/start/trimmed-diff";

const preview = `Previewing update (local):
  pulumi:pulumi:Stack: (same)
    [urn=urn:pulumi:local::shop::pulumi:pulumi:Stack::shop-local]
    ~ pulumi-nodejs:dynamic/wedata:Task: (update)
        [id=1/2]
        [urn=urn:pulumi:local::shop::pulumi-nodejs:dynamic/wedata:Task::extract]
        cycleType       : "Day"
      ~ runPriority     : "low" => "high"
        script          : {
            content: "./extract.sh"
        }
      + notes           : "new"
    ~ pulumi-nodejs:dynamic/dataworks:Task: (update)
        [urn=urn:pulumi:local::shop::pulumi-nodejs:dynamic/dataworks:Task::report]
        dependencies: [
            [0]: {
                type: "Normal"
            }
        ]
      ~ trigger     : {
          ~ cron: "0 0 2 * * ?" => "0 30 3 * * ?"
            type: "Scheduler"
        }
    - pulumi-nodejs:dynamic/dataworks:Task: (delete)
        [urn=urn:pulumi:local::shop::pulumi-nodejs:dynamic/dataworks:Task::old]
        name: "old"
    --outputs:--
  ~ taskId: "1" => [unknown]
Resources:
    ~ 2 to update
`;

describe("the engine's difference as npm start shows it", () => {
  it("keeps what changes, with the brackets around it, under the name of its resource", () => {
    assert.equal(
      trimmedDiff(preview).join("\n"),
      `~ extract (wedata:Task)
  ~ runPriority: "low" => "high"
  + notes: "new"
~ report (dataworks:Task)
  ~ trigger: {
      ~ cron: "0 0 2 * * ?" => "0 30 3 * * ?"
    }
- old (dataworks:Task)`,
    );
  });

  it("is empty when nothing changes", () => {
    assert.deepEqual(
      trimmedDiff("Previewing update (local):\n  pulumi:pulumi:Stack: (same)\nResources:\n    3 unchanged"),
      [],
    );
  });
});
