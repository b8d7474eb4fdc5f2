import { readFileSync } from "node:fs";
import { reviewOf as buildOf } from "../../provider/clouds/review";
import { textOf } from "../preview/read";
import type { Review } from "../review/model";
import { HostError, baseUrl, caller } from "./http";
import { HOSTS, type Existing, type Host, type Place } from "./hosts";

export interface CommentFlags {
  readonly host?: string;
  readonly baseUrl?: string;
  readonly repository?: string;
  readonly number?: string;
  readonly tokenVariable?: string;
  readonly labels?: string;
  readonly dryRun?: true;
}

/** By which a comment is found again: the first line of every review and of every promotion. */
const MARKER = /^<!-- data-tasks (?:review|promotion) [^\s>]* -->/;
/** No host is asked for more pages. */
const MOST_PAGES = 100;

const LABELS = {
  destructive: "data-tasks/destructive",
  schedule: "data-tasks/schedule",
  changes: "data-tasks/changes",
} as const;

/** Posts a review to a pull request, or puts it in place of the one that is there. Gives what was done, in a sentence. */
export async function comment(
  file: string,
  flags: CommentFlags,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const body = file === "-" ? readFileSync(0, "utf8") : textOf(file);
  const marker = MARKER.exec(body)?.[0];
  if (marker === undefined)
    throw new HostError(
      `${file} is no review: its first line is not the mark by which a comment is found again; give what \`data-tasks review --markdown\` wrote`,
    );
  const { name, host } = hostOf(flags.host, environment);
  const place = placeOf(host, name, flags, environment);
  const base = baseUrl(flags.baseUrl ?? host.baseUrl(environment) ?? "");
  const label = flags.labels === undefined ? undefined : labelOf(flags.labels);
  const target = `${name} ${place.repository}, pull request ${place.number}`;
  if (flags.dryRun) {
    const labels = label === undefined ? "" : `, label ${label.add ?? "none"}`;
    return `${target} at ${base}: would post or update a comment of ${body.length} characters${labels}\n\n${body}`;
  }
  const token = tokenOf(host, name, flags.tokenVariable, environment);
  const call = caller(base, host.headers(token));
  const find = async (): Promise<Existing | undefined> => {
    for (let page = 1; page <= MOST_PAGES; page++) {
      const found = host.read(await call(host.list(place, page)));
      const ours = found.find((each) => each.body.startsWith(marker));
      if (ours !== undefined || host.perPage === undefined || found.length < host.perPage) return ours;
    }
    return undefined;
  };
  const done = await postOrUpdate(host, place, body, find, call);
  if (label !== undefined && host.label !== undefined)
    for (const request of host.label(place, label.add, label.remove)) await call(request);
  const labelled =
    label === undefined
      ? ""
      : host.label === undefined
        ? `; ${name} has no labels to set`
        : `; label ${label.add ?? "none"}`;
  return `${target}: ${done}${labelled}`;
}

async function postOrUpdate(
  host: Host,
  place: Place,
  body: string,
  find: () => Promise<Existing | undefined>,
  call: ReturnType<typeof caller>,
): Promise<string> {
  const ours = await find();
  if (ours?.body === body) return `comment ${ours.id} says so already`;
  if (ours !== undefined) {
    await call(host.update(place, ours.id, body));
    return `comment ${ours.id} updated`;
  }
  try {
    await call(host.create(place, body));
    return "comment posted";
  } catch (error) {
    // A lost reply: a second comment would stay there for ever.
    const isUnclear = error instanceof HostError && (error.status === undefined || error.status >= 500);
    const made = isUnclear ? await find() : undefined;
    if (made === undefined) throw error;
    return `comment ${made.id} posted`;
  }
}

function hostOf(given: string | undefined, environment: NodeJS.ProcessEnv): { name: string; host: Host } {
  const name =
    given ??
    (environment["GITHUB_ACTIONS"]
      ? "github"
      : environment["GITLAB_CI"]
        ? "gitlab"
        : environment["GITEE_PIPELINE_NAME"]
          ? "gitee"
          : undefined);
  const names = Object.keys(HOSTS).join(", ");
  if (name === undefined)
    throw new HostError(`--host is not given, and the build does not say it; it is one of ${names}`);
  const host = Object.hasOwn(HOSTS, name) ? HOSTS[name] : undefined;
  if (host === undefined) throw new HostError(`--host must be one of ${names}, got ${JSON.stringify(name)}`);
  return { name, host };
}

function placeOf(host: Host, name: string, flags: CommentFlags, environment: NodeJS.ProcessEnv): Place {
  const repository = flags.repository ?? host.place(environment).repository;
  const number = flags.number ?? buildOf(environment).request;
  if (repository === undefined || repository === "")
    throw new HostError(
      `--repository is not given, and the build does not say it: ${name === "codeup" ? "<organization>/<repository>" : "owner/name"}`,
    );
  if (number === undefined || !/^\d{1,12}$/.test(number))
    throw new HostError(
      `--number must be the number of the pull request${number === undefined ? "; the build does not say it" : `, got ${JSON.stringify(number)}`}`,
    );
  return { repository, number };
}

function tokenOf(host: Host, name: string, variable: string | undefined, environment: NodeJS.ProcessEnv): string {
  const variables = variable === undefined ? host.tokens : [variable];
  const token = variables.map((each) => environment[each]).find((value) => value !== undefined && value !== "");
  if (token === undefined)
    throw new HostError(`no token for ${name}: set ${variables.join(" or ")} in the environment`);
  return token;
}

/** Which label a review deserves; the others are taken away. */
function labelOf(file: string): { add: string | undefined; remove: string[] } {
  let review: Partial<Review>;
  try {
    review = JSON.parse(textOf(file)) as Partial<Review>;
  } catch (error) {
    throw new HostError(`--labels ${file}: ${(error as Error).message}`);
  }
  if (!Array.isArray(review.tasks))
    throw new HostError(`--labels ${file} is no review; give what \`data-tasks review --json\` wrote`);
  const importances = (review.tasks as Review["tasks"]).map(({ importance }) => importance);
  const add = importances.includes("destructive")
    ? LABELS.destructive
    : importances.includes("schedule")
      ? LABELS.schedule
      : importances.length > 0
        ? LABELS.changes
        : undefined;
  return { add, remove: Object.values(LABELS).filter((label) => label !== add) };
}
