import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmulator } from "../../emulator/index";
import { configure } from "../../provider/clouds/connections";
import { leaveStack, origin } from "../../provider/clouds/origin";
import { hooks } from "../../provider/core/lifecycle";
import { definition } from "../../provider/resources/dataworks-di-sync-task/resource";

const SHA = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d";
const from = (environment: NodeJS.ProcessEnv, remark?: string) => origin({ environment, engine: undefined, remark });

describe("where a change comes from", () => {
  const builds: [name: string, environment: NodeJS.ProcessEnv, expected: string][] = [
    [
      "a pull request of GitHub",
      {
        GITHUB_ACTIONS: "true",
        GITHUB_SHA: SHA,
        GITHUB_REF: "refs/pull/12/merge",
        GITHUB_SERVER_URL: "https://github.example",
        GITHUB_REPOSITORY: "acme/tasks",
      },
      "commit 1a2b3c4d5e6f, pull request 12, https://github.example/acme/tasks/pull/12",
    ],
    [
      "a branch of GitHub",
      { GITHUB_ACTIONS: "true", GITHUB_SHA: SHA, GITHUB_REF: "refs/heads/12" },
      "commit 1a2b3c4d5e6f",
    ],
    [
      "GitLab",
      {
        GITLAB_CI: "true",
        CI_COMMIT_SHA: SHA,
        CI_MERGE_REQUEST_IID: "7",
        CI_MERGE_REQUEST_PROJECT_URL: "https://user:hidden@git.example/acme/tasks",
      },
      "commit 1a2b3c4d5e6f, pull request 7, https://git.example/acme/tasks/-/merge_requests/7",
    ],
    [
      "Azure Pipelines",
      { TF_BUILD: "True", BUILD_SOURCEVERSION: SHA, SYSTEM_PULLREQUEST_PULLREQUESTID: "31" },
      "commit 1a2b3c4d5e6f, pull request 31",
    ],
    [
      "Bitbucket",
      {
        BITBUCKET_BUILD_NUMBER: "1",
        BITBUCKET_COMMIT: SHA,
        BITBUCKET_PR_ID: "3",
        BITBUCKET_GIT_HTTP_ORIGIN: "http://bitbucket.example/acme/tasks",
      },
      "commit 1a2b3c4d5e6f, pull request 3, http://bitbucket.example/acme/tasks/pull-requests/3",
    ],
    [
      "CircleCI",
      { CIRCLECI: "true", CIRCLE_SHA1: SHA, CIRCLE_PULL_REQUEST: "https://github.example/acme/tasks/pull/44" },
      "commit 1a2b3c4d5e6f, pull request 44, https://github.example/acme/tasks/pull/44",
    ],
    [
      "Buildkite without a pull request",
      { BUILDKITE: "true", BUILDKITE_COMMIT: SHA, BUILDKITE_PULL_REQUEST: "false" },
      "commit 1a2b3c4d5e6f",
    ],
    [
      "Travis",
      { TRAVIS: "true", TRAVIS_COMMIT: "0000000", TRAVIS_PULL_REQUEST_SHA: SHA, TRAVIS_PULL_REQUEST: "9" },
      "commit 1a2b3c4d5e6f, pull request 9",
    ],
    ["Drone", { DRONE: "true", DRONE_COMMIT_SHA: SHA, DRONE_PULL_REQUEST: "5" }, "commit 1a2b3c4d5e6f, pull request 5"],
    [
      "Gitee Go",
      { GITEE_PIPELINE_NAME: "main", GITEE_COMMIT: "0000000", GITEE_SOURCE_COMMIT: SHA, GITEE_PULL_ID: "8" },
      "commit 1a2b3c4d5e6f, pull request 8",
    ],
    [
      "CNB",
      {
        CNB: "true",
        CNB_COMMIT: SHA,
        CNB_PULL_REQUEST_IID: "2",
        CNB_EVENT_URL: "https://cnb.example/acme/tasks/-/pulls/2",
      },
      "commit 1a2b3c4d5e6f, pull request 2, https://cnb.example/acme/tasks/-/pulls/2",
    ],
    [
      "CODING, a push",
      {
        CODING: "true",
        CODING_COMMIT: SHA,
        CODING_EVENT_URL: "https://coding.example/commit/1",
        JENKINS_URL: "x",
        GIT_COMMIT: "0000000",
      },
      "commit 1a2b3c4d5e6f",
    ],
    ["CODING-CI", { QCI_REPO_COMMIT: SHA, QCI_MR_IID: "6" }, "commit 1a2b3c4d5e6f, pull request 6"],
    [
      "Jenkins",
      { JENKINS_URL: "x", GIT_COMMIT: SHA, CHANGE_ID: "10", CHANGE_URL: "https://git.example/pull/10?token=hidden" },
      "commit 1a2b3c4d5e6f, pull request 10, https://git.example/pull/10",
    ],
    ["Yunxiao Flow", { PIPELINE_ID: "1", CI_COMMIT_SHA: SHA, CI_COMMIT_ID: "1a2b3c4d" }, "commit 1a2b3c4d5e6f"],
  ];
  for (const [name, environment, expected] of builds) {
    it(`is told by the build: ${name}`, () => {
      assert.equal(from(environment), expected);
    });
  }

  it("is unknown outside of a build", () => {
    assert.equal(from({}), undefined);
    assert.equal(from({ GITHUB_SHA: SHA, CI: "true" }), undefined);
  });

  it("takes no text that is no commit and no number", () => {
    const environment = { GITHUB_ACTIONS: "true", GITHUB_SHA: "ghp_hidden", GITHUB_REF: "refs/pull/hidden/merge" };
    assert.equal(from(environment), undefined);
  });

  it("leaves no half of a character where a long remark is cut", () => {
    const remark = from({}, `${"x".repeat(198)}😀 and more`);
    assert.equal(remark, `${"x".repeat(198)}…`);
    assert.equal(from({}, `${"x".repeat(197)}😀 and more`), `${"x".repeat(197)}😀…`);
  });

  it("is the stack's own remark where there is one, in one line, without credentials, and not endless", () => {
    const build = { GITHUB_ACTIONS: "true", GITHUB_SHA: SHA };
    assert.equal(from(build, " release 7\nof tasks "), "release 7 of tasks");
    assert.equal(from({}, "see https://user:hidden@git.example/x"), "see https://git.example/x");
    assert.equal(from({}, "x".repeat(500))?.length, 200);
    assert.equal(from(build, "  "), "commit 1a2b3c4d5e6f");
  });

  describe("with the stack, as the program leaves it for the provider process", () => {
    let home: string;
    beforeEach(() => (home = mkdtempSync(path.join(tmpdir(), "origin-"))));
    afterEach(() => rmSync(home, { recursive: true, force: true }));
    const engine = "127.0.0.1:40001";

    it("names project and stack of the run at the same engine, and of no other", () => {
      const environment = { TMPDIR: home, GITHUB_ACTIONS: "true", GITHUB_SHA: SHA };
      leaveStack({ project: "shop", stack: "prod" }, engine, environment);
      leaveStack({ project: "shop", stack: "dev" }, "127.0.0.1:40002", environment);
      assert.equal(origin({ environment, engine, remark: undefined }), "Pulumi shop/prod, commit 1a2b3c4d5e6f");
      assert.equal(origin({ environment, engine: "127.0.0.1:40003", remark: undefined }), "commit 1a2b3c4d5e6f");
    });

    it("does not believe a name that was left long before this process began", () => {
      const environment = { TMPDIR: home };
      leaveStack({ project: "shop", stack: "prod" }, engine, environment);
      const file = path.join(home, readdirSync(home)[0] ?? "", "127.0.0.1_40001.json");
      const before = Date.now() / 1000 - process.uptime() - 2 * 3600;
      utimesSync(file, before, before);
      assert.equal(origin({ environment, engine, remark: undefined }), undefined);
    });

    it("names the stack although something old beside it can't be taken away", () => {
      const environment = { TMPDIR: home };
      leaveStack({ project: "shop", stack: "dev" }, engine, environment);
      const strange = path.join(home, readdirSync(home)[0] ?? "", "a-folder");
      mkdirSync(strange);
      utimesSync(strange, 0, 0);
      leaveStack({ project: "shop", stack: "prod" }, engine, environment);
      assert.equal(origin({ environment, engine, remark: undefined }), "Pulumi shop/prod");
    });

    it("goes without it where nothing can be written", () => {
      const environment = { TMPDIR: path.join(home, "\0") };
      leaveStack({ project: "shop", stack: "prod" }, engine, environment);
      assert.equal(origin({ environment, engine, remark: undefined }), undefined);
    });
  });

  it("goes with the publishing of a sync task that has no remark of its own", async () => {
    const emulator = await startEmulator({ stageMilliseconds: 5 });
    try {
      const config: Record<string, string> = {
        "dataworks:endpoint": emulator.dataworks,
        "dataworks:region": "cn-shanghai",
        "dataworks:accessKeyId": emulator.accessKeyId,
        "dataworks:accessKeySecret": emulator.accessKeySecret,
        "dataworks:comment": "release 7",
      };
      configure({ get: (key) => config[key] });
      const quiet = () => undefined;
      const task = hooks(definition, { ready: () => Promise.resolve(), warn: quiet, inform: quiet });
      const inputs = { projectId: emulator.legacyProjectId, taskContent: { type: "job" }, creationToken: "token0001" };
      await task.create({ ...inputs, name: "orders" });
      await task.create({ ...inputs, name: "customers", creationToken: "token0002", comment: "own remark" });
      const remarks = (await emulator.calls())
        .filter(({ operation }) => operation === "SubmitFile")
        .map(({ parameters }) => (parameters as { Comment?: string }).Comment);
      assert.deepEqual(remarks, ["release 7", "own remark"]);
    } finally {
      configure({ get: () => undefined });
      await emulator.close();
    }
  });
});
