import assert from "node:assert/strict";
import { instanceOf, reasonOf } from "../../provider/core/quoting";

describe("what a sentence says of a value", () => {
  it("names the class of an object where it has a name", () => {
    assert.equal(instanceOf(new Date()), "an object of class Date");
    assert.equal(instanceOf(new (class {})()), "an object of a class");
    assert.equal(instanceOf({ constructor: "Orders" }), "an object of a class");
  });

  it("gives a reason for whatever was thrown", () => {
    assert.equal(reasonOf(new Error("too late")), "too late");
    assert.equal(reasonOf("too late"), "too late");
    assert.equal(reasonOf(7), "7");
  });
});
