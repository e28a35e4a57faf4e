import { Group, Text, Title } from "@mantine/core";
import { getRouteApi, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { api } from "@/api/client";
import type { Campaign } from "@/api/types";
import { Loaded } from "@/ui/Loaded";
import { PageTabs } from "@/ui/PageTabs";
import { CampaignBadge } from "@/ui/Status";
import { CampaignActions } from "./CampaignActions";

const route = getRouteApi("/inside/campaigns/$campaignId");

const TABS = [
  { to: "/campaigns/$campaignId/builder", label: "Builder" },
  { to: "/campaigns/$campaignId/enrollments", label: "Enrollments" },
  { to: "/campaigns/$campaignId/analytics", label: "Analytics" },
  { to: "/campaigns/$campaignId/settings", label: "Settings" },
] as const;

/** The campaign of the address, for the pages inside the frame. */
export function useCampaign(): Campaign {
  const { campaignId } = route.useParams();
  const { data } = api.useSuspenseQuery("get", "/api/campaigns/{campaign_id}", {
    params: { path: { campaign_id: campaignId } },
  });
  return data.campaign;
}

/** A campaign's name, status, what can be done with it, and its pages. */
export function CampaignFrame() {
  const { campaignId } = route.useParams();
  const query = api.useQuery("get", "/api/campaigns/{campaign_id}", {
    params: { path: { campaign_id: campaignId } },
  });
  return (
    <Loaded query={query}>
      {({ campaign }) => (
        <>
          <Group justify="space-between" align="flex-start" gap="sm">
            <div style={{ flex: "1 1 240px", minWidth: 0 }}>
              <Group gap="sm">
                <Title order={1} size="h2" style={{ overflowWrap: "anywhere" }}>
                  {campaign.name}
                </Title>
                <CampaignBadge status={campaign.status} />
              </Group>
              {campaign.paused_because && (
                <Text size="sm" c="orange.9">
                  {campaign.paused_because}
                </Text>
              )}
            </div>
            <CampaignActions campaign={campaign} />
          </Group>
          <CampaignTabs campaignId={campaignId} />
        </>
      )}
    </Loaded>
  );
}

function CampaignTabs({ campaignId }: { campaignId: string }) {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  return (
    <PageTabs
      tabs={TABS}
      here={TABS.find(({ to }) => pathname.startsWith(to.replace("$campaignId", campaignId)))?.to}
      onMove={(to) => navigate({ to, params: { campaignId } })}
    >
      <Outlet />
    </PageTabs>
  );
}
