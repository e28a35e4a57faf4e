import { expect, test } from "vitest";
import { type Holdout, moneyEach, sayLift, saySide } from "./holdout";

const side = { enrolled: 96, goals_achieved: 12, goal_rate: 0.125, revenue: "9600.00" };

function holdout(more: Partial<Holdout> = {}): Holdout {
  return {
    enrolled: 20,
    goals_achieved: 2,
    goal_rate: 0.1,
    revenue: "1000.00",
    lift: 0.25,
    difference: 0.025,
    low: -0.031,
    high: 0.082,
    treated: side,
    ...more,
  };
}

test("a lift is told with its interval, and that it may be chance", () => {
  expect(sayLift(holdout())).toBe(
    "Those who got the campaign reached the goal 25% more often: a difference between −3.1 and " +
      "8.2 points, with 95 % confidence. As that includes no difference at all, it may be chance.",
  );
});

test("where no difference is out of the question, it says so", () => {
  expect(sayLift(holdout({ low: 0.004 }))).toContain("more than chance explains");
  expect(sayLift(holdout({ lift: -0.5, difference: -0.1, low: -0.2, high: -0.01 }))).toContain(
    "50% less often",
  );
});

test("without a lift the difference is told", () => {
  expect(sayLift(holdout({ lift: null, difference: 0.125, goal_rate: 0 }))).toContain(
    "12.5 points more of those",
  );
});

test("a side without anybody is not compared", () => {
  const none = { lift: null, difference: null, low: null, high: null };
  expect(sayLift(holdout({ ...none, enrolled: 0 }))).toBe("Nobody was held out in this time.");
  expect(sayLift(holdout({ ...none, treated: { ...side, enrolled: 0 } }))).toContain("Nobody who");
});

test("a side in words, its money by contact", () => {
  expect(saySide(side)).toBe("12 of 96 contacts (12.5%)");
  expect(moneyEach(side)).toBe("$100.00");
  expect(moneyEach({ revenue: "0.00", enrolled: 0 })).toBe("–");
});
