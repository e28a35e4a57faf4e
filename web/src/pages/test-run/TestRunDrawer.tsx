import { Drawer } from "@mantine/core";
import { api } from "@/api/client";
import type { Campaign } from "@/api/types";
import { inOrder } from "@/pages/enrollments/flow";
import { Loaded } from "@/ui/Loaded";
import { TestRunDesk } from "./TestRunDesk";

interface Props {
  campaign: Campaign;
  onClose: () => void;
}

/** A contact walks through the campaign at once, and nothing of it stays. */
export function TestRunDrawer({ campaign, onClose }: Props) {
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="min(1040px, 100%)"
      title={`Test run of ${campaign.name}`}
    >
      <Desk campaign={campaign} />
    </Drawer>
  );
}

function Desk({ campaign }: { campaign: Campaign }) {
  const query = api.useQuery("get", "/api/campaigns/{campaign_id}/steps", {
    params: { path: { campaign_id: campaign.id } },
  });
  return (
    <Loaded query={query}>
      {({ steps }) => (
        <TestRunDesk campaign={campaign} steps={inOrder(steps).map(({ step }) => step)} />
      )}
    </Loaded>
  );
}
