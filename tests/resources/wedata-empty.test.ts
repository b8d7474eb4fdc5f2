import assert from "node:assert/strict";
import { leaves } from "../../provider/core/fields";
import { checkInputs } from "../../provider/core/lifecycle";
import type { Properties } from "../../provider/core/definition";
import { definition } from "../../provider/resources/wedata-task/resource";
import { Stage } from "./wedata-stage";

/**
 * What an empty value means, for every argument: it is refused under a code, or it clears, which leaves the given
 * setting of the task empty, or at the value that is documented as none. `null` is always the same as leaving it out.
 */
type Empty =
  | { readonly refused: string; readonly value?: unknown }
  | { readonly value?: unknown; readonly full: unknown; readonly setting: string; readonly leaves: unknown };

const refused: Empty = { refused: "empty" };
const noNumber: Empty = { refused: "type" };
const noWord: Empty = { refused: "enum" };
const edge = { dependConfType: "DAY", subordinateCyclicType: "CURRENT_DAY" };

const EMPTY: Readonly<Record<string, Empty>> = {
  projectId: refused,
  workflowId: refused,
  taskType: noNumber,
  name: refused,
  notes: { full: "n", setting: "Notes", leaves: "" },
  "script.content": { full: "print(1)", setting: "Content", leaves: "" },
  cycleType: noWord,
  cycleStep: noNumber,
  crontabExpression: refused,
  taskAction: { full: "1,2", setting: "TaskAction", leaves: "" },
  delayTimeMinutes: noNumber,
  startupTime: noNumber,
  startTime: refused,
  endTime: refused,
  executionStartTime: refused,
  executionEndTime: refused,
  selfDepend: noWord,
  scheduleTimeZone: refused,
  scheduleRunType: noWord,
  concurrentStrategy: noWord,
  minuteOffset: noNumber,
  retriable: noNumber,
  tryLimit: noNumber,
  retryWaitMinutes: noNumber,
  executionTtlMinutes: noNumber,
  runPriority: noWord,
  resourceGroup: refused,
  yarnQueue: { full: "q", setting: "YarnQueue", leaves: "" },
  brokerIp: { full: "ins-1", setting: "BrokerIp", leaves: "any" },
  sourceServer: { full: "1", setting: "SourceServer", leaves: "" },
  targetServer: { full: "1", setting: "TargetServer", leaves: "" },
  taskExt: { value: {}, full: { a: "1" }, setting: "TaskExt", leaves: [] },
  parameters: { value: {}, full: { a: "1" }, setting: "TaskParamInfos", leaves: [] },
  dependencies: { value: [], full: [edge], setting: "Dependencies", leaves: [] },
  dependencyWorkflow: noNumber,
  owners: { refused: "empty", value: [] },
  inCharge: refused,
  eventPublisher: { refused: "required", value: {} },
  taskFolderId: refused,
  codeTemplateId: refused,
  instanceInitStrategy: noWord,
  productName: refused,
  leftCoordinate: noNumber,
  topCoordinate: noNumber,
  adopt: refused,
  publish: noNumber,
  onDelete: noWord,
  force: noNumber,
  connection: { refused: "type" },
  timeouts: { refused: "type" },
};

/** An argument with a value at its path. */
const at = (path: string, value: unknown): Properties =>
  path
    .split(".")
    .reverse()
    .reduce((inner: unknown, name) => ({ [name]: inner }), value) as Properties;

describe("an empty value of a WeDataTask", () => {
  let stage: Stage;
  before(async () => (stage = await Stage.open()));
  after(() => stage.close());
  const check = (changes: Properties) =>
    checkInputs(definition, { ...stage.orders({ cycleType: undefined }), ...changes });

  it("has a meaning for every argument", () => {
    const paths = leaves(definition.fields).map(({ path }) => path);
    assert.deepEqual(Object.keys(EMPTY).sort(), paths.filter((path) => path !== "rules").sort());
  });

  for (const [path, empty] of Object.entries(EMPTY)) {
    const value = empty.value ?? "";
    it(`null in ${path} is the same as leaving it out`, () => {
      const [without, withNull] = [undefined, null].map((nothing) => {
        const { inputs, findings } = check(at(path, nothing));
        return { inputs: { ...inputs, creationToken: "" }, findings };
      });
      assert.deepEqual(withNull, without);
    });

    if ("refused" in empty) {
      it(`${JSON.stringify(value)} in ${path} is refused [${empty.refused}]`, () => {
        const { findings } = check(at(path, value));
        const own = findings.filter(({ severity, property }) => severity === "error" && property.startsWith(path));
        assert.deepEqual(
          own.map(({ code }) => code),
          [empty.refused],
        );
      });
      continue;
    }
    it(`${JSON.stringify(value)} in ${path} clears it, and so does taking it away where that is documented`, async () => {
      const full = path === "dependencies" ? [{ ...edge, parentTask: await stage.byHand() }] : empty.full;
      const cycle = path === "taskAction" ? { cycleType: "Week" } : {};
      const name = `task of ${path}`;
      const first = await stage.created(stage.orders({ name, ...cycle, ...at(path, full) }));
      const setting = async () => {
        const { [empty.setting]: is } = (await stage.named(name)).settings;
        // What marks the task as ours stays.
        const mark = /\[pulumi-data-tasks:\w+\]|pulumi-data-tasks/;
        return Array.isArray(is)
          ? is.filter((each) => !mark.test(JSON.stringify(each)))
          : String(is).replace(mark, "").trim();
      };
      assert.notDeepEqual(await setting(), empty.leaves);
      const second = await stage.updated(first, at(path, value));
      assert.deepEqual(await setting(), empty.leaves);
      await stage.isSettled(second);
      const third = await stage.updated(second, at(path, full));
      await stage.isSettled(third);
      if (path === "script.content") return;
      const last = await stage.updated(third, at(path, undefined));
      assert.deepEqual(await setting(), empty.leaves);
      await stage.isSettled(last);
      assert.deepEqual(stage.warnings, []);
    });
  }
});
