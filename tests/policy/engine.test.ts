import assert from "node:assert/strict";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { DataWorksDISyncTask, DataWorksTask, DataWorksTaskSet, WeDataTask } from "pulumi-data-tasks";
import { policiesIn } from "../../cli/policy/file";
import { previewFrom } from "../../cli/preview/read";
import { reviewOf } from "../../cli/review/build";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { root } from "../../scripts/setup.js";
import { cloudsAt } from "../engine/clouds";
import { inlineStack, temporaryFolder, writes } from "../engine/support";
import type { EngineStack } from "../engine/support";

/** A violation as both ways tell it. */
type Told = [policy: string, level: string, resource: string, sentence: string];

/** The pack of the examples with another policy file; `plain`: in JavaScript, which starts sooner. */
function packWith(policy: string, { plain = false } = {}): string {
  const folder = temporaryFolder("policy-pack");
  cpSync(path.join(root, "examples", "policy"), folder, { recursive: true });
  writeFileSync(path.join(folder, "policy.yaml"), policy);
  if (!plain) return folder;
  rmSync(path.join(folder, "index.ts"));
  writeFileSync(
    path.join(folder, "index.js"),
    `const { PolicyPack } = require("@pulumi/policy");
const { taskPolicies } = require("pulumi-data-tasks/policy");
new PolicyPack("data-tasks", { policies: taskPolicies("policy.yaml") });\n`,
  );
  return folder;
}

const nameIn = (urn: string) => urn.slice(urn.lastIndexOf("::") + 2).replace(/#.*$/, "");

const POLICY = `
owner-set: mandatory
timeout-set: { enforcementLevel: mandatory, atMostMinutes: 60 }
not-paused: { enforcementLevel: mandatory, stacks: [pol*] }
resource-group-allowed: { allow: [S_good_*] }
starts-per-minute: { atMost: 3, except: [ads_*] }
quiet-window: { from: "22:00", to: "06:00", timeZone: UTC+8, except: [bare] }
name-pattern: { pattern: "[a-z_]+", stacks: [other] }
retries-set: { atLeast: 2 }
workspace-allowed: { allow: ["1"], enforcementLevel: disabled }
on-delete-allowed: mandatory
`;

describe("a policy pack on the engine", function () {
  this.timeout(300_000);
  let emulator: Emulator;
  let stack: EngineStack;
  let program: () => void = () => undefined;

  before(async () => {
    emulator = await startEmulator({ stageMilliseconds: 5 });
    stack = await inlineStack("policy", () => Promise.resolve(program()), cloudsAt(emulator));
  });
  after(() => emulator.close());

  const good = () => ({
    projectId: emulator.projectId,
    owner: "1000000001",
    timeoutSeconds: 3600,
    rerunMode: "FailureAllowed" as const,
    rerunTimes: 2,
    runtimeResource: { resourceGroupId: "S_good_1" },
    script: { command: "ODPS_SQL", content: "select 1;" },
    trigger: { type: "Scheduler" as const, cron: "00 30 07 * * ?" },
    onDelete: "pause" as const,
  });

  /** What the pack has against the program: in a preview, or in a deployment without one. */
  async function judged(pack: string, run: "preview" | "up" = "preview", config?: object) {
    const events: EngineEvent[] = [];
    const file = path.join(pack, "config.json");
    if (config !== undefined) writeFileSync(file, JSON.stringify(config));
    const options = {
      policyPacks: [pack],
      ...(config !== undefined && { policyPackConfigs: [file] }),
      onEvent: (event: EngineEvent) => void events.push(event),
    };
    const result = await stack.stack[run](options).then(
      ({ stdout }) => ({ text: stdout, failed: false }),
      (error: unknown) => ({ text: String(error), failed: true }),
    );
    const told = events.flatMap(({ policyEvent }): Told[] => {
      if (policyEvent === undefined) return [];
      const { policyName, enforcementLevel, resourceUrn = "", message } = policyEvent;
      const [, ...sentence] = message
        .replaceAll(/<\{%[^%]*%\}>/g, "")
        .trim()
        .split("\n");
      const isOfStack = resourceUrn.includes("::pulumi:pulumi:Stack::");
      return [[policyName, enforcementLevel, isOfStack ? "" : nameIn(resourceUrn), sentence.join("\n")]];
    });
    return { ...result, told: told.sort(), events };
  }

  /** What a review has against the program, by the events of the same run. */
  function reviewed(pack: string, events: readonly EngineEvent[]): Told[] {
    const preview = previewFrom(events.map((event) => JSON.stringify(event)).join("\n"), "events");
    const policies = policiesIn(path.join(pack, "policy.yaml"));
    const { warnings } = reviewOf(preview, { at: Date.now(), folder: root, policies });
    return warnings
      .flatMap(({ policy, code = "", urn = "", message }): Told[] =>
        policy === undefined ? [] : [[code, policy, nameIn(urn), message]],
      )
      .sort();
  }

  it("finds in every kind of task and in sets what a review finds, and fails a preview for what is mandatory", async () => {
    program = () => {
      const fine = new DataWorksTask("fine", { ...good(), name: "fine" });
      new DataWorksTask("bare", {
        projectId: emulator.projectId,
        name: "bare",
        script: good().script,
        trigger: { type: "Scheduler", cron: "00 30 23 * * ?", recurrence: "Pause" },
      });
      new DataWorksTask("hidden", {
        ...good(),
        name: pulumi.secret("hidden_4242"),
        timeoutSeconds: 7200,
        runtimeResource: { resourceGroupId: pulumi.secret("S_hidden_4242") },
        // Known only after the deployment, as is the owner here.
        owner: fine.id.apply(() => "1000000002"),
        dependsOnTasks: [fine],
      });
      new DataWorksDISyncTask("sync", {
        projectId: emulator.legacyProjectId,
        name: "sync",
        owner: "1000000001",
        taskContent: { type: "job", version: "2.0", steps: [], order: { hops: [] } },
        resourceGroup: "S_bad",
        schedule: { cron: "00 30 07 * * ?", timeout: 2 },
        onDelete: "release",
      });
      new WeDataTask("wedata", {
        projectId: emulator.wedataProjectId,
        workflowId: emulator.wedataWorkflowId,
        taskType: 35,
        name: "wedata",
        cycleType: "Day",
        delayTimeMinutes: 450,
        executionTtlMinutes: -1,
        tryLimit: 1,
        resourceGroup: "S_good_2",
        owners: ["1"],
        onDelete: "pause",
      });
      const nightly = { cron: "00 30 22 * * ?" };
      new DataWorksTaskSet("daily", {
        defaults: good(),
        tasks: {
          one: { name: "one" },
          two: { name: "two", rerunTimes: 1 },
          three: { name: "ads_three", trigger: nightly },
        },
      });
    };
    const pack = packWith(POLICY);
    const { told, events, text, failed } = await judged(pack);
    assert.equal(failed, true);
    const two = "and at least 2 must be allowed";
    const unset = "is not set; allow at least 2 repetitions of a failed run";
    assert.deepEqual(told, [
      [
        "not-paused",
        "mandatory",
        "bare",
        "trigger.recurrence pauses the task: its runs fail, and what depends on it waits",
      ],
      [
        "on-delete-allowed",
        "mandatory",
        "bare",
        "onDelete deletes the task when the resource goes away; allowed are release, pause",
      ],
      ["owner-set", "mandatory", "bare", "owner is not set; name the account that answers for the task"],
      ["quiet-window", "advisory", "daily", told.find(([rule]) => rule === "quiet-window")?.[3] ?? ""],
      [
        "resource-group-allowed",
        "advisory",
        "bare",
        "runtimeResource.resourceGroupId is not set; name one of S_good_*",
      ],
      ["resource-group-allowed", "advisory", "sync", 'resourceGroup is "S_bad"; allowed are S_good_*'],
      ["retries-set", "advisory", "bare", `rerunTimes ${unset}`],
      ["retries-set", "advisory", "daily", `tasks.two.rerunTimes allows 1 repetition of a failed run, ${two}`],
      ["retries-set", "advisory", "sync", `schedule.rerunTimes ${unset}`],
      ["retries-set", "advisory", "wedata", `tryLimit allows 1 repetition of a failed run, ${two}`],
      ["starts-per-minute", "advisory", "", told.find(([rule]) => rule === "starts-per-minute")?.[3] ?? ""],
      ["timeout-set", "mandatory", "bare", "timeoutSeconds is not set; say how long a run may take"],
      ["timeout-set", "mandatory", "hidden", "timeoutSeconds allows 120 min, and at most 60 min are allowed"],
      ["timeout-set", "mandatory", "sync", "schedule.timeout allows 120 min, and at most 60 min are allowed"],
      ["timeout-set", "mandatory", "wedata", "executionTtlMinutes sets no limit; say how long a run may take"],
    ]);
    const sentences = told.map(([, , , sentence]) => sentence).join("\n");
    assert.match(sentences, /^tasks\.three\.trigger\.cron starts the task at .* 22:30:00, inside the quiet window/m);
    assert.match(sentences, /^6 tasks start at 07:30 .* at most 3 may: fine, hidden, one, sync, two, wedata$/m);
    assert.deepEqual(reviewed(pack, events), told);
    assert.doesNotMatch(text, /4242/);
  });

  it("keeps a task that violates a mandatory rule from being made, also where no preview was", async () => {
    program = () => void new DataWorksTask("bare", { ...good(), name: "bare", timeoutSeconds: 0 });
    await emulator.reset();
    const { told, failed } = await judged(packWith(POLICY, { plain: true }), "up");
    assert.deepEqual(
      [failed, told],
      [true, [["timeout-set", "mandatory", "bare", "timeoutSeconds sets no limit; say how long a run may take"]]],
    );
    assert.deepEqual(await writes(emulator), []);
  });

  it("takes other levels and options from the configuration of the pack", async () => {
    const config = {
      all: "disabled",
      "name-pattern": { enforcementLevel: "mandatory", stacks: ["policy"] },
      "timeout-set": { enforcementLevel: "advisory", atMostMinutes: 30 },
    };
    program = () => void new DataWorksTask("bare", { ...good(), name: "Bare-2" });
    const { told } = await judged(packWith(POLICY, { plain: true }), "preview", config);
    assert.deepEqual(told, [
      ["name-pattern", "mandatory", "bare", 'name is "Bare-2", which does not match [a-z_]+'],
      ["timeout-set", "advisory", "bare", "timeoutSeconds allows 60 min, and at most 30 min are allowed"],
    ]);
  });
});
