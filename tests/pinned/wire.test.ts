import type { AlibabaClient } from "../../provider/clouds/alibaba/client";
import {
  isOwnOutput,
  numberFrom,
  rerunModeFrom,
  textFrom,
  wordFrom,
} from "../../provider/resources/dataworks-di-sync-task/answers";
import { contentToSend } from "../../provider/resources/dataworks-di-sync-task/content";
import { idIn } from "../../provider/resources/dataworks-di-sync-task/publish";
import {
  declaresOwnOutput,
  folderFrom,
  inputList,
  outputOf,
  taskParam,
  undoing,
  unlike,
  updateParameters,
  zoneOf,
} from "../../provider/resources/dataworks-di-sync-task/wire";
import * as habits from "../../provider/resources/dataworks-task/habits";
import type { Sent } from "../../provider/resources/dataworks-task/habits";
import {
  commandOf,
  folderOf,
  inWholeHours,
  merge,
  nodeSpec,
  sameDocument,
  tokenOfSpec,
} from "../../provider/resources/dataworks-task/node";
import { outputsOf, place, taskOfNode } from "../../provider/resources/dataworks-task/facts";
import { asTask, compact, part, tokenOfTask } from "../../provider/resources/dataworks-task/wire";
import { detailed, innerTasks, mainlandPart } from "../../provider/resources/wedata-task/dependencies";
import {
  canonicalExtension,
  entriesOf,
  fromExtension,
  ofOthers,
  shapesOf,
  toExtension,
} from "../../provider/resources/wedata-task/extension";
import { fromOwners, fromParameters, toParameters } from "../../provider/resources/wedata-task/lists";
import {
  asFlag,
  asNumber,
  asText,
  decode,
  encode,
  unwrapped,
  wordFor,
} from "../../provider/resources/wedata-task/spelling";
import {
  canvasPlace,
  modifyTimeOf,
  readingIn,
  readingOf,
  withBothNames,
} from "../../provider/resources/wedata-task/wire";
import { CYCLES, PRIORITIES, isAmbiguous, readCycle, readSelfDepend } from "../../provider/resources/wedata-task/words";
import type { Properties } from "../../provider/core/definition";
import { Pinned } from "./pinned";

const shown = (value: unknown): string => (value === undefined ? "nothing" : (JSON.stringify(value) ?? String(value)));
const TOKEN = "token00000001";

describe("what goes over the wire, and what is made of it", () => {
  const pinned = new Pinned("wire");

  it("of DataWorks' updates, by what is known of the service", () => {
    const task = {
      Id: "22",
      ProjectId: "1",
      Name: "orders",
      Description: "the orders",
      Owner: "1",
      InstanceMode: "T+1",
      Timeout: 3600,
      RerunMode: "AllAllowed",
      RerunTimes: 2,
      RerunInterval: 60,
      Script: { Content: "select 1;", Parameters: "a=1" },
      Trigger: {
        Type: "Scheduler",
        Recurrence: "Normal",
        Cron: "0 0 2 * * ?",
        StartTime: "2020",
        EndTime: "9999-01-01",
      },
      RuntimeResource: { ResourceGroupId: "r", Image: "i", Cu: "1" },
      Outputs: { TaskOutputs: [{ Output: "a.b" }], Variables: [] },
      Inputs: { Variables: [{ Name: "v" }] },
      DataSource: { Name: "d" },
      Dependencies: [
        { Type: "Normal", UpstreamOutput: "a.c", UpstreamTaskId: "5" },
        { Type: "Normal", UpstreamOutput: "", UpstreamTaskId: "6" },
        { Type: "Normal", UpstreamTaskId: "" },
        { Type: "Self" },
      ],
      Tags: [{ Key: "a", Value: "b" }],
    };
    type Task = NonNullable<Sent["before"]>;
    const befores: (Task | undefined)[] = [
      undefined,
      task,
      {
        ...task,
        Description: null,
        Trigger: { Type: "Manual", Cron: "" },
        Tags: [],
        Dependencies: null,
        Script: null,
      } as never,
    ];
    const patches: Sent["patch"][] = [
      { Owner: "2" },
      { Trigger: { Cron: "0 0 3 * * ?" } },
      { Trigger: { Type: "Manual" } },
      { RerunMode: "AllDenied" },
      { Outputs: { Variables: [{ Name: "o" }] }, Inputs: { Variables: [] } },
      { Script: { Content: "select 2;" }, Tags: [], Dependencies: [] },
    ];
    const afters: Task[] = [
      task,
      { ...task, ...{ Description: "", Tags: [], Dependencies: [] } },
      { Id: "22", Trigger: { Cron: "0 0 3 * * ?" } },
      {
        ...task,
        Trigger: { Type: "Scheduler", Recurrence: "Normal", Cron: "0 0 0 * * ?", StartTime: "1970", EndTime: "9999" },
        Script: { Content: "select 2;", Parameters: null },
        RerunTimes: 0,
        Outputs: {},
        Owner: "3",
      } as never,
    ];
    let nth = 0;
    const fresh = () => ({ key: `client ${(nth += 1)}` }) as unknown as AlibabaClient;
    const learnt = (client: AlibabaClient): string => {
      const open: Sent = { operation: "BatchUpdateTasks", patch: { Trigger: { Cron: "1" } }, before: undefined };
      const single: Sent = { operation: "UpdateTask", patch: {}, before: undefined };
      return [
        habits.needsReading(client, open, []) ? "reads for members" : "",
        habits.needsReading(client, open, [
          "Trigger.Type",
          "Trigger.Recurrence",
          "Trigger.StartTime",
          "Trigger.EndTime",
        ])
          ? "reads all the same"
          : "",
        habits.needsReading(client, single, []) ? "reads for fields" : "",
        habits.losesSchedule(client, true, true) ? "schedules whole" : "",
        habits.losesSchedule(client, true, false) ? "always whole" : "",
        habits.losesSchedule(client, false, false) ? "fields whole" : "",
        habits.clearsFields(client) ? "clears" : "",
        habits.waitsForPublishing(client) ? "publishes" : "",
      ]
        .filter((word) => word !== "")
        .join(", ");
    };
    const lines: string[] = [`unknown: ${learnt(fresh())}`];
    const cases = (["UpdateTask", "BatchUpdateTasks"] as const).flatMap((operation) =>
      patches.flatMap((patch) => befores.map((before): Sent => ({ operation, patch, before }))),
    );
    for (const [index, sent] of cases.entries()) {
      const which = befores.indexOf(sent.before);
      lines.push(`${sent.operation} ${shown(sent.patch)} of ${["nothing known", "a full task", "a bare task"][which]}`);
      for (const [at, after] of afters.entries()) {
        const client = fresh();
        const lost = habits.lostBy(client, sent, after);
        const again = habits.completed(client, sent);
        const spoilt = ["Owner", "Trigger.Cron", "Description", "RerunTimes", "Tags", "Script.Content"].filter((path) =>
          habits.canHaveSpoilt(sent, path, after),
        );
        lines.push(
          `  then ${at}: lost ${lost.join() || "nothing"}; may have spoilt ${spoilt.join() || "nothing"}; ${learnt(client)}`,
          ...(shown(again) === shown(sent.patch) ? [] : [`    goes again as ${shown(again)}`]),
        );
        const other = fresh();
        habits.learnFrom(other, sent, ["Trigger.Recurrence", "Trigger.StartTime", "Owner", "Script.Parameters"], after);
        if (learnt(other) !== lines[0]?.slice(9)) lines.push(`    learns ${learnt(other)}`);
      }
      if (index === 0) {
        const client = fresh();
        habits.learnPublishing(client);
        lines.push(`  publishing: ${learnt(client)}`);
      }
    }
    pinned.has("updates", lines);
  });

  it("of DataWorks' nodes", () => {
    const spec = (node: unknown) => JSON.stringify({ version: "1", spec: { nodes: [node] } });
    const texts = [
      undefined,
      "",
      "no json",
      "[]",
      "{}",
      '{"spec":1}',
      '{"spec":{"nodes":{}}}',
      spec(7),
      spec({ script: { runtime: { command: "" }, path: "orders" }, description: 7 }),
      spec({
        script: { runtime: { command: "ODPS_SQL" }, path: "a/b/orders" },
        description: `x\n[pulumi-data-tasks:${TOKEN}]`,
      }),
      spec({ script: { runtime: 7, path: 7 }, description: "x" }),
      spec({
        id: "33",
        name: "was",
        timeout: 1.5,
        more: { kept: 1 },
        script: { path: "a/b/was", other: 1 },
        trigger: { cron: "0" },
      }),
    ];
    const lines = texts.map(
      (text) =>
        `${shown(text)}: command ${shown(commandOf(text))}, token ${shown(tokenOfSpec(text))}, folder ${shown(folderOf(text))}, like nothing ${String(sameDocument("{}", text))}`,
    );
    const args = [
      { projectId: "1", name: "orders" },
      {
        projectId: "1",
        name: "orders",
        description: "d",
        path: "c/d",
        timeoutSeconds: 5400,
        rerunMode: "AllDenied",
        rerunIntervalSeconds: 60,
        script: { command: "DIDE_SHELL", language: "shell", parameters: "a=1 b=$bizdate $x" },
        trigger: { type: "Scheduler", cron: "0 0 2 * * ?", startTime: "2020-01-01 00:00:00" },
        runtimeResource: { resourceGroupId: "r", cu: "0.5" },
        dependencies: [
          { type: "Normal", upstreamOutput: "a.b" },
          { type: "CrossCycleDependsOnSelf" },
          { type: "Normal", upstreamTaskId: "5" },
        ],
        outputs: { taskOutputs: ["a.c"], variables: [{ name: "o", type: "Constant", value: "1" }] },
        inputs: { variables: [{ name: "i", type: "NodeOutput", value: "v" }] },
      },
    ] as never[];
    for (const given of args)
      for (const [content, token] of [
        ["select 1;", TOKEN],
        [undefined, undefined],
      ] as const)
        for (const present of [undefined, texts[9], texts[11]])
          lines.push(
            `${shown(present).slice(0, 40)} ${content ?? "no code"}: ${nodeSpec(given, content, token, present)}`,
          );
    lines.push([0, 1, 3599, 3600, 3601].map((seconds) => `${seconds}=${inWholeHours(seconds)}`).join(" "));
    lines.push(shown(merge({ a: { b: 1, c: 2 }, d: [1], e: 1 }, { a: { c: 3 }, d: [2], e: undefined, f: { g: 1 } })));
    const others = [
      ["1/node/2", "1/Dev/task/2", "1/Prod/task/2", "", "1"].map((id) => shown(place(id))),
      [undefined, {}, { TaskId: "" }, { TaskId: 0 }, { TaskId: 7 }, { TaskId: "7" }].map((node) =>
        shown(taskOfNode(node)),
      ),
      [undefined, { values: {} }, { values: { outputs: { taskOutputs: ["a"] } } }].map((found) =>
        shown(outputsOf({ found } as never)),
      ),
      [{ Id: 1 }, { Id: 1, ProjectId: 2, Owner: 3, Description: "x" }].map((item) => shown(asTask(item as never))),
      [undefined, "x", `x\n[pulumi-data-tasks:${TOKEN}]`].map((Description) =>
        shown(tokenOfTask({ Description } as never)),
      ),
      [{}, { a: undefined }, { a: null }, { a: 1, b: undefined }].map(
        (each) => `${shown(compact(each))} ${shown(part(each))}`,
      ),
    ];
    pinned.has("nodes", [...lines, ...others.map((each) => each.join(", "))]);
  });

  it("of the script of a sync task, and what a console has put into it", () => {
    const step = (name: string | undefined, rest: Properties = {}): Properties => ({
      ...(name !== undefined && { name }),
      ...{ stepType: "mysql", category: "reader", parameter: { table: "a" } },
      ...rest,
    });
    const put = (each: Properties): Properties => ({ ...each, gui: each["name"] ?? "none", copies: 1 });
    const lists: Readonly<Record<string, readonly Properties[]>> = {
      "as it is": [step("Reader"), step("Writer", { category: "writer" })],
      "in another order": [step("Writer", { category: "writer" }), step("Reader")],
      "one renamed": [step("Reader 2"), step("Writer", { category: "writer" })],
      "one of another type": [step("Reader", { stepType: "odps" }), step("Writer", { category: "writer" })],
      "one of another category": [step("Reader", { category: "writer" }), step("Writer", { category: "writer" })],
      "one without a name": [step(undefined), step("Writer", { category: "writer" })],
      "one more": [step("Reader"), step("Reader", { parameter: { table: "b" } }), step("Writer")],
      none: [],
    };
    const text = (steps: readonly Properties[]) => JSON.stringify({ type: "job", steps, extend: { mode: "wizard" } });
    const [first = []] = Object.values(lists);
    const nameless = [step(undefined), step("Writer", { category: "writer" })];
    const lines = [first, nameless].flatMap((declared) =>
      Object.entries(lists).map(([title, steps]) => {
        const sent = contentToSend(text(declared.map(put)), { type: "job", steps }, undefined);
        return `${title}: ${sent ?? "nothing"}`;
      }),
    );
    pinned.has("the script of a sync task", lines);
  });

  it("of the files of sync tasks", () => {
    const File = { FileId: 22, FileName: "orders", FileDescription: "d", Owner: "1", Content: "{}", AutoRerunTimes: 3 };
    const NodeConfiguration = {
      CronExpress: "00 15 02 * * ?",
      CycleType: "DAY",
      SchedulerType: "NORMAL",
      Stop: false,
      ParaValue: "a=1",
      RerunMode: "ALL_ALLOWED",
      InputList: [{ Input: "root" }, { Input: "a.b" }],
      OutputList: [{ Output: "x.y" }, { Output: "shop.22_out" }],
      StartEffectDate: 1577836800000,
    };
    const file = { File, NodeConfiguration } as never;
    const bare = { File: { FileId: "22" }, NodeConfiguration: {} } as never;
    const args = {
      projectId: "1",
      name: "orders",
      folder: "Business Flow/a",
      cu: 0.5,
      resourceGroup: "r",
      description: "d",
      schedule: {
        cron: "00 15 02 * * ?",
        inputs: ["a.b", "root"],
        outputs: ["shop.22_out"],
        parameters: "a=1",
        startTime: "2020-01-01 00:00:00",
        stop: true,
        outputParameters: [{ name: "o", type: "Constant", value: "1" }],
      },
    } as never;
    const all = new Set(
      ["name", "folder", "description", "projectId", "taskContent", "owner"].concat(
        ["cron", "inputs", "outputs", "parameters", "startTime", "stop", "outputParameters", "timeout"].map(
          (name) => `schedule.${name}`,
        ),
      ),
    );
    const terms = { zone: "Asia/Shanghai", token: TOKEN };
    const sent = updateParameters(args, all, terms);
    const lines = [
      `all ${shown(sent)}`,
      `some ${shown(updateParameters(args, new Set(["schedule.cron", "description"]), { zone: "UTC" }))}`,
      ...[file, bare].map((each) => `unlike ${shown(unlike(sent, each, terms))}`),
      `hidden ${shown(unlike(sent, file, { ...terms, hidesOwnOutputOf: "22" }))}`,
      ...[{ FileName: "o" }, { Stop: true }, { SchedulerType: "PAUSE" }, { CronExpress: "0" }].map(
        (each) => `undoing ${shown(each)} ${shown(undoing(file, bare, each, "Asia/Shanghai"))}`,
      ),
      `undoing nothing ${shown(undoing(file, file, {}, "UTC"))}`,
      ...[{}, { resourceGroup: "r" }, { cu: 1, folder: "f", resourceGroup: "r", name: "n" }].map(
        (each) => `${shown(taskParam("CreateDISyncTask", each))} ${shown(taskParam("UpdateDISyncTask", each))}`,
      ),
      [file, bare].map((each) => `${shown(outputOf(each))} ${shown(inputList(each))}`).join(", "),
      [args, {}, { schedule: { outputs: ["shop.2_out"] } }]
        .map((each) => String(declaresOwnOutput(each as never, "22")))
        .join(),
      [{}, { AbsoluteFolderPath: "Business Flow/a/b" }, { AbsoluteFolderPath: "" }]
        .map((each) => shown(folderFrom(each)))
        .join(),
      [undefined, "", "UTC"].map((zone) => zoneOf(zone)).join(),
      ["a.22_out", "a.122_out", "22_out"].map((output) => String(isOwnOutput(output, "22"))).join(),
      ["ALL_ALLOWED", "AllAllowed", "Allowed", "FailureAllowed", "Denied", "ALLDENIED", "other", "", null]
        .map((word) => shown(rerunModeFrom(word)))
        .join(),
      ["a", "", 7, true, null, {}].map((each) => `${shown(textFrom(each))}|${shown(wordFrom(each))}`).join(),
      ["7", "", 0, null, undefined].map((each) => shown(numberFrom(each))).join(),
      [undefined, null, "", "0", 0, 7, "7", true, {}].map((each) => shown(idIn(each))).join(),
    ];
    pinned.has("files", lines);
  });

  it("of WeData's tasks", () => {
    const answers: unknown[] = [
      "D",
      "C",
      "W",
      "M",
      "Y",
      "H",
      "I",
      "O",
      "R",
      "DAY_CYCLE",
      "day",
      "0",
      "3",
      3,
      12,
      "99",
      null,
      undefined,
    ];
    const lines = answers.map(
      (answer) =>
        `${shown(answer)}: cycle ${[undefined, "Month", "FlexibleMonth"].map((each) => shown(readCycle(answer, each))).join(" ")}`,
    );
    lines.push(
      Object.keys(CYCLES)
        .map((word) => `${word}=${shown(readCycle(word))}`)
        .join(" "),
    );
    for (const answer of ["parallel", "orderly", "serial", "1", 2, 3, "0", "other", null])
      lines.push(
        `${shown(answer)}: ${shown(readSelfDepend(answer, false))} ${shown(readSelfDepend(answer, true))} ${String(isAmbiguous(answer))}`,
      );
    const word = wordFor(PRIORITIES);
    lines.push(
      ["high", 4, 9].map((each) => `${shown(word.canonical(each as never))} ${shown(word.to(each as never))}`).join(),
      ["4", 5, "x", null, 9, ""].map((each) => shown(word.from(each))).join(),
      ["a", 7, 7n, null, true].map((each) => shown(asText(each))).join(),
      ["7", " ", "", 7, "x", NaN, Infinity, null, true].map((each) => shown(asNumber(each))).join(),
      [true, false, 1, 0, "1", "0", "yes", "no", "", null, undefined].map((each) => shown(asFlag(each))).join(),
      [";8738;", " ; a;b ; ", "", ";"].map(unwrapped).map(shown).join(),
      shown([encode("größe"), decode(encode("größe"))]),
    );
    const live = { a: '{"b":1,"added":2}', c: "text", bucket: "x", "pulumi-data-tasks": TOKEN, other: "o", gone: "g" };
    const declared = { a: '{"b":2}', c: "new", d: "[1, 2]" };
    lines.push(
      shown(toExtension(declared, {})),
      shown(toExtension(declared, { token: TOKEN, made: true })),
      shown(toExtension(declared, { token: TOKEN, made: false })),
      ...[{}, { gone: "", a: "" }, { a: shapesOf(declared)["a"], gone: "x" }].map((ours) =>
        shown(toExtension(declared, { token: TOKEN, made: true, extension: { live, ours } } as never)),
      ),
      shown(ofOthers(live)),
      shown([shapesOf(declared), canonicalExtension({ a: '{ "z": 1, "a": 2 }', b: "x y" })]),
      shown(entriesOf([{ ParamKey: "a", ParamValue: 7 }, { ParamKey: null }, null, "x"])),
      shown(entriesOf("x")),
      ...[undefined, {}, shapesOf(declared)].map((shapes) =>
        shown(
          fromExtension(
            Object.entries(live).map(([ParamKey, ParamValue]) => ({ ParamKey, ParamValue })),
            shapes,
          ),
        ),
      ),
      shown([
        toParameters({ a: "1" }),
        fromParameters([{ ParamKey: "a", ParamValue: 1 }, {}, 7]),
        fromParameters(null),
      ]),
    );
    for (const owners of [undefined, ["1"], ["1", "2"]])
      lines.push(
        `${shown(owners)}: ${["1", ";1;", "1,2", "3", "", 7, null].map((answer) => shown(fromOwners(answer, { terms: { declared: owners && { owners } } } as never))).join(" ")}`,
      );
    const dependencies = [
      { dependConfType: "DAY", subordinateCyclicType: "CURRENT_DAY", parentTask: "1" },
      { dependConfType: "DAY", parentTask: { taskId: "2", taskName: "t", workflowId: "w", cycleType: "Day" } },
      { dependConfType: "DAY", parentTask: { taskId: "3" }, dependencyStrategy: "WAITING" },
    ] as never[];
    lines.push(
      shown(detailed(dependencies)),
      shown(innerTasks(dependencies)),
      shown(mainlandPart(dependencies)),
      shown(mainlandPart([])),
    );
    lines.push(
      shown(canvasPlace(TOKEN)),
      [{ LastUpdate: "2026" }, { LastUpdate: 7 }, { LastUpdate: null }, {}]
        .map((task) => shown(modifyTimeOf(task as never)))
        .join(),
      [undefined, null, 7, "x", {}, { script: true, token: "t", made: true, other: 1 }]
        .map((each) => shown(readingIn(each)))
        .join(),
      [
        {},
        { script: { content: "x" } },
        { parameters: { a: "1" }, taskExt: { b: '{"c":1}' }, script: { content: "x" } },
      ]
        .flatMap((args) =>
          [undefined, { made: true }, { token: TOKEN, ignored: ["notes"] }].map((before) =>
            shown(readingOf(args as never, before as never)),
          ),
        )
        .join("\n"),
      shown(withBothNames({ TaskId: 7, ProjectId: 8, TaskType: null, Submit: "true", cycleType: 1 })),
      shown(withBothNames({ CycleType: "D", SelfDepend: 1, LastUpdate: "x", Properties: [{ ParamKey: "a" }] })),
    );
    pinned.has(
      "WeData",
      lines.flatMap((line) => line.split("\n")),
    );
  });
});
