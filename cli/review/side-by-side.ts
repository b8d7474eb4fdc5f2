/** One row of two texts side by side; `undefined` where one side has no such line. */
export interface Row {
  readonly before?: string;
  readonly after?: string;
  readonly changed: boolean;
}

/** So many rows are shown. */
const MOST_ROWS = 2_000;

/** The rows of a unified diff: what was taken away stands beside what was put there. `undefined`: lines left out. */
export function sideBySide(unified: string): (Row | undefined)[] {
  const rows: (Row | undefined)[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const flush = (): void => {
    for (let at = 0; at < Math.max(removed.length, added.length); at++) {
      const [before, after] = [removed[at], added[at]];
      rows.push({ ...(before !== undefined && { before }), ...(after !== undefined && { after }), changed: true });
    }
    [removed, added] = [[], []];
  };
  for (const line of unified.split("\n")) {
    if (rows.length >= MOST_ROWS) break;
    const text = line.slice(1);
    if (line.startsWith("@@")) {
      flush();
      if (rows.length > 0) rows.push(undefined);
    } else if (line.startsWith("-")) removed.push(text);
    else if (line.startsWith("+")) added.push(text);
    else if (!line.startsWith("\\")) {
      flush();
      rows.push({ before: text, after: text, changed: false });
    }
  }
  flush();
  return rows;
}
