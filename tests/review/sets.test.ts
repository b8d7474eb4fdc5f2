import assert from "node:assert/strict";
import type { Review } from "../../cli/review/model";
import { exitCode } from "../../cli/review/command";
import { stateFrom, previewFrom } from "../../cli/preview/read";
import { opened } from "../../cli/preview/sets";
import { NONE } from "../../cli/promote/declarations";
import { compare } from "../../cli/promote/compare";
import type { Properties } from "../../provider/core/definition";
import { SetStage, type Tasks, type Told, dataworks } from "../sets/stage";
import { PROJECT, STACK, reviewed } from "./previews";

const TYPE = "pulumi-nodejs:dynamic/dataworks:TaskSet";
const urnIn = (stack: string) => `urn:pulumi:${stack}::${PROJECT}::${TYPE}::daily`;
const urn = urnIn(STACK);

/** Sets are made at the emulator, so that their states are those of the provider. */
describe("a review of a set", () => {
  let stage: SetStage;
  before(async () => (stage = await SetStage.open(dataworks)));
  after(() => stage.emulator.close());
  afterEach(() => stage.emulator.clearFaults());

  const engineState = ({ id, inputs, outs }: Told) => ({ id, inputs, outputs: outs });
  const text = (...steps: object[]) => JSON.stringify({ steps });
  const step = (op: string, told: Told, inputs?: Properties, more: object = {}) => ({
    ...{ op, urn, oldState: engineState(told), ...more },
    ...(inputs && { newState: { inputs } }),
  });
  /** What the engine previews for other tasks in the set, as the provider's `diff` says. */
  async function preview(told: Told, tasks: Tasks, more: Properties = {}): Promise<string> {
    const inputs = await stage.checked(stage.news(tasks, more), told.inputs);
    const { changes } = await stage.set.diff(told.id, told.outs, inputs);
    return text(step(changes ? "update" : "same", told, inputs));
  }
  const review = async (...args: Parameters<typeof preview>): Promise<Review> => reviewed(await preview(...args));
  const told = ({ tasks }: Review) => tasks.map(({ resource, operation }) => `${operation} ${resource}`);
  const reasons = ({ tasks }: Review) => tasks.flatMap((task) => task.reasons);
  const calls = ({ tasks }: Review) => tasks.flatMap((task) => task.calls.map(({ operation }) => operation));

  it("opens it task by task: what changes, what goes, what comes, and what waits", async () => {
    const waiting = { ...dataworks.task("t2"), ...dataworks.waitsFor("t1") };
    const cron = { trigger: { type: "Scheduler", cron: "00 00 04 * * ?" } };
    const old = await stage.made({ ...stage.tasks(["t1", "t3"]), t2: waiting });
    const ids = stage.ids(old);
    const result = await review(old, { t1: { ...dataworks.task("t1"), ...cron }, t2: waiting, ...stage.tasks(["t4"]) });
    assert.deepEqual(
      result.tasks.map(({ name, operation, id, resource }) => [name, operation, id, resource]),
      [
        ["t3", "delete", ids["t3"], "daily.t3"],
        ["t1", "update", ids["t1"], "daily.t1"],
        ["t4", "create", undefined, "daily.t4"],
      ],
    );
    assert.equal(result.counts.unchanged, 1);
    assert.deepEqual(result.others, []);
    const t1 = result.tasks.find(({ name }) => name === "t1");
    assert.deepEqual(t1?.downstream, [{ name: "t2", where: "program" }]);
    assert.deepEqual(
      t1.calls.map(({ operation }) => operation),
      ["BatchUpdateTasks"],
    );
    const gone = reviewed(text(step("delete", old)));
    assert.deepEqual([gone.counts.delete, gone.counts.update], [3, 0]);
  });

  it("tells a task that is made anew inside of an update as replaced, and what waits for it as changed", async () => {
    const down = { ...dataworks.task("down"), ...dataworks.waitsFor("up") };
    const old = await stage.made({ ...stage.tasks(["up", "other"]), down });
    const up = { ...dataworks.task("up"), ...dataworks.replacing };
    const result = await review(old, { ...stage.tasks(["other"]), up, down });
    assert.deepEqual(told(result), ["replace daily.up", "update daily.down"]);
    assert.match(
      reasons(result).join("\n"),
      /takes its place, because of script\.command; .*\n.*waits for is made anew$/,
    );
    assert.equal(result.tasks[0]?.importance, "destructive");
    assert.equal(exitCode(result, ["destructive"]), 3);
    const engineOptions = { replaceOnChanges: ["tasks.other.description"] };
    const other = await review(old, { ...stage.tasks(["up"]), other: dataworks.task("other", "edited"), down }, { engineOptions }); // prettier-ignore
    assert.deepEqual(told(other), ["replace daily.other"]);
  });

  it("tells every task of a set that is replaced as a whole, and as staying where retainOnDelete leaves them", async () => {
    const old = await stage.made(stage.tasks(["a", "b"]));
    const inputs = await stage.checked(stage.news(stage.tasks(["b", "c"])), old.inputs);
    const result = reviewed(text(step("replace", old, inputs)));
    assert.deepEqual(told(result), ["delete daily.a", "replace daily.b", "create daily.c"]);
    const retained = { oldState: { ...engineState(old), retainOnDelete: true } };
    const left = reviewed(text(step("delete", old, undefined, retained)));
    assert.deepEqual([told(left), calls(left), exitCode(left, [])], [["delete daily.a", "delete daily.b"], [], 2]);
    assert.match(
      reasons(left).join("\n"),
      /^(because of retainOnDelete the task stays at the service as it is, .*\n?){2}$/,
    );
  });

  it("tells the deletion of a task that an earlier run has kept", async () => {
    const old = await stage.made(stage.tasks(["needed", "stays"]));
    const { inputs } = await stage.single.check(
      {},
      {
        ...dataworks.common(stage.emulator),
        ...dataworks.task("outside"),
        script: { command: "ODPS_SQL", content: "select 1;" },
        dependencies: [{ type: "Normal", upstream: stage.ids(old)["needed"] }],
        creationToken: "stack98765432101",
      },
    );
    const outside = await stage.single.create(inputs);
    const kept = await stage.up(old, stage.tasks(["stays"]));
    assert.deepEqual(Object.keys(stage.ids(kept)), ["needed", "stays"]);
    const result = await review(kept, stage.tasks(["stays"]));
    assert.deepEqual(told(result), ["delete daily.needed"]);
    assert.match(reasons(result).join(), /an earlier run has kept it once/);
    assert.equal(exitCode(result, []), 3);
    await stage.single.delete(outside.id, outside.outs);
  });

  it("tells what an adopted task, and one that an earlier run did not finish, gets without an edit", async () => {
    const { projectId } = stage.emulator;
    const there = { ProjectId: projectId, Name: "there", Description: "by hand" };
    const [adopt = ""] = await stage.emulator.createTasks("dataworks", there);
    const tasks = { old: { description: "declared", adopt } };
    const adopted = await stage.made(tasks, { defaults: { projectId } });
    const result = await review(adopted, tasks, { defaults: { projectId } });
    assert.deepEqual(told(result), ["update daily.old"]);
    assert.match(reasons(result).join(), /^the task at the service is not as declared, and is put right; /);
    assert.deepEqual(calls(result), ["BatchUpdateTasks"]);

    await stage.emulator.fault({ kind: "business-failure", operation: "CreatePipelineRun", times: 0 });
    const broken = await stage.set.create(await stage.checked(stage.news(stage.tasks(["half"])))).then(
      () => assert.fail(),
      (error: unknown) => error as { id: string; properties: Properties },
    );
    const half = {
      id: broken.id,
      outs: broken.properties,
      inputs: await stage.checked(stage.news(stage.tasks(["half"]))),
    };
    const resumed = await review(half, stage.tasks(["half"]));
    assert.deepEqual(told(resumed), ["update daily.half"]);
    assert.match(reasons(resumed).join(), /^an earlier deployment ended at phase created, and is finished$/);
    assert.deepEqual(calls(resumed), ["CreatePipelineRun"]);
  });

  it("goes by what a failed update has done, whatever the program was then", async () => {
    const old = await stage.made(stage.tasks(["a", "b"]));
    const edited = {
      ...stage.tasks(["a", "b", "c"], "edited"),
      b: { ...dataworks.task("b", "edited"), rerunTimes: 3 },
    };
    await stage.emulator.fault({ kind: "business-failure", operation: "UpdateTask", times: 0 });
    await stage.emulator.fault({ kind: "business-failure", operation: "BatchUpdateTasks", nth: 2, times: 0 });
    await stage.emulator.fault({ kind: "business-failure", operation: "CreateNode", times: 0 });
    const failed = await stage.up(old, edited);
    assert.ok(failed.error);
    await stage.emulator.clearFaults();
    const back = await review(failed, stage.tasks(["a", "b"]));
    assert.ok(told(back).includes("update daily.a"), told(back).join());
    assert.match(
      reasons(back).join("\n"),
      /^an earlier update failed, or its edit may not be in production: description/,
    );
    const again = await review(failed, edited);
    const done = await stage.up(failed, edited);
    assert.equal(done.error, undefined);
    assert.ok(told(again).includes("create daily.c"), told(again).join());
    assert.deepEqual(told(await review(done, edited)), []);
    // The old arguments of a task that a failed update has made are in no state.
    const inputs = await stage.checked(stage.news({ ...edited, c: dataworks.task("c", "later") }), old.inputs);
    const later = reviewed(text(step("update", { ...done, inputs: old.inputs }, inputs)));
    assert.deepEqual(told(later), ["update daily.c"]);
    assert.deepEqual(
      later.tasks[0]?.properties.map(({ property }) => property),
      ["description"],
    );
  });

  it("tells a task whose key alone changes as unchanged, in a promotion as well", async () => {
    const old = await stage.made(stage.tasks(["former", "b"]));
    const news = { ...stage.tasks(["b"]), latter: dataworks.task("former") };
    const document = await preview(old, news);
    const result = reviewed(document);
    assert.deepEqual([told(result), result.counts.unchanged, exitCode(result, [])], [[], 2, 0]);
    const edited = await review(old, { ...stage.tasks(["b"]), latter: dataworks.task("former", "edited") });
    assert.deepEqual(told(edited), ["update daily.latter"]);
    assert.deepEqual(reasons(edited), ["its key was former before"]);
    assert.equal(edited.tasks[0]?.id, stage.ids(old)["former"]);

    const renamed = await stage.up(old, news);
    const stateOf = (stack: string, { id, inputs, outs }: Told) =>
      opened(
        stateFrom(
          JSON.stringify({
            deployment: { resources: [{ urn: urnIn(stack), type: TYPE, id, inputs, outputs: outs }] },
          }),
          stack,
        ).steps,
      );
    const { differences } = compare({
      ...{ from: "dev", to: STACK, declarations: NONE, configuration: [], refreshed: new Set<string>() },
      fromState: stateOf("dev", renamed),
      toState: stateOf(STACK, old),
      preview: opened(previewFrom(document, "preview.json").steps),
      review: result,
    });
    assert.deepEqual(differences, []);
  });

  it("tells the task whose key another one has taken with its id and calls, and as staying where it is released", async () => {
    const old = await stage.made(stage.tasks(["a", "b"]));
    const ids = stage.ids(old);
    const moved = { a: dataworks.task("b") };
    const result = await review(old, moved);
    const [gone] = result.tasks;
    assert.deepEqual(told(result), ["delete daily.a (before)"]);
    assert.deepEqual([gone?.id, gone?.importance, result.counts.unchanged], [ids["a"], "destructive", 1]);
    assert.deepEqual(reasons(result), ["another task has its key a now"]);
    assert.ok(calls(result).includes("DeleteNode"));
    const released = await review(old, moved, { release: ["a"] });
    assert.deepEqual([released.tasks[0]?.importance, calls(released)], ["change", []]);
    assert.equal(exitCode(released, ["destructive"]), 0);
  });

  it("does not call a deletion what is released, or taken over by another resource", async () => {
    const old = await stage.made(stage.tasks(["a", "b", "c"]));
    const released = await review(old, stage.tasks(["b", "c"]), { release: ["a"] });
    assert.deepEqual(told(released), ["delete daily.a"]);
    assert.deepEqual(reasons(released), ["the task stays at the service as it is, and is not managed any more"]);
    assert.deepEqual([exitCode(released, []), calls(released)], [2, []]);

    const taking = {
      op: "create",
      urn: `urn:pulumi:${STACK}::${PROJECT}::pulumi-nodejs:dynamic/dataworks:Task::b`,
      newState: { inputs: { ...dataworks.task("b"), adopt: stage.ids(old)["b"] } },
    };
    const inputs = await stage.checked(stage.news(stage.tasks(["a", "c"])), old.inputs);
    const moved = reviewed(text(step("update", old, inputs), taking));
    assert.deepEqual(told(moved).sort(), ["create b", "delete daily.b"]);
    assert.match(reasons(moved).join("\n"), /the task stays at the service as it is: b takes it over/);
    assert.equal(exitCode(moved, ["destructive"]), 0);
  });

  it("tells a secret that changes at the tasks that have one, where nothing else explains the update", async () => {
    const old = await stage.made({ ...stage.tasks(["plain"]), secret: dataworks.task("secret") });
    const hidden = (inputs: Properties) =>
      JSON.parse(JSON.stringify(inputs).replace(/"select 'secret';"/g, '"[secret]"')) as Properties;
    const masked = { ...old, inputs: hidden(old.inputs) };
    assert.deepEqual(told(reviewed(text(step("same", masked, masked.inputs)))), []);
    const result = reviewed(text(step("update", masked, masked.inputs)));
    assert.deepEqual([told(result), reasons(result)], [["update daily.secret"], ["a secret value changes"]]);
    const inputs = hidden(
      await stage.checked(
        stage.news({ ...stage.tasks(["plain"], "edited"), secret: dataworks.task("secret") }),
        old.inputs,
      ),
    );
    assert.deepEqual(told(reviewed(text(step("update", masked, inputs)))), ["update daily.plain"]);
  });

  it("says of an update plan without a state that it does not tell which tasks change", async () => {
    const { inputs } = await stage.made(stage.tasks(["a"]));
    const plan = (steps: string[]) => JSON.stringify({ resourcePlans: { [urn]: { steps, state: inputs, goal: {} } } });
    const result = reviewed(plan(["update"]));
    assert.deepEqual(told(result), ["update daily.a"]);
    assert.match(reasons(result).join(), /an update plan without a state does not tell/);
    assert.deepEqual(told(reviewed(plan(["same"]))), []);
    assert.deepEqual(reviewed(plan(["delete"])).others, [{ operation: "delete", type: TYPE, name: "daily" }]);
  });
});
