import { alibaba, tencent } from "../../provider/clouds/connections";
import type { Properties } from "../../provider/core/definition";
import { isObject } from "../../provider/core/fields";
import { shapeOf } from "../../provider/core/document";
import { listedValues, outputOf, valuesOf } from "../../provider/resources/dataworks-di-sync-task/wire";
import { found as foundTask } from "../../provider/resources/dataworks-task/facts";
import { found as foundWeData } from "../../provider/resources/wedata-task/facts";
import { readTask } from "../../provider/resources/wedata-task/lookup";
import { readingOf, withBothNames } from "../../provider/resources/wedata-task/wire";
import { examples } from "./kinds";
import type { Example } from "./kinds";
import { Pinned } from "./pinned";
import { flat } from "./scene";
import { Story } from "./stories";

const shown = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

/** Every member of an answer, and the first item of every list, by its path. */
function* places(value: unknown, path: readonly (string | number)[] = []): Generator<readonly (string | number)[]> {
  if (path.length > 0) yield path;
  if (Array.isArray(value)) {
    if (value.length > 0) yield* places(value[0], [...path, 0]);
  } else if (isObject(value))
    for (const [name, member] of Object.entries(value)) yield* places(member, [...path, name]);
}

const at = (value: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((under, name) => (under as Record<string | number, unknown>)[name], value);

/** The answer with another value at a place; `undefined` takes it out. */
function altered(answer: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const copy: unknown = structuredClone(answer);
  const under = at(copy, path.slice(0, -1)) as Record<string | number, unknown>;
  const last = path[path.length - 1] as string | number;
  if (value === undefined && !Array.isArray(under)) Reflect.deleteProperty(under, last);
  else under[last] = value;
  return copy;
}

/** Forms in which a service may say a value, or say nothing: nobody has established which (contracts.md §6, §7). */
function forms(value: unknown): unknown[] {
  const others: unknown[] = [undefined, null];
  if (typeof value === "string") {
    others.push("", ` ${value} `, value.toLowerCase(), value.toUpperCase(), "other");
    // As a number, where that would not round it.
    if (String(Number(value)) === value && Number.isSafeInteger(Number(value))) others.push(Number(value), 0);
  } else if (typeof value === "number") others.push(String(value), 0, 1, 2, 3, 99, "other");
  else if (typeof value === "boolean") others.push(!value, String(value), Number(value));
  else if (Array.isArray(value)) others.push([], {}, "", [null]);
  else others.push({}, [], "");
  return [...new Map(others.filter((other) => other !== value).map((other) => [shown(other), other])).values()];
}

/** What is read of an answer in every form of each of its members, beside what is read of it as it is. */
function readings(answer: unknown, read: (answer: never) => unknown): string[] {
  const before = flat(read(answer as never), "", shown);
  const outcomes = new Map<string, string[]>();
  for (const path of places(answer)) {
    for (const form of forms(at(answer, path))) {
      let told: string;
      try {
        const after = flat(read(altered(answer, path, form) as never), "", shown);
        const changes = [...after]
          .filter(([name, value]) => before.get(name) !== value)
          .map(([name, value]) => `${name}=${value}`);
        const gone = [...before.keys()].filter((name) => !after.has(name)).map((name) => `-${name}`);
        told = [...changes, ...gone].join(" ") || "the same";
      } catch (error) {
        told = `fails ${error instanceof Error ? error.message : String(error)}`;
      }
      const title = path.join(".");
      outcomes.set(title, [...(outcomes.get(title) ?? []), `${shown(form)}: ${told}`]);
    }
  }
  return [...outcomes].flatMap(([path, lines]) =>
    lines.every((line) => line.endsWith(": the same")) ? [] : [path, ...lines.map((line) => `  ${line}`)],
  );
}

describe("answers in other forms than the service is known to give", function () {
  this.timeout(60_000);
  const pinned = new Pinned("readings");
  const exampleOf = (name: string) => examples.find((example) => example.name === name) as Example;
  /** Where one kind alone is asked for, the others are left out. */
  const of = (name: string, title: string, work: () => Promise<void>) => {
    if (examples.some((example) => example.name === name)) it(`of a ${title}`, work);
  };
  let story: Story;
  const open = async (name: string): Promise<Properties> => {
    story = await Story.open(exampleOf(name));
    await story.up(story.args);
    return story.scene.outs ?? {};
  };
  afterEach(() => story.scene.close());
  /** Ids and times, which differ from run to run, by their places in the file. */
  const readable = (lines: readonly string[]): string[] => {
    story.scene.lines.length = 0;
    for (const line of lines) story.scene.say(line);
    return story.scene.lines;
  };

  of("dataworks-task", "DataWorksTask", async () => {
    const outs = await open("dataworks-task");
    const { Task } = await alibaba().call("GetTask", { Id: outs["taskId"], ProjectEnv: "Prod" });
    const read = (task: never) => {
      const { values, facts, editor } = foundTask(task, { nodeId: "33", command: "ODPS_SQL" });
      return { ...values, editor, facts };
    };
    pinned.has("DataWorksTask", readable(readings(Task, read)));
  });

  of("dataworks-di-sync-task", "DataWorksDISyncTask", async () => {
    const outs = await open("dataworks-di-sync-task");
    const { projectId, taskContent } = story.args;
    const { Data } = await alibaba().call("GetFile", { ProjectId: projectId, FileId: outs["fileId"] });
    const { File, NodeConfiguration } = Data as Properties;
    const shape = shapeOf(taskContent as never);
    for (const [title, terms] of [
      ["DataWorksDISyncTask", { zone: "Asia/Shanghai", hidesOwnOutputOf: undefined }],
      ["DataWorksDISyncTask, its own output left out", { zone: "UTC", hidesOwnOutputOf: String(outs["fileId"]) }],
    ] as const) {
      const read = (file: never) => ({ ...valuesOf(file, terms, shape), output: outputOf(file) });
      pinned.has(title, readable(readings({ File, NodeConfiguration }, read)));
    }
    const listed = await alibaba().call("ListFiles", {
      ProjectId: projectId,
      FileIdIn: outs["fileId"],
      NeedAbsoluteFolderPath: true,
    });
    const [first] = (listed["Data"] as { Files: object[] }).Files;
    pinned.has("DataWorksDISyncTask in a list", readable(readings(first, listedValues)));
  });

  for (const [name, title] of [
    ["wedata-task", "WeDataTask"],
    ["wedata-task-abroad", "WeDataTask on the international site"],
  ] as const) {
    of(name, title, async () => {
      const outs = await open(name);
      const asking = {
        client: tencent(),
        projectId: String(story.args["projectId"]),
        about: "orders",
        deadline: Infinity,
      };
      const reading = readingOf(story.args, undefined) ?? {};
      const seen = await readTask(asking, String(outs["taskId"]), reading, true);
      if (!seen) throw new Error("the task is not there");
      for (const [how, facts, trusting] of [
        ["", { reading }, true],
        [", adopted", { origin: "adopted", reading }, false],
      ] as const) {
        const read = (task: never) => {
          const found = foundWeData({ ...seen, task: withBothNames(task) }, facts, story.args, trusting);
          const mute = [
            "selfDepend",
            "cycleType",
            "dependencies",
            "owners",
            "scheduleRunType",
            "taskExt",
            "parameters",
          ];
          const unreadable = mute.filter((path) => found.unreadable?.(path)).join();
          return { ...found.values, editor: found.editor, facts: found.facts, unreadable };
        };
        pinned.has(`${title}${how}`, readable(readings(seen.task, read)));
      }
    });
  }
});
