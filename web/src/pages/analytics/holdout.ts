/** What holding some out of a campaign tells, in words. */

import type { Schemas } from "@/api/client";
import { counted, formatMoney, formatShare } from "@/format/format";

export type Holdout = Schemas["HoldoutReport"];
export type Side = Schemas["Treated"];

/** What the comparison comes to, in one sentence. */
export function sayLift({ difference, low, high, lift, enrolled, treated }: Holdout): string {
  if (treated.enrolled === 0)
    return "Nobody who got the campaign in this time can be compared with those who were held out.";
  if (enrolled === 0) return "Nobody was held out in this time.";
  if (difference === null || low === null || high === null) return "It cannot be compared yet.";
  if (difference === 0)
    return `Both reached the goal equally often${interval(low, high)}. ${sayChance(low, high)}`;
  const said =
    lift === null
      ? `${points(difference)} more of those who got the campaign reached the goal`
      : `Those who got the campaign reached the goal ${formatShare(Math.abs(lift))} ${lift > 0 ? "more" : "less"} often`;
  return `${said}${interval(low, high)}. ${sayChance(low, high)}`;
}

/** "12 of 96 contacts (12.5%)" */
export function saySide({ goals_achieved, enrolled, goal_rate }: Side): string {
  const share = goal_rate === null ? "" : ` (${formatShare(goal_rate)})`;
  return `${goals_achieved.toLocaleString("en-US")} of ${counted(enrolled, "contact")}${share}`;
}

/** Sides differ in size, so that money is compared by contact. */
export function moneyEach({ revenue, enrolled }: Pick<Side, "revenue" | "enrolled">): string {
  return enrolled === 0 ? "–" : formatMoney(Number(revenue) / enrolled);
}

/** Whether the difference may be none. */
function sayChance(low: number, high: number): string {
  return low <= 0 && high >= 0
    ? "As that includes no difference at all, it may be chance."
    : "That is more than chance explains.";
}

function interval(low: number, high: number): string {
  return `: a difference between ${number(low)} and ${points(high)}, with 95 % confidence`;
}

/** Shares of shares are told in points, lest they be taken for each other. */
function points(share: number): string {
  return `${number(share)} points`;
}

function number(share: number): string {
  const value = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 }).format(share * 100);
  return value.replace("-", "−");
}
