import { describe, expect, test } from "vitest";
import {
  addVariant,
  describeShares,
  keepVariant,
  removeVariant,
  sharesOf,
  startTest,
} from "./variants";

const EMAIL = { subject: "Hi", html: "<p>Hi</p>", reply_to: "a@b.example" };
const B = { name: "B", weight: 2, subject: "Hello" };
const TESTED = { ...EMAIL, variants: [{ name: "A", weight: 1 }, B], metric: "clicked" };

describe("a test of versions", () => {
  test("begins with two that are as the message is", () => {
    expect(startTest(EMAIL)).toEqual({
      ...EMAIL,
      variants: [
        { name: "A", weight: 1 },
        { name: "B", weight: 1 },
      ],
    });
  });

  test("names a new one by a letter that is free", () => {
    expect(addVariant(TESTED).variants).toContainEqual({ name: "C", weight: 2 });
  });

  test("is over when one is left, which becomes the message", () => {
    expect(removeVariant(TESTED, 0)).toEqual({ ...EMAIL, subject: "Hello" });
    expect(removeVariant(TESTED, 1)).toEqual(EMAIL);
    expect(keepVariant(TESTED, B)).toEqual({ ...EMAIL, subject: "Hello" });
  });

  test("a version of a message template stays one, unless it says something of its own", () => {
    const saved = { template_id: "t", variants: [{ name: "A" }, B] };
    expect(removeVariant(saved, 1)).toEqual({ template_id: "t" });
    expect(removeVariant(saved, 0)).toEqual({ subject: "Hello" });
  });
});

describe("shares", () => {
  test("add up to 100", () => {
    expect(sharesOf([{ weight: 1 }, { weight: 1 }, { weight: 1 }])).toEqual([34, 33, 33]);
    expect(sharesOf([{ weight: 60 }, { weight: 40 }])).toEqual([60, 40]);
    expect(sharesOf([{}, { weight: 0 }])).toEqual([100, 0]);
  });

  test("are said in words", () => {
    expect(describeShares(TESTED.variants)).toBe("A goes to 33 %, B goes to 67 %.");
    expect(
      describeShares([
        { name: "A", weight: 1 },
        { name: "B", weight: 0 },
      ]),
    ).toBe("A goes to 100 %, B goes to nobody.");
    expect(describeShares([{ name: "A", weight: 0 }])).toContain("Nobody gets a version");
  });
});
