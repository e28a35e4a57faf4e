/** Things that other things name by their id, as links with their names. */

import { api, problemOf } from "@/api/client";
import { nameOf } from "@/format/format";
import { AnchorLink } from "./links";

const STALE_MS = 60_000;

/** A contact by its name. */
export function ContactLink({ contactId }: { contactId: string }) {
  const { data, error } = api.useQuery(
    "get",
    "/api/contacts/{contact_id}",
    { params: { path: { contact_id: contactId } } },
    { staleTime: STALE_MS },
  );
  if (error) return <>{isGone(error) ? "A contact that was deleted" : "A contact"}</>;
  return (
    <AnchorLink to="/contacts/$contactId" params={{ contactId }} inherit>
      {data ? nameOf(data.contact) : "…"}
    </AnchorLink>
  );
}

interface CampaignProps {
  campaignId: string;
  /** Leads to it in the campaign. */
  enrollmentId?: string | null;
}

/** A campaign by its name. */
export function CampaignLink({ campaignId, enrollmentId }: CampaignProps) {
  const { data, error } = api.useQuery(
    "get",
    "/api/campaigns/{campaign_id}",
    { params: { path: { campaign_id: campaignId } } },
    { staleTime: STALE_MS },
  );
  const name = data?.campaign.name ?? "…";
  if (error) return <>{isGone(error) ? "a campaign that was deleted" : "a campaign"}</>;
  return enrollmentId ? (
    <AnchorLink
      to="/campaigns/$campaignId/enrollments/$enrollmentId"
      params={{ campaignId, enrollmentId }}
      inherit
    >
      {name}
    </AnchorLink>
  ) : (
    <AnchorLink to="/campaigns/$campaignId" params={{ campaignId }} inherit>
      {name}
    </AnchorLink>
  );
}

function isGone(error: unknown): boolean {
  return problemOf(error).status === 404;
}
