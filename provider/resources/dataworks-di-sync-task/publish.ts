import { now, sleep } from "../../core/clock";
import { originOfRun } from "../../clouds/origin";
import { CloudError, TaskError } from "../../core/errors";
import { once } from "../../core/once";
import { poll } from "../../core/poll";
import { following } from "../approval";
import { unlessEmpty } from "../empty-answer";
import { type Asking, getFile, mayMeanMissing } from "./lookup";
import { textFrom } from "./answers";

/**
 * How far a file is on its way to production: it exists and is not set up; it has edits that are not committed; its
 * commit is under way; committed to the development environment; its deployment is under way; production has it; gone from
 * development, and nobody knows whether from production.
 */
export type Phase = "created" | "draft" | "submitting" | "submitted" | "deploying" | "published" | "deleting";

/** The part of the state that publishing moves; written before anything is waited for. */
export interface Progress {
  phase?: Phase;
  /** The package under way. */
  deploymentId?: string;
  /** The workspace has a development environment, so that a deletion has to be deployed as well. */
  standardMode?: boolean;
}

interface Deployment {
  readonly Status?: number | string;
  readonly CheckingStatus?: number | string | null;
  readonly ErrorMessage?: string | null;
  readonly ToEnvironment?: number | string;
}

const DONE = 1;
const FAILED = 2;
const CHECK_FAILED = 7;
const CHECKING = 8;
/**
 * Assumption, named here alone: a commit's package says where it went (GetDeployment ToEnvironment). Production: the
 * workspace is in simple mode and nothing more is to be done. Anything else: DeployFile follows, and where the service
 * refuses that, GetProject decides whether there is a development environment at all.
 */
export const PRODUCTION = 2;

/** The package is over, and the environment does not have what it carried. */
class PackageFailed extends TaskError {}

/** Takes a file to production from wherever it is. A package left by an interrupted run is waited for first. */
export async function publish(
  asking: Asking,
  fileId: string,
  progress: Progress,
  comment: string | undefined = originOfRun(),
): Promise<void> {
  const remark = comment === undefined ? {} : { Comment: comment };
  if (await resumed(asking, progress)) return;
  while (progress.phase !== "published") {
    if (progress.phase === "submitted") await deploy(asking, fileId, progress, remark);
    else await submit(asking, fileId, progress, remark);
    await packageUnderWay(asking, progress);
  }
}

/** Waits for the package of an interrupted run, and says whether it brought the file to production. A failed one is made anew. */
export async function resumed(asking: Asking, progress: Progress): Promise<boolean> {
  try {
    await packageUnderWay(asking, progress);
  } catch (error) {
    if (!(error instanceof PackageFailed)) throw error;
  }
  return progress.phase === "published";
}

/** Waits for the package under way, if there is one, and moves the phase on, or back when it failed. */
async function packageUnderWay(asking: Asking, progress: Progress): Promise<void> {
  const { phase, deploymentId } = progress;
  if (phase !== "submitting" && phase !== "deploying") return;
  const [before, after]: [Phase, Phase] = phase === "submitting" ? ["draft", "submitted"] : ["submitted", "published"];
  if (!deploymentId) {
    progress.phase = before;
    return;
  }
  try {
    const { ToEnvironment } = await outcomeOf(
      asking,
      deploymentId,
      phase === "submitting" ? "the commit" : "the deployment",
    );
    progress.phase = Number(ToEnvironment) === PRODUCTION ? "published" : after;
    if (phase === "submitting") progress.standardMode = progress.phase !== "published";
    progress.deploymentId = "";
  } catch (error) {
    if (error instanceof PackageFailed) Object.assign(progress, { phase: before, deploymentId: "" });
    throw error;
  }
}

async function submit(asking: Asking, fileId: string, progress: Progress, remark: object): Promise<void> {
  const { client, projectId, about, deadline } = asking;
  const call = async (): Promise<void> => {
    const answer = await client.call(
      "SubmitFile",
      { ProjectId: projectId, FileId: fileId, ...remark },
      { about, deadline },
    );
    const deploymentId = idIn(answer["Data"]);
    Object.assign(
      progress,
      deploymentId === undefined ? { phase: "submitted", deploymentId: "" } : { phase: "submitting", deploymentId },
    );
  };
  await once({
    make: () => call().then(() => true),
    // A second commit would only make a needless version, so the file is given a moment to show the first.
    async look() {
      if (!(await isCommitted(asking, fileId))) return undefined;
      Object.assign(progress, { phase: "submitted", deploymentId: "" });
      return true;
    },
    deadline,
  });
}

export const COMMIT_SHOWS_WITHIN_MILLISECONDS = 3_000;

const isCommitted = async (asking: Asking, fileId: string): Promise<boolean> =>
  (await poll(
    async () => (Number((await unlessEmpty(getFile(asking, fileId)))?.File["CommitStatus"]) === 1 ? true : undefined),
    {
      deadline: Math.min(asking.deadline, now() + COMMIT_SHOWS_WITHIN_MILLISECONDS),
    },
  )) ?? false;

async function deploy(asking: Asking, fileId: string, progress: Progress, remark: object): Promise<void> {
  const { client, projectId, about, deadline } = asking;
  try {
    // Repeating it makes a second package of the same version, which changes nothing.
    const answer = await client.call(
      "DeployFile",
      { ProjectId: projectId, FileId: fileId, ...remark },
      { about, deadline, repeatable: true },
    );
    Object.assign(progress, { phase: "deploying", deploymentId: idIn(answer["Data"]) ?? "" });
    if (progress.deploymentId === "")
      throw new TaskError(`${about}: DeployFile answered without a package; run \`pulumi up\` again`);
  } catch (error) {
    if (!mayMeanMissing(error) || (await hasDevelopment(asking))) throw error;
    Object.assign(progress, { phase: "published", deploymentId: "", standardMode: false });
  }
}

/** Whether the workspace has a development environment; `true` when nobody can say. */
export async function hasDevelopment({ client, projectId, about, deadline }: Asking): Promise<boolean> {
  try {
    const answer = await client.call("GetProject", { Id: projectId }, { about, deadline });
    return (answer["Project"] as { DevEnvironmentEnabled?: boolean } | undefined)?.DevEnvironmentEnabled !== false;
  } catch (error) {
    if (error instanceof CloudError) return true;
    throw error;
  }
}

/** A package's own pace: the first look comes after a moment, the later ones more and more seldom. */
const FIRST_LOOK_MILLISECONDS = 150;
const LONGEST_WAIT_MILLISECONDS = 3_000;
/** The last look happens when the time is up, and may still be answered. */
const LAST_ANSWER_MILLISECONDS = 5_000;

/** How a package ended; a failed one is thrown. */
export async function outcomeOf(asking: Asking, deploymentId: string, what: string): Promise<Deployment> {
  const { client, projectId, about, deadline } = asking;
  const place = `${client.key} ${projectId} ${what}`;
  const followed = following({ ...asking, what: `${what} (package ${deploymentId})`, place });
  await sleep(FIRST_LOOK_MILLISECONDS);
  const last = await poll<Deployment>(
    async () => {
      const answer = await client.call(
        "GetDeployment",
        { ProjectId: projectId, DeploymentId: deploymentId },
        { about, deadline: deadline + LAST_ANSWER_MILLISECONDS },
      );
      const deployment = (answer["Data"] as { Deployment?: Deployment } | undefined)?.Deployment ?? {};
      const over =
        [DONE, FAILED].includes(Number(deployment.Status)) || Number(deployment.CheckingStatus) === CHECK_FAILED;
      if (over) return deployment;
      followed.at(Number(deployment.CheckingStatus) === CHECKING ? "being checked" : "not begun yet");
      return undefined;
    },
    { deadline, first: FIRST_LOOK_MILLISECONDS, longest: LONGEST_WAIT_MILLISECONDS },
  );
  if (last === undefined) {
    throw new TaskError(
      `${about}: ${what} (package ${deploymentId}) is still not finished, and the time of this operation is up (timeouts); the next \`pulumi up\` goes on with it`,
    );
  }
  followed.over();
  if (Number(last.Status) !== DONE) {
    const reason = (last.ErrorMessage || "the service gave no reason").replace(/[.。]+$/, "");
    throw new PackageFailed(
      `${about}: ${what} (package ${deploymentId}) failed: ${reason}; correct the cause and run \`pulumi up\` again`,
    );
  }
  return last;
}

/** An id of an answer; an empty one is none. */
export function idIn(value: unknown): string | undefined {
  const id = textFrom(value);
  return id === undefined || id === "" || id === "0" ? undefined : id;
}
