import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { comment } from "../../cli/comment/command";

/** A host with the comments of one pull request, as the documents of its API say; it keeps what it was asked. */
interface Played {
  readonly url: string;
  readonly comments: { id: string; body: string }[];
  readonly labels: Set<string>;
  readonly asked: string[];
  /** What the next calls of a method meet: a status, or a reply that is lost after the call took effect. */
  readonly trouble: { method: string; status?: number; lost?: true }[];
  readonly close: () => Promise<void>;
}

type Names = { readonly id: string; readonly body: string };

async function played(token: [string, string], names: Names): Promise<Played> {
  const comments: Played["comments"] = [];
  const [labels, asked, trouble]: [Set<string>, string[], Played["trouble"]] = [new Set(), [], []];
  let last = 100;
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const text = Buffer.concat(chunks).toString();
      const sent = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
      asked.push(`${method} ${decodeURIComponent(url)}`);
      const reply = (status: number, body?: unknown) => {
        response.writeHead(status, { "Content-Type": "application/json" });
        response.end(body === undefined ? "" : JSON.stringify(body));
      };
      if (headers[token[0].toLowerCase()] !== token[1]) return reply(401, { message: "bad credentials" });
      const at = trouble.findIndex((each) => each.method === method);
      const [struck] = at === -1 ? [] : trouble.splice(at, 1);
      if (struck?.status !== undefined) return reply(struck.status, { message: "try later" });
      const body = typeof sent[names.body] === "string" ? (sent[names.body] as string) : undefined;
      const id = /(\d+)$/.exec(url.split("?")[0] ?? "")?.[1];
      const page = Number(/[?&]page=(\d+)/.exec(url)?.[1] ?? 1);
      if (url.includes("/labels") || (method === "PUT" && "add_labels" in sent) || "remove_labels" in sent) {
        const added = Array.isArray(sent) ? sent : (sent["labels"] ?? (sent["add_labels"] ? [sent["add_labels"]] : []));
        for (const label of added as string[]) labels.add(label);
        for (const label of String(sent["remove_labels"] ?? "").split(",")) labels.delete(label);
        const gone = decodeURIComponent(/\/labels\/(.+)$/.exec(url)?.[1] ?? "");
        if (method === "DELETE" && !labels.delete(gone)) return reply(404, { message: "Label does not exist" });
        return reply(200, []);
      }
      if (method === "GET" || url.endsWith("/list")) {
        const all = comments.map((each) => ({ [names.id]: each.id, [names.body]: each.body }));
        return reply(200, url.endsWith("/list") ? all : all.slice((page - 1) * 100, page * 100));
      }
      if (method === "POST") comments.push({ id: String((last += 1)), body: body ?? "" });
      else {
        const found = comments.find((each) => each.id === id);
        if (found === undefined) return reply(404, { message: "Not Found" });
        found.body = body ?? "";
      }
      if (struck?.lost) return void response.destroy();
      reply(200, {});
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()));
  return { url, comments, labels, asked, trouble, close };
}

const MARK = "<!-- data-tasks review warehouse/prod -->";
const HOSTS: [string, string, [string, string], Names][] = [
  ["github", "GITHUB_TOKEN", ["Authorization", "Bearer t0ken"], { id: "id", body: "body" }],
  ["gitlab", "GITLAB_TOKEN", ["PRIVATE-TOKEN", "t0ken"], { id: "id", body: "body" }],
  ["gitee", "GITEE_TOKEN", ["Authorization", "token t0ken"], { id: "id", body: "body" }],
  ["codeup", "YUNXIAO_TOKEN", ["x-yunxiao-token", "t0ken"], { id: "comment_biz_id", body: "content" }],
];

describe("data-tasks comment", () => {
  let folder = "";
  let file = "";
  const write = (text: string, name = "review.md") => {
    file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "data-tasks-comment-"));
    write(`${MARK}\n\nfirst`);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  for (const [host, variable, token, names] of HOSTS) {
    describe(`at ${host}`, () => {
      let there: Played;
      beforeEach(async () => void (there = await played(token, names)));
      afterEach(() => there.close());
      const post = (more: object = {}, environment: NodeJS.ProcessEnv = { [variable]: "t0ken" }) =>
        comment(file, { host, baseUrl: there.url, repository: "team/warehouse", number: "12", ...more }, environment);

      it("posts once, then puts the newer review in its place, among many others", async () => {
        const others = Array.from({ length: 130 }, (_, index) => ({
          id: String(1000 + index),
          body: `words ${index}`,
        }));
        there.comments.push(...others);
        assert.match(await post(), /: comment posted$/);
        assert.match(await post(), /: comment \d+ says so already$/);
        write(`${MARK}\n\nsecond`);
        assert.match(await post(), /: comment \d+ updated$/);
        assert.equal(there.comments.length, 131);
        assert.equal(there.comments.at(-1)?.body, `${MARK}\n\nsecond`);
      });

      it("posts no second comment when a reply is lost, and waits for a busy host", async () => {
        there.trouble.push({ method: "POST", lost: true });
        if (host === "codeup") there.trouble.splice(0);
        await post();
        there.trouble.push({ method: host === "github" || host === "gitee" ? "PATCH" : "PUT", status: 503 });
        write(`${MARK}\n\nsecond`);
        await post();
        assert.equal(there.comments.length, 1);
        assert.equal(there.comments[0]?.body, `${MARK}\n\nsecond`);
      });

      it("keeps one label of what the review found", async () => {
        const labels = write(
          JSON.stringify({ tasks: [{ importance: "schedule" }, { importance: "destructive" }] }),
          "r.json",
        );
        write(`${MARK}\n\nfirst`);
        there.labels.add("data-tasks/schedule");
        const told = await post({ labels });
        if (host === "codeup") assert.match(told, /codeup has no labels to set$/);
        else assert.deepEqual([...there.labels], ["data-tasks/destructive"]);
      });

      it("names no key in a refusal", async () => {
        await assert.rejects(post({}, { [variable]: "wr0ng" }), (error: Error) => {
          assert.match(error.message, /HTTP 401: bad credentials; check the token/);
          return !error.message.includes("wr0ng");
        });
      });

      it("calls nothing in a dry run", async () => {
        assert.match(await post({ dryRun: true }, {}), /would post or update a comment of \d+ characters/);
        assert.deepEqual(there.asked, []);
      });
    });
  }

  it("knows the host, the repository and the number in a build", async () => {
    const github = {
      ...{ GITHUB_ACTIONS: "true", GITHUB_REPOSITORY: "team/warehouse", GITHUB_REF: "refs/pull/12/merge" },
      GITHUB_API_URL: "https://github.example/api/v3",
    };
    assert.match(
      await comment(file, { dryRun: true }, github),
      /^github team\/warehouse, pull request 12 at https:\/\/github\.example\/api\/v3:/,
    );
    const gitlab = {
      GITLAB_CI: "true",
      CI_PROJECT_ID: "77",
      CI_MERGE_REQUEST_IID: "5",
      CI_API_V4_URL: "https://g.example/api/v4",
    };
    assert.match(await comment(file, { dryRun: true }, gitlab), /^gitlab 77, pull request 5 at https:\/\/g\.example/);
  });

  it("says in one sentence what is missing or wrong, before any call", async () => {
    const good = { host: "github", repository: "a/b", number: "1" };
    const cases: [object, RegExp][] = [
      [{}, /^--host is not given/],
      [{ ...good, host: "svn" }, /^--host must be one of github, gitlab, gitee, codeup, got "svn"$/],
      [{ host: "github", number: "1" }, /^--repository is not given/],
      [{ ...good, number: "twelve" }, /^--number must be the number of the pull request, got "twelve"$/],
      [{ ...good, baseUrl: "http://example.com" }, /^--base-url must begin with https:\/\//],
      [{ ...good, baseUrl: "nowhere" }, /^--base-url must be a URL/],
      [good, /^no token for github: set GITHUB_TOKEN or GH_TOKEN in the environment$/],
      [{ ...good, tokenVariable: "MINE" }, /^no token for github: set MINE in the environment$/],
    ];
    for (const [flags, message] of cases) await assert.rejects(comment(file, flags, {}), { message });
    write("no review");
    await assert.rejects(comment(file, good, {}), /is no review: its first line/);
  });
});
