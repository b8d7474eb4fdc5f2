import { TaskError, isBusiness, isCloudError, mayMeanMissing } from "../../core/errors";
import { once } from "../../core/once";
import { poll } from "../../core/poll";
import { following } from "../approval";
import { idFrom, page } from "../empty-answer";
import { type Asking, getNode } from "./lookup";

interface Stage {
  Code?: string;
  Name?: string;
  Status?: string;
  Type?: string;
  Step?: number;
  Message?: string;
}
interface PipelineRun {
  Id?: string | number;
  Status?: string;
  Message?: string;
  Stages?: Stage[];
  CreateTime?: string | number;
}

/** One node on its way to or from production. */
export interface Publication extends Asking {
  readonly projectId: string;
  readonly nodeId: string;
  readonly direction: "Online" | "Offline";
  /** A run that was started before and may still be under way. */
  readonly runId?: string | undefined;
  /** Look for a run that an interrupted process may have started. */
  readonly lookFirst?: boolean;
  /** When the node was changed last, in epoch milliseconds: a finished run that is not older has brought this version. */
  readonly changedAt?: number | undefined;
  /** Told the id of the run before anything is waited for. */
  readonly started: (runId: string) => void;
}

/**
 * Assumption, named here alone: every pipeline ends with the stage `PROD` (public captures of simple and standard mode).
 * Where the service does not run the stages by itself, they are started one by one.
 */
const LAST_STAGE = "PROD";
const OVER = ["Fail", "Termination", "Cancel"];

/** The run that did it. */
export interface Published {
  /** It is a run of an interrupted process, which may carry an older version. */
  readonly joined: boolean;
  /** The service has answered us that it is started; any other run was found. */
  readonly isOurs: boolean;
}

/** Takes a node through every stage of a pipeline run, and returns when production has it (or has it no more). */
export async function publish(publication: Publication): Promise<Published> {
  const { client, projectId, deadline, about } = publication;
  const earlier = publication.runId ?? (publication.lookFirst ? (await runUnderWay(publication))?.runId : undefined);
  const { runId, ...run } =
    earlier === undefined ? await start(publication) : { runId: earlier, joined: true, isOurs: false };
  publication.started(runId);
  const kicked = new Set<string>();
  const followed = following({ ...publication, what: `pipeline run ${runId}`, place: `${client.key} ${projectId}` });
  const last = await poll<PipelineRun>(
    async () => {
      const run = await runOf(publication, runId);
      if (run === undefined) return { Status: GONE };
      if (run.Status === "Success" || OVER.includes(run.Status ?? "")) return run;
      const stages = [...(run.Stages ?? [])].sort((a, b) => (a.Step ?? 0) - (b.Step ?? 0));
      if (stages.some(({ Status }) => OVER.includes(Status ?? ""))) return run;
      if (stages.length > 0 && stages.every(({ Status }) => Status === "Success")) return { ...run, Status: "Success" };
      const next = stages.find(({ Status }) => Status !== "Success");
      if (next?.Code !== undefined && next.Status === "Init") {
        // Seen waiting twice: nobody runs it for us.
        if (kicked.has(next.Code)) await execute(publication, runId, next.Code);
        kicked.add(next.Code);
      }
      followed.at(next?.Status ?? run.Status ?? "Running", next?.Code ?? next?.Name ?? "?");
      return undefined;
    },
    { deadline },
  );
  if (last === undefined) {
    throw new TaskError(
      `${about}: pipeline run ${runId} is still not finished, and the time of this operation is up (timeouts); the next \`pulumi up\` goes on with it`,
    );
  }
  followed.over();
  // An earlier run that the service has forgotten is over, whatever became of it.
  if (last.Status === GONE) return publish({ ...publication, runId: undefined, lookFirst: true });
  if (last.Status !== "Success") {
    const failed = last.Stages?.find(({ Status }) => OVER.includes(Status ?? ""));
    const stage = failed ? ` at stage ${failed.Code ?? failed.Name ?? "?"}` : "";
    const said = [failed?.Message, last.Message].find((message) => message !== undefined && message !== "");
    const reason = said ?? "the service gave no reason";
    throw new PipelineFailed(
      `${about}: pipeline run ${runId} ended with ${last.Status ?? "a failure"}${stage}: ${reason.replace(/\.+$/, "")}. Correct the cause and run \`pulumi up\` again.`,
      run.joined,
    );
  }
  return run;
}

const GONE = "Gone";

/** The run as it stands; `undefined` for one of an earlier process that is not there any more. */
async function runOf(publication: Publication, runId: string): Promise<PipelineRun | undefined> {
  const { client, projectId, deadline, about } = publication;
  try {
    return pipelineOf(await client.call("GetPipelineRun", { ProjectId: projectId, Id: runId }, { about, deadline }));
  } catch (error) {
    if (runId === publication.runId && mayMeanMissing(error)) return undefined;
    throw error;
  }
}

/** Ends a run that is under way, so that it publishes nothing behind our back; one that is over already is no error. */
export async function abolish(publication: Omit<Publication, "started" | "direction">): Promise<void> {
  const { client, projectId, runId, deadline, about } = publication;
  if (runId === undefined) return;
  try {
    await client.call("AbolishPipelineRun", { ProjectId: projectId, Id: runId }, { about, deadline });
  } catch (error) {
    if (!isCloudError(error)) throw error;
    const run = await runOf({ ...publication, direction: "Online", started: () => undefined }, runId);
    if (run?.Status === "Init" || run?.Status === "Running") throw error;
  }
}

/** The run is over, and production does not have what it carried. */
export class PipelineFailed extends TaskError {
  /** As of a run that succeeded: it may have carried an older version. */
  readonly joined: boolean;
  constructor(message: string, joined: boolean) {
    super(message);
    this.joined = joined;
  }
}

/**
 * The outcome of a publication of a node that was written just now (`wrote`): what was rejected of an older run is not what the
 * node has by now, which gets a run of its own.
 */
export async function unlessOutdated(publication: Promise<Published>, wrote: boolean): Promise<Published> {
  try {
    return await publication;
  } catch (error) {
    if (wrote && error instanceof PipelineFailed && error.joined) return { joined: true, isOurs: false };
    throw error;
  }
}

async function start(publication: Publication): Promise<Published & { runId: string }> {
  const { client, projectId, nodeId, direction, deadline, about } = publication;
  const run = {
    ProjectId: projectId,
    Type: direction,
    ObjectIds: [nodeId],
    RunMode: "Auto",
    AutoRunUntilStage: LAST_STAGE,
  };
  let refused = false;
  return once({
    async make() {
      refused = false;
      const answer = await client.call("CreatePipelineRun", run, { about, deadline });
      return { runId: idFrom("CreatePipelineRun", answer, about), joined: false, isOurs: true };
    },
    // A lost reply: the run may have been started, and a second one would publish twice. A refusal: another one may be in
    // the way, which an interrupted process has started.
    mayBeThere: (error) => (refused = isBusiness(error)),
    async look() {
      return runOfLostStart(publication, refused).catch((error: unknown) => {
        if (!refused) throw error;
        return undefined;
      });
    },
    deadline,
  });
}

/** The run that is there after a start that was lost or refused; one that is older than the node was not started by it. */
async function runOfLostStart(
  publication: Publication,
  refused: boolean,
): Promise<(Published & { runId: string }) | undefined> {
  const { projectId, nodeId, direction } = publication;
  // A short run is over by now: that the node was written before it began tells that it has brought this version.
  const node = refused || direction === "Offline" ? undefined : await getNode(publication, projectId, nodeId);
  const changedAt = node?.ModifyTime === undefined ? publication.changedAt : Number(node.ModifyTime);
  const run = await runUnderWay({ ...publication, changedAt }, true);
  if (run === undefined) return undefined;
  const isOlder = changedAt !== undefined && run.createdAt < changedAt;
  return { runId: run.runId, joined: refused || isOlder, isOurs: false };
}

/**
 * The newest run of this node in this direction, unless it is over; where it brought the node as it is, even then, and
 * with `orDone` also where it has taken the node offline already.
 */
async function runUnderWay(
  { client, projectId, nodeId, direction, deadline, about, changedAt }: Publication,
  orDone = false,
): Promise<{ runId: string; createdAt: number } | undefined> {
  const answer = await client.call(
    "ListPipelineRuns",
    { ProjectId: projectId, ObjectId: nodeId, PageSize: 20 },
    { about, deadline },
  );
  const { items: all } = page<PipelineRun>("ListPipelineRuns", answer, "PipelineRuns");
  const isUnderWay = ({ Status }: PipelineRun) => Status === "Init" || Status === "Running";
  const isOffline = ({ Stages }: PipelineRun) =>
    (Stages ?? []).some(({ Type }) => Type === "Offline" || Type === "Delete");
  const runs = all.filter((each) => isOffline(each) === (direction === "Offline"));
  const [newest] = runs;
  const hasBroughtIt =
    changedAt !== undefined && newest?.Status === "Success" && Number(newest.CreateTime) >= changedAt;
  const isDone = orDone && direction === "Offline" && newest?.Status === "Success" && newest === all[0];
  const run = runs.find(isUnderWay) ?? (hasBroughtIt || isDone ? newest : undefined);
  return run?.Id === undefined ? undefined : { runId: String(run.Id), createdAt: Number(run.CreateTime) };
}

async function execute(
  { client, projectId, deadline, about }: Publication,
  runId: string,
  code: string,
): Promise<void> {
  await client
    .call("ExecPipelineRunStage", { ProjectId: projectId, Id: runId, Code: code }, { about, deadline })
    .catch((error: unknown) => {
      // It may have begun in the meantime: the next look at the run tells.
      if (!(error instanceof Error && error.name === "CloudError")) throw error;
    });
}

const pipelineOf = (answer: Record<string, unknown>) => (answer["Pipeline"] ?? {}) as PipelineRun;
