import { readFileSync } from "node:fs";
import path from "node:path";

const root = path.join(__dirname, "..", "..");

/** An installed package, as the lockfile and its own package.json have it. */
export interface ThirdParty {
  /** Where it lies, `node_modules/…`. */
  readonly place: string;
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly licence: string;
  readonly holder: string;
}

/** An entry of the lockfile. */
export interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

/** The lockfile's entries by place, without the package itself. */
export function locked(): [place: string, entry: Locked][] {
  const { packages } = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, Locked>;
  };
  return Object.entries(packages).filter(([place, { link }]) => place !== "" && link !== true);
}

/** Everything that comes with an installation of this package; several versions of one are several entries. */
export function productionPackages(): ThirdParty[] {
  return locked()
    .filter(([, { dev }]) => dev !== true)
    .map(([place, { version = "" }]) => {
      const own = JSON.parse(readFileSync(path.join(root, place, "package.json"), "utf8")) as Manifest;
      const name = place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
      return { place, name, version, licence: licenceOf(own), holder: holderOf(own) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1))
    .filter(({ name, version }, index, all) => all[index - 1]?.name !== name || all[index - 1]?.version !== version);
}

interface Manifest {
  readonly license?: string | { type?: string };
  readonly licenses?: readonly { type?: string }[];
  readonly author?: string | { name?: string };
}

const licenceOf = ({ license, licenses = [] }: Manifest): string =>
  typeof license === "string"
    ? license
    : (license?.type ?? licenses.map(({ type = "?" }) => type).join(" OR ")) || "unknown";

const holderOf = ({ author }: Manifest): string =>
  ((typeof author === "string" ? author : author?.name) ?? "").replace(/\s*[<(].*$/, "").replaceAll("|", "\\|");
