import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { root } from "../../scripts/setup.js";

/** What a pipeline does, one job each. */
export const PARTS = ["review", "deploy", "promotion", "promote", "drift"] as const;
export type Part = (typeof PARTS)[number];

/** A job of a recipe: its shell scripts in their order, each run in a shell of its own unless the system joins them. */
export interface Job {
  readonly recipe: string;
  readonly part: Part;
  /** How the system runs each script. */
  readonly shell: readonly string[];
  readonly scripts: readonly string[];
  /** What the recipe itself puts into the environment, expressions of the system as they are. */
  readonly variables: Readonly<Record<string, string>>;
}

export const folder = path.join(root, "examples", "pipelines");
const textOf = (file: string): string => readFileSync(path.join(folder, file), "utf8");

type Variables = Record<string, string>;
interface GitHub {
  env?: Variables;
  jobs: Record<string, { env?: Variables; steps: { run?: string; env?: Variables }[] }>;
}
interface GitLabJob {
  extends?: string;
  variables?: Variables;
  before_script?: string[];
  script?: string[];
  after_script?: string[];
}
interface Flow {
  variables?: { key: string; value: string }[];
  stages: Record<string, { jobs: Record<string, { steps?: Record<string, { with: { run: string } }> }> }>;
}

/** A job by its name in a recipe: `deploy-dev`, `Deploy dev` and `deploy_job` deploy. */
const partOf = (name: string): Part | undefined =>
  PARTS.find((part) => new RegExp(`^${part}([ _-]|$)`, "i").test(name));

function github(file: string): Job[] {
  const { env = {}, jobs } = parse(textOf(file)) as GitHub;
  return Object.entries(jobs).flatMap(([name, job]): Job[] => {
    const part = partOf(name);
    if (part === undefined) return [];
    const own = job.steps.map((step) => step.env ?? {});
    return [
      {
        ...{ recipe: file, part, shell: ["bash", "-e"] },
        scripts: job.steps.flatMap(({ run }) => run ?? []),
        variables: Object.assign({}, env, job.env, ...own) as Variables,
      },
    ];
  });
}

/** GitLab runs what comes before and the script itself in one shell, and what comes after in another. */
function gitlab(file: string): Job[] {
  const all = parse(textOf(file)) as Record<string, GitLabJob>;
  return Object.entries(all).flatMap(([name, job]): Job[] => {
    const part = name.startsWith(".") ? undefined : partOf(name);
    if (part === undefined || job.script === undefined) return [];
    const under = all[job.extends ?? ""] ?? {};
    const main = [...(job.before_script ?? under.before_script ?? []), ...job.script].join("\n");
    return [
      {
        ...{ recipe: file, part, shell: ["bash", "-o", "pipefail", "-e"] },
        scripts: [main, ...(job.after_script === undefined ? [] : [job.after_script.join("\n")])],
        variables: { ...under.variables, ...job.variables },
      },
    ];
  });
}

function flow(file: string): Job[] {
  const { variables = [], stages } = parse(textOf(file)) as Flow;
  return Object.values(stages).flatMap(({ jobs }) =>
    Object.entries(jobs).flatMap(([name, { steps = {} }]): Job[] => {
      const part = partOf(name);
      if (part === undefined) return [];
      const scripts = Object.values(steps).map((step) => step.with.run);
      const own = Object.fromEntries(variables.map(({ key, value }) => [key, value]));
      return [{ recipe: file, part, shell: ["bash", "-e"], scripts, variables: own }];
    }),
  );
}

/** The `sh` steps of a declarative Jenkinsfile by stage; what a stage without a part does comes first in all of them. */
function jenkins(file: string): Job[] {
  const stages = textOf(file).split(/^\s*stage\('/m).slice(1); // prettier-ignore
  const scripted = stages.map((text) => ({
    part: partOf(text.slice(0, text.indexOf("'"))),
    scripts: [...text.matchAll(/sh '''\n([\s\S]*?)'''/g)].map(([, script = ""]) => script),
  }));
  const first = scripted.filter(({ part }) => part === undefined).flatMap(({ scripts }) => scripts);
  return scripted.flatMap(({ part, scripts }): Job[] =>
    part === undefined
      ? []
      : [{ recipe: file, part, shell: ["sh", "-xe"], scripts: [...first, ...scripts], variables: {} }],
  );
}

/** The jobs of all recipes by the system they are for. */
export const recipes: Readonly<Record<string, readonly Job[]>> = {
  "GitHub Actions": github("github-actions.yml"),
  "GitLab CI": gitlab("gitlab-ci.yml"),
  "Yunxiao Flow": ["yunxiao-review.yml", "yunxiao-deploy.yml", "yunxiao-drift.yml"].flatMap(flow),
  "Tencent CODING": jenkins("coding.Jenkinsfile"),
  Jenkins: jenkins("Jenkinsfile"),
};

/** Lines that no test runs, and why. */
export const NOT_RUN: readonly { readonly line: RegExp; readonly why: string }[] = [
  { line: /^npm ci$/, why: "the project of the test takes the package from this clone, and needs no registry" },
  { line: /^curl .*https:\/\/get\.pulumi\.com \| sh$/, why: "the engine is the one that the tests have" },
];

/** The commands of a script, continued ones in one line, without what is not run. */
export const commandsIn = (script: string): string[] =>
  script
    .replace(/\\\n\s*/g, "")
    .replace(/\|\n\s*/g, "| ")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#") && !NOT_RUN.some((each) => each.line.test(line)));
