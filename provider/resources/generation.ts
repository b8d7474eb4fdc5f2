import { CloudError, TaskError } from "../core/errors";

/** Refusals of the key itself: no other workspace would help. */
const KEY_REFUSED = /Signature|AccessKey|SecurityToken/;

/** The first call of a life is the one that meets a workspace that is not there, or is of the other generation. */
export async function withAdvice<T>(advice: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof CloudError) || error.unclear || KEY_REFUSED.test(error.code)) throw error;
    if (!["auth", "business", "missing", "unknown"].includes(error.errorClass)) throw error;
    throw new TaskError(`${error.message}; ${advice}`, { cause: error });
  }
}
