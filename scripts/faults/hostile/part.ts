import { attackHook } from "../../../tests/hostile/hook";
import { attackClass, attackOptions, classes } from "../../../tests/hostile/program";
import { attackReader, readers } from "../../../tests/hostile/readers";
import { attackHttp, attackOperations } from "../../../tests/hostile/requests";
import { attackStates } from "../../../tests/hostile/states";
import { hostilities } from "../../../tests/hostile/values";
import { kinds, open } from "../../../tests/properties/run";
import type { Part, Row } from "../part";

/** Sets of arguments for each resource and kind of hostility, at the hooks and in the constructors: over 10,000 in all. */
const AT_HOOKS = 120;
const IN_CONSTRUCTORS = 80;
/** Of those that take megabytes. */
const HEAVY = 6;
/** Documents are cut off at every so many bytes. */
const EVERY_BYTES = 7;
/** States of each resource. */
const IN_STATES = 60;
const REQUESTS = 1_000;

/** Arguments, options, files and requests that nobody should give. */
export const hostile: Part = {
  name: "hostile",
  title: "bad input is refused with a clear sentence, or stored exactly; no crash, no hang, no partial write",
  async run({ seed, all }, row, report) {
    const told = (name: string, tried: number, failures: readonly string[]): void => {
      for (const failure of failures) report(failure);
      row({ name, tried, converged: tried - failures.length } satisfies Row);
    };
    const times = all ? 5 : 1;
    for (const kind of kinds) {
      const theatre = await open(kind);
      try {
        for (const [index, hostility] of hostilities.entries()) {
          const runs = hostility.heavy === true ? HEAVY : AT_HOOKS * times;
          const { tried, failures, ends } = await attackHook(theatre, hostility, seed + index, runs);
          told(`${kind.name}, hooks, ${hostility.name} (refused ${ends.refused}, stored ${ends.stored}, refused by the service ${ends["refused by the service"]})`, tried, failures); // prettier-ignore
        }
        const { tried, failures } = await attackStates(theatre, seed, IN_STATES * times);
        told(`${kind.name}, hooks, states that are not sound`, tried, failures);
      } finally {
        await theatre.close();
      }
    }
    for (const one of classes) {
      for (const [index, hostility] of hostilities.entries()) {
        const runs = hostility.heavy === true ? HEAVY : IN_CONSTRUCTORS * times;
        const { tried, failures } = await attackClass(one, hostility, seed + index, runs);
        told(`${one.name}, constructor, ${hostility.name}`, tried, failures);
      }
      const { tried, failures } = await attackOptions(one);
      told(`${one.name}, constructor, options`, tried, failures);
    }
    for (const reader of await readers()) {
      for (const [kind, { tried, failures }] of await attackReader(reader, all ? 1 : EVERY_BYTES))
        told(`files, ${reader.name}, ${kind}`, tried, failures);
    }
    const http = await attackHttp(seed, REQUESTS * times);
    told("emulator, HTTP and control interface", http.tried, http.failures);
    const operations = await attackOperations(seed, REQUESTS * times);
    told("emulator, signed calls", operations.tried, operations.failures);
  },
};
