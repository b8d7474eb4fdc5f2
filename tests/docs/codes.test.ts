import assert from "node:assert/strict";
import { CODES, type Code } from "../../provider/resources/codes";
import { type Emission, emissions } from "../../scripts/reference/emitted";
import { kinds } from "../../scripts/reference/kinds";
import { Sources } from "../../scripts/reference/sources";

const codes: Readonly<Record<string, Code>> = CODES;

describe("the codes in the sources", function () {
  this.timeout(60_000);
  let found: Emission[];
  before(() => {
    found = emissions(new Sources([...kinds.map(({ folder }) => `${folder}/resource.ts`), "sdk/index.ts"]));
  });

  it("are registered wherever the sources say one, with the severity with which it is said", () => {
    const wrong = found.flatMap(({ code, severity, caution, place }) => {
      const registered = codes[code];
      if (registered === undefined) return [`${place}: ${code} is not registered`];
      if (severity !== "unknown" && registered.severity !== severity) return [`${place}: ${code} is no ${severity}`];
      return caution && registered.caution !== true ? [`${place}: ${code} is no caution`] : [];
    });
    assert.deepEqual(wrong, []);
  });

  it("are all said somewhere, and a caution somewhere as one", () => {
    const said = new Set(found.map(({ code }) => code));
    const cautions = new Set(found.filter(({ caution }) => caution).map(({ code }) => code));
    const wrong = Object.entries(codes)
      .filter(([code, { caution }]) => !said.has(code) || (caution === true && !cautions.has(code)))
      .map(([code]) => code);
    assert.deepEqual(wrong, []);
  });
});
