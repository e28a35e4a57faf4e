import { describe, expect, test } from "vitest";
import { choiceOf, queryOf, readRange, sayRange, searchFor } from "./range";

const DENVER = "America/Denver";
/** Still the 22nd in Denver, the 23rd in London. */
const LATE = new Date("2026-11-23T05:30:00Z");

describe("readRange", () => {
  test("a preset, or own days", () => {
    expect(readRange({ range: "30d" })).toEqual({ range: "30d" });
    expect(readRange({ from: "2026-11-01", to: "2026-11-01" })).toEqual({
      from: "2026-11-01",
      to: "2026-11-01",
    });
    expect(readRange({ to: "2026-11-01" })).toEqual({ to: "2026-11-01" });
  });

  test("what makes no sense is left out", () => {
    expect(readRange({ range: "toString" })).toEqual({});
    expect(readRange({ from: "2026-02-30", to: 20261101 })).toEqual({});
    expect(readRange({ from: "2026-13-01" })).toEqual({});
    expect(readRange({ from: "1969-12-31" })).toEqual({});
    expect(readRange({ from: "2026-11-02", to: "2026-11-01" })).toEqual({ from: "2026-11-02" });
  });
});

describe("queryOf", () => {
  test("presets count back from today, as the zone has it", () => {
    expect(queryOf({ range: "7d" }, DENVER, LATE)).toEqual({
      from: "2026-11-16",
      timezone: DENVER,
    });
    expect(queryOf({ range: "7d" }, "Europe/London", LATE).from).toBe("2026-11-17");
    expect(queryOf({ range: "30d" }, DENVER, LATE).from).toBe("2026-10-24");
  });

  test("days are counted, not hours, across a change of clock", () => {
    const after = new Date("2026-03-09T06:30:00Z");
    expect(queryOf({ range: "7d" }, DENVER, after).from).toBe("2026-03-03");
  });

  test("the year is that of the zone", () => {
    const newYear = new Date("2027-01-01T03:00:00Z");
    expect(queryOf({ range: "year" }, DENVER, newYear).from).toBe("2026-01-01");
    expect(queryOf({ range: "year" }, "Europe/London", newYear).from).toBe("2027-01-01");
  });

  test("own days are asked for as they are, and all time without any", () => {
    expect(queryOf({ from: "2026-11-01", to: "2026-11-05" }, DENVER, LATE)).toEqual({
      from: "2026-11-01",
      to: "2026-11-05",
      timezone: DENVER,
    });
    expect(queryOf({}, DENVER, LATE)).toEqual({ timezone: DENVER });
  });
});

describe("searchFor", () => {
  test("an own range begins with the days that were shown", () => {
    expect(searchFor("own", { range: "7d" }, DENVER, LATE)).toEqual({
      from: "2026-11-16",
      to: "2026-11-22",
    });
    expect(searchFor("own", {}, DENVER, LATE).from).toBe("2026-10-24");
  });

  test("a choice is what the address says afterwards", () => {
    for (const choice of ["7d", "year", "all", "own"] as const)
      expect(choiceOf(searchFor(choice, {}, DENVER, LATE))).toBe(choice);
  });
});

test("ranges in words", () => {
  const said = sayRange({ from: "2026-11-01", to: "2026-11-22" });
  expect(said.replace(/\s/g, " ")).toBe("Nov 1 – 22, 2026");
  expect(sayRange({ from: "2026-11-01", to: "2026-11-01" })).toBe("Nov 1, 2026");
  expect(sayRange({ from: "2026-11-01" })).toBe("Since Nov 1, 2026");
  expect(sayRange({ to: "2026-11-01" })).toBe("Until Nov 1, 2026");
  expect(sayRange({})).toBe("All time");
});
