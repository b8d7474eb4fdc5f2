import assert from "node:assert/strict";
import type { Properties } from "../../provider/core/definition";
import { Stage } from "./wedata-stage";
import type { Made } from "./wedata-stage";

describe("a WeDataTask that somebody else has edited since the last refresh", function () {
  this.timeout(30_000);
  let stage: Stage;
  const open = async (switches: Properties = {}) => (stage = await Stage.open(switches));
  afterEach(() => stage.close());
  const idOf = (made: Made) => String(made.outs["taskId"]);
  const settings = async () => (await stage.named("load_orders")).settings;
  const base64 = (text: string) => Buffer.from(text).toString("base64");

  for (const site of ["cn", "intl"]) {
    for (const clears of [false, true]) {
      it(`keeps that, and has it in the next preview (${site}, ${clears ? "clears" : "keeps"} what is left out)`, async () => {
        await open({ wedataSite: site, modifyTaskInfoClearsAbsent: clears });
        let made = await stage.created(
          stage.orders({ notes: "ours", yarnQueue: "a", tryLimit: 3, sourceServer: "1", script: { content: "1" } }),
        );
        for (const isFirst of [true, false]) {
          if (isFirst) stage.connect(site);
          stage.warnings.length = 0;
          const theirs = { YarnQueue: isFirst ? "b" : "c", SourceServer: "", Content: base64(isFirst ? "2" : "3") };
          await stage.emulator.touch("wedata", idOf(made), theirs);
          made = await stage.updated(made, { delayTimeMinutes: isFirst ? 7 : 8 });
          const { YarnQueue, SourceServer, Content, TryLimit, DelayTime, Notes } = await settings();
          assert.deepEqual({ YarnQueue, SourceServer, Content }, theirs);
          assert.deepEqual([TryLimit, DelayTime, /^ours/.test(Notes)], [3, isFirst ? 7 : 8, true]);
          assert.match(
            stage.warnings.join("\n"),
            /script\.content, yarnQueue, sourceServer changed although not by this update; .* \[changed-meanwhile\]$/,
          );
          assert.equal(await stage.differs(made), true);
          made = await stage.updated(made, {});
          await stage.isSettled(made);
          const ours = await settings();
          assert.deepEqual([ours["YarnQueue"], ours["SourceServer"], ours.Content], ["a", "1", base64("1")]);
        }
      });
    }
  }

  it("keeps what others have added to taskExt", async () => {
    await open();
    const taskExt = { settings: JSON.stringify({ a: 1 }) };
    let made = await stage.created(stage.orders({ yarnQueue: "a", taskExt }));
    made = await stage.updated(made, { delayTimeMinutes: 7 });
    const theirs = [
      { Key: "settings", Value: JSON.stringify({ a: 1, b: 2 }) },
      { Key: "added", Value: "x" },
    ];
    await stage.emulator.touch("wedata", idOf(made), { YarnQueue: "b", TaskExt: theirs });
    await stage.updated(made, { delayTimeMinutes: 8 });
    assert.deepEqual((await settings()).TaskExt, theirs);
  });

  it("publishes one version for an edit of another property", async () => {
    await open();
    const made = await stage.created(stage.orders({ yarnQueue: "a" }));
    stage.connect();
    await stage.emulator.touch("wedata", idOf(made), { YarnQueue: "b" });
    await stage.emulator.reset();
    await stage.updated(made, { delayTimeMinutes: 7 });
    const { ModifyTaskInfo, CreateTaskVersionDs } = await stage.emulator.counts();
    assert.deepEqual([ModifyTaskInfo, CreateTaskVersionDs], [1, 1]);
  });
});
