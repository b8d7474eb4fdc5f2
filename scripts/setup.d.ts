export interface Prepared {
  /** The engine's executable. */
  pulumi: string;
  version: string;
  /** Where the engine came from: "found on PATH", "downloaded" or "built from its Go module". */
  source: string;
  /** Folders to put first on PATH: the engine's own, and the launchers it starts providers and programs with. */
  pathDirectories: string[];
  /** Which program runs Node projects: the one of the official distribution, or `scripts/launcher`'s stand-in. */
  languageHost: "official" | "stand-in";
  /** The folder for PULUMI_HOME. */
  home: string;
}

/** Installs, builds and finds whatever is missing, and returns the engine; under a second when nothing is missing. */
export function prepare(): Promise<Prepared>;

/** The part of `prepare` that needs no engine: packages and `dist/`. */
export function prepareSources(): Promise<void>;

/** Runs `main`; a failure of the set-up is shown as its sentence, anything else with its stack. */
export function runMain(main: () => Promise<void>): void;

/** The repository's root folder. */
export const root: string;
