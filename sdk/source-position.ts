import path from "node:path";
import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";

/** A frame of a stack trace as Pulumi hands it to the engine; `undefined` stands for code that has no file. */
type Frame = { readonly uri: string } | undefined;

/** The resources of Pulumi have it, and hide it in their types. */
interface Traced {
  stackTrace?: (skip: number) => Frame[];
}

/** The folder of this file, and of its source where traces are mapped to the sources. */
const own = [__dirname, __dirname.replace(/[\\/]dist(?=[\\/]sdk$)/, "")].map((folder) => folder + path.sep);
const RUNNERS = /[\\/]node_modules[\\/](@pulumi|ts-node)[\\/]/;

function isOfProgram(frame: Frame): boolean {
  if (frame === undefined) return false;
  const file = fileURLToPath(frame.uri);
  return !RUNNERS.test(file) && !own.some((folder) => file.startsWith(folder));
}

/**
 * Has the engine record where the program makes the resource that is about to be made. Pulumi takes the frame above its own
 * classes for that place; of a dynamic resource this is the class that extends them, here one of this package, whose
 * lines move with every upgrade. The rest of the trace is for the most part Pulumi's, Node's and ours: 300 to 400 bytes for
 * each resource, which the engine writes again with every checkpoint (measured on 3.230.0). What is left are the lines
 * of the program.
 */
export function recordPlaceInProgram(): void {
  const resources = pulumi.Resource as unknown as Traced;
  const original = resources.stackTrace;
  if (original === undefined) return;
  const restore = () => (resources.stackTrace = original);
  // Once, for the resource that asks next; and no later than now, where its constructor does not get so far.
  queueMicrotask(restore);
  resources.stackTrace = (skip) => {
    restore();
    const frames = original.call(resources, skip + 1);
    const ofProgram = frames.filter(isOfProgram);
    return ofProgram.length > 0 ? ofProgram : frames;
  };
}
