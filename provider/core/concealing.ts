import { type Properties } from "./definition";
import { type Hooks, Unfinished } from "./lifecycle";
import { isSecret, rememberSecrets, withoutSecrets, withoutValue } from "./secrets";

/** The same hooks, whose sentences show nothing that the program marks as secret. */
export const concealing = (hooks: Hooks): Hooks => ({
  async check(olds, news) {
    rememberSecrets(news);
    const { inputs, failures } = await hooks.check(olds, news);
    const shown = failures.map(({ property, reason }) => ({
      property: withoutSecrets(property),
      reason: isSecret(news, property) ? withoutValue(reason) : withoutSecrets(reason),
    }));
    return { inputs, failures: shown };
  },
  diff: (id, olds, news) => quietly([olds, news], () => hooks.diff(id, olds, news)),
  create: (inputs) => quietly([inputs], () => hooks.create(inputs)),
  read: (id, props) => quietly([props], () => hooks.read(id, props)),
  update: (id, olds, news) => quietly([olds, news], () => hooks.update(id, olds, news)),
  delete: (id, props) => quietly([props], () => hooks.delete(id, props)),
});

async function quietly<T>(properties: readonly Properties[], work: () => Promise<T>): Promise<T> {
  properties.forEach(rememberSecrets);
  try {
    return await work();
  } catch (error) {
    for (let at: unknown = error; at instanceof Error; at = at.cause) conceal(at);
    throw error;
  }
}

function conceal(error: Error): void {
  error.message = withoutSecrets(error.message);
  if (error.stack !== undefined) error.stack = withoutSecrets(error.stack);
  if (error instanceof Unfinished) error.reasons.splice(0, Infinity, ...error.reasons.map(withoutSecrets));
}
