import type { Properties } from "../../provider/core/definition";
import { changed, without } from "../properties/stage";
import { everything, examplesOf } from "./kinds";
import type { Example, Pair } from "./kinds";
import { Scene } from "./scene";

/** A task with everything, and what becomes of it. */
export class Story {
  readonly scene: Scene;
  readonly args: Properties;
  readonly edited: Properties;
  readonly lightly: Properties;
  readonly removed: Properties;

  private constructor(scene: Scene, example: Example, values: Readonly<Record<string, Pair>>) {
    const to = (args: Properties, paths: readonly string[]) =>
      paths
        .filter((path) => values[path] !== undefined)
        .reduce((all, path) => changed(all, path, values[path]?.[1]), args);
    this.scene = scene;
    this.args = everything(example, values);
    this.lightly = to(this.args, example.lightly);
    this.edited = to(this.lightly, example.edited);
    this.removed = example.removed.reduce(without, this.edited);
  }

  static async open(example: Example, switches: Properties = {}, isFull = false): Promise<Story> {
    const scene = await Scene.open(example.kind, switches, isFull);
    scene.brief = true;
    const values = await examplesOf(example, scene.emulator, (id, as) => scene.call(id, as));
    scene.know(values);
    return new Story(scene, example, values);
  }

  /** Does what is said, and writes down that it was. */
  async tell(title: string, act: () => Promise<void>): Promise<void> {
    this.scene.say(title);
    await act();
  }
  up = (args: Properties): Promise<void> => this.scene.up(args);
  refresh = (): Promise<void> => this.scene.refresh();
}
