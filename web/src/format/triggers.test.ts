import { expect, test } from "vitest";
import type { Trigger } from "@/api/types";
import { sayTrigger } from "./triggers";

const vocabulary = {
  variables: [],
  operators: [],
  fields: [],
  events: [{ name: "deal_won", label: "A deal is won" }],
};

function said(
  trigger_type: Trigger["trigger_type"],
  trigger_config: Trigger["trigger_config"],
  more: Partial<Trigger> = {},
): string {
  const none = { enrollment_conditions: null, exclusion_conditions: null };
  return sayTrigger({ trigger_type, trigger_config, ...none, ...more }, vocabulary);
}

test("a change of stage, with the stage before where it matters", () => {
  const config = { entity_type: "contact", to_stage: "new" };
  expect(said("stage_change", config)).toBe("When a contact’s stage becomes new");
  expect(said("stage_change", { ...config, entity_type: "project", from_stage: "lead" })).toBe(
    "When a project’s stage changes from lead to new",
  );
});

test("an event of the system's, of the company's own, and with filters", () => {
  expect(said("event", { event_name: "deal_won" })).toBe("When a deal is won");
  expect(said("event", { event_name: "roof_leak" })).toBe("On the event “Roof leak”");
  expect(said("event", { event_name: "deal_won", event_filters: { size: ["big", "huge"] } })).toBe(
    "When a deal is won and Size is big or huge",
  );
});

test("a date, before it and after it", () => {
  const config = { relative_to: "custom.installed_on", delay_value: 1, delay_unit: "days" };
  expect(said("time_based", config)).toBe("1 day after the date in “Installed on”");
  expect(said("time_based", { ...config, delay_value: -2 })).toBe(
    "2 days before the date in “Installed on”",
  );
  expect(said("time_based", { ...config, delay_value: 0 })).toBe("On the date in “Installed on”");
});

test("whom it is for", () => {
  const tagged = { field: "contact.tags", operator: "contains", value: "insured" };
  expect(
    said(
      "manual",
      { manual: true },
      { enrollment_conditions: [tagged], exclusion_conditions: tagged },
    ),
  ).toBe("By hand, if Tags contains insured, and not if Tags contains insured");
});
