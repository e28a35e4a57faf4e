import { describe, expect, test } from "vitest";
import { addDays } from "./range";
import { type Day, grainOf, isQuiet, pointsOf, sumOf } from "./series";

function day(date: string, more: Partial<Day> = {}): Day {
  const none = {
    enrolled: 0,
    emails_sent: 0,
    emails_opened: 0,
    emails_clicked: 0,
    sms_sent: 0,
    sms_replied: 0,
    goals: 0,
    revenue: "0.00",
  };
  return { date, ...none, ...more };
}

function days(first: string, count: number): Day[] {
  return Array.from({ length: count }, (_, at) => day(addDays(first, at), { enrolled: 1 }));
}

describe("pointsOf", () => {
  test("few days are points of their own", () => {
    const points = pointsOf(days("2026-11-21", 2));
    expect(points.map(({ label }) => label)).toEqual(["Nov 21", "Nov 22"]);
  });

  test("more become weeks from Monday on, the first and last as far as they belong to it", () => {
    const points = pointsOf(days("2026-11-21", 10), "week");
    expect(points.map(({ label }) => label.replace(/\s/g, " "))).toEqual([
      "Nov 21 – 22",
      "Nov 23 – 29",
      "Nov 30",
    ]);
    expect(points.map(({ enrolled }) => enrolled)).toEqual([2, 7, 1]);
  });

  test("years become months", () => {
    const points = pointsOf(days("2025-01-01", 400));
    expect(points.at(0)?.label).toBe("Jan 2025");
    expect(points.length).toBe(14);
  });

  test("no point of a report is called as another one", () => {
    for (const count of [62, 364, 366, 1500]) {
      const labels = pointsOf(days("2026-01-05", count)).map(({ label }) => label);
      expect(new Set(labels).size).toBe(labels.length);
      expect(labels.length).toBeLessThanOrEqual(62);
    }
  });
});

test("points are as many as can be told apart", () => {
  expect(grainOf(days("2026-11-01", 62))).toBe("day");
  expect(grainOf(days("2026-11-01", 63))).toBe("week");
  expect(grainOf(days("2026-01-01", 364))).toBe("week");
  expect(grainOf(days("2026-01-01", 365))).toBe("month");
  expect(grainOf([])).toBe("day");
});

test("money adds up to the cent", () => {
  const cents = Array.from({ length: 3 }, () => day("2026-11-22", { revenue: "0.10" }));
  expect(sumOf(cents).revenue).toBe(0.3);
});

test("revenue that was taken back is something that happened", () => {
  expect(isQuiet([day("2026-11-22")])).toBe(true);
  const back = [day("2026-11-21", { revenue: "5.00" }), day("2026-11-22", { revenue: "-5.00" })];
  expect(isQuiet(back)).toBe(false);
});
