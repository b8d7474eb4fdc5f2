import assert from "node:assert/strict";
import { canvasPlace } from "../../provider/resources/wedata-task/wire";

describe("the place on the canvas that stands for a creation token", () => {
  // Tasks that were made by earlier versions are known by it again.
  it("stays what it was in earlier versions", () => {
    assert.deepEqual(canvasPlace("5iosibcnfuvcvayiq"), { LeftCoordinate: 654, TopCoordinate: 789 });
    assert.deepEqual(canvasPlace("5iosi95x7o5vbog5b"), { LeftCoordinate: 3155, TopCoordinate: 310 });
  });

  it("lies on the canvas, and another token hardly ever has it", () => {
    const places = Array.from({ length: 2_000 }, (_, nth) => canvasPlace(`token${nth}`));
    for (const { LeftCoordinate, TopCoordinate } of places)
      for (const each of [LeftCoordinate, TopCoordinate])
        assert.ok(Number.isInteger(each) && each >= 40 && each < 4_040);
    assert.equal(new Set(places.map((place) => JSON.stringify(place))).size, places.length);
  });
});
