import { expect, test } from "vitest";
import { firstView, isSeen, shift } from "./view";

test("the trunk is in the middle, unless a side would be cut off that need not be", () => {
  expect(firstView({ left: -140, right: 140 }, 1000)).toEqual({ x: 500, y: 24, zoom: 1 });
  expect(firstView({ left: -600, right: 300 }, 1000)).toEqual({ x: 624, y: 24, zoom: 1 });
  expect(firstView({ left: -600, right: 600 }, 1000)).toMatchObject({ x: 500, zoom: 952 / 1200 });
});

test("what is too wide to be read whole shows the trunk, below the tools on a phone", () => {
  expect(firstView({ left: -900, right: 900 }, 360)).toEqual({ x: 180, y: 72, zoom: 0.9 });
  expect(firstView({ left: -900, right: 900 }, 1000)).toEqual({ x: 500, y: 24, zoom: 0.7 });
});

test("moved so far that all of it is seen, its beginning first", () => {
  expect(shift(10, 90, 0, 100)).toBe(0);
  expect(shift(-20, 60, 0, 100)).toBe(20);
  expect(shift(40, 120, 0, 100)).toBe(-20);
  expect(shift(40, 300, 0, 100)).toBe(-40);
});

test("a box is seen where no edge of it is cut off", () => {
  const frame = { width: 500, height: 500 };
  const box = { x: 0, y: 0, width: 100, height: 100 };
  expect(isSeen(box, { x: 0, y: 0, zoom: 1 }, frame)).toBe(true);
  expect(isSeen(box, { x: -1, y: 0, zoom: 1 }, frame)).toBe(false);
  expect(isSeen(box, { x: 300, y: 0, zoom: 2 }, frame)).toBe(true);
  expect(isSeen(box, { x: 301, y: 0, zoom: 2 }, frame)).toBe(false);
});
