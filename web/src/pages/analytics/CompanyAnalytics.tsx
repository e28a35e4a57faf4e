import { Box, SimpleGrid } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { api } from "@/api/client";
import { useSession } from "@/session/session";
import { Page } from "@/ui/Page";
import { Figures } from "./Figures";
import { EmailCard, SmsCard } from "./Messages";
import { RangeControl } from "./RangeControl";
import { Ranking } from "./Ranking";
import { csvOf, POLL_MS, Report } from "./Report";
import { RevenueChart } from "./RevenueChart";
import { queryOf } from "./range";
import { SeriesChart } from "./SeriesChart";
import { StatusCard } from "./StatusCard";
import { isQuiet } from "./series";

const route = getRouteApi("/inside/analytics");

/** What all campaigns together did, and which of them drive the revenue. */
export function CompanyAnalytics() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const range = queryOf(search, useSession().tenant.timezone);
  const query = api.useQuery(
    "get",
    "/api/analytics",
    { params: { query: range } },
    { placeholderData: (before) => before, refetchInterval: POLL_MS },
  );
  const csv = (table: string) => csvOf("/api/analytics", table, range);
  return (
    <Page title="Analytics" says="What all campaigns together did, and which drive the revenue.">
      <Box mb="md">
        <RangeControl
          search={search}
          onChange={(to) => navigate({ search: to, resetScroll: false })}
        />
      </Box>
      <Report
        query={query}
        isEmpty={({ analytics }) =>
          analytics.overview.total_enrolled === 0 && isQuiet(analytics.series)
        }
      >
        {({ analytics: { overview, email, sms, by_status, series, campaigns } }) => (
          <>
            <Figures overview={overview} goal="goals of all kinds" revenueOf="of all campaigns" />
            <Ranking
              campaigns={campaigns}
              total={overview.revenue}
              search={search}
              csv={csv("campaigns")}
            />
            <RevenueChart days={series} />
            <SeriesChart days={series} csv={csv("series")} />
            <SimpleGrid cols={{ base: 1, md: 3 }}>
              <EmailCard email={email} />
              <SmsCard sms={sms} />
              <StatusCard byStatus={by_status} />
            </SimpleGrid>
          </>
        )}
      </Report>
    </Page>
  );
}
