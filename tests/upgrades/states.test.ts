import assert from "node:assert/strict";
import { configure } from "../../provider/clouds/connections";
import type { Definition, Properties } from "../../provider/core/definition";
import { hooks } from "../../provider/core/lifecycle";
import { refusingNewerStates } from "../../provider/core/version";
import { definition as syncTask } from "../../provider/resources/dataworks-di-sync-task/resource";
import { definition as dataworksTask } from "../../provider/resources/dataworks-task/resource";
import { rememberUpstream } from "../../provider/resources/dataworks-task/upstream";
import { definition as wedataTask } from "../../provider/resources/wedata-task/resource";
import { OPEN, bare, recording, recordings } from "../../scripts/recorded/recording";
import type { RecordedResource, Recording } from "../../scripts/recorded/recording";

const hooksOf = <A extends object, F extends object>(definition: Definition<A, F>) =>
  refusingNewerStates(
    hooks(definition, { ready: () => Promise.resolve(), warn: () => undefined, inform: () => undefined }),
  );
const kinds: Readonly<Record<string, ReturnType<typeof hooksOf>>> = {
  "pulumi-nodejs:dynamic/dataworks:Task": hooksOf(dataworksTask),
  "pulumi-nodejs:dynamic/dataworks:DISyncTask": hooksOf(syncTask),
  "pulumi-nodejs:dynamic/wedata:Task": hooksOf(wedataTask),
};

interface Known {
  readonly name: string;
  readonly id: string;
  readonly task: ReturnType<typeof hooksOf>;
  readonly inputs: Properties;
  readonly outputs: Properties;
}
const known = ({ urn, type, id, inputs, outputs }: RecordedResource): Known => ({
  name: urn.slice(urn.lastIndexOf("::") + 2),
  id,
  task: kinds[type] as ReturnType<typeof hooksOf>,
  inputs: bare(inputs) as Properties,
  outputs: bare(outputs) as Properties,
});

describe("the state of an earlier version", function () {
  this.timeout(120_000);
  let there: Recording;
  let resources: Known[];
  const open = async (name: string): Promise<void> => {
    there = await recording(name);
    const { dataworks, wedata, accessKeyId, accessKeySecret, secretId, secretKey } = there.emulator;
    const settings: Record<string, string> = {
      ...{ "dataworks:endpoint": dataworks, "wedata:endpoint": wedata },
      ...{ "dataworks:accessKeyId": accessKeyId, "dataworks:accessKeySecret": accessKeySecret },
      ...{ "wedata:secretId": secretId, "wedata:secretKey": secretKey },
    };
    configure({ get: (key) => settings[key] });
    resources = there.resources.map(known);
    // Other tests of the process have tasks of the same ids.
    for (const { id } of resources) rememberUpstream(id, [], undefined);
  };
  afterEach(() => there.close());

  for (const name of recordings()) {
    it(`${name} differs in nothing, is refreshed without a difference, and can be destroyed`, async () => {
      await open(name);
      const { emulator } = there;
      assert.equal(resources.length, 13);
      const settled = resources.filter((resource) => !OPEN.includes(resource.name));
      for (const { name: which, id, task, inputs, outputs } of settled) {
        const checked = await task.check(inputs, inputs);
        assert.deepEqual([which, checked.failures], [which, []]);
        assert.equal((await task.diff(id, outputs, checked.inputs)).changes, false, `${which} differs`);
        const read = await task.read(id, outputs);
        assert.deepEqual([which, read.id, read.inputs], [which, id, undefined]);
        assert.equal((await task.diff(id, read.props, inputs)).changes, false, `${which} differs after a refresh`);
      }
      assert.deepEqual(
        (await emulator.calls()).filter(({ operation }) => !/^(Get|List|Describe|Check)/.test(operation)),
        [],
      );
      for (const { name: which, id, task, inputs: were, outputs } of resources.filter((one) =>
        OPEN.includes(one.name),
      )) {
        // After a failed update the engine keeps the old inputs.
        const inputs = which === "late" ? { ...were, description: "Changed, and refused" } : were;
        assert.equal((await task.diff(id, outputs, inputs)).changes, true, `${which} has nothing left to do`);
        const { outs } = await task.update(id, outputs, inputs);
        assert.equal((await task.diff(id, outs, inputs)).changes, false, `${which} is not done`);
      }
      for (const { id, task, outputs } of [...resources].reverse()) await task.delete(id, outputs);
      // What was adopted is released, and stays.
      const left = await Promise.all(["dataworks", "wedata"].map((service) => emulator.tasks(service)));
      assert.deepEqual(
        left.map((tasks) => tasks.length),
        [2, 1],
      );
    });
  }

  it("is told from one of a newer version, which nothing touches", async () => {
    await open(recordings().at(-1) ?? "");
    const refused = {
      message: /was written by a newer version of pulumi-data-tasks \(state version 2, .*nothing was touched/,
    };
    for (const { id, task, inputs, outputs } of resources) {
      const newer = { ...outputs, applied: String(outputs["applied"]).replace(/^1/, "2") };
      await assert.rejects(task.diff(id, newer, inputs), refused);
      await assert.rejects(task.read(id, newer), refused);
      await assert.rejects(task.update(id, newer, inputs), refused);
      await assert.rejects(task.delete(id, newer), refused);
    }
    assert.deepEqual(await there.emulator.calls(), []);
  });
});
