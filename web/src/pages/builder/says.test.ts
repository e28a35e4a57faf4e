import { describe, expect, test } from "vitest";
import type { Step } from "@/api/types";
import { cardOf, heightOf, sayProblem } from "./cards";
import { step } from "./fixtures";
import { sayDelay, sayMore, sayStep, sayTest } from "./says";

const vocabulary = {
  variables: [{ name: "first_name", label: "First name", group: "Contact" }],
  fields: [
    { name: "contact.stage", label: "Stage", type: "text" as const, operators: [], values: null },
  ],
  events: [{ name: "deal_won", label: "A deal is won" }],
  operators: [],
};

function said(step_type: Step["step_type"], step_config: Step["step_config"], more = {}): string {
  return sayStep(step("a", { step_type, step_config, ...more }), vocabulary);
}

describe("what a step says", () => {
  test("a message: its subject or body, a variant's where it has none, or that a template says it", () => {
    expect(said("send_email", { subject: "Your roof" })).toBe("Your roof");
    expect(said("send_sms", { variants: [{ body: "A" }, { body: "B" }] })).toBe("A");
    expect(said("send_email", { template_id: "x" })).toBe("From a message template");
  });

  test("a wait: how long, or for what and how long at most", () => {
    expect(said("wait", {}, { delay_value: 1, delay_unit: "days" })).toBe("1 day");
    const until = { event: "deal_won", timeout: { delay_value: 3, delay_unit: "days" } };
    expect(said("wait", { until })).toBe("Until: A deal is won. For 3 days at most.");
  });

  test("a field and its value, tags both ways, the other system", () => {
    expect(said("update_field", { entity: "contact", field: "stage", value: "won" })).toBe(
      "Stage: won",
    );
    expect(said("update_field", { entity: "contact", field: "custom.roof", value: null })).toBe(
      "Roof: cleared",
    );
    expect(said("manage_tags", { add: ["a", "b"], remove: ["c"] })).toBe("Add a, b · Take off c");
    expect(said("webhook", { url: "https://crm.example/hook" })).toBe("POST crm.example/hook");
  });

  test("a branch its conditions, an exit its reason", () => {
    const conditions = [{ field: "contact.stage", operator: "equals", value: "won" }];
    expect(said("conditional", {}, { conditions })).toBe("Stage equals won");
    expect(said("conditional", {}, { conditions: [] })).toBe("Always yes");
    expect(said("exit_campaign", { reason: "replied" })).toBe("Replied");
  });
});

test("a delay stands above a card, unless the wait is that delay", () => {
  const delay = { delay_value: 3, delay_unit: "days" } as const;
  expect(sayDelay(step("a", delay))).toBe("3 days later");
  expect(sayDelay(step("a"))).toBeNull();
  expect(sayDelay(step("a", { ...delay, step_type: "wait", step_config: {} }))).toBeNull();
});

test("for whom and by when", () => {
  expect(sayMore(step("a", { step_type: "notify", step_config: { role: "manager" } }))).toBe(
    "To everybody who is manager",
  );
  expect(sayMore(step("a", { step_type: "create_task", step_config: { due_in_days: 1 } }))).toBe(
    "Due 1 day later",
  );
});

test("variants, and the one that has won", () => {
  const tested = step("a", { step_type: "send_sms", step_config: { variants: [{}, {}] } });
  expect(sayTest(tested)).toEqual({ label: "Tests 2 variants", isOver: false });
  expect(sayTest({ ...tested, winner: "B" })).toEqual({ label: "Winner: B", isOver: true });
  expect(sayTest(step("a"))).toBeNull();
});

describe("a card", () => {
  const problem = {
    code: "missing_template",
    detail: "The message template does not exist.",
    step_id: "a",
    field: null,
  };

  test("shows counts that are not zero, and the problems of its own step", () => {
    const card = cardOf(
      step("a", { waiting: 1200, failed: 1 }),
      [problem, { ...problem, step_id: "b" }],
      vocabulary,
    );
    expect(card.counts.map(({ text }) => text)).toEqual(["1,200 waiting", "1 failed"]);
    expect(card.problems).toEqual([problem.detail]);
  });

  test("is higher the more there is on it", () => {
    const height = (fields: Partial<Step>, problems = [problem].slice(1)) =>
      heightOf(cardOf(step("a", fields), problems, vocabulary));
    const plain = height({});
    expect(height({ delay_value: 1 })).toBeGreaterThan(plain);
    expect(height({ waiting: 1 })).toBeGreaterThan(plain);
    expect(height({}, [problem])).toBeGreaterThan(plain);
    expect(
      height({ step_config: { add: ["a tag that is so long that it takes a second line"] } }),
    ).toBeGreaterThan(plain);
  });

  test("says problems without the names of types", () => {
    const setting = {
      code: "missing_setting",
      detail: "step 2 send_sms uses …",
      step_id: "a",
      field: "settings.review_link",
    };
    expect(sayProblem(setting)).toBe("The review link that it uses is empty in the settings.");
  });
});
