import { now } from "../../core/clock";
import { TaskError } from "../../core/errors";
import { once } from "../../core/once";
import { poll } from "../../core/poll";
import { unlessEmpty } from "../empty-answer";
import { type Asking, getFile, mayMeanMissing } from "./lookup";
import { COMMIT_SHOWS_WITHIN_MILLISECONDS, PRODUCTION, hasDevelopment, idIn, outcomeOf } from "./publish";

/** Deletes a file, in production too. Deleting one that is gone succeeds. */
export async function deleteFile(asking: Asking, fileId: string): Promise<void> {
  const { client, projectId, about, deadline } = asking;
  const call = async () =>
    idIn(
      (await client.call("DeleteFile", { ProjectId: projectId, FileId: fileId }, { about, deadline }))["DeploymentId"],
    );
  const { deploymentId, certain } = await once<{ deploymentId: string | undefined; certain: boolean }>({
    make: async () => ({ deploymentId: await call(), certain: true }),
    look: async () => ((await isGone(asking, fileId)) ? { deploymentId: undefined, certain: false } : undefined),
    mayBeThere: mayMeanMissing,
    deadline,
  });
  if (deploymentId !== undefined) {
    const { ToEnvironment } = await outcomeOf(asking, deploymentId, "the deletion");
    if (Number(ToEnvironment) === PRODUCTION) return;
    await deployDeletion(asking, fileId, { certain: true }).catch((error: Error) => {
      throw new TaskError(
        `${error.message}; the file is gone from development, and production may still run it until the same command has been run again`,
        { cause: error },
      );
    });
  } else if (!certain) {
    await deployDeletion(asking, fileId, { certain: false });
  }
}

const isGone = async (asking: Asking, fileId: string): Promise<boolean> =>
  (await poll(() => unlessEmpty(getFile(asking, fileId).then((file) => (file === undefined ? true : undefined))), {
    deadline: Math.min(asking.deadline, now() + COMMIT_SHOWS_WITHIN_MILLISECONDS),
  })) ?? false;

/**
 * Takes a deleted file off production as well, in a workspace with a development environment. Not `certain`: nobody
 * knows whether anything is left there, so a refusal means that nothing is.
 */
export async function deployDeletion(asking: Asking, fileId: string, { certain }: { certain: boolean }): Promise<void> {
  const { client, projectId, about, deadline } = asking;
  const call = async () =>
    idIn((await client.call("DeployFile", { ProjectId: projectId, FileId: fileId }, { about, deadline }))["Data"]);
  let deploymentId: string | undefined;
  let isLost = false;
  try {
    deploymentId = await once({
      make: call,
      // A lost reply: when the first call did it, the second finds nothing left.
      look: async () => void (isLost = true),
      deadline,
    });
  } catch (error) {
    if (!mayMeanMissing(error) || (certain && !isLost && (await hasDevelopment(asking)))) throw error;
  }
  if (deploymentId !== undefined) await outcomeOf(asking, deploymentId, "the deletion in production");
}
