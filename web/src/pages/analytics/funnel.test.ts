import { expect, test } from "vitest";
import { type FunnelStep, rowsOf } from "./funnel";

type Known = Parameters<typeof rowsOf>[1][number];

function step(id: string, more: Partial<Known> = {}): Known {
  return {
    id,
    step_type: "wait",
    step_config: {},
    delay_value: 3,
    delay_unit: "days",
    parent_step_id: null,
    branch: null,
    conditions: null,
    ...more,
  };
}

const counts = (step_id: string, step_type: FunnelStep["step_type"] = "wait"): FunnelStep => ({
  step_id,
  step_type,
  entered: 5,
  completed: 5,
  waiting: 0,
  failed: 0,
  skipped: 0,
  unknown: 0,
});

test("steps of the trunk are numbered, those of a branch stand within it", () => {
  const steps = [
    step("fork", { step_type: "conditional" }),
    step("yes", { parent_step_id: "fork", branch: "true" }),
    step("inner", { parent_step_id: "fork", branch: "false", step_type: "conditional" }),
    step("deep", { parent_step_id: "inner", branch: "true" }),
    step("last"),
  ];
  const rows = rowsOf(
    steps.map(({ id, step_type }) => counts(id, step_type)),
    steps,
  );
  expect(rows.map(({ place, title, depth }) => [place, title, depth])).toEqual([
    ["1.", "Branch", 0],
    ["If yes:", "Wait: 3 days", 1],
    ["If no:", "Branch", 1],
    ["If yes:", "Wait: 3 days", 2],
    ["2.", "Wait: 3 days", 0],
  ]);
});

test("before the steps are there, their types are", () => {
  expect(rowsOf([counts("1", "send_sms")], [])).toMatchObject([{ title: "Text message" }]);
});
