import assert from "node:assert/strict";
import type { Properties } from "../../provider/core/definition";
import { concealing } from "../../provider/core/concealing";
import { Unfinished } from "../../provider/core/lifecycle";
import type { Hooks } from "../../provider/core/lifecycle";
import { isSecret, rememberSecrets, withoutSecrets, withoutValue } from "../../provider/core/secrets";

const marked = (secrets: string[], args: Properties): Properties => ({ ...args, engineOptions: { secrets } });

describe("what a program marks as secret", () => {
  it("is taken out of texts in the forms in which services quote it", () => {
    const word = 'or"ange\\juice &<7>';
    rememberSecrets(marked(["notes"], { notes: word }));
    const quoted = [
      word,
      JSON.stringify({ notes: word }),
      JSON.stringify({ all: JSON.stringify({ notes: word }) }),
      encodeURIComponent(word),
      new URLSearchParams({ notes: word }).toString(),
      new URLSearchParams({ all: JSON.stringify({ notes: word }) }).toString(),
      encodeURIComponent(encodeURIComponent(word)),
    ];
    for (const text of quoted) {
      const shown = withoutSecrets(`cannot read ${text}, sorry`);
      assert.match(shown, /^cannot read .*\[secret\].*, sorry$/);
      assert.doesNotMatch(shown, /ange|juice/);
    }
  });

  it("is found in every form among many, whether or not signs of it stand for themselves everywhere", () => {
    const many = Array.from({ length: 500 }, (_, n) => `set pw=kumquat-${n};\nselect "${n}"`);
    const odd = ["桔子 密码?", 'a?b"c\\d&e', "é\u00a0è\tà&", `${"柚".repeat(60)} 1`];
    rememberSecrets(marked(["all"], { all: [...many, ...odd] }));
    const forms = [
      (word: string) => word,
      (word: string) => JSON.stringify(JSON.stringify(word)).slice(3, -3),
      (word: string) => encodeURIComponent(JSON.stringify(word).slice(1, -1)),
      (word: string) => new URLSearchParams({ "": word }).toString().slice(1),
      (word: string) => word.replace(/\s+/g, " "),
    ];
    for (const word of [many[7] as string, ...odd])
      for (const form of forms) assert.equal(withoutSecrets(`so ${form(word)}, 1`), "so [secret], 1");
    assert.equal(withoutSecrets("kumquat-7; is none, nor 桔子"), "kumquat-7; is none, nor 桔子");
  });

  it("is found inside lists, documents, numbers, and in every line of a text", () => {
    rememberSecrets(
      marked(["steps[*].parameter.password", 'tags["a.b"]', "whole", "code", "pin"], {
        steps: [{ parameter: { password: "lemonade-1" } }, { parameter: { user: "reader", password: "lemonade-2" } }],
        tags: { "a.b": "lemonade-3", open: "seen-openly" },
        whole: { deep: ["lemonade-4"] },
        code: "export PASSWORD='lemonade-5'\necho 1",
        pin: 48151623,
      }),
    );
    const text = [1, 2, 3, 4, 5].map((n) => `lemonade-${n}`).join(" ");
    assert.equal(
      withoutSecrets(`${text.replace("lemonade-5", "PASSWORD='lemonade-5'")}`),
      "[secret] ".repeat(5).trim(),
    );
    assert.equal(withoutSecrets("reader, seen-openly, got 48151623"), "reader, seen-openly, got [secret]");
  });

  it("leaves everything else as it is, and words that are too short to be one", () => {
    rememberSecrets(marked(["notes"], { notes: "abc", name: "open" }));
    rememberSecrets(undefined);
    rememberSecrets({ notes: "not marked at all" });
    assert.equal(withoutSecrets("abc, open, not marked at all"), "abc, open, not marked at all");
  });

  it("is known by its property, above and below", () => {
    const args = marked(["steps[*].password", "notes"], {});
    const asked = ["steps", "steps[1]", "steps[1].password", "notes", "notes.deep", "step", "name", "steps[1].user"];
    assert.deepEqual(
      asked.filter((property) => isSecret(args, property)),
      ["steps", "steps[1]", "steps[1].password", "notes", "notes.deep"],
    );
  });

  it("is left out of a sentence that would quote a part of it, or a rendering", () => {
    assert.equal(
      withoutValue('must be one of A, B, got "PEACH…" (UpdateTask, Mode) [enum]'),
      "must be one of A, B, got [secret] [enum]",
    );
    assert.equal(withoutValue("is required [required]"), "is required [required]");
  });

  it("stands in no failure of a hook: not in its message, its stack, its reasons, nor in its cause", async () => {
    const cause = new Error("the service said: bad grapefruit-juice");
    const fail = (error: Error) => () => Promise.reject(error);
    const half = new Unfinished("1", {}, cause);
    const hooks = concealing({
      check: (_olds, inputs) =>
        Promise.resolve({
          inputs,
          failures: [
            { property: "notes", reason: 'must be short, got "GRAPEFRUIT" [length]' },
            { property: "name", reason: "must not be grapefruit-juice [format]" },
          ],
        }),
      diff: fail(new Error("grapefruit-juice")),
      read: fail(new Error("grapefruit-juice")),
      delete: fail(new Error("grapefruit-juice")),
      create: fail(half),
      update: fail(new Unfinished("1", {}, cause)),
    } satisfies Hooks);
    const props = marked(["notes"], { notes: "grapefruit-juice" });
    const { failures } = await hooks.check({}, props);
    assert.deepEqual(
      failures.map(({ reason }) => reason),
      ["must be short, got [secret] [length]", "must not be [secret] [format]"],
    );
    for (const work of [
      hooks.diff("1", props, props),
      hooks.read("1", props),
      hooks.delete("1", props),
      hooks.create(props),
      hooks.update("1", props, props),
    ]) {
      await assert.rejects(work, (error: Error) => {
        assert.match(error.message, /\[secret\]/);
        assert.ok(!`${error.message} ${error.stack} ${String(error.cause)}`.includes("grapefruit"));
        return true;
      });
    }
    assert.deepEqual(half.reasons, ["the service said: bad [secret]"]);
  });
});
