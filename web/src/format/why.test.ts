import { expect, test } from "vitest";
import { sayWhy } from "./why";

test("fields and ways are in words", () => {
  expect(
    sayWhy("contact.tags (insured) contains insured: true, so it went the true way", undefined),
  ).toBe("Tags (insured) contains insured: true, so it went the yes way");
  expect(sayWhy("custom.roof_age (–) is_set: false, so it went the false way", undefined)).toBe(
    "Roof age (–) is_set: false, so it went the no way",
  );
});

test("what names no field stays as it is", () => {
  expect(sayWhy("due Mon 30 Nov 2026 09:00 MST", undefined)).toBe("Due Mon 30 Nov 2026 09:00 MST");
  expect(sayWhy("skipped: x@project.example said no", undefined)).toBe(
    "Skipped: x@project.example said no",
  );
});
