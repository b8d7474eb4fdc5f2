import type { FaultRule } from "../../emulator/index";
import type { Properties } from "../../provider/core/definition";
import { changed, without } from "../properties/stage";
import { examples } from "./kinds";
import { Pinned } from "./pinned";
import { Story } from "./stories";

/** The next answer of an operation is this one. */
const answers = (operation: string, body: Properties, times = 1): FaultRule => ({
  kind: "answer",
  operation,
  body,
  times,
});
const refuses = (operation: string, code: string): FaultRule => ({
  kind: "error",
  operation,
  code,
  message: "not so",
  http: 400,
});
const loses = (operation: string): FaultRule => ({ kind: "drop-after", operation });

const pipeline = (Pipeline: Properties, times = 1) => answers("GetPipelineRun", { Pipeline }, times);
const stage = (Step: number, Status: string, rest: Properties = {}) => ({ Step, Status, Code: `STAGE_${Step}`, ...rest }); // prettier-ignore

/** A run of a pipeline, as the services hardly ever have it. */
const RUNS: Record<string, readonly FaultRule[]> = {
  "was terminated": [pipeline({ Status: "Termination", Message: "because." })],
  "was cancelled, and nobody says why": [pipeline({ Status: "Cancel" })],
  "failed without a stage that did": [pipeline({ Status: "Fail", Stages: [stage(1, "Success")] })],
  "failed at a stage that has a name alone": [
    pipeline({ Status: "Fail", Message: "as a whole", Stages: [{ Name: "checking", Status: "Fail" }] }),
  ],
  "failed at a stage without a name": [
    pipeline({ Status: "Fail", Stages: [{ Status: "Fail", Message: "bad code." }] }),
  ],
  "has a stage that was terminated": [
    pipeline({ Status: "Running", Stages: [stage(1, "Success"), stage(2, "Termination", { Message: "by a person" })] }),
  ],
  "has a stage that was cancelled": [pipeline({ Status: "Running", Stages: [stage(1, "Cancel")] })],
  "has no stages yet": [pipeline({ Status: "Running", Stages: [] }), pipeline({ Status: "Init" })],
  "has no status": [pipeline({ Stages: [stage(1, "Success"), stage(2, "Running")] }), pipeline({})],
  "has run all its stages": [pipeline({ Status: "Running", Stages: [stage(1, "Success"), stage(2, "Success")] })],
  "has stages in another order": [
    pipeline({ Status: "Running", Stages: [stage(2, "Init"), stage(1, "Running")] }),
    pipeline({ Status: "Running", Stages: [stage(2, "Init"), stage(1, "Success")] }),
    pipeline({ Status: "Running", Stages: [stage(2, "Init"), stage(1, "Success")] }),
  ],
  "has a stage without a code": [pipeline({ Status: "Running", Stages: [{ Name: "waiting", Status: "Init" }] }, 3)],
  "cannot be started at its stage": [
    pipeline({ Status: "Running", Stages: [stage(1, "Init")] }, 3),
    refuses("ExecPipelineRunStage", "InvalidStage"),
  ],
};
/** The list of runs after one whose start was lost, or refused. The node was written at 5,000. */
const LISTED: Record<string, readonly Properties[]> = {
  nothing: [],
  "an older one under way": [{ Id: "71", Status: "Running", CreateTime: "4999", Stages: [] }],
  "one of the same moment under way": [{ Id: "71", Status: "Init", CreateTime: "5000", Stages: [] }],
  "a newer one that has ended": [{ Id: "71", Status: "Success", CreateTime: "5001" }],
  "one of the same moment that has ended": [{ Id: "71", Status: "Success", CreateTime: "5000", Stages: [] }],
  "an older one that has ended": [{ Id: "71", Status: "Success", CreateTime: "4999", Stages: [] }],
  "a newer one that has failed": [{ Id: "71", Status: "Fail", CreateTime: "5001", Stages: [] }],
  "one without an id": [{ Status: "Running", CreateTime: "5001", Stages: [] }],
  "one that takes it offline": [{ Id: "71", Status: "Running", CreateTime: "5001", Stages: [{ Type: "Offline" }] }],
  "one that has taken it offline": [{ Id: "71", Status: "Success", CreateTime: "5001", Stages: [{ Type: "Delete" }] }],
  "one that has taken it offline, and one that brought it": [
    { Id: "72", Status: "Success", CreateTime: "5002", Stages: [{ Type: "Deploy" }] },
    { Id: "71", Status: "Success", CreateTime: "5001", Stages: [{ Type: "Offline" }] },
  ],
};
const done = pipeline({ Status: "Success", Stages: [] });
const listed = (runs: readonly Properties[], nth = 1): FaultRule => ({
  ...answers("ListPipelineRuns", { PagingInfo: { PipelineRuns: runs, TotalCount: runs.length } }),
  nth,
});

describe("what the services hardly ever do", function () {
  this.timeout(120_000);
  const pinned = new Pinned("unusual");

  /** Tells a story, and what follows without those answers. */
  function row(
    name: string,
    title: string,
    faults: readonly FaultRule[],
    act: (story: Story) => Promise<void>,
    before: (story: Story) => Promise<void> = () => Promise.resolve(),
  ): void {
    const example = examples.find((each) => each.name === name);
    if (example === undefined) return;
    it(`is this: ${title}`, async () => {
      const story = await Story.open(example);
      try {
        await before(story);
        story.scene.lines.length = 0;
        for (const fault of faults) await story.scene.emulator.fault(fault);
        await story.tell("so it goes", () => act(story));
        await story.scene.emulator.clearFaults();
        await story.tell("and again", () => act(story));
        if (story.scene.outs !== undefined) await story.tell("refresh", story.refresh);
      } finally {
        await story.scene.close();
      }
      pinned.has(title, story.scene.lines);
    });
  }
  const creation = (story: Story) => story.up(story.args);
  const edit = (story: Story) => story.up(story.edited);
  const light = (story: Story) => story.up(story.lightly);
  const deletion = async ({ scene }: Story) => (scene.outs === undefined ? undefined : scene.destroy());
  const idOf = ({ scene }: Story) => scene.id.slice(scene.id.lastIndexOf("/") + 1);

  for (const [title, faults] of Object.entries(RUNS))
    row("dataworks-task", `a run of a pipeline ${title}`, faults, creation);
  for (const [title, runs] of Object.entries(LISTED)) {
    const node = answers("GetNode", { Node: { Id: "1", ModifyTime: "5000" } });
    const lost = [loses("CreatePipelineRun"), node, listed(runs), done];
    row("dataworks-task", `a start of a run is lost, and the list has ${title}`, lost, creation);
    const refused = [refuses("CreatePipelineRun", "9990030001"), listed(runs), done];
    row("dataworks-task", `a start of a run is refused, and the list has ${title}`, refused, creation);
    if (title !== "nothing" && !title.includes("offline")) continue;
    const offline = [loses("CreatePipelineRun"), listed(runs, 2), done];
    row("dataworks-task", `a start of a run offline is lost, and the list has ${title}`, offline, deletion, creation);
  }
  row("dataworks-task", "a lost start of a run, and no list of them", [loses("CreatePipelineRun"), refuses("ListPipelineRuns", "Forbidden")], creation); // prettier-ignore
  row("dataworks-task", "a refused start of a run, and no list of them", [refuses("CreatePipelineRun", "9990030001"), refuses("ListPipelineRuns", "Forbidden")], creation); // prettier-ignore
  for (const TaskId of ["", "0", "77", undefined]) {
    const nodes = [{ Id: "5", Name: "orders", Description: "somebody's", ...(TaskId !== undefined && { TaskId }) }];
    const list = answers("ListNodes", { PagingInfo: { Nodes: nodes, TotalCount: 1 } }, 2);
    row(
      "dataworks-task",
      `a node of that name is another's, with the task ${JSON.stringify(TaskId)}`,
      [list],
      (story) => story.up(without(story.args, "path")),
    );
  }
  row("dataworks-task", "a task without code", [], (story) => story.up(without(story.args, "script.content")));
  const none = { PagingInfo: { Tasks: [], TotalCount: 0 } };
  for (const [title, node] of Object.entries({
    "another task": { Id: "1", TaskId: "78" },
    "no task": { Id: "1" },
    "the same task": undefined,
  }))
    row(
      "dataworks-task",
      `a task is gone, and its node names ${title}`,
      [
        refuses("GetTask", "9990040003"),
        answers("ListTasks", none, 2),
        ...(node === undefined ? [] : [answers("GetNode", { Node: node })]),
      ],
      (story) => story.refresh(),
      creation,
    );
  row(
    "dataworks-task",
    "a draft on top of what runs is read",
    [],
    (story) => story.refresh(),
    async (story) => {
      await creation(story);
      await story.up({ ...story.edited, publish: false });
      await story.scene.emulator.touch("dataworks", String(story.scene.outs?.["taskId"]), { Timeout: 7200 });
    },
  );
  for (const [title, upstream] of Object.entries({ "is gone": "1234567", "is of another workspace": "1/Prod/task/77" }))
    row("dataworks-task", `an upstream that ${title} is named beside an output`, [], (story) =>
      story.up({
        ...story.args,
        dependencies: [
          { type: "Normal", upstreamOutput: "shop.root" },
          { type: "Normal", upstream },
        ],
      }),
    );
  for (const [name, fact] of [
    ["dataworks-task", "taskId"],
    ["dataworks-task", "nodeId"],
    ["dataworks-di-sync-task", "fileId"],
    ["wedata-task", "taskId"],
  ] as const)
    for (const value of [{ a: [1] }, "twelve"])
      row(
        name,
        `a state of ${name} in which ${fact} is ${JSON.stringify(value)}`,
        [],
        (story) => story.refresh(),
        async (story) => {
          await creation(story);
          story.scene.outs = { ...story.scene.outs, [fact]: value };
        },
      );
  for (const publish of [true, false])
    row(
      "dataworks-task",
      `a task is moved from another resource, edited, ${publish ? "and published" : "and not published"}`,
      [],
      (story) => story.up({ ...story.edited, publish }),
      async (story) => {
        await creation(story);
        const adopt = story.scene.id;
        story.scene.forget();
        story.edited["adopt"] = adopt;
        story.edited["force"] = true;
      },
    );

  for (const [title, rules] of Object.entries({
    "a creation is refused for its name, and the list has nothing": [
      refuses("CreateTaskNew", "InvalidParameter.DuplicateName"),
    ],
    "a name is said to exist, and the list has nothing": [answers("CheckTaskNameExist", { Data: true }, 99)],
  }))
    // prettier-ignore
    row("wedata-task", title, rules, creation);
  row("wedata-task", "a name with a comma is taken", [], async (story) => {
    await story.up(changed(story.args, "name", "orders, daily"));
    await story.scene.beside().up(changed(story.args, "name", "orders, daily"));
  });
  row("wedata-task", "a dependency without a strategy", [], (story) => {
    const [dependency] = story.args["dependencies"] as Properties[];
    return story.up({ ...story.args, dependencies: [without(dependency ?? {}, "dependencyStrategy")] });
  });
  row("wedata-task", "a task is said to wait for itself", [], deletion, async (story) => {
    await creation(story);
    const itself = { TaskId: idOf(story), TaskName: "orders" };
    for (const Data of [{ Items: [itself] }, [itself]])
      await story.scene.emulator.fault(answers("DescribeSuccessorOpsTaskInfos", { Data }));
  });
  row("wedata-task", "the replies to owners are lost", [loses("BatchModifyOpsOwners"), loses("ModifyTaskInfo")], edit, creation); // prettier-ignore
  row("wedata-task", "owners are not set, and nobody says why", [answers("BatchModifyOpsOwners", { Data: { FailedCount: 1 } })], edit, creation); // prettier-ignore
  row("wedata-task", "an edit is left unpublished", [], (story) => story.up({ ...story.lightly, publish: false }), creation); // prettier-ignore
  row("wedata-task", "a draft is edited", [], (story) => story.up({ ...story.edited, publish: false }), (story) => story.up({ ...story.args, publish: false })); // prettier-ignore
  row(
    "wedata-task",
    "two edits at once, the first of which fails",
    [refuses("ModifyTaskInfo", "FailedOperation")],
    async (story) => {
      const [first, second] = TWO.get(story) ?? [];
      await Promise.all([first?.up({ ...story.lightly }), second?.up({ ...story.lightly, name: "orders_2" })]);
    },
    async (story) => {
      const second = story.scene.beside();
      await creation(story);
      await second.up({ ...story.args, name: "orders_2" });
      TWO.set(story, [story.scene, second]);
    },
  );
  const TWO = new WeakMap<Story, readonly Story["scene"][]>();

  row("dataworks-di-sync-task", "the reply to the first call of an edit is lost", [loses("UpdateDISyncTask"), loses("UpdateFile")], light, creation); // prettier-ignore
});
