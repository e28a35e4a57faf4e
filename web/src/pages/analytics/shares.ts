/** Which campaigns drive the revenue. */

import type { Schemas } from "@/api/client";
import { formatMoney, formatShare } from "@/format/format";

export type CampaignShare = Schemas["CampaignShare"];

/** What a campaign earned of all that was; null where nothing was, or where it gave back. */
export function shareOf({ revenue }: CampaignShare, total: string): number | null {
  const [part, whole] = [Number(revenue), Number(total)];
  return whole > 0 && part >= 0 ? part / whole : null;
}

/** How long the bar is beside the one that earned most. */
export function lengthOfBar(
  { revenue }: CampaignShare,
  campaigns: readonly CampaignShare[],
): number {
  const most = Math.max(0, ...campaigns.map((each) => Number(each.revenue)));
  return most > 0 ? Math.max(0, Number(revenue)) / most : 0;
}

/** Whether a campaign has any number but zero. */
export function isBusy(campaign: CampaignShare): boolean {
  const { total_enrolled, goals_achieved, emails_sent, sms_sent, revenue } = campaign;
  return total_enrolled + goals_achieved + emails_sent + sms_sent > 0 || Number(revenue) !== 0;
}

/** "“Hail season” brought in the most: $18,400.00, 64.2% of all." */
export function sayMost(campaigns: readonly CampaignShare[], total: string): string {
  const [first, second] = campaigns;
  if (!first || Number(first.revenue) <= 0)
    return "No campaign has brought in revenue in this time.";
  const share = shareOf(first, total);
  const of = share === null || share > 1 ? "" : `, ${formatShare(share)} of all`;
  if (second && second.revenue === first.revenue)
    return `“${first.name}” and “${second.name}” brought in the most: ${formatMoney(first.revenue)} each.`;
  return `“${first.name}” brought in the most: ${formatMoney(first.revenue)}${of}.`;
}
