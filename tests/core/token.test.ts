import assert from "node:assert/strict";
import { tokenOf, withToken, withoutToken } from "../../provider/core/token";

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
