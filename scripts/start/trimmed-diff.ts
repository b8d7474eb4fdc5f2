const header = /^\s*([~+-]{1,2})\s*(\S+): \((\w[\w-]*)\)/;
const changed = /^( *[~+-] )/;

/**
 * The lines of `pulumi preview --diff` that say what changes: each resource by its short type and name, and under it the
 * marked lines with the brackets around them. What stays the same, ids, URNs and the stack's outputs are left out.
 */
export function trimmedDiff(text: string): string[] {
  const kept: string[] = [];
  let resource: { mark: string; type: string } | undefined;
  let open: number[] = [];
  for (const line of text.split("\n")) {
    if (/^\s*--outputs:--/.test(line) || /^(Resources|Outputs|Diagnostics):/.test(line)) break;
    const [, mark, type] = header.exec(line) ?? [];
    if (mark !== undefined && type !== undefined) {
      resource = { mark, type: type.replace(/^(pulumi-nodejs:dynamic\/|pulumi-data-tasks:)/, "") };
      open = [];
      continue;
    }
    const [, name] = /^\s*\[urn=.*::(.+)\]$/.exec(line) ?? [];
    if (name !== undefined && resource !== undefined) kept.push(`${resource.mark} ${name} (${resource.type})`);
    const prefix = changed.exec(line)?.[1];
    if (resource === undefined) continue;
    if (prefix !== undefined) {
      kept.push(withoutPadding(line));
      if (/[[{]$/.test(line)) open.push(prefix.length);
    } else if (/^ *[\]}]$/.test(line) && open.at(-1) === line.search(/\S/)) {
      open.pop();
      kept.push(line.slice(4));
    }
  }
  return kept;
}

/** Names are padded to the longest of their resource, most of which are gone; four columns of indentation are too. */
function withoutPadding(line: string): string {
  return line.slice(4).replace(/^( *[~+-] [^\s:"]+) +:/, "$1:");
}
