import assert from "node:assert/strict";
import { compare } from "../../cli/promote/compare";
import { UNKNOWN } from "../../provider/core/fields";
import { task } from "../review/previews";
import { all, compared, declaredFor, differences, urnOf } from "./stacks";

const workspace = { projectId: { from: "100001", to: "554000" } };
/** The same task in both stacks, but for its workspace. */
const dev = (more: object = {}) => task("ods_orders", { projectId: "100001", ...more });
const prod = (more: object = {}) => task("ods_orders", { projectId: "554000", ...more });
const orders = (there: object, now: object, then: object) => [
  { name: "orders", dev: dev(there), prod: prod(now), program: prod(then) },
];

describe("the differences between two stacks", () => {
  it("are declared where an override of the program says both values, in any spelling", () => {
    const tasks = orders(
      { trigger: { type: "Scheduler", cron: "00 00 06 * * ?" } },
      { trigger: { type: "Scheduler", cron: "0 30 1 * * ?" } },
      { trigger: { type: "Scheduler", cron: "0 30 1 * * ?" } },
    );
    const cron = { from: "0 0 6 * * ?", to: "0 30 1 * * ?" };
    assert.deepEqual(differences(tasks, declaredFor("orders", { ...workspace, "trigger.cron": cron })), [
      "declared orders projectId",
      "declared orders trigger.cron",
    ]);
    assert.deepEqual(differences(tasks, declaredFor("orders", workspace)), [
      "unexplained orders trigger.cron",
      "declared orders projectId",
    ]);
  });

  it("are pending where the preview brings what dev runs", () => {
    const [first, ...rest] = all(
      orders({ rerunTimes: 3 }, { rerunTimes: 1 }, { rerunTimes: 3 }),
      declaredFor("orders", workspace),
    );
    assert.deepEqual(first, {
      ...{ kind: "pending", task: "ods_orders", resource: "orders", class: "DataWorksTask", property: "rerunTimes" },
      ...{ from: "3", now: "1", after: "3", reason: "the promotion brings it to prod" },
    });
    assert.deepEqual(
      rest.map(({ kind }) => kind),
      ["declared"],
    );
  });

  it("are unexplained where the program gives prod what dev does not run, whether or not the preview changes it", () => {
    const reasons = (now: number) =>
      all(orders({ rerunTimes: 3 }, { rerunTimes: now }, { rerunTimes: 5 }), declaredFor("orders", workspace))
        .filter(({ kind }) => kind === "unexplained")
        .map(({ property, reason }) => `${property ?? ""}: ${reason}`);
    assert.deepEqual(reasons(3), [
      "rerunTimes: the promotion brings prod a value that dev does not run, and nothing declares it: deploy dev first, or declare it",
    ]);
    assert.deepEqual(reasons(5), ["rerunTimes: nothing declares it, and the promotion leaves it as it is"]);
    const [stale] = all(
      orders({ rerunTimes: 3 }, { rerunTimes: 5 }, { rerunTimes: 5 }),
      declaredFor("orders", { ...workspace, rerunTimes: { from: 4, to: 5 } }),
    );
    assert.equal(stale?.reason, "the program declares 4 for dev, which runs 3: deploy dev first");
  });

  it("are declared by the configuration of the stacks, where a key has both values", () => {
    const configuration = [
      { key: "shop:cron", from: "00 00 06 * * ?", to: "00 30 01 * * ?" },
      { key: "shop:retries", from: "0", to: "3" },
    ];
    const cron = (text: string) => ({ trigger: { type: "Scheduler", cron: text } });
    const tasks = orders(
      { ...cron("00 00 06 * * ?"), rerunTimes: 0 },
      { ...cron("00 30 01 * * ?"), rerunTimes: 3 },
      { ...cron("00 30 01 * * ?"), rerunTimes: 3 },
    );
    // A short value may be the same by chance.
    assert.deepEqual(differences(tasks, declaredFor("orders", workspace), { configuration }), [
      ...["unexplained orders rerunTimes", "declared orders projectId", "declared orders trigger.cron"],
    ]);
    // Where an override leads to it, it is not. The program is run with the configuration of the target alone.
    const overridden = declaredFor("orders", { ...workspace, rerunTimes: { from: 3, to: 3 } });
    assert.equal(differences(tasks, overridden, { configuration }).includes("declared orders rerunTimes"), true);
  });

  it("count as declared where texts differ by declared values alone", () => {
    const script = (content: string) => ({ script: { command: "ODPS_SQL", content } });
    const values = [{ name: "database", from: "shop_dev", to: "shop" }];
    const of = (there: string, then: string) =>
      differences(orders(script(there), script(then), script(then)), { ...declaredFor("orders", workspace), values });
    const explained = ["declared orders projectId", "declared orders script.content"];
    assert.deepEqual(
      of("insert into shop_dev.a select * from shop_dev.b;", "insert into shop.a select * from shop.b;"),
      explained,
    );
    // One of the two is written in the program as it is.
    assert.deepEqual(
      of("insert into shop_dev.a select * from shop_dev.b;", "insert into shop.a select * from shop_dev.b;"),
      explained,
    );
    assert.deepEqual(of("insert into shop_dev.a select 1;", "insert into shop.a select 2;"), [
      "unexplained orders script.content",
      "declared orders projectId",
    ]);
  });

  it("are none between the ids of the same task in both stacks, in whatever order they are kept", () => {
    const names = ["a", "b"];
    const up = names.map((name) => ({ name, dev: dev({ name }), prod: prod({ name }), program: prod({ name }) }));
    const wait = (ids: readonly string[]) => ({ dependencies: ids.map((upstream) => ({ type: "Normal", upstream })) });
    const report = {
      name: "report",
      dev: dev(wait(["100001/node/9000", "100001/node/9001"])),
      prod: prod(wait(["554000/node/8001", "554000/node/8000"])),
      program: prod(wait(["554000/node/8001", UNKNOWN])),
    };
    const tasks = { tasks: [...names, "report"].map((name) => ({ urn: urnOf(name), paths: workspace })) };
    assert.deepEqual(
      differences([...up, report], tasks).filter((each) => !each.startsWith("declared")),
      ["pending report dependencies"],
    );
    const other = { ...report, dev: dev(wait(["100001/node/9000"])) };
    assert.ok(differences([...up, other], tasks).includes("unexplained report dependencies"));
  });

  it("name a task that is in one stack alone, and what only one is declared to have", () => {
    const both = { urn: urnOf("both"), paths: workspace };
    const tasks = [
      { name: "both", dev: dev(), program: prod() },
      { name: "devOnly", dev: dev() },
      { name: "prodOnly", prod: prod(), program: prod() },
      { name: "gone", prod: prod() },
      { name: "dropped", dev: dev(), prod: prod() },
    ];
    assert.deepEqual(differences(tasks, { tasks: [both] }), [
      ...["unexplained devOnly", "unexplained dropped", "unexplained prodOnly", "pending both", "pending gone"],
      "declared both projectId",
    ]);
    const only = [
      { name: "devOnly", in: ["from" as const] },
      { name: "prodOnly", in: ["to" as const] },
      { name: "dropped", in: ["from" as const] },
    ];
    assert.deepEqual(
      differences(tasks, { tasks: [both], only }).filter((each) => !each.startsWith("pending")),
      ["declared devOnly", "declared dropped", "declared prodOnly", "declared both projectId"],
    );
  });

  it("are unexplained where a refresh has found another value that the promotion would overwrite", () => {
    const tasks = orders({ owner: "1107" }, { owner: "9999" }, { owner: "1107" });
    const declared = declaredFor("orders", workspace);
    const [recorded] = all(tasks, declared, { refreshed: new Set([urnOf("orders")]) });
    assert.deepEqual([recorded?.kind, recorded?.property], ["unexplained", "owner"]);
    assert.match(
      recorded?.reason ?? "",
      /^a refresh of prod has recorded it as changed outside of the program, .*: take it into the program and deploy that version to prod first, or put it right with an up of the version that prod runs$/,
    );
    const numbered = tasks.map((each) => ({ ...each, name: "orders#1" }));
    const [other] = all(numbered, declaredFor("orders#1", workspace), { refreshed: new Set([urnOf("orders#1")]) });
    assert.equal(other?.reason, recorded?.reason);
    // With --refresh the preview begins with what was found, and the state has what was deployed.
    const { toState } = compared(orders({ owner: "1107" }, { owner: "1107" }, { owner: "1107" }));
    const [found] = all(tasks, declared, { toState });
    assert.match(found?.reason ?? "", /^a refresh shows it changed outside of the program/);
  });

  it("say what can't be compared, and what is not ready", () => {
    const secret = {
      description: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:hunter2" },
    };
    const masked = { description: "[secret]" };
    const given = compared(
      [
        {
          name: "orders",
          dev: dev(masked),
          prod: prod(secret),
          program: prod(masked),
          devOutputs: { nodeId: "9000", phase: "publishing" },
        },
      ],
      declaredFor("orders", workspace),
    );
    const result = compare(given);
    assert.deepEqual(result.remarks, [
      "1 task has secret values, which can't be compared",
      "ods_orders: its last deployment to dev has not come to its end",
    ]);
    assert.equal(JSON.stringify(result).includes("hunter2"), false);
  });
});
