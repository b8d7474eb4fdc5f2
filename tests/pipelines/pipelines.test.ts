import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { runProject } from "../../scripts/run-project";
import { root } from "../../scripts/setup.js";
import { type EngineStack, temporaryFolder, writes } from "../engine/support";
import { type PlayedHost, playHost } from "./host";
import { type Job, NOT_RUN, PARTS, type Part, commandsIn, folder as recipeFolder, recipes } from "./recipes";

/** The program of a data team: two workspaces, one schedule that an edit moves. */
const program = (dev: string, prod: string, cron: string): string => `
const { DataWorksTask, forEnvironment } = require("pulumi-data-tasks");
const environment = forEnvironment({
  dev: { schedules: "dry", DataWorksTask: { projectId: "${dev}", rerunTimes: 0 } },
  prod: { DataWorksTask: { projectId: "${prod}", owner: "1000000001", rerunTimes: 3 } },
});
const scheduled = (name, cron, rest) =>
  new DataWorksTask(name, environment.DataWorksTask({
    name, script: { command: "ODPS_SQL", content: "select 1;" }, trigger: { type: "Scheduler", cron }, timeoutSeconds: 7200, ...rest,
  }));
const orders = scheduled("ods_orders", "${cron}");
scheduled("ads_report", "00 00 06 * * ?", { dependsOnTasks: [orders] });
`;
const [BEFORE, AFTER] = ["00 30 02 * * ?", "00 15 03 * * ?"];
const BRANCH = "earlier-orders";
const NUMBER = 12;

describe("the pipelines in examples/pipelines", () => {
  it("review, deploy, promote and look for drift in each of the five systems, and promote after an approval", () => {
    assert.equal(Object.keys(recipes).length, 5);
    for (const [system, jobs] of Object.entries(recipes))
      assert.deepEqual(new Set(jobs.map(({ part }) => part)), new Set(PARTS), system);
    const approval: Record<string, RegExp> = {
      "github-actions.yml": /\n {2}promote:\n[\s\S]*\n {4}environment: production\n/,
      "gitlab-ci.yml": /\npromote:\n[\s\S]*?\n {6}when: manual\n/,
      "yunxiao-deploy.yml": /promotion_stage:[\s\S]*component: ManualValidate[\s\S]*promote_stage:/,
      "coding.Jenkinsfile": /stage\('Promote'\)[\s\S]*?input \{[\s\S]*?steps \{/,
      Jenkinsfile: /stage\('Promote'\)[\s\S]*?input \{[\s\S]*?steps \{/,
    };
    for (const [file, needed] of Object.entries(approval))
      assert.match(readFileSync(path.join(recipeFolder, file), "utf8"), needed, file);
  });

  it("have nothing that no test runs but what is named", () => {
    const lines = Object.values(recipes).flatMap((jobs) =>
      jobs.flatMap(({ scripts }) => scripts.join("\n").split("\n")),
    );
    for (const { line, why } of NOT_RUN) assert.ok(lines.some((each) => line.test(each.trim())), why); // prettier-ignore
  });
});

describe("a change on its way through a pipeline", function () {
  this.timeout(400_000);
  let emulator: Emulator;
  let host: PlayedHost;
  let stacks: Record<"dev" | "prod", EngineStack>;
  let project = "";
  let environment: Record<string, string> = {};
  /** The commands that have been run as they stand in a recipe. */
  const done = new Set<string>();

  const git = (...words: string[]) => execFileSync("git", words, { cwd: project, stdio: "pipe" });
  const write = (name: string, text: string): void => writeFileSync(path.join(project, name), text);
  const edit = (cron: string) => write("index.js", program(emulator.projectId, emulator.otherProjectId, cron));

  before(async () => {
    emulator = await startEmulator({ stageMilliseconds: 5 });
    host = await playHost({ branch: BRANCH, number: NUMBER });
    const base = temporaryFolder("pipelines");
    project = path.join(base, "project");
    mkdirSync(path.join(project, "node_modules", ".bin"), { recursive: true });
    // What npm ci puts there.
    symlinkSync(path.join(root, "dist", "cli", "main.js"), path.join(project, "node_modules", ".bin", "data-tasks"));
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    write("package.json", '{ "name": "shop", "main": "index.js", "private": true }\n');
    write(".gitignore", "node_modules/\nreview.*\npromotion.*\ndrift.*\n");
    write(
      "policy.yaml",
      "owner-set: { enforcementLevel: mandatory, stacks: [prod] }\nstarts-per-minute: { atMost: 1 }\n",
    );
    edit(BEFORE);
    const options = {
      config: { "dataworks:endpoint": emulator.dataworks, "dataworks:region": "cn-shanghai" },
      // The keys that a cloud would hand out for the identity of the pipeline.
      env: {
        ALIBABA_CLOUD_ACCESS_KEY_ID: emulator.accessKeyId,
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: emulator.accessKeySecret,
      },
      ...{ stateFolder: path.join(base, "state"), home: path.join(base, "home"), passphrase: "test" },
    };
    stacks = { dev: await runProject(project, "dev", options), prod: await runProject(project, "prod", options) };
    for (const name of ["tool", "promotions", "machine"]) mkdirSync(path.join(base, name));
    environment = {
      ...(process.env as Record<string, string>),
      ...stacks.prod.environment,
      ...{
        HOME: path.join(base, "machine"),
        RUNNER_TEMP: path.join(base, "tool"),
        PROMOTIONS: path.join(base, "promotions"),
      },
      ...variablesOf(host, base),
    };
    git("init", "--quiet", "--initial-branch", "main");
    git("config", "user.email", "team@example.com");
    git("config", "user.name", "team");
    git("add", ".");
    git("commit", "--quiet", "-m", "first");
    await Promise.all([stacks.dev.up(), stacks.prod.up()]);
  });
  after(async () => {
    await emulator?.close();
    await host?.close();
  });

  /** Runs the scripts of a job one after the other, as its system does; gives the exit code of the first that fails. */
  async function run({ recipe, shell, scripts, variables }: Job, skipped = new Set<string>()) {
    const own: Record<string, string> = { ...SIGNS[recipe] };
    for (const [name, value] of Object.entries(variables))
      own[name] = environment[name] ?? value.replace(/\$\{\{ (?:vars|secrets)\.(\w+) \}\}|\$(\w+)/g, (_, a?: string, b?: string) => environment[a ?? b ?? ""] ?? assert.fail(`${recipe}: ${value}`)); // prettier-ignore
    let output = "";
    for (const script of scripts) {
      const commands = commandsIn(script).filter((command) => !skipped.has(command));
      if (commands.length === 0) continue;
      const result = await shellRun(shell, commands.join("\n"), { ...environment, ...own });
      output += result.output;
      for (const command of commands) done.add(command);
      if (result.code !== 0) return { code: result.code, output };
      Object.assign(own, setByGitHub(environment["GITHUB_ENV"] ?? ""));
    }
    return { code: 0, output };
  }

  const shellRun = ([command = "", ...flags]: readonly string[], script: string, env: Record<string, string>) =>
    new Promise<{ code: number; output: string }>((resolve) => {
      const args = [...flags.slice(0, -1), `${flags.at(-1) ?? ""}c`, script];
      execFile(command, args, { cwd: project, env, maxBuffer: 1 << 26 }, (error, out, errors) =>
        resolve({ code: error === null ? 0 : Number(error.code), output: `${out}\n${errors}` }),
      );
    });

  const jobOf = (system: string, part: Part): Job =>
    recipes[system]?.find((job) => job.part === part) ?? assert.fail(`${system} has no ${part}`);
  async function passes(system: string, part: Part): Promise<void> {
    const { code, output } = await run(jobOf(system, part));
    const summary = environment["GITHUB_STEP_SUMMARY"] ?? "";
    const shown = existsSync(summary) ? readFileSync(summary, "utf8") : "";
    assert.equal(code, 0, `${system}, ${part}:\n${output}\n${shown}`);
  }
  /** The cron of a task as a workspace has it. */
  async function cronIn(workspace: string): Promise<string | undefined> {
    const tasks = (await emulator.tasks("dataworks")) as {
      ProjectId: string;
      Name: string;
      Trigger: { Cron: string };
    }[];
    return tasks.find(({ ProjectId, Name }) => ProjectId === workspace && Name === "ods_orders")?.Trigger.Cron;
  }
  const moved = (text: string) => text.replace(/\b0+(?=\d)/g, "");

  it("is reviewed in its pull request, merged, deployed to dev, promoted to prod, and leaves no drift", async () => {
    const before = (await writes(emulator)).length;
    git("switch", "--quiet", "--create", BRANCH);
    edit(AFTER);
    git("commit", "--quiet", "--all", "-m", "orders an hour later");
    await passes("GitHub Actions", "review");
    assert.equal((await writes(emulator)).length, before);
    const [comment] = host.posted;
    assert.equal(comment?.path, `/github/repos/shop/tasks/issues/${NUMBER}/comments`);
    assert.match(
      comment?.body ?? "",
      /^<!-- data-tasks review shop\/prod -->\n\n## Scheduled tasks `shop\/prod`: 1 schedule shift\n/,
    );
    // Between the two times of day, the new run of today comes on top of the old one.
    assert.match(comment?.body ?? "", /02:30:00: it comes at .* 03:15:00 instead|03:15:00 is the first that is new/);
    assert.match(comment?.body ?? "", /^1 task unchanged\.$[\s\S]*1 task downstream.*`ads_report`/m);
    assert.deepEqual(comment?.keys, ["Bearer code-host-token", undefined, undefined]);
    assert.equal(readFileSync(path.join(environment["RUNNER_TEMP"] ?? "", "oidc-token"), "utf8").trim(), "identity for sts.aliyuncs.com"); // prettier-ignore

    git("switch", "--quiet", "main");
    git("merge", "--quiet", "--no-ff", "-m", "merge", BRANCH);
    await passes("GitHub Actions", "deploy");
    assert.deepEqual(
      [await cronIn(emulator.projectId), await cronIn(emulator.otherProjectId)].map((cron) => moved(cron ?? "")),
      [moved(AFTER), moved(BEFORE)],
    );

    await passes("GitHub Actions", "promotion");
    assert.match(
      readFileSync(environment["GITHUB_STEP_SUMMARY"] ?? "", "utf8"),
      /## Promotion `shop` `dev` → `prod`: 1 pending/,
    );
    assert.equal(moved((await cronIn(emulator.otherProjectId)) ?? ""), moved(BEFORE));
    await passes("GitHub Actions", "promote");
    assert.equal(moved((await cronIn(emulator.otherProjectId)) ?? ""), moved(AFTER));

    await passes("GitHub Actions", "drift");
    const { counts } = JSON.parse(readFileSync(path.join(project, "drift.json"), "utf8")) as { counts: object };
    assert.deepEqual(counts, { edited: 0, gone: 0, same: 2, unread: 0, unsure: 0 });
  });

  it("is reviewed in the same way by the other systems, which fail for a mandatory policy after they have commented", async () => {
    write("policy.yaml", "owner-set: { enforcementLevel: mandatory, allow: ['2*'] }\n");
    const hosts: Record<string, string> = {
      "GitLab CI": `/gitlab/projects/77/merge_requests/${NUMBER}/notes`,
      "Yunxiao Flow": `/codeup/oapi/v1/codeup/organizations/org/repositories/77/changeRequests/${NUMBER}/comments`,
      "Tencent CODING": `/github/repos/shop/tasks/issues/${NUMBER}/comments`,
      Jenkins: `/github/repos/shop/tasks/issues/${NUMBER}/comments`,
    };
    for (const [system, place] of Object.entries(hosts)) {
      host.posted.length = 0;
      const { code, output } = await run(jobOf(system, "review"));
      assert.equal(code, 4, `${system}:\n${output}`);
      assert.deepEqual(host.posted.map((each) => each.path), [place], system); // prettier-ignore
      assert.match(host.posted[0]?.body ?? "", /\*\*2 mandatory violations\*\*/);
      assert.ok(host.posted[0]?.keys.some((key) => key?.includes("code-host-token")));
    }
  });

  it("meets no other command in the other systems than those that were run", async () => {
    for (const [system, jobs] of Object.entries(recipes))
      for (const job of jobs) {
        const left = job.scripts.flatMap(commandsIn).filter((command) => !done.has(command));
        if (left.length === 0) continue;
        assert.ok(
          !left.some((command) => /data-tasks|pulumi (up|preview|refresh)/.test(command)),
          `${system}: ${left.join("\n")}`,
        );
        const { code, output } = await run(job, new Set(done));
        assert.equal(code, 0, `${system}, ${job.part}: ${left.join("\n")}\n${output}`);
      }
  });
});

/** What the systems and their settings put into the environment of a build. */
const variablesOf = ({ url }: PlayedHost, base: string): Record<string, string> => ({
  ...{ ALIBABA_CLOUD_OIDC_PROVIDER_ARN: "acs:ram::1:oidc-provider/ci", ALIBABA_CLOUD_OIDC_TOKEN: "identity" },
  ...Object.fromEntries(["READ", "DEV", "PROD"].map((role) => [`ALIBABA_CLOUD_${role}_ROLE_ARN`, `acs:ram::1:role/${role}`])), // prettier-ignore
  ...{ ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/identity?api-version=2.0`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "job" },
  ...{ GITHUB_API_URL: `${url}/github`, GITHUB_REPOSITORY: "shop/tasks" },
  ...{ GITHUB_REF: `refs/pull/${NUMBER}/merge`, GITHUB_TOKEN: "code-host-token" },
  ...Object.fromEntries(["ENV", "PATH", "STEP_SUMMARY"].map((name) => [`GITHUB_${name}`, path.join(base, "tool", name)])), // prettier-ignore
  ...{ CI_API_V4_URL: `${url}/gitlab`, CI_PROJECT_ID: "77", GITLAB_TOKEN: "code-host-token" },
  ...{ CODEUP_URL: `${url}/codeup`, ORGANIZATION: "org", REPOSITORY: "77", CI_COMMIT_REF_NAME: BRANCH },
  ...{ YUNXIAO_TOKEN: "code-host-token", BUILD_NUMBER: "3" },
  ...{ REVIEW_HOST: "github", REVIEW_REPOSITORY: "shop/tasks", REVIEW_TOKEN: "code-host-token" },
  ...{ CHANGE_ID: String(NUMBER), MR_RESOURCE_ID: String(NUMBER) },
});

/** By which a build knows its system. */
const SIGNS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "github-actions.yml": { GITHUB_ACTIONS: "true" },
  "gitlab-ci.yml": { GITLAB_CI: "true", CI_MERGE_REQUEST_IID: String(NUMBER) },
  "yunxiao-review.yml": { PIPELINE_ID: "5" },
  "coding.Jenkinsfile": { JENKINS_URL: "https://coding.example/" },
  Jenkinsfile: { JENKINS_URL: "https://jenkins.example/" },
};

/** What a step of GitHub Actions has set for those after it. */
function setByGitHub(file: string): Record<string, string> {
  if (!existsSync(file)) return {};
  const lines = readFileSync(file, "utf8").split("\n").filter((line) => line.includes("=")); // prettier-ignore
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));
}
