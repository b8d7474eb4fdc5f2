/** One blank between the fields and no leading zeros: `00 00 02 * * ?` and `0 0 2 * * ?` are the same schedule. */
export const canonicalCron = (cron: string): string =>
  cron
    .trim()
    .split(/\s+/)
    .map((field) => field.replace(/^0+(?=\d)/, "").replace(/([,/-])0+(?=\d)/g, "$1"))
    .join(" ");
