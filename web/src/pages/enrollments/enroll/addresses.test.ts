import { expect, test } from "vitest";
import { filtersFor, readAddresses } from "./addresses";

test("addresses and numbers are read however they are written, each once", () => {
  const read = readAddresses(
    "Ann@home.example\nBo Diaz <bo@home.example>; ann@home.example\n(303) 555-0141, +1 303 555 0142\n",
  );
  expect(read).toEqual({
    emails: ["ann@home.example", "bo@home.example"],
    phones: ["+13035550141", "+13035550142"],
    unreadable: [],
  });
});

test("what is neither is told", () => {
  expect(readAddresses("Ann Lee\n12345").unreadable).toEqual(["Ann Lee", "12345"]);
});

test("more than one condition takes are several", () => {
  const emails = Array.from({ length: 501 }, (_, index) => `a${index}@home.example`);
  const filters = filtersFor({ emails, phones: [], unreadable: [] });
  expect(filters).toHaveLength(2);
  expect(filters[1]).toEqual({
    field: "contact.email",
    operator: "in",
    value: ["a500@home.example"],
  });
});
