import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Properties } from "../../provider/core/definition";
import { ASSET_SIGNATURE, ASSET_VALUE } from "../../provider/core/fields";
import { changed, without } from "../properties/stage";
import { examples } from "./kinds";
import { Pinned } from "./pinned";
import { Story } from "./stories";

/** The property that holds a long text, and the one by which others wait for a task. */
const LONG: Readonly<Record<string, string>> = {
  "dataworks-task": "script.content",
  "dataworks-di-sync-task": "taskContent",
  "wedata-task": "script.content",
  "wedata-task-abroad": "script.content",
};
const waitingFor = (name: string, id: string, outs: Properties): Properties =>
  name === "dataworks-task"
    ? {
        dependencies: [
          { type: "Normal", upstream: id },
          { type: "CrossCycleDependsOnOtherNode", upstream: id },
        ],
      }
    : name === "dataworks-di-sync-task"
      ? { schedule: { inputs: ["shop.orders"] } }
      : {
          dependencies: [
            { dependConfType: "DAY", subordinateCyclicType: "CURRENT_DAY", parentTask: String(outs["taskId"]) },
          ],
        };

for (const example of examples) {
  const { kind, name } = example;
  describe(`a ${kind.name} whose life takes a turn`, function () {
    this.timeout(60_000);
    const pinned = new Pinned(`${name}-turns`);
    let story: Story;
    beforeEach(async () => (story = await Story.open(example)));
    afterEach(() => story.scene.close());

    /** Few arguments, enough for a task. */
    const small = (more: Properties = {}): Properties => {
      const { projectId, workflowId, taskType, name: called, script, taskContent } = story.args;
      const args = { projectId, workflowId, taskType, name: called, script, taskContent, ...more };
      const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
      return name === "dataworks-di-sync-task"
        ? { ...given, schedule: { inputs: ["shop_root"], ...(more["schedule"] as object) } }
        : given;
    };
    const adopting = (args: Properties, adopt: unknown, more: Properties = {}): Properties => ({
      ...kind.createdOnly.reduce(without, args),
      adopt,
      ...more,
    });
    const id = () => kind.taskId(story.scene.outs ?? {});
    const turn = (title: string, steps: () => Promise<void>) =>
      it(title, async () => {
        await steps();
        pinned.has(title, story.scene.lines);
      });
    const tell = (title: string, act: () => Promise<void>) => story.tell(title, act);
    const up = (title: string, args: Properties) => tell(title, () => story.up(args));
    const refresh = () => tell("refresh", story.refresh);
    const destroy = () => tell("destroy", () => story.scene.destroy());

    turn("is made with little", async () => {
      await up("up", small());
      await refresh();
      await up("up again", small());
      await destroy();
    });
    turn("is a draft until it is published", async () => {
      await up("up without publishing", { ...story.args, publish: false });
      await refresh();
      await up("edits of the draft", { ...story.edited, publish: false });
      await up("up with publishing", { ...story.edited, publish: true });
      await refresh();
      await up("edits that stay a draft", { ...story.args, publish: false });
      await refresh();
      await up("nothing more to do", { ...story.args, publish: false });
      await up("up with publishing", story.args);
      await destroy();
    });
    turn("is a draft when it goes", async () => {
      await up("up without publishing", { ...story.args, publish: false });
      await destroy();
      await refresh();
    });
    for (const onDelete of ["release", "pause", "delete"]) {
      turn(`goes away by ${onDelete}`, async () => {
        await up("up", { ...story.args, onDelete });
        await destroy();
        await refresh();
      });
      turn(`goes away by ${onDelete} after it was adopted`, async () => {
        await up("up", story.args);
        const adopted = id();
        const other = story.scene.beside();
        await tell("another resource adopts it", () =>
          other.up(adopting(story.args, adopted, { force: true, onDelete })),
        );
        await tell("destroy", () => other.destroy());
        await refresh();
      });
    }
    turn("vanishes", async () => {
      await up("up", story.args);
      await story.scene.emulator.remove(kind.service, id());
      await refreshKeeping();
      await up("edits", story.edited);
      await destroy();
      await refresh();
    });
    /** A refresh that is not kept, as in a preview. */
    const refreshKeeping = async (): Promise<void> => {
      const { id: was, outs, inputs } = story.scene;
      await refresh();
      [story.scene.id, story.scene.outs, story.scene.inputs] = [was, outs, inputs];
    };
    turn("is not there to be adopted", async () => {
      await up("up", adopting(story.args, "1234567890"));
      await up("up that applies", adopting(story.args, { id: "1234567890", apply: true }));
    });
    turn("belongs to another resource", async () => {
      await up("up", story.args);
      const other = story.scene.beside();
      await tell("another one of the same name", () => other.up(story.args));
      await tell("another one adopts it", () => other.up(adopting(story.args, id())));
      await tell("and by force", () => other.up(adopting(story.args, id(), { force: true })));
      await tell("refresh", () => other.refresh());
      await tell("and releases it", () => other.destroy());
    });
    turn("is adopted with little, while it is a draft", async () => {
      await up("up without publishing", { ...story.args, publish: false });
      const [adopted, { projectId }] = [id(), story.args];
      const other = story.scene.beside();
      await tell("another resource adopts it", () => other.up({ projectId, adopt: adopted, force: true }));
      await tell("and wants more", () => other.up({ projectId, adopt: adopted, force: true, name: "orders_2" }));
      await tell("refresh", () => other.refresh());
    });
    turn("was made by another resource when it is to go", async () => {
      await up("up", story.args);
      const [adopt, { projectId }] = [id(), story.args];
      const other = story.scene.beside();
      await tell("another resource adopts it", () => other.up({ projectId, adopt, force: true, onDelete: "delete" }));
      await tell("without force from now on", () => other.up({ projectId, adopt, onDelete: "delete" }));
      await tell("destroy", () => other.destroy());
      await refresh();
    });
    turn("is of another kind, or elsewhere, when it is adopted", async () => {
      await up("up", story.args);
      const other = story.scene.beside();
      const { workflowId, ...args } = adopting(story.args, id(), { force: true });
      await tell("another kind", () => other.up({ ...args, ...("taskType" in args && { taskType: 31 }) }));
      await tell("elsewhere", () =>
        other.up({ ...args, ...(workflowId !== undefined && { workflowId: "elsewhere" }) }),
      );
      await tell("without saying where", () => other.up(args));
    });
    turn("is adopted as it is, and then as declared", async () => {
      story.scene.brief = false;
      await up("up", story.args);
      const adopted = id();
      const other = story.scene.beside();
      const news = adopting(story.edited, adopted, { force: true });
      await tell("another resource adopts it", () => other.up(news));
      await tell("refresh", () => other.refresh());
      await tell("up", () => other.up(news));
      await tell("refresh", () => other.refresh());
      await tell("up with fewer properties", () => other.up(adopting(story.removed, adopted, { force: true })));
      await tell("up with another id", () => other.up(adopting(story.removed, "1234567890", { force: true })));
    });
    turn("is adopted as declared, at once", async () => {
      story.scene.brief = false;
      await up("up", story.args);
      const adopted = { id: id(), apply: true };
      const other = story.scene.beside();
      await tell("another resource adopts it", () => other.up(adopting(story.edited, adopted, { force: true })));
      await tell("refresh", () => other.refresh());
      await tell("a third one finds it so", () =>
        story.scene.beside().up(adopting(story.edited, adopted, { force: true })),
      );
    });
    turn("is moved at the console in everything at once", async () => {
      await up("up", story.args);
      for (const edited of example.edited) {
        const change = kind.touch(
          edited,
          edited.split(".").reduce<unknown>((tree, member) => (tree as Properties)[member], story.edited),
        );
        if (change) await story.scene.emulator.touch(kind.service, id(), change).catch(() => undefined);
      }
      await refreshKeeping();
      await up("up that knows nothing of it", story.lightly);
      await refresh();
      await up("up that does", story.lightly);
    });
    turn("is waited for by another", async () => {
      await up("up", story.args);
      const other = story.scene.beside();
      const news = small({ name: "reports", ...waitingFor(name, story.scene.id, story.scene.outs ?? {}) });
      await tell("another one waits for it", () => other.up(news));
      await tell("refresh of that", () => other.refresh());
      await up("the first one is renamed", changed(story.args, "name", "orders_2"));
      await tell("refresh of the other", () => other.refresh());
      await tell("up of the other", () => other.up(news));
      await destroy();
      await tell("destroy of the other", () => other.destroy());
      await destroy();
    });
    turn("has a long text", async () => {
      const [long, longer] = ["größe ✓ ".repeat(3_000), "x".repeat(30_000)].map((text) =>
        name === "dataworks-di-sync-task" ? { type: "job", text } : text,
      );
      await up("up", changed(small(), LONG[name] as string, long));
      await refresh();
      await up("edit", changed(small(), LONG[name] as string, longer));
      await refresh();
    });
    if (name !== "dataworks-di-sync-task") {
      turn("has its code in a file", async () => {
        const folder = mkdtempSync(path.join(os.tmpdir(), "pinned-"));
        try {
          const file = path.join(folder, "orders.sql");
          const asset = (hash: string) => ({ [ASSET_SIGNATURE]: ASSET_VALUE, path: file, hash: hash.repeat(64) });
          writeFileSync(file, "select 1;");
          await up("up", changed(small(), "script.content", asset("a")));
          story.scene.lines = story.scene.lines.map((line) => line.replaceAll(folder, "<folder>"));
          await up("nothing to do", changed(small(), "script.content", asset("a")));
          writeFileSync(file, "select 2;");
          await up("another one", changed(small(), "script.content", asset("b")));
          rmSync(file);
          await up("none", changed(small(), "script.content", asset("c")));
          await refresh();
          story.scene.lines = story.scene.lines.map((line) => line.replaceAll(folder, "<folder>"));
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      });
    }
    for (const fault of ["business-failure", "cut-json", "drop-before"] as const) {
      turn(`meets ${fault} where it writes`, async () => {
        const operations = ["CreateNode", "CreateDISyncTask", "CreateTaskNew"];
        await story.scene.emulator.fault({ kind: fault, operation: operations });
        await up("up", story.args);
        await up("up again", story.args);
        const others = [
          "BatchUpdateTasks",
          "UpdateTask",
          "UpdateFile",
          "UpdateDISyncTask",
          "ModifyTaskInfo",
          "ModifyTaskInfoDs",
        ];
        await story.scene.emulator.fault({ kind: fault, operation: others });
        await up("edits", story.lightly);
        await up("again", story.lightly);
        const publishing = ["CreatePipelineRun", "SubmitFile", "DeployFile", "CreateTaskVersionDs", "SubmitTask"];
        await story.scene.emulator.fault({ kind: fault, operation: publishing });
        await up("edits", story.edited);
        await up("again", story.edited);
        const deleting = ["DeleteNode", "DeleteFile", "DeleteTaskDs", "BatchDeleteOpsTasks"];
        await story.scene.emulator.fault({ kind: fault, operation: deleting });
        await destroy();
        await destroy();
      });
    }
  });
}
