import { describe, expect, test } from "vitest";
import { cityOf, dayIn, daysBetween, momentOf, wallOf } from "./zones";

test("a time on a clock is a moment by its zone, in summer and in winter", () => {
  expect(momentOf("2026-11-23 09:00:00", "America/Denver")).toBe("2026-11-23T16:00:00.000Z");
  expect(momentOf("2026-07-01 09:00:00", "America/Denver")).toBe("2026-07-01T15:00:00.000Z");
});

test("what a clock shows is the same moment's time", () => {
  expect(wallOf("2026-07-01T15:00:00Z", "America/Denver")).toBe("2026-07-01T09:00");
  expect(momentOf("2026-07-01T09:00", "America/Denver")).toBe("2026-07-01T15:00:00.000Z");
});

describe("days", () => {
  test("are those of the zone's calendar", () => {
    expect(dayIn("2026-11-24T03:00:00Z", "America/Denver")).toBe("2026-11-23");
    expect(dayIn("2026-11-24T03:00:00Z", "UTC")).toBe("2026-11-24");
  });
  test("are counted across a change of clock", () => {
    expect(daysBetween("2026-10-31", "2026-11-02")).toBe(2);
  });
});

test("a zone is called by its city", () => {
  expect(cityOf("America/Los_Angeles")).toBe("Los Angeles");
});
