import assert from "node:assert/strict";
import {
  canonicalCron,
  cronProblem,
  fireTimes,
  namesBothDays,
  namesHours,
  numbersWeekdays,
  runsBetween,
} from "../../provider/resources/cron";

const DATAWORKS = { fields: [6, 7] } as const;

describe("crons", () => {
  it("takes every cron that the documents, the samples and Quartz show", () => {
    const good = [
      ...["00 00 00 * * ?", "00 */30 00-23 * * ?", "0 0 0 * * ? *", "0 0 2 * * ? *", "0 0 4 * * ? *"],
      ...["0 0/30 * * * ?", "0 5/10 * * * ?", "0 0 0/2,5 * * ?", "00 00-59/5 00-23 * * ?", "0 0 2 1/5 * ?"],
      ...[
        "0 0 2 ? * MON-FRI",
        "0 0 2 ? * mon,wed",
        "0 0 2 ? * 1-7",
        "0 0 2 ? * 0",
        "0 0 2 ? * FRI-MON",
        "0 0 2 ? * 7-1",
      ],
      ...["0 0 2 ? * 2#1", "0 0 2 ? * 6L", "0 0 2 ? * L", "0 0 2 L * ?", "0 0 2 L-3 * ?", "0 0 2 LW * ?"],
      ...["0 0 2 15W * ?", "0 2 3 1,L,2 * ?", "0 0 22-2 * * ?", "0 0 20-4/2 * * ?", "0 0 2 1 NOV-FEB ?"],
      ...["0 0 2 * * ? 2026/2", "0 0 2 * * ? 2026-2030", "0 0 2 * * *", "0 0 2 1 * 1"],
    ];
    assert.deepEqual(
      good.map((cron) => cronProblem(cron, DATAWORKS)),
      good.map(() => undefined),
    );
  });

  it("says which field cannot be read, and why", () => {
    const problems: [string, RegExp][] = [
      ["0 60 2 * * ?", /^a cron, and its minute "60" is none \(it goes from 0 to 59\); got "0 60 2 \* \* \?"$/],
      ["0 0 24 * * ?", /its hour "24"/],
      ["0 0 2 32 * ?", /its day of the month "32" is none \(it goes from 1 to 31\)/],
      ["0 0 2 * 13 ?", /its month "13" is none \(it goes from 1 to 12\)/],
      ["0 0 2 ? * 8", /its day of the week "8" is none \(it goes from 0 to 7\)/],
      ["0 */0 2 * * ?", /its minute "\*\/0"/],
      ["0 0 two * * ?", /its hour "TWO"/],
      ["0 0 2 * * ? soon", /its year "SOON"/],
      ["0 2 * * ?", /^a cron of six or seven fields, second first, got "0 2 \* \* \?"$/],
      ["@daily", /six or seven fields/],
    ];
    for (const [cron, problem] of problems) assert.match(cronProblem(cron, DATAWORKS) ?? "", problem, cron);
    assert.equal(cronProblem("0 2 * * *", { fields: [5, 6, 7] }), undefined);
    assert.match(cronProblem("0 2 * *", { fields: [5, 6, 7] }) ?? "", /five, six or seven fields/);
  });

  it("has one spelling for blanks, leading zeros and case, and changes nothing else", () => {
    assert.equal(canonicalCron("  00 05  02 ? * mon-fri "), "0 5 2 ? * MON-FRI");
    assert.equal(canonicalCron("00 */05 00-09 1,02 * ?"), "0 */5 0-9 1,2 * ?");
    assert.notEqual(canonicalCron("0 0 2 * * *"), canonicalCron("0 0 2 * * ?"));
    assert.notEqual(canonicalCron("0 0 2 * * ? *"), canonicalCron("0 0 2 * * ?"));
    assert.equal(canonicalCron("0 0 10 20 * ? 2030"), "0 0 10 20 * ? 2030");
  });

  it("knows when a cron runs next, in its own zone, and that some never do", () => {
    const from = new Date("2026-01-31T00:00:00Z");
    const iso = (cron: string, zone = "Asia/Shanghai") =>
      fireTimes(cron, zone, from, 2).map((time) => time.toISOString());
    assert.deepEqual(iso("0 0 2 * * ?"), ["2026-01-31T18:00:00.000Z", "2026-02-01T18:00:00.000Z"]);
    assert.deepEqual(iso("0 0 2 * * ?", "UTC"), ["2026-01-31T02:00:00.000Z", "2026-02-01T02:00:00.000Z"]);
    assert.deepEqual(iso("0 0 22-1/3 * * ?", "UTC"), ["2026-01-31T01:00:00.000Z", "2026-01-31T22:00:00.000Z"]);
    assert.deepEqual(iso("0 0 2 30 2 ?"), []);
    assert.deepEqual(iso("0 0 2 * * ? 2020"), []);
  });

  it("counts days back from the last of the month, also beside others, and knows where there are none", () => {
    const days = (cron: string, count: number, zone = "Asia/Shanghai") =>
      fireTimes(cron, zone, new Date("2027-12-30T00:00:00Z"), count).map((time) =>
        new Date(time.getTime() + (zone === "UTC" ? 0 : 8 * 3_600_000)).toISOString().slice(0, 16),
      );
    assert.deepEqual(days("0 0 2 L-3 * ?", 4), ["2028-01-28T02:00", "2028-02-26T02:00", "2028-03-28T02:00", "2028-04-27T02:00"]); // prettier-ignore
    assert.deepEqual(days("0 0 2,14 L-1 * ?", 3), ["2027-12-30T14:00", "2028-01-30T02:00", "2028-01-30T14:00"]);
    assert.deepEqual(days("0 0 2 15,L-1,L * ?", 4), ["2027-12-31T02:00", "2028-01-15T02:00", "2028-01-30T02:00", "2028-01-31T02:00"]); // prettier-ignore
    assert.deepEqual(days("0 0 2 L-30 * ?", 3, "UTC"), ["2028-01-01T02:00", "2028-03-01T02:00", "2028-05-01T02:00"]);
    assert.deepEqual(days("0 0 2 L-28 2 ?", 2, "UTC"), ["2028-02-01T02:00", "2032-02-01T02:00"]);
    assert.deepEqual(days("0 0 2 L-3 1 ? 2050", 2, "UTC"), ["2050-01-28T02:00"]);
    assert.deepEqual(days("0 0 2 L-30 2 ?", 2), []);
  });

  it("finds the first run inside a window of the day", () => {
    assert.equal(runsBetween("0 15 22 L * ?", "22:00", "24:00"), "22:15:00");
    assert.equal(runsBetween("0 0 22 * * ?", "22:00", "24:00"), "22:00:00");
    assert.equal(runsBetween("0 */30 * * * ?", "23:30", "24:00"), "23:30:00");
    assert.equal(runsBetween("0 0 0-21 * * ?", "22:00", "24:00"), undefined);
    assert.equal(runsBetween("0 0 22 * * ?", "23:30", "24:00"), undefined);
  });

  it("tells crons that name both kinds of days, and those that run in several hours", () => {
    assert.equal(namesBothDays("0 0 2 1 * MON"), true);
    assert.equal(namesBothDays("0 0 2 1 * ?"), false);
    assert.equal(namesHours("0 0 2 * * ?"), false);
    assert.equal(namesHours("0 0 0-23 * * ?"), true);
    assert.equal(namesHours("0 30 * * * ?"), true);
  });

  it("tells weekdays that are named by number", () => {
    const numbered = ["1", "6#3", "6L", "MON,3", "MON-5", "1/2"];
    const named = ["?", "*", "MON", "MON#2", "FRIL", "MON-FRI", "*/2", "L", "MON-FRI/2"];
    assert.deepEqual(
      [...numbered, ...named].filter((day) => numbersWeekdays(`0 0 2 ? * ${day}`)),
      numbered,
    );
  });
});
