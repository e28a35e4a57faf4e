import { describe, expect, test } from "vitest";
import type { Campaign } from "@/api/types";
import { bodyOf, formOf, hourLabel, NEW_CAMPAIGN } from "./settings";

const CAMPAIGN: Campaign = {
  id: "1",
  name: "Hail",
  description: null,
  campaign_type: "event",
  status: "draft",
  paused_because: null,
  goal_type: "deals",
  goal_target: 20,
  allow_re_enrollment: true,
  re_enrollment_delay_days: 30,
  respect_business_hours: true,
  business_hours: { start: 8.5, end: 18, days: ["Mon", "Sat"], timezone: "contact" },
  enrollment_type: "manual",
  max_enrollments: null,
  holidays: ["2026-12-24"],
  on_resume: "shift",
  exit_on_reply: false,
  exit_on_stages: ["won"],
  holdout_percent: 10,
  priority: 3,
  total_enrolled: 0,
  total_completed: 0,
  total_revenue: "0.00",
  created_by: null,
  created_at: "2026-11-22T00:00:00Z",
  updated_at: "2026-11-22T00:00:00Z",
  is_deleted: false,
};

describe("settings of a campaign", () => {
  test("campaign that is opened and saved stays as it was", () => {
    const body: Record<string, unknown> = { ...bodyOf(formOf(CAMPAIGN)) };
    const before: Record<string, unknown> = { ...CAMPAIGN };
    for (const [name, value] of Object.entries(body)) expect(value, name).toEqual(before[name]);
  });

  test("emptied numbers are none", () => {
    const body = bodyOf({ ...formOf(CAMPAIGN), goal_target: "", re_enrollment_delay_days: "" });
    expect([body.goal_target, body.re_enrollment_delay_days]).toEqual([null, null]);
  });

  test("campaign that may write at any hour has no hours", () => {
    expect(bodyOf({ ...NEW_CAMPAIGN, respect_business_hours: false }).business_hours).toBeNull();
  });

  test.each([
    [0, "12:00 AM"],
    [9, "9:00 AM"],
    [12, "12:00 PM"],
    [17.5, "5:30 PM"],
    [24, "Midnight"],
  ])("hour %d is %s", (hour, label) => {
    expect(hourLabel(hour)).toBe(label);
  });
});
