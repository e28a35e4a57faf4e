import { expect, test } from "vitest";
import { did, didAgain, type History, NOTHING_DONE, tookBack } from "./history";

const both: History<string> = did(did<string>(NOTHING_DONE, "one"), "two");

test("the last is taken back first, and done again first", () => {
  const one = tookBack(both);
  expect(one).toEqual({ done: ["one"], undone: ["two"] });
  expect(tookBack(one)).toEqual({ done: [], undone: ["two", "one"] });
  expect(didAgain(tookBack(one))).toEqual(one);
});

test("something new gives up what was taken back", () => {
  expect(did(tookBack(both), "three")).toEqual({ done: ["one", "three"], undone: [] });
});

test("a hundred are kept", () => {
  const many = Array.from({ length: 130 }, (_, index) => index).reduce(did<number>, NOTHING_DONE);
  expect([many.done.length, many.done[0]]).toEqual([100, 30]);
});
