import { describe, expect, test } from "vitest";
import type { Step } from "@/api/types";
import { fork, listed, step } from "./fixtures";
import { TRUNK } from "./flow";
import { type Item, layOut, type Picture, pathOf } from "./layout";

const HEIGHT = 80;
const yes = (parentId: string) => ({ parentId, branch: "true" }) as const;
const no = (parentId: string) => ({ parentId, branch: "false" }) as const;

function drawn(steps: Step[]): Picture<Step> {
  return layOut(steps, () => HEIGHT);
}

function item(picture: Picture<Step>, id: string): Item<Step> {
  const found = picture.items.find((each) => each.id === id);
  if (!found) throw new Error(`${id} is not there`);
  return found;
}

function axis(picture: Picture<Step>, id: string): number {
  const { x, width } = item(picture, id);
  return x + width / 2;
}

/** Lines that come to the upper edge of an item. */
function into(picture: Picture<Step>, id: string) {
  const { y } = item(picture, id);
  return picture.lines.filter(({ points }) => {
    const [x, at] = points.at(-1) ?? [0, 0];
    return x === axis(picture, id) && at === y;
  });
}

function overlaps(picture: Picture<Step>): string[] {
  const solid = picture.items.filter(({ kind }) => kind !== "add");
  return solid.flatMap((one, index) =>
    solid
      .slice(index + 1)
      .filter(
        (other) =>
          one.x < other.x + other.width &&
          other.x < one.x + one.width &&
          one.y < other.y + other.height &&
          other.y < one.y + one.height,
      )
      .map((other) => `${one.id} and ${other.id}`),
  );
}

const branched = [
  ...listed(TRUNK, [step("a"), fork("fork"), step("z")]),
  ...listed(yes("fork"), [step("b"), fork("inner")]),
  ...listed(no("fork"), [step("c")]),
  ...listed(yes("inner"), [step("d")]),
];

describe("the trunk", () => {
  test("stands in one line in its order, with a place to add before, between and after", () => {
    const picture = drawn(listed(TRUNK, [step("a"), step("b")]));
    const order = picture.items.map(({ kind, id }) => (kind === "step" ? id : kind));
    expect(order).toEqual(["start", "add", "a", "add", "b", "add", "end"]);
    expect(new Set(picture.items.map(({ id }) => axis(picture, id)))).toEqual(new Set([0]));
    const tops = picture.items.map(({ y }) => y);
    expect(tops).toEqual(tops.toSorted((one, other) => one - other));
  });

  test("is ordered by step_order, whatever the order of the answer", () => {
    const [a, b] = listed(TRUNK, [step("a"), step("b")]);
    if (!a || !b) throw new Error();
    const picture = drawn([b, a]);
    expect(item(picture, "a").y).toBeLessThan(item(picture, "b").y);
  });

  test("ends at an exit: nothing is to be added behind it, and there is no other end", () => {
    const picture = drawn(listed(TRUNK, [step("a", { step_type: "exit_campaign" })]));
    expect(picture.items.at(-1)?.id).toBe("a");
  });
});

describe("branches", () => {
  test("stand side by side, yes to the left of no, and nothing lies on anything else", () => {
    const picture = drawn(branched);
    expect(overlaps(picture)).toEqual([]);
    expect(axis(picture, "b")).toBeLessThan(axis(picture, "fork"));
    expect(axis(picture, "c")).toBeGreaterThan(axis(picture, "fork"));
    expect(axis(picture, "fork true")).toBe(axis(picture, "b"));
    expect(item(picture, "b").y).toBe(item(picture, "c").y);
  });

  test("meet again above what follows, below the longer one", () => {
    const picture = drawn(branched);
    expect(item(picture, "z").y).toBeGreaterThan(item(picture, "d").y + HEIGHT);
    // From "c", from "d", and from the empty side of the inner fork.
    expect(into(picture, "z")).toHaveLength(3);
    expect(axis(picture, "z")).toBe(axis(picture, "fork"));
  });

  test("that are empty have a place to add, and are walked through", () => {
    const picture = drawn(listed(TRUNK, [fork("fork")]));
    const places = picture.items.flatMap((each) => (each.kind === "add" ? [each.place] : []));
    expect(places).toContainEqual({ ...yes("fork"), index: 0 });
    expect(places).toContainEqual({ ...no("fork"), index: 0 });
    expect(into(picture, "end")).toHaveLength(2);
  });

  test("that end in an exit do not come back", () => {
    const exit = step("x", { step_type: "exit_campaign" });
    const picture = drawn([...branched, ...listed(no("inner"), [exit])]);
    expect(into(picture, "z")).toHaveLength(2);
  });

  test("deep ones do not overlap either", () => {
    const deep = Array.from({ length: 6 }, (_, depth) => [
      ...listed(depth ? no(`f${depth - 1}`) : TRUNK, [fork(`f${depth}`), step(`after${depth}`)]),
      ...listed(yes(`f${depth}`), [fork(`side${depth}`)]),
    ]).flat();
    expect(overlaps(drawn(deep))).toEqual([]);
  });
});

describe("jumps", () => {
  const jumping = [
    ...listed(TRUNK, [
      fork("fork", { true_path_step_id: "end", false_path_step_id: "end" }),
      step("between"),
      step("end"),
    ]),
  ];

  test("lead by a line of their own to the side of the card, round what is between", () => {
    const picture = drawn(jumping);
    const jumps = picture.lines.filter(({ kind }) => kind === "jump");
    expect(jumps).toHaveLength(2);
    const between = item(picture, "between");
    const lanes = jumps.map(({ points }) => points[1]?.[0] ?? 0);
    expect(lanes[0]).toBeLessThan(between.x);
    expect(lanes[1]).toBeGreaterThan(between.x + between.width);
    expect(jumps[0]?.points.at(-1)?.[0]).toBe(item(picture, "end").x);
    expect(picture.left).toBeLessThanOrEqual(lanes[0] ?? 0);
  });

  test("are not walked on: what comes after has no line where both sides jump", () => {
    expect(into(drawn(jumping), "between")).toEqual([]);
  });

  test("to a step that is gone are shown without a line", () => {
    const picture = drawn(listed(TRUNK, [fork("fork", { true_path_step_id: "gone" })]));
    expect(item(picture, "fork true jump")).toMatchObject({ target: undefined });
    expect(picture.lines.filter(({ kind }) => kind === "jump")).toEqual([]);
  });
});

test("a path has round corners, smaller ones where there is no room", () => {
  expect(
    pathOf([
      [0, 0],
      [0, 30],
      [40, 30],
    ]),
  ).toBe("M0,0L0,20Q0,30 10,30L40,30");
  expect(
    pathOf([
      [0, 0],
      [0, 8],
      [4, 8],
    ]),
  ).toBe("M0,0L0,4Q0,8 2,8L4,8");
});
