import { expect, test } from "vitest";
import type { Execution } from "@/api/types";
import { branchOf, providerFacts, resultFacts } from "./results";

function execution(
  step_type: Execution["step_type"],
  result_data: Execution["result_data"],
): Execution {
  return {
    id: "x",
    step_id: "s",
    step_type,
    status: "completed",
    variant: null,
    scheduled_at: "2026-01-01T00:00:00Z",
    started_at: null,
    completed_at: null,
    result_data,
    error_message: null,
    why: null,
    opened_at: null,
    clicked_at: null,
    replied_at: null,
    delivered_at: null,
    bounced_at: null,
    unsubscribed_at: null,
  };
}

test("what a step did is in words, and nothing is said of what it did not do", () => {
  expect(resultFacts(execution("manage_tags", { added: ["a", "b"], removed: [] }))).toEqual([
    { label: "Tags added", value: "a, b" },
  ]);
  expect(resultFacts(execution("notify", { notified: ["1"] }))).toEqual([
    { label: "Told", value: "1 user" },
  ]);
  expect(resultFacts(execution("update_field", { field: "roof_age", value: 20 }))).toEqual([
    { label: "Roof age", value: "20" },
  ]);
  expect(resultFacts(execution("exit_campaign", { reason: "goal_achieved" }))).toEqual([
    { label: "Reason", value: "Goal achieved" },
  ]);
  expect(resultFacts(execution("webhook", { status: 200, body: "" }))).toEqual([
    { label: "Answer", value: "200" },
  ]);
  expect(resultFacts(execution("wait", null))).toEqual([]);
});

test("a message has a number at its provider", () => {
  expect(providerFacts(execution("send_email", { provider: "resend", email_id: "7" }))).toEqual([
    { label: "Sent by", value: "Resend" },
    { label: "Message id", value: "7" },
  ]);
  expect(providerFacts(execution("send_sms", null))).toEqual([]);
});

test("a branch went one way, or none yet", () => {
  expect(branchOf(execution("conditional", { branch: false }))).toBe(false);
  expect(branchOf(execution("conditional", null))).toBeNull();
  expect(branchOf(execution("webhook", { branch: true }))).toBeNull();
});
