/** The commit and the pull request that a build is for, as far as its variables say. */
export interface Review {
  readonly commit?: string;
  readonly request?: string;
  /** Where the pull request can be read. */
  readonly address?: string;
}

/** One build system, by the variables that it documents. The first named that holds something counts. */
interface BuildSystem {
  /** Set in every build of it. */
  readonly sign: string;
  readonly commit: readonly string[];
  /** A number, a reference such as `refs/pull/12/merge`, or an address that ends in a number. */
  readonly request: readonly string[];
  readonly address?: (environment: NodeJS.ProcessEnv, request: string) => string | undefined;
}

/**
 * A table of ours and no library: ci-info 4 knows no commit; env-ci 11 is an ES module that starts git and depends on
 * execa. Jenkins comes late, since others are built on it and set its variables too; Yunxiao Flow last, whose own
 * variables have the most common names.
 */
const SYSTEMS: readonly BuildSystem[] = [
  {
    sign: "GITHUB_ACTIONS",
    commit: ["GITHUB_SHA"],
    request: ["GITHUB_REF"],
    address: ({ GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository }, request) =>
      server && repository && `${server}/${repository}/pull/${request}`,
  },
  {
    sign: "GITLAB_CI",
    commit: ["CI_COMMIT_SHA"],
    request: ["CI_MERGE_REQUEST_IID"],
    address: ({ CI_MERGE_REQUEST_PROJECT_URL: project }, request) =>
      project && `${project}/-/merge_requests/${request}`,
  },
  {
    sign: "TF_BUILD", // Azure Pipelines
    commit: ["BUILD_SOURCEVERSION"],
    request: ["SYSTEM_PULLREQUEST_PULLREQUESTNUMBER", "SYSTEM_PULLREQUEST_PULLREQUESTID"],
  },
  {
    sign: "BITBUCKET_BUILD_NUMBER",
    commit: ["BITBUCKET_COMMIT"],
    request: ["BITBUCKET_PR_ID"],
    address: ({ BITBUCKET_GIT_HTTP_ORIGIN: repository }, request) =>
      repository && `${repository}/pull-requests/${request}`,
  },
  {
    sign: "CIRCLECI",
    commit: ["CIRCLE_SHA1"],
    request: ["CIRCLE_PULL_REQUEST"],
    address: ({ CIRCLE_PULL_REQUEST: address }) => address,
  },
  { sign: "BUILDKITE", commit: ["BUILDKITE_COMMIT"], request: ["BUILDKITE_PULL_REQUEST"] },
  { sign: "TRAVIS", commit: ["TRAVIS_PULL_REQUEST_SHA", "TRAVIS_COMMIT"], request: ["TRAVIS_PULL_REQUEST"] },
  { sign: "DRONE", commit: ["DRONE_COMMIT_SHA"], request: ["DRONE_PULL_REQUEST"] },
  { sign: "GITEE_PIPELINE_NAME", commit: ["GITEE_SOURCE_COMMIT", "GITEE_COMMIT"], request: ["GITEE_PULL_ID"] },
  {
    sign: "CNB",
    commit: ["CNB_COMMIT"],
    request: ["CNB_PULL_REQUEST_IID"],
    address: ({ CNB_EVENT_URL: address }) => address,
  },
  {
    sign: "CODING",
    commit: ["CODING_COMMIT"],
    request: ["CODING_MERGE_REQUEST_IID"],
    address: ({ CODING_EVENT_URL: address }) => address,
  },
  { sign: "QCI_REPO_COMMIT", commit: ["QCI_REPO_COMMIT"], request: ["QCI_MR_IID"] }, // CODING-CI
  {
    sign: "JENKINS_URL",
    commit: ["GIT_COMMIT"],
    request: ["CHANGE_ID", "ghprbPullId", "gitlabMergeRequestIid"],
    address: ({ CHANGE_URL: address }) => address,
  },
  { sign: "PIPELINE_ID", commit: ["CI_COMMIT_SHA", "CI_COMMIT_ID"], request: [] }, // Yunxiao Flow (Codeup)
];

/** What the variables of the running build say about where its code comes from; nothing outside of a build. */
export function reviewOf(environment: NodeJS.ProcessEnv): Review {
  const system = SYSTEMS.find(({ sign }) => environment[sign] !== undefined && environment[sign] !== "");
  if (system === undefined) return {};
  const commit = system.commit.map((name) => environment[name] ?? "").find((value) => /^[0-9a-f]{7,64}$/i.test(value));
  const request = system.request.flatMap((name) => numberIn(environment[name]) ?? [])[0];
  const address = request === undefined ? undefined : plainAddress(system.address?.(environment, request));
  return {
    ...(commit !== undefined && { commit }),
    ...(request !== undefined && { request }),
    ...(address !== undefined && { address }),
  };
}

/** The number of a pull request; a branch that is called `refs/heads/12` is none. */
const numberIn = (text: string | undefined): string | undefined =>
  /^(?:(?:refs\/pull\/|https?:\/\/\S+\/)(?=\d))?(\d{1,12})(?:\/(?:merge|head))?\/?$/.exec(text ?? "")?.[1];

/** An address without a user, a password and a query, any of which may open something. */
function plainAddress(text: string | undefined): string | undefined {
  try {
    const { protocol, host, pathname } = new URL(text ?? "");
    return protocol === "https:" || protocol === "http:" ? `${protocol}//${host}${pathname}` : undefined;
  } catch {
    return undefined;
  }
}
