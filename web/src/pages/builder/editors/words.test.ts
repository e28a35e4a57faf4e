import { describe, expect, test } from "vitest";
import type { Campaign } from "@/api/types";
import { newValues, type StepValues } from "./stepValues";
import {
  describeDelay,
  describeEffect,
  describeField,
  describeMessage,
  describeSkip,
} from "./words";

const ACTIVE = {
  status: "active",
  respect_business_hours: false,
  business_hours: null,
} as Campaign;

const values = (changes: Partial<StepValues>): StepValues => ({
  ...newValues({ step_type: "wait", parent_step_id: null, branch: null, step_order: 2 }),
  ...changes,
});

describe("a delay in words", () => {
  test("without one the step comes at once", () => {
    expect(describeDelay(values({ delay_value: 0 }), ACTIVE, true)).toBe(
      "As soon as they are enrolled.",
    );
    expect(describeDelay(values({ delay_value: "" }), ACTIVE, false)).toBe(
      "As soon as the step before is done.",
    );
  });

  test("hours go by the clock, days by the calendar", () => {
    expect(describeDelay(values({ delay_value: 1, delay_unit: "hours" }), ACTIVE, false)).toBe(
      "1 hour after the step before is done, by the clock.",
    );
    expect(describeDelay(values({ delay_value: 2, delay_unit: "weeks" }), ACTIVE, false)).toContain(
      "at the same time of day: calendar weeks",
    );
  });

  test("what reaches a person waits for the campaign's hours", () => {
    const hours = { start: 8.5, end: 17, days: ["Mon", "Tue", "Wed", "Sat"] };
    const campaign = { ...ACTIVE, respect_business_hours: true, business_hours: hours };
    const email = values({ step_type: "send_email" });
    expect(describeDelay(email, campaign, false)).toContain(
      "(Mon, Tue, Wed, Sat, 8:30 AM to 5 PM)",
    );
    expect(describeDelay(email, { ...campaign, business_hours: null }, false)).toContain(
      "(Mon–Fri, 9 AM to 5 PM)",
    );
    expect(describeDelay(values({}), campaign, false)).not.toContain("business hours");
  });
});

describe("what an edit does", () => {
  const effect = { waiting: 0, due_now: 0, will_get: 0, will_miss: 0 };

  test("is nothing where nobody is concerned", () => {
    expect(describeEffect(effect, false, ACTIVE)).toEqual([]);
    expect(describeEffect({}, true, ACTIVE)).toEqual([]);
  });

  test("tells who waits and who is due", () => {
    expect(describeEffect({ ...effect, waiting: 12, due_now: 4 }, false, ACTIVE)).toEqual([
      "12 people wait for this step; 4 of them get it at once, the others later.",
    ]);
    expect(describeEffect({ ...effect, waiting: 1, due_now: 1 }, false, ACTIVE)).toEqual([
      "1 person waits for this step: it is due at once.",
    ]);
    const paused = { ...ACTIVE, status: "paused" } as const;
    expect(describeEffect({ ...effect, waiting: 3, due_now: 3 }, false, paused)).toEqual([
      "3 people wait for this step: they are all due when the campaign is resumed.",
    ]);
  });

  test("tells who comes to a new step, and who misses one", () => {
    expect(describeEffect({ ...effect, will_get: 2, will_miss: 1 }, true, ACTIVE)).toEqual([
      "2 people on the way through the campaign will come to this step.",
      "1 person will not come any more to a step that lies ahead of them now.",
    ]);
  });
});

test.each([
  ["step_config.reply_to", "Replies go to"],
  ["step_config.variants.1.subject", "Subject"],
  ["step_config.user_ids.0", "Whom to notify"],
  ["conditions.all.0.value", "Conditions: value"],
  ["step_config.headers.X-A", "Header X-A"],
  ["delay_value", "Delay"],
])("%s is called %s", (path, name) => {
  expect(describeField(path)).toBe(name);
});

test("what the API says of its own fields is said of the form's", () => {
  expect(describeMessage("is required, or a template_id in its place")).toBe("is required");
  expect(describeMessage("is no user of this company")).toBe("is no user of this company");
});

test("why somebody would not get it names variables by their labels", () => {
  const first = { name: "first_name", label: "First name", group: "Contact" };
  const vocabulary = { variables: [first], fields: [], events: [], operators: [] };
  expect(describeSkip("first_name is empty", vocabulary)).toContain("“First name” is not known");
  expect(describeSkip("custom.roof is empty", undefined)).toContain("“custom.roof”");
  expect(describeSkip("the contact has no e-mail address", vocabulary)).toBe(
    "The contact has no e-mail address.",
  );
});
