import { expect, test } from "vitest";
import { labelOfField, NO_WORDS, readable, sayText } from "./names";

test("a name becomes readable", () => {
  expect(readable("contact.first_name")).toBe("First name");
});

test("a field goes by its label, one that nobody has used yet by its name", () => {
  const field = { name: "contact.tags", label: "Labels", operators: [], values: null };
  const vocabulary = { ...NO_WORDS, fields: [{ ...field, type: "list of text" as const }] };
  expect(labelOfField("contact.tags", vocabulary)).toBe("Labels");
  expect(labelOfField("custom.roof_age")).toBe("Roof age");
  expect(labelOfField("project.custom.roof_age")).toBe("Roof age of the project");
});

test("variables stand as their labels, tags not at all", () => {
  const variables = [{ name: "first_name", label: "First name", group: "Contact" }];
  const vocabulary = { ...NO_WORDS, variables };
  expect(
    sayText('Hi {{ first_name | default: "there" }}{% if x %},{% endif %}\n all', vocabulary),
  ).toBe("Hi [First name], all");
  expect(sayText("{{ custom.roof_age }}", undefined)).toBe("[Roof age]");
});
