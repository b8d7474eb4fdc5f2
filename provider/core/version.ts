import { type Properties } from "./definition";
import { type Hooks } from "./lifecycle";
import { refuseNewer } from "./record";

/** The same hooks, which touch nothing where a newer version of this package has written the state. */
export const refusingNewerStates = (hooks: Hooks): Hooks => ({
  ...hooks,
  async diff(id, olds, news) {
    understand(olds);
    return hooks.diff(id, olds, news);
  },
  async read(id, props) {
    understand(props);
    return hooks.read(id, props);
  },
  async update(id, olds, news) {
    understand(olds);
    return hooks.update(id, olds, news);
  },
  async delete(id, props) {
    understand(props);
    return hooks.delete(id, props);
  },
});

function understand(state: Properties): void {
  try {
    refuseNewer(state["applied"]);
  } catch (error) {
    // The host prints an error with its stack: a sentence for the user has none.
    if (error instanceof Error) error.stack = error.message;
    throw error;
  }
}
