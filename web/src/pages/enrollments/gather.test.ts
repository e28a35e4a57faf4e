import { expect, test } from "vitest";
import { liveStatuses, meansEverybody, portions } from "./gather";

test("only who is under way can be acted upon", () => {
  expect(liveStatuses({})).toEqual(["active", "paused"]);
  expect(liveStatuses({ status: "paused" })).toEqual(["paused"]);
  expect(liveStatuses({ status: "exited" })).toEqual([]);
});

test("everybody is meant where neither search nor status takes anybody out", () => {
  expect(meansEverybody("exit", {})).toBe(true);
  expect(meansEverybody("exit", { search: "Ann" })).toBe(false);
  expect(meansEverybody("exit", { status: "paused" })).toBe(false);
});

test("pausing all who are active leaves those alone who are paused, and the other way round", () => {
  expect(meansEverybody("pause", { status: "active" })).toBe(true);
  expect(meansEverybody("resume", { status: "paused" })).toBe(true);
  expect(meansEverybody("pause", { status: "paused" })).toBe(false);
  expect(meansEverybody("move", { status: "active" })).toBe(false);
});

test("more than one request takes are several", () => {
  expect(portions(["a", "b", "c"], 2)).toEqual([["a", "b"], ["c"]]);
  expect(portions([], 2)).toEqual([]);
});
