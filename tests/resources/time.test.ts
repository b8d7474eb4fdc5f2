import assert from "node:assert/strict";
import { momentOf, timeAt } from "../../provider/resources/time";

describe("schedule times", () => {
  const cases: [time: string, zone: string, iso: string][] = [
    ["2026-01-01 00:00:00", "Asia/Shanghai", "2025-12-31T16:00:00Z"],
    ["9999-01-01 00:00:00", "Asia/Shanghai", "9998-12-31T16:00:00Z"],
    ["2026-07-01 00:00:00", "Europe/Berlin", "2026-06-30T22:00:00Z"],
    ["2026-01-01 00:00:00", "Europe/Berlin", "2025-12-31T23:00:00Z"],
    ["2026-03-29 03:00:00", "Europe/Berlin", "2026-03-29T01:00:00Z"],
    ["2026-03-29 01:59:59", "Europe/Berlin", "2026-03-29T00:59:59Z"],
    ["2026-01-01 00:00:00", "America/Los_Angeles", "2026-01-01T08:00:00Z"],
    ["1970-01-01 08:00:00", "Asia/Shanghai", "1970-01-01T00:00:00Z"],
  ];
  for (const [time, zone, iso] of cases) {
    it(`${time} in ${zone} is ${iso}, and back`, () => {
      assert.equal(momentOf(time, zone), Date.parse(iso));
      assert.equal(timeAt(Date.parse(iso), zone), time);
    });
  }
});
