import { expect, test } from "vitest";
import { readContactSearch } from "./search";

test("an address is read back as it was written", () => {
  const search = { search: "ann", stage: "Estimate sent", tag: "insured", page: 3 };
  expect(readContactSearch(search)).toEqual(search);
});

test("what looks like a number is a text", () => {
  expect(readContactSearch({ search: 303, tag: true })).toEqual({ search: "303", tag: "true" });
});

test("what cannot be understood is left out", () => {
  expect(readContactSearch({ page: "first", stage: ["x"], tag: "", other: 1 })).toEqual({});
});
