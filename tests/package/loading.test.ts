import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { prepareSources, root } from "../../scripts/setup.js";

/** Runs a program in a process of its own, in which the package is found by its name; gives the modules it has loaded. */
async function loadedBy(program: string): Promise<{ packages: Set<string>; own: string[] }> {
  const text = `${program}
    .then(() => { process.stdout.write(JSON.stringify(Object.keys(require.cache))); process.exit(0); });`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", text], { cwd: root, maxBuffer: 2 ** 26 });
  const files = JSON.parse(stdout.slice(stdout.lastIndexOf("["))) as string[];
  const packages = files.flatMap((file) => /.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1] ?? []);
  const dist = `${path.join(root, "dist")}${path.sep}`;
  const own = files.filter((file) => file.startsWith(dist)).map((file) => file.slice(dist.length));
  return { packages: new Set(packages.map((name) => name.replace("\\", "/"))), own };
}

const SDKS = ["@alicloud/openapi-client", "@alicloud/credentials", "tencentcloud-sdk-nodejs"];
const loadedOf = ({ packages }: { packages: Set<string> }, names: readonly string[]) =>
  names.filter((name) => packages.has(name));

describe("what a process loads", () => {
  let emulator: Emulator;
  before(async () => {
    await prepareSources();
    emulator = await startEmulator();
  });
  after(() => emulator.close());

  it("is, in a program with a resource of each kind, no cloud SDK, no emulator, no command line, no YAML", async () => {
    const loaded = await loadedBy(`
      const pulumi = require("@pulumi/pulumi");
      const { DataWorksDISyncTask, DataWorksTask, WeDataTask } = require("pulumi-data-tasks");
      pulumi.runtime.setMocks({ newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) })
        .then(async () => {
          const made = [
            new DataWorksTask("a", { projectId: "1", name: "a", script: { command: "ODPS_SQL", content: "select 1;" } }),
            new DataWorksDISyncTask("b", { projectId: "1", name: "b", resourceGroup: "g", taskContent: { type: "job" } }),
            new WeDataTask("c", { projectId: "1", workflowId: "2", taskType: 35, name: "c" }),
          ];
          for (const { urn } of made) await urn.promise();
        })`);
    assert.deepEqual(loadedOf(loaded, [...SDKS, "commander", "fastify", "light-my-request", "yaml"]), []);
    assert.deepEqual(
      loaded.own.filter((file) => /^(cli|emulator)/.test(file)),
      [],
    );
    assert.ok(loaded.own.includes(path.join("sdk", "index.js")));
  });

  it("is, in a program that reads a FlowSpec, YAML as well, once it is read", async () => {
    const loaded = await loadedBy(`
      const { readFlowSpec } = require("pulumi-data-tasks");
      const before = Object.keys(require.cache).some((file) => /node_modules.yaml/.test(file));
      Promise.resolve(readFlowSpec("version: 1.1.0\\nkind: CycleWorkflow\\nspec:\\n  nodes: []\\n"))
        .then(() => { if (before) throw new Error("too early"); })`);
    assert.ok(loaded.packages.has("yaml"));
  });

  it("is, in a policy pack, no cloud SDK, no emulator, and the policy library only where the pack asks for it", async () => {
    const loaded = await loadedBy(`
      const { taskPolicies } = require("pulumi-data-tasks/policy");
      Promise.resolve(taskPolicies({ "quiet-window": { from: "22:00", to: "06:00" } }))`);
    assert.deepEqual(loadedOf(loaded, [...SDKS, "@pulumi/policy", "@pulumi/pulumi", "commander", "fastify"]), []);
    assert.deepEqual(
      loaded.own.filter((file) => file.startsWith("emulator")),
      [],
    );
  });

  /** The hooks as the engine's provider process loads them, asked for one task. */
  const asking = (hooks: string, id: string): string => {
    const settings = {
      ...{ "dataworks:endpoint": emulator.dataworks, "dataworks:region": "cn-shanghai" },
      ...{ "dataworks:accessKeyId": emulator.accessKeyId, "dataworks:accessKeySecret": emulator.accessKeySecret },
      ...{ "wedata:endpoint": emulator.wedata, "wedata:region": "ap-guangzhou" },
      ...{ "wedata:secretId": emulator.secretId, "wedata:secretKey": emulator.secretKey },
    };
    return `
      const { ${hooks} } = require("pulumi-data-tasks/provider");
      const settings = ${JSON.stringify(settings)};
      ${hooks}.configure({ config: { get: (key) => settings[key] } })
        .then(() => ${hooks}.check({}, { projectId: "1" }))
        ${id === "" ? "" : `.then(() => ${hooks}.read(${JSON.stringify(id)}, { taskId: "1" }))`}`;
  };

  it("is, in a provider process that only checks, no cloud SDK", async () => {
    for (const hooks of ["dataworksTask", "dataworksDISyncTask", "wedataTask"])
      assert.deepEqual(loadedOf(await loadedBy(asking(hooks, "")), SDKS), []);
  });

  it("is, in a provider process that asks DataWorks, no part of Tencent Cloud's SDK", async () => {
    const loaded = await loadedBy(asking("dataworksTask", `${emulator.projectId}/Prod/task/1`));
    assert.ok(loaded.packages.has("@alicloud/openapi-client"));
    assert.deepEqual(loadedOf(loaded, ["tencentcloud-sdk-nodejs"]), []);
  });

  it("is, in a provider process that asks WeData, Tencent Cloud's common client and no service, nothing of Alibaba's", async () => {
    const loaded = await loadedBy(asking("wedataTask", `${emulator.wedataProjectId}/1`));
    assert.ok(loaded.packages.has("tencentcloud-sdk-nodejs"));
    assert.ok(!loaded.packages.has("@alicloud/openapi-client") && !loaded.packages.has("@alicloud/credentials"));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        "-e",
        `${asking("wedataTask", `${emulator.wedataProjectId}/1`)}.then(() => {
          console.log(Object.keys(require.cache).filter((file) => /tencentcloud[\\\\/]services/.test(file)).length);
          process.exit(0);
        })`,
      ],
      { cwd: root },
    );
    assert.equal(stdout.trim(), "0");
  });
});
