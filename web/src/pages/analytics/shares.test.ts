import { expect, test } from "vitest";
import { type CampaignShare, isBusy, lengthOfBar, sayMost, shareOf } from "./shares";

function campaign(name: string, revenue: string, more: Partial<CampaignShare> = {}): CampaignShare {
  return {
    campaign_id: name,
    name,
    status: "active",
    is_deleted: false,
    total_enrolled: 0,
    completed: 0,
    completion_rate: null,
    goals_achieved: 0,
    goal_rate: null,
    emails_sent: 0,
    sms_sent: 0,
    revenue,
    ...more,
  };
}

const hail = campaign("Hail", "7500.00");
const spring = campaign("Spring", "2500.00");
const back = campaign("Winter", "-500.00");

test("a share is of all revenue, a bar is beside the longest", () => {
  expect(shareOf(spring, "10000.00")).toBe(0.25);
  expect(lengthOfBar(spring, [hail, spring])).toBeCloseTo(1 / 3);
  expect(lengthOfBar(hail, [hail, spring])).toBe(1);
});

test("without revenue, or where some was taken back, there is no share", () => {
  expect(shareOf(back, "9500.00")).toBeNull();
  expect(shareOf(campaign("New", "0.00"), "0.00")).toBeNull();
  expect(lengthOfBar(back, [hail, back])).toBe(0);
});

test("the one that brought in most is named", () => {
  expect(sayMost([hail, spring], "10000.00")).toBe(
    "“Hail” brought in the most: $7,500.00, 75% of all.",
  );
  expect(sayMost([spring, { ...spring, name: "Gutter" }], "5000.00")).toBe(
    "“Spring” and “Gutter” brought in the most: $2,500.00 each.",
  );
  expect(sayMost([campaign("New", "0.00")], "0.00")).toBe(
    "No campaign has brought in revenue in this time.",
  );
});

test("more than all there is is no share that can be told", () => {
  expect(sayMost([hail, back], "7000.00")).toBe("“Hail” brought in the most: $7,500.00.");
});

test("what was taken back is something that happened", () => {
  expect(isBusy(campaign("New", "0.00"))).toBe(false);
  expect(isBusy(back)).toBe(true);
  expect(isBusy(campaign("New", "0.00", { sms_sent: 1 }))).toBe(true);
});
