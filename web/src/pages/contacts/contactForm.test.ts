import { expect, test } from "vitest";
import { changesOf, NEW_CONTACT } from "./contactForm";

test("only what changed is told", () => {
  const before = { ...NEW_CONTACT, first_name: "Ann", email: "ann@home.example", tags: ["hail"] };
  const after = { ...before, first_name: "Anna ", tags: ["hail", "insured"] };
  expect(changesOf(before, after)).toEqual({ first_name: "Anna", tags: ["hail", "insured"] });
});

test("an emptied field is null, an untouched one is not told", () => {
  const before = { ...NEW_CONTACT, phone: "+13035550141", stage: "Lead" };
  expect(changesOf(before, { ...before, phone: " " })).toEqual({ phone: null });
  expect(changesOf(before, before)).toEqual({});
});

test("own fields are told as a whole", () => {
  const before = { ...NEW_CONTACT, custom: { roof: "metal", age: 12 } };
  expect(changesOf(before, { ...before, custom: { roof: "metal" } })).toEqual({
    custom: { roof: "metal" },
  });
});
