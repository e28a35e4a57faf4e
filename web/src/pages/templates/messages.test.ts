import { expect, test } from "vitest";
import { asSteps, dayOfEach, matchSteps, type TemplateStep, wordingsOf } from "./messages";

const step = (id: string, fields: Partial<TemplateStep> = {}): TemplateStep => ({
  id,
  step_type: "send_email",
  step_config: {},
  parent_step_id: null,
  branch: null,
  delay_value: 0,
  delay_unit: "hours",
  conditions: null,
  true_path_step_id: null,
  false_path_step_id: null,
  on_failure: "continue",
  step_order: 1,
  ...fields,
});

const FLOW = [
  step("hello"),
  step("fork", {
    step_order: 2,
    step_type: "conditional",
    delay_value: 2,
    delay_unit: "days",
  }),
  step("yes", { parent_step_id: "fork", branch: "true", delay_value: 1, delay_unit: "weeks" }),
  step("no", { parent_step_id: "fork", branch: "false", delay_value: 3, delay_unit: "hours" }),
  step("bye", { step_order: 3, delay_value: 1, delay_unit: "days" }),
];

test("steps come on the days that their delays add up to, after the longer side of a branch", () => {
  expect(Object.fromEntries(dayOfEach(asSteps({ steps: FLOW })))).toEqual({
    hello: 1,
    fork: 3,
    yes: 10,
    no: 3,
    bye: 11,
  });
});

test("a wait for an event takes as long as it may", () => {
  const until = { event: "deal_won", timeout: { delay_value: 2, delay_unit: "days" } };
  const steps = [step("wait", { step_type: "wait", step_config: { until } })];
  expect(dayOfEach(asSteps({ steps })).get("wait")).toBe(3);
});

test("the steps of a campaign are told by where they stand", () => {
  const template = asSteps({ steps: FLOW });
  const made = template.map((each) => ({
    ...each,
    id: `made-${each.id}`,
    parent_step_id: each.parent_step_id && `made-${each.parent_step_id}`,
  }));
  const ids = matchSteps(template, made.toReversed());
  expect([...ids].every(([from, to]) => to === `made-${from}`)).toBe(true);
  expect(ids.size).toBe(5);
});

test("a version says what the step says, but for what it says itself", () => {
  const config = {
    subject: "Your roof",
    html: "<p>Hi</p>",
    variants: [{ name: "A" }, { name: "B", subject: "Hail?" }],
  };
  expect(wordingsOf(config).map(({ variant, subject, html }) => [variant, subject, html])).toEqual([
    ["A", "Your roof", "<p>Hi</p>"],
    ["B", "Hail?", "<p>Hi</p>"],
  ]);
  expect(wordingsOf({ body: "Hi" })).toEqual([
    { variant: null, subject: "", html: "", body: "Hi" },
  ]);
});

test("steps of types that are gone are left out", () => {
  expect(asSteps({ steps: [step("fax", { step_type: "send_fax" })] })).toEqual([]);
});
