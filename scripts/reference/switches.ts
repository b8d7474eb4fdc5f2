import { knownSwitches } from "../../emulator/switches";
import { row, table } from "./fields";

/** A page with its table of switches as the emulator has them; the text around the table is written by hand. */
export function withSwitches(page: string): string {
  const rows = Object.entries(knownSwitches).map(([name, { default: value, meaning }]) =>
    row([`\`${name}\``, `\`${value === "" ? '""' : String(value)}\``, withoutFactSheet(meaning)]),
  );
  const found = /(\n## Switches\n[^|]*)(\|[^\n]*\n)+/.exec(page);
  if (found === null) throw new Error("the page on the emulator has no table of switches");
  return page.replace(found[0], () => `${found[1] ?? ""}${table(["Switch", "Default", "Meaning"], rows)}\n`);
}

/** The fact sheet of the clouds is for those who work on this package. */
const withoutFactSheet = (text: string): string => text.replace(/ \((?:contracts[^()]*|(?:design )?§[^()]*)\)/g, "");
