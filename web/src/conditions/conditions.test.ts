import { describe, expect, test } from "vitest";
import type { Vocabulary } from "@/format/names";
import { readConditions, writeConditions } from "./conditions";
import { describeConditions } from "./describe";
import { fieldChoices, withField, withOperator } from "./fields";

const STAGE = { field: "contact.stage", operator: "equals", value: "lead" };
const INSURED = { field: "contact.tags", operator: "contains", value: "insured" };
const ESTIMATE = { field: "project.estimate_amount", operator: "greater_than", value: 5000 };

const VOCABULARY: Vocabulary = {
  variables: [],
  events: [],
  fields: [
    { name: "contact.stage", label: "Stage", type: "text", operators: ["equals", "in", "is_set"] },
    {
      name: "contact.tags",
      label: "Tags",
      type: "list of text",
      operators: ["contains", "is_set"],
    },
    { name: "contact.sms_consent", label: "Agreed", type: "boolean", operators: ["equals"] },
    { name: "contact.assigned_to", label: "User", type: "id", operators: ["equals"] },
    {
      name: "project.estimate_amount",
      label: "Estimate",
      type: "money",
      operators: ["equals", "greater_than"],
    },
    {
      name: "contact.created_at",
      label: "Contact since",
      type: "datetime",
      operators: ["within_last_days", "before"],
    },
  ].map((field) => ({ ...field, values: null })) as Vocabulary["fields"],
  operators: [
    { name: "equals", label: "is", takes: "value" },
    { name: "contains", label: "contains", takes: "value" },
    { name: "greater_than", label: "is more than", takes: "number" },
    { name: "in", label: "is one of", takes: "values" },
    { name: "is_set", label: "is known", takes: "nothing" },
    { name: "before", label: "is before", takes: "time" },
    { name: "within_last_days", label: "is within the last days", takes: "days" },
  ],
};

const roundTrip = (json: unknown) => writeConditions(readConditions(json));

describe("conditions as rows", () => {
  test.each([
    ["all", { all: [STAGE, INSURED] }],
    ["any", { any: [STAGE] }],
    ["none of them", { not: { any: [STAGE, INSURED] } }],
    ["not all of them", { not: { all: [STAGE, INSURED] } }],
    ["groups within groups", { all: [STAGE, { any: [INSURED, { not: { any: [ESTIMATE] } }] }] }],
    ["a list of values", { all: [{ ...STAGE, operator: "in", value: ["lead", "won"] }] }],
    ["a field without a value", { all: [{ field: "contact.email", operator: "is_set" }] }],
    ["a row that is not whole yet", { all: [{ field: "", operator: "equals", value: "" }] }],
  ])("%s come back as they were", (_, json) => {
    expect(roundTrip(json)).toEqual(json);
  });

  test.each([
    ["a list means all", [STAGE, INSURED], { all: [STAGE, INSURED] }],
    ["a comparison alone is a group of one", STAGE, { all: [STAGE] }],
    ["not a comparison is none of one", { not: STAGE }, { not: { any: [STAGE] } }],
    ["not a list is not all of it", { not: [STAGE, INSURED] }, { not: { all: [STAGE, INSURED] } }],
    ["twice not stays", { not: { not: STAGE } }, { not: { any: [{ not: { any: [STAGE] } }] } }],
  ])("%s", (_, json, written) => {
    expect(roundTrip(json)).toEqual(written);
  });

  test.each([
    ["an unknown operator", { field: "contact.stage", operator: "resembles", value: "x" }],
    ["a key that nobody knows", { ...STAGE, comment: "since May" }],
    ["a list where a value belongs", { ...STAGE, value: ["lead"] }],
    ["an object as value", { ...STAGE, value: { from: 1 } }],
    ["two groups in one", { all: [STAGE], any: [INSURED] }],
    ["no object at all", "everyone"],
    ["not something unknown", { not: { sometimes: [] } }],
  ])("%s is kept as it came", (_, json) => {
    const group = readConditions({ all: [STAGE, json] });
    expect(group.items[1]?.kind).toBe("other");
    expect(writeConditions(group)).toEqual({ all: [STAGE, json] });
  });

  test("no conditions are null, and so are those of which the last is removed", () => {
    expect(readConditions(null).items).toEqual([]);
    expect(roundTrip(undefined)).toBeNull();
    expect(roundTrip({ all: [] })).toBeNull();
  });
});

describe("a row whose field or operator changes", () => {
  const row = { kind: "row", field: "contact.stage", operator: "equals", value: "lead" } as const;

  test("keeps its value where it still fits", () => {
    const other = { ...row, field: "contact.stage" };
    expect(withOperator(other, "in", VOCABULARY)).toEqual({
      ...row,
      operator: "in",
      value: ["lead"],
    });
    expect(
      withOperator({ ...row, operator: "in", value: ["lead", "won"] }, "equals", VOCABULARY),
    ).toEqual(row);
  });

  test("loses the value where the operator takes none", () => {
    expect(withOperator(row, "is_set", VOCABULARY)).toEqual({
      kind: "row",
      field: "contact.stage",
      operator: "is_set",
    });
  });

  test("gets an operator and a value of the new field's type", () => {
    expect(withField(row, "contact.tags", VOCABULARY)).toMatchObject({
      operator: "contains",
      value: "",
    });
    expect(withField(row, "contact.sms_consent", VOCABULARY)).toMatchObject({ value: true });
    expect(withField(row, "contact.created_at", VOCABULARY)).toMatchObject({
      operator: "within_last_days",
      value: 7,
    });
  });
});

describe("the fields to choose from", () => {
  const names = (typed: string, chosen = "", scopes = ["contact", "custom", "project"] as const) =>
    fieldChoices(VOCABULARY, scopes, chosen, typed).flatMap(({ items }) =>
      items.map(({ value }) => value),
    );

  test("are those that are known where the conditions are asked", () => {
    expect(fieldChoices(VOCABULARY, ["project"], "", "").map(({ group }) => group)).toEqual([
      "Project",
    ]);
  });

  test("hold the custom field that is typed", () => {
    expect(names("custom.roof_age")).toContain("custom.roof_age");
    expect(names("roof age")).toEqual(
      expect.arrayContaining(["custom.roof age", "project.custom.roof age"]),
    );
    expect(names("roof age")).not.toContain("event.roof age");
    expect(names("Stage")).not.toContain("custom.Stage");
  });

  test("hold the one that is chosen, even if it is not allowed", () => {
    expect(names("", "event.amount")).toContain("event.amount");
  });
});

describe("conditions in words", () => {
  test.each([
    [null, ""],
    [{ all: [] }, ""],
    [[STAGE], "Stage is lead"],
    [{ all: [STAGE, ESTIMATE] }, "Stage is lead and Estimate is more than $5,000.00"],
    [{ any: [STAGE, INSURED] }, "Stage is lead or Tags contains insured"],
    [
      { all: [STAGE, { any: [INSURED, ESTIMATE] }] },
      "Stage is lead and (Tags contains insured or Estimate is more than $5,000.00)",
    ],
    [{ not: { any: [STAGE, INSURED] } }, "none of these: Stage is lead; Tags contains insured"],
    [{ not: STAGE }, "not: Stage is lead"],
    [{ any: [{ all: [STAGE] }] }, "Stage is lead"],
    [{ ...STAGE, operator: "in", value: ["lead", "won"] }, "Stage is one of lead, won"],
    [{ field: "contact.sms_consent", operator: "equals", value: false }, "Agreed: no"],
    [{ field: "contact.stage", operator: "is_set" }, "Stage is known"],
    [
      { field: "contact.created_at", operator: "within_last_days", value: 7 },
      "Contact since is within the last 7 days",
    ],
    [{ field: "custom.roof_age", operator: "equals", value: 12 }, "Roof age is 12"],
    [{ field: "contact.stage", operator: "equals", value: "" }, "Stage is …"],
  ])("%j", (conditions, words) => {
    expect(describeConditions(conditions, VOCABULARY)).toBe(words);
  });

  test("can be read before it is known what things are called", () => {
    expect(describeConditions(INSURED)).toBe("Tags contains insured");
    expect(describeConditions({ field: "custom.roof", operator: "is_not_set" })).toBe(
      "Roof is not set",
    );
  });

  test("name the user that an id means", () => {
    const mine = { field: "contact.assigned_to", operator: "equals", value: "u1" };
    const names = (id: string) => (id === "u1" ? "Ada" : undefined);
    expect(describeConditions(mine, VOCABULARY, names)).toBe("User is Ada");
    expect(describeConditions(mine, VOCABULARY)).toBe("User is someone");
  });
});
