import { row, table } from "./fields";
import type { Member, Sources } from "./sources";

const CLOUDS = [
  { name: "DataWorksTask", file: "sdk/dataworks-task-set.ts" },
  { name: "WeDataTask", file: "sdk/wedata-task-set.ts" },
] as const;
/** Where what both have is declared. */
const SHARED = "sdk/set-resource.ts";

/** The page about the classes for many tasks: what they have beside the arguments of the single resources. */
export function setsPage(sources: Sources): string {
  const parts = CLOUDS.map(({ name, file }) => {
    const members = (type: string) => sources.members(sources.typeOf(sources.exported(file, type)));
    const wiring = members(`${name}InSetArgs`).filter((member) => member.name === "dependsOnTasks");
    const shown = members(`${name}Set`).filter((member) => member.file === SHARED && !/^(#|task$)/.test(member.name));
    return `## ${name}Set

${sources.proseOfClass(sources.exported(file, `${name}Set`)).text}

${table(["Argument", "Type", "Meaning"], members(`${name}SetArgs`).map(shownAs))}

Each task has the arguments of a [${name}](${name === "DataWorksTask" ? "dataworks-task" : "wedata-task"}.md); those that
\`defaults\` has may be left out. Its upstreams are named in another way as well:

${table(["Argument of a task", "Type", "Meaning"], wiring.map(shownAs))}

${table(["Output", "Type", "Meaning"], shown.map(shownAs))}
`;
  });
  return `# Sets

Many tasks as one resource. [Sets](../sets.md) says when they are worth it, and how they differ from single resources.

${parts.join("\n")}`;
}

function shownAs({ name, written, prose: { text } }: Member): string {
  if (text === "") throw new Error(`sets: ${name} has no doc comment`);
  const type = written.replace(/^(?:pulumi\.)?Output<(.*)>$/, "$1").replace(/ \| undefined$/, "");
  return row([`\`${name}\``, `\`${type}\``, text]);
}
