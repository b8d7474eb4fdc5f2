import { changed, without } from "../properties/stage";
import { everything, examples, examplesOf } from "./kinds";
import type { Pair } from "./kinds";
import { Pinned } from "./pinned";
import { Scene } from "./scene";

for (const example of examples) {
  const { kind, name } = example;
  describe(`an edit of a ${kind.name}`, function () {
    this.timeout(60_000);
    const pinned = new Pinned(`${name}-fields`);
    let scene: Scene;
    let values: Record<string, Pair>;
    beforeEach(async () => {
      scene = await Scene.open(kind);
      values = await examplesOf(example, scene.emulator, (id, as) => scene.call(id, as));
      scene.know(values);
    });
    afterEach(() => scene.close());

    it("begins with a task that has everything", async () => {
      scene.say("up");
      await scene.up(everything(example, values));
      scene.say("refresh");
      await scene.refresh();
      scene.say("destroy");
      await scene.destroy();
      pinned.has("everything", scene.lines);
    });

    const probe = Object.keys(example.values({} as never));
    for (const path of probe) {
      it(`of ${path} is made, seen at the console, and taken back`, async () => {
        const [from, to] = values[path] as Pair;
        const all = everything(example, values);
        const args = kind.obey(changed(all, path, from));
        await scene.up(args);
        scene.lines.length = 0;
        const change = kind.touch(path, to);
        const id = kind.taskId(scene.outs ?? {});
        if (change !== undefined && scene.outs !== undefined) {
          scene.say(`somebody sets it to ${JSON.stringify(to)} at the console`);
          await scene.emulator
            .touch(kind.service, id, change)
            .catch((error: unknown) => scene.say(`  ${String(error)}`));
          await scene.refresh();
          scene.say(`up puts it right`);
          await scene.up(args);
        }
        scene.say(`up with ${JSON.stringify(to)}`);
        await scene.up(changed(args, path, to));
        scene.say("refresh");
        await scene.refresh();
        scene.say("up without it");
        await scene.up(without(args, path));
        scene.say("refresh");
        await scene.refresh();
        pinned.has(path, scene.lines);
      });
    }
  });
}
