/**
 * The points of contracts.md §6 and §7 that concern a sync task: where the assumption is named in code (below
 * provider/resources/dataworks-di-sync-task unless said otherwise), the switch of the emulator that plays the other
 * answer, and what comes of it.
 *
 * | item                                          | assumption               | switch                              | outcome |
 * |-----------------------------------------------|--------------------------|-------------------------------------|---------|
 * | §6.10 success beside an error text            | clouds/alibaba/answer.ts | diSyncSuccessCarriesMessage, diSyncFailureIsUnsuccessful | converges; a failure is told by the flag |
 * | §6.12 UpdateDISyncTask wants both parameters  | write.ts updateSync      | updateDISyncTaskDemands             | converges, with one or two refused calls an update |
 * | §6.13 TaskContent in the URL                  | write.ts LONGEST_CONTENT_IN_QUERY | longestContentInUrl        | converges through UpdateFile |
 * | §6.14 TaskParam demanded when created         | make.ts                  | createDemandsTaskParam              | converges |
 * | §6.16 InternalError.DI.Parameter              | clouds/alibaba/errors.ts | diFailureIsServerError              | refused once, not repeated |
 * | §6.17 three spellings of RerunMode            | answers.ts RERUN_MODES   | fileWords                           | converges |
 * | §7 a missing file                             | lookup.ts getFile        | missingFile, repeatedDelete         | gone, and deleted twice |
 * | §7 absent fields of UpdateFile                | wire.ts undoing          | updateFileClearsAbsent              | put back, with a warning |
 * | OutputList with or without the own output     | wire.ts withOwnOutput    | outputListIsWhole                   | converges, the own output stays |
 * | §7 empty fields of UpdateFile                 | reading.ts               | updateFileEmptyKeeps                | the service keeps the value: one warning, no difference after it |
 * | §7 UpdateFile and what is unchanged           | update-file.ts           | updateFileRefusesUnchanged          | converges |
 * | §7 InputList demanded for a sync task         | update-file.ts           | inputListRequired                   | converges with inputs; without any says what to give |
 * | §7 how soon a read shows a write              | reading.ts SETTLING      | fileReadLagMilliseconds             | waits, converges |
 * | §7 TaskContent byte for byte                  | core/document.ts         | fileContentNormalised               | converges |
 * | §7 TaskParam leaves a trace in Content        | core/document.ts         | taskParamInContent                  | converges |
 * | §7 TaskParam replaced or merged               | wire.ts taskParam        | taskParamReplaces                   | converges, both members kept |
 * | §7 lifetime of a ClientToken                  | make.ts                  | clientTokenIgnored, clientTokenSurvivesDelete, clientTokenConflict | no duplicate, no dead file |
 * | §7 Stop and SchedulerType are one setting     | wire.ts ONE_SETTING      | stopIsSchedulerType                 | converges |
 * | what an edit moves                            | reading.ts unmovedFile   | scheduleEditMarks                   | seen by the time or by the commit; an edit that moves neither is seen with dataworks:fullRefresh alone |
 * | DeployFile in simple mode                     | publish.ts PRODUCTION    | deployInSimpleMode                  | converges |
 */
import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../emulator/index";
import { configure } from "../../provider/clouds/connections";
import { type Properties } from "../../provider/core/definition";
import { hooks } from "../../provider/core/lifecycle";
import { definition } from "../../provider/resources/dataworks-di-sync-task/resource";

interface Stored {
  FileId: string;
  Content: string;
  FileDescription: string;
  DeletedStatus: string;
  TaskParam: { ResourceGroup?: string; Cu?: number };
  NodeConfiguration: Record<string, unknown>;
  deployed?: Stored;
}

const content = (changes: Properties = {}): Properties => ({
  type: "job",
  version: "2.0",
  steps: [
    { stepType: "mysql", name: "Reader", category: "reader", parameter: { column: ["id"], where: "" } },
    { stepType: "odps", name: "Writer", category: "writer", parameter: { table: "ods_orders" } },
  ],
  setting: { executeMode: null, speed: { concurrent: 2 } },
  order: { hops: [{ from: "Reader", to: "Writer" }] },
  ...changes,
});
const schedule = (changes: Properties = {}): Properties => ({
  cron: "00 30 02 * * ?",
  rerunMode: "FAILURE_ALLOWED",
  startTime: "2026-01-01 00:00:00",
  parameters: "bizdate=$bizdate",
  inputs: ["shop_integration_root"],
  outputParameters: [{ name: "rows", type: "Variable", value: "${rows}" }],
  resourceGroupIdentifier: "S_res_group_schedule",
  ...changes,
});

describe("Either answer of the service, for a DataWorksDISyncTask", function () {
  this.timeout(20_000);
  let emulator: Emulator;
  let config: Record<string, string>;
  let said: string[] = [];
  let serial = 0;
  const task = hooks(definition, {
    ready: () => Promise.resolve(),
    warn: (message) => said.push(message),
    inform: (message) => said.push(message),
  });
  const start = async (switches: Record<string, unknown>): Promise<void> => {
    await emulator?.close();
    emulator = await startEmulator({ stageMilliseconds: 0, switches });
    config = {
      "dataworks:endpoint": emulator.dataworks,
      "dataworks:accessKeyId": emulator.accessKeyId,
      "dataworks:accessKeySecret": emulator.accessKeySecret,
      "dataworks:requestsPerSecond": "10000",
    };
    configure({ get: (key) => config[key] });
    said = [];
  };
  afterEach(() => emulator.close());

  const orders = (changes: Properties = {}): Properties => ({
    projectId: emulator.legacyProjectId,
    name: "sync_orders",
    taskContent: content(),
    resourceGroup: "S_res_group_di",
    cu: 0.5,
    description: "Orders of the day",
    schedule: schedule(),
    creationToken: `token${String((serial += 1)).padStart(8, "0")}`,
    ...changes,
  });
  const checked = async (news: Properties): Promise<Properties> => {
    const { inputs, failures } = await task.check({}, news);
    assert.deepEqual(failures, []);
    return inputs;
  };
  const file = async (): Promise<Stored> => {
    const all = (await emulator.tasks("dataworks-files")) as Stored[];
    const living = all.filter(({ DeletedStatus }) => DeletedStatus === "NORMAL");
    assert.equal(living.length, 1);
    return living[0] as Stored;
  };
  /** No difference in a preview, and none after a refresh. */
  const settled = async (id: string, outs: Properties, inputs: Properties): Promise<void> => {
    assert.deepEqual(await task.diff(id, outs, inputs), { changes: false, replaces: [], deleteBeforeReplace: true });
    // As the list shows it, and as it is read in full.
    for (const whole of ["false", "true"]) {
      config["dataworks:fullRefresh"] = whole;
      configure({ get: (key) => config[key] });
      const read = await task.read(id, outs);
      assert.equal(read.inputs, undefined);
      assert.deepEqual(read.props, outs);
    }
    config["dataworks:fullRefresh"] = "false";
    configure({ get: (key) => config[key] });
  };

  /** A life with every kind of step: each ends without a difference, and with the right values in the service. */
  const lives = async (given: Properties = orders()): Promise<void> => {
    let inputs = await checked(given);
    const made = await task.create(inputs);
    const { id } = made;
    let outs = made.outs;
    await settled(id, outs, inputs);
    const step = async (edit: Properties): Promise<Stored> => {
      inputs = await checked({ ...inputs, ...edit });
      assert.equal((await task.diff(id, outs, inputs)).changes, true);
      ({ outs } = await task.update(id, outs, inputs));
      await settled(id, outs, inputs);
      return file();
    };
    const { speed: _speed, ...setting } = content()["setting"] as Properties;
    const one = await step({ taskContent: content({ setting: { ...setting, errorLimit: { record: "5" } } }) });
    assert.deepEqual((JSON.parse(one.Content) as Properties)["setting"], {
      executeMode: null,
      errorLimit: { record: "5" },
    });
    assert.deepEqual(one.TaskParam, { ResourceGroup: "S_res_group_di", Cu: 0.5 });
    const two = await step({ cu: 2, schedule: schedule({ cron: "0 0 3 * * ?", rerunMode: "ALL_DENIED" }) });
    assert.deepEqual(two.deployed?.TaskParam, { ResourceGroup: "S_res_group_di", Cu: 2 });
    assert.equal(two.deployed?.NodeConfiguration["CronExpress"], "0 0 3 * * ?");
    assert.equal(two.deployed?.NodeConfiguration["RerunMode"], "ALL_DENIED");
    assert.equal(two.deployed?.NodeConfiguration["ParaValue"], "bizdate=$bizdate");
    await emulator.touch("dataworks-files", String(outs["fileId"]), { CronExpress: "0 0 9 * * ?" });
    const read = await task.read(id, outs);
    assert.deepEqual(read.inputs, { ...inputs, schedule: { ...(inputs["schedule"] as object), cron: "0 0 9 * * ?" } });
    ({ outs } = await task.update(id, read.props, inputs));
    assert.equal((await file()).deployed?.NodeConfiguration["CronExpress"], "0 0 3 * * ?");
    await settled(id, outs, inputs);
    await task.delete(id, outs);
    assert.equal((await task.read(id, outs)).id, "");
    await task.delete(id, outs);
    const [stored] = (await emulator.tasks("dataworks-files")) as Stored[];
    assert.equal(stored?.deployed, undefined);
  };

  const both = (item: string, cases: readonly (readonly [name: string, switches: Record<string, unknown>])[]): void => {
    describe(`contracts ${item}`, () => {
      for (const [name, switches] of cases) {
        it(`${name}: a whole life converges`, async () => {
          await start(switches);
          await lives();
        });
      }
    });
  };

  both("§6.10 judge by the flag, not by the message", [
    ["no message", {}],
    ["a success carries an error text", { diSyncSuccessCarriesMessage: true }],
  ]);
  describe("contracts §6.10 a failure", () => {
    for (const diSyncFailureIsUnsuccessful of [false, true]) {
      it(`is one with Success ${String(!diSyncFailureIsUnsuccessful)}`, async () => {
        await start({ diSyncFailureIsUnsuccessful, strictResourceGroup: true });
        await assert.rejects(
          task.create(await checked(orders({ resourceGroup: "somewhere" }))),
          /somewhere\] is invalid/,
        );
      });
    }
  });

  both("§6.12 UpdateDISyncTask and what is unchanged", [
    ["both are demanded and may be empty", { updateDISyncTaskDemands: "both" }],
    ["both are demanded with a value", { updateDISyncTaskDemands: "filled" }],
  ]);

  both("§6.13 TaskContent in the URL", [["a URL is shorter than we think", { longestContentInUrl: 400 }]]);
  describe("contracts §6.13 TaskContent in the URL", () => {
    it("a longer script never goes there", async () => {
      await start({ longestContentInUrl: 7_000 });
      await lives(orders({ taskContent: content({ comment: "x".repeat(6_000) }) }));
      const refused = (await emulator.calls()).filter(({ http }) => http === 414);
      assert.deepEqual(refused, []);
    });
  });

  describe("contracts §6.14 TaskParam when a task is created", () => {
    for (const createDemandsTaskParam of [false, true]) {
      it(`${createDemandsTaskParam ? "demanded" : "optional"}: is sent empty only where it is demanded`, async () => {
        await start({ createDemandsTaskParam });
        const { resourceGroup: _group, cu: _cu, ...others } = orders();
        const inputs = await checked(others);
        const { id, outs } = await task.create(inputs);
        await settled(id, outs, inputs);
        assert.equal((await emulator.counts())["CreateDISyncTask"], createDemandsTaskParam ? 2 : 1);
      });
    }
  });

  describe("contracts §6.16 InternalError.DI.Parameter", () => {
    it("means the arguments: it is told once and not repeated", async () => {
      await start({ diFailureIsServerError: true, strictResourceGroup: true });
      await assert.rejects(
        task.create(await checked(orders({ resourceGroup: "somewhere" }))),
        /InternalError.DI.Parameter.*correct it and run again/,
      );
      assert.equal((await emulator.counts())["CreateDISyncTask"], 1);
    });
  });

  both("§6.17 the words of enumerations", [
    ["other spellings, words for numbers, text for flags", { fileWords: "other" }],
  ]);

  describe("contracts §7 a missing file", () => {
    for (const missingFile of ["error", "unsuccessful", "recycle-bin", "null"]) {
      for (const repeatedDelete of ["error", "success"]) {
        it(`answers “${missingFile}”, and a second deletion “${repeatedDelete}”: a whole life converges`, async () => {
          await start({ missingFile, repeatedDelete });
          await lives();
        });
      }
    }
  });

  both("§7 absent fields of UpdateFile", [["they are reset", { updateFileClearsAbsent: true }]]);

  describe("the output that the service gives every file", () => {
    for (const outputListIsWhole of [false, true])
      it(`stays when others are declared and taken away, ${outputListIsWhole ? "in a list that is the whole one" : "beside the list"}`, async () => {
        await start({ outputListIsWhole });
        const outputsOf = ({ NodeConfiguration }: Stored): string[] =>
          (NodeConfiguration["OutputList"] as { Output: string }[]).map(({ Output }) => Output);
        const given = orders();
        const withOutputs = (outputs: string[] | undefined) => checked({ ...given, schedule: schedule({ outputs }) });
        const { id, ...made } = await task.create(await withOutputs(["shop.ods_orders"]));
        let { outs } = made;
        const own = new RegExp(`\\.${String(outs["fileId"])}_out$`);
        for (const outputs of [["shop.ods_orders", "shop.dim"], ["shop.dim"], undefined, ["shop.ods_orders"]]) {
          const inputs = await withOutputs(outputs);
          ({ outs } = await task.update(id, outs, inputs));
          await settled(id, outs, inputs);
          const now = await file();
          for (const seen of [outputsOf(now), outputsOf(now.deployed as Stored)]) {
            assert.match(seen[0] ?? "", own);
            assert.deepEqual(seen.slice(1).sort(), [...(outputs ?? [])].sort());
          }
          assert.match(String(outs["output"]), own);
        }
      });
  });

  describe("contracts §7 empty fields of UpdateFile", () => {
    const removals: [name: string, edit: Properties][] = [
      ["no description", { description: undefined }],
      ["an empty description", { description: "" }],
      ["empty parameters", { schedule: schedule({ parameters: "" }) }],
      [
        "lists and parameters taken away",
        { schedule: schedule({ parameters: undefined, outputParameters: undefined }) },
      ],
      ["an empty list", { schedule: schedule({ inputs: [] }) }],
    ];
    for (const updateFileEmptyKeeps of [false, true]) {
      for (const [name, removal] of removals) {
        it(`${name} ends without a difference where they ${updateFileEmptyKeeps ? "change nothing" : "clear"}`, async () => {
          await start({ updateFileEmptyKeeps });
          const inputs = await checked(orders({ publish: false }));
          const { id, outs } = await task.create(inputs);
          const news = await checked({ ...inputs, ...removal });
          said = [];
          const updated = await task.update(id, outs, news);
          await settled(id, updated.outs, news);
          const isToken = "description" in removal;
          assert.equal(/keeps/.test(said.join()), updateFileEmptyKeeps && !isToken, said.join());
        });
      }
    }
  });

  both("§7 UpdateFile and what is unchanged", [["it is refused", { updateFileRefusesUnchanged: true }]]);
  describe("contracts §7 UpdateFile and what is unchanged", () => {
    it("a reply that was lost is no failure although the repeated call is refused", async () => {
      await start({ updateFileRefusesUnchanged: true });
      const inputs = await checked(orders({ publish: false }));
      const { id, outs } = await task.create(inputs);
      const news = await checked({ ...inputs, schedule: schedule({ parameters: "a=1" }) });
      await emulator.fault({ kind: "drop-after", operation: "UpdateFile" });
      const updated = await task.update(id, outs, news);
      await settled(id, updated.outs, news);
    });
    it("what was put right by hand and not committed is published all the same", async () => {
      await start({ updateFileRefusesUnchanged: true });
      const inputs = await checked(orders());
      const { id, outs } = await task.create(inputs);
      await emulator.touch("dataworks-files", String(outs["fileId"]), { CronExpress: "0 0 9 * * ?" });
      const read = await task.read(id, outs);
      await emulator.touch("dataworks-files", String(outs["fileId"]), { CronExpress: "0 30 2 * * ?" });
      await emulator.reset();
      const updated = await task.update(id, read.props, inputs);
      assert.deepEqual((await emulator.counts())["SubmitFile"], 1);
      await settled(id, updated.outs, inputs);
    });
    it("the upstreams that go along are left out after the first refusal", async () => {
      await start({ updateFileRefusesUnchanged: true });
      const inputs = await checked(orders({ publish: false }));
      const made = await task.create(inputs);
      let { outs } = made;
      const counts: (number | undefined)[] = [];
      for (const parameters of ["a=1", "a=2", "a=3"]) {
        await emulator.reset();
        const news = await checked({ ...inputs, schedule: schedule({ parameters }) });
        ({ outs } = await task.update(made.id, outs, news));
        counts.push((await emulator.counts())["UpdateFile"]);
      }
      assert.deepEqual(counts, [2, 1, 1]);
    });
  });

  both("§7 InputList demanded for a sync task", [["it is", { inputListRequired: true }]]);
  describe("contracts §7 InputList demanded for a sync task", () => {
    it("says what to give where there is none", async () => {
      await start({ inputListRequired: true });
      const inputs = await checked(orders({ schedule: schedule({ inputs: undefined }) }));
      await assert.rejects(
        task.create(inputs),
        /MissingInputList.*give schedule.inputs, such as <workspace name>_root/,
      );
      const news = await checked({ ...inputs, schedule: schedule() });
      const { id, outs } = await task.create(news);
      await settled(id, outs, news);
    });
    it("a refusal of another kind does not make it forget the upstreams", async () => {
      await start({ inputListRequired: true });
      const inputs = await checked(orders({ publish: false }));
      const { id, outs: first } = await task.create(inputs);
      let outs = first;
      await emulator.fault({ kind: "business-failure", operation: "UpdateFile", message: "Locked by somebody." });
      const one = await checked({ ...inputs, schedule: schedule({ parameters: "a=1" }) });
      await assert.rejects(task.update(id, outs, one), /Locked by somebody/);
      ({ outs } = await task.update(id, outs, one));
      await emulator.setSwitch("inputListRequired", false);
      await emulator.fault({ kind: "business-failure", operation: "UpdateFile", message: "Locked by somebody." });
      const two = await checked({ ...inputs, schedule: schedule({ parameters: "a=2" }) });
      ({ outs } = await task.update(id, outs, two));
      await emulator.setSwitch("inputListRequired", true);
      const three = await checked({ ...inputs, schedule: schedule({ parameters: "a=3" }) });
      ({ outs } = await task.update(id, outs, three));
      await settled(id, outs, three);
    });
    it("passes the service's own reason on where the commit finds none", async () => {
      await start({});
      const inputs = await checked(orders({ publish: false, schedule: schedule({ inputs: undefined }) }));
      const { id, outs } = await task.create(inputs);
      await emulator.setSwitch("inputListRequired", true);
      const news = await checked({ ...inputs, publish: true });
      await assert.rejects(task.update(id, outs, news), /the commit \(package \d+\) failed: The node has no upstream/);
    });
  });

  both("§7 how soon a read shows a write", [["later", { fileReadLagMilliseconds: 300 }]]);
  both("§7 TaskContent byte for byte", [["rendered anew, with members added", { fileContentNormalised: true }]]);
  both("§7 TaskParam and the script", [
    ["it leaves a trace there", { taskParamInContent: true }],
    ["and the script is rendered anew", { taskParamInContent: true, fileContentNormalised: true }],
    ["an update replaces it whole", { taskParamReplaces: true }],
  ]);
  describe("contracts §7 TaskParam and the script", () => {
    it("the old trace of a resource group does not come back with an edit of the script", async () => {
      await start({ taskParamInContent: true });
      const inputs = await checked(orders());
      const { id, outs } = await task.create(inputs);
      const news = await checked({
        ...inputs,
        resourceGroup: "S_res_group_2",
        taskContent: content({ version: "2.1" }),
      });
      const updated = await task.update(id, outs, news);
      await settled(id, updated.outs, news);
      assert.deepEqual((JSON.parse((await file()).Content) as Properties)["extend"], {
        resourceGroup: "S_res_group_2",
        cu: 0.5,
      });
    });
  });

  both("§7 lifetime of a ClientToken", [
    ["it is ignored", { clientTokenIgnored: true }],
    ["it outlives its file", { clientTokenSurvivesDelete: true }],
    ["other content under it is an error", { clientTokenConflict: "error" }],
  ]);
  both("§7 Stop and SchedulerType", [["are one setting", { stopIsSchedulerType: true }]]);
  describe("contracts §7 Stop and SchedulerType", () => {
    for (const stopIsSchedulerType of [false, true]) {
      it(`${stopIsSchedulerType ? "one setting" : "two settings"}: stopping and starting again converges`, async () => {
        await start({ stopIsSchedulerType });
        let inputs = await checked(orders({ publish: false }));
        const { id, outs: first } = await task.create(inputs);
        let outs = first;
        for (const stop of [true, false]) {
          inputs = await checked({ ...inputs, schedule: schedule({ stop }) });
          ({ outs } = await task.update(id, outs, inputs));
          await settled(id, outs, inputs);
          assert.equal((await file()).NodeConfiguration["Stop"], stop);
        }
        assert.deepEqual(said, []);
      });
    }
  });
  both("what an edit of the schedule moves", [["the commit alone", { scheduleEditMarks: "commit" }]]);
  both("DeployFile in simple mode", [["refused", { deployInSimpleMode: "refused" }]]);
  describe("standard mode", () => {
    it("a whole life converges", async () => {
      await start({});
      const given = orders({ projectId: emulator.legacyStandardProjectId });
      const inputs = await checked(given);
      const { id, outs } = await task.create(inputs);
      await settled(id, outs, inputs);
    });
  });
});
