import type { Emulator } from "../../emulator";

/** Runs `act` with switches of the emulator set, and puts them back. */
export async function switched(
  emulator: Emulator,
  switches: Record<string, unknown>,
  act: () => Promise<void>,
): Promise<void> {
  const before = await emulator.switches();
  for (const [name, value] of Object.entries(switches)) await emulator.setSwitch(name, value);
  try {
    await act();
  } finally {
    for (const name of Object.keys(switches)) await emulator.setSwitch(name, before[name]);
  }
}
