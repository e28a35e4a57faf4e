import { expect, test } from "vitest";
import { fork, listed, step } from "./fixtures";
import { mayMoveTo, neighbour, orderAt, type Place, TRUNK, treeOf, withoutItself } from "./flow";

const YES = { parentId: "fork", branch: "true" } as const;
const a = step("a");
const steps = [
  ...listed(TRUNK, [a, fork("fork"), step("e")]),
  ...listed(YES, [step("b"), fork("inner")]),
  ...listed({ parentId: "inner", branch: "false" }, [step("c")]),
];
const named = (id: string) => steps.find((each) => each.id === id) ?? a;

test("a tree has each step before what is in it", () => {
  expect(treeOf(steps, named("fork")).map(({ id }) => id)).toEqual(["fork", "b", "inner", "c"]);
});

test("a step goes nowhere into itself, and not to where it is", () => {
  const trunk = (index: number): Place => ({ ...TRUNK, index });
  expect(mayMoveTo(steps, named("fork"), { ...YES, index: 0 })).toBe(false);
  expect(mayMoveTo(steps, named("fork"), { parentId: "inner", branch: "true", index: 0 })).toBe(
    false,
  );
  expect([0, 1, 2, 3].map((index) => mayMoveTo(steps, named("fork"), trunk(index)))).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect(mayMoveTo(steps, named("a"), { parentId: "inner", branch: "true", index: 0 })).toBe(true);
});

test("further down in its own list a place counts without the step", () => {
  expect(withoutItself(steps, named("a"), { ...TRUNK, index: 3 }).index).toBe(2);
  expect(withoutItself(steps, named("e"), { ...TRUNK, index: 0 }).index).toBe(0);
  expect(withoutItself(steps, named("a"), { ...YES, index: 2 }).index).toBe(2);
});

test("up and down lead out of a branch at its ends, and stop at the ends of the trunk", () => {
  expect(neighbour(steps, named("e"), "up")).toEqual({ ...TRUNK, index: 1 });
  expect(neighbour(steps, named("b"), "up")).toEqual({ ...TRUNK, index: 1 });
  expect(neighbour(steps, named("inner"), "down")).toEqual({ ...TRUNK, index: 2 });
  expect(neighbour(steps, named("c"), "down")).toEqual({ ...YES, index: 2 });
  expect(neighbour(steps, named("a"), "up")).toBeNull();
  expect(neighbour(steps, named("e"), "down")).toBeNull();
});

test("orders have gaps where somebody asked for a higher place", () => {
  const gaps = [step("a", { step_order: 1 }), step("b", { step_order: 7 })];
  expect(orderAt(gaps, { ...TRUNK, index: 1 })).toBe(7);
  expect(orderAt(gaps, { ...TRUNK, index: 2 })).toBeUndefined();
});
