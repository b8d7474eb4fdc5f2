/** Wall-clock times of a schedule: `yyyy-mm-dd hh:mm:ss` in a time zone for the user, epoch milliseconds on some wires. */

/** Assumption, named here alone: DataWorks shows and means the schedule in this zone unless the user names another. */
export const DEFAULT_TIME_ZONE = "Asia/Shanghai";

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "iso8601",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formats.set(zone, format);
  }
  return format;
}

/** Whether this machine knows the time zone. */
export function isTimeZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** The wall-clock time of a moment. */
export function timeAt(epochMilliseconds: number, zone: string): string {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(epochMilliseconds)
      .map(({ type, value }) => [type, value]),
  );
  const year = String(parts["year"]).padStart(4, "0");
  return `${year}-${parts["month"]}-${parts["day"]} ${parts["hour"]}:${parts["minute"]}:${parts["second"]}`;
}

const asUtc = (time: string): number => Date.parse(`${time.replace(" ", "T")}Z`);

/** The moment a wall-clock time names; one that a change of clocks leaves out is the moment as far after the gap. */
export function momentOf(time: string, zone: string): number {
  const wanted = asUtc(time);
  let moment = wanted;
  // The zone's offset may differ between the first guess and the moment itself; the second pass settles it.
  for (let pass = 0; pass < 2; pass++) moment -= asUtc(timeAt(moment, zone)) - wanted;
  return moment;
}

/** Whether the calendar has such a time: 2026-02-30 does not exist. */
export function isTime(time: string): boolean {
  const moment = asUtc(time);
  return !Number.isNaN(moment) && new Date(moment).toISOString().slice(0, 19).replace("T", " ") === time;
}
