import { switches as dataworksFiles } from "./dataworks-files/switches";
import { switches as dataworksTasks } from "./dataworks/switches";
import { switches as wedata } from "./wedata/switches";

/** Every answer nobody has established, with what the emulator does unless told otherwise. */
export const knownSwitches: Readonly<Record<string, { default: unknown; meaning: string }>> = {
  wedataSite: {
    default: "cn",
    meaning: 'The WeData site of a request whose Host does not say: "cn" or "intl".',
  },
  ...dataworksTasks,
  ...dataworksFiles,
  ...wedata,
};
