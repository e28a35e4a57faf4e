import { ReactFlowProvider } from "@xyflow/react";
import { api } from "@/api/client";
import { useCampaign } from "@/pages/campaigns/CampaignFrame";
import { Loaded } from "@/ui/Loaded";
import { useTitle } from "@/ui/Page";
import { Desk } from "./Desk";

const LIVE_MS = 5_000;

/** The campaign as a flow: what happens to a contact, step by step, and how many are where. */
export function Builder() {
  const campaign = useCampaign();
  useTitle(campaign.name);
  const query = api.useQuery(
    "get",
    "/api/campaigns/{campaign_id}/steps",
    { params: { path: { campaign_id: campaign.id } } },
    { refetchInterval: campaign.status === "active" ? LIVE_MS : false },
  );
  return (
    <Loaded query={query} lines={8}>
      {({ steps }) => (
        <ReactFlowProvider key={campaign.id}>
          <Desk
            campaign={campaign}
            steps={steps}
            readAnew={async () => (await query.refetch()).data?.steps ?? steps}
          />
        </ReactFlowProvider>
      )}
    </Loaded>
  );
}
