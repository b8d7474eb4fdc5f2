import assert from "node:assert/strict";
import { creationTokenOf, memberToken, tokenOf, withToken, withoutToken } from "../../provider/core/token";

const TOKEN = "abcdef123456";

describe("the creation token behind a text", () => {
  for (const text of ["", "orders", "two\nlines", "ends with a line\n", "[pulumi-data-tasks:x]"]) {
    it(`leaves ${JSON.stringify(text)} as it was written, and is found again`, () => {
      const carrying = withToken(text, TOKEN);
      assert.equal(tokenOf(carrying), TOKEN);
      assert.equal(withoutToken(carrying), text);
    });
  }

  it("stands alone where there is no text, and on a line of its own where there is", () => {
    assert.equal(withToken(undefined, TOKEN), `[pulumi-data-tasks:${TOKEN}]`);
    assert.equal(withToken("", TOKEN), `[pulumi-data-tasks:${TOKEN}]`);
    assert.equal(withToken("orders", TOKEN), `orders\n[pulumi-data-tasks:${TOKEN}]`);
  });

  it("is found although the service has added blanks behind it", () => {
    assert.equal(tokenOf(`orders\n[pulumi-data-tasks:${TOKEN}] \n`), TOKEN);
    assert.equal(withoutToken(`orders\n[pulumi-data-tasks:${TOKEN}] \n`), "orders");
  });

  it("is none in a text without one, with another word in brackets, or in the middle", () => {
    for (const text of [
      undefined,
      "",
      "orders",
      "[pulumi-data-tasks:short]",
      `[pulumi-data-tasks:${TOKEN}] and more`,
    ]) {
      assert.equal(tokenOf(text), undefined);
      assert.equal(withoutToken(text), text ?? "");
    }
  });
});

describe("the creation token of a resource", () => {
  const orders = ["dataworks:Task", "orders"];

  // Tasks carry these for years: another text would make each of them somebody else's.
  it("stays what it was in earlier versions", () => {
    assert.equal(creationTokenOf(["shop", "prod"], orders), "5iosibcnfuvcvayiq");
    assert.equal(
      memberToken(creationTokenOf(["shop", "prod"], ["dataworks:TaskSet", "daily"]), "orders"),
      "5iosi95x7o5vbog5b",
    );
  });

  it("begins alike for all of a stack, and is another for each resource, parent, and stack", () => {
    const tokens = [
      creationTokenOf(["shop", "prod"], orders),
      creationTokenOf(["shop", "prod"], ["dataworks:Task", "clicks"]),
      creationTokenOf(["shop", "prod"], ["shop:Team", ...orders]),
      creationTokenOf(["shop", "dev"], orders),
      creationTokenOf(["news", "prod"], orders),
    ];
    assert.equal(new Set(tokens).size, tokens.length);
    assert.deepEqual(
      tokens.map((token) => token.startsWith("5iosi")),
      [true, true, true, false, false],
    );
    for (const token of tokens) assert.equal(tokenOf(withToken("text", token)), token);
  });
});
