import { expect, test } from "vitest";
import { categoriesOf, categoryWords, lengthWords, messageWords } from "./words";

test("categories in use: those of the system first, own ones as they are written", () => {
  const templates = ["Gutters", "review", "follow_up", "Attics", "review"].map((category) => ({
    category,
  }));
  expect(categoriesOf(templates)).toEqual(["follow_up", "review", "Attics", "Gutters"]);
  expect(categoriesOf(templates).map(categoryWords)).toEqual([
    "Follow-up",
    "Reviews",
    "Attics",
    "Gutters",
  ]);
});

test("how long it is", () => {
  expect(lengthWords({ steps_count: 6, duration_days: 7 })).toBe("6 steps over 7 days");
  expect(lengthWords({ steps_count: 1, duration_days: 1 })).toBe("1 step over 1 day");
  expect(lengthWords({ steps_count: 2, duration_days: 0 })).toBe("2 steps, at once");
});

test("what it sends", () => {
  const steps = ["send_email", "wait", "send_email", "create_task"].map((step_type, at) => ({
    id: `${at}`,
    step_type,
    step_order: at,
  }));
  expect(messageWords({ steps })).toBe("2 e-mails, 1 task");
  expect(messageWords({ steps: [] })).toBe("");
});
