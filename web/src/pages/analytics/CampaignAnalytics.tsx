import { Box, SimpleGrid } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { api, type Schemas } from "@/api/client";
import type { Campaign, Step } from "@/api/types";
import { GOALS } from "@/format/words";
import { useCampaign } from "@/pages/campaigns/CampaignFrame";
import { useSession } from "@/session/session";
import { useTitle } from "@/ui/Page";
import { Figures } from "./Figures";
import { Funnel } from "./Funnel";
import { HoldoutCard } from "./HoldoutCard";
import { EmailCard, SmsCard } from "./Messages";
import { RangeControl } from "./RangeControl";
import { Recent } from "./Recent";
import { csvOf, POLL_MS, Report } from "./Report";
import { RevenueChart } from "./RevenueChart";
import { queryOf, type RangeQuery } from "./range";
import { SeriesChart } from "./SeriesChart";
import { StatusCard } from "./StatusCard";
import { isQuiet } from "./series";
import { Variants } from "./Variants";

type CampaignReport = Schemas["CampaignReport"];

const route = getRouteApi("/inside/campaigns/$campaignId/analytics");

/** What one campaign did, and what became of it. */
export function CampaignAnalytics() {
  const campaign = useCampaign();
  useTitle(`Analytics · ${campaign.name}`);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const range = queryOf(search, useSession().tenant.timezone);
  const query = api.useQuery(
    "get",
    "/api/campaigns/{campaign_id}/analytics",
    { params: { path: { campaign_id: campaign.id }, query: range } },
    { placeholderData: (before) => before, refetchInterval: POLL_MS },
  );
  const steps = api.useQuery("get", "/api/campaigns/{campaign_id}/steps", {
    params: { path: { campaign_id: campaign.id } },
  });
  return (
    <>
      <Box mb="md">
        <RangeControl
          search={search}
          onChange={(to) => navigate({ search: to, resetScroll: false })}
        />
      </Box>
      <Report query={query} isEmpty={({ analytics }) => isEmpty(analytics)}>
        {({ analytics }) => (
          <Shown
            campaign={campaign}
            report={analytics}
            steps={steps.data?.steps ?? []}
            range={range}
          />
        )}
      </Report>
    </>
  );
}

interface Props {
  campaign: Campaign;
  report: CampaignReport;
  steps: Step[];
  range: RangeQuery;
}

function Shown({ campaign, report, steps, range }: Props) {
  const csv = (table: string) => csvOf(`/api/campaigns/${campaign.id}/analytics`, table, range);
  return (
    <>
      <Figures
        overview={report.overview}
        goal={campaign.goal_type && GOALS[campaign.goal_type]}
        revenueOf="by deals that this campaign touched last"
      />
      <SimpleGrid cols={{ base: 1, md: 3 }}>
        <EmailCard email={report.email} />
        <SmsCard sms={report.sms} />
        <StatusCard byStatus={report.by_status} />
      </SimpleGrid>
      <SeriesChart days={report.series} csv={csv("series")} />
      <RevenueChart days={report.series} />
      <Funnel funnel={report.funnel} steps={steps} csv={csv("funnel")} />
      <Variants variants={report.variants} steps={steps} csv={csv("variants")} />
      {report.holdout && <HoldoutCard holdout={report.holdout} />}
      <Recent campaignId={campaign.id} enrollments={report.recent_enrollments} steps={steps} />
    </>
  );
}

/** Whether there is nothing to tell, of those who were enrolled nor of those from before. */
function isEmpty({ overview, holdout, series }: CampaignReport): boolean {
  return overview.total_enrolled === 0 && !holdout?.enrolled && isQuiet(series);
}
