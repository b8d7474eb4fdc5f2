import type { Json, Request } from "./http";

/** Where a comment goes. */
export interface Place {
  /** `owner/name`; GitLab also takes the number of the project, Codeup `<organization>/<repository id>`. */
  readonly repository: string;
  /** Number of the pull request. */
  readonly number: string;
}

/** A comment as a host lists it. */
export interface Existing {
  readonly id: string;
  readonly body: string;
}

/** How one host's API lists, makes and changes the comments of a pull request; paths begin behind the base URL. */
export interface Host {
  /** Used unless another one is given: the variables of a build first. */
  readonly baseUrl: (environment: NodeJS.ProcessEnv) => string | undefined;
  readonly tokens: readonly string[];
  readonly headers: (token: string) => Record<string, string>;
  readonly place: (environment: NodeJS.ProcessEnv) => Partial<Place>;
  readonly list: (place: Place, page: number) => Request;
  readonly read: (answer: Json) => Existing[];
  /** Whether a page of this many comments may be followed by another one. */
  readonly perPage: number | undefined;
  readonly create: (place: Place, body: string) => Request;
  readonly update: (place: Place, id: string, body: string) => Request;
  /** Adds one label and takes others away. */
  readonly label?: (place: Place, add: string | undefined, remove: readonly string[]) => Request[];
}

const PER_PAGE = 100;
const segment = encodeURIComponent;
const path = (repository: string): string => repository.split("/").map(segment).join("/");

const listed = (answer: Json, id: string, body: string): Existing[] =>
  (Array.isArray(answer) ? answer : []).flatMap((each: unknown) => {
    const entry = (each ?? {}) as Record<string, unknown>;
    const [key, text] = [entry[id], entry[body]];
    const isKey = typeof key === "string" || typeof key === "number";
    return isKey && typeof text === "string" ? [{ id: String(key), body: text }] : [];
  });

/** GitHub REST API 2022-11-28: issue comments and labels. */
const github: Host = {
  baseUrl: ({ GITHUB_API_URL }) => GITHUB_API_URL ?? "https://api.github.com",
  tokens: ["GITHUB_TOKEN", "GH_TOKEN"],
  headers: (token) => ({
    Authorization: `Bearer ${token}`,
    Accept: "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
  }),
  place: ({ GITHUB_REPOSITORY: repository }) => ({ ...(repository !== undefined && { repository }) }),
  list: ({ repository, number }, page) => ({
    method: "GET",
    path: `/repos/${path(repository)}/issues/${segment(number)}/comments?per_page=${PER_PAGE}&page=${page}`,
  }),
  read: (answer) => listed(answer, "id", "body"),
  perPage: PER_PAGE,
  create: ({ repository, number }, body) => ({
    method: "POST",
    path: `/repos/${path(repository)}/issues/${segment(number)}/comments`,
    body: { body },
  }),
  update: ({ repository }, id, body) => ({
    method: "PATCH",
    path: `/repos/${path(repository)}/issues/comments/${segment(id)}`,
    body: { body },
  }),
  label: ({ repository, number }, add, remove) => {
    const labels = `/repos/${path(repository)}/issues/${segment(number)}/labels`;
    return [
      ...(add === undefined ? [] : [{ method: "POST", path: labels, body: { labels: [add] } } as const]),
      ...remove.map((name) => ({ method: "DELETE", path: `${labels}/${segment(name)}`, mayBeMissing: true }) as const),
    ];
  },
};

/** GitLab REST API v4: merge request notes and labels. */
const gitlab: Host = {
  baseUrl: ({ CI_API_V4_URL }) => CI_API_V4_URL ?? "https://gitlab.com/api/v4",
  tokens: ["GITLAB_TOKEN"],
  headers: (token) => ({ "PRIVATE-TOKEN": token }),
  place: ({ CI_PROJECT_ID: repository }) => ({ ...(repository !== undefined && { repository }) }),
  list: ({ repository, number }, page) => ({
    method: "GET",
    path: `/projects/${segment(repository)}/merge_requests/${segment(number)}/notes?per_page=${PER_PAGE}&page=${page}`,
  }),
  read: (answer) => listed(answer, "id", "body"),
  perPage: PER_PAGE,
  create: ({ repository, number }, body) => ({
    method: "POST",
    path: `/projects/${segment(repository)}/merge_requests/${segment(number)}/notes`,
    body: { body },
  }),
  update: ({ repository, number }, id, body) => ({
    method: "PUT",
    path: `/projects/${segment(repository)}/merge_requests/${segment(number)}/notes/${segment(id)}`,
    body: { body },
  }),
  label: ({ repository, number }, add, remove) => [
    {
      method: "PUT",
      path: `/projects/${segment(repository)}/merge_requests/${segment(number)}`,
      body: { ...(add !== undefined && { add_labels: add }), remove_labels: remove.join(",") },
    },
  ],
};

/** Gitee API v5: pull request comments and labels. */
const gitee: Host = {
  baseUrl: () => "https://gitee.com/api/v5",
  tokens: ["GITEE_TOKEN"],
  headers: (token) => ({ Authorization: `token ${token}` }),
  place: ({ GITEE_REPO: repository }) => ({ ...(repository?.includes("/") && { repository }) }),
  list: ({ repository, number }, page) => ({
    method: "GET",
    path: `/repos/${path(repository)}/pulls/${segment(number)}/comments?per_page=${PER_PAGE}&page=${page}`,
  }),
  read: (answer) => listed(answer, "id", "body"),
  perPage: PER_PAGE,
  create: ({ repository, number }, body) => ({
    method: "POST",
    path: `/repos/${path(repository)}/pulls/${segment(number)}/comments`,
    body: { body },
  }),
  update: ({ repository }, id, body) => ({
    method: "PATCH",
    path: `/repos/${path(repository)}/pulls/comments/${segment(id)}`,
    body: { body },
  }),
  label: ({ repository, number }, add, remove) => {
    const labels = `/repos/${path(repository)}/pulls/${segment(number)}/labels`;
    return [
      ...(add === undefined ? [] : [{ method: "POST", path: labels, body: [add] } as const]),
      ...remove.map((name) => ({ method: "DELETE", path: `${labels}/${segment(name)}`, mayBeMissing: true }) as const),
    ];
  },
};

/** Codeup of Alibaba Cloud DevOps (Yunxiao), OpenAPI: comments of change requests. It documents no labels for them. */
const codeup: Host = {
  baseUrl: () => "https://openapi-rdc.aliyuncs.com",
  tokens: ["YUNXIAO_TOKEN", "YUNXIAO_ACCESS_TOKEN"],
  headers: (token) => ({ "x-yunxiao-token": token }),
  place: () => ({}),
  list: (place) => ({
    method: "POST",
    path: `${changeRequest(place)}/comments/list`,
    body: { comment_type: "GLOBAL_COMMENT", state: "OPENED" },
  }),
  read: (answer) => listed(answer, "comment_biz_id", "content"),
  perPage: undefined,
  create: (place, content) => ({
    method: "POST",
    path: `${changeRequest(place)}/comments`,
    body: { comment_type: "GLOBAL_COMMENT", content, draft: false, resolved: false },
  }),
  update: (place, id, content) => ({
    method: "PUT",
    path: `${changeRequest(place)}/comments/${segment(id)}`,
    body: { content, resolved: false },
  }),
};

/** `<organization>/<repository>`: the rest of the path names the repository. */
function changeRequest({ repository, number }: Place): string {
  const [organization = "", ...rest] = repository.split("/");
  return `/oapi/v1/codeup/organizations/${segment(organization)}/repositories/${segment(rest.join("/"))}/changeRequests/${segment(number)}`;
}

export const HOSTS: Readonly<Record<string, Host>> = { github, gitlab, gitee, codeup };
