import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** A reason not to start, or to stop, that is a whole sentence. */
export class StartFailure extends Error {
  override readonly name = "StartFailure";
}

/** An empty folder for one run. Refuses while another run that is still alive works there. */
export function freshFolder(folder: string): string {
  const marker = path.join(folder, "running");
  const pid = existsSync(marker) ? Number(readFileSync(marker, "utf8")) : 0;
  if (pid > 0 && pid !== process.pid && isAlive(pid)) {
    throw new StartFailure(`Another npm start (process ${pid}) is working in ${folder}: end it with Ctrl-C first.`);
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(marker, String(process.pid));
  return folder;
}

/** Says that the run in that folder is over. */
export function leaveFolder(folder: string): void {
  rmSync(path.join(folder, "running"), { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
