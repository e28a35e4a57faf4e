import { expect, test } from "vitest";
import { readSearch } from "./search";

test("status, search and page are read", () => {
  expect(readSearch({ status: "paused", search: "Ann", page: 3 })).toEqual({
    status: "paused",
    search: "Ann",
    page: 3,
  });
});

test("a search for a phone number, which the router reads as a number, is a text", () => {
  expect(readSearch({ search: 3035550100 })).toEqual({ search: "3035550100" });
});

test("what cannot be understood is left out", () => {
  expect(readSearch({ status: "toString", page: "x" })).toEqual({});
  expect(readSearch({ page: 1, search: "" })).toEqual({});
  expect(readSearch({ page: -2 })).toEqual({});
});
