import assert from "node:assert/strict";

/** The longest that anything is said about one property, in characters. */
const LONGEST_SENTENCE = 700;
/** And of a failed call, which has the service's own words in it. */
export const LONGEST_FAILURE = 2_000;

/** Whether a message is one for a person: short, in one line, and without the inside of a program. */
export function isClear(message: unknown, what: string, longest = LONGEST_SENTENCE): asserts message is string {
  assert.ok(typeof message === "string" && message.trim() !== "", `${what} says nothing`);
  const shown = message.slice(0, 300);
  assert.ok(message.length <= longest, `${what} has ${message.length} characters: ${shown}`);
  assert.doesNotMatch(message, /[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\u202e]/u, `${what} has control characters: ${shown}`);
  assert.doesNotMatch(
    message,
    /\[object|undefined is not|cannot read prop|is not a function|is not iterable|call stack| {4}at |TypeError|RangeError/i,
    `${what} is a program's own: ${shown}`,
  );
}

/** What every prototype has; changed by nothing that anybody gives. */
const prototypes = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Number.prototype];
const shape = () => prototypes.map((prototype) => Reflect.ownKeys(prototype).map(String).join(" ")).join("\n");
const original = shape();

export function isUnpolluted(): void {
  assert.equal(shape(), original, "a prototype was changed");
  assert.equal(({} as { polluted?: unknown }).polluted, undefined, "Object.prototype is polluted");
}
