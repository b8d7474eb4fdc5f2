import assert from "node:assert/strict";
import { Deployment } from "../../scripts/faults/kill/deployment";
import { engineStory, together } from "../../scripts/faults/kill/engine";
import type { EngineVictim, Together } from "../../scripts/faults/kill/engine";
import { interrupted, killedWhileWaiting } from "../../scripts/faults/kill/incidents";

/** `npm run faults -- --part kill` has the other calls, and what else can happen to a run. */
describe("a run that is killed", function () {
  this.timeout(600_000);
  let deployment: Deployment;
  let blank: () => Promise<void>;
  let create: Together;
  before(async () => {
    deployment = await Deployment.open({ stageMilliseconds: 300 });
    [create] = (await together(deployment, ["DataWorksTask", "WeDataTask"])) as [Together];
    blank = await deployment.keep("blank");
  });
  beforeEach(() => blank());
  after(() => deployment.close());

  const stories: { victim: EngineVictim; nth: number; recovery: "refresh, up" | "up" }[] = [
    { victim: "engine", nth: 6, recovery: "refresh, up" },
    { victim: "provider", nth: 4, recovery: "up" },
    { victim: "emulator", nth: 5, recovery: "refresh, up" },
  ];
  for (const { victim, nth, recovery } of stories) {
    it(`with its ${victim} is finished by ${recovery === "up" ? "the next up" : "a refresh and the next up"}, with each task once`, async () => {
      const { program, wanted } = create;
      const ending = await engineStory(deployment, program, wanted, { victim, nth, when: "after", recovery });
      assert.deepEqual([ending.reached, ending.wrong], [true, []]);
    });
  }

  it("makes no call any more, also when its provider process gets to know of it late", async () => {
    assert.deepEqual(await killedWhileWaiting(true)(deployment, create.program), []);
  });

  it("by an interrupt ends cleanly, and the next up finishes", async () => {
    assert.deepEqual(await interrupted(1)(deployment, create.program), []);
  });
});
