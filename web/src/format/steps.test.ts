import { expect, test } from "vitest";
import { delayWords, stepTitle } from "./steps";

const step = (step_type: Parameters<typeof stepTitle>[0]["step_type"], step_config = {}) => ({
  step_type,
  step_config,
  conditions: null,
  delay_value: 3,
  delay_unit: "days" as const,
});

test("an e-mail goes by its subject, or by what stands in its place", () => {
  expect(stepTitle(step("send_email", { subject: "Your roof" }))).toBe("E-mail: Your roof");
  expect(stepTitle(step("send_email", { variants: [{}, {}] }))).toBe("E-mail: test of 2 variants");
  expect(stepTitle(step("send_email", { template_id: "x" }))).toBe("E-mail: from a template");
  expect(stepTitle(step("send_email"))).toBe("E-mail");
});

test("variables are in words", () => {
  const subject = "{{ first_name | default: 'you' }}, from {{company_name}}";
  expect(stepTitle(step("send_email", { subject }))).toBe(
    "E-mail: [First name], from [Company name]",
  );
});

test("a long text is cut", () => {
  const title = stepTitle(step("send_sms", { body: "roof ".repeat(40) }));
  expect(title).toMatch(/^Text message: roof .*roof…$/);
  expect(title.length).toBeLessThan(80);
});

test("a branch says by which fields, each once", () => {
  const conditions = {
    all: [
      { field: "contact.tags", operator: "contains", value: "a" },
      { not: { field: "contact.tags", operator: "contains", value: "b" } },
      { field: "project.estimate_amount", operator: "is_set" },
    ],
  };
  expect(stepTitle({ ...step("conditional"), conditions })).toBe(
    "Branch: by tags, estimate amount",
  );
});

test("tags, fields and ways out are in words", () => {
  expect(stepTitle(step("manage_tags", { add: ["a", "b"], remove: ["c"] }))).toBe(
    "Tags: add a, b, remove c",
  );
  expect(stepTitle(step("update_field", { field: "stage", value: "Won" }))).toBe(
    "Update field: stage becomes Won",
  );
  expect(stepTitle(step("exit_campaign", { reason: "goal_achieved" }))).toBe("Exit: Goal achieved");
});

test("a wait says how long, or for what", () => {
  expect(stepTitle(step("wait"))).toBe("Wait: 3 days");
  expect(stepTitle(step("wait", { until: { event: "estimate_viewed" } }))).toBe(
    "Wait: for estimate viewed",
  );
});

test("a delay is counted", () => {
  expect(delayWords({ delay_value: 0, delay_unit: "days" })).toBe("at once");
  expect(delayWords({ delay_value: 1, delay_unit: "weeks" })).toBe("after 1 week");
});
