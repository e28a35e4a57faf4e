import { describe, expect, test } from "vitest";
import type { Trigger } from "@/api/types";
import { bodyOf, formOf, missing, NEW_TRIGGER, placeOf } from "./triggerForm";

const trigger = (
  trigger_type: Trigger["trigger_type"],
  trigger_config: Trigger["trigger_config"],
): Trigger => ({
  id: "t",
  campaign_id: "c",
  trigger_type,
  trigger_config,
  enrollment_conditions: null,
  exclusion_conditions: null,
  priority: 3,
  is_active: true,
  created_at: "2026-11-01T00:00:00Z",
  updated_at: "2026-11-01T00:00:00Z",
});

describe("a trigger that nobody changes stays what it is", () => {
  test.each([
    trigger("stage_change", { entity_type: "project", to_stage: "won", from_stage: "sent" }),
    trigger("stage_change", { entity_type: "contact", to_stage: "new" }),
    trigger("event", { event_name: "deal_won" }),
    trigger("event", {
      event_name: "deal_won",
      event_filters: { any: [{ field: "event.amount", operator: "greater_than", value: 5 }] },
    }),
    trigger("time_based", { relative_to: "custom.built", delay_value: -2, delay_unit: "weeks" }),
    trigger("time_based", {
      relative_to: "contact.created_at",
      delay_value: 0,
      delay_unit: "days",
    }),
  ])("$trigger_type $trigger_config", (each) => {
    const { trigger_type, trigger_config, priority } = each;
    expect(bodyOf(formOf(each))).toMatchObject({ trigger_type, trigger_config, priority });
  });
});

test("properties and their values become the conditions that they mean", () => {
  const event_filters = { tag: "storm-damage", source: ["web", "phone"] };
  const form = formOf(trigger("event", { event_name: "tag_added", event_filters }));
  expect(form.event_filters).toEqual({
    all: [
      { field: "event.tag", operator: "equals", value: "storm-damage" },
      { field: "event.source", operator: "in", value: ["web", "phone"] },
    ],
  });
});

test("the contact's own dates have their whole names", () => {
  const config = { relative_to: "created_at", delay_value: 1, delay_unit: "days" };
  expect(formOf(trigger("time_based", config)).relative_to).toBe("contact.created_at");
});

test("what was left empty is not told", () => {
  const body = bodyOf({ ...NEW_TRIGGER, to_stage: " new ", priority: "" });
  expect(body.trigger_config).toEqual({ entity_type: "contact", to_stage: "new" });
  expect(body.priority).toBe(0);
});

test("errors find their fields", () => {
  expect(placeOf("trigger_config.to_stage")).toBe("to_stage");
  expect(placeOf("trigger_config.event_filters.all.0.value")).toBe("event_filters.all.0.value");
  expect(placeOf("enrollment_conditions.any.1.field")).toBe("enrollment_conditions.any.1.field");
});

test("a trigger must say what it waits for", () => {
  expect(missing(NEW_TRIGGER)).toHaveProperty("to_stage");
  expect(missing({ ...NEW_TRIGGER, to_stage: "new" })).toEqual({});
  expect(missing({ ...NEW_TRIGGER, trigger_type: "event" })).toHaveProperty("event_name");
  const date = { ...NEW_TRIGGER, trigger_type: "time_based" as const, delay_value: "" as const };
  expect(missing(date)).toHaveProperty("delay_value");
});
