import { CODES, type Code, isSettable } from "../../provider/resources/codes";
import type { Emission } from "./emitted";
import { row, table } from "./fields";
import { kinds, type Kind } from "./kinds";

export const codes = Object.entries(CODES as Readonly<Record<string, Code>>);

/** Which kinds emit a code. */
export type EmittedBy = ReadonlyMap<string, ReadonlySet<Kind["name"]>>;

export function emittedBy(found: ReadonlyMap<Emission, readonly Kind["name"][]>): EmittedBy {
  const by = new Map<string, Set<Kind["name"]>>();
  for (const [{ code }, names] of found) {
    const known = by.get(code) ?? new Set();
    by.set(code, known);
    for (const name of names) known.add(name);
  }
  return by;
}

/** The codes said of each property of a kind, beside those of the table itself. */
export function codesByProperty(found: ReadonlyMap<Emission, readonly Kind["name"][]>, name: Kind["name"]) {
  const by = new Map<string, string[]>();
  for (const [{ code, properties, place }, names] of found) {
    if (!names.includes(name) || place.startsWith("provider/core/")) continue;
    for (const property of properties) {
      const known = by.get(property) ?? [];
      if (!known.includes(code)) by.set(property, [...known, code]);
    }
  }
  return by;
}

/** The warning that a preview says although no check does. */
const BEFORE = "kept-value";

/** The warning that stands for something which is not finished, so that it may be an error all the same. */
const WAITING = "waits-for-approval";

/** Codes that are said only while a change is applied, when nothing is left to refuse. */
export function saidLate(found: Iterable<Emission>): ReadonlySet<string> {
  const all = [...found];
  const early = new Set(
    all
      .filter(({ severity, code, place }) => severity !== "unknown" || place.startsWith("sdk/") || code === BEFORE)
      .map(({ code }) => code),
  );
  return new Set(all.map(({ code }) => code).filter((code) => !early.has(code)));
}

/** What may be done about a code. */
const settings = (code: string, late: ReadonlySet<string>): string =>
  !isSettable(code) ? "no" : late.has(code) && code !== WAITING ? "`off`" : "`off`, `warning`, `error`";

/** The page on every code. */
export function rulesPage(by: EmittedBy, late: ReadonlySet<string>): string {
  const rows = codes.map(([code, { severity }]) =>
    row([`[\`${code}\`](#${code})`, severity, settings(code, late), where(by.get(code))]),
  );
  const sections = codes.map(([code, { severity, cause, remedy }]) =>
    [
      `### ${code}\n`,
      `${cause}\n`,
      `- **Severity**: ${severity}${isSettable(code) && severity === "error" ? ", our own caution" : ""}`,
      `- **Can be set**: ${settings(code, late)}`,
      `- **What to do**: ${remedy}`,
      `- **Said by**: ${where(by.get(code))}${late.has(code) ? ", while a change is applied" : ""}\n`,
    ].join("\n"),
  );
  return `# Rules

Every refusal and every warning ends with a code in brackets. All of them are found in one round, in the preview and before any
call; each names the property as the program spells it, the value, and where the rule comes from.

An **error** stops the preview. Most repeat what the clouds' documents demand, and can't be turned off. A few are only our caution: those,
and every **warning**, can be set to \`off\`, \`warning\` or \`error\`. What is said only while a change is applied can be turned off:
there is nothing left to refuse then, except that \`waits-for-approval\` may be an error too.

## Setting a level

On one task, with the argument \`rules\`:

\`\`\`ts
new DataWorksTask("orders", {
  projectId,
  name: "ods_orders",
  script: { command: "ODPS_SQL", content: "select 1;" },
  timeoutSeconds: 3000,
  rules: { "timeout-disputed": "off" },
});
\`\`\`

For all tasks of a cloud, in the stack's configuration; what a task says itself comes first:

\`\`\`sh
pulumi config set --path 'dataworks:rules.timeout-disputed' error
pulumi config set --path 'wedata:rules.kept-value' off
\`\`\`

A code that does not exist, or that can't be set, is refused with the nearest one that can.

## All codes

${table(["Code", "Severity", "Can be set", "Said by"], rows)}

## Cause and remedy

${sections.join("\n")}`;
}

const where = (names: ReadonlySet<string> | undefined): string =>
  names === undefined || names.size === 0
    ? "the program as a whole"
    : kinds
        .map(({ name }) => name)
        .filter((name) => names.has(name))
        .map((name) => `\`${name}\``)
        .join(", ");
