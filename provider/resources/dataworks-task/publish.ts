import { type AlibabaClient } from "../../clouds/alibaba/client";
import { TaskError, isCloudError, mayMeanMissing } from "../../core/errors";
import { once } from "../../core/once";
import { poll } from "../../core/poll";

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
}

/** One node on its way to or from production. */
export interface Publication {
  readonly client: AlibabaClient;
  readonly projectId: string;
  readonly nodeId: string;
  readonly direction: "Online" | "Offline";
  readonly deadline: number;
  readonly about: string;
  /** A run that was started before and may still be under way. */
  readonly runId?: string | undefined;
  /** Look for a run that an interrupted process may have started. */
  readonly lookFirst?: boolean;
  /** Told the id of the run before anything is waited for. */
  readonly started: (runId: string) => void;
}

/**
 * Assumption, named here alone: every pipeline ends with the stage `PROD` (public captures of simple and standard mode).
 * Where the service does not run the stages by itself, they are started one by one.
 */
const LAST_STAGE = "PROD";
const OVER = ["Fail", "Termination", "Cancel"];

/**
 * Takes a node through every stage of a pipeline run, and returns when production has it (or has it no more).
 * The result says whether that was a run of an interrupted process, which may carry an older version.
 */
export async function publish(publication: Publication): Promise<{ joined: boolean }> {
  const { deadline, about } = publication;
  const earlier = publication.runId ?? (publication.lookFirst ? await runUnderWay(publication) : undefined);
  const runId = earlier ?? (await start(publication));
  publication.started(runId);
  const kicked = new Set<string>();
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
      return undefined;
    },
    { deadline },
  );
  if (last === undefined) {
    throw new TaskError(
      `${about}: pipeline run ${runId} is still not finished; it may be waiting for an approval in the console. The next \`pulumi up\` goes on from there.`,
    );
  }
  // An earlier run that the service has forgotten is over, whatever became of it.
  if (last.Status === GONE) return publish({ ...publication, runId: undefined, lookFirst: true });
  if (last.Status !== "Success") {
    const failed = last.Stages?.find(({ Status }) => OVER.includes(Status ?? ""));
    const stage = failed ? ` at stage ${failed.Code ?? failed.Name ?? "?"}` : "";
    throw new PipelineFailed(
      `${about}: pipeline run ${runId} ended with ${last.Status ?? "a failure"}${stage}: ${(failed?.Message ?? last.Message ?? "the service gave no reason").replace(/\.+$/, "")}. Correct the cause and run \`pulumi up\` again.`,
    );
  }
  return { joined: earlier !== undefined };
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
export class PipelineFailed extends TaskError {}

async function start(publication: Publication): Promise<string> {
  const { client, projectId, nodeId, direction, deadline, about } = publication;
  const run = {
    ProjectId: projectId,
    Type: direction,
    ObjectIds: [nodeId],
    RunMode: "Auto",
    AutoRunUntilStage: LAST_STAGE,
  };
  return once({
    make: async () => String((await client.call("CreatePipelineRun", run, { about, deadline }))["Id"]),
    // The run may have been started, and a second one would publish twice.
    look: () => runUnderWay(publication, true),
    deadline,
  });
}

/** The newest run of this node in this direction that is not over; `orDone` also one that has taken it offline already. */
async function runUnderWay(
  { client, projectId, nodeId, direction, deadline, about }: Publication,
  orDone = false,
): Promise<string | undefined> {
  const answer = await client.call(
    "ListPipelineRuns",
    { ProjectId: projectId, ObjectId: nodeId, PageSize: 20 },
    { about, deadline },
  );
  const paging = answer["PagingInfo"] as { PipelineRuns?: PipelineRun[] } | undefined;
  const runs = paging?.PipelineRuns ?? [];
  const isOffline = ({ Stages }: PipelineRun) =>
    (Stages ?? []).some(({ Type }) => Type === "Offline" || Type === "Delete");
  const [newest] = runs;
  const isDone = orDone && direction === "Offline" && newest?.Status === "Success" && isOffline(newest);
  const run = isDone
    ? newest
    : runs.find(
        (each) =>
          (each.Status === "Init" || each.Status === "Running") && isOffline(each) === (direction === "Offline"),
      );
  return run?.Id === undefined ? undefined : String(run.Id);
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
