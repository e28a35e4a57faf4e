import { expect, test } from "vitest";
import { isChosen, NOBODY, pageToggled, toggled } from "./selection";

test("one is chosen, and not any more", () => {
  const one = toggled(NOBODY, "a", ["a", "b"]);
  expect(isChosen(one, "a")).toBe(true);
  expect(isChosen(one, "b")).toBe(false);
  expect(toggled(one, "a", ["a", "b"])).toEqual(NOBODY);
});

test("a page is chosen beside what was chosen on other pages", () => {
  const both = pageToggled(new Set(["z"]), ["a", "b"]);
  expect(both).toEqual(new Set(["z", "a", "b"]));
  expect(pageToggled(both, ["a", "b"])).toEqual(new Set(["z"]));
});

test("whoever takes one out of all keeps the others that can be seen", () => {
  expect(isChosen("all", "anyone")).toBe(true);
  expect(toggled("all", "a", ["a", "b"])).toEqual(new Set(["b"]));
  expect(pageToggled("all", ["a", "b"])).toEqual(NOBODY);
});
