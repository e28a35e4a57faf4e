import { expect, test } from "vitest";
import { stepOf } from "@/api/fixtures";
import type { Step } from "@/api/types";
import { stepChoices, stepsAhead } from "./flow";

const step = (id: string, order: number, more: Partial<Step> = {}) =>
  stepOf(id, { step_order: order, ...more });

const STEPS = [
  step("first", 1),
  step("fork", 2, { step_type: "conditional" }),
  step("last", 3),
  step("no", 1, { parent_step_id: "fork", branch: "false" }),
  step("yes one", 1, { parent_step_id: "fork", branch: "true" }),
  step("yes two", 2, { parent_step_id: "fork", branch: "true" }),
];
const ids = (found: { step: Step }[]) => found.map((each) => each.step.id);

test("before a branch both of its sides are ahead", () => {
  expect(ids(stepsAhead(STEPS, "first"))).toEqual(["fork", "yes one", "yes two", "no", "last"]);
  expect(stepsAhead(STEPS, "first").map(({ branch }) => branch)).toEqual([
    null,
    "true",
    "true",
    "false",
    null,
  ]);
});

test("on one side the other one is not ahead any more", () => {
  expect(ids(stepsAhead(STEPS, "yes one"))).toEqual(["yes two", "last"]);
  expect(ids(stepsAhead(STEPS, "no"))).toEqual(["last"]);
});

test("at the end, and at a step that was deleted, nothing is known to be ahead", () => {
  expect(stepsAhead(STEPS, "last")).toEqual([]);
  expect(stepsAhead(STEPS, "deleted")).toEqual([]);
  expect(stepsAhead(STEPS, null)).toEqual([]);
});

test("nothing comes after an exit, within its branch or behind it", () => {
  const steps = [
    ...STEPS.filter(({ id }) => id !== "yes two"),
    step("exit", 2, { parent_step_id: "fork", branch: "true", step_type: "exit_campaign" }),
  ];
  expect(ids(stepsAhead(steps, "yes one"))).toEqual(["exit"]);
  expect(stepsAhead(steps, "exit")).toEqual([]);
});

test("where a side of a branch leads elsewhere, what stands on it is not ahead", () => {
  const steps = STEPS.map((each) =>
    each.id === "fork" ? { ...each, true_path_step_id: "last" } : each,
  );
  expect(ids(stepsAhead(steps, "first"))).toEqual(["fork", "no", "last"]);
});

test("all steps are offered, with what is on a branch's sides after it", () => {
  expect(stepChoices(STEPS).map(({ value, label }) => [value, label])).toEqual([
    ["first", "1. E-mail"],
    ["fork", "2. Branch"],
    ["yes one", "\u2003If yes: E-mail"],
    ["yes two", "\u2003If yes: E-mail"],
    ["no", "\u2003If no: E-mail"],
    ["last", "3. E-mail"],
  ]);
});
