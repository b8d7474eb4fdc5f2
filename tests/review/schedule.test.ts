import assert from "node:assert/strict";
import { calendarOf } from "../../cli/review/calendar";
import { scheduleChange } from "../../cli/review/schedule";
import type { Timing } from "../../provider/core/outlook";

const ZONE = "Asia/Shanghai";
const daily = (time: string): Timing => {
  const [hour = "", minute = ""] = time.split(":");
  return { mode: "runs", zone: ZONE, cron: `0 ${Number(minute)} ${Number(hour)} * * ?` };
};
const weekly = (day: string): Timing => ({ mode: "runs", zone: ZONE, cron: `0 0 12 ? * ${day}` });

/** What a review says of a change at a time of a Saturday. */
function told(time: string, before: Timing, after: Timing): [string | undefined, boolean] {
  const change = scheduleChange(before, after, Date.parse(`2026-11-28T${time}:00+08:00`));
  return [change?.firstDifference, change?.remarks.some((each) => each.includes("over midnight")) ?? false];
}

describe("the first run that differs, whatever the time of day a review is made at,", () => {
  it("is today's or tomorrow's of a daily task that runs later", () => {
    for (const [time, day] of [["01:00", 28], ["04:00", 29], ["23:59", 29]] as const)
      assert.deepEqual(
        told(time, daily("02:30"), daily("03:15")),
        [`the first run that differs is that of 2026-11-${day} 02:30:00: it comes at 2026-11-${day} 03:15:00 instead`, false],
      ); // prettier-ignore
  });

  it("is a second run of today between the old time and the new one", () =>
    assert.deepEqual(told("02:45", daily("02:30"), daily("03:15")), [
      "the run of 2026-11-28 03:15:00 is the first that is new",
      false,
    ]));

  it("is lost today where the new time has passed", () =>
    assert.deepEqual(told("02:45", daily("03:15"), daily("02:30")), [
      "the run of 2026-11-28 03:15:00 is the first that no longer happens",
      false,
    ]));

  it("moves over midnight, forwards and back, at any time", () => {
    for (const time of ["00:05", "12:00", "23:45"])
      for (const [before, after] of [["23:30", "00:15"], ["00:15", "23:30"]] as const)
        assert.equal(told(time, daily(before), daily(after))[1], true, `${before} to ${after} at ${time}`); // prettier-ignore
    assert.deepEqual(told("12:00", daily("23:30"), daily("00:15"))[0], "the first run that differs is that of 2026-11-28 23:30:00: it comes at 2026-11-29 00:15:00 instead"); // prettier-ignore
    assert.deepEqual(told("12:00", daily("00:15"), daily("23:30"))[0], "the first run that differs is that of 2026-11-28 23:30:00, which was to come at 2026-11-29 00:15:00"); // prettier-ignore
  });

  it("is the counterpart of the same week of a weekly task", () =>
    assert.deepEqual(told("12:00", weekly("MON"), weekly("FRI")), [
      "the first run that differs is that of 2026-11-30 12:00:00: it comes at 2026-12-04 12:00:00 instead",
      false,
    ]));

  it("has no counterpart where runs are taken away or added", () => {
    const each = (cron: string, rest: Partial<Timing> = {}): Timing => ({ mode: "runs", zone: ZONE, cron, ...rest });
    const ending = { end: "2026-11-29 12:00:00" };
    const rows: [time: string, before: Timing, after: Timing, sentence: string][] = [
      [
        "10:00",
        each("0 0 0-23 * * ?"),
        each("0 0 0-21,23 * * ?"),
        "the run of 2026-11-28 22:00:00 is the first that no longer happens",
      ],
      ["10:00", daily("02:30"), each("0 30 2,14 * * ?"), "the run of 2026-11-28 14:30:00 is the first that is new"],
      ["10:00", weekly("MON,WED"), weekly("MON"), "the run of 2026-12-02 12:00:00 is the first that no longer happens"],
      [
        "12:30",
        each("0 0 * * * ?"),
        daily("02:30"),
        "the run of 2026-11-28 13:00:00 is the first that no longer happens",
      ],
      [
        "12:30",
        each("0 0 * * * ?"),
        each("0 20 * * * ?"),
        "the first run that differs is that of 2026-11-28 13:00:00: it comes at 2026-11-28 13:20:00 instead",
      ],
      [
        "02:45",
        each("0 30 2 * * ?", ending),
        each("0 15 3 * * ?", ending),
        "the run of 2026-11-28 03:15:00 is the first that is new",
      ],
      [
        "10:00",
        weekly("SAT"),
        each("0 0 9 ? * SAT"),
        "the run of 2026-11-28 12:00:00 is the first that no longer happens",
      ],
    ];
    for (const [time, before, after, sentence] of rows) assert.deepEqual(told(time, before, after), [sentence, false]);
  });

  it("says nothing of midnight where a run may as well have moved within its day", () => {
    for (const time of ["01:00", "10:00", "20:00"])
      for (const [before, after] of [["03:00", "16:00"], ["06:00", "18:00"], ["18:00", "06:00"]] as const)
        assert.equal(told(time, daily(before), daily(after))[1], false, `${before} to ${after} at ${time}`); // prettier-ignore
  });
});

describe("what is said beside the times of a schedule", () => {
  const at = Date.parse("2026-11-28T12:00:00+08:00");
  const said = (after: Timing, before?: Timing) => scheduleChange(before, after, at);
  const each = (cron: string, zone = ZONE): Timing => ({ mode: "runs", zone, cron });

  it("is where they are told in another time zone than the one that is named", () => {
    for (const zone of ["UTC+5:30", "UTC+15", "[secret]", "nowhere"]) {
      const change = said(each("0 0 2 * * ?", zone), daily("02:30"));
      assert.equal(change?.after?.next[0], "2026-11-29 02:00:00", zone);
      assert.deepEqual(change?.remarks, [
        `no time can be told in the time zone ${zone}: times are those of Asia/Shanghai`,
        `the time zone changes from Asia/Shanghai to ${zone}`,
      ]);
      const tasks = [{ name: "a", after: each("0 0 2 * * ?", zone) }];
      const { zone: shown, hours } = calendarOf(tasks, at);
      assert.deepEqual([shown, hours.filter(({ after }) => after > 0)[0]?.at], [ZONE, "2026-11-29 02:00"]);
    }
    assert.deepEqual(said(each("0 0 2 * * ?", "UTC+8"))?.remarks, []);
  });

  it("is that weekdays are named by number, and which day 1 is taken for", () => {
    const remark =
      "weekdays by number are read with 1 as Monday, and no document says whether 1 is that or Sunday: write SUN to SAT";
    assert.deepEqual(said(weekly("1"), weekly("MON"))?.remarks, [remark]);
    assert.deepEqual(said(weekly("MON"), weekly("6#3"))?.remarks, [remark]);
    assert.deepEqual(said(weekly("MON"), weekly("TUE#1"))?.remarks, []);
  });

  it("is nothing of days before the last of a month, which are counted", () => {
    const change = said(each("0 0 2 L-3 * ?"), each("0 0 2 L * ?"));
    assert.deepEqual(change?.after?.next.slice(0, 2), ["2026-12-28 02:00:00", "2027-01-28 02:00:00"]);
    assert.deepEqual(change.remarks, []);
  });
});
