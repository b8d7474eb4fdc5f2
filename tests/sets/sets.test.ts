import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ASSET_SIGNATURE, ASSET_VALUE } from "../../provider/core/fields";
import type { Properties } from "../../provider/core/definition";
import { Unfinished } from "../../provider/core/lifecycle";
import { statesOf } from "../../provider/core/set/record";
import { withoutToken } from "../../provider/core/token";
import { SetStage, type Tasks, type Told, dataworks, failure, wedata } from "./stage";

for (const cloud of [dataworks, wedata]) {
  describe(cloud.name, () => {
    let stage: SetStage;
    beforeEach(async () => {
      stage = await SetStage.open(cloud);
    });
    afterEach(() => stage.emulator.close());

    const chain = (keys: readonly string[], text?: string) =>
      Object.fromEntries(
        keys.map((key, index) => [
          key,
          { ...cloud.task(key, text), ...(index > 0 && cloud.waitsFor(keys[index - 1] as string)) },
        ]),
      );
    const order = async (operation: string) =>
      (await stage.emulator.calls()).filter((call) => call.operation === operation).map(({ parameters }) => parameters);

    /** A task that nobody has declared, its text "by hand", and what a set has to say to adopt it. */
    const there = async () => {
      const { projectId, workflowId } = cloud.common(stage.emulator);
      const [taskId = ""] = await stage.emulator.createTasks(
        cloud.service,
        cloud === dataworks
          ? { ProjectId: projectId, Name: "there", Description: "by hand" }
          : { ProjectId: projectId, WorkflowId: workflowId, TaskName: "there", Notes: "by hand" },
      );
      return { taskId, defaults: { defaults: { projectId } } };
    };

    it("makes its tasks upstream first, and then differs in nothing", async () => {
      const tasks = chain(["third_up", "second_up", "first_up"]);
      const told = await stage.made(tasks);
      assert.deepEqual(await stage.names(), ["first_up", "second_up", "third_up"]);
      const made = (await order(cloud.makes)).map(
        (parameters) => /(first|second|third)_up/.exec(JSON.stringify(parameters))?.[1],
      );
      assert.deepEqual(made, ["third", "second", "first"]);
      assert.equal((await stage.up(told, tasks)).changed, false);
      await stage.emulator.reset();
      const read = await stage.set.read(told.id, told.outs);
      assert.equal(read.inputs, undefined);
      assert.deepEqual(read.props, told.outs);
      // The list shows all of a task but what it waits for.
      assert.equal((await order("GetTask")).length, cloud === dataworks ? 2 : 0);
      assert.deepEqual(Object.keys(stage.ids(told)), ["first_up", "second_up", "third_up"]);
    });

    it("refuses in the preview a file that is not UTF-8, at its task, unless the file is as it was", async () => {
      const folder = mkdtempSync(path.join(tmpdir(), "script-"));
      try {
        const file = path.join(folder, "orders.sql");
        const bytes = Buffer.from([0x2d, 0x2d, 0xb6, 0xa9]);
        writeFileSync(file, bytes);
        const hash = createHash("sha256").update(bytes).digest("hex");
        const content = { [ASSET_SIGNATURE]: ASSET_VALUE, hash, path: file };
        const tasks = { ...stage.tasks(["fine"]), orders: { ...cloud.task("orders"), script: { content } } };
        const { failures } = await stage.set.check({}, stage.news(tasks));
        const reason = `must be text in UTF-8, and the file ${file} is not: save it as UTF-8 [format]`;
        assert.deepEqual(failures, [{ property: "tasks.orders.script.content", reason }]);
        assert.deepEqual((await stage.set.check(stage.news(tasks), stage.news(tasks))).failures, []);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it("says in one line which task changes in what, and changes that one alone", async () => {
      const keys = Array.from({ length: 30 }, (_, index) => `task_${index}`);
      const told = await stage.made(stage.tasks(keys));
      stage.lines.length = 0;
      await stage.emulator.reset();
      const after = await stage.up(told, { ...stage.tasks(keys), task_7: cloud.task("task_7", "edited") });
      assert.deepEqual(stage.lines.slice(0, 1), [`${cloud.name} daily: 1 of 30 tasks changes: task_7 (${cloud.text})`]);
      assert.equal((await order(cloud.changes)).length, 1);
      assert.equal(
        (await stage.up(after, { ...stage.tasks(keys), task_7: cloud.task("task_7", "edited") })).changed,
        false,
      );
    });

    it("groups many changes by their properties", async () => {
      const keys = Array.from({ length: 12 }, (_, index) => `task_${index}`);
      const told = await stage.made(stage.tasks(keys));
      stage.lines.length = 0;
      await stage.set.diff(told.id, told.outs, await stage.checked(stage.news(stage.tasks(keys, "edited"))));
      assert.deepEqual(stage.lines, [
        `${cloud.name} daily: 12 of 12 tasks change: ${cloud.text} in 12 (task_0, task_1, task_2 and 9 more)`,
      ]);
    });

    it("adds, changes and takes away single tasks, and leaves the others alone", async () => {
      const told = await stage.made(stage.tasks(["a", "b", "c"]));
      const before = stage.ids(told);
      const after = await stage.up(told, { ...stage.tasks(["a", "d"]), b: cloud.task("b", "edited") });
      assert.equal(after.error, undefined);
      assert.deepEqual(await stage.names(), ["a", "b", "d"]);
      assert.equal(stage.ids(after)["a"], before["a"]);
      assert.equal(stage.ids(after)["b"], before["b"]);
      assert.match(stage.lines.join("\n"), /1 of 3 tasks changes: b \(\w+\); 1 created: d; 1 deleted: c/);
    });

    it("replaces one task inside of the set", async () => {
      const told = await stage.made(stage.tasks(["a", "b"]));
      const after = await stage.up(told, { ...stage.tasks(["b"]), a: { ...cloud.task("a"), ...cloud.replacing } });
      assert.equal(after.error, undefined);
      assert.ok(
        stage.lines.some((line) => line.includes(`1 replaced: a (${cloud.replaced})`)),
        stage.lines.join("\n"),
      );
      assert.deepEqual(await stage.names(), ["a", "b"]);
      assert.notEqual(stage.ids(after)["a"], stage.ids(told)["a"]);
      assert.equal(stage.ids(after)["b"], stage.ids(told)["b"]);
    });

    it("keeps a task whose key changes and whose name does not", async () => {
      const told = await stage.made({ ...chain(["old", "down"]) });
      await stage.emulator.reset();
      const after = await stage.up(told, {
        new: cloud.task("old"),
        down: { ...cloud.task("down"), ...cloud.waitsFor("new") },
      });
      assert.match(stage.lines.join("\n"), /1 renamed: old → new/);
      assert.equal(stage.ids(after)["new"], stage.ids(told)["old"]);
      const writes = (await stage.emulator.calls()).filter(
        ({ operation }) => !/^(Get|List|Describe|Check)/.test(operation),
      );
      assert.deepEqual(writes, []);
      assert.equal(
        (await stage.up(after, { new: cloud.task("old"), down: { ...cloud.task("down"), ...cloud.waitsFor("new") } }))
          .changed,
        false,
      );
    });

    it("knows the tasks of a list again when one is put in front of it, when one is taken out, and when two are swapped", async () => {
      const list = (...names: string[]) =>
        Object.fromEntries(
          names.map((name, index) => [
            String(index),
            { ...cloud.task(name), ...(index > 0 ? cloud.waitsFor(String(index - 1)) : { dependencies: [] }) },
          ]),
        );
      const idOf = (told: Told, index: number) => stage.ids(told)[String(index)];
      const plain = (...names: string[]) => Object.fromEntries(names.map((name, index) => [index, cloud.task(name)]));
      const told = await stage.made(plain("first_up", "second_up"));
      await stage.emulator.reset();
      const longer = await stage.up(told, plain("zeroth_up", "first_up", "second_up"));
      assert.match(stage.lines.join("\n"), /of 3 tasks 1 created: 0; 2 renamed: 0 → 1, 1 → 2/);
      assert.deepEqual([idOf(longer, 1), idOf(longer, 2)], [idOf(told, 0), idOf(told, 1)]);
      assert.equal((await order(cloud.makes)).length, 1);
      assert.doesNotMatch(JSON.stringify(await order(cloud.changes)), /first_up|second_up/);
      await stage.emulator.reset();
      const swapped = await stage.up(longer, plain("zeroth_up", "second_up", "first_up"));
      assert.deepEqual([idOf(swapped, 1), idOf(swapped, 2)], [idOf(told, 1), idOf(told, 0)]);
      assert.deepEqual(
        (await stage.emulator.calls()).filter(({ operation }) => !/^(Get|List|Describe|Check)/.test(operation)),
        [],
      );
      const chained = await stage.up(swapped, list("zeroth_up", "second_up", "first_up"));
      await stage.emulator.fault({ kind: "business-failure", operation: cloud.deletes, times: 0 });
      const failed = await stage.up(chained, list("second_up", "first_up"));
      assert.match(stage.lines.join("\n"), /1 deleted: 0 \(before\); 2 renamed: 1 → 0, 2 → 1/);
      assert.match(String(failed.error?.message), /1 of 3 tasks failed.*tasks\["0 \(before\)"\]: Delete/s);
      assert.deepEqual([idOf(failed, 0), idOf(failed, 1)], [idOf(told, 1), idOf(told, 0)]);
      await stage.emulator.clearFaults();
      const after = await stage.up(failed, list("second_up", "first_up"));
      assert.equal(after.error, undefined);
      assert.deepEqual(await stage.names(), ["first_up", "second_up"]);
      assert.equal((await stage.up(after, list("second_up", "first_up"))).changed, false);
    });

    it("releases a task whose key another task of the set takes over", async () => {
      const told = await stage.made(stage.tasks(["a", "b"]));
      const after = await stage.up(told, { a: cloud.task("b") }, { release: ["a"] });
      assert.deepEqual([after.error, stage.ids(after)], [undefined, { a: stage.ids(told)["b"] }]);
      assert.deepEqual(await stage.names(), ["a", "b"]);
    });

    it("deletes leavers downstream first, whoever has their keys now", async () => {
      const told = await stage.made(chain(["a", "b", "c", "d"]));
      await stage.emulator.reset();
      const tasks = { a: { ...cloud.task("c"), dependencies: [] }, b: { ...cloud.task("d"), dependencies: [] } };
      const after = await stage.up(told, tasks);
      assert.equal(after.error, undefined);
      const gone = ((await order(cloud.deletes)) as Properties[]).map(({ Id, TaskId }) => String(Id ?? TaskId));
      const ids = stage.ids(told);
      assert.deepEqual(
        gone,
        [ids["b"], ids["a"]].map((id) => id?.split("/").at(-1)),
      );
      assert.equal((await stage.up(after, tasks)).changed, false);
    });

    it("records what was done when some tasks fail, does not attempt what waits for them, and does the rest the next time", async () => {
      await stage.emulator.fault({ kind: "business-failure", operation: cloud.makes, nth: 2, times: 1 });
      const inputs = await stage.checked(stage.news(chain(["a", "b", "c", "d"])));
      const error = await failure(stage.set.create(inputs));
      assert.ok(error instanceof Unfinished);
      assert.match(error.message, /daily: 1 of 4 tasks failed; what was done is recorded/);
      assert.match(error.message, /tasks\.b: Create\w+ b: /);
      assert.match(error.message, /not attempted, because it waits for b: c/);
      assert.match(error.message, /not attempted, because it waits for c: d/);
      const told = { id: error.id, outs: error.properties, inputs };
      assert.deepEqual(Object.keys(stage.ids(told)), ["a"]);
      const after = await stage.up(told, chain(["a", "b", "c", "d"]));
      assert.equal(after.error, undefined);
      assert.deepEqual(await stage.names(), ["a", "b", "c", "d"]);
      assert.equal((await stage.up(after, chain(["a", "b", "c", "d"]))).changed, false);
    });

    it("keeps through a refresh what an attempt has left of a task that is still to be made", async () => {
      const told = await stage.made(stage.tasks(["a", "b"]));
      await stage.emulator.fault({ kind: "business-failure", operation: cloud.makes, times: 0 });
      const failed = await stage.up(told, { ...stage.tasks(["a"]), b: { ...cloud.task("b"), ...cloud.replacing } });
      assert.match(String(failed.error?.message), /1 of 2 tasks failed/);
      const before = statesOf(cloud.definition, failed.outs);
      assert.equal(before.get("b")?.id, undefined);
      const read = await stage.set.read(failed.id, failed.outs);
      assert.deepEqual([...statesOf(cloud.definition, read.props)], [...before]);
      assert.equal(read.inputs, undefined);
      assert.deepEqual(Object.keys(stage.ids({ outs: read.props })), ["a"]);
      await stage.set.delete(failed.id, failed.outs);
      assert.deepEqual(await stage.names(), []);
    });

    it("shows all that moved in one task, and says how many moved and how many are gone", async () => {
      const told = await stage.made(stage.tasks(["a", "b", "c"]));
      const name = cloud === dataworks ? { Name: "other" } : { TaskName: "other" };
      for (const key of ["a", "b"])
        await stage.emulator.touch(cloud.service, stage.taskIds(told)[key] as string, {
          ...cloud.touched("by hand"),
          ...(key === "b" && name),
        });
      stage.lines.length = 0;
      await stage.set.read(told.id, told.outs);
      assert.equal(stage.lines.length, 1);
      assert.match(
        stage.lines[0] ?? "",
        new RegExp(`daily: 2 of 3 moved: a \\(${cloud.text}\\), b \\((name, ${cloud.text}|${cloud.text}, name)\\)$`),
      );
    });

    it("brings the live values of an adopted task that differs back with each refresh, until it is as declared", async () => {
      const { taskId, defaults } = await there();
      const told = await stage.made({ old: { [cloud.text]: "declared", adopt: taskId } }, defaults);
      for (let round = 0; round < 2; round++) {
        const read = await stage.set.read(told.id, told.outs);
        const old = (read.inputs?.["tasks"] as Record<string, Properties> | undefined)?.["old"];
        assert.equal(old?.[cloud.text], "by hand");
      }
    });

    it("leaves nothing in the state when nothing was made", async () => {
      await stage.emulator.fault({ kind: "business-failure", operation: cloud.makes, times: 0 });
      const error = await failure(stage.set.create(await stage.checked(stage.news(stage.tasks(["a", "b"])))));
      assert.ok(!(error instanceof Unfinished));
      assert.match(error.message, /2 of 2 tasks failed/);
    });

    it("records that a task is gone which was to be made anew when its creation is refused, also where it was the only one", async () => {
      const told = await stage.made(stage.tasks(["a"]));
      await stage.emulator.fault({ kind: "business-failure", operation: cloud.makes, times: 0 });
      const failed = await stage.up(told, { a: { ...cloud.task("a"), ...cloud.replacing } });
      assert.match(String(failed.error?.message), /1 of 1 task failed; what was done is recorded/);
      assert.deepEqual(await stage.names(), []);
      await stage.emulator.clearFaults();
      const after = await stage.up(failed, stage.tasks(["a"]));
      assert.deepEqual([after.changed, after.error], [true, undefined]);
      assert.deepEqual(await stage.names(), ["a"]);
    });

    it("does not delete what a task still waits for whose edit failed", async () => {
      const told = await stage.made(chain(["a", "b"]));
      for (const operation of ["UpdateTask", "UpdateNode", "ModifyTaskInfo", "ModifyTaskInfoDs"])
        await stage.emulator.fault({ kind: "business-failure", operation, times: 0 });
      const failed = await stage.up(told, stage.tasks(["b"], "edited"));
      assert.match(String(failed.error?.message), /not attempted, because b still waits for it: a/);
      assert.deepEqual(await stage.names(), ["a", "b"]);
      await stage.emulator.clearFaults();
      const after = await stage.up(failed, stage.tasks(["b"], "edited"));
      assert.equal(after.error, undefined);
      assert.deepEqual(await stage.names(), ["b"]);
    });

    it("keeps of a task that could not be deleted what its deletion asks for, and no argument that may be secret", async () => {
      const leaver = { ...cloud.task("a"), [cloud.unread]: "hunter2", onDelete: "delete", timeouts: { delete: 60 } };
      const told = await stage.made({ ...stage.tasks(["b"]), a: leaver });
      assert.match(JSON.stringify(told.outs["tasks"]), /hunter2/);
      await stage.emulator.fault({ kind: "business-failure", operation: cloud.deletes, times: 0 });
      const failed = await stage.up(told, stage.tasks(["b"]));
      assert.match(String(failed.error?.message), /1 of 2 tasks failed/);
      assert.deepEqual((failed.outs["tasks"] as Tasks)["a"], { onDelete: "delete", timeouts: { delete: 60 } });
      const read = await stage.set.read(failed.id, failed.outs);
      assert.equal(read.inputs, undefined);
      await stage.emulator.clearFaults();
      const back = await stage.up(failed, { ...stage.tasks(["b"]), a: leaver });
      assert.deepEqual([back.changed, stage.ids(back)["a"]], [false, stage.ids(told)["a"]]);
      const after = await stage.up(failed, stage.tasks(["b"]));
      assert.deepEqual([after.error, await stage.names()], [undefined, ["b"]]);
    });

    it("keeps with a task that is still needed what that task waits for", async () => {
      const told = await stage.made(chain(["a", "b", "c"]));
      for (const operation of ["UpdateTask", "UpdateNode", "ModifyTaskInfo", "ModifyTaskInfoDs"])
        await stage.emulator.fault({ kind: "business-failure", operation, times: 0 });
      await stage.emulator.reset();
      const failed = await stage.up(told, stage.tasks(["c"], "edited"));
      assert.match(String(failed.error?.message), /not attempted, because c still waits for it: b/);
      assert.match(String(failed.error?.message), /not attempted, because b still waits for it: a/);
      assert.deepEqual(await order(cloud.deletes), []);
      await stage.emulator.clearFaults();
      await stage.up(failed, stage.tasks(["c"], "edited"));
      assert.deepEqual(await stage.names(), ["c"]);
    });

    it("replaces a chain: as a whole and downstream first where nothing goes that is needed, else one by one", async () => {
      const told = await stage.made(chain(["a", "b", "c", "leaver"]));
      await stage.emulator.reset();
      const anew = Object.fromEntries(
        Object.entries(chain(["a", "b", "c"])).map(([key, task]) => [key, { ...task, ...cloud.replacing }]),
      );
      const after = await stage.up(told, anew);
      assert.equal(after.error, undefined);
      assert.deepEqual(await stage.names(), ["a", "b", "c"]);
      const keyOf = new Map(Object.entries(stage.ids(told)).map(([key, id]) => [id.split("/").at(-1), key]));
      const gone = ((await order(cloud.deletes)) as Properties[]).map(({ Id, TaskId }) =>
        keyOf.get(String(Id ?? TaskId)),
      );
      assert.deepEqual(gone, cloud === dataworks ? ["leaver", "c", "b", "a"] : ["a", "b", "c", "leaver"]);
      const ids = Object.entries(stage.ids(after));
      assert.ok(ids.every(([key, id]) => id !== stage.ids(told)[key]));
      assert.equal((await stage.up(after, anew)).changed, false);
    });

    it("records an identity that is given later without a call, and knows the task by it", async () => {
      const told = await stage.made(stage.tasks(["a", "b"]));
      await stage.emulator.reset();
      const named = await stage.up(told, stage.tasks(["a", "b"]), { identities: { a: "orders" } });
      assert.match(stage.lines.at(-1) ?? "", /of 2 tasks 1 known by another identity: a$/);
      assert.deepEqual([named.changed, (await stage.emulator.calls()).length], [true, 0]);
      assert.equal((await stage.up(named, stage.tasks(["a", "b"]), { identities: { a: "orders" } })).changed, false);
      const after = await stage.up(named, stage.tasks(["b", "z"]), { identities: { z: "orders" } });
      assert.equal(stage.ids(after)["z"], stage.ids(told)["a"]);
      assert.deepEqual(await stage.names(), ["b", "z"]);
    });

    it("is put right by a refresh where a run was killed and its program is taken back", async () => {
      const before = stage.tasks(["a", "b", "c"]);
      const told = await stage.made(before);
      const other = await stage.checked(stage.news({ ...stage.tasks(["a", "new"], "killed") }), told.inputs);
      await stage.set.update(told.id, told.outs, other);
      assert.deepEqual(await stage.names(), ["a", "new"]);
      // The engine knows nothing of it.
      assert.equal((await stage.up(told, before)).changed, false);
      const read = await stage.set.read(told.id, told.outs);
      const after = await stage.up({ id: told.id, outs: read.props, inputs: read.inputs ?? {} }, before);
      assert.equal(after.error, undefined);
      assert.deepEqual(await stage.names(), ["a", "b", "c", "new"]);
      assert.equal((await stage.up(after, before)).changed, false);
      assert.equal((await stage.set.read(after.id, after.outs)).inputs, undefined);
    });

    it("fails a refused edit by itself", async () => {
      const told = await stage.made(stage.tasks(["a", "b", "c"]));
      const id = stage.taskIds(told)["b"] as string;
      await stage.emulator.fault(
        cloud === dataworks
          ? { kind: "batch-partial", operation: cloud.changes, times: 0, ids: [id] }
          : { kind: "business-failure", operation: cloud.changes, times: 0, where: { "TaskInfo.TaskId": id } },
      );
      const after = await stage.up(told, stage.tasks(["a", "b", "c"], "edited"));
      if (cloud === dataworks) {
        assert.match(String(after.error?.message), /1 of 3 tasks failed/);
        assert.match(String(after.error?.message), /tasks\.b: BatchUpdateTasks b: /);
      }
      await stage.emulator.clearFaults();
      const last = await stage.up(after, stage.tasks(["a", "b", "c"], "edited"));
      assert.equal(last.error, undefined);
      assert.equal((await stage.up(last, stage.tasks(["a", "b", "c"], "edited"))).changed, false);
    });

    it("brings back the live values of the tasks that moved, and those of the others as they were", async () => {
      const tasks = chain(["a", "b", "c"]);
      const told = await stage.made(tasks);
      await stage.emulator.touch(cloud.service, stage.taskIds(told)["b"] as string, cloud.touched("by hand"));
      const read = await stage.set.read(told.id, told.outs);
      const was = told.inputs["tasks"] as Record<string, object>;
      assert.deepEqual(read.inputs, {
        label: "daily",
        creationToken: "stack0123456789abc",
        tasks: { ...was, b: { ...was["b"], [cloud.text]: "by hand" } },
      });
      assert.deepEqual(stage.lines.slice(-1), [`${cloud.name} daily: 1 of 3 moved: b (${cloud.text})`]);
      const after = await stage.up({ ...told, outs: read.props, inputs: read.inputs }, tasks);
      assert.equal(after.changed, true);
      assert.match(stage.lines.join("\n"), new RegExp(`1 of 3 tasks changes: b \\(${cloud.text}\\)`));
      assert.equal((await stage.set.read(told.id, after.outs)).inputs, undefined);
    });

    it("notices that a task is gone, and makes that one again", async () => {
      const told = await stage.made(stage.tasks(["a", "b"]));
      await stage.emulator.remove(cloud.service, stage.taskIds(told)["b"] as string);
      if (cloud === dataworks)
        await stage.emulator.remove("dataworks", (stage.ids(told)["b"] ?? "").split("/")[2] ?? "");
      const read = await stage.set.read(told.id, told.outs);
      assert.deepEqual(Object.keys(read.inputs?.["tasks"] as object), ["a"]);
      assert.deepEqual(stage.lines.slice(-1), [`${cloud.name} daily: 1 of 2 gone: b`]);
      const after = await stage.up({ ...told, outs: read.props }, stage.tasks(["a", "b"]));
      assert.equal(after.error, undefined);
      assert.deepEqual(await stage.names(), ["a", "b"]);
      assert.equal(stage.ids(after)["a"], stage.ids(told)["a"]);
    });

    it("deletes downstream first, and leaves what can't be deleted in the state", async () => {
      const told = await stage.made(chain(["a", "b", "c"]));
      await stage.emulator.reset();
      await stage.emulator.fault({ kind: "business-failure", operation: cloud.deletes, nth: 2, times: 3 });
      const error = await failure(stage.set.delete(told.id, told.outs));
      assert.match(error.message, /1 of 3 tasks failed/);
      assert.match(error.message, /not attempted, because b still waits for it: a/);
      assert.ok((await stage.names()).includes("a"));
      await stage.emulator.clearFaults();
      await stage.set.delete(told.id, told.outs);
      assert.deepEqual(await stage.names(), []);
      await stage.set.delete(told.id, told.outs);
    });

    it("adopts by key, writes nothing, and releases what it has adopted", async () => {
      const { taskId, defaults } = await there();
      await stage.emulator.reset();
      const tasks = { old: { [cloud.text]: "by hand", adopt: taskId } };
      const told = await stage.made(tasks, defaults);
      assert.equal((await stage.up(told, tasks, defaults)).changed, false, stage.lines.join("\n"));
      const after = await stage.up(told, {}, defaults);
      assert.equal(after.error, undefined);
      assert.equal((await stage.names()).length, 1);
      const writes = (await stage.emulator.calls()).filter(
        ({ operation }) => !/^(Get|List|Describe|Check)/.test(operation),
      );
      assert.deepEqual(writes, []);
    });

    it("moves a task from a single resource without a write, and back", async () => {
      const args = { ...cloud.task("moving"), ...cloud.common(stage.emulator) };
      const single = {
        ...args,
        ...(cloud === dataworks && { script: { command: "ODPS_SQL", content: "select 1;" }, path: "warehouse/ods" }),
        creationToken: "stack000000000001",
      };
      const { inputs } = await stage.single.check({}, single);
      const { id, outs } = await stage.single.create(inputs);
      const { creationToken: _token, ...moving } = single;
      await stage.emulator.reset();
      const tasks = { moved: { ...moving, adopt: id } };
      const told = await stage.made(tasks);
      assert.equal(stage.ids(told)["moved"], id);
      const writes = async () =>
        (await stage.emulator.calls())
          .map(({ operation }) => operation)
          // WeData's reads do not say whether the newest edit is published, so a version is.
          .filter((operation) => !/^(Get|List|Describe|Check|CreateTaskVersionDs)/.test(operation));
      assert.deepEqual(await writes(), []);
      assert.equal((await stage.up(told, tasks)).changed, false);
      assert.equal((await stage.set.read(told.id, told.outs)).inputs, undefined);
      // An edit of the code, as of any task made here.
      const edited = {
        moved: { ...tasks.moved, script: { ...(moving as { script?: object }).script, content: "select 2;" } },
      };
      const after = await stage.up(told, edited);
      assert.equal(after.error, undefined);
      assert.equal(stage.ids(after)["moved"], id);
      const other = await stage.checked(stage.news({ moved: { ...edited.moved, ...cloud.replacing } }), after.inputs);
      assert.match(
        (await failure(stage.set.diff(after.id, after.outs, other))).message,
        /would be deleted and made anew for \S+, and adopt still names it; take adopt out/,
      );
      // Back to a resource of its own: the set lets go of it, whatever comes first.
      await stage.emulator.reset();
      const back = await stage.single.check({}, { ...edited.moved, creationToken: "stack000000000002" });
      assert.deepEqual(back.failures, []);
      const again = await stage.single.create(back.inputs);
      assert.equal(again.id, id);
      const left = await stage.up(after, {}, { release: ["moved"] });
      assert.equal(left.error, undefined);
      assert.deepEqual(await writes(), []);
      assert.deepEqual(await stage.names(), ["moving"]);
      await stage.single.delete(again.id, again.outs);
      assert.deepEqual(await stage.names(), []);
      assert.ok(outs);
    });

    it("does not delete a task that another resource of the run has taken up", async () => {
      const told = await stage.made(stage.tasks(["a"]));
      stage.took.add(`other ${stage.ids(told)["a"] ?? ""}`);
      const after = await stage.up(told, {});
      assert.equal(after.error, undefined);
      assert.deepEqual(await stage.names(), ["a"]);
      assert.match(
        stage.warnings.join("\n"),
        /tasks\.a: task \S+ was not deleted: another resource has the same task now/,
      );
    });

    it("refuses to move a task of another stack", async () => {
      const common = cloud.common(stage.emulator);
      const { inputs } = await stage.single.check(
        {},
        {
          ...common,
          ...cloud.task("theirs"),
          ...(cloud === dataworks && { script: { command: "ODPS_SQL", content: "select 1;" } }),
          creationToken: "other000000000001",
        },
      );
      const { id } = await stage.single.create(inputs);
      const error = await failure(stage.made({ mine: { ...cloud.task("theirs"), adopt: id } }));
      assert.match(error.message, /tasks\.mine: adopt: task \S+ was created by another stack; release it there first/);
    });

    it("takes up what an interrupted run has left behind, and makes no second task", async () => {
      const inputs = await stage.checked(stage.news(stage.tasks(["a", "b"])));
      await stage.set.create(inputs);
      const again = await stage.set.create(inputs);
      assert.deepEqual(await stage.names(), ["a", "b"]);
      assert.equal(Object.keys(stage.ids({ outs: again.outs })).length, 2);
    });

    it("names the place where a wrong value was written, and says a wrong default once", async () => {
      const tasks = { a: { ...cloud.task("a"), nmae: "x" }, "b c": cloud.task("b"), d: cloud.waitsFor("aa") };
      const more = { defaults: { ...cloud.common(stage.emulator), publish: "yes" } };
      const { failures } = await stage.set.check({}, stage.news({ ...tasks }, more));
      const said = failures.map(({ property, reason }) => `${property} ${reason}`);
      assert.equal(said.filter((text) => text.startsWith("defaults.publish must be true or false")).length, 1);
      assert.ok(
        said.some((text) => text.startsWith("tasks.a.nmae is not a property of this resource; did you mean name?")),
      );
      assert.ok(
        said.some((text) =>
          /^tasks\.d\.dependencies\[0\]\.\w+ names the task "aa", which is not in this set.* \[unknown-task\]/.test(
            text,
          ),
        ),
      );
      assert.ok(said.some((text) => text.startsWith("tasks.d.name is required")));
    });

    it("refuses tasks that name each other in a circle", async () => {
      const tasks = {
        a: { ...cloud.task("a"), ...cloud.waitsFor("b") },
        b: { ...cloud.task("b"), ...cloud.waitsFor("a") },
      };
      const { failures } = await stage.set.check({}, stage.news(tasks));
      assert.match(failures[0]?.reason ?? "", /closes a circle: (a → b → a|b → a → b);.* \[cycle\]/);
    });

    if (cloud === dataworks)
      it("refuses in one sentence what a rule of a task makes an error", async () => {
        const rules = { "kept-value": "error" };
        const owned = { a: { ...cloud.task("a"), owner: "1000", rules }, b: cloud.task("b") };
        const told = await stage.made(owned);
        const news = await stage.checked(stage.news({ ...owned, a: { ...cloud.task("a"), rules } }), told.inputs);
        assert.match(
          (await failure(stage.set.diff(told.id, told.outs, news))).message,
          /^DataWorksTaskSet daily: DataWorksTask \S+: owner is no longer declared; .* \[kept-value\]$/,
        );
      });

    it("heeds the engine's options for the tasks that they name", async () => {
      const engineOptions = {
        ignoreChanges: [`tasks.a.${cloud.text}`],
        replaceOnChanges: [`tasks["b"].${cloud.text}`],
      };
      const told = await stage.made(stage.tasks(["a", "b", "c"]), { engineOptions });
      stage.lines.length = 0;
      await stage.set.diff(
        told.id,
        told.outs,
        await stage.checked(stage.news(stage.tasks(["a", "b", "c"], "edited"), { engineOptions })),
      );
      assert.deepEqual(stage.lines, [
        `${cloud.name} daily: 1 of 3 tasks changes: c (${cloud.text}); 1 replaced: b (${cloud.text})`,
      ]);
    });

    it("records a task in one line of less than 300 bytes, and no argument in it", async () => {
      const told = await stage.made(chain(["ods_orders", "dwd_orders"]));
      for (const line of Object.values(told.outs["records"] as Record<string, string>)) {
        assert.ok(line.length < 250, line);
        assert.ok(!/select|echo|as made/.test(line), line);
      }
      assert.equal(statesOf(cloud.definition, told.outs).size, 2);
    });
  });
}

describe("a new task of a DataWorksTaskSet under the key that another one had", () => {
  it("is not taken for that one, where they share a name in two folders", async () => {
    const stage = await SetStage.open(dataworks);
    try {
      const first = { ...dataworks.task("same", "one"), path: "one" };
      // Published, both would have the same output.
      const second = { ...dataworks.task("same", "two"), path: "two", publish: false };
      const told = await stage.made({ a: first });
      const moved = await stage.up(told, { b: first });
      const after = await stage.up(moved, { b: first, a: second });
      assert.equal(after.error, undefined);
      assert.equal(stage.ids(after)["b"], stage.ids(told)["a"]);
      assert.notEqual(stage.ids(after)["a"], stage.ids(told)["a"]);
      assert.deepEqual(
        (await stage.stored()).map(({ Description }) => withoutToken(String(Description))),
        ["one"],
      );
      assert.equal((await stage.up(after, { b: first, a: second })).changed, false);
    } finally {
      await stage.emulator.close();
    }
  });
});

describe("a task that leaves a DataWorksTaskSet while one outside depends on it", () => {
  let stage: SetStage;
  /** A task of another resource that waits for one of the set. */
  const outside = async (name: string, upstream: string | undefined) => {
    const { inputs } = await stage.single.check(
      {},
      {
        ...dataworks.common(stage.emulator),
        ...dataworks.task(name),
        script: { command: "ODPS_SQL", content: "select 1;" },
        dependencies: [{ type: "Normal", upstream }],
        creationToken: `stack9876543210${name.length}`,
      },
    );
    return stage.single.create(inputs);
  };
  before(async () => (stage = await SetStage.open(dataworks)));
  after(() => stage.emulator.close());

  it("is kept with a warning by the run that takes it out, and refused by the next one", async () => {
    const told = await stage.made(stage.tasks(["a", "b"]));
    const other = await outside("outside", stage.ids(told)["a"]);
    const kept = await stage.up(told, stage.tasks(["b"]));
    assert.equal(kept.error, undefined);
    assert.match(stage.warnings.at(-1) ?? "", /tasks\.a.*outside.*depends on it.*kept for now.*\[still-needed\]$/);
    assert.deepEqual(Object.keys(stage.ids(kept)), ["a", "b"]);
    const read = await stage.set.read(kept.id, kept.outs);
    const refused = await stage.up({ ...kept, outs: read.props }, stage.tasks(["b"]));
    assert.match(String(refused.error?.message), /1 of 2 tasks failed.*tasks\.a.*depends on it/);
    await stage.single.delete(other.id, other.outs);
    const after = await stage.up(refused, stage.tasks(["b"]));
    assert.equal(after.error, undefined);
    assert.deepEqual(await stage.names(), ["b"]);
  });

  it("is kept with what it waits for, in one run, and deleted with it in the next", async () => {
    const edge = dataworks.waitsFor("up");
    const tasks = { ...stage.tasks(["stays"]), up: dataworks.task("up"), down: { ...dataworks.task("down"), ...edge } };
    const told = await stage.made(tasks);
    const other = await outside("outside_too", stage.ids(told)["down"]);
    stage.warnings.length = 0;
    const kept = await stage.up(told, stage.tasks(["stays"]));
    assert.equal(kept.error, undefined);
    assert.match(
      stage.warnings.join("\n"),
      /tasks\.down: .*\[still-needed\]\n.*tasks\.up: down still waits for it; .*\[still-needed\]$/,
    );
    assert.deepEqual(Object.keys(stage.ids(kept)), ["down", "stays", "up"]);
    await stage.single.delete(other.id, other.outs);
    const after = await stage.up(kept, stage.tasks(["stays"]));
    assert.equal(after.error, undefined);
    assert.deepEqual(Object.keys(stage.ids(after)), ["stays"]);
  });
});
