import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { runProject } from "../../scripts/run-project";
import { root } from "../../scripts/setup.js";
import { installProject, node, outsideFolder, pack, removeFolder } from "./support";
import type { Manager, Packed } from "./support";

const { peerDependencies, devDependencies } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
  peerDependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const oldestPulumi = (peerDependencies["@pulumi/pulumi"] ?? "").replace(/^\^/, "");
const ownPulumi = devDependencies["@pulumi/pulumi"] ?? "";

interface Project {
  manager: Manager;
  pulumi: string;
  types: string;
  tsconfig: string;
}

/** One manager with the engine library we run ourselves, the other with the oldest our range admits. */
const projects: Project[] = [
  { manager: "npm", pulumi: ownPulumi, types: "a project as Pulumi makes it", tsconfig: "tsconfig.json" },
  {
    manager: "pnpm",
    pulumi: oldestPulumi,
    types: "CommonJS, ES modules and exactOptionalPropertyTypes",
    tsconfig: "tsconfig.node16.json",
  },
];

const program = `
import * as pulumi from "@pulumi/pulumi";
import { WeDataTask } from "pulumi-data-tasks";

const config = new pulumi.Config("orders");
const task = new WeDataTask("orders", {
  projectId: config.require("projectId"),
  workflowId: config.require("workflowId"),
  taskType: 35,
  name: "orders",
  notes: config.require("notes"),
  inCharge: config.get("inCharge"),
  script: { content: "echo orders" },
});
export const taskId: pulumi.Output<string> = task.taskId;
`;

const files = {
  "Pulumi.yaml": "name: orders\nruntime: nodejs\n",
  "index.ts": program,
  // As `pulumi new typescript` writes it.
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      strict: true,
      outDir: "bin",
      target: "es2020",
      module: "commonjs",
      moduleResolution: "node",
      sourceMap: true,
      experimentalDecorators: true,
      pretty: true,
      noFallthroughCasesInSwitch: true,
      noImplicitReturns: true,
      forceConsistentCasingInFileNames: true,
    },
    files: ["index.ts"],
  }),
  "tsconfig.node16.json": JSON.stringify({
    compilerOptions: {
      strict: true,
      exactOptionalPropertyTypes: true,
      target: "ES2022",
      module: "node16",
      noEmit: true,
      types: ["node"],
    },
    files: ["index.ts", "module.mts"],
  }),
  "module.mts": `
import { DataWorksDISyncTask, DataWorksTask, WeDataTask } from "pulumi-data-tasks";
import { startEmulator } from "pulumi-data-tasks/emulator";
console.log([DataWorksDISyncTask, DataWorksTask, WeDataTask, startEmulator].map((part) => typeof part).join(" "));
`,
  "module.mjs": `
import { DataWorksDISyncTask, DataWorksTask, WeDataTask } from "pulumi-data-tasks";
import { startEmulator } from "pulumi-data-tasks/emulator";
console.log([DataWorksDISyncTask, DataWorksTask, WeDataTask, startEmulator].map((part) => typeof part).join(" "));
`,
};

describe("the packed package", function () {
  this.timeout(300_000);
  let folder: string;
  let packed: Packed;
  let emulator: Emulator;

  before(async () => {
    folder = outsideFolder();
    packed = await pack(folder);
    emulator = await startEmulator();
    await Promise.all(
      projects.map(({ manager, pulumi }) =>
        installProject(path.join(folder, manager), manager, { tarball: packed.tarball, pulumi, files }),
      ),
    );
  });
  after(async () => {
    await emulator?.close();
    removeFolder(folder);
  });

  it("holds what users need and nothing else", () => {
    const allowed =
      /^(dist\/(cli|emulator|provider|sdk)\/.+\.(js|js\.map|d\.ts|json)|package\.json|LICENSE|(README|CHANGELOG|SECURITY|THIRD-PARTY)\.md)$/;
    assert.deepEqual(
      packed.files.filter((file) => !allowed.test(file)),
      [],
    );
    for (const entry of [
      "dist/sdk/index.js",
      "dist/sdk/index.d.ts",
      "dist/provider/index.js",
      "LICENSE",
      "README.md",
    ]) {
      assert.ok(packed.files.includes(entry), `${entry} is missing`);
    }
    assert.ok(packed.size < 6_500_000, `it is ${packed.size} bytes unpacked`);
  });

  for (const { manager, pulumi, types, tsconfig } of projects) {
    describe(`installed by ${manager} beside @pulumi/pulumi ${pulumi}`, () => {
      let project: string;
      before(() => {
        project = path.join(folder, manager);
      });

      it("loads with require and with import", async () => {
        const required = `const { DataWorksTask } = require("pulumi-data-tasks");
          const { handler } = require("pulumi-data-tasks/provider");
          const { taskPolicies } = require("pulumi-data-tasks/policy");
          console.log(typeof DataWorksTask, typeof require("pulumi-data-tasks/emulator").startEmulator, typeof taskPolicies);`;
        assert.equal(await node(project, ["-e", required]), "function function function");
        assert.equal(await node(project, ["module.mjs"]), "function function function function");
      });

      it(`has types for ${types}`, async () => {
        const tsc = path.join("node_modules", "typescript", "bin", "tsc");
        assert.equal(await node(project, [tsc, "-p", tsconfig, "--noEmit"]), "");
      });

      it("brings the data-tasks command", async () => {
        const command = path.join("node_modules", "pulumi-data-tasks", "dist", "cli", "main.js");
        assert.match(readFileSync(path.join(project, command), "utf8"), /^#!\/usr\/bin\/env node\n/);
        assert.match(await node(project, [command, "--help"]), /emulator/);
      });

      it("runs on the engine: up, nothing to do, change, destroy", async () => {
        const stack = await runProject(project, "dev", {
          passphrase: "test",
          home: path.join(folder, "home"),
          config: {
            "wedata:region": "ap-shanghai",
            "wedata:endpoint": emulator.wedata,
            "orders:projectId": emulator.wedataProjectId,
            "orders:workflowId": emulator.wedataWorkflowId,
            "orders:notes": "one",
          },
          secretConfig: { "wedata:secretId": emulator.secretId, "wedata:secretKey": emulator.secretKey },
        });
        const { outputs } = await stack.up();
        assert.match(String(outputs["taskId"]?.value), /^\d+$/);
        assert.deepEqual((await stack.preview()).changes, []);
        await stack.configure({ config: { "orders:notes": "two" } });
        assert.equal((await stack.up()).summary.update, 1);
        assert.equal((await stack.stateText()).includes(emulator.secretKey), false);
        assert.equal((await stack.destroy()).summary.delete, 2);
      });
    });
  }
});
