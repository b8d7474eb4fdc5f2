import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { startEmulator } from "../../../emulator/index";
import type { Emulator } from "../../../emulator/index";
import { engine } from "../../engine-stack";
import type { EngineStack } from "../../engine-stack";
import { runProject } from "../../run-project";
import { root } from "../../setup.js";
import { gateway } from "./service";
import type { Gateway } from "./service";
import { newCredentials, newSecret } from "./sources";
import type { Given, Keys, Source } from "./sources";

/** Where a secret could come to lie, and the texts that lie there. */
export type Places = Record<string, string>;

/** A stack with a program full of secrets, on an emulator behind a gateway. */
export interface Story {
  readonly emulator: Emulator;
  readonly gateway: Gateway;
  readonly stack: EngineStack;
  /** The secret word of the program's arguments. */
  readonly word: string;
  /** Runs the engine's command line, everything that it says kept; gives the exit code. */
  readonly pulumi: (...words: string[]) => Promise<number>;
  /** The same with all that the engine can be made to log. */
  readonly debugged: (...words: string[]) => Promise<number>;
  readonly places: () => Promise<Places>;
  readonly close: () => Promise<void>;
}

const DEBUG = ["-v=9", "--logtostderr", "--logflow"];
const PARTS = { plain: "output", debug: "debug log" } as const;

/** Sets everything up; nothing has run yet. `keys` gives what is handed over, of what the emulator knows. */
export async function story(source: Source, keys: (emulator: Emulator) => Keys): Promise<Story> {
  const parent = path.join(root, ".state", "secrets");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, "story-"));
  const at = (name: string) => path.join(folder, name);
  for (const name of ["user", "temporary", "project"]) mkdirSync(at(name));
  cpSync(path.join(__dirname, "program"), at("project"), { recursive: true });
  const emulator = await startEmulator({ credentials: newCredentials(), stageMilliseconds: 5 });
  const handed = keys(emulator);
  const door = await gateway(emulator.dataworks, handed);
  const word = newSecret('p"w\\');
  const given: Given = source.give(handed, at("user"), door.endpoint);
  const stack = await runProject(at("project"), "secrets", {
    stateFolder: at("state"),
    home: at("home"),
    env: {
      ...without(/^(ALIBABA_CLOUD|TENCENTCLOUD|TKE)_/),
      ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
      HOME: at("user"),
      TMPDIR: at("temporary"),
      ...given.env,
    },
    config: {
      "dataworks:endpoint": door.endpoint,
      "dataworks:region": "cn-shanghai",
      "wedata:endpoint": door.endpoint,
      "wedata:region": "ap-guangzhou",
      "secrets:places": JSON.stringify({
        projectId: emulator.projectId,
        legacyProjectId: emulator.legacyProjectId,
        wedataProjectId: emulator.wedataProjectId,
        wedataWorkflowId: emulator.wedataWorkflowId,
        adopt: await byHand(emulator),
      }),
      ...given.config,
    },
    secretConfig: { "secrets:word": word, ...given.secretConfig },
  });
  const said: Record<string, string> = {};
  const run = async (part: string, program: string, words: readonly string[]): Promise<number> => {
    const { code, text } = await executed(program, words, stack);
    said[part] = `${said[part] ?? ""}\n$ ${words.join(" ")}\n${text}`;
    return code;
  };
  const { pulumi } = await engine();
  return {
    emulator,
    gateway: door,
    stack,
    word,
    pulumi: (...words) => run(PARTS.plain, pulumi, [...words, "--non-interactive", "--color=never"]),
    debugged: (...words) => run(PARTS.debug, pulumi, [...words, ...DEBUG, "--non-interactive", "--color=never"]),
    async places() {
      await run("data-tasks stats", process.execPath, [path.join(root, "dist", "cli", "main.js"), "stats", "--json"]);
      const texts = (name: string) => textUnder(at(name));
      return {
        ...said,
        state: texts("state"),
        plan: texts("project"),
        "temporary files": texts("temporary"),
        "Pulumi's home": texts("home"),
        "the emulator's calls": JSON.stringify(await emulator.calls()),
      };
    },
    async close() {
      await door.close();
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const without = (names: RegExp): Record<string, string> =>
  Object.fromEntries(Object.keys(process.env).flatMap((name) => (names.test(name) ? [[name, ""]] : [])));

/** Tasks that somebody made at the console, for the program to take over. */
async function byHand(emulator: Emulator): Promise<Record<string, string>> {
  const { projectId: ProjectId, wedataProjectId, wedataWorkflowId: WorkflowId } = emulator;
  const [task = ""] = await emulator.createTasks("dataworks", { ProjectId, Name: "by_hand", Description: "By hand" });
  const wedata = { ProjectId: wedataProjectId, WorkflowId, TaskName: "by_hand", Notes: "By hand" };
  const [load = ""] = await emulator.createTasks("wedata", wedata);
  return { task, load };
}

function executed(
  program: string,
  words: readonly string[],
  { folder, environment }: EngineStack,
): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { ...process.env, ...environment }, maxBuffer: 2 ** 30 };
    execFile(program, [...words], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ code, text: `${stdout}\n${stderr}` });
    });
  });
}

/** Every file of a folder; what is compressed or binary is looked through as it lies there. */
function textUnder(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), "latin1"))
    .join("\n");
}
